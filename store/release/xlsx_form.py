"""XLSX: a sheet for each table, written row by row; text is text, never a formula or a link.

Control characters, which XML has no room for, are written as Excel writes them (`_x0001_`), so that Excel
shows the text as it was. A cell longer than Excel's 32,767 UTF-16 units is cut and says so; a table with more
rows than a sheet holds goes on in a sheet "figures 2".
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from itertools import count
from pathlib import Path
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.exceptions import XlsxWriterException
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from store.columns import Column
from store.errors import StoreError
from store.release.parquet_form import as_date
from store.release.tables import Table, Values

Sink = Callable[[Sequence[Values]], None]

MOST_ROWS = 1_048_576  # of a sheet, its heading included
_MOST_COLUMNS = 16_384
LONGEST_CELL = 32_767  # UTF-16 units
_FIRST_DAY = date(1900, 3, 1)  # Excel counts the days before it wrong
_WIDTHS = {"text": 24, "id": 18, "date": 11, "datetime": 20, "list": 18}
_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


@contextmanager
def workbook(
    path: Path, title: str, created: str | None, *, most_rows: int = MOST_ROWS
) -> Iterator[Callable[[Table], Sink]]:
    """Give a function that begins a table and returns what writes its rows; one table after another.

    `created` is an ISO date and time, kept in the file in the place of the clock. Raises StoreError for a
    table with more columns than a sheet has, and OSError when the file cannot be written.
    """
    book = Workbook(str(path), {**_OPTIONS, "tmpdir": str(path.parent)})
    day = datetime.fromisoformat(created).astimezone(UTC) if created else datetime(2000, 1, 1, tzinfo=UTC)
    book.set_properties({"title": title, "created": day.replace(tzinfo=None)})
    formats = {
        "heading": book.add_format({"bold": True, "bottom": 1}),
        "date": book.add_format({"num_format": "yyyy-mm-dd"}),
    }
    try:
        yield lambda table: _sheets(book, table, formats, most_rows)
        book.close()
    except XlsxWriterException as error:
        raise OSError(str(error)) from error


def cut(text: str) -> str:
    """Return a text that fits into a cell; one that is too long ends in a mark that says so."""
    if 2 * len(text) <= LONGEST_CELL:  # no character takes more than two units
        return text
    units = text.encode("utf-16-le")
    if len(units) <= 2 * LONGEST_CELL:
        return text
    mark = f" […cut: {len(text)} characters]"
    return units[: 2 * (LONGEST_CELL - len(mark))].decode("utf-16-le", "ignore") + mark


def _sheets(book: Workbook, table: Table, formats: dict[str, Format], most_rows: int) -> Sink:
    """Return what writes the rows of a table, in as many sheets as they need."""
    if len(table.columns) > _MOST_COLUMNS:
        raise StoreError(f"An Excel sheet holds {_MOST_COLUMNS} columns; {table.name} has more.")
    writers = [_writer(column, formats) for column in table.columns]
    names = (table.name if number == 1 else f"{table.name} {number}" for number in count(1))
    sheet, at = _sheet(book, next(names), table, formats), 1

    def write(rows: Sequence[Values]) -> None:
        nonlocal sheet, at
        for row in rows:
            if at == most_rows:
                sheet, at = _sheet(book, next(names), table, formats), 1
            for place, (put, value) in enumerate(zip(writers, row, strict=True)):
                if value is not None:
                    put(sheet, at, place, value)
            at += 1

    return write


def _sheet(book: Workbook, name: str, table: Table, formats: dict[str, Format]) -> Worksheet:
    sheet = book.add_worksheet(name)
    for place, column in enumerate(table.columns):
        sheet.set_column(place, place, _WIDTHS.get(column.type, 11))
        sheet.write_string(0, place, column.name, formats["heading"])
    sheet.freeze_panes(1, 0)
    return sheet


def _writer(column: Column, formats: dict[str, Format]) -> Callable[[Worksheet, int, int, Any], Any]:
    if column.type == "boolean":
        return lambda sheet, row, place, value: sheet.write_boolean(row, place, value)
    if column.type in ("integer", "number"):
        return lambda sheet, row, place, value: sheet.write_number(row, place, float(value))
    if column.type == "list":
        return lambda sheet, row, place, value: _write_text(sheet, row, place, ";".join(value))
    if column.type == "date":

        def write_date(sheet: Worksheet, row: int, place: int, value: str) -> None:
            day = as_date(value)
            if day is None or day < _FIRST_DAY:
                _write_text(sheet, row, place, value)
            else:
                sheet.write_datetime(row, place, day, formats["date"])

        return write_date
    return _write_text


def _write_text(sheet: Worksheet, row: int, place: int, text: str) -> None:
    text = cut(text)
    if text.startswith("<r>") and text.endswith("</r>"):
        # The writer takes such a text for markup of its own and would put it into the XML as it is.
        sheet.write_rich_string(row, place, "<", "r", text[2:])
    elif text:
        sheet.write_string(row, place, text)
