"""Names of the canonical indicators by their id: data/indicators.toml as far as the store needs it."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

_TABLE = Path(__file__).resolve().parent.parent / "data" / "indicators.toml"


@cache
def indicators() -> Mapping[str, Mapping[str, Any]]:
    """Return the catalogue's entries by id, each with `name_vi` and `name_en`; empty without a catalogue."""
    if not _TABLE.is_file():
        return MappingProxyType({})
    rows = tomllib.loads(_TABLE.read_text(encoding="utf-8"))["indicator"]
    return MappingProxyType({row["id"]: row for row in rows})


@cache
def themes() -> Mapping[str, Mapping[str, Any]]:
    """Return the themes by id, each with `name_vi`, `name_en` and below the first level `parent`."""
    if not _TABLE.is_file():
        return MappingProxyType({})
    rows = tomllib.loads(_TABLE.read_text(encoding="utf-8"))["theme"]
    return MappingProxyType({row["id"]: row for row in rows})


@cache
def topics() -> frozenset[str]:
    """Return the ids of topics: their figures are of one sort, but only their words tell of what."""
    return frozenset(known for known, entry in indicators().items() if entry.get("topic"))
