"""What each figure measures, by the learned chooser or, without its model, by the rule's pick."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace

from extract.analysis import Analysis, Link
from extract.phrase import candidates, catalogue, chooser, rankings
from extract.phrase.lines import layout_of, phrase

RULE_CONFIDENCE = 0.55  # mean overlap of the rule's pick with two readers' phrases


def choose(analysis: Analysis) -> Analysis:
    """Return the analysis with `indicators` and `indicator_ids`; every link has a value, perhaps empty."""
    layout = layout_of(analysis)
    found = candidates.propose(analysis, layout)
    picked = chooser.choose(analysis, layout, found)
    learned = () if picked is None else ("indicator:chooser",)
    if picked is None:
        picked = [(each.pick, RULE_CONFIDENCE) for each in found]
    links = [
        Link(phrase(analysis.text, layout.tokens, tokens), sure, (f"indicator:{each.rule}", *learned))
        for (tokens, sure), each in zip(picked, found, strict=True)
    ]
    links = rankings.take_over(analysis, links)
    firsts = [place.first for place in layout.places]
    ids = tuple(
        catalogue.indicator_id(link.value or "", quantity, across=_reaches_across(tokens, index, firsts))
        for index, (link, quantity, (tokens, _)) in enumerate(
            zip(links, analysis.quantities, picked, strict=True)
        )
    )
    return replace(analysis, indicators=tuple(links), indicator_ids=ids, layout=layout)


def _reaches_across(tokens: Sequence[int], index: int, firsts: Sequence[int]) -> bool:
    """Say whether another figure stands among the tokens of a figure's phrase.

    `firsts` are the tokens that the figures begin with.
    """
    if not tokens:
        return False
    low, high = bisect_left(firsts, tokens[0]), bisect_left(firsts, tokens[-1])
    return high - low > (low <= index < high)
