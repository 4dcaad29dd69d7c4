"""Words that begin, end or interrupt a phrase, by the lists of data/rules/indicators.toml."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from extract.phrase.lines import Token, words

_LONGEST = 4  # words of a phrase in the lists


def clean(
    tokens: Sequence[Token], found: Sequence[int], *, openings: bool = True, links: bool = True
) -> tuple[int, ...]:
    """Return `found` without times, signs at the ends, opening words before and linking words after."""
    kept = [n for n in found if tokens[n].role not in ("time", "figure", "hedge")]
    low, high = 0, len(kept)
    while low < high:
        if tokens[kept[low]].role == "sign":
            low += 1
        elif tokens[kept[high - 1]].role == "sign":
            high -= 1
        elif openings and (size := _opening(tokens, kept[low : min(high, low + _LONGEST)])):
            low += size
        elif links and (size := _ends(tokens, kept[max(low, high - _LONGEST) : high], "links")):
            high -= size
        else:
            break
    return tuple(kept[low:high])


def _opening(tokens: Sequence[Token], found: Sequence[int]) -> int:
    """Return how many tokens at the start of `found` say nothing of what is measured."""
    return 0 if starts(tokens, found, "not_openings") else starts(tokens, found, "openings")


def starts(tokens: Sequence[Token], found: Sequence[int], name: str, position: int = 0) -> int:
    """Return how many tokens of `found` from `position` on make a phrase of the list; 0 when none does."""
    phrases, firsts = _phrases(name)
    if position >= len(found) or tokens[found[position]].word not in firsts:
        return 0
    said = tuple([tokens[n].word for n in found[position : position + _LONGEST]])
    return next((size for size in range(len(said), 0, -1) if said[:size] in phrases), 0)


def _ends(tokens: Sequence[Token], found: Sequence[int], name: str) -> int:
    phrases, _ = _phrases(name)
    said = tuple([tokens[n].word for n in found[-_LONGEST:]])
    return next((size for size in range(len(said), 0, -1) if said[-size:] in phrases), 0)


@cache
def _phrases(name: str) -> tuple[frozenset[tuple[str, ...]], frozenset[str]]:
    """Return the phrases of a list by their words, and the words that they begin with."""
    phrases = frozenset(tuple(entry.split()) for entry in words()[name])
    return phrases, frozenset(phrase[0] for phrase in phrases)
