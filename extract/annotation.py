"""Pairs what the program found with what a reader annotated."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any


def annotated(start: int, end: int, figures: Sequence[Mapping[str, Any]]) -> Mapping[str, Any] | None:
    """Return the annotated figure that shares most characters with the span, None when none shares any."""
    best = max(figures, key=lambda f: min(end, f["end"]) - max(start, f["start"]), default=None)
    return best if best is not None and min(end, best["end"]) > max(start, best["start"]) else None
