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
from app_pages.menu import begin_content, listed, show_menu
from app_pages.params import keep_address, language, put_choice, show
from app_pages.problems import show_problem
from store.errors import StoreError

UNLISTED = ("figure", "review")  # reached by links; reviewing is in the menu where it is on
NEED_NO_FIGURES = ("codebook", "about", "health", "download")

_FOLDER = Path(__file__).resolve().parent / "app_pages"
_LANGUAGE_WIDGET = "widget-lang"


def main() -> None:
    """Draw the page that the address names."""
    lang = language()
    names = dict.fromkeys((*listed(), *UNLISTED))
    page = st.navigation([_page(name, lang) for name in names], position="hidden")
    keep_address(page.url_path)
    st.set_page_config(
        page_title=f"{page.title} · {label(lang, 'app.name')}", page_icon=_FOLDER / "icon.svg", layout="wide"
    )
    st.html(_FOLDER / "style.css")
    told = {"side-bar": "browse.filters", "menu": "app.menu", "skip": "app.skip"}
    words = " ".join(f'--{name}-name: "{label(lang, key)}";' for name, key in told.items())
    st.html(f"<style>:root {{ {words} }}</style>")
    st.logo(_FOLDER / "logo.svg", size="large")
    show_menu(page.url_path or "overview", lang)
    _switch_language(lang)
    begin_content()
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


def _page(name: str, lang: str) -> st.Page:
    return st.Page(
        f"app_pages/{name}.py",
        title=label(lang, f"page.{name}"),
        url_path=name,
        default=name == "overview",
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
