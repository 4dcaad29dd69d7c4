"""The menu at the top of every page: its links keep the language and the release of the page they stand on.

Streamlit's own menu forgets both, and says "3 more" in English where it has no room for all.
"""

from __future__ import annotations

from html import escape

import streamlit as st

from app_pages.labels import label
from app_pages.params import link_params
from app_pages.reviewing import is_reviewing

OPEN = ("overview", "browse", "compare", "map", "province", "codebook")  # in the bar where there is room
CONTENT = "content"  # where the page begins, below the menu


def listed() -> tuple[str, ...]:
    """Return the pages of the list behind the button: all of the menu."""
    return (*OPEN, "conflicts", *(("review",) if is_reviewing() else ()), "download", "health", "about")


def show_menu(page: str, lang: str) -> None:
    """Draw the way past the menu, and the menu; `page` is the page that it stands on."""
    with st.container(key="menu", horizontal=True, vertical_alignment="center", gap="small"):
        st.html(f'<a class="past-menu" href="#{CONTENT}">{escape(label(lang, "menu.past"))}</a>')
        for name in OPEN:
            _link(name, lang)
        # Another page, another button: the list of the last page does not stay open over the next.
        with (
            st.popover(label(lang, "menu.more"), type="tertiary", key=f"pages-{page}"),
            st.container(key="all-pages", gap=None),
        ):
            for name in listed():
                _link(name, lang)


def begin_content() -> None:
    """Mark where the page begins, for those who go past the menu."""
    st.html(f'<div id="{CONTENT}" tabindex="-1"></div>')


def _link(name: str, lang: str) -> None:
    st.page_link(f"app_pages/{name}.py", label=label(lang, f"page.{name}"), query_params=link_params(lang))
