"""Where the words of a list stand in a text: its syllables are looked up, and the list is tried only there.

A text is read once, whatever the number of lists: a list of plain words can begin only where one of its first
syllables stands, and only with the second syllable of one of its words behind it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import regex

Span = tuple[int, int]
Syllables = Mapping[str, Sequence[int]]

DIGITS = "#"  # stands for one in digits among the syllables

_SYLLABLE = regex.compile(r"\p{L}++")
_DIGIT_RUN = regex.compile(r"\d++")
_FIRST = regex.compile(r"(?:\p{L}++|#)(?=[ ,-]|$)")
# The first two syllables as far as they are plain: one before "?", "*" or "{" may be missing.
_OPENING = regex.compile(r"\p{L}++(?: \p{L}++(?![?*{])| )?")


@lru_cache(maxsize=4)
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
    openings: dict[str, tuple[str, ...]]  # first syllable → what one of its words begins with, in lower case

    @classmethod
    def of(cls, pattern: regex.Pattern[str], words: Iterable[str]) -> WordList:
        """Return the list of a pattern made from `words`; raises ValueError for one that is no plain word."""
        openings: dict[str, set[str]] = {}
        for word in words:
            first = _first_syllable(word)
            openings.setdefault(first, set()).update(_openings(word.lower(), first))
        return cls(pattern, {first: tuple(sorted(known)) for first, known in openings.items()})

    def spans(self, text: str, lowered: str, syllables: Syllables) -> list[Span]:
        """Return the spans that the pattern has in a text, in order and without overlap."""
        return [match.span() for match in self.matches(text, lowered, syllables)]

    def matches(self, text: str, lowered: str, syllables: Syllables) -> list[regex.Match[str]]:
        """Return the matches of the pattern in a text, in order and without overlap.

        `lowered` is the text in lower case, or one that differs from it inside whole words only, and
        `syllables` are its syllables.
        """
        here = [
            start
            for first in self.openings.keys() & syllables.keys()
            for start in syllables[first]
            if lowered.startswith(self.openings[first], start)
        ]
        found: list[regex.Match[str]] = []
        reached = 0
        for start in sorted(here):
            if start >= reached and (match := self.pattern.match(text, start)) is not None:
                found.append(match)
                reached = match.end()
        return found


def _first_syllable(word: str) -> str:
    match = _FIRST.match(word.lower())
    if match is None:
        raise ValueError(f"{word!r} does not begin with a plain syllable")
    return match[0]


def _openings(word: str, first: str) -> tuple[str, ...]:
    """Return what a word begins with in a text; between two syllables of it more than one blank may stand."""
    match = _OPENING.match(word)
    if first == DIGITS or match is None:
        return ("",)
    return (match[0],) if " " not in match[0] else (match[0], f"{first}  ")
