"""Names of the provinces by their id, for labels: data/provinces.csv as far as the store needs it."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

_TABLE = Path(__file__).resolve().parent.parent / "data" / "provinces.csv"


@dataclass(frozen=True, slots=True)
class Place:
    """A province of the 63 before 1 July 2025 or of the 34 since, or the country."""

    id: str
    name_vi: str
    name_en: str
    unit_regime: str  # 63, 34, or country


COUNTRY = Place(id="VN", name_vi="Việt Nam", name_en="Viet Nam", unit_regime="country")


@cache
def places() -> Mapping[str, Place]:
    """Return all places by id: the country, the 63 provinces, the 34 provinces."""
    with _TABLE.open(encoding="utf-8", newline="") as table:
        provinces = [
            Place(id=row["id"], name_vi=row["name"], name_en=row["english"], unit_regime=row["list"])
            for row in csv.DictReader(table)
        ]
    return MappingProxyType({place.id: place for place in (COUNTRY, *provinces)})
