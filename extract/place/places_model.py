"""Trains and reads the chooser among the candidate places of a figure."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

from extract import linear
from extract.analysis import Link
from extract.annotation import Annotated, annotated
from extract.place.place_features import ARTICLE, FEATURE_VERSION, rows
from extract.place.scene import Scene, candidates, in_reach

PATH = Path(__file__).resolve().parents[2] / "data" / "models" / "place.json"
_L2 = 10.0
_MIN_COUNT = 5
_OF_ARTICLE = f":{ARTICLE}:"
_REMEMBERED = 100  # shared features whose scores are kept


class _Share(NamedTuple):
    """Features that rows share, their score, and the part of it that speaks of the article as a whole."""

    features: linear.Features
    score: float
    of_article: float


def train(documents: Sequence[Annotated]) -> linear.Weights:
    """Return the weights learnt from annotated texts.

    A quantity without an annotated figure, or with an optional one, teaches nothing.
    """
    groups: list[list[dict[str, float]]] = []
    right: list[set[int]] = []
    for analysis, figures, _ in documents:
        scene = Scene(analysis)
        choices = _choices(scene)
        for quantity, found, places in zip(analysis.quantities, rows(scene, choices), choices, strict=True):
            figure = annotated(quantity.start, quantity.end, figures)
            if figure is not None and not figure.get("optional"):
                groups.append([row.shared | row.own for row in found])
                right.append({i for i, place in enumerate(places) if place == figure.get("place")})
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
    choices = _choices(scene)
    shares: dict[int, _Share] = {}  # by the identity of what rows share
    found: list[Link] = []
    for options, places in zip(rows(scene, choices), choices, strict=True):
        for row in options:
            if id(row.shared) not in shares:
                shares[id(row.shared)] = _share(weights, row.shared)
        scores = [linear.score(weights, row.own, start=shares[id(row.shared)].score) for row in options]
        chances = linear.softmax(scores)
        best, second = sorted(range(len(places)), key=chances.__getitem__, reverse=True)[:2]
        by_article = (
            shares[id(options[best].shared)].of_article - shares[id(options[second].shared)].of_article
        )
        by_context = scores[best] - scores[second] - by_article
        deciding = "place:by_article" if by_article >= by_context else "place:by_context"
        found.append(Link(places[best], round(chances[best], 3), ("place:model", deciding)))
        if len(shares) > _REMEMBERED:
            shares.clear()
    return found


def _choices(scene: Scene) -> list[list[str | None]]:
    """Return the candidate places of every quantity."""
    places = candidates(scene)
    return [in_reach(scene, index, places) for index in range(len(scene.analysis.quantities))]


def _share(weights: linear.Weights, shared: linear.Features) -> _Share:
    of_article = {name: value for name, value in shared.items() if _OF_ARTICLE in name}
    return _Share(shared, linear.score(weights, shared), linear.score(weights, of_article))
