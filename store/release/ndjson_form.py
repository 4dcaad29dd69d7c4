"""NDJSON: one JSON object a line, every key in every line, numbers exact, null where nothing is known."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from store.columns import Column
from store.release.csv_form import plain_number
from store.release.tables import Values


def ndjson_lines(columns: Sequence[Column], rows: Iterable[Values]) -> Iterator[bytes]:
    """Yield a line for each row."""
    keys = [f"{_text(column.name)}: " for column in columns]
    writers = [_writer(column) for column in columns]
    for row in rows:
        told = (
            key + ("null" if value is None else write(value))
            for key, write, value in zip(keys, writers, row, strict=True)
        )
        yield f"{{{', '.join(told)}}}\n".encode()


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _writer(column: Column) -> Callable[[Any], str]:
    if column.type == "number":
        return plain_number  # the json module would make a binary float of an exact number
    return _text
