"""What the chooser sees of a token beside a figure: atoms of few values, and templates that join them.

An atom is one small whole number for each pair of figure and token; a template names the atoms it joins, and
a feature is one combination of their values. All pairs of an article are computed at once, in numpy.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from extract import words as segmentation
from extract.analysis import Analysis, Quantity
from extract.candidates import Candidates, is_measure
from extract.lines import Layout, Place, Token, words

Ints = npt.NDArray[np.int64]
Column = tuple[Ints, int]  # values, and how many an atom may take

REGIONS = (
    "left", "left_past_figure", "unit", "right", "right_past_figure",
    "piece_before", "figure_piece_before", "pieces_before", "figure_pieces_before",
    "piece_after", "figure_piece_after", "pieces_after",
    "owner", "owner_far", "past_bracket", "bracket", "sentence_before", "two_before",
)  # fmt: skip
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
ROLES = ("", "unit", "hedge", "time", "sign", "figure")
SHAPES = ("lower", "capital", "upper", "digit", "sign")
MENTIONS = ("none", "province", "country", "locality", "agency", "region", "foreign", "programme")
RARE, EDGE, NUMBER = 0, 1, 2  # word numbers that precede the vocabulary's own

_DISTANCES = np.array([1, 2, 3, 4, 6, 9, 13, 21])
_COUNTS = np.array([1, 3, 6])


@dataclass(frozen=True, slots=True)
class Pairs:
    """The pairs of figure and token of one article, and their atoms by name."""

    figure: Ints
    token: Ints
    atoms: dict[str, Ints]
    sizes: dict[str, int]


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
    columns: dict[str, Column] = {}
    of_token = _token_atoms(analysis, layout, vocabulary)
    for name, (values, size) in of_token.items():
        columns[name] = values[token], size
    for name, (values, size) in _figure_atoms(analysis, layout, found, vocabulary).items():
        columns[name] = values[figure], size
    columns |= _relations(layout, found, reach, of_token["class"][0])
    return Pairs(
        figure,
        token,
        {name: values for name, (values, _) in columns.items()},
        {name: size for name, (_, size) in columns.items()},
    )


def word_number(token: Token, vocabulary: Mapping[str, int]) -> int:
    """Return the number of the token's word; numbers share one, words outside the vocabulary another."""
    return NUMBER if token.word[0].isdigit() else vocabulary.get(token.word, RARE)


# -- of a token ---------------------------------------------------------------------------------------------


def _token_atoms(analysis: Analysis, layout: Layout, vocabulary: Mapping[str, int]) -> dict[str, Column]:
    tokens = layout.tokens
    size = len(vocabulary) + 3
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
        "word": (word, size),
        "previous": (previous, size),
        "following": (following, size),
        "class": (np.array([_class(token.word) for token in tokens], dtype=np.int64), len(CLASSES)),
        "role": (np.array([ROLES.index(token.role) for token in tokens], dtype=np.int64), len(ROLES)),
        "shape": (np.array([_shape(analysis.text, token) for token in tokens], dtype=np.int64), len(SHAPES)),
        "part": (_word_parts(analysis, layout), len(segmentation.PARTS)),
        "mention": (_mentions(analysis, tokens), len(MENTIONS)),
        "marker": (marker, size),
        "marker_gap": (np.digitize(marker_gap, _DISTANCES), len(_DISTANCES) + 1),
        "ahead": (ahead, size),
        "ahead_gap": (np.digitize(ahead_gap, _DISTANCES), len(_DISTANCES) + 1),
        "piece_first": (_first_words(tokens, word), size),
        "from_first": (np.minimum(first, 4), 5),
        "from_last": (np.minimum(last, 4), 5),
    }


@cache
def _classes() -> dict[str, int]:
    lists = words()
    found: dict[str, int] = {}
    for name in CLASSES[1:]:
        for word in lists[f"class_{name}"]:
            found.setdefault(word, CLASSES.index(name))
    return found


def _class(word: str) -> int:
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
        elif _class(tokens[n].word) in functional:
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


def _mentions(analysis: Analysis, tokens: Sequence[Token]) -> Ints:
    found = np.zeros(len(tokens), dtype=np.int64)
    starts = np.array([token.start for token in tokens])
    for mention in analysis.mentions:
        if mention.label in MENTIONS:
            low, high = np.searchsorted(starts, (mention.start, mention.end))
            found[low:high] = MENTIONS.index(mention.label)
    return found


# -- of a figure --------------------------------------------------------------------------------------------


