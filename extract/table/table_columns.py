"""What the columns of a table hold: the rows' names, their units, their numbering, or figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import regex

from extract.table.cell_numbers import Content
from extract.table.headings import begins_with, is_in, read_unit_words
from store.records import Cell

_ORDINAL = regex.compile(r"\s*(?:\d{1,3}(?:\.\d{1,2})*|[IVXLC]{1,6}|\p{L})[.)]?\s*")
_LETTER = regex.compile(r"\p{L}")


@dataclass(frozen=True, slots=True)
class Columns:
    """What the columns of a table hold."""

    labels: tuple[int, ...]
    values: tuple[int, ...]
    unit: int | None = None
    ordinal: int | None = None


def read_columns(
    rows: Sequence[Sequence[Cell]],
    kinds: Sequence[Sequence[Content]],
    headings: Sequence[Sequence[Cell]],
    body: range,
) -> Columns:
    """Return what each column holds: the rows' names stand left of the first column of numbers."""
    width = len(rows[0])
    heads = [" ".join(cell.text for cell in path) for path in headings]
    ordinal = next((c for c in range(min(width, 2)) if _is_ordinal(rows, heads, c, body)), None)
    unit = next((c for c in range(width) if _is_unit(rows, heads, c, body)), None)
    taken = {ordinal, unit}
    free = [column for column in range(width) if column not in taken]
    figures = {c for c in free if not begins_with(heads[c], "no_figures")}
    numeric = [column for column in free if _share(kinds, column, body, "number") >= 0.5]
    first = next((c for c in numeric if c in figures), next(iter(free[1:]), 0))
    names = [c for c in free if c < first]
    labels = (
        [c for c in names if c not in numeric and not is_in(heads[c], "not_a_period")]
        or names[:1]
        or [c for c in free if _share(kinds, c, body, "text") >= 0.5][:1]
    )
    values = [c for c in free if c in figures and c not in labels]
    return Columns(tuple(labels), tuple(values), unit, ordinal)


def _share(kinds: Sequence[Sequence[Content]], column: int, body: range, wanted: Content) -> float:
    found = [kinds[row][column] for row in body if kinds[row][column] != "empty"]
    return sum(kind == wanted for kind in found) / len(found) if found else 0.0


def _is_ordinal(rows: Sequence[Sequence[Cell]], heads: Sequence[str], column: int, body: range) -> bool:
    """Say whether a column numbers the rows, by its heading or by 1, 2 or I, II beside a column of names."""
    if is_in(heads[column], "ordinal_column"):
        return True
    texts = [rows[row][column].text for row in body if rows[row][column].text]
    if column > 0 or len(rows[0]) < 3 or len(texts) < 2 or heads[column].strip():
        return False
    names = sum(bool(_LETTER.search(rows[row][1].text)) for row in body)
    return names >= len(body) / 2 and all(_ORDINAL.fullmatch(text) for text in texts)


def _is_unit(rows: Sequence[Sequence[Cell]], heads: Sequence[str], column: int, body: range) -> bool:
    """Say whether a column holds units, by its heading or by what stands in it."""
    texts = [rows[row][column].text for row in body if rows[row][column].text]
    known = sum(read_unit_words(text) is not None for text in texts)
    if is_in(heads[column], "unit_column"):
        return known >= len(texts) / 3
    return column > 0 and len(texts) > 1 and known == len(texts)
