"""A table taken apart: its rows of names and figures, and for every numeric cell the headings it is under."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import regex

from extract.analysis import Quantity
from extract.table.cell_numbers import Content, Marks, content_of, marks_of, read_cell
from extract.table.headings import is_in, read_heading
from extract.table.table_columns import Columns, read_columns
from extract.table.table_heads import column_headings, find_head, is_name
from extract.text import fold
from store.records import Cell, Table

_SECTION = regex.compile(r"\s*(?:[A-H]|[IVX]{1,5})[.)]?\s*")
_BARE_NUMBER = regex.compile(r"\d{4,}")


@dataclass(frozen=True, slots=True)
class Entry:
    """A numeric cell with its quantities (offsets into the text) and headings, outer ones first."""

    cell: Cell
    quantities: tuple[Quantity, ...]
    row: tuple[Cell, ...]
    column: tuple[Cell, ...]
    unit: str | None = None  # of the row's unit column
    left: tuple[
        tuple[Cell, ...], ...
    ] = ()  # headings of the columns of figures left of it, the nearest first


@dataclass(frozen=True, slots=True)
class Sheet:
    """The figures of a table with their headings."""

    entries: tuple[Entry, ...] = ()
    titles: tuple[str, ...] = ()  # rows over the whole width above the headings
    label_heading: str = ""  # what stands over the rows' names
    labels: tuple[str, ...] = ()  # the names of all rows
    headings: tuple[tuple[Cell, ...], ...] = ()  # of every column, outer ones first


@dataclass(slots=True)
class _Parents:
    """The headings that rows below them stand under: a section, and rows whose parts are bulleted."""

    section: Cell | None = None
    bulleted: dict[str, Cell] = field(default_factory=dict)

    def over(self, label: Cell | None, number: str = "") -> tuple[Cell, ...]:
        """Return the section and, of a bulleted row, the row it is a part of; `label` counts for the next.

        `number` is what the numbering column of the row holds.
        """
        found = [self.section] if self.section is not None else []
        if label is None or is_in(label.text, "parts"):
            return tuple(found)
        bullet = (number.strip() or read_heading(label.text).numbering)[:1]
        level = bullet if bullet in ("-", "+", "*", "•") else ""
        if level:
            outer = self.bulleted.get("-") if level == "+" else None
            parent = outer or self.bulleted.get("")
            if parent is not None:
                found.append(parent)
        else:
            self.bulleted.clear()
        self.bulleted[level] = label
        return tuple(found)


def read_sheet(table: Table, text: str, before: Sheet | None = None) -> Sheet:
    """Return the numeric cells of `table` under their headings; `text` is the folded text of its article.

    A table without headings that goes on from the page before, as wide as that one, has those of `before`.
    """
    rows = _matrix(table)
    marks = marks_of(cell.text for row in rows for cell in row)
    kinds = [[content_of(cell.text, marks) for cell in row] for row in rows]
    titles, first, heads = find_head(rows, kinds)
    body = range(heads, len(rows))
    if not any("number" in kinds[row] for row in body):
        return Sheet()
    heading = column_headings(rows, range(first, heads))
    if first == heads and before is not None and len(before.headings) == len(heading):
        heading = before.headings
    columns = read_columns(rows, kinds, heading, body)
    _settle_years(rows, kinds, columns, body)
    entries: list[Entry] = []
    labels: list[str] = []
    parents = _Parents()
    above: dict[int, Cell] = {}
    for row in body:
        if _is_section(rows[row], kinds[row], columns):
            parents = _Parents(_section(rows[row], columns))
            continue
        own = _labels(rows[row], columns, above)
        labels += [own[-1].text] if own else []
        number = rows[row][columns.ordinal].text if columns.ordinal is not None else ""
        path = (*parents.over(own[-1] if own else None, number), *own)
        if own and is_in(own[-1].text, "no_figures"):
            continue
        unit = rows[row][columns.unit].text if columns.unit is not None else None
        for column in columns.values:
            cell = rows[row][column]
            found = _quantities(cell, kinds[row][column], marks, text)
            if found:
                left = tuple(heading[other] for other in reversed(columns.values) if other < column)
                entries.append(Entry(cell, found, path, heading[column], unit, left))
    named = " ".join(cell.text for column in columns.labels[-1:] for cell in heading[column])
    return Sheet(tuple(entries), titles, named, tuple(labels), heading)


def _matrix(table: Table) -> list[list[Cell]]:
    """Return the cells by row and column with folded text; places without a cell are empty."""
    height = 1 + max((cell.row for cell in table.cells), default=-1)
    width = 1 + max((cell.column for cell in table.cells), default=-1)
    rows = [[Cell(row=row, column=column, text="") for column in range(width)] for row in range(height)]
    for cell in table.cells:
        rows[cell.row][cell.column] = replace(cell, text=fold(cell.text))
    return rows


def _settle_years(
    rows: Sequence[Sequence[Cell]], kinds: list[list[Content]], columns: Columns, body: range
) -> None:
    """Take four digits that look like a year for a number where the column writes thousands without marks."""
    for column in columns.values:
        texts = [rows[row][column].text.strip() for row in body if kinds[row][column] == "number"]
        if any(_BARE_NUMBER.fullmatch(text) for text in texts):
            for row in body:
                if kinds[row][column] == "time" and _BARE_NUMBER.fullmatch(rows[row][column].text.strip()):
                    kinds[row][column] = "number"


def _is_section(row: Sequence[Cell], kinds: Sequence[Content], columns: Columns) -> bool:
    """Say whether a row is a heading over those below: one name over the whole width, or a numbered one."""
    names = {cell.text for cell in row if is_name(cell) and cell.column != columns.ordinal}
    name = next(iter(names), "")
    if len(names) != 1 or is_in(name, "parts"):
        return False
    if any(kinds[column] == "number" or row[column].text.strip() == "-" for column in columns.values):
        return False
    if sum(cell.text == name for cell in row) > max(1, len(row) // 2):
        return True
    numbered = columns.ordinal is not None and _SECTION.fullmatch(row[columns.ordinal].text) is not None
    lettered = _SECTION.fullmatch(read_heading(name).numbering) is not None
    return numbered or lettered or name.isupper() or name.endswith(":")


def _section(row: Sequence[Cell], columns: Columns) -> Cell | None:
    """Return the name of a section; None for one in capitals, which names a chapter and no thing measured."""
    name = next(cell for cell in row if is_name(cell) and cell.column != columns.ordinal)
    return None if name.text.isupper() and " " in name.text else name


def _labels(row: Sequence[Cell], columns: Columns, above: dict[int, Cell]) -> tuple[Cell, ...]:
    """Return the row's names from the left; an empty one of several is that of the row above."""
    found: list[Cell] = []
    for column in columns.labels:
        cell = row[column]
        if not cell.text and column != columns.labels[-1]:
            cell = replace(above[column], start=-1, end=-1) if column in above else cell
        else:
            above[column] = cell
        if cell.text and all(each.text != cell.text for each in found):
            found.append(cell)
    return tuple(found)


def _quantities(cell: Cell, kind: Content, marks: Marks, text: str) -> tuple[Quantity, ...]:
    """Return the quantities of a cell at their offsets in the text; () for a copy of a merged cell."""
    if kind != "number" or cell.start < 0 or text[cell.start : cell.end] != cell.text:
        return ()
    return tuple(_moved(quantity, cell.start) for quantity in read_cell(cell.text, marks))


def _moved(quantity: Quantity, by: int) -> Quantity:
    return replace(
        quantity,
        start=quantity.start + by,
        end=quantity.end + by,
        unit_end=quantity.unit_end + by,
        left=quantity.left + by,
    )
