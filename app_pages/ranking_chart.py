"""Provinces in order: bars of their values, points for ranks; and their places over the years."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt
import pandas as pd

from app_pages.charts import DOUBT, INK, LINES, PAPER, axis_format, localised, merger_line, scale_of
from app_pages.compare_chart import day_axis, full_value, when_text
from app_pages.labels import label
from app_pages.map_values import Told
from app_pages.places import place_text
from store.forms import Form

BAR = "bar"  # the chart's selection: field place_id

_ROW = 17
_AROUND = 78  # the axis and its title
_LINES_HEIGHT = 560
_NAMES_APART = 0.032  # of the height

Row = Mapping[str, Any]


def ranking_chart(
    ordered: Sequence[Told],
    targets: Mapping[str, float],
    form: Form,
    lang: str,
    theme: str,
    *,
    ranks: bool,
    chosen: str | None,
) -> alt.LayerChart:
    """Return the bars in their order; a hollow point is the target of the same period."""
    frame = pd.DataFrame(
        [
            {
                "place_id": one.place_id,
                "name": one.name,
                "level": one.level,
                "value": one.value,
                "when": one.when,
                "target": targets.get(one.place_id),
                "chosen": one.place_id == chosen,
            }
            for one in ordered
        ]
    )
    scale, unit = scale_of(frame["level"], form, lang)
    frame["level"] /= scale
    frame["target"] = frame["target"].astype(float) / scale
    frame["end"] = frame[["level", "target"]].max(axis=1)
    x = (
        alt.X("level:Q", title=unit)
        .scale(zero=not ranks, nice=not ranks, reverse=False, padding=14 if ranks else 0)
        .axis(
            orient="top",
            tickCount=5,
            labelColor=INK[theme],
            titleColor=INK[theme],
            **axis_format(frame["level"], ranked=ranks),
        )
    )
    y = alt.Y("name:N", sort=None, title=None).axis(
        labelLimit=150,
        labelColor=INK[theme],
        labelFontSize=12,
        ticks=False,
        domain=False,
        labelOverlap=False,
        labelFlush=False,
    )
    tooltip = [
        alt.Tooltip(f"{name}:N", title=label(lang, key))
        for name, key in (("name", "field.place"), ("value", "field.value"), ("when", "field.period"))
    ]
    colour = alt.condition("datum.chosen", alt.value(DOUBT[theme]), alt.value(LINES[theme][0]))
    point = alt.selection_point(name=BAR, fields=["place_id"], toggle=False)
    base = alt.Chart(frame).encode(x=x, y=y)
    bars = (
        base.mark_circle(size=80, opacity=1, cursor="pointer")
        if ranks
        else base.mark_bar(height=11, cursor="pointer")
    )
    said = base.mark_text(align="left", dx=8, fontSize=12, color=INK[theme], aria=False, limit=150)
    layers = [bars.encode(color=colour, tooltip=tooltip).add_params(point)]
    if frame["target"].notna().any():
        hollow = {"size": 60, "filled": False, "fill": PAPER[theme], "strokeWidth": 1.5, "opacity": 1}
        layers.append(
            base.transform_filter("isValid(datum.target)")
            .mark_point(color=INK[theme], **hollow)
            .encode(x="target:Q")
        )
    layers.append(said.encode(x="end:Q", text="value:N"))
    return localised(alt.layer(*layers).properties(height=_ROW * len(frame) + _AROUND), lang)


def lines_chart(
    rows: Sequence[Row], shown: Sequence[str], form: Form, span: str, lang: str, theme: str, *, ranks: bool
) -> alt.LayerChart:
    """Return all provinces as thin lines and those `shown` in colour with their names at the end."""
    frame = pd.DataFrame(
        [
            {
                "place": place_text(row["place_id"], lang, short=True),
                "line": f"{row['place_id']} {row['run']}",
                "shown": row["place_id"] in shown,
                "day": row["day"],
                "level": row["level"],
                "value": full_value(row, form, lang),
                "when": when_text(row, lang),
            }
            for row in rows
            if row["level"] is not None and row["day"]
        ]
    )
    scale, unit = scale_of(frame["level"], form, lang)
    frame["level"] /= scale
    names = [place_text(place, lang, short=True) for place in shown]
    axis = {"labelColor": INK[theme], "titleColor": INK[theme]}
    base = alt.Chart(frame).encode(
        x=alt.X("day:T", title=None)
        .scale(padding=12)
        .axis(grid=False, **day_axis(frame, span, lang), **axis),
        y=alt.Y("level:Q", title=unit)
        .scale(zero=False, reverse=ranks, nice=not ranks, padding=10)
        .axis(
            titleAngle=0,
            titleAlign="left",
            titleAnchor="start",
            titleX=0,
            titleY=-26,
            **axis_format(frame["level"], ranked=ranks),
            **axis,
        ),
        detail="line:N",
    )
    tooltip = [
        alt.Tooltip(f"{name}:N", title=label(lang, key))
        for name, key in (("place", "field.place"), ("when", "field.period"), ("value", "field.value"))
    ]
    chosen, others = base.transform_filter("datum.shown"), base.transform_filter("!datum.shown")
    thin = [
        others.mark_line(color=INK[theme], strokeWidth=1, opacity=0.28),
        others.mark_circle(color=INK[theme], size=14, opacity=0.35).encode(tooltip=tooltip),
    ]
    colour = alt.Color("place:N").scale(domain=names, range=LINES[theme][: len(names)]).legend(None)
    ends = _apart(
        frame[frame["shown"]].sort_values("day").groupby("place", as_index=False).last(), frame["level"]
    )
    return localised(
        alt.layer(
            *merger_line(frame["day"], lang, theme),
            *([] if frame["shown"].all() else thin),
            chosen.mark_line(strokeWidth=2.5).encode(color=colour),
            chosen.mark_circle(size=70, opacity=1).encode(color=colour, tooltip=tooltip),
            alt.Chart(ends)
            .mark_text(align="left", dx=8, fontSize=12.5, fontWeight=600, aria=False)
            .encode(x="day:T", y="spot:Q", text="place:N", color=colour),
        ).properties(height=_LINES_HEIGHT, padding={"top": 38, "left": 5, "right": 8, "bottom": 5}),
        lang,
    )


def _apart(ends: pd.DataFrame, levels: pd.Series) -> pd.DataFrame:
    """Return the ends of lines with a `spot` for each name, so far apart that no name covers another."""
    least = (levels.max() - levels.min()) * _NAMES_APART
    spots: dict[Any, float] = {}
    before = None
    for row in ends.sort_values("level").itertuples():
        before = row.level if before is None else max(row.level, before + least)
        spots[row.Index] = before
    return ends.assign(spot=pd.Series(spots))
