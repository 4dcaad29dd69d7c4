"""Figures of a province that was merged away, in articles that appeared after the merger of 1 July 2025.

Such a figure belongs to a place of the 34 by its name ("Quảng Ngãi"), but measures less than its territory:
"tỉnh Kon Tum cũ có 12.000 hộ nghèo". Its place id is that of the old province, so that it is never merged
with the figures of the new one.
"""

from __future__ import annotations

from bisect import bisect_left

import regex

from extract.analysis import Analysis, Mention, Quantity
from extract.place import provinces
from extract.place.regime import after_merger

RULE = "place:former_unit"

_BEHIND = regex.compile(
    r"\s?\(?\s?(?:cũ|trước đây|trước kia|trước (?:khi )?(?:sáp|hợp) nhập)(?!\p{L})"  # "Kon Tum (cũ)"
)
_BETWEEN = regex.compile(r"\s?[,)–-]?\s?(?:và|với)?\s?(?:tỉnh|thành phố)?\s?")  # "Kon Tum và Quảng Ngãi"
_TURNS_BACK = ("own_province", "country")  # "toàn tỉnh" is the province of today again
_OLD_UNITS = 63


def former_units(analysis: Analysis) -> tuple[str | None, ...]:
    """Return for each quantity the id of the old province that it measures, None where it is of today's."""
    if not after_merger(analysis):
        return (None,) * len(analysis.quantities)
    named = [m for m in analysis.mentions if m.label in ("province", *_TURNS_BACK) and m.role != "oblique"]
    starts = [mention.start for mention in named]
    sentences = [sentence.start for sentence in analysis.sentences]
    found = []
    for quantity, place in zip(analysis.quantities, analysis.places, strict=True):
        begin = sentences[max(0, bisect_left(sentences, quantity.start + 1) - 1)]
        last = bisect_left(starts, quantity.start)
        before = named[max(bisect_left(starts, begin), last - 2) : last]
        found.append(_former(analysis.text, before, place.value) or _ranked(quantity, place.value))
    return tuple(found)


def _former(text: str, named: list[Mention], place: str | None) -> str | None:
    """Return the old province that was named last of at most two, if it now belongs to `place`."""
    if not named or named[-1].label != "province":
        return None
    if len(named) > 1 and _together(text, *named):
        return None  # of both: the number is their sum
    old = provinces.unit_for(named[-1].name, "")
    new = provinces.unit_for(named[-1].name, provinces.MERGER)
    if old is None or new is None or new.name != place:
        return None
    is_former = new.name != old.name or _BEHIND.match(text, named[-1].end)
    return old.id if is_former else None


def _together(text: str, one: Mention, other: Mention) -> bool:
    former = _BEHIND.match(text, one.end)
    return _BETWEEN.fullmatch(text, former.end() if former else one.end, other.start) is not None


def _ranked(quantity: Quantity, place: str | None) -> str | None:
    """Return the old province of this name for a rank among the 63."""
    if quantity.kind != "rank" or quantity.denominator != _OLD_UNITS or place is None:
        return None
    old = provinces.unit_for(place, "")
    return None if old is None else old.id
