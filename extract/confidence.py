"""How likely it is that all scored fields of a figure are right: value, kind, place, period, status, phrase.

A logistic regression on what the steps say of their own sureness, fitted to documents that the choosers had
not seen, so that of the figures with a confidence of 0.9 nine in ten are right. The weights are in
data/models/confidence.json.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from functools import cache
from math import log, prod
from pathlib import Path

from extract import linear
from extract.analysis import Analysis, Link

MODEL_FILE = Path(__file__).resolve().parents[1] / "data" / "models" / "confidence.json"
FEATURE_VERSION = "2"

# What a doubt takes off: the annotated articles hold too few flagged figures to learn it from.
_DOUBT = log(2)  # from the log odds: they are halved
_FLAGGED = 0.5  # without a model: the share of its confidence that a flagged figure keeps
_STEPS = (0.3, 0.45, 0.6, 0.7, 0.8, 0.88, 0.94, 0.98)


def of(analysis: Analysis, index: int) -> float:
    """Return the probability (0 to 1) that every scored field of the quantity at `index` is right."""
    weights = _model()
    if weights is None:
        return _without_model(analysis, index)
    doubt = _DOUBT if _is_flagged(analysis, index) else 0.0
    return round(linear.probability(linear.score_names(weights, _names(analysis, index)) - doubt), 3)


@cache
def _model() -> linear.Weights | None:
    return linear.load(MODEL_FILE, feature_version=FEATURE_VERSION)


def features(analysis: Analysis, index: int) -> dict[str, float]:
    """Return what speaks for and against the quantity's fields, by name."""
    return dict.fromkeys(_names(analysis, index), 1.0)


def _names(analysis: Analysis, index: int) -> Iterator[str]:
    quantity = analysis.quantities[index]
    period, place, status = analysis.periods[index], analysis.places[index], analysis.statuses[index]
    yield "bias"
    yield from _at_least("indicator", analysis.indicators[index])
    yield from _at_least("period", period)
    yield from _at_least("place", place)
    yield f"kind {quantity.kind}"
    yield f"measure {quantity.measure}"
    yield f"status {status.value} {status.rules[0] if status.rules else ''}"
    yield f"negated {analysis.negations[index].value is not None}"
    yield f"period {period.rules[0].split(':')[0] if period.rules else ''} stated {period.value is not None}"
    yield f"place national {place.value == 'Việt Nam'} none {place.value is None}"
    if analysis.indicator_ids[index] is not None:
        yield "canonical"


def _at_least(name: str, link: Link) -> tuple[str, ...]:
    """Return a feature for every step that the link's confidence reaches."""
    return _named_steps(name)[: bisect_right(_STEPS, link.confidence)]


@cache
def _named_steps(name: str) -> tuple[str, ...]:
    return tuple(f"{name} {step}" for step in _STEPS)


def _without_model(analysis: Analysis, index: int) -> float:
    links = (
        analysis.indicators[index],
        analysis.places[index],
        analysis.periods[index],
        analysis.statuses[index],
        analysis.negations[index],
    )
    share = _FLAGGED if _is_flagged(analysis, index) else 1.0
    return round(prod(link.confidence for link in links) * share, 3)


def _is_flagged(analysis: Analysis, index: int) -> bool:
    return bool(analysis.flags[index] or analysis.quantities[index].flags)
