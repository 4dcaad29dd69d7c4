"""The parts that show one figure: its value, its sentence in context, its doubts, its origin."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

import streamlit as st

from app_pages import data
from app_pages.api_article import offers_texts, text_address
from app_pages.evidence import web_address
from app_pages.figure_fields import doubt_sentences, flag_sentences
from app_pages.figure_list import evidence_html, facts_html, heading_html
from app_pages.labels import label
from app_pages.numbers import share_text, value_text
from app_pages.params import release
from app_pages.periods import day_text

Row = Mapping[str, Any]


def show_head(figure: Row, lang: str) -> None:
    """Draw the value, what it is of, and its facts in a line."""
    value, share = escape(value_text(figure, lang)), share_text(figure, lang)
    aside = f' <span class="share">= {escape(share)}</span>' if share else ""
    st.html(
        f'<header class="head"><h1>{value}{aside}</h1><p class="what">{escape(figure["indicator"] or "")}</p>'
        f'<p class="facts">{facts_html(figure, lang)}</p></header>'
    )


def show_evidence_of(figure: Row, lang: str) -> None:
    """Draw the sentence with its number marked, between what stands around it."""
    around = [f'<span class="around">{escape(figure[side] or "")}</span>' for side in ("before", "after")]
    said = f'<span class="said">{evidence_html([figure])}</span>'
    heading = heading_html(data.cell_headings((figure["id"],)).get(figure["id"]), lang)
    st.subheader(label(lang, "figure.evidence"), anchor=False)
    st.html(f'<blockquote class="evidence">{around[0]}{said}{around[1]}</blockquote>{heading}')


def show_flags(figure: Row, lang: str) -> None:
    """Draw a sentence for each doubt about the figure and about its article; nothing where there is none."""
    about = {"figure.flags": flag_sentences(figure, lang), "figure.doubts": doubt_sentences(figure, lang)}
    for title, sentences in about.items():
        if sentences:
            items = "".join(f"<li>{escape(sentence)}</li>" for sentence in sentences)
            st.html(f'<section class="flags"><h3>{escape(label(lang, title))}</h3><ul>{items}</ul></section>')


def show_origin(figure: Row, lang: str) -> None:
    """Draw title, publisher and days of the article, and the way to it."""
    rows = [
        ("title", figure["title"]),
        ("publisher", data.source_name(figure["source"])),
        ("published", day_text(figure["published"], lang)),
        ("fetched", day_text(figure["fetched_at"], lang)),
    ]
    st.subheader(label(lang, "figure.origin"), anchor=False)
    show_list([(label(lang, f"field.{name}"), text) for name, text in rows if text])
    address = web_address(figure["url"])
    if address:
        st.link_button(
            label(lang, "figure.open_article"), address, icon=":material/open_in_new:", type="primary"
        )
    else:
        st.text(label(lang, "figure.no_article_link"))
    if offers_texts():
        st.link_button(
            label(lang, "figure.stored_text"),
            text_address(figure, lang, release()),
            icon=":material/inventory_2:",
            help=label(lang, "figure.stored_text_help"),
        )


def show_list(rows: list[tuple[str, str]]) -> None:
    """Draw names and what they stand for."""
    items = "".join(f"<div><dt>{escape(name)}</dt><dd>{escape(text)}</dd></div>" for name, text in rows)
    st.html(f'<dl class="fields">{items}</dl>')
