"""A database with two figures to review, and what a reviewer says and sees of it."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from store import derived, observations, queries
from store.filters import Filters
from store.review_history import list_reviews
from store.reviews import Statement
from tests.store_samples import article, figure, percent

NOON = datetime(2025, 3, 1, 12, tzinfo=UTC)
RATIO, SHARE = figure().id, percent().id


def lan(reason: str = "đọc lại câu", **changes: Any) -> Statement:
    """Return what Lan says at noon."""
    return dataclasses.replace(Statement(reason=reason, reviewer="Lan", at=NOON), **changes)


def two_figures(folder: Path) -> Path:
    """Write a database with a ratio and its percent, both of one article; return its path."""
    with derived.open_derived(folder / "chiso.db") as db:
        derived.replace_article(db, article(), [figure(), percent()])
        observations.merge(db)
    return folder / "chiso.db"


def shown(path: Path, figure_id: str = RATIO) -> dict[str, Any]:
    """Return a figure as readers see it."""
    with queries.open_readonly(path) as db:
        found = queries.get_figure(db, figure_id)
    assert found is not None
    return found


def merged(path: Path) -> list[dict[str, Any]]:
    """Return all observations."""
    with queries.open_readonly(path) as db:
        return queries.list_observations(db, Filters(), 100)


def states(path: Path) -> list[str]:
    """Return what has become of each review, the oldest first."""
    return [listed.state for listed in list_reviews(path)]


def dump(path: Path) -> list[str]:
    """Return the database as statements of SQL."""
    with derived.open_derived(path) as db:
        return list(db.conn.iterdump())
