"""Candidate phrases for what a figure measures, found by rule.

The counted noun and its predicate stand right of the number, a named quantity left of it; a figure without
either speaks of the figure before it. Phrases are sets of token numbers; a pointer to another figure's phrase
is resolved here and nowhere copied.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import NamedTuple

from extract.analysis import Analysis, Quantity
from extract.phrase.lines import FARTHEST_LEFT, FARTHEST_RIGHT, Layout, Place, Token, words
from extract.phrase.phrase_edges import clean, starts

_SHARES = ("percent", "money", "multiple")
_CONNECTIVES = frozenset({"và", "với", "gồm", "chiếm", "hoặc", "nhưng", "trong"})


class Candidates(NamedTuple):
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
    rights = [_right(layout, place) for place in layout.places]
    for index in range(len(analysis.quantities)):
        found.append(_of_one(analysis, layout, index, rights, found))
    return found


def _of_one(
    analysis: Analysis,
    layout: Layout,
    index: int,
    rights: Sequence[tuple[int, ...]],
    done: Sequence[Candidates],
) -> Candidates:
    tokens, place, quantity = layout.tokens, layout.places[index], analysis.quantities[index]
    left = clean(tokens, _left(layout, place))
    right = rights[index]
    source = _source(layout, index, place)
    found = Candidates(
        left=left,
        unit=_unit(tokens, place, quantity),
        right=right,
        earlier=() if left else clean(tokens, _earlier(layout, place)),
        shared=_shared(layout, place, right, rights),
        subject=left or (done[place.before].subject if place.before is not None else ()),
        inherited=done[source].pick if source is not None and source < index else (),
        named=_named(layout, place) if quantity.kind in ("rank", "score") else (),
    )
    if quantity.kind in ("rank", "score"):
        pick, rule = _pick_ranked(analysis, layout, index, found)
    else:
        pick, rule = _pick(quantity, found)
    return found._replace(pick=pick, rule=rule)


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
    if _names_index(layout, found.left):
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


def _names_index(layout: Layout, left: Sequence[int]) -> bool:
    """Return whether the name of an index stands among the tokens."""
    before = bisect_right(layout.indexes, (left[-1], len(layout.tokens))) if left else 0
    spans = layout.indexes[max(0, before - FARTHEST_LEFT) : before]
    return any(span[1] > left[0] and any(span[0] <= n < span[1] for n in left) for span in spans)


def _is_owner(text: str, tokens: Sequence[Token], left: Sequence[int]) -> bool:
    """Return whether the subject is a name of a place or an agency: it owns a score, but is not scored."""
    size = starts(tokens, left, "owners")
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
    tokens, low = layout.tokens, _lowest(layout, place)
    if place.before is not None:
        low = max(low, layout.places[place.before].unit_last)
    found = list(_back(tokens, place, range(low, place.left)))
    found.reverse()
    if place.before is None or not _in_one_piece(layout, place.before, place):
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
    found: list[int] = []
    for n in range(place.unit_last, min(high, place.unit_last + FARTHEST_RIGHT)):
        if tokens[n].line == place.line:
            if tokens[n].piece != place.piece:
                break
            found.append(n)
        elif place.line:
            break
    if place.after is not None and layout.places[place.after].piece == place.piece:
        for position, number in enumerate(found):
            if tokens[number].word in _CONNECTIVES:
                found = found[:position]
                break
    for position in range(len(found)):
        if starts(tokens, found, "bases", position):
            found = found[:position]
            break
    return clean(tokens, found, openings=False, links=False)


def _earlier(layout: Layout, place: Place) -> list[int]:
    """Return the tokens of the nearest piece before in the line, when no figure stands in it."""
    tokens, low = layout.tokens, _lowest(layout, place)
    first = place  # of the figures in the piece
    while first.left > low and first.before is not None and _in_one_piece(layout, first.before, place):
        first = layout.places[first.before]
    own: list[int] = []
    for n in _back(tokens, place, range(low, first.left), pieces=1):
        if tokens[n].piece == place.piece:
            continue
        if tokens[n].role == "figure":
            return []
        own.append(n)
    own.reverse()
    return own


def _lowest(layout: Layout, place: Place) -> int:
    return max(layout.spans[place.sentence][0], place.left - FARTHEST_LEFT)


def _in_one_piece(layout: Layout, index: int, place: Place) -> bool:
    return layout.places[index].piece == place.piece


def _back(tokens: Sequence[Token], place: Place, among: range, *, pieces: int = 0) -> Iterator[int]:
    """Yield those of some tokens before a figure that are in its piece or `pieces` before, backwards."""
    for n in reversed(among):
        if tokens[n].line == place.line:
            if tokens[n].piece < place.piece - pieces:
                return
            yield n
        elif place.line:
            return


def _shared(
    layout: Layout, place: Place, right: tuple[int, ...], rights: Sequence[tuple[int, ...]]
) -> tuple[int, ...]:
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
        tail = rights[current.after]
        verb = _verb(tokens, tail)
        if verb is not None:
            return tail[verb:]
        current, hops = following, hops + 1
    return ()


def _verb(tokens: Sequence[Token], found: Sequence[int]) -> int | None:
    """Return the position in `found` where a predicate begins; None without one."""
    for position in range(len(found)):
        if starts(tokens, found, "predicates", position):
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
    before = bisect_right(layout.indexes, place.left, key=lambda span: span[1])
    return tuple(range(*layout.indexes[before - 1])) if before else ()


@cache
def _bare_units() -> frozenset[str]:
    return frozenset(words()["bare_units"])


@cache
def _counted_units() -> frozenset[str]:
    return frozenset(words()["counted_units"])
