"""The text of an article put together from its title, lead, paragraphs and tables, with true cell offsets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from extract.cleaning.tables import Grid, render
from store.records import Table


@dataclass(frozen=True, slots=True)
class Composed:
    """Text, a paragraph or table row a line; its tables; and where each part began (-1 for an empty one)."""

    text: str
    tables: tuple[Table, ...]
    starts: tuple[int, ...]


def compose(parts: Sequence[str | Grid]) -> Composed:
    """Return the parts joined by line ends, empty ones left out, a table's caption on the line before it."""
    lines: list[str] = []
    tables: list[Table] = []
    starts: list[int] = []
    position = 0
    for part in parts:
        starts.append(position if part else -1)
        if isinstance(part, Grid):
            if part.caption and (not lines or lines[-1] != part.caption):
                lines.append(part.caption)
                position += len(part.caption) + 1
            text, table = render(part, position)
            tables.append(table)
        else:
            text = part
        if text:
            lines.append(text)
            position += len(text) + 1
    return Composed("\n".join(lines), tuple(tables), tuple(starts))
