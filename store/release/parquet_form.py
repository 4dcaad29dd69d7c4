"""Parquet: typed columns, dates as date32, numbers as double beside the words they were written in.

A double holds 15 digits; `surface` has the number as the article wrote it. A date that is none, such as
30 February, is missing here and stands in the text of its period.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from store.release.tables import Table, Values

_TYPES = {
    "id": pa.string(),
    "text": pa.string(),
    "list": pa.list_(pa.string()),
    "integer": pa.int64(),
    "number": pa.float64(),
    "boolean": pa.bool_(),
    "date": pa.date32(),
    "datetime": pa.timestamp("us", tz="UTC"),
}


@contextmanager
def parquet_file(
    path: Path, table: Table, told: Mapping[str, str]
) -> Iterator[Callable[[Sequence[Values]], None]]:
    """Give a function that writes rows, a row group at a time; `told` is kept as the file's metadata."""
    fields = [
        pa.field(
            column.name,
            _TYPES[column.type],
            nullable=not column.required,
            metadata={"description": column.en, "description_vi": column.vi},
        )
        for column in table.columns
    ]
    schema = pa.schema(fields, metadata=dict(told))
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:

        def write(rows: Sequence[Values]) -> None:
            columns = zip(table.columns, zip(*rows, strict=True), strict=True)
            arrays = [
                pa.array(map(_READERS.get(column.type, _same), values), _TYPES[column.type])
                for column, values in columns
            ]
            writer.write_table(pa.Table.from_arrays(arrays, schema=schema))

        yield write


def as_date(text: str | None) -> date | None:
    """Return the date that an ISO date tells; None for None and for a day that no calendar has."""
    try:
        return None if text is None else date.fromisoformat(text)
    except ValueError:
        return None


def as_datetime(text: str | None) -> datetime | None:
    """Return the moment that an ISO date and time tells, in UTC; None for None and for what is none."""
    try:
        moment = None if text is None else datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment is None or moment.tzinfo else moment.replace(tzinfo=UTC)


def _same(value: Any) -> Any:
    return value


def _double(value: Any) -> float | None:
    return None if value is None else float(value)


_READERS: Mapping[str, Callable[[Any], Any]] = {
    "number": _double,
    "date": as_date,
    "datetime": as_datetime,
}
