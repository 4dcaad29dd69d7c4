"""What goes into a release: its tables, how many rows they have, and what a reader must be told."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from functools import partial

from sqlite_utils import Database

from store.database import database_path
from store.errors import explained
from store.filters import where_sql
from store.release.codebook import used_indicators
from store.release.edition import Choice, Edition, edition
from store.release.harmonised import count_harmonised, harmonised_rows, harmonised_table, harmonised_values
from store.release.stream import batches
from store.release.tables import LONG, Table, Values, count_rows, rows, table_of
from store.release.wide import wide_rows, wide_table

Counted = tuple[Table, int, Callable[[], Iterator[Values]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """The tables of a release and where their rows come from."""

    choice: Choice
    edition: Edition
    tables: tuple[Table, ...]
    counts: Mapping[str, int]  # rows of each table
    rows: Mapping[str, Callable[[], Iterator[list[Values]]]]  # of each table, some thousands at a time
    indicators: tuple[Table, list[Values]]  # that figures of it are of
    notes: tuple[str, ...]  # what was left out and why


@contextmanager
def content_of(db: Database, choice: Choice) -> Iterator[Content]:
    """Give what a release of this choice holds, to be read while the block lasts. Raises StoreError."""
    condition, values = where_sql(choice.filters)
    kept = harmonised_values(db, choice.filters) if choice.harmonise else nullcontext()
    with kept:
        tables, notes = _wide(db, choice) if choice.shape == "wide" else (_long(db, choice), ())
        path = database_path(db)
        yield Content(
            choice=choice,
            edition=edition(db, condition, values),
            tables=tuple(table for table, _, _ in tables),
            counts={table.name: count for table, count, _ in tables},
            rows={table.name: partial(_read, path, source) for table, _, source in tables},
            indicators=used_indicators(db, condition, values),
            notes=notes,
        )


def _long(db: Database, choice: Choice) -> list[Counted]:
    filters = choice.filters
    tables: list[Counted] = [
        (table_of(name), count_rows(db, name, filters), partial(rows, db, name, filters)) for name in LONG
    ]
    if choice.harmonise:
        tables.insert(-1, (harmonised_table(), count_harmonised(db), partial(harmonised_rows, db)))
    return tables


def _wide(db: Database, choice: Choice) -> tuple[list[Counted], tuple[str, ...]]:
    wide = wide_table(db, choice)
    return [(wide.table, wide.rows, partial(wide_rows, db, wide))], wide.notes


def _read(path: str, source: Callable[[], Iterator[Values]]) -> Iterator[list[Values]]:
    """Yield rows, telling what is wrong with the database that is read from as such."""
    with explained(path):
        yield from batches(source())
