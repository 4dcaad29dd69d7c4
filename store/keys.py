"""What two figures must have in common to report one observation, as a key."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from sqlite_utils import Database

from store.indicators import indicators, topics
from store.search import fold

POINTS_RULE = "percentage_points"  # of the quantity grammar: a fall by 2 points is none by 2 %
POINTS = "điểm phần trăm"  # unit of a difference of percents that is told in points
# Holds for a row of `figures` that is shown for its observation, or that has none: one of several reports.
CANONICAL = """NOT EXISTS (
    SELECT 1 FROM observations AS told
    WHERE told.id = figures.observation_id AND told.figure_id != figures.id
)"""
# The unit of a row of `figures` as screen and files tell it.
TOLD_UNIT = f"""CASE WHEN instr(figures.rules, '"{POINTS_RULE}"') THEN '{POINTS}' ELSE figures.unit END"""


def observation_key(figure: Mapping[str, Any], day: str | None) -> str | None:
    """Return the id of the observation that a figure's row may report, None when too little is known.

    A figure that a reviewer rejected reports none.
    Without a period it is a value as of `day`: the one on which its article, or the first of its copies,
    was published.
    """
    when = figure["period"] or (day and f"as of {day}")
    known = figure["place_id"] and figure["indicator_key"] and when
    if not known or figure["review"] == "rejected":
        return None
    key = [
        figure["place_id"],
        words_of(figure["locality"]),
        figure["indicator_key"],
        when,
        figure["status"],
        figure["kind"],
        unit_of(figure),
        figure["measure"],
        str(figure["negated"]),
        words_of(figure["base"]),
    ]
    if figure["indicator_id"] in topics():
        key.append(words_of(figure["indicator"]))
    if POINTS_RULE in figure["rules"]:
        key.append(POINTS_RULE)
    return hashlib.sha256("\n".join(key).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def unit_of(figure: Mapping[str, Any]) -> str:
    """Return the folded unit; of a catalogued indicator "hộ nghèo" is the catalogue's "hộ"."""
    unit = words_of(figure["unit"])
    usual = words_of(indicators().get(figure["indicator_id"] or "", {}).get("unit"))
    return usual if usual and unit.startswith(f"{usual} ") else unit


def rekey(db: Database, article_id: str) -> None:
    """Bring the keys of an article's figures in line with the group of copies that it is in.

    Observations that lose or win a figure by it are marked for merging.
    """
    known = db.execute("SELECT first_on FROM article_clusters WHERE article_id = ?", [article_id]).fetchone()
    first_on = known[0] if known else None
    for figure in list(db["figures"].rows_where("article_id = ?", [article_id])):
        before = figure["observation_key"]
        key = observation_key(figure, first_on or figure["published_on"])
        if key != before:
            db.execute(
                "UPDATE figures SET observation_key = :key, observation_id = :key, observation_role = NULL"
                " WHERE number = :number",
                {"key": key, "number": figure["number"]},
            )
            stale = [[one] for one in (before, key) if one is not None]
            db.conn.executemany("INSERT OR IGNORE INTO stale_observations VALUES (?)", stale)


def words_of(text: str | None) -> str:
    """Return the folded words of `text`, blanks evened out; "" for None."""
    return " ".join(fold(text or "").split())
