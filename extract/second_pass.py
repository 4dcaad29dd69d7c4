"""Atoms of the second pass: what the first one gave a token, its neighbours and the figures beside."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from extract.atoms import Ints
from extract.features import Floats, Pairs
from extract.lines import Layout

POSSIBLE = 0.01  # less probable tokens are out of the question in the second pass

_P = np.array([0.02, 0.05, 0.1, 0.2, 0.35, 0.5, 0.65, 0.8, 0.9, 0.97])
_COARSE = np.array([0.1, 0.3, 0.6, 0.85])
_OTHER = np.array([-0.6, -0.4, 0.1, 0.3, 0.6, 0.85])  # no such figure, token out of its reach, probabilities
_MEANS = np.array([0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8])
_SUMS = np.array([0.5, 1.5, 3, 5, 8])


def possible(layout: Layout, pair: Pairs, first: Floats) -> tuple[Pairs, npt.NDArray[np.bool_]]:
    """Return the pairs that are still possible, with the atoms of the second pass, and which ones they are.

    `first` are the probabilities that the first pass gave the pairs.
    """
    added: dict[str, tuple[Floats, npt.NDArray[Any]]] = {"p": (first, _P)}
    start = np.concatenate(([True], pair.figure[1:] != pair.figure[:-1]))
    end = np.concatenate((start[1:], [True]))
    previous = np.where(start, 0.0, np.roll(first, 1))
    following = np.where(end, 0.0, np.roll(first, -1))
    added["p_previous"] = previous, _COARSE
    added["p_next"] = following, _COARSE
    added["p_previous_2"] = np.where(start, 0.0, np.roll(previous, 1)), _COARSE
    added["p_next_2"] = np.where(end, 0.0, np.roll(following, -1)), _COARSE
    added["p_window"] = np.convolve(np.pad(first, 2), np.ones(5) / 5, "valid"), _COARSE
    added["p_chunk"] = _mean(pair, first, pair.atoms["chunk"]), _MEANS
    added["p_word"] = word_means(pair, first), _MEANS
    added["p_before"] = _beside(layout, pair, first, after=False), _OTHER
    added["p_after"] = _beside(layout, pair, first, after=True), _OTHER
    added["p_double"] = _doubles(layout, pair, first), _COARSE
    region = pair.atoms["region"]
    near, right = np.isin(region, (0, 5, 7)), np.isin(region, (2, 3))
    for name, mask in (("sum_left", near), ("sum_right", right), ("sum_far", ~(near | right))):
        total: Floats = np.bincount(pair.figure, weights=first * mask).astype(np.float64)
        added[name] = total[pair.figure], _SUMS
    kept = first >= POSSIBLE
    columns = pair.atoms | {name: np.digitize(values, bins) for name, (values, bins) in added.items()}
    return Pairs(
        pair.figure[kept], pair.token[kept], {name: values[kept] for name, values in columns.items()}
    ), kept


def word_means(pair: Pairs, chances: Floats) -> Floats:
    """Return for each pair the mean of `chances` over the syllables of its word."""
    opens = np.isin(pair.atoms["part"], (0, 1, 2)) | (np.diff(pair.token, prepend=-1) != 1)
    return _mean(pair, chances, np.cumsum(opens))


def _mean(pair: Pairs, first: Floats, group: Ints) -> Floats:
    """Return the mean of `first` over the tokens of the same figure and group."""
    _, number = np.unique(pair.figure * (1 << 20) + group, return_inverse=True)
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


def _doubles(layout: Layout, pair: Pairs, first: Floats) -> Floats:
    """Return the highest probability that the same word has elsewhere in the figure's context."""
    numbers: dict[str, int] = {}
    word = np.array([numbers.setdefault(token.word, len(numbers)) for token in layout.tokens])
    _, group = np.unique(pair.figure * (1 << 20) + word[pair.token], return_inverse=True)
    order = np.lexsort((-first, group))
    highest = np.zeros(len(first))
    opens = np.diff(group[order], prepend=-1) != 0
    leader = np.maximum.accumulate(np.where(opens, np.arange(len(order)), 0))
    highest[order] = np.where(opens, 0.0, first[order[leader]])
    followed = np.flatnonzero(opens[:-1] & ~opens[1:])
    highest[order[followed]] = first[order[followed + 1]]
    return highest
