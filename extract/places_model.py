"""Trains and reads the chooser among the candidate places of a figure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from extract import linear
from extract.analysis import Analysis
from extract.annotation import annotated
from extract.place_features import FEATURE_VERSION, rows
from extract.scene import Scene, candidates

PATH = Path(__file__).resolve().parent.parent / "data" / "models" / "place.json"
_L2 = 10.0
_MIN_COUNT = 5


def train(analyses: Sequence[Analysis], gold: Sequence[Sequence[Mapping[str, Any]]]) -> linear.Weights:
    """Return the weights learnt from articles and their annotated figures.

    A quantity without an annotated figure, or with an optional one, teaches nothing.
    """
    groups: list[list[dict[str, float]]] = []
    right: list[set[int]] = []
    for analysis, figures in zip(analyses, gold, strict=True):
        scene = Scene(analysis)
        choices = candidates(scene)
        for index, quantity in enumerate(analysis.quantities):
            figure = annotated(quantity.start, quantity.end, figures)
            if figure is None or figure.get("optional"):
                continue
            groups.append(rows(scene, index, choices))
            right.append({i for i, place in enumerate(choices) if place == figure["place"]})
    return linear.train_ranking(groups, right, l2=_L2, min_count=_MIN_COUNT)


def save(weights: linear.Weights, *, trained_on: str, path: Path = PATH) -> None:
    """Write the model file."""
    linear.save(path, weights, feature_version=FEATURE_VERSION, trained_on=trained_on)


@cache
def model() -> linear.Weights | None:
    """Return the weights of the model file, None without one. Raises linear.ModelError for a wrong file."""
    return linear.load(PATH, feature_version=FEATURE_VERSION)


def choose(
    choices: Sequence[str | None], found: Sequence[Mapping[str, float]], weights: linear.Weights
) -> tuple[str | None, float]:
    """Return the likeliest place and how likely it is."""
    chances = linear.softmax([linear.score(weights, row) for row in found])
    best = max(range(len(choices)), key=lambda i: chances[i])
    return choices[best], chances[best]
