"""Names of the indicators of the catalogue, data/indicators.toml."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

_TABLE = Path(__file__).resolve().parent.parent / "data" / "indicators.toml"


def indicator_text(indicator_id: str, lang: str) -> str:
    """Return the name of an indicator in a language, its id when the catalogue does not know it."""
    return _catalogue().get(indicator_id, {}).get(f"name_{lang}", indicator_id)


@cache
def _catalogue() -> MappingProxyType[str, dict[str, Any]]:
    if not _TABLE.is_file():
        return MappingProxyType({})
    rows = tomllib.loads(_TABLE.read_text(encoding="utf-8"))["indicator"]
    return MappingProxyType({row["id"]: row for row in rows})
