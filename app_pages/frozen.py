"""Frozen releases on the pages: the banner of a page that shows one, and the list of all."""

from __future__ import annotations

from html import escape
from urllib.parse import urlencode

import streamlit as st

from app_pages.data import releases_folder
from app_pages.labels import label
from app_pages.params import LANGUAGES, params, release
from app_pages.periods import day_text
from store.releases import Frozen, list_frozen


def show_banner(page: str, lang: str) -> None:
    """Say which release the page shows and lead to the newest data; nothing where it shows those."""
    asked = release()
    if not asked:
        return
    known = list_frozen(releases_folder())
    [shown] = [one for one in known if one.id == asked]
    words = label(lang, "frozen.banner", id=asked, day=day_text(shown.created, lang) or "–")
    if shown is not known[0]:
        words += " " + label(lang, "frozen.newer", id=known[0].id)
    with st.container(key="frozen", horizontal=True, vertical_alignment="center"):
        st.html(f'<p class="notice" role="status">{escape(words)}</p>')
        st.page_link(
            f"app_pages/{page}.py",
            label=label(lang, "frozen.to_newest"),
            query_params={name: values for name, values in params().items() if name != "rel"},
        )


def list_html(lang: str) -> str:
    """Return the releases with links to their files and pages as safe HTML, "" where there are none."""
    return "".join(_item_html(one, lang) for one in list_frozen(releases_folder()))


def _item_html(one: Frozen, lang: str) -> str:
    spoken = {"lang": lang} if lang != LANGUAGES[0] else {}
    query = escape(urlencode({"rel": one.id, **spoken}))
    day = escape(day_text(one.created, lang) or "–")
    links = ((f"download?{query}", "frozen.files"), (f"?{query}", "frozen.pages"))
    told = " · ".join(f'<a href="{to}" target="_self">{escape(label(lang, key))}</a>' for to, key in links)
    return f"<li><code>{escape(one.id)}</code> · {day} · {told}</li>"
