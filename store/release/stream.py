"""A table as bytes, piece by piece: the same for a file and for an address of the app."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Literal

from sqlite_utils import Database

from store.columns import Column
from store.database import database_path
from store.errors import explained
from store.filters import Filters
from store.release.csv_form import csv_header, csv_lines
from store.release.ndjson_form import ndjson_lines
from store.release.tables import Table, Values, rows, table_of

Form = Literal["csv", "excel", "ndjson"]

FORMS: tuple[Form, ...] = ("csv", "excel", "ndjson")
_BATCH = 2000  # rows


def chunks(db: Database, name: str, filters: Filters, form: Form) -> Iterator[bytes]:
    """Yield figures, observations or articles that match as a file's bytes, about a megabyte at a time.

    Raises StoreError when the database cannot be read, and KeyError for another table.
    """
    with explained(database_path(db)):
        yield from as_bytes(table_of(name), rows(db, name, filters), form)


def as_bytes(table: Table, found: Iterable[Values], form: Form) -> Iterator[bytes]:
    """Yield rows of a table as a file's bytes."""
    yield header(table.columns, form)
    for batch in batches(found):
        yield b"".join(lines(table.columns, batch, form))


def header(columns: Sequence[Column], form: Form) -> bytes:
    """Return what stands before the first row."""
    if form == "ndjson":
        return b""
    return csv_header(columns, "excel" if form == "excel" else "plain")


def lines(columns: Sequence[Column], found: Iterable[Values], form: Form) -> Iterator[bytes]:
    """Yield a line for each row."""
    if form == "ndjson":
        return ndjson_lines(columns, found)
    return csv_lines(columns, found, "excel" if form == "excel" else "plain")


def batches(found: Iterable[Values]) -> Iterator[list[Values]]:
    """Yield rows some thousands at a time."""
    left = iter(found)
    while batch := list(islice(left, _BATCH)):
        yield batch
