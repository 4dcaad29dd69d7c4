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
        for quantity, found in zip(analysis.quantities, rows(scene, choices), strict=True):
            figure = annotated(quantity.start, quantity.end, figures)
            if figure is not None and not figure.get("optional"):
                groups.append(found)
                right.append({i for i, place in enumerate(choices) if place == figure["place"]})
    return linear.train_ranking(groups, right, l2=_L2, min_count=_MIN_COUNT)


def save(weights: linear.Weights, *, trained_on: str, path: Path = PATH) -> None:
    """Write the model file."""
    linear.save(path, weights, feature_version=FEATURE_VERSION, trained_on=trained_on)


@cache
def model() -> linear.Weights | None:
    """Return the weights of the model file, None without one. Raises linear.ModelError for a wrong file."""
    return linear.load(PATH, feature_version=FEATURE_VERSION)


def choose(scene: Scene, weights: linear.Weights) -> list[tuple[str | None, float]]:
    """Return the likeliest place of every quantity of an article and how likely it is."""
    choices = candidates(scene)
    found: list[tuple[str | None, float]] = []
    for options in rows(scene, choices):
        chances = linear.softmax([linear.score(weights, row) for row in options])
        best = max(range(len(choices)), key=chances.__getitem__)
        found.append((choices[best], chances[best]))
    return found
