"""Trains and reads the chooser among the candidate places of a figure."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from itertools import chain
from pathlib import Path

from extract import linear
from extract.analysis import Link
from extract.annotation import Annotated, annotated
from extract.place.place_features import FEATURE_VERSION, rows
from extract.place.scene import Scene, candidates, in_reach

PATH = Path(__file__).resolve().parents[2] / "data" / "models" / "place.json"
_L2 = 10.0
_MIN_COUNT = 5


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
                groups.append([dict.fromkeys(chain(*row.shared, *row.own), 1.0) for row in found])
                right.append({i for i, place in enumerate(places) if place == figure.get("place")})
    return linear.train_ranking(groups, right, l2=_L2, min_count=_MIN_COUNT)


def save(weights: linear.Weights, *, trained_on: str, path: Path = PATH) -> None:
    """Write the model file."""
    linear.save(path, weights, feature_version=FEATURE_VERSION, trained_on=trained_on)


@cache
def model() -> linear.Sums | None:
    """Return the weights of the model file, None without one. Raises linear.ModelError for a wrong file."""
    weights = linear.load(PATH, feature_version=FEATURE_VERSION)
    return None if weights is None else linear.Sums(weights)


def choose(scene: Scene, sums: linear.Sums) -> list[Link]:
    """Return the likeliest place of every quantity of an article, and what spoke most for it.

    The second rule of a link says what put it before the second likeliest place: the article as a whole
    (`place:by_article`) or what stands around the figure (`place:by_context`).
    """
    choices = _choices(scene)
    of_article: dict[linear.Names, float] = {}  # by the sort of candidate
    found: list[Link] = []
    for options, places in zip(rows(scene, choices), choices, strict=True):
        for row in options:
            if row.shared.who not in of_article:
                of_article[row.shared.who] = linear.score_names(sums.weights, row.shared.article)
        article = [of_article[row.shared.who] for row in options]
        scores = [
            sums.score((row.shared.who, row.shared.sentence, *row.own), start=start)
            for row, start in zip(options, article, strict=True)
        ]
        chances = linear.softmax(scores)
        best, second = sorted(range(len(places)), key=chances.__getitem__, reverse=True)[:2]
        by_article = article[best] - article[second]
        by_context = scores[best] - scores[second] - by_article
        deciding = "place:by_article" if by_article >= by_context else "place:by_context"
        found.append(Link(places[best], round(chances[best], 3), ("place:model", deciding)))
    return found


def _choices(scene: Scene) -> list[list[str | None]]:
    """Return the candidate places of every quantity."""
    places = candidates(scene)
    return [in_reach(scene, index, places) for index in range(len(scene.analysis.quantities))]
