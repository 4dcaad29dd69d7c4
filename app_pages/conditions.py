"""The filters in force, one by one, in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app_pages.address import LISTS, SINGLES, without
from app_pages.data import source_name
from app_pages.forms import unit_name
from app_pages.indicators import indicator_text
from app_pages.labels import label
from app_pages.numbers import number
from app_pages.places import place_text
from store.queries import Filters

SECTIONS = {
    "kind": "kind",
    "st": "status",
    "rev": "verdict",
}  # parameters whose codes are words of data/labels.toml


@dataclass(frozen=True, slots=True)
class Condition:
    """One value of one filter: its words, what the address becomes without it, and what filters are left."""

    text: str
    changes: Mapping[str, object]
    left: Filters


def conditions(filters: Filters, lang: str) -> list[Condition]:
    """Return every value of every filter in force, in the order of the address's parameters."""
    found: list[Condition] = []
    for name, field in LISTS.items():
        for value in getattr(filters, field):
            left = without(filters, name, value)
            changes = {name: getattr(left, field), "pg": None}
            found.append(Condition(value_text(name, value, lang), changes, left))
    for name, field in SINGLES.items():
        value = getattr(filters, field)
        if value is not None:
            left = without(filters, name, value)
            found.append(Condition(_single_text(name, value, lang), {name: None, "pg": None}, left))
    return found


def value_text(name: str, value: str, lang: str) -> str:
    """Return the words for a value of a list filter: the name of a place, an indicator, a source, a unit."""
    if name == "p":
        return place_text(value, lang)
    if name == "ind":
        return indicator_text(value, lang)
    if name == "src":
        return source_name(value)
    if name == "unit":
        return unit_name(value, lang)
    return label(lang, f"{SECTIONS[name]}.{value}")


def _single_text(name: str, value: object, lang: str) -> str:
    if name == "q":
        return label(lang, "field.query", query=value)
    if name == "minc":
        return label(lang, "field.min_confidence", value=number(value, lang))
    if name in ("mrv", "dup"):
        return label(lang, f"field.{name}")
    return label(lang, f"field.{name}", year=value)
