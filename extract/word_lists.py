"""Where the words of a list stand in a text: its syllables are looked up, and the list is tried only there.

A text is read once, whatever the number of lists: a list of plain words can begin only where one of its first
syllables stands.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain

import regex

Span = tuple[int, int]
Syllables = Mapping[str, Sequence[int]]

DIGITS = "#"  # stands for one in digits among the syllables

_SYLLABLE = regex.compile(r"\p{L}++")
_DIGIT_RUN = regex.compile(r"\d++")
_FIRST = regex.compile(r"(?:\p{L}++|#)(?=[ ,-]|$)")


@lru_cache(maxsize=2)
def syllables_of(lowered: str) -> Syllables:
    """Return where each syllable of a text in lower case stands, and under DIGITS where digits begin."""
    found: dict[str, list[int]] = {}
    for match in _SYLLABLE.finditer(lowered):
        word = match[0]
        if word in found:
            found[word].append(match.start())
        else:
            found[word] = [match.start()]
    found[DIGITS] = [match.start() for match in _DIGIT_RUN.finditer(lowered)]
    return found


@dataclass(frozen=True, slots=True, eq=False)
class WordList:
    """A pattern that begins with one of some syllables, at the beginning of a word."""

    pattern: regex.Pattern[str]
    firsts: frozenset[str]

    @classmethod
    def of(cls, pattern: regex.Pattern[str], words: Iterable[str]) -> WordList:
        """Return the list of a pattern made from `words`; raises ValueError for one that is no plain word."""
        return cls(pattern, frozenset(_first_syllable(word) for word in words))

    def spans(self, text: str, syllables: Syllables) -> list[Span]:
        """Return the spans that the pattern has in a text, in order and without overlap."""
        return [match.span() for match in self.matches(text, syllables)]

    def matches(self, text: str, syllables: Syllables) -> list[regex.Match[str]]:
        """Return the matches of the pattern in a text, in order and without overlap.

        `syllables` are those of the text, or of one that differs from it inside whole words only.
        """
        here = [syllables[first] for first in self.firsts & syllables.keys()]
        found: list[regex.Match[str]] = []
        reached = 0
        for start in sorted(chain.from_iterable(here)):
            if start >= reached and (match := self.pattern.match(text, start)) is not None:
                found.append(match)
                reached = match.end()
        return found


def _first_syllable(word: str) -> str:
    match = _FIRST.match(word.lower())
    if match is None:
        raise ValueError(f"{word!r} does not begin with a plain syllable")
    return match[0]
