"""The places of an article: what its mentions point to, the candidates of its figures, and the rule's pick.

The candidates are the source's province, the country, every province that the article names, and no place (a
region, a foreign country, a firm).
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import regex

from extract.analysis import Analysis, Mention, Quantity
from extract.place import evidence, gazetteer, provinces
from extract.place.home import home_province
from extract.place.regime import after_merger
from extract.place.roles import in_contrast

CROWD = 24  # mentions on either side of a figure that are looked at: more make a list, not a sentence
BACK = 4  # sentences before a figure's own in which a mention still counts
_MOST = 24  # candidates that a figure has: in a longer list of provinces it belongs to one near it
_OFTEN = 12  # places that are candidates wherever they are named
_ALWAYS = 3  # the source's province, the country and no place
_NUMBER_NEXT = regex.compile(r"[\s:(]{1,3}(?:(?:hơn|gần|khoảng|trên)\s)?\d")
_FIRMS = ("company", "own_company")  # "tập đoàn" is the firm named last, unless a place came between
_NOWHERE = ("region", "foreign", "company")


class Pointer(NamedTuple):
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
        framing: Pointer | None = None  # the place that the text speaks of
        nearest: Pointer | None = None  # the one named last, which holds in its sentence
        for mention in self.analysis.mentions:
            pointer = self._pointer(mention)
            if mention.label == "own_company" and found and found[-1].mention.label in _FIRMS:
                pointer = Pointer(mention, "nowhere", None)
            if pointer is None:
                continue
            if pointer.kind == "own":
                here = nearest is not None and self._is_beside(nearest, pointer)
                pointer = self._at_home(pointer, nearest if here else framing)
            found.append(pointer)
            if pointer.kind not in ("site", "other", "district", "away"):
                continue
            if pointer.kind == "other" and mention.role == "oblique":
                continue
            alone = is_item(self, pointer)
            nearest = None if alone else pointer
            if pointer.kind in ("site", "away") or (not alone and mention.role in ("subject", "locative")):
                framing = pointer
        return tuple(found)

    def _is_beside(self, one: Pointer, other: Pointer) -> bool:
        return self.sentence(one.mention.start) == self.sentence(other.mention.start)

    def _at_home(self, pointer: Pointer, other: Pointer | None) -> Pointer:
        """Return "toàn tỉnh" or a commune as pointing to the place that its paragraph speaks of: `other`."""
        if other is None or self._paragraph(other.mention.start) != self._paragraph(pointer.mention.start):
            return pointer
        return Pointer(pointer.mention, "own" if other.place == self.site else "away", other.place)

    def _paragraph(self, offset: int) -> int:
        return self.analysis.sentences[self.sentence(offset)].paragraph if self.analysis.sentences else 0

    def _pointer(self, mention: Mention) -> Pointer | None:
        if mention.label == "province":
            name = self.current(mention.name)
            if mention.name in gazetteer.namesakes(self.site) and not self._is_called_province(mention):
                return Pointer(mention, "own", self.site)
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

    def _is_called_province(self, mention: Mention) -> bool:
        return self.analysis.text.endswith(("tỉnh ", "Tỉnh "), 0, mention.start)

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
    def paragraphs(self) -> tuple[int, ...]:
        return tuple(self.analysis.sentences[number].paragraph for number in self.sentences)

    @cached_property
    def frames(self) -> tuple[bool, ...]:
        """Say which pointers may hold for a sentence behind their own: none in passing or with its number."""
        return tuple(p.mention.role != "oblique" and not is_item(self, p) for p in self.pointers)

    @cached_property
    def pointer_starts(self) -> list[int]:
        return [pointer.mention.start for pointer in self.pointers]

    @cached_property
    def quantity_starts(self) -> list[int]:
        return [quantity.start for quantity in self.analysis.quantities]

    @cached_property
    def mention_starts(self) -> list[int]:
        return [mention.start for mention in self.analysis.mentions]

    def mentions_around(self, number: int, offset: int) -> tuple[Mention, ...]:
        """Return the mentions of a sentence, of very many those around `offset`."""
        sentence = self.analysis.sentences[number]
        low, high = (bisect_left(self.mention_starts, edge) for edge in (sentence.start, sentence.end))
        at = bisect_left(self.mention_starts, offset, low, high)
        return self.analysis.mentions[max(low, at - CROWD) : min(high, at + CROWD)]

    @cached_property
    def evidence(self) -> dict[str, list[int]]:
        return evidence.found(self.analysis.text)

    @cached_property
    def openers(self) -> dict[int, Pointer]:
        """The first place of every paragraph that is not named in passing."""
        found: dict[int, Pointer] = {}
        for pointer, number in zip(self.pointers, self.sentences, strict=True):
            if pointer.mention.role != "oblique":
                found.setdefault(self.analysis.sentences[number].paragraph, pointer)
        return found

    @cached_property
    def counts(self) -> Counter[str]:
        """Return how often each kind is pointed to; mentions in passing do not count."""
        return Counter(p.kind for p in self.pointers if p.mention.role != "oblique")

    @cached_property
    def named(self) -> Counter[str]:
        """Return how often each place is pointed to; mentions in passing do not count."""
        telling = (p for p in self.pointers if p.mention.role != "oblique" and p.kind != "body")
        return Counter(p.place for p in telling if p.place is not None)

    @cached_property
    def article_place(self) -> str | None:
        """Whose article it is: the source's province, or the country when it is named far more often."""
        local = self.counts["site"] + self.counts["own"]
        national = self.counts["country"] + self.counts["body"]
        return provinces.COUNTRY if national >= 3 and national > 3 * local else self.site

    @cached_property
    def most(self) -> str | None:
        """The place that is named most often."""
        return self.named.most_common(1)[0][0] if self.named else None

    @cached_property
    def often(self) -> frozenset[str]:
        return frozenset(place for place, _ in self.named.most_common(_OFTEN))

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


