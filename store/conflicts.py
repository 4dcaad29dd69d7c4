"""Where several articles report one thing, alike or not: their reports and the rule that chose.

An observation is in conflict where no rule settles what its reports say; it is settled where a later report
took the place of an earlier one; where they agree, it is told more than once. Reports that were left out stay
with it, so that a reader can judge.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, Literal

from sqlite_utils import Database

from store.database import database_path
from store.errors import explained
from store.filters import EVERYTHING, Filters, where_sql
from store.queries import FIGURES_SQL, Row, plain_row

Disagreement = Literal["open", "settled", "agreed"]
DISAGREEMENTS: tuple[Disagreement, ...] = ("open", "settled", "agreed")
PARTS = ("shown", "agrees", "differs", "superseded")  # what a report is to the value that is shown

_MOST_REPORTS = 20  # of one observation; its figure pages list more
# Conditions that SQLite finds in the indexes over them.
_INDEX = {"open": "observations_in_conflict", "settled": "observations_settled"}  # agreed: optional
_WHICH = {
    "open": "conflict",
    "settled": "revised AND NOT conflict",
    "agreed": "figures > 1 AND NOT conflict AND NOT revised",
}


def count_conflicts(db: Database, filters: Filters, which: Disagreement = "open") -> int:
    """Return how many observations with a matching figure have such reports."""
    condition, values = _condition(filters, which)
    return int(_query(db, f"SELECT count(*) AS n FROM observations WHERE {condition}", values)[0]["n"])


def list_conflicts(
    db: Database, filters: Filters, limit: int, offset: int = 0, *, which: Disagreement = "open"
) -> list[Row]:
    """Return one page of the observations that `count_conflicts` counts, the newest article first.

    Each has its `reports`, up to 20 figures with their `part`: shown, agrees, differs or superseded.
    """
    condition, values = _condition(filters, which)
    sql = f"""
        SELECT * FROM observations WHERE {condition}
        ORDER BY published_on DESC, id LIMIT :limit OFFSET :offset
    """
    page = {"limit": max(0, limit), "offset": max(0, offset)}
    found = [plain_row(row) for row in _query(db, sql, values | page)]
    reports = _reports(db, found)
    return [row | {"reports": reports[row["id"]][:_MOST_REPORTS]} for row in found]


def conflict_counts(db: Database, which: Disagreement = "open") -> dict[str, Counter[str]]:
    """Return by "places" and "indicators" how many observations there are of each."""
    index = f"INDEXED BY {_INDEX[which]}" if which in _INDEX else ""
    chosen = f"FROM observations {index} WHERE {_WHICH[which]}"
    sql = f"SELECT place_id, indicator_key, count(*) AS n {chosen} GROUP BY 1, 2"
    counts: dict[str, Counter[str]] = {"places": Counter(), "indicators": Counter()}
    for row in _query(db, sql, {}):
        counts["places"][row["place_id"]] += row["n"]
        counts["indicators"][row["indicator_key"]] += row["n"]
    return counts


def _condition(filters: Filters, which: Disagreement) -> tuple[str, dict[str, Any]]:
    condition, values = where_sql(filters)
    if condition == EVERYTHING:
        return _WHICH[which], values
    # From the observation to its figures: there are few in conflict, and many figures that match.
    some = f"SELECT 1 FROM figures WHERE figures.observation_id = observations.id AND {condition}"
    return f"{_WHICH[which]} AND EXISTS ({some})", values


def _reports(db: Database, found: Sequence[Row]) -> dict[str, list[Row]]:
    shown = {row["figure_id"] for row in found}
    sql = f"""
        {FIGURES_SQL} WHERE {EVERYTHING}
        AND figures.observation_id IN (SELECT value FROM json_each(:ids))
    """
    reports: dict[str, list[Row]] = defaultdict(list)
    for row in _query(db, sql, {"ids": json.dumps([row["id"] for row in found])}):
        part = "shown" if row["id"] in shown else row["observation_role"] or "agrees"
        reports[row["observation_id"]].append(plain_row(row) | {"part": part})
    for some in reports.values():
        some.sort(key=lambda row: row["id"])
        some.sort(key=lambda row: row["published_on"] or "", reverse=True)
        some.sort(key=lambda row: PARTS.index(row["part"]) if row["part"] in PARTS else len(PARTS))
    return reports


def _query(db: Database, sql: str, values: Mapping[str, Any]) -> list[Row]:
    with explained(database_path(db)):
        return list(db.query(sql, dict(values)))
