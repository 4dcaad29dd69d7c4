"""Small linear models: logistic regression, ranking among candidates, and their JSON files.

Rows are sparse, feature name to value. Both trainings minimise a strictly convex loss over the whole sample
from zero weights, so that the same rows give the same file. A score is a sum that can be checked by hand.
"""

from __future__ import annotations

import hashlib
import json
import math
import operator
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from itertools import chain, repeat
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

Features = Mapping[str, float]
Weights = dict[str, float]
Names = tuple[str, ...]
_Array = npt.NDArray[np.float64]
_Loss = Callable[[_Array], tuple[float, _Array]]

_EXACT = 9  # digits of a difference of scores
DIGITS = 3  # of a stored weight: finer ones change no choice and double the file
_HISTORY = 8  # correction pairs that L-BFGS keeps
_TOLERANCE = 1e-6  # of the largest slope: below it every stored digit is settled
_MOST_SUMS = 1 << 15  # groups of features whose weights are kept added up


class ModelError(ValueError):
    """A model file is damaged or was made for other features."""


def train(
    rows: Sequence[Features],
    labels: Sequence[float],
    *,
    l2: float = 1.0,
    epochs: int = 200,
    min_count: int = 1,
) -> Weights:
    """Return the weights of a logistic regression of `labels` (0 to 1) on `rows`.

    `l2` is the strength of the pull to zero, in rows; `epochs` bounds the passes over the sample; features
    seen in fewer than `min_count` rows are left out. Raises ValueError when rows and labels differ in number.
    """
    if len(rows) != len(labels):
        raise ValueError(f"{len(rows)} rows but {len(labels)} labels")
    matrix = _Matrix(rows, min_count)
    target = np.asarray(labels, dtype=np.float64)

    def loss(weights: _Array) -> tuple[float, _Array]:
        scores = matrix.times(weights)
        slope = 1.0 / (1.0 + np.exp(-np.clip(scores, -40, 40))) - target
        value = float(np.sum(np.logaddexp(0.0, scores) - target * scores)) + 0.5 * l2 * float(
            np.sum(weights**2)
        )
        return value, matrix.transposed_times(slope) + l2 * weights

    return matrix.named(minimise(loss, matrix.columns, epochs))


def train_ranking(
    groups: Sequence[Sequence[Features]],
    right: Sequence[Collection[int]],
    *,
    strengths: Sequence[float] | None = None,
    l2: float = 1.0,
    epochs: int = 200,
    min_count: int = 1,
) -> Weights:
    """Return weights under whose softmax the `right` candidates of each group are likely.

    `right` holds the positions of the right candidates in their group; a group without any is left out.
    `strengths` say how often each group counts, once without them. Raises ValueError when groups, `right`
    and `strengths` differ in number.
    """
    strengths = [1.0] * len(groups) if strengths is None else strengths
    if not len(groups) == len(right) == len(strengths):
        raise ValueError(f"{len(groups)} groups, {len(right)} answers, {len(strengths)} strengths")
    taught = [each for each in zip(groups, map(set, right), strengths, strict=True) if each[1]]
    matrix = _Matrix([row for group, _, _ in taught for row in group], min_count)
    of_group = np.repeat(np.arange(len(taught)), [len(group) for group, _, _ in taught])
    strength = np.array([strength for _, _, strength in taught])
    shares = (
        (share / len(answers) if i in answers else 0.0)
        for group, answers, share in taught
        for i in range(len(group))
    )
    target = np.fromiter(shares, dtype=np.float64)

    def loss(weights: _Array) -> tuple[float, _Array]:
        scores = matrix.times(weights)
        top = np.full(len(taught), -np.inf)
        np.maximum.at(top, of_group, scores)
        raised = np.exp(scores - top[of_group])
        totals = np.bincount(of_group, weights=raised, minlength=len(taught))
        value = float(np.sum(strength * (np.log(totals) + top))) - float(np.sum(target * scores))
        slope = strength[of_group] * raised / totals[of_group] - target
        return value + 0.5 * l2 * float(np.sum(weights**2)), matrix.transposed_times(slope) + l2 * weights

    return matrix.named(minimise(loss, matrix.columns, epochs))


def score(weights: Weights, features: Features, *, start: float = 0.0) -> float:
    """Return the sum of `start` and the weights of `features`; unknown features add nothing."""
    of_names = map(weights.get, features, repeat(0.0))
    return sum(map(operator.mul, of_names, features.values()), start)


def score_names(weights: Weights, names: Iterable[str], *, start: float = 0.0) -> float:
    """Return the sum of `start` and the weights of features that hold; unknown ones add nothing."""
    return sum(map(weights.get, names, repeat(0.0)), start)


class Sums(dict[Names, float]):
    """The weights of a model, added up for each group of features when it is first asked for.

    A group is a tuple of names of features that hold together. The same facts stand around many figures, so
    that most groups were met before: what they weigh is looked up.
    """

    def __init__(self, weights: Weights) -> None:
        super().__init__()
        self.weights = weights

    def __missing__(self, group: Names) -> float:
        if len(self) >= _MOST_SUMS:
            self.clear()
        self[group] = total = score_names(self.weights, group)
        return total

    def score(self, groups: Iterable[Names], *, start: float = 0.0) -> float:
        """Return the sum of `start` and the weights of all features in some groups."""
        return sum(map(self.__getitem__, groups), start)


