"""Vietnamese words by underthesea's model: its tokens, dictionary and weights, added up here.

`underthesea.word_tokenize` puts forty features of every token into strings and looks each of them up, which
takes longer than all else that is done with an article. What a token, a pair and a triple of tokens weigh in
each of their places is the same wherever they stand, so here it is looked up once. The words are the same.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import product, zip_longest
from pathlib import Path

import joblib
import numpy as np
import regex

Weights = tuple[float, ...]  # of beginning a word, in each place that the token, pair or triple may have
Tables = dict[tuple[int, str], dict[str, Weights]]  # number of tokens and what of them → value → weights

_FILES = "pipeline/word_tokenize/models/ws_crf_vlsp2013_20230727"
_REACH = 2  # tokens to either side that are looked at
# "T[-1,0].lower": tokens from the one before to this one, in lower case
_TEMPLATE = regex.compile(r"T\[(?P<first>-?\d)(?:,(?P<last>-?\d))?\](?:\.(?P<of>\w+))?")
_FEATURE = np.dtype([("of_labels", "<u4"), ("source", "<u4"), ("label", "<u4"), ("weight", "<f8")])
_WHOLE = regex.compile(r"[+-]?[0-9]{1,40}")
_SIZES = (1, 2, 3)
_TOLD = list(product((False, True), (False, True), (False, True)))
_HEADER = 12  # bytes before the features of a chunk


class SegmenterError(Exception):
    """The installed underthesea has another model than the one that is read here."""


@dataclass(frozen=True, slots=True)
class Model:
    """The weights of a conditional random field of two labels: a token begins a word or goes on with one."""

    as_written: dict[int, dict[str, Weights]]  # number of tokens → the tokens → weights
    lowered: dict[int, dict[str, Weights]]  # … in lower case
    told: dict[tuple[int, bool, bool, bool], Weights]  # number, whole number, capitals, in the dictionary
    edges: dict[int, tuple[Weights, Weights]]  # of stretches that reach over the beginning and the end
    following: tuple[tuple[float, float], tuple[float, float]]  # label → next label → weight
    known: frozenset[str]  # the words of the dictionary

    def weights(self, tokens: Sequence[str]) -> Weights:
        """Return what a token, pair or triple weighs in each of its places."""
        size, words = len(tokens), " ".join(tokens)
        lowered = words.lower()
        whole = size == 1 and _is_whole(words)
        capitals = not any(map(str.islower, [token[0] for token in tokens]))
        found = self.told[size, whole, capitals, lowered in self.known]
        for own in (self.as_written[size].get(words), self.lowered[size].get(lowered)):
            if own is not None:
                found = _sum(found, own)
        return found


def _sum(*weights: Weights) -> Weights:
    return tuple(map(sum, zip(*weights, strict=True)))


def _is_whole(word: str) -> bool:
    """Say whether a word is a whole number as underthesea reads one: of 32 bits."""
    return _WHOLE.fullmatch(word) is not None and -(2**31) <= int(word) < 2**31


def words(text: str) -> list[str]:
    """Return the words of a text in order, as `underthesea.word_tokenize` without its rewriting of tokens.

    Imports underthesea on the first call; raises SegmenterError when its model is another.
    """
    found: list[str] = []
    for token, begins in tokens(text):
        if begins:
            found.append(token)
        else:
            found[-1] += " " + token
    return found


def tokens(text: str) -> list[tuple[str, bool]]:
    """Return the tokens of a text in order, and which of them begin a word; the first one does."""
    last = "" if text[-1:].strip() else " "
    chunks = text.split()
    found = [token for chunk in chunks[:-1] for token in _tokens(chunk, " ")]
    found += _tokens(chunks[-1], last) if chunks else ()
    if not found:
        return []
    begins = _begins(found)
    begins[:1] = [True]
    return list(zip(found, begins, strict=True))


@lru_cache(maxsize=1 << 14)
def _tokens(chunk: str, behind: str) -> tuple[str, ...]:
    """Return the tokens of what stands between two blanks; `behind` is the blank after it, if any."""
    from underthesea.pipeline.word_tokenize.regex_tokenize import tokenize

    return tuple(tokenize(chunk + behind, use_token_normalize=False))


def _begins(tokens: Sequence[str]) -> list[bool]:
    """Return for each token whether it begins a word, by the likeliest labels of all."""
    (stay, leave), (enter, go_on) = _model().following
    scores = _scores(tokens)
    begin, inside = scores[0], 0.0
    back: list[tuple[bool, bool]] = []  # whether the best token before a beginning, an inside began a word
    for weight in scores[1:]:
        of_begin, of_inside = begin + stay >= inside + enter, begin + leave >= inside + go_on
        back.append((of_begin, of_inside))
        begin, inside = (
            weight + (begin + stay if of_begin else inside + enter),
            begin + leave if of_inside else inside + go_on,
        )
    label = begin >= inside
    found = [label]
    for of_begin, of_inside in reversed(back):
        label = of_begin if label else of_inside
        found.append(label)
    found.reverse()
    return found


def _scores(tokens: Sequence[str]) -> list[float]:
    """Return how much more each token weighs as the beginning of a word."""
    before, behind = _edges()
    inside = map(_from, tokens, (*tokens[1:], ""), (*tokens[2:], "", ""))
    row = [before, before, *inside, behind, behind]
    return [
        a[0] + b[1] + c[2] + d[3] + e[4]
        for a, b, c, d, e in zip(row, row[1:], row[2:], row[3:], row[4:], strict=False)
    ]


@lru_cache(maxsize=1 << 15)
def _from(first: str, second: str, third: str) -> Weights:
    """Return what the stretches that begin with a token weigh together in each of their places.

    The tokens behind it are empty where the text has ended.
    """
    edges = _model().edges
    one = _of_one(first)
    two = _of_two(first, second) if second else edges[2][1]
    three = _model().weights((first, second, third)) if third else edges[3][1]
    return _together(one, two, three)


@cache
def _edges() -> tuple[Weights, Weights]:
    """Return what stretches weigh that begin before the text, and those that begin behind it."""
    edges = _model().edges
    before, behind = (_together(*(edges[size][side] for size in _SIZES)) for side in (0, 1))
    return before, behind


def _together(one: Weights, two: Weights, three: Weights) -> Weights:
    """Return the weights of stretches of all sizes that begin together."""
    return tuple(map(sum, zip_longest(one, two, three, fillvalue=0.0)))


@lru_cache(maxsize=1 << 14)
def _of_one(token: str) -> Weights:
    return _model().weights((token,))


@lru_cache(maxsize=1 << 15)
def _of_two(first: str, second: str) -> Weights:
    return _model().weights((first, second))


@cache
def _model() -> Model:
    spec = importlib.util.find_spec("underthesea")
    if spec is None or not spec.submodule_search_locations:
        raise SegmenterError("underthesea is not installed")
    return load(Path(spec.submodule_search_locations[0]) / _FILES)


def load(directory: Path) -> Model:
    """Return the model in a directory of underthesea's; raises SegmenterError when it is none."""
    try:
        stored = (directory / "models.bin").read_bytes()
        known = frozenset(joblib.load(directory / "dictionary.bin"))
    except OSError as error:
        raise SegmenterError(f"{directory}: {error}") from error
    if stored[:4] != b"lCRF":
        raise SegmenterError(f"{directory}: not a model of CRFsuite")
    features, labels, attributes = np.frombuffer(stored, "<u4", 3, offset=28).tolist()
    count = int(np.frombuffer(stored, "<u4", 1, offset=features + 8)[0])
    rows = np.frombuffer(stored, _FEATURE, count, offset=features + _HEADER)
    names = _strings(stored, labels)
    if sorted(names) != ["B-W", "I-W"]:
        raise SegmenterError(f"{directory}: the labels are {names}")
    sign = np.where(rows["label"] == names.index("B-W"), rows["weight"], -rows["weight"])
    of_attribute = np.bincount(rows["source"], weights=sign * (rows["of_labels"] == 0))
    pairs = rows[rows["of_labels"] == 1]
    between = {(int(row["source"]), int(row["label"])): float(row["weight"]) for row in pairs}
    begin, inside = names.index("B-W"), names.index("I-W")
    following = [(between.get((one, begin), 0.0), between.get((one, inside), 0.0)) for one in (begin, inside)]
    tables = _tables(_strings(stored, attributes), of_attribute.tolist())
    return Model(
        {size: tables.get((size, ""), {}) for size in _SIZES},
        {size: tables.get((size, "lower"), {}) for size in _SIZES},
        {
            (size, whole, capitals, listed): _of_values(tables, size, str(whole), str(capitals), str(listed))
            for size in _SIZES
            for whole, capitals, listed in _TOLD
        },
        {
            size: (_of_values(tables, size, *["BOS"] * 5), _of_values(tables, size, *["EOS"] * 5))
            for size in _SIZES
        },
        (following[0], following[1]),
        known,
    )


