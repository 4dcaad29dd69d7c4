"""What the chooser sees of a token beside a figure: atoms of few values, and templates that join them.

An atom is one small whole number for each pair of figure and token; a template names the atoms it joins, and
a feature is one combination of their values. All pairs of an article are computed at once, in numpy.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from extract.analysis import Analysis
from extract.phrase import atoms, relations
from extract.phrase.atoms import GUARDS, KINDS, MENTIONS, RULES, SHAPES
from extract.phrase.candidates import Candidates
from extract.phrase.columns import CLASSES, ROLES, Columns, Ints, Whole
from extract.phrase.lines import FARTHEST_LEFT, FARTHEST_RIGHT, Layout
from extract.phrase.relations import REGIONS, Reach
from extract.phrase.words import PARTS

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


FIGURE_ATOMS = frozenset(
    {"bias", "kind", "unit_class", "measure", "rule", "before", "kind_before", "kind_after", "class_left"}
    | {"own_first", "word_left", "word_left_2", "word_number", "word_right"}
    | {"count_left", "count_right", "count_unit"}
)
# How many values an atom of a figure or of a token has, words apart.
SIZES = {
    **{name: len(values) for name, values in NAMES.items()},
    "bias": 1,
    "unit_class": 6,
    "measure": 2,
    "before": 4,
    "frequency": 4,
    "from_first": 5,
    "from_last": 5,
    "count_left": 4,
    "count_right": 4,
    "count_unit": 3,
    "marker_gap": 9,
    "ahead_gap": 9,
}


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

# Figures on either side beyond which no token is looked at: more make a list, not a sentence. In a sentence
# of twice as many, fewer.
_CROWD, _CROWD_IN_LIST = 24, 4

FEATURE_VERSION = "2-" + hashlib.sha256(repr((FIRST, SECOND, NAMES)).encode()).hexdigest()[:8]


@dataclass(frozen=True, slots=True)
class Pairs:
    """The pairs of figure and token of one article, and the atoms by name."""

    figure: Ints
    token: Ints
    of_figure: dict[str, Ints]
    of_token: dict[str, Ints]
    of_pair: dict[str, Whole]

    def atom(self, name: str) -> Ints:
        """Return the values of an atom, one for every pair."""
        if name in self.of_pair:
            return self.of_pair[name].astype(np.int64)
        return self.of_token[name][self.token] if name in self.of_token else self.of_figure[name][self.figure]


def pairs(
    analysis: Analysis, layout: Layout, found: Sequence[Candidates], vocabulary: Mapping[str, int]
) -> Pairs:
    """Return the pairs of every quantity with the tokens of its context that may belong to its phrase."""
    columns = Columns.of(layout)
    reach = _reach(layout, columns)
    return Pairs(
        reach.figure,
        reach.token,
        atoms.of_figures(analysis, layout, found, vocabulary),
        atoms.of_tokens(analysis, layout, columns, vocabulary),
        relations.of_pairs(layout, found, reach, columns),
    )


def radix(atom: str) -> int:
    """Return a bound on the values of an atom; codes are numbers with these as their places' bases."""
    return 1 << 13 if atom in WORD_ATOMS else 1 << 7


def _reach(layout: Layout, columns: Columns) -> Reach:
    """Return the pairs of every figure with the tokens that may belong to its phrase, save far ones."""
    places, held = layout.places, Counter(place.sentence for place in layout.places)
    low = np.zeros(len(places), dtype=np.int64)
    high = np.zeros(len(places), dtype=np.int64)
    for index, place in enumerate(places):
        context = layout.context(place)
        crowd = _CROWD if held[place.sentence] <= 2 * _CROWD else _CROWD_IN_LIST
        before, after = index - crowd, index + crowd
        low[index] = max(
            context.start, place.first - FARTHEST_LEFT, places[before].first if before >= 0 else 0
        )
        high[index] = min(context.stop, place.last + FARTHEST_RIGHT)
        if after < len(places):
            high[index] = min(high[index], places[after].last)
    possible = np.flatnonzero(~columns.is_role("sign", "figure"))
    begins, ends = np.searchsorted(possible, low), np.searchsorted(possible, high)
    figure = np.repeat(np.arange(len(low)), ends - begins)
    token = np.concatenate([possible[begin:end] for begin, end in zip(begins, ends, strict=True)])
    return Reach(figure, token, low, high)


def codes(pair: Pairs, template: Template) -> Ints:
    """Return one whole number for each pair that stands for the values of the template's atoms."""
    code = np.zeros(len(pair.token), dtype=np.int64)
    for atom in template:
        code = code * radix(atom) + pair.atom(atom)
    return code
