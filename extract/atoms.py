"""Atoms of a token and of a figure: small whole numbers from which the chooser's features are joined."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cache

import numpy as np
import numpy.typing as npt

from extract import words as segmentation
from extract.analysis import Analysis, Quantity
from extract.candidates import Candidates, is_measure
from extract.lines import Layout, Place, Token, words

Ints = npt.NDArray[np.int64]

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

DISTANCES = np.array([1, 2, 3, 4, 6, 9, 13, 21])
_COUNTS = np.array([1, 3, 6])


def word_number(token: Token, vocabulary: Mapping[str, int]) -> int:
    """Return the number of the token's word; numbers share one, words outside the vocabulary another."""
    return NUMBER if token.word[0].isdigit() else vocabulary.get(token.word, RARE)


def of_tokens(analysis: Analysis, layout: Layout, vocabulary: Mapping[str, int]) -> dict[str, Ints]:
    tokens = layout.tokens
    word = np.array([word_number(token, vocabulary) for token in tokens], dtype=np.int64)
    sentence = np.array([token.sentence for token in tokens])
    cut = np.flatnonzero(np.diff(sentence))
    previous = np.concatenate(([EDGE], word[:-1]))
    previous[cut + 1] = EDGE
    following = np.concatenate((word[1:], [EDGE]))
    following[cut] = EDGE
    marker, marker_gap = _markers(tokens, word)
    ahead, ahead_gap = (each[::-1] for each in _markers(tokens[::-1], word[::-1]))
    first, last = _in_piece(tokens)
    return {
        "word": word,
        "previous": previous,
        "following": following,
        "class": _column(word_class(token.word) for token in tokens),
        "role": _column(ROLES.index(token.role or "none") for token in tokens),
        "shape": _column(_shape(analysis.text, token) for token in tokens),
        "part": _word_parts(analysis, layout),
        "mention": _mentions(analysis, tokens),
        "guard": _guards(analysis, tokens),
        "frequency": np.digitize(_frequencies(tokens), _COUNTS),
        "chunk": chunks(layout),
        "marker": marker,
        "marker_gap": np.digitize(marker_gap, DISTANCES),
        "ahead": ahead,
        "ahead_gap": np.digitize(ahead_gap, DISTANCES),
        "piece_first": _first_words(tokens, word),
        "from_first": np.minimum(first, 4),
        "from_last": np.minimum(last, 4),
    }


def _column(values: Iterable[int]) -> Ints:
    return np.array(list(values), dtype=np.int64)


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


def _shape(text: str, token: Token) -> int:
    if token.word[0].isdigit():
        return 3
    if not token.word[0].isalnum():
        return 4
    surface = text[token.start : token.end]
    if surface.isupper() and len(surface) > 1:
        return 2
    return 1 if surface[0].isupper() else 0


def _markers(tokens: Sequence[Token], word: Ints) -> tuple[Ints, Ints]:
    """Return for every token the last function word at or before it in its piece, and how far back."""
    marker = np.full(len(tokens), EDGE, dtype=np.int64)
    gap = np.zeros(len(tokens), dtype=np.int64)
    functional = frozenset(CLASSES.index(name) for name in CLASSES[1:] if name != "hedge")
    for n in range(len(tokens)):
        if tokens[n].role == "figure":
            marker[n] = NUMBER
        elif word_class(tokens[n].word) in functional:
            marker[n] = word[n]
        elif n and (tokens[n - 1].sentence, tokens[n - 1].line, tokens[n - 1].piece) == (
            tokens[n].sentence,
            tokens[n].line,
            tokens[n].piece,
        ):
            marker[n], gap[n] = marker[n - 1], gap[n - 1] + 1
    return marker, gap


def _first_words(tokens: Sequence[Token], word: Ints) -> Ints:
    """Return for every token the first word of its piece."""
    found = np.zeros(len(tokens), dtype=np.int64)
    of_piece: dict[tuple[int, int, int], int] = {}
    for n, token in enumerate(tokens):
        if token.role != "sign":
            of_piece.setdefault((token.sentence, token.line, token.piece), int(word[n]))
        found[n] = of_piece.get((token.sentence, token.line, token.piece), EDGE)
    return found


