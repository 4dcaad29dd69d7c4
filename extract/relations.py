"""Atoms of a figure and a token together: where the token stands as seen from the figure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from extract.atoms import CLASSES, DISTANCES, Ints, chunks
from extract.candidates import Candidates
from extract.lines import Layout

REGIONS = (
    "left", "left_past_figure", "unit", "right", "right_past_figure",
    "piece_before", "figure_piece_before", "pieces_before", "figure_pieces_before",
    "piece_after", "figure_piece_after", "pieces_after",
    "owner", "owner_far", "past_bracket", "bracket", "sentence_before", "two_before",
)  # fmt: skip


def of_pairs(
    layout: Layout, found: Sequence[Candidates], reach: Sequence[Ints], classes: Ints
) -> dict[str, Ints]:
    lay = _Arrays.of(layout, classes)
    parts: dict[str, list[Ints]] = {}
    for index, numbers in enumerate(reach):
        for name, values in _of_pair(layout, lay, found, index, numbers).items():
            parts.setdefault(name, []).append(values)
    return {name: np.concatenate(values) for name, values in parts.items()}


@dataclass(frozen=True, slots=True)
class _Arrays:
    """The tokens' columns as arrays, and running counts that tell what stands between two tokens."""

    sentence: Ints
    line: Ints
    piece: Ints
    figure: Ints
    unit: npt.NDArray[np.bool_]
    with_figure: npt.NDArray[np.bool_]  # a figure stands in the token's piece
    figures: Ints
    commas: Ints
    connectives: Ints
    prepositions: Ints
    predicates: Ints
    chunks: Ints

    @classmethod
    def of(cls, layout: Layout, classes: Ints) -> _Arrays:
        tokens = layout.tokens

        def running(marks: Iterable[bool]) -> Ints:
            return np.concatenate(([0], np.cumsum(np.array(list(marks), dtype=np.int64))))

        firsts = {place.first for place in layout.places}
        held = {(place.sentence, place.line, place.piece) for place in layout.places}
        return cls(
            np.array([token.sentence for token in tokens], dtype=np.int64),
            np.array([token.line for token in tokens], dtype=np.int64),
            np.array([token.piece for token in tokens], dtype=np.int64),
            np.array([token.figure for token in tokens], dtype=np.int64),
            np.array([token.role == "unit" for token in tokens]),
            np.array([(token.sentence, token.line, token.piece) in held for token in tokens]),
            running(n in firsts for n in range(len(tokens))),
            running(token.word in ",;:" and token.role == "sign" for token in tokens),
            running(classes == CLASSES.index("connective")),
            running(classes == CLASSES.index("preposition")),
            running((classes == CLASSES.index("predicate")) | (classes == CLASSES.index("reach"))),
            running(np.diff(chunks(layout), prepend=0) > 0),
        )


def _of_pair(
    layout: Layout, lay: _Arrays, found: Sequence[Candidates], index: int, numbers: Ints
) -> dict[str, Ints]:
    place, candidates = layout.places[index], found[index]
    left = numbers < place.first
    distance = np.where(left, place.left - 1 - numbers, numbers - place.last)

    def between(running: Ints, most: int) -> Ints:
        count = np.where(
            left, running[place.left] - running[numbers], running[numbers + 1] - running[place.last]
        )
        clipped: Ints = np.clip(count, 0, most)
        return clipped

    low = int(numbers[0]) - 1 if len(numbers) else 0
    here = numbers - low

    def member(picked: Sequence[int]) -> Ints:
        return mark(picked)[here]

    def mark(picked: Sequence[int]) -> Ints:
        """Return a mark for every token from one before the first to one after the last."""
        marks = np.zeros((int(here[-1]) if len(here) else 0) + 2, dtype=np.int64)
        marks[[number - low for number in picked if 0 <= number - low < len(marks)]] = 1
        return marks

    def pick_of(other: int | None) -> Ints:
        return member(found[other].pick) if other is not None else np.full(len(numbers), 2, dtype=np.int64)

    pick = mark(candidates.pick)
    bits = (
        candidates.left,
        candidates.right,
        candidates.earlier,
        candidates.shared,
        candidates.inherited,
        candidates.subject,
    )
    return {
        "region": _regions(layout, lay, index, numbers),
        "distance": np.digitize(distance, DISTANCES),
        "figures_between": between(lay.figures, 3),
        "commas": between(lay.commas, 3),
        "connectives": between(lay.connectives, 2),
        "prepositions": between(lay.prepositions, 3),
        "chunks": between(lay.chunks, 6),
        "predicates": between(lay.predicates, 2),
        "member": np.add.reduce([member(each) << bit for bit, each in enumerate(bits)]),
        "pick": member(candidates.pick),
        "pick_beside": pick[here - 1] + 2 * pick[here + 1],
        "pick_before": pick_of(place.before if place.before is not None else place.owner),
        "pick_after": pick_of(place.after),
    }


def _regions(layout: Layout, lay: _Arrays, index: int, numbers: Ints) -> Ints:
    """Return where each token stands as seen from the figure: an index into REGIONS."""
    place = layout.places[index]
    sentence, line, piece = lay.sentence[numbers], lay.line[numbers], lay.piece[numbers]
    left = numbers < place.first
    past_before = numbers < (layout.places[place.before].unit_last if place.before is not None else 0)
    past_after = numbers >= (layout.places[place.after].left if place.after is not None else len(lay.line))
    with_figure = lay.with_figure[numbers].astype(np.int64)
    gap = np.abs(piece - place.piece)
    region = np.where(
        gap == 0,
        np.where(left, 0 + past_before, 3 + past_after),
        np.where(left, np.where(gap == 1, 5, 7) + with_figure, np.where(gap == 1, 9 + with_figure, 11)),
    )
    region = np.where(lay.unit[numbers] & (lay.figure[numbers] == index), 2, region)
    if place.line:
        owner = place.owner_token if place.owner_token is not None and place.owner_token >= 0 else place.left
        near = (piece == lay.piece[owner]) & (lay.figures[owner + 1] - lay.figures[numbers] <= 1)
        outside = np.where(numbers > owner, 14, np.where(near, 12, 13))
        region = np.where(line == place.line, region, np.where(line == 0, outside, 15))
    else:
        region = np.where(line == place.line, region, 15)
    back = place.sentence - sentence
    return np.where(back == 0, region, np.where(back == 1, 16, 17)).astype(np.int64)
