"""One small line for each province, all on the same axes, or the same content as a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from itertools import groupby
from operator import itemgetter
from typing import Any

import altair as alt
import streamlit as st

from app_pages.compare_chart import full_value, when_text
from app_pages.forms import slot_text
from app_pages.labels import label
from app_pages.panels import Panel, panels_chart
from app_pages.places import place_text
from app_pages.sparkline import sparkline
from app_pages.tables import show_rows
from store.forms import Form
from store.places import places

Row = Mapping[str, Any]


def show_small_multiples(
    rows: Sequence[Row], regime: str, form: Form, lang: str, *, ranks: bool, as_table: bool = False
) -> None:
    """Draw the values of every province of a list; rows are those of store/series.py, by place and time."""
    by_place = {place: list(found) for place, found in groupby(rows, key=itemgetter("place_id"))}
    listed = [place.id for place in places().values() if place.unit_regime == regime]
    if as_table:
        _table(by_place, listed, form, lang)
        return
    days, levels = _ends(rows)
    cards = []
    for place in listed:
        found = by_place.get(place, [])
        name = place_text(place, lang, short=True)
        said = ", ".join(f"{when_text(row, lang)}: {full_value(row, form, lang)}" for row in found)
        drawn = sparkline(
            found, f"{name}: {said}", ranks=ranks, days=days, levels=levels, width=150, height=48
        )
        newest = f"{full_value(found[-1], form, lang)}, {when_text(found[-1], lang)}" if found else ""
        none = f'<span class="hatched">{escape(label(lang, "overview.no_data"))}</span>'
        cards.append(f"<li><b>{escape(name)}</b>{drawn or none}<span>{escape(newest)}</span></li>")
    st.html(f'<ul class="small-multiples">{"".join(cards)}</ul>')


def small_multiples_chart(rows: Sequence[Row], lang: str, theme: str, *, ranks: bool) -> alt.ConcatChart:
    """Return the same as one chart: a panel for each province that has a value."""
    found = groupby(rows, key=itemgetter("place_id"))
    by_place = {place: Panel(place_text(place, lang, short=True), list(some), ranks) for place, some in found}
    days, levels = _ends(rows)
    shown = [by_place[place] for place in places() if place in by_place]
    return panels_chart(shown, lang, theme, days=days, levels=levels)


def _ends(rows: Sequence[Row]) -> tuple[tuple[str, str], tuple[float, float]]:
    """Return the ends of the axes that all provinces share."""
    days, levels = [row["day"] for row in rows], [float(row["level"]) for row in rows]
    return (min(days), max(days)), (min(levels), max(levels))


def _table(by_place: Mapping[str, list[Row]], listed: Sequence[str], form: Form, lang: str) -> None:
    slots = sorted({(row["span"], row["slot"]) for found in by_place.values() for row in found}, reverse=True)
    header = [label(lang, "field.place"), *(slot_text(span, slot, lang) for span, slot in slots)]
    body = []
    for place in listed:
        cells = {(row["span"], row["slot"]): full_value(row, form, lang) for row in by_place.get(place, [])}
        body.append([place_text(place, lang, short=True), *(cells.get(slot, "–") for slot in slots)])
    show_rows(label(lang, "map.over_time"), header, body)