def _in_piece(tokens: Sequence[Token]) -> tuple[Ints, Ints]:
    """Return how many tokens of its piece stand before and after every token."""
    count: dict[tuple[int, int, int], int] = {}
    first = np.zeros(len(tokens), dtype=np.int64)
    for n, token in enumerate(tokens):
        key = (token.sentence, token.line, token.piece)
        first[n] = count.get(key, 0)
        count[key] = int(first[n]) + 1
    total = np.array([count[token.sentence, token.line, token.piece] for token in tokens], dtype=np.int64)
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


def chunks(layout: Layout) -> Ints:
    """Return for every token the ordinal of its chunk: a function word and what follows it up to the next."""
    found = np.zeros(len(layout.tokens), dtype=np.int64)
    previous: tuple[int, int, int, int] | None = None
    function = False
    for n, token in enumerate(layout.tokens):
        where = (token.sentence, token.line, token.piece, token.figure)
        opens = word_class(token.word) > 0
        found[n] = (found[n - 1] if n else 0) + (where != previous or (opens and not function))
        previous, function = where, opens
    return found


def _frequencies(tokens: Sequence[Token]) -> Ints:
    """Return how often the word of every token stands near the article's figures."""
    count = Counter(token.word for token in tokens)
    return _column(count[token.word] for token in tokens)


def _guards(analysis: Analysis, tokens: Sequence[Token]) -> Ints:
    found = np.zeros(len(tokens), dtype=np.int64)
    starts = np.array([token.start for token in tokens])
    for guarded in analysis.guarded:
        low, high = np.searchsorted(starts, (guarded.start, guarded.end))
        what = guarded.what if guarded.what in GUARDS else "other"
        found[low:high] = GUARDS.index(what)
    return found


def _mentions(analysis: Analysis, tokens: Sequence[Token]) -> Ints:
    found = np.zeros(len(tokens), dtype=np.int64)
    starts = np.array([token.start for token in tokens])
    for mention in analysis.mentions:
        if mention.label in MENTIONS:
            low, high = np.searchsorted(starts, (mention.start, mention.end))
            found[low:high] = MENTIONS.index(mention.label)
    return found


def of_figures(
    analysis: Analysis, layout: Layout, found: Sequence[Candidates], vocabulary: Mapping[str, int]
) -> dict[str, Ints]:
    tokens, places, quantities = layout.tokens, layout.places, analysis.quantities
    both = list(zip(places, found, strict=True))

    def count(values: Iterable[int]) -> Ints:
        return np.digitize(_column(values), _COUNTS)

    def beside(place: Place, number: int) -> int:
        low, high = layout.spans[place.sentence]
        return word_number(tokens[number], vocabulary) if low <= number < high else EDGE

    kinds = [KINDS.index(quantity.kind) for quantity in quantities]
    none = len(KINDS)
    return {
        "kind": _column(kinds),
        "unit_class": _column(_unit_class(quantity) for quantity in quantities),
        "measure": _column(quantity.measure == "difference" for quantity in quantities),
        "word_left": _column(beside(place, place.left - 1) for place in places),
        "word_left_2": _column(beside(place, place.left - 2) for place in places),
        "word_number": _column(beside(place, place.first - 1) for place in places),
        "word_right": _column(beside(place, place.unit_last) for place in places),
        "class_left": _column(
            word_class(tokens[place.left - 1].word) if place.left else 0 for place in places
        ),
        "own_first": _column(beside(place, each.left[0] if each.left else -1) for place, each in both),
        "count_left": count(len(each.left) for each in found),
        "count_right": count(len(each.right) for each in found),
        "count_unit": _column(min(2, len(each.unit)) for each in found),
        "rule": _column(RULES.index(each.rule) for each in found),
        "before": _column(_before(layout, place) for place in places),
        "kind_before": _column(none if place.before is None else kinds[place.before] for place in places),
        "kind_after": _column(none if place.after is None else kinds[place.after] for place in places),
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
