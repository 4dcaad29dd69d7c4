"""Words that tell whose an article, a paragraph or a sentence is without naming a place."""

from __future__ import annotations

import tomllib
from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from types import MappingProxyType

import regex

from extract.text import lower
from extract.word_lists import DIGITS, WordList, syllables_of

_LISTS = Path(__file__).resolve().parents[2] / "data" / "gazetteer.toml"
_ANY_NUMBER = r"\d{1,2}"


def found(text: str) -> dict[str, list[int]]:
    """Return where words of each kind stand in `text`."""
    lowered = lower(text)
    syllables = syllables_of(lowered)
    return {
        kind: [start for start, _ in words.spans(text, lowered, syllables)]
        for kind, words in _lists().items()
    }


def counted(places: Mapping[str, Sequence[int]], low: int, high: int) -> Counter[str]:
    """Return how many of the words that `found` gave stand between two offsets, by kind."""
    return Counter({kind: bisect_left(at, high) - bisect_left(at, low) for kind, at in places.items()})


@cache
def _lists() -> MappingProxyType[str, WordList]:
    with _LISTS.open("rb") as file:
        lists = tomllib.load(file)["evidence"]
    return MappingProxyType({kind: WordList.of(_pattern(words), words) for kind, words in lists.items()})


def _pattern(words: list[str]) -> regex.Pattern[str]:
    escaped = sorted(words, key=len, reverse=True)
    parts = [_word(word) for word in escaped]
    return regex.compile(rf"(?<![\p{{L}}\p{{N}}])(?:{'|'.join(parts)})(?![\p{{L}}\p{{N}}])")


def _word(word: str) -> str:
    if word.startswith(f"{DIGITS} "):
        return _ANY_NUMBER + regex.escape(word[1:])
    return regex.escape(word) if word != word.lower() else rf"(?i:{regex.escape(word)})"
