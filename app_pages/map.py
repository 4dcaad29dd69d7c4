"""The map and the ranking: all provinces of one list, at one time or over the years."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from html import escape
from typing import Any

import streamlit as st

from app_pages import data
from app_pages.address import HARMONISED
from app_pages.charts import sourced, theme
from app_pages.foot import describe_view
from app_pages.forms import slot_text, unit_text
from app_pages.labels import label
from app_pages.map_chart import TILE, map_chart
from app_pages.map_details import show_beyond, show_chosen, show_files, show_table
from app_pages.map_values import (
    LATEST,
    REGIMES,
    MapRequest,
    asked_of,
    full_words,
    ranked,
    rows_of,
    told,
)
from app_pages.notices import show_unknown
from app_pages.panels import WIDTH
from app_pages.params import language, params, put, put_choice, show
from app_pages.pictures import offer_pictures
from app_pages.places import place_text
from app_pages.ranking_chart import BAR, lines_chart, ranking_chart
from app_pages.selection import (
    STATUSES,
    Selection,
    is_rank,
    one_of,
    read_selection,
    selection_text,
    show_pickers,
)
from app_pages.small_multiples import show_small_multiples, small_multiples_chart
from store.places import places

VIEWS = ("map", "lines", "small")
MOST_LINES = 6

_SLOT, _REGIME, _STATUS, _VIEW = "widget-period", "widget-reg", "widget-st", "widget-view"
_MAP, _BARS = "map-chart", "ranking-chart"
_MAP_WIDTH = 460  # pixels of a picture


def main() -> None:
    """Draw the map that the address asks for."""
    lang, asked = language(), params()
    selection = read_selection(asked, ("period", "reg", "st", "v", "p"))
    unknown = list(selection.unknown)
    status = one_of(STATUSES, "st", asked, unknown)
    view = one_of(VIEWS, "v", asked, unknown)
    chosen = one_of((None, *places()), "p", asked, unknown)
    slots = _slots(selection)
    slot = one_of(slots, "period", asked, unknown)
    regime = one_of(_regimes(selection, slot, status), "reg", asked, unknown)
    regime = regime if view == "map" else regime.removeprefix("h")  # lines are of what was reported
    if "period" not in asked:
        slot = _slot_of(selection, slots, regime, status)
    request = MapRequest(selection, regime, slot, status)
    st.title(label(lang, "page.map"), anchor=False)
    show_unknown(unknown, lang)
    show_pickers(selection, lang)
    if selection.outline is None:
        st.text(label(lang, "chart.nothing"))
        return
    _pickers(request, slots, view, lang)
    words = f"{selection_text(selection, lang)}, {_when(request, view, lang)}"
    describe_view(f"{words}, {label(lang, f'map.reg_{regime}')}", **asked_of(request, view, chosen))
    note = _note(regime, view, lang) + (f" {label(lang, 'map.click')}" if view == "map" else "")
    st.html(f'<h2 class="chart-title">{escape(words)}</h2><p class="note">{escape(note)}</p>')
    if view == "map":
        _map(request, chosen, words, lang)
    else:
        _over_time(request, view, chosen, words, lang)
    show_beyond(request, lang)
    show_files(request, lang)


def _slots(selection: Selection) -> tuple[str, ...]:
    """Return the periods to choose from: that of most values first, then the others from the newest."""
    if selection.outline is None:
        return (LATEST,)
    counts = selection.outline.slots[selection.span]
    first = max(counts, key=lambda slot: (counts[slot], slot))
    return (first, LATEST, *sorted((slot for slot in counts if slot != first), reverse=True))


def _regimes(selection: Selection, slot: str, status: str) -> tuple[str, ...]:
    """Return the lists, that first of which more provinces have a value."""
    sizes = {regime: len(rows_of(MapRequest(selection, regime, slot, status))) for regime in ("63", "34")}
    return REGIMES if sizes["63"] >= sizes["34"] else ("34", "63", HARMONISED)


def _slot_of(selection: Selection, slots: Sequence[str], regime: str, status: str) -> str:
    """Return the first period in which a province of the list has a value, the first where none has."""
    return next((slot for slot in slots if rows_of(MapRequest(selection, regime, slot, status))), slots[0])


def _pickers(request: MapRequest, slots: Sequence[str], view: str, lang: str) -> None:
    span = request.selection.span
    counts = request.selection.outline.slots[span] if request.selection.outline else {}
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium", key="map-pickers"):
        if view == "map":
            show(_SLOT, request.slot)
            st.selectbox(
                label(lang, "map.period"),
                sorted(slots, key=lambda slot: (slot == LATEST, slot), reverse=True),
                format_func=lambda slot: (
                    label(lang, "map.latest")
                    if slot == LATEST
                    else f"{slot_text(span, slot, lang)} ({counts[slot]})"
                ),
                key=_SLOT,
                width=260,
                on_change=put_choice,
                args=("period", _SLOT, None),
            )
        for key, name, options, chosen, words in (
            (_REGIME, "reg", REGIMES if view == "map" else REGIMES[:2], request.regime, "map.reg_"),
            (_STATUS, "st", STATUSES, request.status, "status."),
            (_VIEW, "v", VIEWS, view, "map.view_"),
        ):
            show(key, chosen)
            st.segmented_control(
                label(lang, f"map.{name}"),
                options,
                format_func=lambda code, words=words: label(lang, f"{words}{code}"),
                key=key,
                required=True,
                on_change=put_choice,
                args=(name, key, None),
            )


def _when(request: MapRequest, view: str, lang: str) -> str:
    if view != "map":
        return label(lang, "map.over_time")
    if request.slot == LATEST:
        return label(lang, "map.latest")
    return slot_text(request.selection.span, request.slot, lang)


def _note(regime: str, view: str, lang: str) -> str:
    if view == "lines":
        return label(lang, "map.note_lines")
    if view == "small":
        return label(lang, "map.note_small")
    return label(lang, "map.note_harmonised" if regime == HARMONISED else "map.note")


def _map(request: MapRequest, chosen: str | None, words: str, lang: str) -> None:
    found = told(request, lang)
    ordered = ranked(found, request.selection)
    form, ranks = request.selection.form, is_rank(request.selection)
    if form is None:
        return
    counts = {
        "known": len(ordered),
        "all": len(found),
        "missing": sum(one.state == "missing" for one in found),
        "incomparable": sum(one.state == "incomparable" for one in found),
    }
    show_chosen(found, ordered, request, chosen, lang)
    left, right = st.columns([5, 7], gap="large")
    shared = {"asked": asked_of(request, "map", chosen), "page": "map"}
    pictured = (full_words(words, request, lang), _note(request.regime, "map", lang))
    draw_map = partial(map_chart, found, request.list, form, lang, ranks=ranks, chosen=chosen)
    with left:
        st.altair_chart(
            sourced(draw_map(theme()), words, lang, theme()),
            on_select=_put_place,
            selection_mode=TILE,
            key=_MAP,
            alt=label(lang, "map.alt", what=words, **counts),
        )
        offer_pictures(draw_map, pictured, lang, width=_MAP_WIDTH, **shared)
        st.html(f'<p class="note">{escape(label(lang, "map.islands"))}</p>')
    with right:
        st.subheader(label(lang, "map.ranking", **counts), anchor=False)
        if ordered:
            targets = _targets(request)
            draw = partial(ranking_chart, ordered, targets, form, lang, ranks=ranks, chosen=chosen)
            st.altair_chart(
                sourced(draw(theme()), words, lang, theme()),
                on_select=_put_place,
                selection_mode=BAR,
                key=_BARS,
                alt=label(lang, "map.ranking_alt", what=words, unit=unit_text(form, lang), **counts),
            )
            offer_pictures(draw, pictured, lang, name="ranking", **shared)
        else:
            st.text(label(lang, "map.empty"))
    show_table(found, ordered, words, lang)


def _targets(request: MapRequest) -> Mapping[str, float]:
    """Return the targets of the period shown, of the places as they are reported."""
    if request.slot == LATEST or request.regime == HARMONISED or request.status == "target":
        return {}
    rows = rows_of(MapRequest(request.selection, request.regime, request.slot, "target"))
    return {row["place_id"]: row["level"] for row in rows}


def _over_time(request: MapRequest, view: str, chosen: str | None, words: str, lang: str) -> None:
    selection, form = request.selection, request.selection.form
    if form is None:
        return
    rows = [
        row
        for row in data.values(selection.indicator, form.code, selection.span, (), (request.status,))
        if places()[row["place_id"]].unit_regime == request.list and row["level"] is not None and row["day"]
    ]
    if not rows:
        st.text(label(lang, "map.empty"))
    elif view == "small":
        ranks = is_rank(selection)
        show_small_multiples(rows, request.list, form, lang, ranks=ranks)
        known = len({row["place_id"] for row in rows})
        counted = label(lang, "chart.panels", shown=known, all=request.list)
        shared = label(lang, "map.note_panels")
        told = (f"{full_words(words, request, lang)}, {unit_text(form, lang)}", shared, counted)
        draw = partial(small_multiples_chart, rows, lang, ranks=ranks)
        asked = asked_of(request, view, chosen)
        offer_pictures(draw, told, lang, page="map", asked=asked, name="provinces", width=WIDTH)
    else:
        _lines(rows, request, chosen, words, lang)


def _lines(
    rows: Sequence[Mapping[str, Any]], request: MapRequest, chosen: str | None, words: str, lang: str
) -> None:
    """Draw the lines, those of the best of the newest time and of the chosen province in colour."""
    form, ranks = request.selection.form, is_rank(request.selection)
    newest = max(row["slot"] for row in rows)
    last = [row for row in rows if row["slot"] == newest]
    best = sorted(last, key=lambda row: (row["level"] if ranks else -row["level"], row["place_id"]))
    shown = list(dict.fromkeys([*([chosen] if chosen else []), *(row["place_id"] for row in best)]))[
        :MOST_LINES
    ]
    known = {row["place_id"] for row in rows}
    coloured = [place for place in shown if place in known]
    draw = partial(lines_chart, rows, coloured, form, request.selection.span, lang, ranks=ranks)
    st.altair_chart(
        sourced(draw(theme()), words, lang, theme()),
        key="lines-chart",
        alt=label(
            lang,
            "map.lines_alt",
            what=words,
            places=len(known),
            shown=", ".join(place_text(place, lang, short=True) for place in shown),
        ),
    )
    told = (full_words(words, request, lang), _note(request.regime, "lines", lang))
    asked = asked_of(request, "lines", chosen)
    offer_pictures(draw, told, lang, page="map", asked=asked, name="lines")
    with st.expander(label(lang, "overview.coverage_table")):
        show_small_multiples(rows, request.list, form, lang, ranks=ranks, as_table=True)


def _put_place() -> None:
    """Write the province that was clicked into the address."""
    for key, name in ((_MAP, TILE), (_BARS, BAR)):
        event = st.session_state.get(key)
        picked = event["selection"].get(name) if event else None
        if picked:
            put({"p": picked[0]["place_id"]})


main()
