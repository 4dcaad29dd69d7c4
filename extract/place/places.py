"""Whose a figure is: a province, the country or neither, and the locality or agency below it.

The article's frame comes first (its source's province, the country, a firm), then the mentions clause by
clause. A small model trained on annotated articles weighs both; a rule does where the model is missing.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace

from extract import linear
from extract.analysis import Analysis, Link, Mention, Quantity
from extract.place import paired, places_model, provinces
from extract.place.scene import BACK, Scene, by_rule

_RULE_CONFIDENCE = 0.7
_NO_LOCALITY = Link(None, 0.6, ("locality:none",))
_ALL = (63, 34)  # provinces, before and after 1 July 2025
_PROVINCES = ("địa phương", "tỉnh", "thành phố")
_KINDS = ("thị xã", "huyện", "quận", "phường", "xã")
_BRACKET_REACH = 30  # characters behind a figure in which a bracket may name its locality
_LOOKED_AT = 400  # mentions before "toàn huyện" among which its name is looked for
_JOINED = 3  # characters between "xã Nga My" and "huyện Tương Dương" in one locality


def choose(analysis: Analysis) -> Analysis:
    """Return the analysis with `places` (short name, `Việt Nam` or None) and `localities`."""
    return _chosen(analysis, places_model.model())


def choose_by_rule(analysis: Analysis) -> Analysis:
    """Return the analysis with the places that the rule picks, as without a model."""
    return _chosen(analysis, None)


def _chosen(analysis: Analysis, sums: linear.Sums | None) -> Analysis:
    scene = Scene(analysis)
    if sums is None:
        found = [_by_rule(scene, index) for index in range(len(analysis.quantities))]
    else:
        found = places_model.choose(scene, sums)
    for index, quantity in enumerate(analysis.quantities):
        if _counts_provinces(quantity):
            found[index] = Link(provinces.COUNTRY, 0.95, ("place:of_all_provinces",))
    localities = [_locality(scene, index, place.value) for index, place in enumerate(found)]
    for index, mention in paired.in_turn(analysis).items():
        span = (mention.start, mention.end)
        if mention.label == "province":
            found[index] = Link(mention.name, _RULE_CONFIDENCE, ("place:in_turn",), span)
            localities[index] = _NO_LOCALITY
        else:
            name = analysis.text[slice(*span)]
            localities[index] = Link(name, _RULE_CONFIDENCE, ("locality:in_turn",), span)
    return replace(analysis, places=tuple(found), localities=tuple(localities))


def _counts_provinces(quantity: Quantity) -> bool:
    """Say whether the figure counts some of all provinces ("37/63 địa phương")."""
    unit = (quantity.unit or "").lower()
    return quantity.kind == "ratio" and quantity.denominator in _ALL and unit.startswith(_PROVINCES)


def _by_rule(scene: Scene, index: int) -> Link:
    return Link(by_rule(scene, index), _RULE_CONFIDENCE, ("place:rule",))


def _locality(scene: Scene, index: int, place: str | None) -> Link:
    """Return the locality of a figure as written: from its sentence, else carried from the ones before."""
    quantity = scene.analysis.quantities[index]
    own = scene.sentence(quantity.start)
    inside = scene.mentions_around(own, quantity.start)
    text = scene.analysis.text
    near = [m for m in inside if quantity.end <= m.start <= quantity.end + _BRACKET_REACH]
    behind = [m for m in near if _in_bracket(text, quantity.end, m)]
    before = [m for m in inside if m.start < quantity.start]
    for mention in (*reversed(behind), *reversed(before)):
        if _ends_locality(mention, inside):
            return _NO_LOCALITY
        if _is_locality(mention, place):
            return _locality_link(scene, mention, inside, "locality:in_sentence")
    paragraph = scene.analysis.sentences[own].paragraph
    for number in range(own - 1, max(-1, own - 1 - BACK), -1):
        if scene.analysis.sentences[number].paragraph != paragraph:
            break
        inside = scene.mentions_around(number, quantity.start)
        for mention in reversed(inside):
            if _ends_locality(mention, inside):
                return _NO_LOCALITY
            if mention.role in ("subject", "locative") and _is_locality(mention, place):
                return _locality_link(scene, mention, inside, "locality:carried")
    return _NO_LOCALITY


def _ends_locality(mention: Mention, inside: Sequence[Mention]) -> bool:
    """Say whether a mention takes the text back to the province or the country."""
    if mention.label == "province":
        return mention.role != "oblique" and not _is_inside(mention, inside)
    return mention.label in ("own_province", "country")


def _locality_link(scene: Scene, mention: Mention, inside: Sequence[Mention], rule: str) -> Link:
    if mention.label == "own_locality":
        named = _last_of_kind(scene, mention)
        return _NO_LOCALITY if named is None else Link(named.name, 0.5, (rule,), (named.start, named.end))
    start, end = _joined(mention, inside)
    return Link(scene.analysis.text[start:end], 0.6, (rule,), (start, end))


def _last_of_kind(scene: Scene, mention: Mention) -> Mention | None:
    """Return the last district or commune named before "toàn huyện", "xã đã"; None when there is none."""
    kind = next((k for k in _KINDS if k in mention.name.lower()), None)
    before = scene.analysis.mentions[: bisect_left(scene.mention_starts, mention.start)]
    named = (m for m in reversed(before[-_LOOKED_AT:]) if m.label == "locality")
    return next((m for m in named if kind and m.name.lower().startswith(kind)), None)


def _is_locality(mention: Mention, place: str | None) -> bool:
    if mention.label == "locality":
        return mention.role != "oblique"
    if mention.label == "own_locality":
        return True
    if mention.label == "agency":
        return mention.role == "subject"
    return mention.label == "central_body" and mention.role == "subject" and place == provinces.COUNTRY


def _in_bracket(text: str, start: int, mention: Mention) -> bool:
    return "(" in text[start : mention.start] and ")" not in text[start : mention.start]


def _is_inside(mention: Mention, others: Sequence[Mention]) -> bool:
    return any(o is not mention and o.start <= mention.start and mention.end <= o.end for o in others)


def _joined(mention: Mention, inside: Sequence[Mention]) -> tuple[int, int]:
    """Return the span of a locality with the larger ones that follow it ("xã Nga My, huyện Tương Dương")."""
    start, end = mention.start, mention.end
    for other in inside:
        if other.label == "locality" and 0 < other.start - end < _JOINED and mention.label == "locality":
            end = other.end
    for other in reversed(inside):
        if other.label == "locality" and 0 < start - other.end < _JOINED and mention.label == "locality":
            start = other.start
    return start, end
