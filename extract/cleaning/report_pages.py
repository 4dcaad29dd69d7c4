"""What a report holds before it is an article: parts in order and where pages begin; and the same as JSON."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from extract.cleaning.tables import Grid, GridCell


@dataclass(frozen=True, slots=True)
class Pages:
    """The parts of a document in order, and where each page begins: a part's index and an offset in it."""

    parts: tuple[str | Grid, ...]
    starts: tuple[tuple[int, int], ...] = ()


def as_json(pages: Pages) -> bytes:
    """Return pages as JSON."""
    parts = [part if isinstance(part, str) else _table(part) for part in pages.parts]
    return json.dumps({"parts": parts, "starts": pages.starts}).encode()


def from_json(data: bytes) -> Pages:
    """Return the pages that `as_json` wrote; raises ValueError, KeyError or TypeError for anything else."""
    document = json.loads(data)
    parts = tuple(part if isinstance(part, str) else _grid(part) for part in document["parts"])
    return Pages(parts, tuple((int(part), int(inside)) for part, inside in document["starts"]))


def _table(grid: Grid) -> dict[str, Any]:
    rows = [[[cell.text, cell.header, cell.origin] for cell in row] for row in grid.rows]
    return {"rows": rows, "caption": grid.caption, "page": grid.page_number}


def _grid(table: dict[str, Any]) -> Grid:
    rows = tuple(
        tuple(GridCell(str(text), bool(header), bool(origin)) for text, header, origin in row)
        for row in table["rows"]
    )
    return Grid(rows, caption=table["caption"], page_number=table["page"])
