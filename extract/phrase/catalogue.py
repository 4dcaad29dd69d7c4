"""Canonical indicators: which entry of data/indicators.toml a figure's phrase names.

A figure without an id can still be found by search, a figure under a wrong id is published. So an id is
given only where every group of an indicator's cues stands in the phrase or its unit, none of its anti-cues
does, and kind, unit and value fit. Of several such indicators the most specific wins; where two are equally
specific none does. An indicator of one comparable thing comes before a topic, which gathers figures of one
sort only.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import regex

from extract.analysis import Quantity
from extract.phrase.cues import Cued, CueIndex, Syllables, index_cues, match_cues

CATALOGUE_FILE = Path(__file__).resolve().parents[2] / "data" / "indicators.toml"

_SHARE, _TOPIC_SHARE = 0.25, 0.33
_SYLLABLE = regex.compile(r"[^\W_]+|%")


@dataclass(frozen=True, slots=True)
class Indicator:
    """One entry of the catalogue, as far as linking needs it."""

    id: str
    name_vi: str
    name_en: str
    topic: bool  # gathers figures of one sort, of different things; compared only with their own words
    joint: bool  # a sum of things that are also told apart: not read out of the phrases of two figures
    share: float  # of a phrase that the cues take up at least; with less it is about something else
    kinds: tuple[str, ...]  # the first one is that of `unit` and `low` to `high`
    unit: str
    units: tuple[str, ...]  # one of these must be the unit or begin it; () when the kind settles it
    measures: tuple[str, ...]
    low: Decimal
    high: Decimal


def indicator_id(phrase: str, quantity: Quantity, *, across: bool = False) -> str | None:
    """Return the key in data/indicators.toml that the phrase and unit name; None when none clearly fits.

    `across` says that the phrase reaches across another figure, whose words it may hold.
    """
    fitting = [
        (not indicator.topic, each.covered, -len(indicator.kinds), indicator.id)
        for each in _cued(phrase, quantity.unit or "", quantity.measure)
        if each.share >= (indicator := catalogue()[each.id]).share
        and not (across and indicator.joint)
        and _fits(indicator, quantity)
    ]
    fitting.sort(reverse=True)
    if not fitting or (len(fitting) > 1 and fitting[0][:-1] == fitting[1][:-1]):
        return None
    return fitting[0][-1]


@lru_cache(maxsize=4096)
def _cued(phrase: str, unit: str, measure: str) -> tuple[Cued, ...]:
    """Return the indicators that the words name, whatever the number is like."""
    return match_cues(syllables(phrase), syllables(unit), _index(measure))


def _fits(indicator: Indicator, quantity: Quantity) -> bool:
    if quantity.kind not in indicator.kinds or quantity.measure not in indicator.measures:
        return False
    if not _unit_fits(indicator, quantity):
        return False
    if quantity.kind != indicator.kinds[0] or quantity.measure == "difference":
        return True
    if quantity.kind == "money" and not (quantity.unit or "VND").startswith(indicator.unit.partition("/")[0]):
        return True  # the range is in the indicator's own currency
    return indicator.low <= quantity.value <= indicator.high


def _unit_fits(indicator: Indicator, quantity: Quantity) -> bool:
    if quantity.kind in ("percent", "multiple", "rank", "score"):
        return True
    unit = (quantity.unit or "").lower()
    head, _, per = unit.partition("/")
    if per and quantity.kind == "money" and "/" not in indicator.unit and not indicator.topic:
        return False
    return not indicator.units or any(
        found == wanted or found.startswith((wanted + " ", wanted + ","))
        for wanted in indicator.units
        for found in ((unit,) if "/" in wanted else (head,))
    )


def syllables(phrase: str) -> Syllables:
    """Return the syllables of a phrase in lower case and in one spelling, with abbreviations written out."""
    found: list[str] = []
    for word in _SYLLABLE.findall(phrase.lower()):
        found.extend(_spellings().get(word, (word,)))
    return tuple(found)


@cache
def catalogue() -> dict[str, Indicator]:
    """Return the indicators of data/indicators.toml by id."""
    found = {}
    for entry in _stored()["indicator"]:
        low, high = entry["range"]
        found[entry["id"]] = Indicator(
            id=entry["id"],
            name_vi=entry["name_vi"],
            name_en=entry["name_en"],
            topic=(topic := entry.get("topic", False)),
            joint=entry.get("joint", False),
            share=entry.get("share", _TOPIC_SHARE if topic else _SHARE),
            kinds=tuple(entry["kinds"]),
            unit=entry["unit"],
            units=tuple(unit.lower() for unit in entry.get("units", ())),
            measures=tuple(entry.get("measures", ("level", "difference"))),
            low=Decimal(str(low)),
            high=Decimal(str(high)),
        )
    return found


@cache
def _index(measure: str) -> CueIndex:
    """Return the cues of all indicators for figures of a measure."""
    rows = []
    for entry in _stored()["indicator"]:
        cues = entry.get("change_cues", entry["cues"]) if measure == "difference" else entry["cues"]
        groups = [[syllables(cue) for cue in group] for group in cues]
        rows.append((entry["id"], groups, [syllables(cue) for cue in entry.get("anti", ())]))
    compounds = [syllables(each) for each in _stored()["compounds"]]
    return index_cues(
        rows,
        negations=frozenset(_stored()["negations"]),
        compounds=compounds,
        fillers=frozenset(_stored()["fillers"]),
    )


@cache
def _spellings() -> dict[str, Syllables]:
    return {short: tuple(full.split()) for short, full in _stored()["spellings"].items()}


@cache
def _stored() -> dict[str, Any]:
    with CATALOGUE_FILE.open("rb") as file:
        return tomllib.load(file)
