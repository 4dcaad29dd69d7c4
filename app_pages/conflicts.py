"""Where articles disagree: the values side by side, each with its sentence, and the rule that chose."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from html import escape
from itertools import islice
from typing import Any

import streamlit as st

from app_pages import data
from app_pages.address import LISTS, Request, read_request
from app_pages.conditions import conditions, value_text
from app_pages.figure_list import show_report
from app_pages.foot import describe_view
from app_pages.indicators import indicator_option, indicator_text
from app_pages.labels import label, named
from app_pages.notices import show_unknown
from app_pages.numbers import number
from app_pages.numbers import value_text as amount_text
from app_pages.params import language, link_params, params, put_choice, put_filter, show
from app_pages.periods import day_text, period_text
from app_pages.places import place_option, place_text
from app_pages.selection import one_of
from store.conflicts import DISAGREEMENTS, Disagreement

FIGURE_PAGE = "app_pages/figure.py"
ON_A_PAGE = 10
SIDE_BY_SIDE = 3

_PAGER, _WHICH = "widget-page", "widget-which"

Row = Mapping[str, Any]


def main() -> None:
    """Draw the disagreements that the address asks for."""
    lang, asked = language(), params()
    unknown: list[str] = []
    which = one_of(DISAGREEMENTS, "which", asked, unknown)
    request = read_request(asked, data.check_filters, own=("which",))
    st.title(label(lang, "page.conflicts"), anchor=False)
    note = label(lang, "conflicts.note_agreed" if which == "agreed" else "conflicts.note")
    st.html(f'<p class="note">{escape(note)}</p>')
    show_unknown([*unknown, *request.unknown], lang)
    _choices(request, which, lang)
    words = [condition.text for condition in conditions(request.filters, lang)]
    describe_view(", ".join([label(lang, "page.conflicts"), label(lang, f"conflicts.{which}"), *words]))
    total = data.count_conflicts(request.filters, which)
    if total:
        _page(request, which, total, lang)
    else:
        st.text(label(lang, "conflicts.none" if words else f"conflicts.no_{which}"))


def _choices(request: Request, which: Disagreement, lang: str) -> None:
    show(_WHICH, which)
    st.segmented_control(
        label(lang, "conflicts.which"),
        DISAGREEMENTS,
        format_func=lambda one: label(lang, f"conflicts.{one}"),
        key=_WHICH,
        required=True,
        label_visibility="collapsed",
        on_change=put_choice,
        args=("which", _WHICH, DISAGREEMENTS[0]),
    )
    counts = data.conflict_counts(which)
    for name, column in zip(("p", "ind"), st.columns(2), strict=True):
        found = counts[LISTS[name]]
        chosen = list(getattr(request.filters, LISTS[name]))
        options = [*(value for value, _ in found.most_common()), *(v for v in chosen if v not in found)]
        show(f"widget-{name}", chosen)
        column.multiselect(
            label(lang, "browse.place" if name == "p" else "browse.indicator"),
            options,
            format_func=lambda value, name=name, found=found: (
                f"{_option(name, value, lang)} ({number(found[value], lang)})"
            ),
            key=f"widget-{name}",
            filter_mode="contains",
            select_all=False,
            placeholder=label(lang, "browse.place_hint" if name == "p" else "browse.indicator_hint"),
            on_change=put_filter,
            args=(name, f"widget-{name}"),
        )


def _option(name: str, value: str, lang: str) -> str:
    if name == "p":
        return place_option(value, lang)
    return indicator_option(value, lang) if name == "ind" else value_text(name, value, lang)


def _page(request: Request, which: Disagreement, total: int, lang: str) -> None:
    pages = -(-total // ON_A_PAGE)
    page = min(request.page, pages)
    offset = (page - 1) * ON_A_PAGE
    found = data.list_conflicts(request.filters, ON_A_PAGE, offset, which=which)
    counts = {"total": total, "first": offset + 1, "last": offset + len(found)}
    told = label(lang, "conflicts.result", **{name: number(one, lang) for name, one in counts.items()})
    with st.container(key="results"):
        st.html(f'<p class="total" role="status">{escape(told)}</p>')
    reports = tuple(report["id"] for row in found for report in row["reports"])
    headings = data.cell_headings(reports)
    for row in found:
        _disagreement(row, headings, lang)
    if pages > 1:
        show(_PAGER, page)
        with st.container(horizontal_alignment="center"):
            st.pagination(pages, key=_PAGER, on_change=put_choice, args=("pg", _PAGER, 1))


def _disagreement(row: Row, headings: Mapping[str, str], lang: str) -> None:
    with st.container(key=f"conflict-{row['id']}"):
        st.html(_head_html(row, lang))
        for place, some in enumerate(_rows(row["reports"])):
            columns = st.columns(min(SIDE_BY_SIDE, max(2, len(row["reports"]))), gap="medium")
            for column, report in zip(columns, some, strict=False):
                with column:
                    key, heading = f"{row['id']}-{place}", headings.get(report["id"])
                    show_report(report, report["part"], lang, key=key, heading=heading)
        more = row["figures"] - len(row["reports"])
        if more > 0:
            st.page_link(
                FIGURE_PAGE,
                label=label(lang, "conflicts.more", count=number(more, lang)),
                query_params=link_params(lang, id=row["figure_id"]),
            )


def _rows(reports: Sequence[Row]) -> Iterator[list[Row]]:
    left = iter(reports)
    while some := list(islice(left, SIDE_BY_SIDE)):
        yield some


def _head_html(row: Row, lang: str) -> str:
    when = (
        label(lang, "chart.as_of", day=day_text(row["as_of"], lang))
        if row["as_of"]
        else period_text(row["period"], lang)
    )
    facts = [place_text(row["place_id"], lang), row["locality"], when, named(lang, "status", row["status"])]
    counts = {name: number(row[name], lang) for name in ("figures", "sources")}
    reported = label(lang, "figure.reported_by", **counts)
    rule = label(lang, f"chosen_by.{row['chosen_by']}", value=amount_text(row, lang))
    name = indicator_text(row["indicator_id"], lang) if row["indicator_id"] else row["indicator"]
    dot = ' <span aria-hidden="true">·</span> '
    return (
        f'<header class="disagreement"><h2>{escape(name)}</h2>'
        f'<p class="facts">{dot.join(escape(fact) for fact in facts if fact)}</p>'
        f"<p>{escape(rule)} {escape(reported)}.</p></header>"
    )


main()
