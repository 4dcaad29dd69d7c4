"""What the members of a ranking in prose are ranked by: "Tiếp theo là Cầu Giấy 4.316 tỷ đồng, Đống Đa 3.902".

A phrase that holds nothing but a place and words of ranking tells of no measure: the figure before it does,
of one kind and unit, or else the index named last.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import replace
from functools import cache

import regex

from extract import rules
from extract.analysis import Analysis, Link, Quantity
from extract.phrase.named_indexes import index_names

RULE = "indicator:of_the_ranking"
_REACH = 250  # characters between a member and the figure or index before it
_SYLLABLE = regex.compile(r"[^\W\d_]++")


def take_over(analysis: Analysis, links: Sequence[Link]) -> list[Link]:
    """Return the links, with the phrase of the ranking for the members that have none of their own."""
    done: list[Link] = []
    starts = [mention.start for mention in analysis.mentions]
    for index, link in enumerate(links):
        whole = _of_the_ranking(analysis, done, index) if _is_bare(analysis, starts, link, index) else None
        done.append(link if whole is None else replace(link, value=whole, rules=(*link.rules, RULE)))
    return done


def _is_bare(analysis: Analysis, mention_starts: Sequence[int], link: Link, index: int) -> bool:
    """Say whether a phrase has a word of ranking, and else only words of the places before its figure."""
    said = _SYLLABLE.findall((link.value or "").lower())
    if not any(word in _words("ranking") for word in said):
        return False
    left = [word for word in said if word not in _words("ranking") and word not in _words("ranking_links")]
    if not left:
        return True
    start = analysis.quantities[index].start
    near = slice(bisect_right(mention_starts, start - _REACH), bisect_left(mention_starts, start))
    named = {
        word
        for mention in analysis.mentions[near]
        for word in _SYLLABLE.findall(analysis.text[mention.start : mention.end].lower())
    }
    return all(word in named for word in left)


def _of_the_ranking(analysis: Analysis, done: Sequence[Link], index: int) -> str | None:
    own = analysis.quantities[index]
    before = analysis.quantities[index - 1] if done else None
    if before is not None and own.start - before.end < _REACH and _alike(own, before):
        return done[-1].value
    lowest = max(0, own.start - _REACH)
    names = list(index_names(analysis.text[lowest : own.start])) if own.kind in ("percent", "score") else []
    return None if not names else analysis.text[lowest + names[-1][0] : lowest + names[-1][1]]


def _alike(one: Quantity, other: Quantity) -> bool:
    return (one.kind, one.unit, one.measure) == (other.kind, other.unit, other.measure)


@cache
def _words(name: str) -> frozenset[str]:
    return frozenset(rules.load_words("indicators")[name])