def probability(score: float) -> float:
    """Return the probability that logistic regression gives a row of this score."""
    return 1.0 / (1.0 + math.exp(-max(-40.0, min(40.0, score))))


def softmax(scores: Sequence[float]) -> list[float]:
    """Return the probabilities of candidates with these scores; [] for none.

    Scores that only the order of addition tells apart are the same.
    """
    top = max(scores, default=0.0)
    raised = [math.exp(round(value - top, _EXACT)) for value in scores]
    total = sum(raised)
    return [value / total for value in raised]


def save(path: Path, weights: Weights, *, feature_version: str, trained_on: str) -> None:
    """Write a model file; the same weights give the same bytes."""
    kept = {name: round(value, DIGITS) for name, value in sorted(weights.items()) if round(value, DIGITS)}
    model = {
        "feature_version": feature_version,
        "trained_on": trained_on,
        "sha256": _digest(feature_version, kept),
        "weights": kept,
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(model, ensure_ascii=False, indent=0) + "\n", encoding="utf-8")


def load(path: Path, *, feature_version: str) -> Weights | None:
    """Return the weights in a model file, None when there is no such file.

    Raises ModelError when the file is damaged or was trained on features of another version.
    """
    if not path.exists():
        return None
    try:
        model: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        weights = {str(name): float(value) for name, value in model["weights"].items()}
        version, digest = str(model["feature_version"]), model["sha256"]
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise ModelError(f"{path}: not a model file ({error})") from error
    if version != feature_version:
        raise ModelError(
            f"{path}: trained on features {version}, the program has {feature_version}; train it again"
        )
    if digest != _digest(version, weights):
        raise ModelError(f"{path}: the weights do not have the digest that the file states")
    return weights


def _digest(feature_version: str, weights: Weights) -> str:
    lines = [feature_version, *(f"{name}\t{value:.{DIGITS}f}" for name, value in sorted(weights.items()))]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


class _Matrix:
    """Sparse rows by column; sums run in a fixed order and without BLAS, so that they repeat exactly."""

    def __init__(self, rows: Sequence[Features], min_count: int) -> None:
        counts: dict[str, int] = {}
        for name in chain.from_iterable(rows):
            counts[name] = counts.get(name, 0) + 1
        self.names = sorted(name for name, count in counts.items() if count >= min_count)
        column = {name: i for i, name in enumerate(self.names)}
        cells = [(i, column[n], v) for i, row in enumerate(rows) for n, v in row.items() if n in column]
        self.rows = len(rows)
        self.columns = len(self.names)
        self._row = np.fromiter((i for i, _, _ in cells), dtype=np.int64, count=len(cells))
        self._column = np.fromiter((j for _, j, _ in cells), dtype=np.int64, count=len(cells))
        self._value = np.fromiter((v for _, _, v in cells), dtype=np.float64, count=len(cells))

    def times(self, weights: _Array) -> _Array:
        sums = np.bincount(self._row, weights=weights[self._column] * self._value, minlength=self.rows)
        return sums.astype(np.float64, copy=False)

    def transposed_times(self, slope: _Array) -> _Array:
        sums = np.bincount(self._column, weights=slope[self._row] * self._value, minlength=self.columns)
        return sums.astype(np.float64, copy=False)

    def named(self, weights: _Array) -> Weights:
        return dict(zip(self.names, weights.tolist(), strict=True))


def minimise(loss: _Loss, size: int, epochs: int) -> _Array:
    """Return the argument that minimises `loss` (L-BFGS with backtracking, from zero)."""
    point = np.zeros(size)
    value, slope = loss(point)
    pairs: list[tuple[_Array, _Array, float]] = []  # step, change of slope, 1 / their product
    for _ in range(epochs):
        if not size or float(np.max(np.abs(slope))) < _TOLERANCE:
            break
        direction = _direction(slope, pairs)
        descent = float(np.sum(direction * slope))
        step = 1.0 if pairs else min(1.0, 1.0 / float(np.sum(np.abs(slope))))
        moved, moved_slope, moved_value = point, slope, value
        for _ in range(30):
            moved = point + step * direction
            moved_value, moved_slope = loss(moved)
            if moved_value <= value + 1e-4 * step * descent:
                break
            step *= 0.5
        else:
            break  # no further gain within the precision of the numbers
        change, turn = moved - point, moved_slope - slope
        product = float(np.sum(change * turn))
        if product > 1e-12:
            pairs = [*pairs[-_HISTORY + 1 :], (change, turn, 1.0 / product)]
        point, value, slope = moved, moved_value, moved_slope
    return point


def _direction(slope: _Array, pairs: Sequence[tuple[_Array, _Array, float]]) -> _Array:
    """Return the quasi-Newton direction of descent (two-loop recursion)."""
    rest = slope.copy()
    shares: list[float] = []
    for change, turn, inverse in reversed(pairs):
        share = inverse * float(np.sum(change * rest))
        shares.append(share)
        rest -= share * turn
    if pairs:
        change, turn, inverse = pairs[-1]
        rest /= inverse * float(np.sum(turn * turn))
    for (change, turn, inverse), share in zip(pairs, reversed(shares), strict=True):
        rest += change * (share - inverse * float(np.sum(turn * rest)))
    return -rest
