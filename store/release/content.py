"""What goes into a release: its tables, how many rows they have, and what a reader must be told."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial

from sqlite_utils import Database

from store.database import database_path
from store.errors import explained
from store.filters import where_sql
from store.release.codebook import used_indicators
from store.release.edition import Choice, Edition, edition
from store.release.stream import batches
from store.release.tables import LONG, Table, Values, count_rows, rows, table_of


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


def content_of(db: Database, choice: Choice) -> Content:
    """Return what a release of this choice holds. Raises StoreError."""
    condition, values = where_sql(choice.filters)
    tables = [table_of(name) for name in LONG]
    counts = {name: count_rows(db, name, choice.filters) for name in LONG}
    sources = {name: partial(rows, db, name, choice.filters) for name in LONG}
    path = database_path(db)
    return Content(
        choice=choice,
        edition=edition(db, condition, values),
        tables=tuple(tables),
        counts=counts,
        rows={name: partial(_read, path, source) for name, source in sources.items()},
        indicators=used_indicators(db, condition, values),
        notes=(),
    )


def _read(path: str, source: Callable[[], Iterator[Values]]) -> Iterator[list[Values]]:
    """Yield rows, telling what is wrong with the database that is read from as such."""
    with explained(path):
        yield from batches(source())
