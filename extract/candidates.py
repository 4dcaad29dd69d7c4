"""Candidate phrases for what a figure measures, found by rule.

The counted noun and its predicate stand right of the number, a named quantity left of it; a figure without
either speaks of the figure before it. Phrases are sets of token numbers; a pointer to another figure's phrase
is resolved here and nowhere copied.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache

from extract.analysis import Analysis, Quantity
from extract.lines import Layout, Place, Token, words

_SHARES = ("percent", "money", "multiple")
_CONNECTIVES = frozenset({"và", "với", "gồm", "chiếm", "hoặc", "nhưng", "trong"})


@dataclass(frozen=True, slots=True)
class Candidates:
    """The pieces of phrase that rules find for one figure, and the rule's own pick among them."""

    left: tuple[int, ...]  # subject and verb before the number, in its piece
    unit: tuple[int, ...]  # the counted noun's words
    right: tuple[int, ...]  # after the unit, up to the next figure or the end of the piece
    earlier: tuple[int, ...]  # subject in the nearest piece before without a figure
    shared: tuple[int, ...]  # the predicate that follows only the last of several figures
    subject: tuple[int, ...]  # left of the nearest figure before in the line that has a subject of its own
    inherited: tuple[int, ...]  # the pick of the figure that this one speaks of
    named: tuple[int, ...]  # the index named last, for ranks and scores
    pick: tuple[int, ...] = ()
    rule: str = ""


def propose(analysis: Analysis, layout: Layout) -> list[Candidates]:
    """Return the rule's candidates for every quantity, in order."""
    found: list[Candidates] = []
    for index in range(len(analysis.quantities)):
        found.append(_of_one(analysis, layout, index, found))
    return found


def _of_one(analysis: Analysis, layout: Layout, index: int, done: Sequence[Candidates]) -> Candidates:
    tokens, place, quantity = layout.tokens, layout.places[index], analysis.quantities[index]
    left = clean(tokens, _left(layout, place))
    right = _right(layout, place)
    source = _source(layout, index, place)
    found = Candidates(
        left=left,
        unit=_unit(tokens, place, quantity),
        right=right,
        earlier=() if left else clean(tokens, _earlier(layout, place)),
        shared=_shared(layout, place, right),
        subject=left or (done[place.before].subject if place.before is not None else ()),
        inherited=done[source].pick if source is not None and source < index else (),
        named=_named(layout, place) if quantity.kind in ("rank", "score") else (),
    )
    if quantity.kind in ("rank", "score"):
        pick, rule = _pick_ranked(analysis, layout, index, found)
    else:
        pick, rule = _pick(quantity, found)
    return replace(found, pick=pick, rule=rule)


def _pick(quantity: Quantity, found: Candidates) -> tuple[tuple[int, ...], str]:
    right = _join(found.unit, found.right, found.shared)
    counted = quantity.kind in ("count", "ratio") and (found.right or (found.unit and not _bare(quantity)))
    if quantity.change and not found.left and found.inherited and quantity.kind in _SHARES:
        return found.inherited, "inherited"
    if counted:
        return _join(found.left, right), "counted_noun"
    if found.left:
        return _join(found.left, right), "subject_left"
    if found.right and quantity.kind != "multiple":
        return right, "noun_right"
    if found.earlier:
        return _join(found.earlier, found.unit), "earlier_piece"
    if found.inherited:
        return found.inherited, "inherited"
    return _join(found.unit, found.right), "unit_only"


def _pick_ranked(
    analysis: Analysis, layout: Layout, index: int, found: Candidates
) -> tuple[tuple[int, ...], str]:
    """Return the pick for a rank or a score: they speak of an index, which is named once for many of them."""
    tokens, place = layout.tokens, layout.places[index]
    own = set(found.left)
    if any(own.intersection(range(*span)) for span in layout.indexes):
        return found.left, "subject_left"
    about = [n for n in found.right if n > place.unit_last and tokens[n - 1].word == "về"]
    if about:
        return tuple(n for n in found.right if n >= about[0]), "noun_right"
    scored = found.left and not _is_owner(analysis.text, tokens, found.left)
    if scored and not (place.line and found.named):
        return found.left, "subject_left"
    before = place.before
    if before is not None and analysis.quantities[before].kind in ("rank", "score") and not found.left:
        return found.inherited, "inherited"
    if found.named:
        return found.named, "named_index"
    if found.inherited:
        return found.inherited, "inherited"
    return found.left or found.right, "unit_only"


def _is_owner(text: str, tokens: Sequence[Token], left: Sequence[int]) -> bool:
    """Return whether the subject is a name of a place or an agency: it owns a score, but is not scored."""
    size = _starts(tokens, left, "owners")
    if size:
        return True
    return all(text[tokens[n].start].isupper() for n in left)


def _join(*parts: Iterable[int]) -> tuple[int, ...]:
    return tuple(sorted({number for part in parts for number in part}))


def _bare(quantity: Quantity) -> bool:
    return (quantity.unit or "%").lower() in _bare_units()


def _unit(tokens: Sequence[Token], place: Place, quantity: Quantity) -> tuple[int, ...]:
    """Return the tokens of the counted noun; () for money, percent and plain measures."""
    if quantity.kind not in ("count", "ratio", "rank") or is_measure(quantity):
        return ()
    return tuple(n for n in range(place.last, place.unit_last) if tokens[n].role == "unit")


def is_measure(quantity: Quantity) -> bool:
    """Return whether the unit is a measure that names no counted thing (ha, km, %)."""
    unit = (quantity.unit or "").lower()
    return unit in _bare_units() and unit not in _counted_units()


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
    """Return the tokens of the index named last before the figure; () when none was."""
    before = [span for span in layout.indexes if span[1] <= place.left]
    return tuple(range(*before[-1])) if before else ()


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
        elif openings and (size := _opening(tokens, kept)):
            kept, changed = kept[size:], True
        elif links and (size := _ends(tokens, kept, "links")):
            kept, changed = kept[: len(kept) - size], True
    return tuple(kept)


def _opening(tokens: Sequence[Token], found: Sequence[int]) -> int:
    """Return how many tokens at the start of `found` say nothing of what is measured."""
    return 0 if _starts(tokens, found, "not_openings") else _starts(tokens, found, "openings")


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


@cache
def _counted_units() -> frozenset[str]:
    return frozenset(words()["counted_units"])
