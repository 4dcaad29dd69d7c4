"""Annotated texts, and how what the program found is paired with what a reader annotated."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from extract.analysis import Analysis

Figures = Sequence[Mapping[str, Any]]  # as annotated: a key that is missing is null or false


class Annotated(NamedTuple):
    """A text as the choosers find it, and its annotated figures."""

    analysis: Analysis
    figures: Figures
    invented: bool  # written for the training, not taken from a paper


def columns(documents: Iterable[Annotated]) -> tuple[list[Analysis], list[Figures]]:
    """Return the analyses and the figures of documents, one list each."""
    pairs = [(document.analysis, document.figures) for document in documents]
    return [analysis for analysis, _ in pairs], [figures for _, figures in pairs]


def annotated(start: int, end: int, figures: Figures) -> Mapping[str, Any] | None:
    """Return the annotated figure that shares most characters with the span, None when none shares any."""
    best = max(figures, key=lambda f: min(end, f["end"]) - max(start, f["start"]), default=None)
    return best if best is not None and min(end, best["end"]) > max(start, best["start"]) else None
