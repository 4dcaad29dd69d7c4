"""What all charts share: colours by theme, numbers as the language writes them, the line of the merger."""

from __future__ import annotations

from collections.abc import Mapping
from textwrap import wrap
from typing import Any

import altair as alt
import pandas as pd
import streamlit as st

from app_pages import data
from app_pages.forms import unit_text
from app_pages.labels import label
from app_pages.periods import day_text
from store.forms import Form
from store.places import MERGER

INK = {"light": "#4a5157", "dark": "#b3bbc1"}
DOUBT = {"light": "#a45f15", "dark": "#e0a458"}
PAPER = {"light": "#fcfcfb", "dark": "#14171a"}
# Apart for all kinds of colour vision, on both papers; the points of a line have a shape of their own, too.
LINES = {
    "light": ["#1f4e79", "#b3541e", "#2f7d4f", "#7a3b83", "#8a6d0b", "#3b6f8f"],
    "dark": ["#8fbbe3", "#eda06a", "#86cf9f", "#d19adb", "#d9bc55", "#7fd0d6"],
}
SHAPES = ["circle", "square", "triangle-up", "diamond", "triangle-down", "cross"]
SHADES = {  # from little to much; much stands out from the paper
    "light": ["#dbe6ef", "#a4bed6", "#668eb2", "#3b6993", "#173f63"],
    "dark": ["#22374a", "#335675", "#4a79a1", "#89b3d7", "#d3e5f5"],
}

_SCALES = ((10**9, "number.billion"), (10**6, "number.million"))
_RANKS = 5  # between two marks of an axis
_CAPTION = 62  # characters of a line below a chart; a phone has room for so many
_CAPTION_LINE = 13  # pixels
_QUOTED = 230  # characters of a sentence in a tooltip
_LOCALES: dict[str, Any] = {
    "vi": {
        "number": {"decimal": ",", "thousands": ".", "grouping": [3], "currency": ["", " đ"]},
        "time": {
            "dateTime": "%d/%m/%Y %H:%M",
            "date": "%d/%m/%Y",
            "time": "%H:%M",
            "periods": ["SA", "CH"],
            "days": ["Chủ nhật", "Thứ hai", "Thứ ba", "Thứ tư", "Thứ năm", "Thứ sáu", "Thứ bảy"],
            "shortDays": ["CN", "T2", "T3", "T4", "T5", "T6", "T7"],
            "months": [f"Tháng {month}" for month in range(1, 13)],
            "shortMonths": [f"Th{month}" for month in range(1, 13)],
        },
    }
}


def theme() -> str:
    """Return "light" or "dark", as the reader's browser shows the app."""
    return st.context.theme.type or "light"


def localised(chart: alt.LayerChart, lang: str) -> alt.LayerChart:
    """Return a chart whose axes write numbers and days as the language does."""
    return chart.configure(locale=_LOCALES[lang]) if lang in _LOCALES else chart


def sourced(chart: alt.LayerChart, words: str, lang: str, shown: str) -> alt.LayerChart:
    """Return a chart with what it shows and its source below it, which stay with it as a picture."""
    lines = [*wrap(words, _CAPTION), *wrap(source_text(lang), _CAPTION)]
    caption = alt.Title(
        lines, orient="bottom", anchor="start", offset=14, fontSize=11, fontWeight="normal", color=INK[shown]
    )
    return chart.properties(title=caption, height=chart.height + _CAPTION_LINE * (len(lines) + 1))


def source_text(lang: str) -> str:
    """Return where what charts show is from, and of what day the data are."""
    return label(lang, "chart.source", built=day_text(data.freshness()["built_at"], lang) or "–")


def merger_line(days: pd.Series, lang: str, shown: str) -> list[alt.Chart]:
    """Return the line at the day of the merger with its name; [] where all the days lie on one side of it."""
    if days.empty or not days.min() < MERGER <= days.max():
        return []
    frame = pd.DataFrame([{"day": MERGER, "said": label(lang, "chart.merger")}])
    base = alt.Chart(frame).encode(x=alt.X("day:T"))
    rule = base.mark_rule(color=INK[shown], strokeDash=[2, 3], description=label(lang, "chart.merger"))
    return [
        rule,
        base.mark_text(align="right", dx=4, y=-10, color=INK[shown], fontSize=12).encode(text="said:N"),
    ]


def scale_of(levels: pd.Series, form: Form, lang: str) -> tuple[int, str]:
    """Return by what the numbers of an axis are divided, and the unit to write there: 10**9, "tỷ đồng"."""
    unit = unit_text(form, lang)
    most = levels.abs().max() if len(levels) else 0
    if form.kind in ("money", "count"):
        for scale, key in _SCALES:
            if most >= scale:
                return scale, label(lang, key, value="").strip() + f" {unit}"
    return 1, unit


def axis_format(levels: pd.Series, *, ranked: bool) -> dict[str, Any]:
    """Return how an axis of values writes its numbers: ranks from 1 by fives, others with decimals."""
    if not ranked:
        return {"format": ",.3~f"}
    most = int(levels.max()) if levels.notna().any() else 1
    step = 1 if most <= 10 else _RANKS
    return {"format": "d", "values": [1, *range(step if step > 1 else 2, most + step, step)]}


def quoted(said: Mapping[str, Any] | None) -> str:
    """Return the sentence behind a value, what is far from the number cut off; "" where it is not known."""
    if said is None:
        return ""
    sentence = said["sentence"]
    if len(sentence) <= _QUOTED:
        return sentence
    first = max(0, min(said["start"] - _QUOTED // 2, len(sentence) - _QUOTED))
    cut = sentence[first : first + _QUOTED]
    return f"{'…' if first else ''}{cut}{'…' if first + _QUOTED < len(sentence) else ''}"
