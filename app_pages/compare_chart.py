"""Lines of several provinces: joined only where no period is missing, targets as hollow points."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import altair as alt
import pandas as pd

from app_pages.charts import (
    DOUBT,
    INK,
    LINES,
    PAPER,
    SHAPES,
    axis_format,
    localised,
    merger_line,
    quoted,
    scale_of,
)
from app_pages.data import source_name
from app_pages.forms import level_text
from app_pages.labels import label, named
from app_pages.numbers import value_text
from app_pages.periods import day_text, period_text
from app_pages.places import place_text
from store.forms import Form

HEIGHT = 440

_LEVEL = "level:Q"
_TOOLTIP = ("place", "period", "status", "value", "conflict", "sentence", "publisher")
_SHORT = 200  # days; within so many a month would be named at several marks
_YEAR_DAYS = ("year", "other")

Row = Mapping[str, Any]


def points_frame(rows: Sequence[Row], said: Mapping[str, Row], form: Form, lang: str) -> pd.DataFrame:
    """Return one row per value that can be drawn, with its words."""
    found = [
        {
            "place": place_text(row["place_id"], lang, short=True),
            "line": f"{row['place_id']} {row['run']}",
            "day": row["day"],
            "level": row["level"],
            "most": float(row["value_max"]) if row["value_max"] is not None else row["level"],
            "code": row["status"],
            "disputed": row["conflict"],
            "status": named(lang, "status", row["status"]),
            "period": when_text(row, lang),
            "value": full_value(row, form, lang),
            "conflict": label(lang, "chart.conflict") if row["conflict"] else "–",
            "sentence": quoted(said.get(row["figure_id"])),
            "said": f"{place_text(row['place_id'], lang, short=True)}, {when_text(row, lang)}: "
            f"{full_value(row, form, lang)}",
            "publisher": _publisher(said.get(row["figure_id"]), lang),
        }
        for row in rows
        if row["level"] is not None and row["day"]
    ]
    columns = ["line", "day", "level", "most", "code", "disputed", "said", *_TOOLTIP]
    return pd.DataFrame(found, columns=columns)


def when_text(row: Row, lang: str) -> str:
    """Return the period of a value, or of what day it is where the article names none."""
    if row["period"]:
        return period_text(row["period"], lang)
    return label(lang, "chart.as_of", day=day_text(row["as_of"], lang))


def full_value(row: Row, form: Form, lang: str) -> str:
    """Return a value as it was said, and behind it what is drawn where that is another number."""
    drawn = level_text(row, form.code, lang)
    return f"{value_text(row, lang)} = {drawn}" if drawn else value_text(row, lang)


def compare_chart(
    frame: pd.DataFrame, form: Form, span: str, lang: str, theme: str, *, ranked: bool
) -> alt.LayerChart:
    """Return the chart of the points; of ranks 1 is at the top."""
    places = list(dict.fromkeys(frame["place"]))
    scale, unit = scale_of(frame["level"], form, lang)
    frame = frame.assign(level=frame["level"] / scale, most=frame["most"] / scale)
    axis = {"labelColor": INK[theme], "titleColor": INK[theme], "labelFontSize": 13, "titleFontSize": 13}
    base = alt.Chart(frame).encode(
        x=alt.X("day:T", title=None)
        .scale(padding=14)
        .axis(grid=False, labelOverlap=True, **day_axis(frame, span, lang), **axis),
        y=alt.Y(_LEVEL, title=unit)
        .scale(zero=False, reverse=ranked, nice=not ranked, padding=12 if ranked else 0)
        .axis(
            titleAngle=0,
            titleAlign="left",
            titleAnchor="start",
            titleX=0,
            titleY=-26,
            tickCount=6,
            **axis_format(frame["level"], ranked=ranked),
            **axis,
        ),
        color=alt.Color("place:N", title=None)
        .scale(domain=places, range=LINES[theme][: len(places)])
        .legend(
            orient="top",
            offset=44,
            columns=2,
            labelLimit=170,
            labelFontSize=13,
            labelColor=INK[theme],
            symbolSize=90,
        ),
    )
    layers = [*merger_line(frame["day"], lang, theme), *_layers(base, frame, places, lang, theme)]
    padding = {"top": 34, "left": 5, "right": 8, "bottom": 5}
    return localised(alt.layer(*layers).properties(height=HEIGHT, padding=padding), lang)


def _layers(
    base: alt.Chart, frame: pd.DataFrame, places: Sequence[str], lang: str, theme: str
) -> list[alt.Chart]:
    """Return lines and points; a layer without marks would be a picture without a name, so there is none."""
    tooltip = [alt.Tooltip(f"{name}:N", title=label(lang, f"field.{name}")) for name in _TOOLTIP]
    shape = alt.Shape("place:N", title=None).scale(domain=places, range=SHAPES[: len(places)])
    pointed = base.encode(shape=shape, tooltip=tooltip, description="said:N")
    points = {"size": 90, "opacity": 1, "strokeWidth": 2}
    layers = []
    if (frame["most"] != frame["level"]).any():
        ranges = base.transform_filter("datum.most != datum.level")
        layers.append(ranges.mark_rule(strokeWidth=2, strokeOpacity=0.55, aria=False).encode(y2="most:Q"))
    if (frame["code"] == "actual").any():
        actual = "datum.code == 'actual'"
        layers.append(
            base.transform_filter(actual).mark_line(strokeWidth=2, aria=False).encode(detail="line:N")
        )
        layers.append(pointed.transform_filter(actual).mark_point(filled=True, **points))
    if (frame["code"] == "target").any():
        target = pointed.transform_filter("datum.code == 'target'")
        layers.append(target.mark_point(filled=False, fill=PAPER[theme], **points))
    if frame["disputed"].any():
        rings = base.transform_filter("datum.disputed").encode(color=alt.value(DOUBT[theme]), tooltip=tooltip)
        layers.append(
            rings.mark_point(
                shape="circle", size=330, filled=False, strokeWidth=1.5, strokeDash=[3, 2], aria=False
            )
        )
    return layers


def day_axis(frame: pd.DataFrame, span: str, lang: str) -> dict[str, Any]:
    """Return the marks of an axis of days: whole years at their points, other sorts where Vega likes."""
    if span in _YEAR_DAYS or (span.startswith("m") and span[1:].isdecimal()):
        return {"values": sorted(set(frame["day"])), "format": "%Y"}
    first, last = (date.fromisoformat(day) for day in (frame["day"].min(), frame["day"].max()))
    if (last - first).days < _SHORT:
        return {"format": "%-d/%-m/%Y" if lang == "vi" else "%Y-%m-%d", "tickCount": 4}
    return {"format": "%m/%Y" if lang == "vi" else "%Y-%m", "tickCount": 7}


def _publisher(said: Row | None, lang: str) -> str:
    if said is None:
        return ""
    return f"{source_name(said['source'])}, {day_text(said['published'], lang)}".rstrip(", ")
