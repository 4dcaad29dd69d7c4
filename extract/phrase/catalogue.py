"""Canonical indicators, where a phrase clearly names one.

A figure without an id can still be found by search, a figure under a wrong id is published. So an id is given
only where the aliases of one indicator cover the whole phrase but for filling words, and kind and unit fit.
"""

from __future__ import annotations

import tomllib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

import regex

from extract.analysis import Quantity

CATALOGUE_FILE = Path(__file__).resolve().parents[2] / "data" / "indicators.toml"

_SYLLABLE = regex.compile(r"[^\W_]+")
_OLD_SPELLING = {"tỉ": "tỷ", "hoá": "hóa", "thuỷ": "thủy", "uỷ": "ủy", "sỹ": "sĩ"}
_SHARES = ("percent", "multiple")

Syllables = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Indicator:
    """One entry of the catalogue; aliases longest first."""

    id: str
    name_vi: str
    name_en: str
    kinds: frozenset[str]
    units: tuple[str, ...]  # one of these must be the unit or begin it; () when the kind settles it
    aliases: tuple[Syllables, ...]  # of levels
    change_aliases: tuple[Syllables, ...]  # of rises and falls in percent


def indicator_id(phrase: str, quantity: Quantity) -> str | None:
    """Return the key in data/indicators.toml that the phrase names; None when none clearly fits."""
    change = quantity.measure == "difference"
    if change and quantity.kind not in ("percent", "rank", "score"):
        return None
    best = max((each for each in _covering(phrase, change) if _fits(each[1], quantity)), default=None)
    return best[1] if best else None


@lru_cache(maxsize=4096)
def _covering(phrase: str, change: bool) -> tuple[tuple[int, str], ...]:
    """Return the indicators whose aliases cover the phrase: the longest alias's length, and the id."""
    words = syllables(phrase)
    found = []
    for indicator in _holding(words):
        ranked = indicator.kinds & {"rank", "score"}
        aliases = indicator.change_aliases if change and not ranked else indicator.aliases
        length = _covered(words, aliases)
        if length:
            found.append((length, indicator.id))
    return tuple(found)


def _holding(words: Syllables) -> Iterable[Indicator]:
    """Return the indicators whose aliases hold all words of the phrase but the filling ones."""
    telling = {word for word in words if word not in _fillers()}
    if not telling:
        return catalogue().values() if words else ()
    index = _by_syllable()
    if not telling <= index.keys():
        return ()
    holders = frozenset.intersection(*(index[word] for word in telling))
    return [catalogue()[each] for each in holders]


@cache
def _by_syllable() -> dict[str, frozenset[str]]:
    """Return the ids of the indicators that have a syllable in an alias, by syllable."""
    index: dict[str, set[str]] = defaultdict(set)
    for indicator in catalogue().values():
        for alias in (*indicator.aliases, *indicator.change_aliases):
            for word in alias:
                index[word].add(indicator.id)
    return {word: frozenset(ids) for word, ids in index.items()}


def _covered(words: Syllables, aliases: tuple[Syllables, ...]) -> int:
    """Return the length of the longest alias when aliases and fillers cover `words`; 0 when not."""
    rest = list(words)
    longest = 0
    for alias in aliases:
        size = len(alias)
        for start in range(len(rest) - size + 1):
            if tuple(rest[start : start + size]) == alias:
                rest[start : start + size] = [""]
                longest = max(longest, size)
                break
    return longest if longest and all(not word or word in _fillers() for word in rest) else 0


def _fits(identifier: str, quantity: Quantity) -> bool:
    indicator = catalogue()[identifier]
    if quantity.kind not in indicator.kinds:
        return False
    if quantity.kind in _SHARES or not indicator.units or quantity.kind == "rank":
        return True
    unit = (quantity.unit or "").lower()
    head, _, per = unit.partition("/")
    if (
        per
        and "/" not in "".join(indicator.units)
        and quantity.kind == "money"
        and "per_head" not in identifier
    ):
        return False
    return any(head == wanted.lower() or head.startswith(wanted.lower() + " ") for wanted in indicator.units)


def syllables(phrase: str) -> Syllables:
    """Return the syllables of a phrase in lower case, in one spelling."""
    return tuple(_OLD_SPELLING.get(word, word) for word in _SYLLABLE.findall(phrase.lower()))


@cache
def catalogue() -> dict[str, Indicator]:
    """Return the indicators of data/indicators.toml by id."""
    found = {}
    for entry in _stored()["indicator"]:
        found[entry["id"]] = Indicator(
            id=entry["id"],
            name_vi=entry["name_vi"],
            name_en=entry["name_en"],
            kinds=frozenset(entry["kinds"]),
            units=tuple(entry.get("units", ())),
            aliases=_sorted(entry.get("aliases", ())),
            change_aliases=_sorted(entry.get("change_aliases", ())),
        )
    return found


def _sorted(aliases: list[str]) -> tuple[Syllables, ...]:
    return tuple(sorted((syllables(alias) for alias in aliases), key=len, reverse=True))


@cache
def _fillers() -> frozenset[str]:
    return frozenset(_stored()["fillers"])


@cache
def _stored() -> dict[str, list]:  # type: ignore[type-arg]
    with CATALOGUE_FILE.open("rb") as file:
        return tomllib.load(file)
