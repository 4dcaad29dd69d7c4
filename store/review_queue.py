"""What a reviewer should look at first: figures that nobody has reviewed, the most doubtful ones first."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Literal

from sqlite_utils import Database

from store.counting import count_doubtful
from store.database import database_path
from store.errors import explained
from store.filters import Filters, where_sql
from store.queries import FIGURES_SQL, Row, plain_row

Reason = Literal["unsure", "flagged", "conflict", "all"]

UNSURE = 0.7  # confidence below which a figure is in the queue for it
_WAITING = "figures.review IS NULL"
_REASONS: Mapping[Reason, str] = MappingProxyType(
    {
        "unsure": f"figures.confidence < {UNSURE}",
        "flagged": "figures.flags != '[]'",
        "conflict": "figures.observation_id IN (SELECT id FROM observations WHERE conflict)",
        "all": "1",
    }
)
REASONS: tuple[Reason, ...] = tuple(_REASONS)


def count_waiting(db: Database, filters: Filters, reason: Reason) -> int:
    """Return how many figures that match wait for a review for this reason."""
    if reason != "conflict":
        below = UNSURE if reason == "unsure" else None
        return count_doubtful(db, filters, below=below, flagged=reason == "flagged")
    condition, values = _condition(filters, reason)
    with explained(database_path(db)):
        return int(db.execute(f"SELECT count(*) FROM figures WHERE {condition}", values).fetchone()[0])


def list_waiting(db: Database, filters: Filters, reason: Reason, limit: int, offset: int = 0) -> list[Row]:
    """Return figures that wait, the least certain first."""
    condition, values = _condition(filters, reason)
    order = "figures.confidence, figures.number"
    page = f"SELECT number FROM figures WHERE {condition} ORDER BY {order} LIMIT :limit OFFSET :offset"
    sql = f"{FIGURES_SQL} WHERE figures.number IN ({page}) ORDER BY {order}"
    asked = values | {"limit": max(0, limit), "offset": max(0, offset)}
    with explained(database_path(db)):
        return [plain_row(row) for row in db.query(sql, asked)]


def _condition(filters: Filters, reason: Reason) -> tuple[str, dict[str, Any]]:
    condition, values = where_sql(filters)
    return f"{_WAITING} AND {_REASONS[reason]} AND {condition}", values
