"""What a reviewer should look at first: figures that nobody has reviewed, the most doubtful ones first."""

from __future__ import annotations

import json
from typing import Literal, get_args

from sqlite_utils import Database

from store.counting import doubtful
from store.database import column, database_path
from store.errors import explained
from store.figure_columns import Column
from store.filters import Filters
from store.paging import least_first
from store.queries import FIGURES_SQL, Row, plain_row

Reason = Literal["unsure", "flagged", "conflict", "all"]

UNSURE = 0.7  # confidence below which a figure is in the queue for it
_DISPUTED = """
    SELECT figures.number FROM observations JOIN figures ON figures.observation_id = observations.id
    WHERE observations.conflict AND figures.review IS NULL ORDER BY figures.number
"""
REASONS: tuple[Reason, ...] = get_args(Reason)


def count_waiting(db: Database, filters: Filters, reason: Reason) -> int:
    """Return how many figures that match wait for a review for this reason."""
    numbers, _ = _waiting(db, filters, reason)
    return len(numbers)


def list_waiting(db: Database, filters: Filters, reason: Reason, limit: int, offset: int = 0) -> list[Row]:
    """Return figures that wait, the least certain first."""
    first, last = max(0, offset), max(0, offset) + max(0, limit)
    numbers, confidences = _waiting(db, filters, reason)
    page = numbers[least_first(confidences, last)[first:last]]
    sql = f"""
        {FIGURES_SQL} WHERE figures.number IN (SELECT value FROM json_each(:page))
        ORDER BY figures.confidence, figures.number
    """
    with explained(database_path(db)):
        return [plain_row(row) for row in db.query(sql, {"page": json.dumps(page.tolist())})]


def _waiting(db: Database, filters: Filters, reason: Reason) -> tuple[Column, Column]:
    """Return the row numbers and confidences of the figures that wait."""
    if reason == "conflict":
        with explained(database_path(db)):
            disputed = column(db, _DISPUTED)
        return doubtful(db, filters, among=disputed)
    return doubtful(db, filters, below=UNSURE if reason == "unsure" else None, flagged=reason == "flagged")
