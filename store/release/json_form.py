"""JSON: one object with what is said about the rows, and the rows in a list; numbers exact."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any


def json_document(told: Mapping[str, Any], name: str, lines: Iterable[bytes]) -> Iterator[bytes]:
    """Yield a JSON object piece by piece: what is told, and under `name` the rows as a list.

    `lines` are whole lines of NDJSON, some at a time. JSON escapes line breaks within texts, so that every
    line break stands between two rows.
    """
    yield f"{object_start(told)}{json.dumps(name)}: [".encode()
    separator = b"\n"
    for some in lines:
        if some:
            yield separator + some.removesuffix(b"\n").replace(b"\n", b",\n")
            separator = b",\n"
    yield b"\n]}\n"


def object_start(told: Mapping[str, Any]) -> str:
    """Return the beginning of a JSON object with these keys, ready for one more."""
    keys = (f"{json.dumps(name)}: {json.dumps(value, ensure_ascii=False)}" for name, value in told.items())
    return "{" + "".join(f"{key},\n" for key in keys)
