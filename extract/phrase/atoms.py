"""Atoms of a token and of a figure: small whole numbers from which the chooser's features are joined."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from extract.analysis import Analysis, Quantity
from extract.phrase import words as segmentation
from extract.phrase.candidates import Candidates, is_measure
from extract.phrase.lines import Layout, Place, Token, words

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

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
CLASSES = ("none", "reach", "change", "have", "preposition", "connective", "predicate", "base", "hedge")
ROLES = ("none", "unit", "hedge", "time", "sign", "figure")
SHAPES = ("lower", "capital", "upper", "digit", "sign")
GUARDS = ("none", "document", "name", "date", "duration", "other")
MENTIONS = ("none", "province", "country", "locality", "agency", "region", "foreign", "programme")
RARE, EDGE, NUMBER = 0, 1, 2  # word numbers that precede the vocabulary's own

_NEAR = np.digitize(np.arange(22), (1, 2, 3, 4, 6, 9, 13, 21))  # by distance in tokens
FREQUENCY = np.digitize(np.arange(7), (1, 3, 6))  # by number
_ROLE_NUMBERS = {"": 0} | {role: number for number, role in enumerate(ROLES)}
_FUNCTIONAL = np.array([name not in ("none", "hedge") for name in CLASSES])


def word_number(token: Token, vocabulary: Mapping[str, int]) -> int:
    """Return the number of the token's word; numbers share one, words outside the vocabulary another."""
    return NUMBER if token.word[0].isdigit() else vocabulary.get(token.word, RARE)


@dataclass(frozen=True, slots=True)
class Columns:
    """The tokens of an article as columns."""

    words: tuple[str, ...]
    roles: tuple[str, ...]
    sentence: Ints
    line: Ints
    piece: Ints
    figure: Ints
    classes: Ints
    group: Ints  # one number for the tokens of a piece
    goes_on: Bools  # the token before is of the same piece

    @classmethod
    def of(cls, layout: Layout) -> Columns:
        _, _, words, sentence, line, piece, figure, roles = zip(*layout.tokens, strict=True)
        classes = _classes()
        columns = _column(sentence), _column(line), _column(piece)
        changed = np.zeros(len(words), dtype=np.bool_)
        for column in columns:
            changed[1:] |= column[1:] != column[:-1]
        goes_on = ~changed
        goes_on[0] = False
        lines, pieces = int(columns[1].max()) + 1, int(columns[2].max()) + 1
        return cls(
            words,
            roles,
            *columns,
            _column(figure),
            _column([classes.get(word, 0) for word in words]),
            (columns[0] * lines + columns[1]) * pieces + columns[2],
            goes_on,
        )


def of_tokens(
    analysis: Analysis, layout: Layout, columns: Columns, vocabulary: Mapping[str, int]
) -> dict[str, Ints]:
    """Return the atoms of every token, and under "same" a number for its word."""
    numbers: dict[str, int] = {}
    same = _column([numbers.setdefault(word, len(numbers)) for word in columns.words])
    of_word = [NUMBER if word[0].isdigit() else vocabulary.get(word, RARE) for word in numbers]
    word = _column(of_word)[same]
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
        "role": _column([_ROLE_NUMBERS[role] for role in columns.roles]),
        "shape": _column(
            [_shape(analysis.text[token.start : token.end], token.word) for token in layout.tokens]
        ),
        "part": _word_parts(analysis, layout),
        "mention": _mentions(analysis, starts),
        "guard": _guards(analysis, starts),
        "frequency": FREQUENCY[np.minimum(np.bincount(same), len(FREQUENCY) - 1)][same],
        "chunk": chunks(columns),
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


def _column(values: Sequence[int]) -> Ints:
    return np.array(values, dtype=np.int64)


@cache
def _classes() -> dict[str, int]:
    lists = words()
    found: dict[str, int] = {}
    for name in CLASSES[1:]:
        for word in lists[f"class_{name}"]:
            found.setdefault(word, CLASSES.index(name))
    return found


def word_class(word: str) -> int:
    """Return what the word does beside a number: an index into CLASSES, 0 for content words."""
    return _classes().get(word, 0)


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
    figure = np.array([role == "figure" for role in columns.roles])
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
    telling = np.flatnonzero([role != "sign" for role in columns.roles])
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
    for ordinal in sorted({place.sentence for place in layout.places}):
        low, high = layout.spans[ordinal]
        spans = [(token.start, token.end) for token in layout.tokens[low:high]]
        parts = segmentation.parts(analysis.text, spans, numbers=numbers)
        found[low:high] = [segmentation.PARTS.index(part) for part in parts]
    return found


def chunks(columns: Columns) -> Ints:
    """Return for every token the ordinal of its chunk: a function word and what follows it up to the next."""
    function = columns.classes > 0
    opens = ~columns.goes_on
    opens[1:] |= (columns.figure[1:] != columns.figure[:-1]) | (function[1:] & ~function[:-1])
    return np.cumsum(opens)


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
        return FREQUENCY[np.minimum(_column(values), len(FREQUENCY) - 1)]

    def beside(place: Place, number: int) -> int:
        low, high = layout.spans[place.sentence]
        return word_number(tokens[number], vocabulary) if low <= number < high else EDGE

    kinds = [KINDS.index(quantity.kind) for quantity in quantities]
    none = len(KINDS)
    return {
        "bias": np.zeros(len(quantities), dtype=np.int64),
        "kind": _column(kinds),
        "unit_class": _column([_unit_class(quantity) for quantity in quantities]),
        "measure": _column([quantity.measure == "difference" for quantity in quantities]),
        "word_left": _column([beside(place, place.left - 1) for place in places]),
        "word_left_2": _column([beside(place, place.left - 2) for place in places]),
        "word_number": _column([beside(place, place.first - 1) for place in places]),
        "word_right": _column([beside(place, place.unit_last) for place in places]),
        "class_left": _column(
            [word_class(tokens[place.left - 1].word) if place.left else 0 for place in places]
        ),
        "own_first": _column([beside(place, each.left[0] if each.left else -1) for place, each in both]),
        "count_left": count([len(each.left) for each in found]),
        "count_right": count([len(each.right) for each in found]),
        "count_unit": _column([min(2, len(each.unit)) for each in found]),
        "rule": _column([RULES.index(each.rule) for each in found]),
        "before": _column([_before(layout, place) for place in places]),
        "kind_before": _column([none if place.before is None else kinds[place.before] for place in places]),
        "kind_after": _column([none if place.after is None else kinds[place.after] for place in places]),
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
