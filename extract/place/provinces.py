"""The provinces of Viet Nam: the 63 units up to 30 June 2025 and the 34 units after it.

On 1 July 2025 provinces were merged. 23 of the 34 new units carry the name of an old one with less
territory, and seven carry the statistics code of another old one. A name or a code alone therefore says
nothing: a unit is known by its id, `VN63-51` or `VN34-51`.
"""

from __future__ import annotations

import csv
import difflib
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Literal

import regex

COUNTRY = "Việt Nam"
COUNTRY_ID = "VN"
MERGER = "2025-07-01"  # first day of the 34 units
REGIME_UNKNOWN = (
    "place_regime_unknown"  # flag: the name belongs to an old and a new unit and no date tells which
)

_TABLE = Path(__file__).resolve().parents[2] / "data" / "provinces.csv"
_KIND = regex.compile(r"^(?:tinh|thanh pho|t\.?\s?p\.?|province of|city of)\s+|\s+(?:province|city)$")
_GAP = regex.compile(r"[\s.\-–—_']+")
_DATE = regex.compile(r"(?P<year>\d{4})(?:-\d{2}-\d{2}.*)?")


@dataclass(frozen=True, slots=True)
class Unit:
    """One province of one of the two lists."""

    id: str  # VN63-51
    list: Literal[63, 34]
    code: str  # of the statistics office, two digits
    name: str  # the short name that figures carry
    full_name: str
    english: str
    ascii: str
    aliases: tuple[str, ...]
    region: str
    valid_from: str | None  # ISO date; None: before the newspapers began
    valid_to: str | None  # ISO date, inclusive; None: still valid
    merged_into: str | None  # id of the new unit that an old one became part of; None for the new ones


@cache
def units() -> MappingProxyType[str, Unit]:
    """Return all 97 units by id, in the order of the table.

    Raises ValueError when a spelling has two owners on one day.
    """
    with _TABLE.open(encoding="utf-8", newline="") as lines:
        found = [_unit(row) for row in csv.DictReader(lines)]
    check_owners(found)
    return MappingProxyType({unit.id: unit for unit in found})


def check_owners(found: Iterable[Unit]) -> None:
    """Raise ValueError, naming both, when two units have a spelling in common on one day.

    Spellings are compared as `resolve` compares them: without capitals, tone marks, hyphens and "tỉnh".
    """
    owners: dict[str, list[Unit]] = {}
    for unit in found:
        for spelling in {_plain(spelling) for spelling in _spellings(unit)}:
            for other in owners.setdefault(spelling, []):
                first, last = max(unit.valid_from or "", other.valid_from or ""), unit.valid_to or "~"
                if first <= min(last, other.valid_to or "~"):
                    raise ValueError(
                        f"{spelling!r} means {other.id} and {unit.id} on one day in {_TABLE.name}"
                    )
            owners[spelling].append(unit)


def _spellings(unit: Unit) -> tuple[str, ...]:
    return (unit.name, unit.full_name, unit.english, unit.ascii, *unit.aliases)


def _unit(row: dict[str, str]) -> Unit:
    return Unit(
        id=row["id"],
        list=63 if row["list"] == "63" else 34,
        code=row["code"],
        name=row["name"],
        full_name=row["full_name"],
        english=row["english"],
        ascii=row["ascii"],
        aliases=tuple(filter(None, row["aliases"].split(";"))),
        region=row["region"],
        valid_from=row["valid_from"] or None,
        valid_to=row["valid_to"] or None,
        merged_into=row["merged_into"] or None,
    )


@cache
def names() -> tuple[str, ...]:
    """Return the 63 short names; the 34 of today are among them."""
    return tuple(unit.name for unit in units().values() if unit.list == 63)


def surfaces(name: str) -> tuple[str, ...]:
    """Return the spellings under which the province of this short name is written, the short name first."""
    found = [name]
    for unit in units().values():
        if unit.name == name:
            found += [unit.full_name, *unit.aliases]
    return tuple(dict.fromkeys(found))


