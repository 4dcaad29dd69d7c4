"""Values of the 34 provinces as a table of a release: store/harmonise.py written into a temporary table.

They are worked out once; a temporary table is counted, read and turned into the wide shape without holding
them in memory.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlite_utils import Database

from store.columns import columns
from store.errors import StoreError
from store.filters import Filters
from store.harmonise import Harmonised, harmonised
from store.release.tables import Row, Table, Values, in_columns, named, of_period, told_by_kind

TABLE = "release_harmonised"
_COLUMNS = (
    *("id", "place_id", "locality", "indicator_id", "indicator", "period", "period_start", "period_end"),
    *("as_of", "status", "kind", "unit", "measure", "negated", "base", "value_text", "value_max_text"),
    *("denominator_text", "comparator", "confidence", "conflict", "method", "comparable", "reason"),
    *("observation_ids", "missing_places"),
)
_PARTIAL = ("units", "sources", "query", "min_confidence", "reviews", "latest")


@contextmanager
def harmonised_values(db: Database, filters: Filters) -> Iterator[None]:
    """Keep the values that match in a temporary table for a while.

    Raises StoreError for filters that would leave out a part of a sum.
    """
    partial = partial_filter(filters)
    if partial:
        raise StoreError(
            f"Values harmonised to the 34 provinces need all reports: leave out the filter {partial!r}."
        )
    db.execute(f"DROP TABLE IF EXISTS temp.{TABLE}")
    db.execute(f"CREATE TEMP TABLE {TABLE} ({', '.join(_COLUMNS)})")
    try:
        places = ", ".join("?" * len(_COLUMNS))
        db.conn.executemany(f"INSERT INTO temp.{TABLE} VALUES ({places})", _kept(db, filters))
        yield
    finally:
        db.execute(f"DROP TABLE temp.{TABLE}")


def partial_filter(filters: Filters) -> str | None:
    """Return the name of a filter that would leave out a part of a sum, None where there is none."""
    return next((name for name in _PARTIAL if getattr(filters, name)), None)


def harmonised_table() -> Table:
    """Return the table of harmonised values."""
    return Table(name="harmonised", columns=columns()["harmonised"])


def harmonised_rows(db: Database) -> Iterator[Values]:
    """Yield the rows of the table, by indicator and place."""
    found = db.query(f"SELECT * FROM temp.{TABLE} ORDER BY id")
    yield from in_columns(columns()["harmonised"], map(_told, found))


def count_harmonised(db: Database) -> int:
    """Return how many rows the table has."""
    return int(db.execute(f"SELECT count(*) FROM temp.{TABLE}").fetchone()[0])


def _kept(db: Database, filters: Filters) -> Iterator[tuple[Any, ...]]:
    found = harmonised(
        db,
        indicators=filters.indicators,
        places=filters.places,
        kinds=filters.kinds,
        statuses=filters.statuses,
    )
    for number, value in enumerate(found):
        row = _row(number, value)
        if _in_period(row, filters):
            yield tuple(row[name] for name in _COLUMNS)


def _row(number: int, value: Harmonised) -> Row:
    start, _, end = (value.period or "/").partition("/")
    shared = {name: getattr(value, name, None) for name in _COLUMNS}
    return shared | {
        "id": number,
        "period_start": start or None,
        "period_end": end or None,
        "value_text": None if value.value is None else format(value.value, "f"),
        "value_max_text": None if value.value_max is None else format(value.value_max, "f"),
        "denominator_text": None if value.denominator is None else format(value.denominator, "f"),
        "conflict": value.reason == "conflict",
        "observation_ids": json.dumps(value.observations),
        "missing_places": json.dumps(value.missing) if value.missing else None,
    }


def _in_period(row: Row, filters: Filters) -> bool:
    """Return whether a period overlaps the days of the filters, as `filters.where_sql` has it."""
    first = row["period_start"] or row["period_end"]
    last = row["period_end"] or row["period_start"]
    if filters.period_from and (last is None or last < filters.period_from):
        return False
    return not filters.period_to or (first is not None and first <= f"{filters.period_to}~")


def _told(row: Row) -> Row:
    return (
        row
        | named(row)
        | told_by_kind(row, row["value_text"], row["denominator_text"])
        | of_period(row["period"])
        | {
            "value": row["value_text"],
            "value_max": row["value_max_text"],
            "observation_ids": json.loads(row["observation_ids"]),
            "missing_places": json.loads(row["missing_places"] or "null"),
        }
    )
