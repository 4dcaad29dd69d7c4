"""Step 10: whose a figure is: a province, the country or neither, and the locality or agency below it.

The article's frame comes first (its source's province, the country, a firm), then the mentions clause by
clause. A small model trained on annotated articles weighs both; a rule does where the model is missing.
"""

from __future__ import annotations

from dataclasses import replace

from extract import linear, places_model, provinces
from extract.analysis import Analysis, Link, Mention
from extract.place_features import rows
from extract.scene import Scene, by_rule, candidates

_RULE_CONFIDENCE = 0.7
_JOINED = 3  # characters between "xã Nga My" and "huyện Tương Dương" in one locality


def choose(analysis: Analysis) -> Analysis:
    """Return the analysis with `places` (short name, `Việt Nam` or None) and `localities`."""
    return _chosen(analysis, places_model.model())


def choose_by_rule(analysis: Analysis) -> Analysis:
    """Return the analysis with the places that the rule picks, as without a model."""
    return _chosen(analysis, None)


def _chosen(analysis: Analysis, weights: linear.Weights | None) -> Analysis:
    scene = Scene(analysis)
    choices = candidates(scene)
    found = tuple(_place(scene, index, choices, weights) for index in range(len(analysis.quantities)))
    localities = tuple(_locality(scene, index, place.value) for index, place in enumerate(found))
    return replace(analysis, places=found, localities=localities)


def _place(scene: Scene, index: int, choices: list[str | None], weights: linear.Weights | None) -> Link:
    if weights is None:
        return Link(by_rule(scene, index), _RULE_CONFIDENCE, ("place:rule",))
    place, chance = places_model.choose(choices, rows(scene, index, choices), weights)
    return Link(place, round(chance, 3), ("place:model",))


def _locality(scene: Scene, index: int, place: str | None) -> Link:
    """Return the last locality, or agency as subject, before the figure in its sentence, as written."""
    quantity = scene.analysis.quantities[index]
    own = scene.sentence(quantity.start)
    sentence = scene.analysis.sentences[own]
    text = scene.analysis.text
    inside = [m for m in scene.analysis.mentions if sentence.start <= m.start < sentence.end]
    behind = [
        m
        for m in inside
        if quantity.end <= m.start <= quantity.end + 30 and _in_bracket(text, quantity.end, m)
    ]
    before = [m for m in inside if m.start < quantity.start]
    for mention in (*reversed(behind), *reversed(before)):
        if mention.label == "province" and mention.role != "oblique" and not _is_inside(mention, inside):
            break
        if mention.label in ("own_province", "country"):
            break
        if _is_locality(mention, place):
            start, end = _joined(mention, inside)
            return Link(text[start:end], 0.6, ("locality:in_sentence",), (start, end))
    return Link(None, 0.6, ("locality:none",))


def _is_locality(mention: Mention, place: str | None) -> bool:
    if mention.label == "locality":
        return mention.role != "oblique"
    if mention.label == "agency":
        return mention.role == "subject"
    return mention.label == "central_body" and mention.role == "subject" and place == provinces.COUNTRY


def _in_bracket(text: str, start: int, mention: Mention) -> bool:
    return "(" in text[start : mention.start] and ")" not in text[start : mention.start]


def _is_inside(mention: Mention, others: list[Mention]) -> bool:
    return any(o is not mention and o.start <= mention.start and mention.end <= o.end for o in others)


def _joined(mention: Mention, inside: list[Mention]) -> tuple[int, int]:
    """Return the span of a locality with the larger ones that follow it ("xã Nga My, huyện Tương Dương")."""
    start, end = mention.start, mention.end
    for other in inside:
        if other.label == "locality" and 0 < other.start - end < _JOINED and mention.label == "locality":
            end = other.end
    for other in reversed(inside):
        if other.label == "locality" and 0 < start - other.end < _JOINED and mention.label == "locality":
            start = other.start
    return start, end
