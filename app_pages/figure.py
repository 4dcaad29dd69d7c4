"""The page of one figure: its value, the sentence that says it, all fields, its origin, how to cite it."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any
from urllib.parse import quote, urlencode

import streamlit as st

from app_pages import data
from app_pages.citation import citation, today
from app_pages.figure_fields import field_rows
from app_pages.figure_list import show_figures, show_report
from app_pages.figure_parts import show_evidence_of, show_flags, show_head, show_list, show_origin
from app_pages.foot import describe_view
from app_pages.labels import label
from app_pages.numbers import number, value_text
from app_pages.params import language, link_params, params, permalink, remembered_view
from app_pages.periods import day_text
from app_pages.review_past import past_reviews, show_past
from app_pages.reviewing import REVIEW_PAGE, is_reviewing

BROWSE_PAGE, CONFLICTS_PAGE = "app_pages/browse.py", "app_pages/conflicts.py"
LONGEST_QUOTE = 600  # characters of a sentence in a letter

Row = Mapping[str, Any]


def main() -> None:
    """Draw the figure that the address names, or say that there is none."""
    lang = language()
    figure_id = st.query_params.get("id", "")
    figure = data.figure(figure_id) if figure_id else None
    st.page_link(
        BROWSE_PAGE,
        label=label(lang, "figure.back"),
        icon=":material/arrow_back:",
        query_params=link_params(lang, **remembered_view()),
    )
    if figure is None:
        st.title(label(lang, "figure.title"), anchor=False)
        st.text(label(lang, "figure.not_found" if figure_id else "figure.no_id"))
        return
    describe_view(f"{value_text(figure, lang)}, {figure['indicator']}, {figure['title']}")
    st.set_page_config(page_title=f"{value_text(figure, lang)} · {label(lang, 'app.name')}")
    show_head(figure, lang)
    story, record = st.columns([7, 5], gap="large")
    with story:
        show_evidence_of(figure, lang)
        show_flags(figure, lang)
        _related(figure, lang)
    with record:
        show_origin(figure, lang)
        st.subheader(label(lang, "figure.fields"), anchor=False)
        show_list(field_rows(figure, lang))
        _cite(figure, lang)
        _reviews(figure, lang)
        _problem(figure, lang)


def _related(figure: Row, lang: str) -> None:
    if figure["same_sentence"]:
        st.subheader(label(lang, "figure.same_sentence"), anchor=False)
        show_figures(figure["same_sentence"], lang, key="sentence", sentences=False)
    if figure["same_observation"]:
        st.subheader(label(lang, "figure.reported"), anchor=False)
        counts = {part: number(figure[f"observation_{part}"], lang) for part in ("figures", "sources")}
        st.text(label(lang, "figure.reported_by", **counts))
        if figure["observation_conflict"]:
            st.text(label(lang, "figure.conflict"))
            st.page_link(
                CONFLICTS_PAGE, label=label(lang, "figure.to_conflicts"), query_params=_alike(figure, lang)
            )
        others = figure["same_observation"]
        headings = data.cell_headings(tuple(other["id"] for other in others))
        for other in others:
            heading = headings.get(other["id"])
            show_report(other, _part(other, figure), lang, key="observation", heading=heading)
    if figure["copies"]:
        st.subheader(label(lang, "figure.copies"), anchor=False)
        items = "".join(f"<li>{escape(_printed(copy, lang))}</li>" for copy in figure["copies"])
        st.html(f'<ul class="prose">{items}</ul>')
    if figure["place_id"] and figure["indicator_key"]:
        with st.container(key="more"):
            st.page_link(BROWSE_PAGE, label=label(lang, "figure.alike"), query_params=_alike(figure, lang))


def _alike(figure: Row, lang: str) -> list[tuple[str, str]]:
    return link_params(lang, p=figure["place_id"], ind=figure["indicator_key"])


def _part(other: Row, figure: Row) -> str:
    """Return what another report is to the value that is shown of them."""
    if other["id"] == figure["observation_figure_id"]:
        return "shown"
    return other["observation_role"] or "agrees"


def _printed(copy: Row, lang: str) -> str:
    parts = (data.source_name(copy["source"]), day_text(copy["published"], lang), copy["title"])
    return " · ".join(part for part in parts if part)


def _cite(figure: Row, lang: str) -> None:
    st.subheader(label(lang, "figure.cite"), anchor=False)
    st.code(citation(figure, lang, today()), language=None, wrap_lines=True)
    query = urlencode(link_params(lang))
    st.link_button(
        label(lang, "figure.json"),
        f"api/figure/{quote(figure['id'], safe='')}.json{'?' if query else ''}{query}",
        icon=":material/data_object:",
        help=label(lang, "figure.json_help"),
    )


def _reviews(figure: Row, lang: str) -> None:
    past = past_reviews(figure["id"])
    if not past and not is_reviewing():
        return
    st.subheader(label(lang, "review.past"), anchor=False)
    if past:
        show_past(past, lang)
    if is_reviewing():
        st.page_link(
            REVIEW_PAGE,
            label=label(lang, "figure.review"),
            icon=":material/edit:",
            query_params=link_params(lang, id=figure["id"]),
        )


def _problem(figure: Row, lang: str) -> None:
    """Give the words to tell whoever runs this copy that something is wrong."""
    with st.expander(label(lang, "figure.problem"), icon=":material/flag:"):
        st.caption(label(lang, "figure.problem_note"))
        said = label(
            lang,
            "figure.problem_text",
            value=value_text(figure, lang),
            indicator=figure["indicator"],
            place=figure["place"] or "–",
            id=figure["id"],
            address=permalink("figure", params(), lang),
            sentence=figure["sentence"][:LONGEST_QUOTE],
        )
        st.code(said, language=None, wrap_lines=True)
        subject = label(lang, "figure.problem_subject", id=figure["id"])
        mail = "mailto:?" + urlencode({"subject": subject, "body": said}, quote_via=quote)
        st.link_button(label(lang, "figure.problem_mail"), mail, icon=":material/mail:")


main()
