"""Trains and reads the chooser among the candidate places of a figure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from extract import linear
from extract.analysis import Analysis, Link
from extract.annotation import annotated
from extract.place.place_features import ARTICLE, FEATURE_VERSION, rows
from extract.place.scene import Scene, candidates

PATH = Path(__file__).resolve().parents[2] / "data" / "models" / "place.json"
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


def choose(scene: Scene, weights: linear.Weights) -> list[Link]:
    """Return the likeliest place of every quantity of an article, and what spoke most for it.

    The second rule of a link says what put it before the second likeliest place: the article as a whole
    (`place:by_article`) or what stands around the figure (`place:by_context`).
    """
    choices = candidates(scene)
    found: list[Link] = []
    for options in rows(scene, choices):
        chances = linear.softmax([linear.score(weights, row) for row in options])
        best, second = sorted(range(len(choices)), key=chances.__getitem__, reverse=True)[:2]
        deciding = _deciding(options[best], options[second], weights)
        found.append(Link(choices[best], round(chances[best], 3), ("place:model", deciding)))
    return found


def _deciding(best: linear.Features, second: linear.Features, weights: linear.Weights) -> str:
    """Return the name of the side that puts the best place before the second."""
    lead = {"place:by_article": 0.0, "place:by_context": 0.0}
    for sign, row in ((1.0, best), (-1.0, second)):
        for name, value in row.items():
            side = "place:by_article" if f":{ARTICLE}:" in name else "place:by_context"
            lead[side] += sign * value * weights.get(name, 0.0)
    return max(lead, key=lead.__getitem__)
