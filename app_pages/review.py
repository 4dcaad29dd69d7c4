"""The reviewer's desk: one doubtful figure after the other, to be confirmed, rejected or corrected."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

import streamlit as st

from app_pages import data
from app_pages.address import Request, read_request
from app_pages.conditions import conditions
from app_pages.figure_fields import field_rows
from app_pages.figure_parts import show_evidence_of, show_flags, show_head, show_list, show_origin
from app_pages.foot import describe_view
from app_pages.labels import label
from app_pages.notices import show_notice, show_unknown
from app_pages.numbers import number
from app_pages.params import language, params, put, put_choice, show
from app_pages.review_form import show_form
from app_pages.review_past import past_reviews, show_past
from app_pages.reviewing import is_reviewing, review_told, take_back
from app_pages.selection import one_of
from store.review_queue import REASONS, Reason

_WHY = "widget-why"


def main() -> None:
    """Draw the figure that the address names, else the one whose turn it is."""
    lang, asked = language(), params()
    st.title(label(lang, "page.review"), anchor=False)
    if not is_reviewing():
        st.text(label(lang, "review.off"))
        return
    unknown: list[str] = []
    why = one_of(REASONS, "why", asked, unknown)
    request = read_request(asked, data.check_filters, own=("why", "id"))
    show_unknown([*unknown, *request.unknown], lang)
    describe_view()
    _outcome(lang)
    figure_id = asked.get("id", [""])[-1]
    if figure_id:
        _chosen(figure_id, lang)
    else:
        _queue(request, why, lang)


def _outcome(lang: str) -> None:
    """Say what came of the last decision, and offer to take it back."""
    text, bad, written = review_told()
    if not text:
        return
    with st.container(key="review-outcome", horizontal=True, vertical_alignment="center"):
        if bad:
            show_notice(text)
        else:
            st.html(f'<p class="done" role="status">{escape(text)}</p>')
        if written and written.review.action != "undo":
            st.button(
                label(lang, "review.undo", id=written.review.id),
                key="review-undo",
                icon=":material/undo:",
                on_click=take_back,
                args=(written.review.id,),
            )


def _queue(request: Request, why: Reason, lang: str) -> None:
    counts = {one: data.count_waiting(request.filters, one) for one in REASONS}
    with st.container(horizontal=True, key="results", vertical_alignment="center", gap="small"):
        show(_WHY, why)
        st.segmented_control(
            label(lang, "review.why"),
            REASONS,
            format_func=lambda one: f"{label(lang, f'review.why_{one}')} ({number(counts[one], lang)})",
            key=_WHY,
            required=True,
            label_visibility="collapsed",
            on_change=_put_why,
        )
    words = [condition.text for condition in conditions(request.filters, lang)]
    if words:
        st.caption(label(lang, "review.filtered", filters=", ".join(words)))
    total = counts[why]
    if not total:
        st.text(label(lang, "review.none"))
        return
    place = min(request.page, total)
    [figure] = data.list_waiting(request.filters, why, 1, place - 1)
    with st.container(horizontal=True, key="turn", vertical_alignment="center", gap="small"):
        told = label(lang, "review.turn", place=number(place, lang), total=number(total, lang))
        st.html(f'<p class="total">{escape(told)}</p>')
        for key, step, icon in (("back", -1, "arrow_back"), ("skip", 1, "arrow_forward")):
            st.button(
                label(lang, f"review.{key}"),
                key=f"review-{key}",
                icon=f":material/{icon}:",
                disabled=not 1 <= place + step <= total,
                on_click=put,
                args=({"pg": place + step if place + step > 1 else None},),
            )
    _desk(data.figure(figure["id"]), lang)


def _chosen(figure_id: str, lang: str) -> None:
    st.button(
        label(lang, "review.to_queue"),
        key="to-queue",
        icon=":material/arrow_back:",
        type="tertiary",
        on_click=put,
        args=({"id": None},),
    )
    figure = data.figure(figure_id)
    if figure is None:
        st.text(label(lang, "figure.not_found"))
        return
    _desk(figure, lang)


def _desk(figure: Mapping[str, Any] | None, lang: str) -> None:
    if figure is None:  # gone since the queue was read
        st.text(label(lang, "figure.not_found"))
        return
    past = past_reviews(figure["id"])
    show_head(figure, lang)
    story, desk = st.columns([7, 5], gap="large")
    with story:
        show_evidence_of(figure, lang)
        show_flags(figure, lang)
        show_origin(figure, lang)
        with st.expander(label(lang, "figure.fields")):
            show_list(field_rows(figure, lang))
    with desk:
        show_form(figure, past[-1].review.id if past else 0, lang)
        if past:
            st.subheader(label(lang, "review.past"), anchor=False)
            show_past(past, lang, take_back=take_back)


def _put_why() -> None:
    put_choice("why", _WHY, REASONS[0])
    put({"pg": None})


main()
