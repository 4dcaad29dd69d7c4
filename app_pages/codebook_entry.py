"""The entry of one indicator in the codebook: what it is, what to mind, what there is of it."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

import streamlit as st

from app_pages import data
from app_pages.compare_chart import full_value, when_text
from app_pages.forms import form_text
from app_pages.indicators import indicator_text, theme_text, themes_of
from app_pages.labels import label
from app_pages.numbers import number
from app_pages.params import link_params
from app_pages.places import place_text
from app_pages.selection import usual_span
from app_pages.tables import show_rows
from store.errors import StoreError
from store.indicators import indicators
from store.series import Outline

NEWEST = 12
_LINKS = (
    ("browse", "chart.all_figures", ":material/list:"),
    ("compare", "chart.compare", ":material/show_chart:"),
    ("map", "chart.on_map", ":material/grid_view:"),
)

Row = Mapping[str, Any]


def show_entry(indicator: str, counts: Row | None, lang: str) -> None:
    """Draw the entry; `counts` is None where there are no figures."""
    told = indicators()[indicator]
    other = indicator_text(indicator, "en" if lang == "vi" else "vi")
    path = " › ".join(theme_text(theme, lang) for theme in themes_of(indicator))
    st.html(
        f'<header class="place"><h2>{escape(indicator_text(indicator, lang))}</h2>'
        f'<p class="note">{escape(other)}</p><p class="note">{escape(path)}</p></header>'
    )
    definition = told.get(f"definition_{lang}") or told.get("definition", "")
    spoken = lang if told.get(f"definition_{lang}") else "en"
    st.html(f'<p class="definition" lang="{spoken}">{escape(definition)}</p>')
    caveats = told.get(f"caveats_{lang}") or told.get("caveats")
    if caveats:
        title = escape(label(lang, "codebook.caveats"))
        st.html(f'<section class="flags"><h3>{title}</h3><p lang="{spoken}">{escape(caveats)}</p></section>')
    left, right = st.columns([7, 5], gap="large")
    with left:
        st.html(_fields_html(indicator, told, counts, lang))
    with right:
        _links(indicator, lang)
    if counts:
        _newest(indicator, lang)


def _fields_html(indicator: str, told: Row, counts: Row | None, lang: str) -> str:
    rows = [
        ("id", indicator),
        ("unit", told.get("unit", "")),
        ("direction", label(lang, f"direction.{told.get('direction', 'none')}")),
        ("producer", told.get("producer", "")),
        ("kinds", ", ".join(label(lang, f"kind.{kind}") for kind in told.get("kinds", ()))),
        ("range", _range_text(told, lang)),
        (
            "additive",
            label(lang, "codebook.additive_yes" if told.get("additive") else "codebook.additive_no"),
        ),
        ("topic", label(lang, "codebook.topic_yes") if told.get("topic") else ""),
        ("cues", "; ".join(" / ".join(group) for group in told.get("cues", ()))),
        ("not", ", ".join(told.get("anti", ()))),
        ("examples", "; ".join(told.get("examples", ()))),
    ]
    if counts:
        shown = {part: number(counts[part], lang) for part in ("figures", "places")}
        rows.append(("known", label(lang, "codebook.counts", **shown)))
        if counts["first"]:
            years = dict.fromkeys((counts["first"][:4], counts["last"][:4]))
            rows.append(("years", "–".join(years)))
    items = "".join(
        f"<div><dt>{escape(label(lang, f'codebook.{name}'))}</dt><dd>{escape(text)}</dd></div>"
        for name, text in rows
        if text
    )
    return f'<dl class="fields">{items}</dl>'


def _range_text(told: Row, lang: str) -> str:
    bounds = told.get("range")
    if not bounds:
        return ""
    low, high = (number(bound, lang) for bound in bounds)
    return label(lang, "codebook.from_to", low=low, high=high, unit=told.get("unit", ""))


def _links(indicator: str, lang: str) -> None:
    for page, key, icon in _LINKS:
        st.page_link(
            f"app_pages/{page}.py",
            label=label(lang, key),
            query_params=link_params(lang, ind=indicator),
            icon=icon,
        )


def _newest(indicator: str, lang: str) -> None:
    """Show the newest value of several places, in the form that is told most often."""
    try:
        outlines = data.outlines(indicator)
        outline = next(iter(outlines), None)
        rows = _newest_rows(indicator, outline)
    except StoreError:
        return
    if outline is None or not rows:
        return
    header = [label(lang, f"field.{name}") for name in ("place", "period", "value")]
    body = [
        [place_text(row["place_id"], lang), when_text(row, lang), full_value(row, outline.form, lang)]
        for row in rows
    ]
    show_rows(label(lang, "codebook.newest", form=form_text(outline.form, lang)), header, body, numbers=2)


def _newest_rows(indicator: str, outline: Outline | None) -> list[dict[str, Any]]:
    if outline is None:
        return []
    rows = data.newest_values(indicator, outline.form.code, usual_span(outline), None, "actual")
    return sorted(rows, key=lambda row: (row["day"] or "", row["id"]), reverse=True)[:NEWEST]
