"""The coverage of the data as a heat map, place by indicator, and as a table of the same content."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt
import pandas as pd

from app_pages.indicators import indicator_text
from app_pages.labels import label
from app_pages.periods import period_text
from app_pages.places import place_text
from extract.place.provinces import COUNTRY_ID, units

CHART_INDICATORS = 16  # a phone has room for the names of so many
CELL = "cell"  # the chart's selection: fields place_id and indicator_id

_ROW_HEIGHT = 24
_HEADER_HEIGHT = 190
_SLANTED = 10  # more indicators than this need upright names
_STRIPES = "M-1,0.4L-0.4,-0.4M-0.4,0.4L0.2,-0.4M0.2,0.4L0.8,-0.4"  # of a cell without figures
_INK = {"light": "#4a5157", "dark": "#b3bbc1"}


def coverage_frame(rows: Sequence[Mapping[str, Any]], lang: str) -> pd.DataFrame:
    """Return one row per place and catalogue indicator that has figures, with names and the newest period."""
    found = [
        {
            "place_id": row["place_id"],
            "indicator_id": row["indicator_id"],
            "place": place_text(row["place_id"], lang),
            "row": place_text(row["place_id"], lang, short=True),
            "indicator": indicator_text(row["indicator_id"], lang),
            "figures": row["figures"],
            "newest": period_text(row["newest"], lang),
        }
        for row in rows
        if row["place_id"] and row["indicator_id"]
    ]
    return pd.DataFrame(
        found, columns=["place_id", "indicator_id", "place", "row", "indicator", "figures", "newest"]
    )


def most_reported(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of the indicators that the chart has room for: of the most places, then figures."""
    places = Counter(frame["indicator_id"])
    figures = frame.groupby("indicator_id")["figures"].sum()
    ranked = sorted(places, key=lambda indicator: (-places[indicator], -figures[indicator], indicator))
    return frame[frame["indicator_id"].isin(ranked[:CHART_INDICATORS])]


def coverage_chart(frame: pd.DataFrame, lang: str, theme: str) -> alt.LayerChart:
    """Return the heat map: shaded cells where there are figures, hatched ones where there are none."""
    grid = _with_gaps(frame, lang)
    shared = {"labelOverlap": False, "labelColor": _INK[theme], "domain": False, "ticks": False}
    angle = -90 if grid["indicator"].nunique() > _SLANTED else -55
    x = alt.X("indicator:N", sort=None, title=None).axis(
        orient="top", labelAngle=angle, labelLimit=_HEADER_HEIGHT, **shared
    )
    y = alt.Y("row:N", sort=None, title=None).axis(labelLimit=130, **shared)
    chart = alt.Chart(grid).encode(x=x, y=y)
    tooltip = [
        alt.Tooltip("place:N", title=label(lang, "field.place")),
        alt.Tooltip("indicator:N", title=label(lang, "field.indicator")),
        alt.Tooltip("figures:Q", title=label(lang, "field.figures")),
        alt.Tooltip("newest:N", title=label(lang, "field.newest")),
    ]
    cells = (
        chart.mark_rect(cornerRadius=1, stroke="white", strokeOpacity=0.15, cursor="pointer")
        .transform_filter("datum.figures > 0")
        .encode(color=alt.Color("figures:Q", legend=None).scale(type="log", domainMin=1), tooltip=tooltip)
        .add_params(alt.selection_point(name=CELL, fields=["place_id", "indicator_id"], toggle=False))
    )
    gaps = (
        chart.mark_point(shape=_STRIPES, size=220, color=_INK[theme], strokeWidth=1, opacity=0.22)
        .transform_filter("datum.figures == 0")
        .encode(tooltip=[*tooltip[:2], alt.Tooltip("newest:N", title=label(lang, "field.figures"))])
    )
    height = _HEADER_HEIGHT + _ROW_HEIGHT * grid["place_id"].nunique()
    return alt.layer(cells, gaps).properties(height=height)


def _with_gaps(frame: pd.DataFrame, lang: str) -> pd.DataFrame:
    """Return the full grid, with 0 figures where there are none; places in the order of their lists."""
    order = {place_id: rank for rank, place_id in enumerate([COUNTRY_ID, *units()])}
    places = (
        frame[["place_id", "place", "row"]]
        .drop_duplicates()
        .sort_values("place_id", key=lambda ids: ids.map(order))
    )
    width = (
        frame.groupby(["indicator_id", "indicator"], as_index=False)
        .size()
        .sort_values("size", ascending=False)
    )
    grid = places.merge(width[["indicator_id", "indicator"]], how="cross")
    grid = grid.merge(frame, how="left", on=list(grid.columns))
    none = label(lang, "overview.no_data")
    return grid.fillna({"figures": 0, "newest": none})
