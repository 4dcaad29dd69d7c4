"""Figures as a reading list: the value links to its page, then what it says, whose and when, and the sentence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

import streamlit as st

from app_pages.data import source_name
from app_pages.evidence import marked, plain_label
from app_pages.labels import label, named
from app_pages.numbers import value_text
from app_pages.params import link_params
from app_pages.periods import day_text, period_text
from app_pages.places import place_text

FIGURE_PAGE = "app_pages/figure.py"
LOW_CONFIDENCE = 0.5


def show_figures(figures: Sequence[Mapping[str, Any]], lang: str, *, key: str) -> None:
    """Draw the figures, one block each; `key` keeps the blocks of several lists on a page apart."""
    for figure in figures:
        with st.container(key=f"figure-{key}-{figure['id']}", gap=None):
            st.page_link(
                FIGURE_PAGE,
                label=plain_label(value_text(figure, lang)),
                query_params=link_params(lang, id=figure["id"]),
            )
            st.html(figure_html(figure, lang))


def figure_html(figure: Mapping[str, Any], lang: str) -> str:
    """Return what a list shows of a figure below its value, as safe HTML."""
    sentence = evidence_html(figure)
    source = f"{escape(source_name(figure['source']))} · {day_text(figure['published'], lang)}".strip(" ·")
    return (
        f'<div class="figure"><p class="what">{escape(figure["indicator"] or "")}</p>'
        f'<p class="facts">{facts_html(figure, lang)}</p>'
        f'<blockquote class="said">{sentence}</blockquote><p class="from">{source}</p></div>'
    )


def facts_html(figure: Mapping[str, Any], lang: str) -> str:
    """Return place, period, status and doubts of a figure in one line, as safe HTML."""
    facts = [
        escape(place_text(figure["place_id"], lang, name=figure["place"])),
        escape(period_text(figure["period"], lang)),
        f'<span class="status {escape(figure["status"])}">{escape(named(lang, "status", figure["status"]))}</span>',
    ]
    if figure["locality"]:
        facts.insert(1, escape(figure["locality"]))
    if figure["confidence"] < LOW_CONFIDENCE:
        facts.append(f'<span class="doubt">{escape(label(lang, "list.low_confidence"))}</span>')
    if figure["flags"]:
        facts.append(f'<span class="doubt">{escape(label(lang, "list.flagged"))}</span>')
    return ' <span aria-hidden="true">·</span> '.join(facts)


def evidence_html(figure: Mapping[str, Any]) -> str:
    """Return the sentence of a figure with its number marked, as safe HTML."""
    shift = figure["sentence_start"]
    return marked(figure["sentence"], figure["start"] - shift, figure["end"] - shift)
