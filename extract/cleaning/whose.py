"""Whose province an article is, where its source does not settle it.

Since the merger of 1 July 2025 one domain holds the papers of several former provinces. The host alone tells
the new unit of what came later, and nothing of what came before: there the section or the dateline does.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

import regex

from extract.place.provinces import MERGER, resolve
from store.records import Source

_OPENING_LINES = 3
# "BÌNH THUẬN - Sáng 5/6", "(Báo Đắk Nông) – ", "Hải Dương, ngày 5"
_DATELINE = regex.compile(
    r"^\W{0,2}(?:Báo\s+)?(?P<name>\p{Lu}[\p{L}\s.-]{2,24}?)\W{0,2}?(?:\s*[-–—]\s|:\s|\)\s|,\s+(?:ngày|\d))"
)


@dataclass(frozen=True, slots=True)
class Whose:
    """The province whose paper printed an article, None when not known, and what is doubtful about it."""

    province: str | None = None
    doubts: tuple[str, ...] = ()


def province_of(source: Source | None, *, url: str, published: str | None, opening: Iterable[str]) -> Whose:
    """Return whose an article is; nobody's, without a doubt, where no source is declared.

    `opening` are the first lines after the title. In doubt where the source may hold stories of several
    former provinces and neither section, day nor dateline settles which.
    """
    if source is None:
        return Whose()
    path = urlsplit(url).path
    for start, name in sorted(source.sections.items(), key=lambda pair: -len(pair[0])):
        if path.startswith(start):
            return Whose(name)
    if not source.serves or _after_merger(published):
        return Whose(source.province)
    for _, line in zip(range(_OPENING_LINES), opening, strict=False):
        named = _DATELINE.match(line)
        place = resolve(named["name"].strip()) if named else None
        if place in source.serves:
            return Whose(place)
    return Whose(doubts=("province_unclear",))


def _after_merger(published: str | None) -> bool:
    """Whether a day, or a bare year, lies after the merger for certain."""
    return published is not None and published[:10] >= (MERGER if len(published) > 4 else MERGER[:4] + "~")
