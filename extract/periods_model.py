"""Trains and reads the chooser among the candidate periods of a figure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from extract import linear
from extract.analysis import Analysis
from extract.annotation import annotated
from extract.period_features import FEATURE_VERSION, rows
from extract.timeline import Candidate, candidates, timeline

PATH = Path(__file__).resolve().parent.parent / "data" / "models" / "period.json"
_L2 = 20.0
_MIN_COUNT = 8
# Taken off the score of no period. The training articles leave more figures undated than those held apart;
# the value was set by looking at both, and costs a little accuracy in cross-validation.
_STATED_BONUS = 0.5


def train(analyses: Sequence[Analysis], gold: Sequence[Sequence[Mapping[str, Any]]]) -> linear.Weights:
    """Return the weights learnt from articles and their annotated figures.

    A quantity without an annotated figure, or with an optional one, teaches nothing.
    """
    groups: list[list[dict[str, float]]] = []
    right: list[set[int]] = []
    for analysis, figures in zip(analyses, gold, strict=True):
        line = timeline(analysis)
        for index, quantity in enumerate(analysis.quantities):
            figure = annotated(quantity.start, quantity.end, figures)
            if figure is None or figure.get("optional"):
                continue
            choices = candidates(line, index)
            groups.append(rows(line, index, choices))
            right.append({i for i, choice in enumerate(choices) if choice.value == figure["period"]})
    return linear.train_ranking(groups, right, l2=_L2, min_count=_MIN_COUNT)


def save(weights: linear.Weights, *, trained_on: str, path: Path = PATH) -> None:
    """Write the model file."""
    linear.save(path, weights, feature_version=FEATURE_VERSION, trained_on=trained_on)


@cache
def model() -> linear.Weights | None:
    """Return the weights of the model file, None without one. Raises linear.ModelError for a wrong file."""
    return linear.load(PATH, feature_version=FEATURE_VERSION)


def choose(
    choices: Sequence[Candidate], found: Sequence[Mapping[str, float]], weights: linear.Weights
) -> tuple[Candidate, float]:
    """Return the candidate whose period is likeliest, and how likely it is."""
    scores = [
        linear.score(weights, row) - (_STATED_BONUS if choice.value is None else 0.0)
        for choice, row in zip(choices, found, strict=True)
    ]
    chances = linear.softmax(scores)
    of_value: dict[str | None, float] = defaultdict(float)
    for choice, chance in zip(choices, chances, strict=True):
        of_value[choice.value] += chance
    best = max(of_value, key=lambda value: of_value[value])
    likely = [(chance, i) for i, chance in enumerate(chances) if choices[i].value == best]
    return choices[max(likely)[1]], of_value[best]
