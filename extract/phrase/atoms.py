"""Atoms of a token and of a figure: small whole numbers from which the chooser's features are joined."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from functools import lru_cache

import numpy as np

from extract.analysis import Analysis, Quantity
from extract.phrase import words as segmentation
from extract.phrase.candidates import Candidates, is_measure
from extract.phrase.columns import CLASSES, Columns, Ints, whole_numbers, word_class
from extract.phrase.lines import Layout, Place, Token

KINDS = ("ratio", "rank", "percent", "money", "score", "multiple", "count")
RULES = (
    "named_index",
    "inherited",
    "counted_noun",
    "subject_left",
    "noun_right",
    "earlier_piece",
    "unit_only",
)
SHAPES = ("lower", "capital", "upper", "digit", "sign")
GUARDS = ("none", "document", "name", "date", "duration", "other")
MENTIONS = ("none", "province", "country", "locality", "agency", "region", "foreign", "programme")
RARE, EDGE, NUMBER = 0, 1, 2  # word numbers that precede the vocabulary's own

_NEAR = np.digitize(np.arange(22), (1, 2, 3, 4, 6, 9, 13, 21))  # by distance in tokens
FREQUENCY = np.digitize(np.arange(7), (1, 3, 6))  # by number
_PART_NUMBERS = {part: number for number, part in enumerate(segmentation.PARTS)}
_FUNCTIONAL = np.array([name not in ("none", "hedge") for name in CLASSES])


def word_number(token: Token, vocabulary: Mapping[str, int]) -> int:
    """Return the number of the token's word; numbers share one, words outside the vocabulary another."""
    return NUMBER if token.word[0].isdigit() else vocabulary.get(token.word, RARE)


def of_tokens(
    analysis: Analysis, layout: Layout, columns: Columns, vocabulary: Mapping[str, int]
) -> dict[str, Ints]:
    """Return the atoms of every token, and under "same" a number for its word."""
    same = columns.same
    of_word = [NUMBER if word[0].isdigit() else vocabulary.get(word, RARE) for word in columns.distinct]
    word = whole_numbers(of_word)[same]
    cut = np.flatnonzero(columns.sentence[1:] != columns.sentence[:-1])
    previous = np.concatenate(([EDGE], word[:-1]))
    previous[cut + 1] = EDGE
    following = np.concatenate((word[1:], [EDGE]))
    following[cut] = EDGE
    marker, marker_gap = _markers(columns, word)
    ahead, ahead_gap = _markers(columns, word, backwards=True)
    first, last = _in_piece(columns.group)
    starts = [token.start for token in layout.tokens]
    return {
        "same": same,
        "word": word,
        "previous": previous,
        "following": following,
        "class": columns.classes,
        "role": columns.role,
        "shape": whole_numbers(
            [_shape(analysis.text[token.start : token.end], token.word) for token in layout.tokens]
        ),
        "part": _word_parts(analysis, layout),
        "mention": _mentions(analysis, starts),
        "guard": _guards(analysis, starts),
        "frequency": FREQUENCY[np.minimum(np.bincount(same), len(FREQUENCY) - 1)][same],
        "chunk": columns.chunk,
        "marker": marker,
        "marker_gap": near(marker_gap),
        "ahead": ahead,
        "ahead_gap": near(ahead_gap),
        "piece_first": _first_words(columns, word),
        "from_first": np.minimum(first, 4),
        "from_last": np.minimum(last, 4),
    }


def near(distances: Ints) -> Ints:
    """Return the class of each distance in tokens: 0 for 0, up to 8 for 21 and more."""
    return _NEAR[np.clip(distances, 0, len(_NEAR) - 1)]


@lru_cache(maxsize=1 << 14)
def _shape(surface: str, word: str) -> int:
    if word[0].isdigit():
        return 3
    if not word[0].isalnum():
        return 4
    if surface == word:
        return 0
    if surface.isupper() and len(surface) > 1:
        return 2
    return 1 if surface[0].isupper() else 0


def _markers(columns: Columns, word: Ints, *, backwards: bool = False) -> tuple[Ints, Ints]:
    """Return for every token the last function word at or before it in its piece, and how far back.

    `backwards` looks for the next one at or after it.
    """
    figure = columns.is_role("figure")
    functional = _FUNCTIONAL[columns.classes]
    goes_on = columns.goes_on
    if backwards:
        figure, functional, word = figure[::-1], functional[::-1], word[::-1]
        goes_on = np.concatenate(([False], goes_on[:0:-1]))
    marker = np.where(figure, NUMBER, np.where(functional, word, EDGE))
    numbers = np.arange(len(word))
    last = np.maximum.accumulate(np.where(figure | functional | ~goes_on, numbers, 0))
    found, gap = marker[last], numbers - last
    return (found[::-1], gap[::-1]) if backwards else (found, gap)


def _first_words(columns: Columns, word: Ints) -> Ints:
    """Return for every token the first word of its piece; none before it."""
    telling = np.flatnonzero(~columns.is_role("sign"))
    groups, at = np.unique(columns.group[telling], return_index=True)
    if not len(groups):
        return np.full(len(word), EDGE, dtype=np.int64)
    own = np.minimum(np.searchsorted(groups, columns.group), len(groups) - 1)
    first = telling[at[own]]
    known = (groups[own] == columns.group) & (first <= np.arange(len(word)))
    return np.where(known, word[first], EDGE)


