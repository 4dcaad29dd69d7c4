"""CSV: UTF-8, "." decimals, ISO dates, empty means missing, RFC 4180 quotes.

The plain profile is faithful to the last character. The Excel profile has a byte order mark and CRLF,
and puts an apostrophe before text that a spreadsheet would run as a formula; numbers are left alone.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal
from types import MappingProxyType, SimpleNamespace
from typing import Any, Literal

import regex

from store.columns import Column
from store.release.tables import Values

Profile = Literal["plain", "excel"]

# "=1+1", " @x", "－5": what a spreadsheet takes for a formula, blanks before it included
_FORMULA = regex.compile(r"[\s\u200b\ufeff]*[=+\-@\t\r\n＝＋－＠]")
LINE_ENDS = MappingProxyType({"plain": "\n", "excel": "\r\n"})
_MARKS = {"plain": "", "excel": "\ufeff"}
_NEVER_TEXT = ("integer", "number", "boolean")


def csv_header(columns: Sequence[Column], profile: Profile) -> bytes:
    """Return the line of names, with the byte order mark where the profile has one."""
    return (_MARKS[profile] + _line_writer(LINE_ENDS[profile])([column.name for column in columns])).encode()


def csv_lines(columns: Sequence[Column], rows: Iterable[Values], profile: Profile) -> Iterator[bytes]:
    """Yield a line for each row."""
    line = _line_writer(LINE_ENDS[profile])
    guard = guarded if profile == "excel" else str
    writers = [_writer(column, guard) for column in columns]
    for row in rows:
        yield line(
            ["" if value is None else write(value) for write, value in zip(writers, row, strict=True)]
        ).encode()


def guarded(text: str) -> str:
    """Return `text` with an apostrophe before it where a spreadsheet would run it as a formula."""
    return f"'{text}" if _FORMULA.match(text) else text


def plain_number(number: Decimal | float) -> str:
    """Return a number with a decimal point and without an exponent where it is exact."""
    return format(number, "f") if isinstance(number, Decimal) else str(number)


def _writer(column: Column, guard: Callable[[str], str]) -> Callable[[Any], str]:
    if column.type == "boolean":
        return lambda value: "true" if value else "false"
    if column.type == "list":
        return lambda value: guard(";".join(value))
    if column.type == "number":
        return plain_number
    return str if column.type in _NEVER_TEXT else guard


def _line_writer(end: str) -> Callable[[list[str]], str]:
    """Return a function from cells to a line of CSV.

    The csv module writes CRLF and only that is changed: with another end it leaves a lone CR unquoted.
    """
    lines: list[str] = []
    writer = csv.writer(SimpleNamespace(write=lines.append), lineterminator="\r\n")

    def line(cells: list[str]) -> str:
        writer.writerow(cells)
        return lines.pop()[:-2] + end

    return line
