"""The columns of the exported files, as data/columns.toml describes them."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

_TABLE = Path(__file__).resolve().parent.parent / "data" / "columns.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column of an exported file."""

    name: str
    type: str  # id, text, list, integer, number, boolean, date, datetime
    vi: str
    en: str
    unit: str | None = None
    enum: tuple[str, ...] = ()  # the only values, where they are few and fixed
    required: bool = False  # never empty
    minimum: float | None = None
    maximum: float | None = None


@cache
def columns() -> Mapping[str, tuple[Column, ...]]:
    """Return the columns of each exported table in the order of the file."""
    tables = tomllib.loads(_TABLE.read_text(encoding="utf-8"))
    return MappingProxyType(
        {
            table: tuple(_column(name, told) for name, told in described.items())
            for table, described in tables.items()
        }
    )


def _column(name: str, told: Mapping[str, Any]) -> Column:
    return Column(name=name, **{**told, "enum": tuple(told.get("enum", ()))})
