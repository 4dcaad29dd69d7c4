"""The places of an article: what its mentions point to, the candidates of its figures, and the rule's pick.

The candidates are the source's province, the country, every province that the article names, and no place (a
region, a foreign country, a firm).
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import regex

from extract.analysis import Analysis, Mention, Quantity
from extract.place import gazetteer, provinces
from extract.place.home import home_province
from extract.place.regime import after_merger

BACK = 4  # sentences before a figure's own in which a mention still counts
_NUMBER_NEXT = regex.compile(r"[\s:(]{1,3}(?:(?:hơn|gần|khoảng|trên)\s)?\d")
_FIRMS = ("company", "own_company")  # "tập đoàn" is the firm named last, unless a place came between
_NOWHERE = ("region", "foreign", "company")


@dataclass(frozen=True, slots=True)
class Pointer:
    """A mention, read as what it points to: a short name, `Việt Nam`, or None for what is no province."""

    mention: Mention
    kind: str  # site, other, district, own, away (own of another province), country, body, nowhere
    place: str | None


@dataclass(frozen=True)
class Scene:
    """An article's pointers and their sentences."""

    analysis: Analysis

    @cached_property
    def site(self) -> str | None:
        name = self.analysis.article.site_province
        if name is None:
            return home_province(self.analysis, self.current)
        return self.current(provinces.resolve(name) or name)

    def current(self, name: str) -> str:
        """Return the province's name on the day of publication: a merged one has its successor's."""
        unit = provinces.unit_for(name, provinces.MERGER) if self.merged else None
        return name if unit is None else unit.name

    @cached_property
    def merged(self) -> bool:
        """Say whether the article speaks of the 34 units that there are since 1 July 2025."""
        return after_merger(self.analysis)

    @cached_property
    def pointers(self) -> tuple[Pointer, ...]:
        found: list[Pointer] = []
        for mention in self.analysis.mentions:
            pointer = self._pointer(mention)
            if mention.label == "own_company" and found and found[-1].mention.label in _FIRMS:
                pointer = Pointer(mention, "nowhere", None)
            if pointer is not None:
                found.append(self._at_home(pointer, found) if pointer.kind == "own" else pointer)
        return tuple(found)

    def _at_home(self, pointer: Pointer, before: Sequence[Pointer]) -> Pointer:
        """Return "toàn tỉnh" or a commune as pointing to the province that its paragraph speaks of."""
        own = self._paragraph(pointer.mention.start)
        for other in reversed(before):
            if self._paragraph(other.mention.start) != own:
                break
            if other.kind == "other" and other.mention.role in ("oblique", "possessive"):
                continue
            if other.kind in ("site", "other", "district", "away"):
                kind = "own" if other.place == self.site else "away"
                return Pointer(pointer.mention, kind, other.place)
        return pointer

    def _paragraph(self, offset: int) -> int:
        return self.analysis.sentences[self.sentence(offset)].paragraph if self.analysis.sentences else 0

    def _pointer(self, mention: Mention) -> Pointer | None:
        if mention.label == "province":
            name = self.current(mention.name)
            return Pointer(mention, "site" if name == self.site else "other", name)
        if mention.label in ("own_province", "own_locality"):
            return Pointer(mention, "own", self.site)
        if mention.label == "country":
            return Pointer(mention, "country", provinces.COUNTRY)
        if mention.label == "central_body":
            return Pointer(mention, "body", provinces.COUNTRY)
        if mention.label in _NOWHERE:
            return Pointer(mention, "nowhere", None)
        if mention.label == "locality":
            return self._locality(mention)
        return None

    def _locality(self, mention: Mention) -> Pointer:
        old = gazetteer.province_of(mention.name)
        name = None if old is None else self.current(old)
        if name is None or name == self.site:
            return Pointer(mention, "own", self.site)
        return Pointer(mention, "district", name)

    @cached_property
    def starts(self) -> list[int]:
        return [sentence.start for sentence in self.analysis.sentences]

    def sentence(self, offset: int) -> int:
        """Return the number of the sentence at `offset`."""
        return max(0, bisect_right(self.starts, offset) - 1)

    @cached_property
    def sentences(self) -> tuple[int, ...]:
        return tuple(self.sentence(p.mention.start) for p in self.pointers)

    @cached_property
    def counts(self) -> Counter[str]:
        return Counter(p.kind for p in self.pointers)

    @cached_property
    def named(self) -> Counter[str]:
        """Return how often each place is pointed to; mentions in passing do not count."""
        telling = (p for p in self.pointers if p.mention.role != "oblique" and p.kind != "body")
        return Counter(p.place for p in telling if p.place is not None)

    @cached_property
    def title_kinds(self) -> frozenset[str]:
        found = gazetteer.find(self.analysis.article.title)
        return frozenset(p.kind for m in found if (p := self._pointer(m)) is not None)


def candidates(scene: Scene) -> list[str | None]:
    """Return the places that a figure of the article may belong to, the source's province first.

    A place that is only named in passing ("giáp", "như", "so với") is none of them.
    """
    found: list[str | None] = [scene.site, provinces.COUNTRY, None]
    found += [p.place for p in scene.pointers if p.place is not None and p.mention.role != "oblique"]
    return list(dict.fromkeys(found))


def by_rule(scene: Scene, index: int) -> str | None:
    """Return the rule's pick: the last place named before the figure in its sentence, else the article's.

    Oblique mentions ("giáp", "như", "so với") change nothing; a place named in a bracket behind the number
    counts first; a place named in earlier sentences of the paragraph holds until another is named.
    """
    quantity = scene.analysis.quantities[index]
    own = scene.sentence(quantity.start)
    behind = in_bracket_behind(scene, quantity)
    if behind is not None:
        return behind.place
    paragraph = scene.analysis.sentences[own].paragraph
    for pointer, number in zip(reversed(scene.pointers), reversed(scene.sentences), strict=True):
        if pointer.mention.start >= quantity.start or pointer.mention.role == "oblique":
            continue
        if number < own - BACK or scene.analysis.sentences[number].paragraph != paragraph:
            break
        if number != own and is_item(scene, pointer):
            continue
        if number == own or pointer.kind in ("site", "own", "away", "other", "district"):
            return pointer.place
    return frame(scene)


def is_item(scene: Scene, pointer: Pointer) -> bool:
    """Say whether a province stands with its own number ("Bình Dương 33.600 người"): it frames nothing."""
    if pointer.kind not in ("other", "site"):
        return False
    return _NUMBER_NEXT.match(scene.analysis.text, pointer.mention.end) is not None


def frame(scene: Scene) -> str | None:
    """Return whose article it is: the source's province, or the country when it is named far more often."""
    local = scene.counts["site"] + scene.counts["own"]
    national = scene.counts["country"] + scene.counts["body"]
    if national >= 3 and national > 3 * local:
        return provinces.COUNTRY
    return scene.site


def in_bracket_behind(scene: Scene, quantity: Quantity) -> Pointer | None:
    """Return the place in a bracket that opens shortly after the figure and holds no figure itself."""
    text = scene.analysis.text
    opened = text.find("(", quantity.end, quantity.end + 25)
    if any(mark in text[quantity.end : opened] for mark in ",;."):
        return None
    closed = text.find(")", opened, opened + 60) if opened >= 0 else -1
    if closed < 0 or any(opened < q.start < closed for q in scene.analysis.quantities):
        return None
    inside = [p for p in scene.pointers if opened < p.mention.start < closed]
    return inside[-1] if inside else None
