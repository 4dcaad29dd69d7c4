"""The tile map: a square a province, shaded by its value, hatched where there is none."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt
import pandas as pd

from app_pages.charts import DOUBT, INK, SHADES, axis_format, localised, scale_of
from app_pages.labels import label
from app_pages.map_values import Told
from app_pages.tilegrid import Tile, tiles
from store.forms import Form

TILE = "tile"  # the chart's selection: field place_id

_SIDE = 0.94  # of a tile; the rest is the gap to the next
_HEIGHTS = {"63": 44, "34": 50}
_SKEWED = 60  # times as much at the top as at the bottom: shades by magnitude
_DARK_FROM = {"light": 0.6, "dark": 0.5}  # how far along the shades letters change their colour
_ON_DARK, _ON_LIGHT = "#ffffff", "#17191c"
_LINE = 0.26  # of a tile
_STRIPES = (0.25, 0.5, 0.75, 1.0)

Frame = pd.DataFrame


def map_chart(
    found: Sequence[Told], regime: str, form: Form, lang: str, theme: str, *, ranks: bool, chosen: str | None
) -> alt.LayerChart:
    """Return the map of a list of provinces; the tile of `chosen` has a thick edge."""
    frame, unit, kind, stops = _frame(found, regime, form, lang, theme, ranks=ranks)
    columns, rows = frame["x2"].max(), frame["y2"].max()
    base = alt.Chart(frame).encode(
        x=alt.X("x:Q", axis=None).scale(domain=[-0.05, columns + 0.05], nice=False),
        y=alt.Y("y:Q", axis=None).scale(domain=[-0.05, rows + 0.05], nice=False, reverse=True),
        x2="x2:Q",
        y2="y2:Q",
    )
    shade = (
        alt.Color("level:Q")
        .scale(domain=stops, range=SHADES[theme][::-1] if ranks else SHADES[theme], type=kind)
        .legend(_legend(unit, frame, theme, ranks=ranks))
    )
    tooltip = [
        alt.Tooltip(f"{name}:N", title=label(lang, key))
        for name, key in (("name", "field.place"), ("value", "field.value"), ("when", "field.period"))
    ]
    known, none = frame["state"] == "value", frame["state"] != "value"
    layers = []
    if none.any():
        layers.append(
            base.transform_filter("datum.state != 'value'").mark_rect(
                cornerRadius=2,
                stroke=INK[theme],
                strokeOpacity=0.5,
                fill=INK[theme],
                fillOpacity=0.04,
                aria=False,
            )
        )
        layers += _hatching(frame, theme)
    if known.any():
        shaded = base.transform_filter("datum.state == 'value'").mark_rect(cornerRadius=2, aria=False)
        layers.append(shaded.encode(color=shade))
    layers += [
        *_edges(frame, base, theme, chosen),
        *_names(frame),
        # Above all others what is clicked, and read aloud: a clear square, whether there is a value or none.
        base.mark_rect(fill=INK[theme], fillOpacity=0, cursor="pointer")
        .encode(description="said:N", tooltip=tooltip)
        .add_params(alt.selection_point(name=TILE, fields=["place_id"], toggle=False)),
    ]
    height = _HEIGHTS[regime] * math.ceil(rows) + 60
    return localised(alt.layer(*layers).properties(height=height).configure_view(stroke=None), lang)


def _legend(unit: str, frame: Frame, theme: str, *, ranks: bool) -> alt.Legend | None:
    """Return the legend of the shades, None where there are not two to be told apart."""
    if frame["level"].nunique() < 2:
        return None
    return alt.Legend(
        orient="bottom",
        direction="horizontal",
        title=unit,
        titleColor=INK[theme],
        labelColor=INK[theme],
        titleLimit=320,
        gradientLength=220,
        tickCount=4,
        format=axis_format(frame["level"], ranked=ranks)["format"],
    )


def _frame(
    found: Sequence[Told], regime: str, form: Form, lang: str, theme: str, *, ranks: bool
) -> tuple[Frame, str, str, list[float]]:
    """Return a row a tile, the unit of the levels, the kind of their scale and where its shades stand."""
    by_place = {one.place_id: one for one in found}
    levels = pd.Series([one.level for one in found if one.level is not None], dtype=float)
    scale, unit = scale_of(levels, form, lang)
    kind = (
        "log"
        if len(levels) and levels.min() > 0 and levels.max() / levels.min() > _SKEWED and not ranks
        else "linear"
    )
    rows = [_row(tile, by_place[tile.place_id]) for tile in tiles(regime)]
    frame = pd.DataFrame(rows)
    frame["level"] = frame["level"].astype(float) / scale
    frame["ink"] = [_ink(level, levels / scale, kind, theme, ranks=ranks) for level in frame["level"]]
    return frame, unit, kind, _stops(levels / scale, kind, len(SHADES[theme]))


def _stops(levels: pd.Series, kind: str, count: int) -> list[float]:
    """Return so many levels at equal distances from the least to the greatest, for the shades."""
    low, high = (levels.min(), levels.max()) if len(levels) else (0.0, 1.0)
    high = high if high > low else low + 1
    steps = [step / (count - 1) for step in range(count)]
    if kind == "log":
        return [low * (high / low) ** step for step in steps]
    return [low + (high - low) * step for step in steps]


def _row(tile: Tile, known: Told) -> Mapping[str, Any]:
    name = known.name if tile.archipelago is None else f"{tile.archipelago} ({known.name})"
    return {
        "place_id": tile.place_id,
        "name": name,
        "lines": "\n".join(tile.label),
        "x": float(tile.column),
        "x2": tile.column + _SIDE,
        "y": float(tile.row),
        "y2": tile.row + _SIDE,
        "level": known.level,
        "value": known.value,
        "when": known.when,
        "state": known.state,
        "dash": "solid" if tile.archipelago is None else "dashed",
        "said": f"{name}: {known.value}",
    }


def _ink(level: float, levels: pd.Series, kind: str, theme: str, *, ranks: bool) -> str:
    """Return the colour of the letters on a shade."""
    if math.isnan(level):
        return INK[theme]
    low, high, at = levels.min(), levels.max(), level
    if kind == "log":
        low, high, at = math.log(low), math.log(high), math.log(level)
    along = 0.0 if high == low else (at - low) / (high - low)
    along = 1 - along if ranks else along
    shaded = along >= _DARK_FROM[theme]
    return _ON_DARK if shaded == (theme == "light") else _ON_LIGHT


def _hatching(frame: Frame, theme: str) -> list[alt.Chart]:
    """Return stripes over tiles without a value, leaning one way for no data, the other for no comparison."""
    stripes = [
        stripe
        for tile in frame[frame["state"] != "value"].to_dict("records")
        for share in _STRIPES
        for stripe in _stripe(tile, share * _SIDE)
    ]
    lines = pd.DataFrame(stripes, columns=["x", "y", "x2", "y2", "state"])
    colours = {"missing": INK[theme], "incomparable": DOUBT[theme]}
    return [
        alt.Chart(lines[lines["state"] == state])
        .mark_rule(strokeWidth=1, opacity=0.22, color=colour, aria=False)
        .encode(x=_bare("x"), y=_bare("y"), x2="x2:Q", y2="y2:Q")
        for state, colour in colours.items()
        if (lines["state"] == state).any()
    ]


def _stripe(tile: Mapping[str, Any], at: float) -> list[dict[str, Any]]:
    """Return the two stripes of a tile that begin at this distance from its corners."""
    left, top, state = tile["x"], tile["y"], tile["state"]
    right, bottom = left + _SIDE, top + _SIDE
    shift = _SIDE - at
    pairs = [(left, top + at, left + at, top), (left + shift, bottom, right, top + shift)]
    if state != "missing":
        pairs = [(left + shift, top, right, top + at), (left, top + shift, left + at, bottom)]
    return [{"x": x, "y": y, "x2": x2, "y2": y2, "state": state} for x, y, x2, y2 in pairs]


def _names(frame: Frame) -> list[alt.Chart]:
    """Return the names in the tiles, a layer for each colour of letters."""
    above = frame["lines"].str.count("\n") * _LINE / 2  # Vega puts the first of several lines in the middle
    middle = frame.assign(x=frame["x"] + _SIDE / 2, y=frame["y"] + _SIDE / 2 - above)
    return [
        alt.Chart(middle[middle["ink"] == ink])
        .mark_text(fontSize=10.5, lineBreak="\n", lineHeight=12, baseline="middle", color=ink, aria=False)
        .encode(x=_bare("x"), y=_bare("y"), text="lines:N")
        for ink in sorted(set(frame["ink"]))
    ]


def _bare(name: str) -> alt.X | alt.Y:
    """Return the channel x or y without an axis, which has to be said in every layer."""
    return (alt.X if name == "x" else alt.Y)(f"{name}:Q", axis=None)


def _edges(frame: Frame, base: alt.Chart, theme: str, chosen: str | None) -> list[alt.Chart]:
    """Return the dashed edges of the archipelagos, and the thick edge of the chosen province."""
    edges = [
        base.transform_filter("datum.dash == 'dashed'").mark_rect(
            filled=False, stroke=INK[theme], strokeDash=[3, 2], cornerRadius=2, aria=False
        )
    ]
    if chosen is not None and (frame["place_id"] == chosen).any():
        edges.append(
            base.transform_filter(f"datum.place_id == '{chosen}'").mark_rect(
                filled=False, stroke=DOUBT[theme], strokeWidth=3, cornerRadius=2, aria=False
            )
        )
    return edges
