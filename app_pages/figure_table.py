"""Figures as a table, for comparing; a selected row shows its sentence and the way to its page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from app_pages.data import source_name
from app_pages.figure_list import show_figures
from app_pages.labels import label, named
from app_pages.numbers import number, value_text
from app_pages.periods import day_text, period_text
from app_pages.places import place_text

COLUMNS = (
    "value",
    "indicator",
    "place",
    "period",
    "status",
    "kind",
    "confidence",
    "publisher",
    "published",
    "sentence",
)
_TABLE = "figure-table"


def show_table(figures: Sequence[Mapping[str, Any]], lang: str) -> None:
    """Draw the figures, a row each."""
    st.caption(label(lang, "browse.open_row"))
    config = {name: st.column_config.Column(label(lang, f"field.{name}")) for name in COLUMNS}
    config["value"] = st.column_config.TextColumn(
        label(lang, "field.value"), pinned=True, alignment="right", width=150
    )
    config["indicator"] = st.column_config.TextColumn(label(lang, "field.indicator"), width=280)
    config["place"] = st.column_config.TextColumn(label(lang, "field.place"), width=130)
    config["period"] = st.column_config.TextColumn(label(lang, "field.period"), width=140)
    config["sentence"] = st.column_config.TextColumn(label(lang, "field.sentence"), width="large")
    event = st.dataframe(
        pd.DataFrame([_row(figure, lang) for figure in figures], columns=list(COLUMNS)),
        hide_index=True,
        height=640,
        column_config=config,
        on_select="rerun",
        selection_mode="single-row",
        key=_TABLE,
        alt=label(lang, "browse.table_alt", count=len(figures)),
    )
    if event["selection"]["rows"]:
        show_figures([figures[event["selection"]["rows"][0]]], lang, key="list-chosen")


def _row(figure: Mapping[str, Any], lang: str) -> dict[str, object]:
    return {
        "value": value_text(figure, lang),
        "indicator": figure["indicator"],
        "place": place_text(figure["place_id"], lang, name=figure["place"]),
        "period": period_text(figure["period"], lang),
        "status": named(lang, "status", figure["status"]),
        "kind": named(lang, "kind", figure["kind"]),
        "confidence": number(round(figure["confidence"], 2), lang),
        "publisher": source_name(figure["source"]),
        "published": day_text(figure["published"], lang),
        "sentence": figure["sentence"],
    }