def in_reach(scene: Scene, index: int, places: list[str | None]) -> list[str | None]:
    """Return the candidates of one figure: all, or of very many those named around it or most often."""
    if len(places) <= _MOST:
        return places
    own = scene.sentence(scene.analysis.quantities[index].start)
    low, high = bisect_left(scene.sentences, own - BACK), bisect_right(scene.sentences, own)
    around = {pointer.place for pointer in scene.pointers[low:high]} | scene.often
    return [*places[:_ALWAYS], *(place for place in places[_ALWAYS:] if place in around)]


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
    for at in range(bisect_left(scene.pointer_starts, quantity.start) - 1, -1, -1):
        pointer, number = scene.pointers[at], scene.sentences[at]
        if pointer.mention.role == "oblique":
            continue
        if number < own - BACK or scene.paragraphs[at] != paragraph:
            break
        if number != own and not scene.frames[at]:
            continue
        if number == own or pointer.kind in ("site", "own", "away", "other", "district"):
            return pointer.place
    return scene.article_place


def is_item(scene: Scene, pointer: Pointer) -> bool:
    """Say whether a province stands with its own number or in contrast to another: it frames nothing.

    So do "Bình Dương 33.600 người" and "trong khi Bình Dương đạt 93%".
    """
    if pointer.kind not in ("other", "site"):
        return False
    text = scene.analysis.text
    if pointer.kind == "other" and in_contrast(text, pointer.mention.start):
        return True
    return _NUMBER_NEXT.match(text, pointer.mention.end) is not None


def in_bracket_behind(scene: Scene, quantity: Quantity) -> Pointer | None:
    """Return the place in a bracket that opens shortly after the figure and holds no figure itself."""
    text = scene.analysis.text
    opened = text.find("(", quantity.end, quantity.end + 25)
    if opened < 0 or any(mark in text[quantity.end : opened] for mark in ",;."):
        return None
    closed = text.find(")", opened, opened + 60)
    if closed < 0 or bisect_left(scene.quantity_starts, closed) > bisect_right(scene.quantity_starts, opened):
        return None
    last = bisect_left(scene.pointer_starts, closed) - 1
    return scene.pointers[last] if last >= 0 and scene.pointer_starts[last] > opened else None
