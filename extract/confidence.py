"""How likely it is that all scored fields of a figure are right: value, kind, place, period, status, phrase.

A logistic regression on what the steps say of their own sureness, fitted to documents that the choosers had
not seen, so that of the figures with a confidence of 0.9 nine in ten are right. The weights are in
data/models/confidence.json.
"""

from __future__ import annotations

from bisect import bisect_right
from functools import cache, lru_cache
from itertools import chain
from math import log, prod
from pathlib import Path

from extract import linear
from extract.analysis import Analysis

MODEL_FILE = Path(__file__).resolve().parents[1] / "data" / "models" / "confidence.json"
FEATURE_VERSION = "2"

# What a doubt takes off: the annotated articles hold too few flagged figures to learn it from.
_DOUBT = log(2)  # from the log odds: they are halved
_FLAGGED = 0.5  # without a model: the share of its confidence that a flagged figure keeps
_STEPS = (0.3, 0.45, 0.6, 0.7, 0.8, 0.88, 0.94, 0.98)


def of(analysis: Analysis, index: int) -> float:
    """Return the probability (0 to 1) that every scored field of the quantity at `index` is right."""
    sums = _model()
    if sums is None:
        return _without_model(analysis, index)
    doubt = _DOUBT if _is_flagged(analysis, index) else 0.0
    return round(linear.probability(sums.score(_groups(analysis, index)) - doubt), 3)


@cache
def _model() -> linear.Sums | None:
    weights = linear.load(MODEL_FILE, feature_version=FEATURE_VERSION)
    return None if weights is None else linear.Sums(weights)


def features(analysis: Analysis, index: int) -> dict[str, float]:
    """Return what speaks for and against the quantity's fields, by name."""
    return dict.fromkeys(chain.from_iterable(_groups(analysis, index)), 1.0)


def _groups(analysis: Analysis, index: int) -> tuple[linear.Names, ...]:
    quantity = analysis.quantities[index]
    period, place, status = analysis.periods[index], analysis.places[index], analysis.statuses[index]
    return (
        _of_steps(
            *(bisect_right(_STEPS, link.confidence) for link in (analysis.indicators[index], period, place))
        ),
        _of_quantity(
            quantity.kind,
            quantity.measure,
            status.value,
            status.rules[0] if status.rules else "",
            analysis.negations[index].value is not None,
        ),
        _of_links(
            period.rules[0].split(":")[0] if period.rules else "",
            period.value is not None,
            place.value == "Việt Nam",
            place.value is None,
            analysis.indicator_ids[index] is not None,
        ),
    )


@lru_cache(maxsize=1 << 10)
def _of_steps(indicator: int, period: int, place: int) -> linear.Names:
    """Return a feature for every step that the confidence of a link reaches."""
    reached = (("indicator", indicator), ("period", period), ("place", place))
    return ("bias", *(f"{name} {step}" for name, steps in reached for step in _STEPS[:steps]))


@lru_cache(maxsize=1 << 10)
def _of_quantity(kind: str, measure: str, status: str | None, rule: str, negated: bool) -> linear.Names:
    return (f"kind {kind}", f"measure {measure}", f"status {status} {rule}", f"negated {negated}")


@lru_cache(maxsize=1 << 10)
def _of_links(period: str, stated: bool, national: bool, nowhere: bool, canonical: bool) -> linear.Names:
    names = (f"period {period} stated {stated}", f"place national {national} none {nowhere}")
    return (*names, "canonical") if canonical else names


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
