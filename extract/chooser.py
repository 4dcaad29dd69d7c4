"""The learned choice among the words that may belong to a figure's phrase."""

from __future__ import annotations

from collections.abc import Sequence

from extract.analysis import Analysis
from extract.lines import Layout


def choose(
    analysis: Analysis, layout: Layout, found: Sequence[object]
) -> list[tuple[tuple[int, ...], float]] | None:
    """Return picked tokens and their expected overlap for every quantity; None without a model."""
    del analysis, layout, found
    return None
