"""The tokens of an article as columns of small whole numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from extract.phrase.lines import Layout, words

Ints = npt.NDArray[np.int64]
Whole = npt.NDArray[np.integer[Any]]  # as small as they may be
Bools = npt.NDArray[np.bool_]

CLASSES = ("none", "reach", "change", "have", "preposition", "connective", "predicate", "base", "hedge")
ROLES = ("none", "unit", "hedge", "time", "sign", "figure")
_ROLE_NUMBERS = {"": 0} | {role: number for number, role in enumerate(ROLES)}


@dataclass(frozen=True, slots=True)
class Columns:
    """The tokens of an article as columns."""

    distinct: tuple[str, ...]  # the words, each once
    same: Ints  # the number of the token's word among them
    role: Ints
    sentence: Ints
    line: Ints
    piece: Ints
    figure: Ints
    classes: Ints
    group: Ints  # one number for the tokens of a piece
    goes_on: Bools  # the token before is of the same piece
    chunk: Ints  # a function word and what follows it up to the next have one number

    @classmethod
    def of(cls, layout: Layout) -> Columns:
        _, _, words, sentence, line, piece, figure, roles = zip(*layout.tokens, strict=True)
        numbers: dict[str, int] = {}
        same = whole_numbers([numbers.setdefault(word, len(numbers)) for word in words])
        classes = whole_numbers(list(map(word_class, numbers)))[same]
        columns = whole_numbers(sentence), whole_numbers(line), whole_numbers(piece)
        changed = np.zeros(len(words), dtype=np.bool_)
        for each in columns:
            changed[1:] |= each[1:] != each[:-1]
        goes_on = ~changed
        goes_on[0] = False
        lines, pieces = int(columns[1].max()) + 1, int(columns[2].max()) + 1
        of_figure = whole_numbers(figure)
        return cls(
            tuple(numbers),
            same,
            whole_numbers([_ROLE_NUMBERS[role] for role in roles]),
            *columns,
            of_figure,
            classes,
            (columns[0] * lines + columns[1]) * pieces + columns[2],
            goes_on,
            _chunks(of_figure, classes, goes_on),
        )

    def is_role(self, *roles: str) -> Bools:
        """Return which tokens have one of the roles."""
        found = np.zeros(len(self.role), dtype=np.bool_)
        for role in roles:
            found |= self.role == ROLES.index(role)
        return found


def whole_numbers(values: Sequence[int]) -> Ints:
    """Return whole numbers as an array."""
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


def _chunks(figure: Ints, classes: Ints, goes_on: Bools) -> Ints:
    """Return for every token the ordinal of its chunk: a function word and what follows it up to the next."""
    function = classes > 0
    opens = ~goes_on
    opens[1:] |= (figure[1:] != figure[:-1]) | (function[1:] & ~function[:-1])
    return np.cumsum(opens)
