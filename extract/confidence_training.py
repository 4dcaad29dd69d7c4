"""Fits the confidence of figures to documents that no chooser has seen."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any
from unittest.mock import patch

import regex

from extract import checks, confidence, linear, statuses
from extract.analysis import Analysis, Link
from extract.annotation import Annotated, Figures, annotated
from extract.phrase import bases, catalogue, restates
from extract.place import places, places_model
from extract.time import periods, periods_model

PULL = 4.0
LEAST_OVERLAP = 0.5  # of the phrase, for a figure to count as right
_SYLLABLE = regex.compile(r"[^\W_]+")


def train(folds: Sequence[Sequence[tuple[Annotated, Sequence[Link]]]]) -> linear.Weights:
    """Return the weights, fitted to the figures of real articles.

    Each fold holds annotated texts and the indicators that a chooser gave which was trained without that
    fold; the other choosers are trained without it here.
    """
    rows: list[dict[str, float]] = []
    labels: list[float] = []
    for number, fold in enumerate(folds):
        rest = [each for other, texts in enumerate(folds) if other != number for each, _ in texts]
        real = [each for each in rest if not each.invented]
        with _models(periods_model.train(rest), places_model.train(real)):
            for document, links in fold:
                if document.invented:
                    continue
                for row, right in judged(finish(document.analysis, links), document.figures):
                    rows.append(row)
                    labels.append(right)
    return linear.train(rows, labels, l2=PULL, min_count=10)


@contextmanager
def _models(period: linear.Weights, place: linear.Weights) -> Iterator[None]:
    """Let the steps choose by these weights."""
    of_period, of_place = linear.Sums(period), linear.Sums(place)
    with (
        patch.object(periods_model, "model", lambda: of_period),
        patch.object(places_model, "model", lambda: of_place),
    ):
        yield


def finish(analysis: Analysis, links: Sequence[Link]) -> Analysis:
    """Return the analysis after the steps that follow the indicators."""
    ids = (
        catalogue.indicator_id(link.value or "", q)
        for link, q in zip(links, analysis.quantities, strict=True)
    )
    analysis = replace(analysis, indicators=tuple(links), indicator_ids=tuple(ids))
    for step in (bases.find, restates.find, periods.choose, places.choose, statuses.choose, checks.flag):
        analysis = step(analysis)
    return analysis


def judged(analysis: Analysis, figures: Figures) -> Iterator[tuple[dict[str, float], float]]:
    """Yield the features of every annotated quantity, and 1.0 where all scored fields are right, else 0.0."""
    for index, quantity in enumerate(analysis.quantities):
        figure = annotated(quantity.start, quantity.end, figures)
        if figure is None or figure.get("optional"):
            continue
        yield confidence.features(analysis, index), float(is_right(analysis, index, figure))


def is_right(analysis: Analysis, index: int, figure: Mapping[str, Any]) -> bool:
    """Return whether the quantity and its links say what the reader annotated."""
    quantity = analysis.quantities[index]
    fields = (
        (quantity.kind, figure["kind"]),
        (quantity.measure, figure["measure"]),
        (analysis.statuses[index].value, figure["status"]),
        (analysis.negations[index].value is not None, bool(figure.get("negated"))),
        (analysis.places[index].value, figure.get("place")),
        (analysis.periods[index].value, figure.get("period")),
    )
    numbers = ((getattr(quantity, name), figure.get(name)) for name in ("value", "value_max", "denominator"))
    return (
        all(found == wanted for found, wanted in fields)
        and all(_same(found, wanted) for found, wanted in numbers)
        and overlap(analysis.indicators[index].value or "", figure["indicator"]) >= LEAST_OVERLAP
    )


def _same(found: Any, wanted: Any) -> bool:
    if found is None or wanted is None:
        return found is wanted
    return abs(float(found) - float(wanted)) <= 1e-9 * max(1.0, abs(float(wanted)))


def overlap(one: str, other: str) -> float:
    """Return the F1 of the syllables that two phrases share."""
    x, y = (Counter(_SYLLABLE.findall(unicodedata.normalize("NFC", each).lower())) for each in (one, other))
    common = sum((x & y).values())
    return 2 * common / (sum(x.values()) + sum(y.values())) if common else 0.0
