"""The codebook: the indicators by theme, each with its definition, and the columns of the files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import streamlit as st

from app_pages import data
from app_pages.codebook_entry import show_entry
from app_pages.dictionary import show_dictionary
from app_pages.evidence import plain_label
from app_pages.foot import describe_view
from app_pages.indicators import indicator_text, theme_text, themes_of
from app_pages.labels import label
from app_pages.notices import show_unknown
from app_pages.numbers import number
from app_pages.params import language, link_params, params, put, put_choice, put_filter, show
from app_pages.selection import one_of
from store.errors import StoreError
from store.indicators import indicators, themes
from store.search import fold

PAGE = "app_pages/codebook.py"
VIEWS = ("indicators", "columns")
MOST_FOUND = 60

_SEARCH, _THEME, _VIEW = "widget-q", "widget-theme", "widget-view"


def main() -> None:
    """Draw the entry that the address names, else the list or the dictionary of columns."""
    lang, asked = language(), params()
    unknown = [name for name in asked if name not in ("ind", "q", "theme", "v", "lang", "rel")]
    chosen = one_of((None, *indicators()), "ind", asked, unknown)
    view = one_of(VIEWS, "v", asked, unknown)
    counts = _counts()
    st.title(label(lang, "page.codebook"), anchor=False)
    if chosen is not None:
        show_unknown(unknown, lang)
        st.page_link(
            PAGE,
            label=label(lang, "codebook.back"),
            icon=":material/arrow_back:",
            query_params=link_params(lang, theme=themes_of(chosen)[0]),
        )
        describe_view(f"{label(lang, 'page.codebook')}: {indicator_text(chosen, lang)}")
        show_entry(chosen, counts.get(chosen), lang)
        return
    show(_VIEW, view)
    st.segmented_control(
        label(lang, "browse.view"),
        VIEWS,
        format_func=lambda one: label(lang, f"codebook.{one}"),
        key=_VIEW,
        required=True,
        label_visibility="collapsed",
        on_change=put_choice,
        args=("v", _VIEW, VIEWS[0]),
    )
    if view == "columns":
        show_unknown(unknown, lang)
        describe_view(label(lang, "codebook.columns"))
        show_dictionary(lang)
    else:
        _list(asked, unknown, counts, lang)


def _counts() -> Mapping[str, Mapping[str, Any]]:
    """Return what there is of each indicator; nothing where the database cannot be read: words need none."""
    try:
        return data.indicator_counts()
    except StoreError:
        return {}


def _list(
    asked: Mapping[str, list[str]], unknown: list[str], counts: Mapping[str, Mapping[str, Any]], lang: str
) -> None:
    query = " ".join(asked.get("q", [""])[-1].split())[:100]
    widest = [theme for theme, told in themes().items() if "parent" not in told]
    theme = one_of((_fullest(widest, counts), *widest), "theme", asked, unknown)
    show_unknown(unknown, lang)
    show(_SEARCH, query)
    st.text_input(
        label(lang, "codebook.search"),
        key=_SEARCH,
        type="search",
        placeholder=label(lang, "codebook.search_hint"),
        label_visibility="collapsed",
        on_change=put_filter,
        args=("q", _SEARCH),
    )
    if query:
        found = sorted(_search(query), key=lambda name: -counts.get(name, {}).get("figures", 0))
        text = label(lang, "codebook.found", count=number(len(found), lang))
        st.caption(plain_label(text))
        _rows(found[:MOST_FOUND], counts, lang)
        if not found:
            st.button(label(lang, "codebook.show_all"), on_click=put, args=({"q": None},))
        return
    show(_THEME, theme)
    st.pills(
        label(lang, "codebook.theme"),
        widest,
        format_func=lambda one: f"{theme_text(one, lang)} ({len(_within(one))})",
        key=_THEME,
        required=True,
        on_change=put_choice,
        args=("theme", _THEME, None),
    )
    describe_view(f"{label(lang, 'page.codebook')}: {theme_text(theme, lang)}", theme=theme)
    for own in [theme, *(other for other, told in themes().items() if told.get("parent") == theme)]:
        names = [name for name, told in indicators().items() if told["theme"] == own]
        if names:
            st.header(theme_text(own, lang), anchor=False)
            _rows(names, counts, lang)


def _fullest(widest: Sequence[str], counts: Mapping[str, Mapping[str, Any]]) -> str:
    """Return the theme of which most figures are known."""
    return max(
        widest, key=lambda theme: sum(counts.get(name, {}).get("figures", 0) for name in _within(theme))
    )


def _within(theme: str) -> list[str]:
    return [name for name in indicators() if theme in themes_of(name)]


def _search(query: str) -> Iterable[str]:
    """Return the indicators whose names, cues or definition hold all the words, whatever their diacritics."""
    words = fold(query).split()
    for name, told in indicators().items():
        cues = [cue for group in told.get("cues", ()) for cue in group]
        texts = [told.get(key, "") for key in ("name_vi", "name_en", "definition", "definition_vi")]
        text = fold(" ".join([name, *texts, *cues]))
        if all(word in text for word in words):
            yield name


def _rows(names: Sequence[str], counts: Mapping[str, Mapping[str, Any]], lang: str) -> None:
    for name in names:
        known = counts.get(name)
        facts = label(lang, "codebook.no_figures")
        if known:
            shown = {part: number(known[part], lang) for part in ("figures", "places")}
            facts = label(lang, "codebook.counts", **shown)
        with st.container(horizontal=True, key=f"entry-{name}", vertical_alignment="center", gap="small"):
            st.page_link(
                PAGE, label=plain_label(indicator_text(name, lang)), query_params=link_params(lang, ind=name)
            )
            st.caption(plain_label(facts), width="content")


main()
