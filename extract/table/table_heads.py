"""The headings of a table's columns: titles, one or more rows of headings, a row that numbers the columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import regex

from extract.table.cell_numbers import Content
from extract.table.headings import is_in
from store.records import Cell

_LETTER = regex.compile(r"\p{L}")
_FIRST_DIGITS = regex.compile(r"[0-9]{1,2}")
_COLUMN_NUMBER = regex.compile(r"\s*\(?(?:\d{1,2}|\p{L})(?:\s?=[^)]{1,20})?\)?\s*")


def is_name(cell: Cell) -> bool:
    """Say whether a cell holds words."""
    return _LETTER.search(cell.text) is not None


def find_head(
    rows: Sequence[Sequence[Cell]], kinds: Sequence[Sequence[Content]]
) -> tuple[tuple[str, ...], int, int]:
    """Return the titles in the first rows, the first row of headings, and the first row below them."""
    titles: list[str] = []
    first = 0
    while first < len(rows) - 1 and (title := _title(rows[first], kinds[first])) is not None:
        titles.append(title)
        first += 1
    end = first
    while end < len(rows) and _is_head(rows, kinds, first, end):
        end += 1
    return tuple(titles), first, end


def _title(row: Sequence[Cell], kinds: Sequence[Content]) -> str | None:
    """Return the words of a row that has only them; None for another row, and where rows are short."""
    names = {cell.text for cell in row if cell.text}
    if len(row) < 3 or "number" in kinds or len(names) != 1:
        return None
    return next((name for name in names if _LETTER.search(name)), None)


def _is_head(
    rows: Sequence[Sequence[Cell]], kinds: Sequence[Sequence[Content]], first: int, row: int
) -> bool:
    """Say whether a row goes on with the headings that begin at `first`."""
    if row > first and _is_numbering(rows[row]):
        return True
    if "number" in kinds[row] or not any(kind != "empty" for kind in kinds[row]):
        return False
    if row == first:
        return True
    if len({cell.text for cell in rows[row] if cell.text}) < 2:
        return False
    above = rows[row - 1]
    for column, cell in enumerate(rows[row]):
        if cell.text and cell.start < 0 and cell.text == above[column].text:
            return True  # a heading that spans both rows
        if cell.text and above[column].text in ("", above[column - 1].text if column else ""):
            return True  # a part of the heading over several columns
    return all(cell.header for cell in rows[row] if cell.text) and any(cell.text for cell in rows[row])


def _is_numbering(row: Sequence[Cell]) -> bool:
    """Say whether a row numbers the columns: "A", "B", "1", "2", "3=2/1"."""
    texts = [cell.text for cell in row if cell.text]
    digits = [int(found.group()) for text in texts if (found := _FIRST_DIGITS.search(text))]
    if len(texts) < 3 or len(digits) < 2 or not all(_COLUMN_NUMBER.fullmatch(text) for text in texts):
        return False
    return all(b - a == 1 for a, b in pairwise(digits)) and digits[0] <= 3


def column_headings(rows: Sequence[Sequence[Cell]], head: range) -> tuple[tuple[Cell, ...], ...]:
    """Return for every column its headings from the top; "trong đó" gives way to the heading left of it."""
    width = len(rows[0]) if rows else 0
    spread = {row: list(rows[row]) for row in head if not _is_numbering(rows[row])}
    for row, cells in spread.items():
        below = spread.get(row + 1)
        for column in range(1, width):
            if not cells[column].text and below and below[column].text and below[column - 1].text:
                cells[column] = replace(cells[column - 1], start=-1, end=-1)
    found: list[tuple[Cell, ...]] = []
    for column in range(width):
        path: list[Cell] = []
        for cells in spread.values():
            cell = cells[column]
            if is_in(cell.text, "parts"):
                left = next((c for c in range(column - 1, -1, -1) if cells[c].text != cell.text), None)
                path += [each for each in (found[left] if left is not None else ()) if each not in path]
            elif cell.text and all(each.text != cell.text for each in path):
                path.append(cell)
        found.append(tuple(path))
    return tuple(found)
