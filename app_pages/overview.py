"""The front page: what this is, how much there is, where and how new."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from functools import partial
from html import escape
from typing import Any

import pandas as pd
import streamlit as st

from app_pages import data
from app_pages.charts import sourced, theme
from app_pages.coverage import CELL, coverage_chart, coverage_frame, most_reported
from app_pages.figure_list import show_figures
from app_pages.labels import label
from app_pages.numbers import number
from app_pages.params import language, link_params
from app_pages.periods import day_text
from app_pages.pictures import offer_pictures
from app_pages.places import place_text
from extract.place.provinces import COUNTRY_ID

BROWSE_PAGE = "app_pages/browse.py"
NEWEST = 10
OF_ONE_ARTICLE = 3  # of them, so that one long report does not fill the page
OLD_EXAMPLE, NEW_EXAMPLE = "VN63-51", "VN34-51"

Row = Mapping[str, Any]

_SEARCH_WIDGET = "widget-search"
_WAITING = 600  # pixels, while the coverage is worked out


def main() -> None:
    """Draw the front page."""
    lang = language()
    facts = data.freshness()
    places = len(data.place_counts().keys() - {COUNTRY_ID})
    st.html(f'<h1 class="lede">{escape(label(lang, "app.what"))}</h1>')
    st.html(_metrics_html(facts, places, lang))
    _search(lang)
    newest, where = st.columns([5, 7], gap="large")
    with newest:
        st.header(label(lang, "overview.latest"), anchor=False)
        show_figures(_newest(), lang, key="newest")
        with st.container(key="more"):
            st.page_link(BROWSE_PAGE, label=label(lang, "overview.all"), query_params=link_params(lang))
    with where:
        st.header(label(lang, "overview.coverage"), anchor=False)
        with st.skeleton(height=_WAITING):  # a second on a million figures
            _coverage(coverage_frame(data.coverage(), lang), lang)
        _merger(lang)


def _newest() -> list[Row]:
    """Return the newest figures, the first few of each article."""
    taken: Counter[str] = Counter()
    newest = []
    for figure in data.newest_figures(10 * NEWEST):
        taken[figure["article_id"]] += 1
        if taken[figure["article_id"]] <= OF_ONE_ARTICLE:
            newest.append(figure)
    return newest[:NEWEST]


def _metrics_html(facts: Row, places: int, lang: str) -> str:
    rows = [
        ("articles", number(facts["articles"], lang)),
        ("figures", number(facts["figures"], lang)),
        ("places", number(places, lang)),
        ("newest", day_text(facts["newest_published"], lang) or "–"),
    ]
    items = "".join(
        f"<div><dt>{escape(label(lang, f'overview.{key}'))}</dt><dd>{escape(value)}</dd></div>"
        for key, value in rows
    )
    return f'<dl class="metrics">{items}</dl>'


def _search(lang: str) -> None:
    with st.form("search", border=False):
        words, find = st.columns([6, 1], vertical_alignment="bottom")
        words.text_input(
            label(lang, "overview.search"),
            key=_SEARCH_WIDGET,
            placeholder=label(lang, "overview.search_hint"),
            type="search",
        )
        asked = find.form_submit_button(label(lang, "overview.find"), type="primary", width="stretch")
    if asked:
        st.switch_page(
            BROWSE_PAGE, query_params=link_params(lang, q=st.session_state[_SEARCH_WIDGET].strip())
        )


def _coverage(frame: pd.DataFrame, lang: str) -> None:
    if frame.empty:
        st.text(label(lang, "overview.coverage_empty"))
        return
    note = label(lang, "overview.coverage_note")
    st.html(f'<p class="note">{escape(note)} {escape(label(lang, "overview.coverage_click"))}</p>')
    shown = most_reported(frame)
    counts = {
        "places": shown["place_id"].nunique(),
        "indicators": shown["indicator_id"].nunique(),
        "filled": len(shown),
    }
    words = label(lang, "overview.coverage")
    draw = partial(coverage_chart, shown, lang)
    event = st.altair_chart(
        sourced(draw(theme()), words, lang, theme()),
        on_select="rerun",
        selection_mode=CELL,
        key="coverage",
        alt=label(lang, "overview.coverage_alt", **counts),
    )
    offer_pictures(draw, (words, note), lang, page="overview", asked={}, name="coverage")
    chosen = event["selection"].get(CELL)
    if chosen:
        cell = chosen[0]
        st.switch_page(
            BROWSE_PAGE, query_params=link_params(lang, p=cell["place_id"], ind=cell["indicator_id"])
        )
    total = frame["indicator_id"].nunique()
    if total > counts["indicators"]:
        st.caption(label(lang, "overview.coverage_more", shown=counts["indicators"], total=total))
    with st.expander(label(lang, "overview.coverage_table")):
        columns = ("place", "indicator", "figures", "newest")
        st.dataframe(
            frame[list(columns)],
            hide_index=True,
            column_config={name: label(lang, f"field.{name}") for name in columns},
            alt=label(lang, "overview.coverage_table"),
        )


def _merger(lang: str) -> None:
    names = {"old": place_text(OLD_EXAMPLE, lang), "new": place_text(NEW_EXAMPLE, lang)}
    title, body = label(lang, "overview.merger_title"), label(lang, "overview.merger", **names)
    st.html(f'<aside class="merger"><h3>{escape(title)}</h3><p>{escape(body)}</p></aside>')


main()