def resolve(text: str) -> str | None:
    """Return the short name of the province that a person means by `text`, `Việt Nam` for the country.

    Capitals, tone marks, hyphens, "tỉnh" and "TP" do not matter: "quang ngai", "TP.HCM", "Đăk Lăk". None when
    no province is called so, or when several are once the marks are gone.
    """
    found = _by_spelling().get(_plain(text), frozenset())
    return next(iter(found)) if len(found) == 1 else None


def suggest(text: str, *, limit: int = 3) -> tuple[str, ...]:
    """Return the short names that look most like `text`, best first; () when none is near."""
    known = _by_spelling()
    near = difflib.get_close_matches(_plain(text), known, n=3 * limit, cutoff=0.6)
    return tuple(dict.fromkeys(name for spelling in near for name in sorted(known[spelling])))[:limit]


def unit_for(name: str, on_date: str) -> Unit | None:
    """Return the unit that bore `name` on an ISO date, None for a name that is no province's.

    An old province that no longer exists on that date gives the unit that it became part of.
    """
    old = _by_name().get((63, name))
    if old is None or on_date < MERGER:
        return old
    return units().get(old.merged_into or "")


def unit_of_code(code: str, on_date: str) -> Unit | None:
    """Return the unit that had a statistics code on an ISO date, None when none had.

    Seven codes went to another unit with the merger: 15 was Yên Bái and is Lào Cai.
    """
    return units().get(f"VN{34 if on_date >= MERGER else 63}-{code.zfill(2)}")


def unit_id(
    place: str | None, published: str | None, period: str | None
) -> tuple[str | None, tuple[str, ...]]:
    """Return the id of a figure's place, None for none, and the flags that doubt it.

    The publication date decides between the old and the new units. Without one, a name that only one list has
    keeps its unit, and a period that ended before the merger means the old unit; else there is only a flag.
    """
    if place is None or place == COUNTRY:
        return (None if place is None else COUNTRY_ID), ()
    old = _by_name().get((63, place))
    if old is None:
        return None, ()
    regime = _regime_of_date(published)
    if regime is None and (34, place) not in _by_name():
        regime = 63
    if regime is None and period is not None:
        end = period.rpartition("/")[2]
        regime = 63 if end and end < MERGER else None
    if regime is None:
        return None, (REGIME_UNKNOWN,)
    return (old.merged_into if regime == 34 else old.id), ()


def _regime_of_date(published: str | None) -> Literal[63, 34] | None:
    """Return which list was valid when an article appeared; a bare 2025 does not tell."""
    match = _DATE.fullmatch(published or "")
    if match is None or match[0] == MERGER[:4]:
        return None
    return 34 if match[0] >= MERGER else 63


@cache
def _by_name() -> MappingProxyType[tuple[int, str], Unit]:
    return MappingProxyType({(unit.list, unit.name): unit for unit in units().values()})


@cache
def _by_spelling() -> MappingProxyType[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for unit in units().values():
        for spelling in _spellings(unit):
            found.setdefault(_plain(spelling), set()).add(unit.name)
    for spelling in (COUNTRY, "Vietnam", "Viet Nam", "cả nước", "toàn quốc"):
        found.setdefault(_plain(spelling), set()).add(COUNTRY)
    return MappingProxyType({spelling: frozenset(meant) for spelling, meant in found.items()})


def _plain(text: str) -> str:
    """Return `text` in small letters without marks, hyphens, dots and the word for its kind."""
    decomposed = unicodedata.normalize("NFD", text.lower().replace("đ", "d").replace("ð", "d"))
    bare = _without_marks(decomposed).strip()
    return _GAP.sub("", _KIND.sub("", bare))


def _without_marks(letters: Iterable[str]) -> str:
    return "".join(letter for letter in letters if not unicodedata.combining(letter))
