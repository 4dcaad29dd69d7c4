"""The page of one figure: its value, the sentence that says it, all fields, its origin, how to cite it."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

import streamlit as st

from app_pages import data
from app_pages.citation import citation, today
from app_pages.evidence import web_address
from app_pages.figure_fields import field_rows, flag_sentences
from app_pages.figure_list import evidence_html, facts_html, show_figures
from app_pages.foot import describe_view
from app_pages.labels import label
from app_pages.numbers import number, share_text, value_text
from app_pages.params import language, link_params, remembered_view
from app_pages.periods import day_text

BROWSE_PAGE = "app_pages/browse.py"

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
    _head(figure, lang)
    story, record = st.columns([7, 5], gap="large")
    with story:
        _evidence(figure, lang)
        _flags(figure, lang)
        _related(figure, lang)
    with record:
        _origin(figure, lang)
        st.subheader(label(lang, "figure.fields"), anchor=False)
        st.html(_list_html(field_rows(figure, lang)))
        _cite(figure, lang)


def _head(figure: Row, lang: str) -> None:
    value, share = escape(value_text(figure, lang)), share_text(figure, lang)
    aside = f' <span class="share">= {escape(share)}</span>' if share else ""
    st.html(
        f'<header class="head"><h1>{value}{aside}</h1><p class="what">{escape(figure["indicator"] or "")}</p>'
        f'<p class="facts">{facts_html(figure, lang)}</p></header>'
    )


def _evidence(figure: Row, lang: str) -> None:
    around = [f'<span class="around">{escape(figure[side] or "")}</span>' for side in ("before", "after")]
    said = f'<span class="said">{evidence_html([figure])}</span>'
    st.subheader(label(lang, "figure.evidence"), anchor=False)
    st.html(f'<blockquote class="evidence">{around[0]}{said}{around[1]}</blockquote>')


def _flags(figure: Row, lang: str) -> None:
    sentences = flag_sentences(figure, lang)
    if sentences:
        items = "".join(f"<li>{escape(sentence)}</li>" for sentence in sentences)
        title = escape(label(lang, "figure.flags"))
        st.html(f'<section class="flags"><h3>{title}</h3><ul>{items}</ul></section>')


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
        show_figures(figure["same_observation"], lang, key="observation")
    alike = {"p": figure["place_id"], "ind": figure["indicator_key"]}
    if all(alike.values()):
        with st.container(key="more"):
            st.page_link(
                BROWSE_PAGE, label=label(lang, "figure.alike"), query_params=link_params(lang, **alike)
            )


def _origin(figure: Row, lang: str) -> None:
    rows = [
        ("title", figure["title"]),
        ("publisher", data.source_name(figure["source"])),
        ("published", day_text(figure["published"], lang)),
        ("fetched", day_text(figure["fetched_at"], lang)),
    ]
    st.subheader(label(lang, "figure.origin"), anchor=False)
    st.html(_list_html([(label(lang, f"field.{name}"), text) for name, text in rows if text]))
    address = web_address(figure["url"])
    if address:
        st.link_button(
            label(lang, "figure.open_article"), address, icon=":material/open_in_new:", type="primary"
        )
    else:
        st.text(label(lang, "figure.no_article_link"))


def _cite(figure: Row, lang: str) -> None:
    st.subheader(label(lang, "figure.cite"), anchor=False)
    st.code(citation(figure, lang, today()), language=None, wrap_lines=True)


def _list_html(rows: list[tuple[str, str]]) -> str:
    items = "".join(f"<div><dt>{escape(name)}</dt><dd>{escape(text)}</dd></div>" for name, text in rows)
    return f'<dl class="fields">{items}</dl>'


main()