def _of_values(tables: Tables, size: int, *values: str) -> Weights:
    """Return what values of isdigit, istitle, is_in_dict, lower and the words as written weigh together."""
    found = [(0.0,) * (2 * _REACH + 2 - size)]
    for of, value in zip(("isdigit", "istitle", "is_in_dict", "lower", ""), values, strict=False):
        weights = tables.get((size, of), {}).get(value)
        found += [] if weights is None else [weights]
    return _sum(*found)


def _strings(stored: bytes, start: int) -> list[str]:
    """Return the strings of a database inside a CRFsuite model, by their numbers."""
    count, places = np.frombuffer(stored, "<u4", 2, offset=start + 16).tolist()
    found = []
    for place in np.frombuffer(stored, "<u4", count, offset=start + places).tolist():
        size = int.from_bytes(stored[start + place + 4 : start + place + 8], "little")
        found.append(stored[start + place + 8 : start + place + 7 + size].decode())
    return found


def _tables(attributes: Sequence[str], weights: Sequence[float]) -> Tables:
    tables: dict[tuple[int, str], dict[str, list[float]]] = {}
    for attribute, weight in zip(attributes, weights, strict=True):
        template, _, value = attribute.partition("=")
        match = _TEMPLATE.fullmatch(template)
        if match is None:
            raise SegmenterError(f"unknown feature {attribute}")
        first = int(match["first"])
        size = int(match["last"] or first) - first + 1
        table = tables.setdefault((size, match["of"] or ""), {})
        table.setdefault(value, [0.0] * (2 * _REACH + 2 - size))[first + _REACH] += weight
    return {key: {value: tuple(row) for value, row in table.items()} for key, table in tables.items()}