def _figure_atoms(
    analysis: Analysis, layout: Layout, found: Sequence[Candidates], vocabulary: Mapping[str, int]
) -> dict[str, Column]:
    tokens, places, quantities = layout.tokens, layout.places, analysis.quantities
    size = len(vocabulary) + 3

    def column(values: Iterable[int], size: int) -> Column:
        return np.array(list(values), dtype=np.int64), size

    def count(values: Iterable[int]) -> Column:
        return np.digitize(np.array(list(values)), _COUNTS), len(_COUNTS) + 1

    def beside(place: Place, number: int) -> int:
        low, high = layout.spans[place.sentence]
        return word_number(tokens[number], vocabulary) if low <= number < high else EDGE

    kinds = [KINDS.index(quantity.kind) for quantity in quantities]
    return {
        "kind": column(kinds, len(KINDS)),
        "unit_class": column((_unit_class(quantity) for quantity in quantities), 6),
        "measure": column((quantity.measure == "difference" for quantity in quantities), 2),
        "word_left": column((beside(place, place.left - 1) for place in places), size),
        "word_left_2": column((beside(place, place.left - 2) for place in places), size),
        "word_number": column((beside(place, place.first - 1) for place in places), size),
        "word_right": column((beside(place, place.unit_last) for place in places), size),
        "class_left": column(
            (_class(tokens[place.left - 1].word) if place.left else 0 for place in places), len(CLASSES)
        ),
        "own_first": column(
            (
                beside(place, each.left[0] if each.left else -1)
                for place, each in zip(places, found, strict=True)
            ),
            size,
        ),
        "count_left": count(len(each.left) for each in found),
        "count_right": count(len(each.right) for each in found),
        "count_unit": column((min(2, len(each.unit)) for each in found), 3),
        "rule": column((RULES.index(each.rule) for each in found), len(RULES)),
        "before": column((_before(layout, place) for place in places), 4),
        "kind_before": column(
            (len(KINDS) if place.before is None else kinds[place.before] for place in places), len(KINDS) + 1
        ),
        "kind_after": column(
            (len(KINDS) if place.after is None else kinds[place.after] for place in places), len(KINDS) + 1
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


# -- of both ------------------------------------------------------------------------------------------------


def _relations(
    layout: Layout, found: Sequence[Candidates], reach: Sequence[Ints], classes: Ints
) -> dict[str, Column]:
    lay = _Arrays.of(layout, classes)
    sizes: dict[str, int] = {}
    parts: dict[str, list[Ints]] = {}
    for index, numbers in enumerate(reach):
        for name, (values, size) in _of_pair(layout, lay, found, index, numbers).items():
            parts.setdefault(name, []).append(values)
            sizes[name] = size
    return {name: (np.concatenate(values), sizes[name]) for name, values in parts.items()}


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
        )


def _of_pair(
    layout: Layout, lay: _Arrays, found: Sequence[Candidates], index: int, numbers: Ints
) -> dict[str, Column]:
    place, candidates = layout.places[index], found[index]
    left = numbers < place.first
    distance = np.where(left, place.left - 1 - numbers, numbers - place.last)

    def between(running: Ints, most: int) -> Column:
        count = np.where(
            left, running[place.left] - running[numbers], running[numbers + 1] - running[place.last]
        )
        return np.clip(count, 0, most), most + 1

    def member(picked: Sequence[int]) -> Ints:
        return np.isin(numbers, np.array(picked, dtype=np.int64)).astype(np.int64)

    def pick_of(other: int | None) -> Ints:
        return member(found[other].pick) if other is not None else np.full(len(numbers), 2, dtype=np.int64)

    pick = np.array(candidates.pick, dtype=np.int64)
    bits = (
        candidates.left,
        candidates.right,
        candidates.earlier,
        candidates.shared,
        candidates.inherited,
        candidates.subject,
    )
    return {
        "region": (_regions(layout, lay, index, numbers), len(REGIONS)),
        "distance": (np.digitize(distance, _DISTANCES), len(_DISTANCES) + 1),
        "figures_between": between(lay.figures, 3),
        "commas": between(lay.commas, 3),
        "connectives": between(lay.connectives, 2),
        "prepositions": between(lay.prepositions, 3),
        "predicates": between(lay.predicates, 2),
        "member": (np.add.reduce([member(each) << bit for bit, each in enumerate(bits)]), 1 << len(bits)),
        "pick": (member(candidates.pick), 2),
        "pick_beside": (np.isin(numbers - 1, pick) + 2 * np.isin(numbers + 1, pick).astype(np.int64), 4),
        "pick_before": (pick_of(place.before if place.before is not None else place.owner), 3),
        "pick_after": (pick_of(place.after), 3),
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
