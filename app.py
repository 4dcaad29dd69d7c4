"""The app: its pages, the language switch, and what people see when the data cannot be read.

streamlit run app.py -- --db data/chiso.db
"""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from app_pages.data import freshness
from app_pages.foot import describe_view, show_foot
from app_pages.frozen import show_banner
from app_pages.labels import LANGUAGES, label
from app_pages.params import language, put_choice, show
from app_pages.problems import show_problem
from app_pages.reviewing import is_reviewing
from store.errors import StoreError

# The pages by the group of the menu that they stand in; a group without a name stands open in the bar.
MENU = {
    "": ("overview", "browse", "compare", "map", "province", "codebook"),
    "menu.more": ("conflicts", *(("review",) if is_reviewing() else ()), "download", "health", "about"),
}
HIDDEN = ("figure", *(() if is_reviewing() else ("review",)))  # reached by links only
NEED_NO_FIGURES = ("codebook", "about", "health", "download")

_FOLDER = Path(__file__).resolve().parent / "app_pages"
_LANGUAGE_WIDGET = "widget-lang"


def main() -> None:
    """Draw the page that the address names."""
    lang = language()
    pages = {label(lang, key) if key else "": [_page(name, lang) for name in MENU[key]] for key in MENU}
    pages[""] += [_page(name, lang, "hidden") for name in HIDDEN]
    page = st.navigation(pages, position="top")
    st.set_page_config(
        page_title=f"{page.title} · {label(lang, 'app.name')}", page_icon=_FOLDER / "icon.svg", layout="wide"
    )
    st.html(_FOLDER / "style.css")
    side_bar = label(lang, "app.menu_filters" if page.url_path == "browse" else "app.menu")
    st.html(f'<style>:root {{ --side-bar-name: "{side_bar}" }}</style>')
    st.logo(_FOLDER / "logo.svg", size="large")
    _switch_language(lang)
    try:
        if page.url_path in NEED_NO_FIGURES or freshness()["figures"]:
            describe_view()
            show_banner(page.url_path or "overview", lang)
            page.run()
            show_foot(page.url_path or "overview", lang)
        else:
            st.info(label(lang, "problem.empty"))
    except StoreError as error:
        show_problem(error, lang)


def _page(name: str, lang: str, visibility: str = "visible") -> st.Page:
    return st.Page(
        f"app_pages/{name}.py",
        title=label(lang, f"page.{name}"),
        url_path=name,
        default=name == "overview",
        visibility=visibility,
    )


def _switch_language(lang: str) -> None:
    show(_LANGUAGE_WIDGET, lang)
    with st.container(key="language", width="content"):
        st.segmented_control(
            label(lang, "app.language"),
            LANGUAGES,
            format_func=str.upper,
            key=_LANGUAGE_WIDGET,
            required=True,
            label_visibility="collapsed",
            on_change=put_choice,
            args=("lang", _LANGUAGE_WIDGET, None),
        )


if __name__ == "__main__":
    main()