def _in_piece(group: Ints) -> tuple[Ints, Ints]:
    """Return how many tokens of its piece stand before and after every token."""
    order = np.argsort(group, kind="stable")
    ordered = group[order]
    begins = np.flatnonzero(np.concatenate(([True], ordered[1:] != ordered[:-1])))
    size = np.diff(np.append(begins, len(group)))
    first = np.zeros(len(group), dtype=np.int64)
    first[order] = np.arange(len(group)) - np.repeat(begins, size)
    total = np.zeros(len(group), dtype=np.int64)
    total[order] = np.repeat(size, size)
    return first, total - first - 1


def _word_parts(analysis: Analysis, layout: Layout) -> Ints:
    """Return the part of a word that every token is; unknown without NLP and outside figures' sentences."""
    found = np.zeros(len(layout.tokens), dtype=np.int64)
    if not analysis.nlp:
        return found
    numbers = [(quantity.start, quantity.end) for quantity in analysis.quantities]
    begins = [start for start, _ in numbers]
    for ordinal in sorted({place.sentence for place in layout.places}):
        low, high = layout.spans[ordinal]
        spans = [(token.start, token.end) for token in layout.tokens[low:high]]
        if not spans:
            continue
        first, last = max(0, bisect_left(begins, spans[0][0]) - 1), bisect_left(begins, spans[-1][1])
        parts = segmentation.parts(analysis.text, spans, numbers=numbers[first:last])
        found[low:high] = [_PART_NUMBERS[part] for part in parts]
    return found


def _guards(analysis: Analysis, starts: Sequence[int]) -> Ints:
    found = np.zeros(len(starts), dtype=np.int64)
    for guarded in analysis.guarded:
        what = guarded.what if guarded.what in GUARDS else "other"
        found[bisect_left(starts, guarded.start) : bisect_left(starts, guarded.end)] = GUARDS.index(what)
    return found


def _mentions(analysis: Analysis, starts: Sequence[int]) -> Ints:
    found = np.zeros(len(starts), dtype=np.int64)
    for mention in analysis.mentions:
        if mention.label in MENTIONS:
            number = MENTIONS.index(mention.label)
            found[bisect_left(starts, mention.start) : bisect_left(starts, mention.end)] = number
    return found


def of_figures(
    analysis: Analysis, layout: Layout, found: Sequence[Candidates], vocabulary: Mapping[str, int]
) -> dict[str, Ints]:
    tokens, places, quantities = layout.tokens, layout.places, analysis.quantities
    both = list(zip(places, found, strict=True))

    def count(values: Sequence[int]) -> Ints:
        return FREQUENCY[np.minimum(whole_numbers(values), len(FREQUENCY) - 1)]

    def beside(place: Place, number: int) -> int:
        low, high = layout.spans[place.sentence]
        return word_number(tokens[number], vocabulary) if low <= number < high else EDGE

    kinds = [KINDS.index(quantity.kind) for quantity in quantities]
    none = len(KINDS)
    return {
        "bias": np.zeros(len(quantities), dtype=np.int64),
        "kind": whole_numbers(kinds),
        "unit_class": whole_numbers([_unit_class(quantity) for quantity in quantities]),
        "measure": whole_numbers([quantity.measure == "difference" for quantity in quantities]),
        "word_left": whole_numbers([beside(place, place.left - 1) for place in places]),
        "word_left_2": whole_numbers([beside(place, place.left - 2) for place in places]),
        "word_number": whole_numbers([beside(place, place.first - 1) for place in places]),
        "word_right": whole_numbers([beside(place, place.unit_last) for place in places]),
        "class_left": whole_numbers(
            [word_class(tokens[place.left - 1].word) if place.left else 0 for place in places]
        ),
        "own_first": whole_numbers(
            [beside(place, each.left[0] if each.left else -1) for place, each in both]
        ),
        "count_left": count([len(each.left) for each in found]),
        "count_right": count([len(each.right) for each in found]),
        "count_unit": whole_numbers([min(2, len(each.unit)) for each in found]),
        "rule": whole_numbers([RULES.index(each.rule) for each in found]),
        "before": whole_numbers([_before(layout, place) for place in places]),
        "kind_before": whole_numbers(
            [none if place.before is None else kinds[place.before] for place in places]
        ),
        "kind_after": whole_numbers(
            [none if place.after is None else kinds[place.after] for place in places]
        ),
    }


def _unit_class(quantity: Quantity) -> int:
    unit = quantity.unit
    if quantity.kind == "percent":
        return 0
    if quantity.kind == "money":
        return 1 if unit and "/" in unit else 2
    if not unit:
        return 3
    return 4 if is_measure(quantity) else 5


def _before(layout: Layout, place: Place) -> int:
    """Return 0 where no figure stands before in the line, 1 in the same piece, 2 further, 3 in a bracket."""
    if place.line:
        return 3
    if place.before is None:
        return 0
    return 1 if layout.places[place.before].piece == place.piece else 2
