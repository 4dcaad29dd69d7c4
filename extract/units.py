"""Units and counted nouns of data/units.csv, by the way they are written."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

PATH = Path(__file__).parent.parent / "data" / "units.csv"


@dataclass(frozen=True, slots=True)
class Unit:
    """One written form: `name` is what a figure reports, None where it reports the text's own words."""

    form: str
    kind: str  # money, measure, noun, time, point, percentage_point, step, times
    name: str | None


@cache
def load_units() -> dict[str, Unit]:
    """Return the units by their form in lower case; raises ValueError for a form written twice."""
    units: dict[str, Unit] = {}
    with PATH.open(encoding="utf-8", newline="") as rows:
        for row in csv.DictReader(rows):
            if row["form"] in units:
                raise ValueError(f"units.csv: {row['form']} stands twice")
            units[row["form"]] = Unit(row["form"], row["kind"], row["name"] or None)
    return units


@cache
def forms_of(*kinds: str) -> tuple[str, ...]:
    """Return the forms of units of these kinds, longest first."""
    forms = (unit.form for unit in load_units().values() if unit.kind in kinds)
    return tuple(sorted(forms, key=lambda form: (-len(form), form)))
