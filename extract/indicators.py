"""Step 6: what each figure measures, as candidate phrases by rule and, with a model, the learned choice.

The counted noun and its predicate stand right of the number, a named quantity left of it; a figure without
either speaks of the figure before it. Phrases are sets of token numbers; a pointer to another figure's phrase
is resolved here and nowhere copied.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache

from extract import catalogue, chooser
from extract.analysis import Analysis, Link, Quantity
from extract.lines import Layout, Place, Token, lay_out, phrase, words

RULE_CONFIDENCE = 0.55  # mean overlap of the rule's pick with two readers' phrases

_CONNECTIVES = frozenset({"và", "với", "gồm", "chiếm", "hoặc", "nhưng", "trong"})


@dataclass(frozen=True, slots=True)
class Candidates:
    """The pieces of phrase that rules find for one figure, and the rule's own pick among them."""

    left: tuple[int, ...]  # subject and verb before the number, in its piece
    unit: tuple[int, ...]  # the counted noun's words
    right: tuple[int, ...]  # after the unit, up to the next figure or the end of the piece
    earlier: tuple[int, ...]  # subject in the nearest piece before without a figure
    shared: tuple[int, ...]  # the predicate that follows only the last of several figures
    inherited: tuple[int, ...]  # the pick of the figure that this one speaks of
    named: tuple[int, ...]  # the index named last, for ranks and scores
    pick: tuple[int, ...]
    rule: str


def choose(analysis: Analysis) -> Analysis:
    """Return the analysis with `indicators` and `indicator_ids`; every link has a value, perhaps empty."""
    layout = lay_out(analysis)
    found = candidates(layout, analysis.quantities)
    picked = chooser.choose(analysis, layout, found)
    if picked is None:
        links = tuple(
            Link(
                phrase(analysis.text, layout.tokens, each.pick), RULE_CONFIDENCE, (f"indicator:{each.rule}",)
            )
            for each in found
        )
    else:
        links = tuple(
            Link(
                phrase(analysis.text, layout.tokens, tokens),
                sure,
                (f"indicator:{each.rule}", "indicator:chooser"),
            )
            for (tokens, sure), each in zip(picked, found, strict=True)
        )
    ids = tuple(
        catalogue.indicator_id(link.value or "", quantity)
        for link, quantity in zip(links, analysis.quantities, strict=True)
    )
    return replace(analysis, indicators=links, indicator_ids=ids)


def candidates(layout: Layout, quantities: Sequence[Quantity]) -> list[Candidates]:
    """Return the rule's candidates for every quantity, in order."""
    found: list[Candidates] = []
    for index, quantity in enumerate(quantities):
        found.append(_of_one(layout, index, quantity, found))
    return found


def _of_one(layout: Layout, index: int, quantity: Quantity, done: Sequence[Candidates]) -> Candidates:
    tokens, place = layout.tokens, layout.places[index]
    left = clean(tokens, _left(layout, place))
    unit = _unit(tokens, place, quantity)
    right = _right(layout, place)
    earlier = () if left else clean(tokens, _earlier(layout, place))
    shared = _shared(layout, place, right)
    source = _source(layout, index, place)
    inherited = done[source].pick if source is not None and source < index else ()
    named = _named(layout, place) if quantity.kind in ("rank", "score") else ()
    pick, rule = _pick(quantity, left, unit, right, earlier, shared, inherited, named)
    return Candidates(left, unit, right, earlier, shared, inherited, named, pick, rule)


def _pick(
    quantity: Quantity,
    left: tuple[int, ...],
    unit: tuple[int, ...],
    right: tuple[int, ...],
    earlier: tuple[int, ...],
    shared: tuple[int, ...],
    inherited: tuple[int, ...],
    named: tuple[int, ...],
) -> tuple[tuple[int, ...], str]:
    if named and not left:
        return named, "named_index"
    counted = quantity.kind in ("count", "ratio", "percent", "money") and (
        right or (unit and not _bare(quantity))
    )
    if quantity.change and not left and inherited and quantity.kind in ("percent", "money", "multiple"):
        return inherited, "inherited"
    if counted and quantity.kind in ("count", "ratio"):
        return _join(left, unit, right, shared), "counted_noun"
    if left:
        return _join(left, unit, right, shared), "subject_left"
    if right and quantity.kind != "multiple":
        return _join(unit, right, shared), "noun_right"
    if earlier:
        return _join(earlier, unit), "earlier_piece"
    if inherited:
        return inherited, "inherited"
    return _join(unit, right), "unit_only"


def _join(*parts: Iterable[int]) -> tuple[int, ...]:
    return tuple(sorted({number for part in parts for number in part}))


def _bare(quantity: Quantity) -> bool:
    return (quantity.unit or "%").lower() in _bare_units()


def _unit(tokens: Sequence[Token], place: Place, quantity: Quantity) -> tuple[int, ...]:
    """Return the tokens of the counted noun; () for money, percent and plain measures."""
    if quantity.kind not in ("count", "ratio", "rank") or _measure_of(quantity):
        return ()
    return tuple(n for n in range(place.last, place.unit_last) if tokens[n].role == "unit")


def _measure_of(quantity: Quantity) -> bool:
    unit = (quantity.unit or "").lower()
    return unit in _bare_units() and unit not in (
        "người",
        "khách",
        "lượt khách",
        "lượt người",
        "con",
        "phòng",
        "giường",
        "lượt",
    )


