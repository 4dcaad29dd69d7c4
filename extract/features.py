"""What the chooser sees of a token beside a figure: atoms of few values, and templates that join them.

An atom is one small whole number for each pair of figure and token; a template names the atoms it joins, and
a feature is one combination of their values. All pairs of an article are computed at once, in numpy.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from extract import atoms, relations
from extract.analysis import Analysis
from extract.atoms import CLASSES, GUARDS, KINDS, MENTIONS, ROLES, RULES, SHAPES, Ints
from extract.candidates import Candidates
from extract.lines import Layout
from extract.relations import REGIONS
from extract.words import PARTS

Floats = npt.NDArray[np.float64]
Template = tuple[str, ...]

# What the values of an atom are called in the model file; numbers where nothing is said here.
NAMES: dict[str, tuple[str, ...]] = {
    "region": REGIONS,
    "kind": KINDS,
    "rule": RULES,
    "class": CLASSES,
    "class_left": CLASSES,
    "role": ROLES,
    "shape": SHAPES,
    "mention": MENTIONS,
    "guard": GUARDS,
    "part": PARTS,
    "kind_before": (*KINDS, "none"),
    "kind_after": (*KINDS, "none"),
}
WORD_ATOMS = frozenset(
    {"word", "previous", "following", "marker", "ahead", "piece_first", "own_first"}
    | {"word_left", "word_left_2", "word_number", "word_right"}
)


def _templates(lines: str) -> tuple[Template, ...]:
    return tuple(tuple(line.split()) for line in lines.split("\n") if line.strip())


FIRST: tuple[Template, ...] = _templates(
    """
    bias
    region
    region kind unit_class
    region kind measure rule
    region word
    region previous
    region following
    word kind
    word pick
    previous word
    word following
    word class_left
    region distance kind
    region distance count_right unit_class
    region distance count_left unit_class
    region member
    member kind
    member unit_class class_left
    rule member
    rule region kind
    region pick pick_beside kind
    pick pick_before pick_after rule
    pick pick_before region
    region word_left
    region word_left pick
    region word_number
    region word_right
    region word_right pick
    region word_left_2 word_left
    region count_left count_right count_unit unit_class
    region marker
    marker marker_gap pick
    region marker pick
    region marker_gap kind
    marker word
    part pick_beside pick
    region part class
    region shape role
    region from_first from_last
    region from_first word
    pick from_first rule
    region figures_between rule
    region before kind_before
    region before kind kind_before
    region kind_after kind
    region commas connectives
    region prepositions connectives kind
    region predicates pick
    region predicates prepositions unit_class
    region ahead
    ahead ahead_gap pick
    region marker ahead
    region piece_first
    region own_first
    piece_first from_first pick
    guard region
    guard pick
    frequency region
    frequency pick kind
    region chunks kind
    chunks pick marker
    region chunks count_left count_right
    pick_before count_left region
    pick_before count_left count_right kind
    pick_before word_left
    mention region
    mention pick
    class region kind
    class pick rule
    """
)
# The second pass adds what the first one gave the token, its neighbours, and the figures beside.
SECOND: tuple[Template, ...] = FIRST + _templates(
    """
    p
    p region
    p p_previous p_next
    p_previous p_previous_2 p_next p_next_2
    p p_before p_after
    p p_before rule
    p_before region
    p_after region
    p_before p_after kind
    p_before kind kind_before
    p_before kind_before region
    p p_double
    p_double region
    sum_left sum_right region
    sum_left sum_right sum_far
    sum_far region p
    sum_left sum_right kind
    p p_window
    p p_chunk
    p p_word
    p_chunk p_word
    p_chunk region
    p_chunk p_before p_after
    p_before count_left region
    p_before count_left count_right kind
    p part p_next
    p part p_previous
    p word
    p sum_left sum_right
    p sum_far rule
    p commas
    p class
    p pick member
    p_before measure class_left region
    p_before word_left
    p_before word_number
    p_after p_before word_left
    """
)

FEATURE_VERSION = "2-" + hashlib.sha256(repr((FIRST, SECOND, NAMES)).encode()).hexdigest()[:8]

POSSIBLE = 0.01  # less probable tokens are out of the question in the second pass

_P = np.array([0.02, 0.05, 0.1, 0.2, 0.35, 0.5, 0.65, 0.8, 0.9, 0.97])
_COARSE = np.array([0.1, 0.3, 0.6, 0.85])
_OTHER = np.array([-0.6, -0.4, 0.1, 0.3, 0.6, 0.85])  # no such figure, token out of its reach, probabilities
_MEANS = np.array([0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8])
_SUMS = np.array([0.5, 1.5, 3, 5, 8])


@dataclass(frozen=True, slots=True)
class Pairs:
    """The pairs of figure and token of one article, and their atoms by name."""

    figure: Ints
    token: Ints
    atoms: dict[str, Ints]


def pairs(
    analysis: Analysis, layout: Layout, found: Sequence[Candidates], vocabulary: Mapping[str, int]
) -> Pairs:
    """Return the pairs of every quantity with the tokens of its context that may belong to its phrase."""
    tokens = layout.tokens
    reach = [
        np.array(
            [n for n in layout.context(place) if tokens[n].role not in ("sign", "figure")], dtype=np.int64
        )
        for place in layout.places
    ]
    figure = np.repeat(np.arange(len(reach)), [len(each) for each in reach])
    token = np.concatenate(reach)
    of_token = atoms.of_tokens(analysis, layout, vocabulary)
    of_figure = atoms.of_figures(analysis, layout, found, vocabulary)
    columns = {name: values[token] for name, values in of_token.items()}
    columns |= {name: values[figure] for name, values in of_figure.items()}
    columns |= relations.of_pairs(layout, found, reach, of_token["class"])
    columns["bias"] = np.zeros(len(token), dtype=np.int64)
    return Pairs(figure, token, columns)


def radix(atom: str) -> int:
    """Return a bound on the values of an atom; codes are numbers with these as their places' bases."""
    return 1 << 13 if atom in WORD_ATOMS else 1 << 7


