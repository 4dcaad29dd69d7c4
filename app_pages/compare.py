"""The comparison: two to six provinces over time, as lines, as a table with differences, as sentences."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import partial
from html import escape
from typing import Any

import streamlit as st

from app_pages import data
from app_pages.address import HARMONISED, REGIMES, year_of
from app_pages.charts import sourced, theme
from app_pages.compare_chart import compare_chart, full_value, points_frame, when_text
from app_pages.compare_table import show_values
from app_pages.downloads import show_downloads
from app_pages.facets import year_input
from app_pages.figure_list import show_evidence
from app_pages.foot import describe_view
from app_pages.forms import unit_text
from app_pages.labels import label
from app_pages.notices import show_unknown
from app_pages.params import language, link_params, params, put_choice, put_filter, show
from app_pages.pictures import offer_pictures
from app_pages.places import place_option, place_text
from app_pages.selection import (
    STATUSES,
    Selection,
    is_rank,
    one_of,
    read_selection,
    selection_text,
    show_pickers,
)
from store.filters import Filters
from store.places import parts_of, places, unit_of_34

MOST_PLACES = 6
FIRST_PLACES = 3  # drawn where the address names none
BOTH = "both"
BROWSE_PAGE, MAP_PAGE = "app_pages/browse.py", "app_pages/map.py"

_PLACES, _STATUS, _REGIME = "widget-p", "widget-st", "widget-reg"
_OPTIONS = {BOTH: "chart.both", "asis": "compare.reg_asis", HARMONISED: "map.reg_h34"}

Row = Mapping[str, Any]


def main() -> None:
    """Draw the comparison that the address asks for."""
    lang, asked = language(), params()
    selection = read_selection(asked, ("p", "st", "from", "to", "reg"))
    unknown = list(selection.unknown)
    given = list(dict.fromkeys(asked.get("p", ())))
    unknown += [f"p={place}" for place in given if place not in places()]
    chosen = [place for place in given if place in places()][:MOST_PLACES]
    status = one_of((BOTH, *STATUSES), "st", asked, unknown)
    regime = one_of(REGIMES, "reg", asked, unknown)
    years = {name: year_of(name, asked, unknown) for name in ("from", "to")}
    st.title(label(lang, "page.compare"), anchor=False)
    show_unknown(unknown, lang)
    show_pickers(selection, lang)
    picked = _of_regime(chosen, regime)
    chosen = picked if picked or not selection.outline else _of_regime(_first_places(selection), regime)
    _place_picker(picked, regime, selection, lang)
    _pickers(status, regime, years, lang)
    if selection.outline is None or selection.form is None:
        st.text(label(lang, "chart.nothing"))
        return
    statuses = STATUSES if status == BOTH else (status,)
    told = data.harmonised_lines if regime == HARMONISED else data.values
    found = told(selection.indicator, selection.form.code, selection.span, tuple(chosen), statuses)
    rows = [row for row in found if _within(row, years)] if chosen else []
    rows.sort(key=lambda row: chosen.index(row["place_id"]))
    names = ", ".join(place_text(place, lang, short=True) for place in chosen)
    words = f"{selection_text(selection, lang)}: {names}"
    describe_view(
        f"{words}, {label(lang, 'map.reg_h34')}" if regime == HARMONISED else words,
        ind=selection.indicator,
        form=selection.form.code,
        per=selection.span,
        p=chosen,
    )
    _draw(selection, chosen, rows, regime, lang)
    _beyond(selection, chosen, lang)
    _files(selection, chosen, status, years, regime, lang)


def _files(
    selection: Selection,
    chosen: Sequence[str],
    status: str,
    years: Mapping[str, int | None],
    regime: str,
    lang: str,
) -> None:
    """Offer the figures of what is compared, all forms of them; harmonised ones where these are shown."""
    ends = {f"period_{name}": None if year is None else str(year) for name, year in years.items()}
    filters = Filters(
        places=tuple(chosen),
        indicators=(selection.indicator,),
        statuses=() if status == BOTH else (status,),
        **ends,
    )
    show_downloads(filters, data.count_figures(filters), lang, regime=regime)


def _first_places(selection: Selection) -> list[str]:
    """Return the places with most values of what is shown, in the order of the lists."""
    rows = data.values(selection.indicator, selection.form.code, selection.span, (), STATUSES)
    counted = Counter(row["place_id"] for row in rows if row["level"] is not None)
    most = {
        place for place, _ in sorted(counted.items(), key=lambda pair: (-pair[1], pair[0]))[:FIRST_PLACES]
    }
    return [place for place in places() if place in most]


def _of_regime(named: Sequence[str], regime: str) -> list[str]:
    """Return the places, or the units of the 34 that they belong to."""
    if regime != HARMONISED:
        return list(named)
    return list(dict.fromkeys(unit for place in named if (unit := unit_of_34(place))))


def _place_picker(picked: list[str], regime: str, selection: Selection, lang: str) -> None:
    counts = Counter(selection.outline.places if selection.outline else {})
    listed = list(places())
    if regime == HARMONISED:
        listed = [place for place in listed if unit_of_34(place) == place]
        counts = Counter({one: counts[one] + sum(counts[part] for part in parts_of(one)) for one in listed})
    show(_PLACES, picked)
    st.multiselect(
        label(lang, "compare.places", most=MOST_PLACES),
        sorted(listed, key=lambda place: counts[place] == 0),
        format_func=lambda place: f"{place_option(place, lang)} ({counts[place]})",
        max_selections=MOST_PLACES,
        filter_mode="contains",  # else "nghe an" finds Tuyên Quang, too: its letters are there in this order
        select_all=False,  # else Enter takes all that were found
        placeholder=label(lang, "browse.place_hint"),
        key=_PLACES,
        on_change=put_filter,
        args=("p", _PLACES),
    )
    if not picked:
        st.caption(label(lang, "compare.first"))


def _pickers(status: str, regime: str, years: Mapping[str, int | None], lang: str) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium", key="years"):
        for key, name, title, options, chosen in (
            (_STATUS, "st", "browse.status", (BOTH, *STATUSES), status),
            (_REGIME, "reg", "compare.reg", REGIMES, regime),
        ):
            show(key, chosen)
            st.segmented_control(
                label(lang, title),
                options,
                format_func=lambda code: label(lang, _OPTIONS.get(code, f"status.{code}")),
                key=key,
                required=True,
                on_change=put_choice,
                args=(name, key, options[0]),
            )
        with st.container(horizontal=True, width="content", key="year-ends"):
            for name, year in years.items():
                year_input(name, year, label(lang, f"compare.{name}"))


def _draw(selection: Selection, chosen: Sequence[str], rows: Sequence[Row], regime: str, lang: str) -> None:
    form = selection.form
    said = data.evidence(tuple(sorted({one for row in rows for one in _figures(row)})))
    frame = points_frame(rows, said, form, lang)
    if frame.empty:
        st.text(label(lang, "compare.empty"))
        if rows:  # of which none can be compared, each with its reason
            show_values(rows, chosen, form, lang)
        return
    names = list(dict.fromkeys(frame["place"]))
    heading = escape(selection_text(selection, lang))
    how = label(lang, "compare.how")
    if regime == HARMONISED:
        how += " " + label(lang, "compare.how_harmonised")
    st.html(f'<h2 class="chart-title">{heading}</h2><p class="note">{escape(how)}</p>')
    draw = partial(compare_chart, frame, form, selection.span, lang, ranked=is_rank(selection))
    words = f"{selection_text(selection, lang)}: {', '.join(names)}"
    st.altair_chart(
        sourced(draw(theme()), words, lang, theme()),
        alt=label(
            lang,
            "compare.alt",
            what=selection_text(selection, lang),
            places=", ".join(names),
            unit=unit_text(form, lang),
            points=len(frame),
        ),
        key="compare-chart",
    )
    given = {name: some for name, some in params().items() if name in ("st", "from", "to")}
    asked = {"ind": selection.indicator, "form": form.code, "per": selection.span, "p": chosen, "reg": regime}
    asked |= given
    offer_pictures(draw, (words, how), lang, page="compare", asked=asked)
    absent = [place_text(place, lang, short=True) for place in chosen if not _known(rows, place)]
    if absent:
        st.html(f'<p class="note">{escape(label(lang, "compare.absent", places=", ".join(absent)))}</p>')
    show_values(rows, chosen, form, lang)
    _sentences(rows, said, form, lang)


def _sentences(rows: Sequence[Row], said: Mapping[str, Row], form: Any, lang: str) -> None:
    """Show the sentence behind every value, newest first."""
    with st.expander(label(lang, "compare.sentences", count=len(rows))):
        newest_first = sorted(rows, key=lambda row: (row["day"] or "", row["id"]), reverse=True)
        for row in newest_first[:40]:
            facts = [place_text(row["place_id"], lang), when_text(row, lang)]
            parts = _figures(row)
            for one in parts:
                whole = len(parts) == 1 and row["value"] is not None
                value = full_value(row, form, lang) if whole else said[one]["surface"]
                show_evidence(one, value, row["status"], facts, said, lang)


def _figures(row: Row) -> Sequence[str]:
    """Return the figures behind a value: one, or those of the parts that it was put together from."""
    return row["figure_ids"] if "figure_ids" in row else (row["figure_id"],)


def _beyond(selection: Selection, chosen: Sequence[str], lang: str) -> None:
    """Link to where the same is shown in other ways, and from an old province to the new one."""
    successors = {unit_of_34(place) for place in chosen} - {None, *chosen}
    with st.container(key="beyond", horizontal=True, gap="medium"):
        st.page_link(
            MAP_PAGE,
            label=label(lang, "chart.on_map"),
            query_params=link_params(lang, ind=selection.indicator, form=selection.form.code),
            icon=":material/grid_view:",
        )
        st.page_link(
            BROWSE_PAGE,
            label=label(lang, "chart.all_figures"),
            query_params=link_params(lang, ind=selection.indicator, p=chosen),
            icon=":material/list:",
        )
        if successors and len(chosen) + len(successors) <= MOST_PLACES:
            st.page_link(
                "app_pages/compare.py",
                label=label(lang, "compare.add_new"),
                query_params=link_params(
                    lang,
                    ind=selection.indicator,
                    form=selection.form.code,
                    per=selection.span,
                    p=[*chosen, *sorted(successors)],
                ),
                icon=":material/add:",
            )


def _known(rows: Sequence[Row], place: str) -> bool:
    return any(row["place_id"] == place and (row["level"] is not None or row.get("reason")) for row in rows)


def _within(row: Row, years: Mapping[str, int | None]) -> bool:
    year = int((row["day"] or "0")[:4] or 0)
    first, last = years["from"], years["to"]
    return (first is None or year >= first) and (last is None or year <= last)


main()
