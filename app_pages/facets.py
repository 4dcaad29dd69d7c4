"""The filters of the browse page, each option with the number of figures that it would leave."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from app_pages import data
from app_pages.address import FIRST_YEAR, LAST_YEAR, LISTS
from app_pages.conditions import value_text
from app_pages.evidence import plain_label
from app_pages.forms import unit_option
from app_pages.labels import label
from app_pages.numbers import number
from app_pages.params import put, put_filter, show
from app_pages.places import place_option
from store.queries import Filters

CONFIDENCES = (0.5, 0.7, 0.8, 0.9)

_YEARS = 6  # that a reader finds with their counts
_ONE_YEAR = "widget-year"
_PILLS = ("kind", "st")
_NAMES = {
    "p": "place",
    "ind": "indicator",
    "kind": "kind",
    "st": "status",
    "unit": "unit",
    "src": "source",
}
_UNITS = 300  # that are offered, the most frequent; any other is found under its indicator


def show_facets(filters: Filters, lang: str) -> None:
    """Draw the filters in the side bar; each writes itself to the address when it changes."""
    counts = data.facets(filters)
    with st.sidebar:
        st.subheader(label(lang, "browse.filters"), anchor=False)
        for name in ("p", "ind", "st", "kind", "unit"):
            _list_filter(name, filters, counts[LISTS[name]], lang)
        _one_year(filters, counts["years"], lang)
        with st.container(key="years", horizontal=True):
            for name, year in (("from", filters.period_from), ("to", filters.period_to)):
                year_input(name, int(year) if year else None, label(lang, f"browse.{name}"))
        show("widget-mrv", bool(filters.latest))
        st.toggle(
            label(lang, "browse.latest"),
            key="widget-mrv",
            help=label(lang, "browse.latest_help"),
            on_change=put_filter,
            args=("mrv", "widget-mrv"),
        )
        show("widget-dup", bool(filters.duplicates))
        st.toggle(
            label(lang, "browse.canon"),
            key="widget-dup",
            help=label(lang, "browse.canon_help"),
            on_change=_put_duplicates,
        )
        _list_filter("src", filters, counts[LISTS["src"]], lang)
        _confidence(filters.min_confidence, lang)


def _list_filter(name: str, filters: Filters, counts: Sequence[tuple[str, int]], lang: str) -> None:
    """Draw a filter of several values; chosen ones stay on offer even where nothing else matches them."""
    key = f"widget-{name}"
    chosen = getattr(filters, LISTS[name])
    figures = dict(counts[:_UNITS] if name == "unit" else counts)
    options = [*figures, *(value for value in chosen if value not in figures)]
    if not options:
        return

    def option(value: str) -> str:
        told = {"p": place_option, "unit": unit_option}.get(name)
        text = told(value, lang) if told else value_text(name, value, lang)
        text = f"{text} ({number(figures.get(value, 0), lang)})"
        return plain_label(text) if name in _PILLS else text

    show(key, list(chosen))
    shared = {"key": key, "format_func": option, "on_change": put_filter, "args": (name, key)}
    title = label(lang, f"browse.{_NAMES[name]}")
    if name in _PILLS:
        st.pills(title, options, selection_mode="multi", **shared)
    else:
        hint = label(lang, f"browse.{_NAMES[name]}_hint")
        st.multiselect(title, options, placeholder=hint, filter_mode="contains", select_all=False, **shared)


def _one_year(filters: Filters, counts: Sequence[tuple[str, int]], lang: str) -> None:
    """Draw the years with most figures, each of which can be chosen alone; two ends are chosen below."""
    figures = dict(sorted(sorted(counts, key=lambda pair: -pair[1])[:_YEARS], reverse=True))
    chosen = filters.period_from if filters.period_from == filters.period_to else None
    options = [*figures, *([chosen] if chosen and chosen not in figures else [])]
    if not options:
        return
    show(_ONE_YEAR, chosen)
    st.pills(
        label(lang, "browse.year"),
        options,
        format_func=lambda year: f"{year} ({number(figures.get(year, 0), lang)})",
        key=_ONE_YEAR,
        on_change=_put_year,
    )


def _put_year() -> None:
    year = st.session_state[_ONE_YEAR]
    put({"from": year, "to": year, "pg": None})


def _put_duplicates() -> None:
    put({"dup": "canon" if st.session_state["widget-dup"] else None, "pg": None})


def year_input(name: str, year: int | None, words: str) -> None:
    """Ask for the year of a parameter of the address."""
    key = f"widget-{name}"
    show(key, year)
    st.number_input(
        words,
        min_value=FIRST_YEAR,
        max_value=LAST_YEAR,
        step=1,
        key=key,
        width=110,
        on_change=put_filter,
        args=(name, key),
    )


def _confidence(least: float | None, lang: str) -> None:
    key = "widget-minc"
    options = sorted({*CONFIDENCES, *([least] if least else [])})
    show(key, least)
    st.selectbox(
        label(lang, "browse.confidence"),
        options,
        index=None,
        placeholder=label(lang, "browse.any"),
        format_func=lambda value: f"≥ {number(value, lang)}",
        key=key,
        on_change=put_filter,
        args=("minc", key),
    )