def _left(layout: Layout, place: Place) -> list[int]:
    """Return the tokens of the figure's piece between the figure before it and its own hedges."""
    tokens = layout.tokens
    low = layout.spans[place.sentence][0]
    if place.before is not None:
        low = max(low, layout.places[place.before].unit_last)
    found = [
        n for n in range(low, place.left) if tokens[n].line == place.line and tokens[n].piece == place.piece
    ]
    if place.before is None or layout.places[place.before].piece != place.piece:
        return found
    for back, number in enumerate(reversed(found)):  # what follows the last connective is this figure's own
        if tokens[number].word in _CONNECTIVES:
            return found[len(found) - back :]
    return found


def _right(layout: Layout, place: Place) -> tuple[int, ...]:
    """Return the tokens after the unit up to the next figure, the base or the end of the piece."""
    tokens = layout.tokens
    high = layout.spans[place.sentence][1]
    if place.after is not None:
        high = layout.places[place.after].left
    found = [
        n
        for n in range(place.unit_last, high)
        if tokens[n].line == place.line and tokens[n].piece == place.piece
    ]
    if place.after is not None and layout.places[place.after].piece == place.piece:
        for position, number in enumerate(found):
            if tokens[number].word in _CONNECTIVES:
                found = found[:position]
                break
    for position in range(len(found)):
        if _starts(tokens, found[position:], "bases"):
            found = found[:position]
            break
    return clean(tokens, found, openings=False, links=False)


def _earlier(layout: Layout, place: Place) -> list[int]:
    """Return the tokens of the nearest piece before in the line, when no figure stands in it."""
    tokens = layout.tokens
    low = layout.spans[place.sentence][0]
    own = [
        n
        for n in range(low, place.left)
        if tokens[n].line == place.line and tokens[n].piece == place.piece - 1
    ]
    if any(tokens[n].role == "figure" for n in own):
        return []
    return own


def _shared(layout: Layout, place: Place, right: tuple[int, ...]) -> tuple[int, ...]:
    """Return the predicate after the last of coordinated figures, for those before it that lack one."""
    tokens = layout.tokens
    if _verb(tokens, right) is not None or place.line:
        return ()
    current, hops = place, 0
    while current.after is not None and hops < 6:
        following = layout.places[current.after]
        between = [n for n in range(current.unit_last, following.left) if tokens[n].line == place.line]
        if len(between) > 8 or not any(tokens[n].word in (",", ";", "và") for n in between):
            return ()
        tail = _right(layout, following)
        verb = _verb(tokens, tail)
        if verb is not None:
            return tail[verb:]
        current, hops = following, hops + 1
    return ()


def _verb(tokens: Sequence[Token], found: Sequence[int]) -> int | None:
    """Return the position in `found` where a predicate begins; None without one."""
    for position in range(len(found)):
        if _starts(tokens, found[position:], "predicates"):
            return position
    return None


def _source(layout: Layout, index: int, place: Place) -> int | None:
    """Return the figure whose phrase this one takes when it has none of its own."""
    if place.owner is not None and place.before is None:
        return place.owner
    if place.before is not None:
        return place.before
    if index and layout.places[index - 1].sentence >= place.sentence - 1:
        return index - 1
    return None


def _named(layout: Layout, place: Place) -> tuple[int, ...]:
    """Return the index named last before the figure ("Chỉ số …", an upper-case short name)."""
    tokens = layout.tokens
    for number in range(place.left - 1, layout.context(place).start - 1, -1):
        if tokens[number].word == "chỉ" and number + 1 < place.left and tokens[number + 1].word == "số":
            found = []
            for n in range(number, min(number + 8, place.left)):
                if tokens[n].role or tokens[n].word in ("của", "năm", "đạt"):
                    break
                found.append(n)
            return tuple(found)
    return ()


def clean(
    tokens: Sequence[Token], found: Sequence[int], *, openings: bool = True, links: bool = True
) -> tuple[int, ...]:
    """Return `found` without times, signs at the ends, opening words before and linking words after."""
    kept = [n for n in found if tokens[n].role not in ("time", "figure", "hedge")]
    changed = True
    while kept and changed:
        changed = False
        if tokens[kept[0]].role == "sign":
            kept, changed = kept[1:], True
        elif tokens[kept[-1]].role == "sign":
            kept, changed = kept[:-1], True
        elif openings and (size := _starts(tokens, kept, "openings")):
            kept, changed = kept[size:], True
        elif links and (size := _ends(tokens, kept, "links")):
            kept, changed = kept[: len(kept) - size], True
    return tuple(kept)


def _starts(tokens: Sequence[Token], found: Sequence[int], name: str) -> int:
    """Return how many tokens at the start of `found` make a phrase of the list; 0 when none does."""
    phrases = _phrases(name)
    for size in (4, 3, 2, 1):
        if len(found) >= size and tuple(tokens[n].word for n in found[:size]) in phrases:
            return size
    return 0


def _ends(tokens: Sequence[Token], found: Sequence[int], name: str) -> int:
    phrases = _phrases(name)
    for size in (4, 3, 2, 1):
        if len(found) >= size and tuple(tokens[n].word for n in found[-size:]) in phrases:
            return size
    return 0


@cache
def _phrases(name: str) -> frozenset[tuple[str, ...]]:
    return frozenset(tuple(entry.split()) for entry in words()[name])


@cache
def _bare_units() -> frozenset[str]:
    return frozenset(words()["bare_units"])
