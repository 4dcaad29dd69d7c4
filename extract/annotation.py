"""Annotated texts, and how what the program found is paired with what a reader annotated."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from extract.analysis import Analysis

REAL = 3.0  # figures of invented texts that teach as much as one of a real one

Figures = Sequence[Mapping[str, Any]]  # as annotated: a key that is missing is null or false


class Annotated(NamedTuple):
    """A text as the choosers find it, its annotated figures, and whether it was invented for the training."""

    analysis: Analysis
    figures: Figures
    invented: bool = False

    @property
    def strength(self) -> float:
        """How much a figure of the text teaches where conventions matter: those of real papers more."""
        return 1.0 if self.invented else REAL


def annotated(start: int, end: int, figures: Figures) -> Mapping[str, Any] | None:
    """Return the annotated figure that shares most characters with the span, None when none shares any."""
    best = max(figures, key=lambda f: min(end, f["end"]) - max(start, f["start"]), default=None)
    return best if best is not None and min(end, best["end"]) > max(start, best["start"]) else None