def codes(pair: Pairs, template: Template) -> Ints:
    """Return one whole number for each pair that stands for the values of the template's atoms."""
    code = np.zeros(len(pair.token), dtype=np.int64)
    for atom in template:
        code = code * radix(atom) + pair.atoms[atom]
    return code


def second_pass(layout: Layout, pair: Pairs, first: Floats) -> tuple[Pairs, npt.NDArray[np.bool_]]:
    """Return the pairs that are still possible, with the atoms of the second pass, and which ones they are.

    `first` are the probabilities that the first pass gave the pairs.
    """
    added: dict[str, tuple[Floats, npt.NDArray[Any]]] = {"p": (first, _P)}
    start = np.concatenate(([True], pair.figure[1:] != pair.figure[:-1]))
    end = np.concatenate((start[1:], [True]))
    previous = np.where(start, 0.0, np.roll(first, 1))
    following = np.where(end, 0.0, np.roll(first, -1))
    added["p_previous"] = previous, _COARSE
    added["p_next"] = following, _COARSE
    added["p_previous_2"] = np.where(start, 0.0, np.roll(previous, 1)), _COARSE
    added["p_next_2"] = np.where(end, 0.0, np.roll(following, -1)), _COARSE
    added["p_window"] = np.convolve(np.pad(first, 2), np.ones(5) / 5, "valid"), _COARSE
    added["p_chunk"] = _mean(pair, first, pair.atoms["chunk"]), _MEANS
    added["p_word"] = word_means(pair, first), _MEANS
    added["p_before"] = _beside(layout, pair, first, after=False), _OTHER
    added["p_after"] = _beside(layout, pair, first, after=True), _OTHER
    added["p_double"] = _doubles(layout, pair, first), _COARSE
    region = pair.atoms["region"]
    near, right = np.isin(region, (0, 5, 7)), np.isin(region, (2, 3))
    for name, mask in (("sum_left", near), ("sum_right", right), ("sum_far", ~(near | right))):
        total: Floats = np.bincount(pair.figure, weights=first * mask).astype(np.float64)
        added[name] = total[pair.figure], _SUMS
    kept = first >= POSSIBLE
    columns = pair.atoms | {name: np.digitize(values, bins) for name, (values, bins) in added.items()}
    return Pairs(
        pair.figure[kept], pair.token[kept], {name: values[kept] for name, values in columns.items()}
    ), kept


def word_means(pair: Pairs, chances: Floats) -> Floats:
    """Return for each pair the mean of `chances` over the syllables of its word."""
    opens = np.isin(pair.atoms["part"], (0, 1, 2)) | (np.diff(pair.token, prepend=-1) != 1)
    return _mean(pair, chances, np.cumsum(opens))


def _mean(pair: Pairs, first: Floats, group: Ints) -> Floats:
    """Return the mean of `first` over the tokens of the same figure and group."""
    _, number = np.unique(pair.figure * (1 << 20) + group, return_inverse=True)
    total = np.bincount(number, weights=first) / np.bincount(number)
    found: Floats = total[number]
    return found


def _beside(layout: Layout, pair: Pairs, first: Floats, *, after: bool) -> Floats:
    """Return what the first pass gave each token for the figure before or after: -1 without such a figure,
    -0.5 where the token is out of its reach."""
    table = np.full((len(layout.places) + 1, len(layout.tokens)), -0.5)
    table[pair.figure, pair.token] = first
    table[-1] = -1.0
    others = []
    for index, place in enumerate(layout.places):
        if after:
            other = place.after if place.after is not None else index + 1
            others.append(other if other < len(layout.places) else -1)
        else:
            other = next((o for o in (place.before, place.owner) if o is not None), index - 1)
            others.append(other)
    found: Floats = table[np.array(others)[pair.figure], pair.token]
    return found


def _doubles(layout: Layout, pair: Pairs, first: Floats) -> Floats:
    """Return the highest probability that the same word has elsewhere in the figure's context."""
    numbers: dict[str, int] = {}
    word = np.array([numbers.setdefault(token.word, len(numbers)) for token in layout.tokens])
    _, group = np.unique(pair.figure * (1 << 20) + word[pair.token], return_inverse=True)
    order = np.lexsort((-first, group))
    highest = np.zeros(len(first))
    opens = np.diff(group[order], prepend=-1) != 0
    leader = np.maximum.accumulate(np.where(opens, np.arange(len(order)), 0))
    highest[order] = np.where(opens, 0.0, first[order[leader]])
    followed = np.flatnonzero(opens[:-1] & ~opens[1:])
    highest[order[followed]] = first[order[followed + 1]]
    return highest
