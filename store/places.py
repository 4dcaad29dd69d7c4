"""The provinces by their id as far as the store needs them: names, days of validity, and what became of them.

A name or a statistics code alone says nothing across 1 July 2025; an id does. `VN63-51` and `VN34-51` are
two territories.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

MERGER = "2025-07-01"  # first day of the 34 units

_TABLE = Path(__file__).resolve().parent.parent / "data" / "provinces.csv"


@dataclass(frozen=True, slots=True)
class Place:
    """A province of the 63 before 1 July 2025 or of the 34 since, or the country."""

    id: str
    name_vi: str
    name_en: str
    unit_regime: str  # 63, 34, or country
    valid_from: str | None = None  # ISO date; None: open
    valid_to: str | None = None  # ISO date, inclusive; None: open
    merged_into: str | None = None  # of the 63: id of the unit of the 34 that holds it


COUNTRY = Place(id="VN", name_vi="Việt Nam", name_en="Viet Nam", unit_regime="country")


@cache
def places() -> Mapping[str, Place]:
    """Return all places by id: the country, the 63 provinces, the 34 provinces."""
    with _TABLE.open(encoding="utf-8", newline="") as table:
        provinces = [
            Place(
                id=row["id"],
                name_vi=row["name"],
                name_en=row["english"],
                unit_regime=row["list"],
                valid_from=row["valid_from"] or None,
                valid_to=row["valid_to"] or None,
                merged_into=row["merged_into"] or None,
            )
            for row in csv.DictReader(table)
        ]
    return MappingProxyType({place.id: place for place in (COUNTRY, *provinces)})


def unit_of_34(place_id: str) -> str | None:
    """Return the id of the unit of the 34 that a province is or became part of; None for other places."""
    place = places().get(place_id)
    if place is None or place.unit_regime == COUNTRY.unit_regime:
        return None
    return place.merged_into or place.id


def parts_of(place_id: str) -> tuple[str, ...]:
    """Return the ids of the old provinces that a unit of the 34 is made of; () for other places."""
    return _parts().get(place_id, ())


@cache
def _parts() -> Mapping[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for place in places().values():
        if place.merged_into is not None:
            found[place.merged_into] = (*found.get(place.merged_into, ()), place.id)
    return MappingProxyType(found)
