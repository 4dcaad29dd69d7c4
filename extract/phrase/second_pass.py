"""Atoms of the second pass: what the first one gave a token, its neighbours and the figures beside."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from extract.phrase.columns import Ints, Whole
from extract.phrase.features import Floats, Pairs
from extract.phrase.lines import Layout
from extract.phrase.relations import REGIONS
from extract.phrase.words import PARTS

POSSIBLE = 0.01  # less probable tokens are out of the question in the second pass

_P = np.array([0.02, 0.05, 0.1, 0.2, 0.35, 0.5, 0.65, 0.8, 0.9, 0.97])
_COARSE = np.array([0.1, 0.3, 0.6, 0.85])
_OTHER = np.array([-0.6, -0.4, 0.1, 0.3, 0.6, 0.85])  # no such figure, token out of its reach, probabilities
_MEANS = np.array([0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8])
_SUMS = np.array([0.5, 1.5, 3, 5, 8])
_BINS = {
    "p": _P, "p_previous": _COARSE, "p_next": _COARSE, "p_previous_2": _COARSE, "p_next_2": _COARSE,
    "p_window": _COARSE, "p_chunk": _MEANS, "p_word": _MEANS, "p_before": _OTHER, "p_after": _OTHER,
    "p_double": _COARSE, "sum_left": _SUMS, "sum_right": _SUMS, "sum_far": _SUMS,
}  # fmt: skip
# By region: left of the figure, right of it, far.
_SIDES = np.array([0 if r in (0, 5, 7) else 1 if r in (2, 3) else 2 for r in range(len(REGIONS))])
_OPENS = PARTS.index("begin")  # the last part that a word may begin with
SIZES = {name: len(bins) + 1 for name, bins in _BINS.items()}  # how many values each atom has


def possible(layout: Layout, pair: Pairs, first: Floats) -> tuple[Pairs, npt.NDArray[np.bool_]]:
    """Return the pairs that are still possible, with the atoms of the second pass, and which ones they are.

    `first` are the probabilities that the first pass gave the pairs.
    """
    opens = np.flatnonzero(np.diff(pair.figure, prepend=-1))
    closes = np.append(opens[1:], len(first)) - 1
    previous, following = _moved(first, 1, opens), _moved(first, -1, closes)
    around = np.concatenate((np.zeros(2), first, np.zeros(2)))
    which = np.flatnonzero(first >= POSSIBLE)
    columns: dict[str, Whole] = {name: values.take(which) for name, values in pair.of_pair.items()}

    def keep(name: str, chances: Floats) -> None:
        columns[name] = _BINS[name].searchsorted(chances.take(which), side="right")

    keep("p", first)
    keep("p_previous", previous)
    keep("p_next", following)
    keep("p_previous_2", _moved(previous, 1, opens))
    keep("p_next_2", _moved(following, -1, closes))
    keep("p_window", np.convolve(around, np.ones(5) / 5, "valid"))
    keep("p_chunk", _mean(pair, first, pair.atom("chunk")))
    keep("p_word", word_means(pair, first))
    keep("p_before", _beside(layout, pair, first, after=False))
    keep("p_after", _beside(layout, pair, first, after=True))
    keep("p_double", _doubles(pair, first))
    side = 3 * pair.figure + _SIDES[pair.of_pair["region"]]
    totals = np.bincount(side, weights=first, minlength=3 * (int(pair.figure[-1]) + 1))
    figure = pair.figure.take(which)
    for number, name in enumerate(("sum_left", "sum_right", "sum_far")):
        columns[name] = _BINS[name].searchsorted(totals, side="right")[3 * figure + number]
    return replace(pair, figure=figure, token=pair.token.take(which), of_pair=columns), first >= POSSIBLE


def _moved(chances: Floats, by: int, edges: Ints) -> Floats:
    """Return the chances one place further (1) or back (-1); 0 where a figure's tokens begin or end."""
    moved = np.zeros_like(chances)
    if by > 0:
        moved[1:] = chances[:-1]
    else:
        moved[:-1] = chances[1:]
    moved[edges] = 0.0
    return moved


def word_means(pair: Pairs, chances: Floats) -> Floats:
    """Return for each pair the mean of `chances` over the syllables of its word."""
    opens = pair.atom("part") <= _OPENS
    opens[1:] |= np.diff(pair.token) != 1
    opens[:1] = True
    return _mean(pair, chances, np.cumsum(opens))


def _mean(pair: Pairs, first: Floats, group: Ints) -> Floats:
    """Return the mean of `first` over the tokens of the same figure and group; groups follow each other."""
    if not len(first):
        return first
    changed = (pair.figure[1:] != pair.figure[:-1]) | (group[1:] != group[:-1])
    number = np.concatenate(([0], np.cumsum(changed)))
    total = np.bincount(number, weights=first) / np.bincount(number)
    found: Floats = total[number]
    return found


def _beside(layout: Layout, pair: Pairs, first: Floats, *, after: bool) -> Floats:
    """Return what the first pass gave each token for the figure before or after: -1 without such a figure,
    -0.5 where the token is out of its reach."""
    others: list[int] = []
    for index, place in enumerate(layout.places):
        if after:
            other = place.after if place.after is not None else index + 1
            others.append(other if other < len(layout.places) else -1)
        else:
            others.append(next((o for o in (place.before, place.owner) if o is not None), index - 1))
    figure = np.array(others, dtype=np.int64)[pair.figure]
    keys = pair.figure * (1 << 32) + pair.token  # ascending
    wanted = figure * (1 << 32) + pair.token
    at = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    return np.where(figure < 0, -1.0, np.where(keys[at] == wanted, first[at], -0.5))


def _doubles(pair: Pairs, first: Floats) -> Floats:
    """Return the highest probability that the same word has elsewhere in the figure's context.

    Less than the lowest bound that is told apart counts as 0.
    """
    likely = np.flatnonzero(first >= _BINS["p_double"][0])
    highest = np.zeros(len(first))
    if not len(likely):
        return highest
    group = pair.figure * (1 << 32) + pair.atom("same")
    likely = likely[np.lexsort((-first[likely], group[likely]))]
    groups = group[likely]
    leads = np.flatnonzero(np.diff(groups, prepend=-1))
    at = np.minimum(np.searchsorted(groups[leads], group), len(leads) - 1)
    leader = leads[at]
    found = groups[leader] == group
    highest[found] = first[likely[leader[found]]]
    # What leads its word looks at the one that follows it there.
    second = np.append(groups, -1)[leads + 1] == groups[leads]
    highest[likely[leads]] = np.where(second, first[np.append(likely, 0)[leads + 1]], 0.0)
    return highest
