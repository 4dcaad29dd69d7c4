"""Figures as a reading list: each value links to its page, and below stands the sentence that says it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from itertools import groupby
from operator import itemgetter
from typing import Any

import streamlit as st

from app_pages.data import source_name
from app_pages.evidence import clipped, marked, plain_label
from app_pages.labels import label, named
from app_pages.numbers import value_text
from app_pages.params import link_params
from app_pages.periods import day_text, period_text
from app_pages.places import place_text

FIGURE_PAGE = "app_pages/figure.py"
LOW_CONFIDENCE = 0.5
LONGEST_SENTENCE = 800  # characters in a list; the page of a figure shows all

_DOT = ' <span aria-hidden="true">·</span> '

Row = Mapping[str, Any]


def show_figures(figures: Sequence[Row], lang: str, *, key: str, sentences: bool = True) -> None:
    """Draw the figures in their order; neighbours from one sentence share it.

    `key` keeps the lists of a page apart. `sentences` False leaves out sentence and source.
    """
    for place, (_, together) in enumerate(groupby(figures, itemgetter("article_id", "sentence_start"))):
        group = sorted(together, key=itemgetter("start"))
        with st.container(key=f"figure-{key}-{place}", gap=None):
            for figure in group:
                st.page_link(
                    FIGURE_PAGE,
                    label=plain_label(value_text(figure, lang)),
                    query_params=link_params(lang, id=figure["id"]),
                )
                last = sentences and figure is group[-1]
                st.html(_about_html(figure, lang) + (_sentence_html(group, lang) if last else ""))


def show_evidence(
    figure_id: str, value: str, status: str, facts: Sequence[str], said: Mapping[str, Row], lang: str
) -> None:
    """Draw a merged value with the sentence that it is taken from; `said` as data.evidence returns it."""
    sentence = said.get(figure_id)
    with st.container(key=f"figure-evidence-{figure_id}", gap=None):
        st.page_link(FIGURE_PAGE, label=plain_label(value), query_params=link_params(lang, id=figure_id))
        shown = [escape(fact) for fact in facts]
        shown.append(f'<span class="status {escape(status)}">{escape(named(lang, "status", status))}</span>')
        st.html(f'<div class="figure"><p class="facts">{_DOT.join(shown)}</p></div>')
        if sentence is not None:
            source = f"{source_name(sentence['source'])} · {day_text(sentence['published'], lang)}".strip(
                " ·"
            )
            spans = [(sentence["start"], sentence["end"])]
            words = marked(*clipped(sentence["sentence"], spans, LONGEST_SENTENCE))
            st.html(
                f'<div class="figure"><blockquote class="said">{words}</blockquote>'
                f'<p class="from">{escape(source)}</p></div>'
            )


def show_report(figure: Row, part: str, lang: str, *, key: str, heading: str | None = None) -> None:
    """Draw one of several reports of a value; `part` is what it is to the value that is shown.

    `heading` is that of its column, where its sentence is the row of a table.
    """
    with st.container(key=f"figure-report-{key}-{figure['id']}", gap=None):
        st.html(f'<p class="part {escape(part)}">{escape(label(lang, f"part.{part}"))}</p>')
        st.page_link(
            FIGURE_PAGE,
            label=plain_label(value_text(figure, lang)),
            query_params=link_params(lang, id=figure["id"]),
        )
        st.html(_sentence_html([figure], lang, heading))


def heading_html(heading: str | None, lang: str) -> str:
    """Return which column of a table a figure stands in, as safe HTML; "" for None."""
    return f'<p class="column">{escape(label(lang, "list.column", heading=heading))}</p>' if heading else ""


def facts_html(figure: Row, lang: str) -> str:
    """Return place, period, status and doubts of a figure in one line, as safe HTML."""
    status = escape(named(lang, "status", figure["status"]))
    facts = [
        escape(place_text(figure["place_id"], lang, name=figure["place"])),
        escape(period_text(figure["period"], lang)),
        f'<span class="status {escape(figure["status"])}">{status}</span>',
    ]
    if figure["locality"]:
        facts.insert(1, escape(figure["locality"]))
    if (figure.get("observation_sources") or 0) > 1:
        sources = label(lang, "list.sources", sources=figure["observation_sources"])
        facts.append(f'<span class="sources">{escape(sources)}</span>')
    if figure.get("observation_conflict"):
        facts.append(f'<span class="doubt">{escape(label(lang, "chart.conflict"))}</span>')
    if figure["review"]:
        verdict = escape(named(lang, "verdict", figure["review"]))
        facts.append(f'<span class="verdict {escape(figure["review"])}">{verdict}</span>')
    if figure["confidence"] < LOW_CONFIDENCE:
        facts.append(f'<span class="doubt">{escape(label(lang, "list.low_confidence"))}</span>')
    if figure["flags"]:
        facts.append(f'<span class="doubt">{escape(label(lang, "list.flagged"))}</span>')
    return _DOT.join(facts)


def evidence_html(figures: Sequence[Row], *, most: int | None = None) -> str:
    """Return the sentence that these figures share with their numbers marked, as safe HTML.

    Of a sentence longer than `most` characters only what stands around the first number.
    """
    shift = figures[0]["sentence_start"]
    spans = [(figure["start"] - shift, figure["end"] - shift) for figure in figures]
    return marked(*clipped(figures[0]["sentence"], spans, most))


def _about_html(figure: Row, lang: str) -> str:
    what = escape(figure["indicator"] or "")
    return (
        f'<div class="figure"><p class="what">{what}</p><p class="facts">{facts_html(figure, lang)}</p></div>'
    )


def _sentence_html(group: Sequence[Row], lang: str, heading: str | None = None) -> str:
    source = f"{source_name(group[0]['source'])} · {day_text(group[0]['published'], lang)}".strip(" ·")
    words = evidence_html(group, most=LONGEST_SENTENCE)
    return (
        f'<div class="figure"><blockquote class="said">{words}</blockquote>{heading_html(heading, lang)}'
        f'<p class="from">{escape(source)}</p></div>'
    )
