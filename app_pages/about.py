"""What this is, how the figures are made, how far to believe them, the licence, how to cite."""

from __future__ import annotations

from html import escape

import streamlit as st

from app_pages.accuracy import measures, slug
from app_pages.labels import label, labels
from app_pages.notices import show_unknown
from app_pages.params import language, params
from app_pages.tables import show_rows

STEPS = ("crawl", "clean", "find", "link", "merge", "show")
LIMITS = ("phrase", "merger", "status", "conflict", "missing")
SECTIONS = ("licence", "law", "privacy", "contact")


def main() -> None:
    """Draw the page."""
    lang = language()
    show_unknown([name for name in params() if name not in ("lang", "rel")], lang)
    st.html(f'<h1 class="lede">{escape(label(lang, "app.what"))}</h1>')
    _points("method", STEPS, lang, ordered=True)
    st.header(label(lang, "about.accuracy"), anchor=False)
    st.html(f'<p class="prose">{escape(label(lang, "about.accuracy_text"))}</p>')
    _measures(lang)
    _points("limits", LIMITS, lang)
    for section in SECTIONS:
        st.header(label(lang, f"about.{section}"), anchor=False)
        st.html(f'<p class="prose">{escape(label(lang, f"about.{section}_text"))}</p>')


def _points(title: str, names: tuple[str, ...], lang: str, *, ordered: bool = False) -> None:
    st.header(label(lang, f"about.{title}"), anchor=False)
    items = "".join(f"<li>{escape(label(lang, f'about.{title}_{name}'))}</li>" for name in names)
    tag = "ol" if ordered else "ul"
    st.html(f'<{tag} class="prose">{items}</{tag}>')


def _measures(lang: str) -> None:
    table = measures()
    if table is None:
        return
    header = [label(lang, "accuracy.what"), *(_words(name, lang) for name in table.sets)]
    rows = [[_words(name, lang), *(_written(cell, lang) for cell in cells)] for name, cells in table.rows]
    show_rows(label(lang, "accuracy.caption"), header, rows)


def _written(cell: str, lang: str) -> str:
    return (cell.replace(".", ",") if lang == "vi" else cell) or "–"


def _words(name: str, lang: str) -> str:
    """Return the words for a row or a column of the table; those of the README where there are none."""
    texts = labels().get(f"accuracy.{slug(name)}")
    return texts[lang] if texts else name


main()
