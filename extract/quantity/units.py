"""Units and counted nouns of data/units.csv, by the way they are written."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import regex

_WORD_GOES_ON = regex.compile(r"[\p{L}\p{N}²³]")

PATH = Path(__file__).parents[2] / "data" / "units.csv"


@dataclass(frozen=True, slots=True)
class Unit:
    """One written form: `name` is what a figure reports, None where it reports the text's own words."""

    form: str
    kind: str  # money, measure, noun, time, point, percentage_point, step, times, none
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


def unit_at(text: str, position: int) -> Unit | None:
    """Return the longest unit that stands at `position` of a text in lower case; None when none does."""
    forms = _by_first_letters()
    for size in (2, 1):
        for unit in forms.get(text[position : position + size], ()):
            end = position + len(unit.form)
            if text.startswith(unit.form, position) and not _WORD_GOES_ON.match(text, end):
                return unit
    return None


def follows(text: str, position: int, wanted: str) -> bool:
    """Say whether a unit follows, after a blank or glued: any ("any"), or a measure or money ("measure")."""
    while text[position : position + 1] == " ":
        position += 1
    unit = unit_at(text, position)
    kinds = ("measure", "money", "noun") if wanted == "any" else ("measure", "money")
    return unit is not None and unit.kind in kinds


@cache
def _by_first_letters() -> dict[str, tuple[Unit, ...]]:
    """Return the units by the first two letters of their forms, the longest first."""
    index: dict[str, list[Unit]] = {}
    for unit in load_units().values():
        index.setdefault(unit.form[:2], []).append(unit)
    return {key: tuple(sorted(units, key=lambda unit: -len(unit.form))) for key, units in index.items()}
