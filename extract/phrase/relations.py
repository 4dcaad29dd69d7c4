"""Atoms of a figure and a token together: where the token stands as seen from the figure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from extract.phrase.atoms import near
from extract.phrase.candidates import Candidates
from extract.phrase.columns import CLASSES, Bools, Columns, Ints, Whole
from extract.phrase.lines import Layout

REGIONS = (
    "left", "left_past_figure", "unit", "right", "right_past_figure",
    "piece_before", "figure_piece_before", "pieces_before", "figure_pieces_before",
    "piece_after", "figure_piece_after", "pieces_after",
    "owner", "owner_far", "past_bracket", "bracket", "sentence_before", "two_before",
)  # fmt: skip
# How many values each atom has.
SIZES = {
    "region": len(REGIONS), "distance": 9, "member": 64,
    "pick": 2, "pick_beside": 4, "pick_before": 3, "pick_after": 3,
    "figures_between": 4, "commas": 4, "connectives": 3, "prepositions": 4, "chunks": 7, "predicates": 3,
}  # fmt: skip
_COUNTED = ("figures_between", "commas", "connectives", "prepositions", "chunks", "predicates")
_NO_FIGURE = 2  # pick_before and pick_after where no figure stands there


@dataclass(frozen=True, slots=True)
class Reach:
    """The pairs of figure and token: for each figure a stretch of tokens, and from which to which."""

    figure: Ints
    token: Ints
    low: Ints  # by figure, half-open
    high: Ints


@dataclass(frozen=True, slots=True)
class _Figures:
    """The places of the figures as columns."""

    left: Ints
    first: Ints
    last: Ints
    sentence: Ints
    line: Ints
    piece: Ints
    past_before: Ints  # the end of the figure before, 0 without one
    past_after: Ints  # the start of the figure after, the end of all without one
    owner: Ints  # the last token before the bracket, of a figure in one

    @classmethod
    def of(cls, layout: Layout) -> _Figures:
        places = layout.places

        def column(values: list[int]) -> Ints:
            return np.array(values, dtype=np.int64)

        owners = [
            p.owner_token if p.owner_token is not None and p.owner_token >= 0 else p.left for p in places
        ]
        before = [0 if p.before is None else places[p.before].unit_last for p in places]
        after = [len(layout.tokens) if p.after is None else places[p.after].left for p in places]
        return cls(
            column([p.left for p in places]),
            column([p.first for p in places]),
            column([p.last for p in places]),
            column([p.sentence for p in places]),
            column([p.line for p in places]),
            column([p.piece for p in places]),
            column(before),
            column(after),
            column(owners),
        )


def of_pairs(layout: Layout, found: Sequence[Candidates], reach: Reach, columns: Columns) -> dict[str, Whole]:
    """Return the atoms of every pair, in few bytes: a dump of numbers has very many pairs."""
    figures = _Figures.of(layout)
    left = reach.token < figures.first[reach.figure]
    atoms = _candidates(layout, found, reach)
    running = _running(layout, columns)
    atoms["region"] = _regions(layout, columns, figures, reach, left, running[:, 0])
    distance = np.where(
        left, figures.left[reach.figure] - 1 - reach.token, reach.token - figures.last[reach.figure]
    )
    atoms["distance"] = near(distance)
    most = np.array([SIZES[name] - 1 for name in _COUNTED])
    before = running[figures.left][reach.figure] - running[reach.token]
    behind = running[reach.token + 1] - running[figures.last][reach.figure]
    counts = np.minimum(np.maximum(np.where(left[:, None], before, behind), 0), most)
    atoms |= dict(zip(_COUNTED, counts.T, strict=True))
    return {name: values.astype(np.int16) for name, values in atoms.items()}


def _running(layout: Layout, columns: Columns) -> Ints:
    """Return how many of what is counted stand before each token, a column for each of _COUNTED."""
    classes = columns.classes
    commas = np.array([word in ",;:" for word in columns.distinct])[columns.same]
    firsts = np.zeros(len(classes), dtype=np.bool_)
    firsts[[place.first for place in layout.places]] = True
    marks = (
        firsts,
        commas & columns.is_role("sign"),
        classes == CLASSES.index("connective"),
        classes == CLASSES.index("preposition"),
        np.diff(columns.chunk, prepend=0) > 0,
        (classes == CLASSES.index("predicate")) | (classes == CLASSES.index("reach")),
    )
    running = np.zeros((len(classes) + 1, len(marks)), dtype=np.int64)
    np.cumsum(np.stack(marks, axis=1), axis=0, out=running[1:])
    return running


def _candidates(layout: Layout, found: Sequence[Candidates], reach: Reach) -> dict[str, Ints]:
    """Return which of the rule's candidates the tokens are members of.

    The members are marked on strips: one for each figure, from one token before its stretch to one behind.
    """
    widths = reach.high - reach.low + 2
    begins = np.concatenate(([0], np.cumsum(widths)))
    shift = begins[:-1] - reach.low + 1  # from a token's number to its place on the figure's strip
    at = reach.token + shift[reach.figure]

    def strip(picked: Callable[[int], Sequence[int]], bit: int = 1) -> Ints:
        numbers = [picked(index) for index in range(len(found))]
        figure = np.repeat(np.arange(len(found)), [len(each) for each in numbers])
        token = np.array([number for each in numbers for number in each], dtype=np.int64)
        inside = (token >= reach.low[figure] - 1) & (token <= reach.high[figure])
        marks = np.zeros(int(begins[-1]), dtype=np.int64)
        marks[(token + shift[figure])[inside]] = bit
        return marks

    def of_other(others: Sequence[int | None]) -> Ints:
        def picked(index: int) -> Sequence[int]:
            other = others[index]
            return () if other is None else found[other].pick

        none = np.array([other is None for other in others])
        return np.where(none[reach.figure], _NO_FIGURE, strip(picked)[at])

    lists: tuple[Callable[[int], Sequence[int]], ...] = (
        lambda index: found[index].left,
        lambda index: found[index].right,
        lambda index: found[index].earlier,
        lambda index: found[index].shared,
        lambda index: found[index].inherited,
        lambda index: found[index].subject,
    )
    member = sum(strip(each, 1 << bit) for bit, each in enumerate(lists))
    pick = strip(lambda index: found[index].pick)
    places = layout.places
    return {
        "member": np.asarray(member)[at],
        "pick": pick[at],
        "pick_beside": pick[at - 1] + 2 * pick[at + 1],
        "pick_before": of_other([p.before if p.before is not None else p.owner for p in places]),
        "pick_after": of_other([p.after for p in places]),
    }


def _regions(
    layout: Layout, columns: Columns, figures: _Figures, reach: Reach, left: Bools, counted: Ints
) -> Ints:
    """Return where each token stands as seen from the figure: an index into REGIONS.

    `counted` tells how many figures stand before each token.
    """
    figure, token = reach.figure, reach.token
    held = np.isin(columns.group, columns.group[[place.first for place in layout.places]])
    unit = columns.is_role("unit")
    line, piece = columns.line[token], columns.piece[token]
    gap = np.abs(piece - figures.piece[figure])
    with_figure = held[token].astype(np.int64)
    past_before = token < figures.past_before[figure]
    past_after = token >= figures.past_after[figure]
    region = np.where(
        gap == 0,
        np.where(left, 0 + past_before, 3 + past_after),
        np.where(left, np.where(gap == 1, 5, 7) + with_figure, np.where(gap == 1, 9 + with_figure, 11)),
    )
    region[unit[token] & (columns.figure[token] == figure)] = 2
    own_line = figures.line[figure]
    owner = figures.owner[figure]
    beside = (piece == columns.piece[owner]) & (counted[owner + 1] - counted[token] <= 1)
    outside = np.where(token > owner, 14, np.where(beside, 12, 13))
    elsewhere = np.where((own_line > 0) & (line == 0), outside, 15)
    region = np.where(line == own_line, region, elsewhere)
    back = figures.sentence[figure] - columns.sentence[token]
    return np.where(back == 0, region, np.where(back == 1, 16, 17))
