"""Many small charts in one picture, a panel each: a province, or an indicator of a province."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from textwrap import wrap
from typing import Any

import altair as alt
import pandas as pd

from app_pages.charts import INK, LINES, localised

COLUMNS = 4
WIDTH = 4 * 190  # pixels of the picture, about

_PANEL, _HEIGHT = 140, 70
_TITLE = 27  # characters of a line
_MOST_LINES = 3

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Panel:
    """One small chart: its title and its values, of one place in the order of time."""

    title: str
    rows: Sequence[Row]  # of store/series.py, with `day` and `level`
    ranks: bool  # 1 is at the top


def panels_chart(
    panels: Sequence[Panel],
    lang: str,
    theme: str,
    *,
    days: tuple[str, str] | None = None,
    levels: tuple[float, float] | None = None,
) -> alt.ConcatChart:
    """Return the panels in rows; all on the same axes where `days` and `levels` give their ends."""
    drawn = [_panel(panel, lang, theme, days, levels) for panel in panels]
    return localised(alt.concat(*drawn, columns=COLUMNS), lang)


def _panel(
    panel: Panel, lang: str, theme: str, days: tuple[str, str] | None, levels: tuple[float, float] | None
) -> alt.LayerChart:
    frame = pd.DataFrame(
        [
            {"day": row["day"], "level": float(row["level"]), "run": row.get("run", place)}
            for place, row in enumerate(panel.rows)
            if row["level"] is not None and row["day"]
        ]
    )
    first, last = days or (frame["day"].min(), frame["day"].max())
    ends = {"domain": list(levels)} if levels and levels[0] < levels[1] else {}
    base = alt.Chart(frame).encode(
        x=alt.X("day:T", title=None)
        .scale(domain=[first, last], padding=8)
        .axis(
            values=sorted({first, last}),
            format=_day_format(panel.rows[0]["span"], lang),
            grid=False,
            labelFontSize=10,
            labelFlush=True,
        ),
        y=alt.Y("level:Q", title=None)
        .scale(zero=False, reverse=panel.ranks, nice=levels is None, padding=6, **ends)
        .axis(tickCount=3, format=",.3~f", labelFontSize=10),
        detail="run:N",
    )
    colour = LINES[theme][0]
    title = wrap(panel.title, _TITLE)
    title = title[:_MOST_LINES] + ["…"] * (len(title) > _MOST_LINES)
    return alt.layer(
        base.mark_line(color=colour, strokeWidth=1.5), base.mark_circle(color=colour, size=22, opacity=1)
    ).properties(
        width=_PANEL,
        height=_HEIGHT,
        title=alt.Title(title, anchor="start", fontSize=11, color=INK[theme], frame="group"),
    )


def _day_format(span: str, lang: str) -> str:
    """Return how the ends of an axis are written: the year alone where periods are of whole years."""
    if span == "year" or (span.startswith("m") and span[1:].isdecimal()):
        return "%Y"
    return "%m/%Y" if lang == "vi" else "%Y-%m"
