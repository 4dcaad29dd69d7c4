"""How likely it is that all scored fields of a figure are right."""

from __future__ import annotations

from math import prod

from extract.analysis import Analysis

_FLAGGED = 0.5  # what a figure keeps of its confidence when a check speaks against it


def of(analysis: Analysis, index: int) -> float:
    """Return the probability (0 to 1) that every scored field of the quantity at `index` is right."""
    links = (
        analysis.indicators[index],
        analysis.places[index],
        analysis.periods[index],
        analysis.statuses[index],
        analysis.negations[index],
    )
    sure = prod(link.confidence for link in links)
    flagged = bool(analysis.flags[index] or analysis.quantities[index].flags)
    return round(sure * (_FLAGGED if flagged else 1.0), 3)
