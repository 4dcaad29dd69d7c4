"""The map as a grid of squares: where each province and the two archipelagos lie in it."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_DATA = Path(__file__).resolve().parent.parent / "data"


@dataclass(frozen=True, slots=True)
class Tile:
    """One square; an archipelago has the name of its own and the id of the province that it belongs to."""

    place_id: str
    label: tuple[str, ...]  # its lines
    row: int
    column: int
    archipelago: str | None = None


@cache
def tiles(regime: str) -> tuple[Tile, ...]:
    """Return the squares of the "63" or the "34", archipelagos last. Raises ValueError for another list."""
    if regime not in ("63", "34"):
        raise ValueError(f"There is no grid of {regime!r}.")
    provinces = [_tile(row, row["place_id"]) for row in _rows(f"tilegrid_{regime}.csv")]
    islands = [
        _tile(row, row["belongs_to"], row["name"])
        for row in _rows("tilegrid_islands.csv")
        if row["list"] == regime
    ]
    return (*provinces, *islands)


def _tile(row: dict[str, str], place_id: str, archipelago: str | None = None) -> Tile:
    return Tile(place_id, tuple(row["label"].split("/")), int(row["row"]), int(row["column"]), archipelago)


def _rows(name: str) -> list[dict[str, str]]:
    with (_DATA / name).open(encoding="utf-8", newline="") as table:
        return list(csv.DictReader(table))
