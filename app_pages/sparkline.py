"""A line of values as small as a word: stretches without a missing period, a point at the newest value."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from datetime import date
from html import escape
from itertools import groupby
from typing import Any

_EDGE = 4  # so that points are not cut
# A picture does not know the page that it stands on; as the logo it asks the browser for the theme.
_STYLE = (
    "<style>polyline{fill:none;stroke:#5d656b;stroke-width:1.5}.alone{fill:#5d656b}.newest{fill:#1f4e79}"
    "@media(prefers-color-scheme:dark){polyline{stroke:#a4adb3}.alone{fill:#a4adb3}.newest{fill:#8fbbe3}}</style>"
)

Row = Mapping[str, Any]


def sparkline(
    rows: Sequence[Row],
    said: str,
    *,
    width: int = 132,
    height: int = 34,
    ranks: bool = False,
    days: tuple[str, str] | None = None,
    levels: tuple[float, float] | None = None,
) -> str:
    """Return the line as the HTML of a picture that is read as `said`; "" where there is nothing to draw.

    Rows are those of store/series.py, of one place, in the order of time; rows without `run` are points.
    `days` and `levels` are the ends of the axes, for lines that are compared; of ranks 1 is at the top.
    """
    drawn = [row for row in rows if row["level"] is not None and row["day"]]
    if not drawn:
        return ""
    first, last = days or (drawn[0]["day"], drawn[-1]["day"])
    low, high = levels or (min(row["level"] for row in drawn), max(row["level"] for row in drawn))
    if ranks:
        low, high = high, low

    def spot(row: Row) -> str:
        x = _along(_number(row["day"]), _number(first), _number(last))
        y = 1 - _along(row["level"], low, high)
        return f"{_EDGE + x * (width - 2 * _EDGE):.1f},{_EDGE + y * (height - 2 * _EDGE):.1f}"

    lines = []
    for _, run in groupby(drawn, key=lambda row: row.get("run", id(row))):
        spots = [spot(row) for row in run]
        if len(spots) > 1:
            lines.append(f'<polyline points="{" ".join(spots)}"/>')
        else:
            x, y = spots[0].split(",")
            lines.append(f'<circle class="alone" cx="{x}" cy="{y}" r="1.8"/>')
    x, y = spot(drawn[-1]).split(",")
    picture = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}">{_STYLE}{"".join(lines)}'
        f'<circle class="newest" cx="{x}" cy="{y}" r="3"/></svg>'
    )
    coded = base64.b64encode(picture.encode()).decode()
    return f'<img class="spark" alt="{escape(said)}" src="data:image/svg+xml;base64,{coded}">'


def _number(day: str) -> float:
    return float(date.fromisoformat(day).toordinal())


def _along(value: float, low: float, high: float) -> float:
    return 0.5 if low == high else (value - low) / (high - low)
