"""The database of reviews, `reviews.db`: what people said of figures, one row a decision, never changed.

It is no part of `chiso.db`, which may be deleted and built again from the pages: what a person decided cannot
be built again. It lies beside that file unless told otherwise, and names figures by their stable ids, so that
one file serves every database that holds these figures. A taken-back decision is another row.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, NamedTuple

from sqlite_utils import Database

from store.database import database_path, open_readonly, open_writable, writing
from store.errors import StoreError, explained
from store.schema import migrations

Action = Literal["confirm", "reject", "correct", "undo"]
Verdict = Literal["confirmed", "rejected", "corrected"]


class Signed(NamedTuple):
    """Why, who and when, as it is kept."""

    reason: str
    reviewer: str
    reviewed_at: str  # ISO 8601, UTC


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """One decision on one figure."""

    id: int  # in the order of arrival
    figure_id: str
    action: Action
    undoes: int | None  # id of the review that an undo takes back
    changes: Mapping[str, Any]  # the corrected fields that hold with it; numbers as exact text
    extracted: Mapping[str, Any]  # what the reviewer saw extracted, with address, sentence and surface
    reason: str
    reviewer: str
    reviewed_at: str  # ISO 8601, UTC

    @property
    def verdict(self) -> Verdict:
        """What the figure is by it; a confirmed correction is a correction."""
        if self.action == "reject":
            return "rejected"
        return "corrected" if self.changes else "confirmed"


def m001_reviews(db: Database) -> None:
    """Decisions on figures: append-only, against REPLACE as well, which fires no trigger on DELETE."""
    db.execute("""
        CREATE TABLE reviews (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            figure_id TEXT NOT NULL,
            action TEXT NOT NULL CHECK (action IN ('confirm', 'reject', 'correct', 'undo')),
            undoes INTEGER UNIQUE REFERENCES reviews (id) CHECK ((undoes IS NOT NULL) = (action = 'undo')),
            changes TEXT NOT NULL,         -- JSON object
            extracted TEXT NOT NULL,       -- JSON object
            reason TEXT NOT NULL CHECK (reason != ''),
            reviewer TEXT NOT NULL CHECK (reviewer != ''),
            reviewed_at TEXT NOT NULL
        ) STRICT
    """)
    db.execute("CREATE INDEX reviews_of_figure ON reviews (figure_id)")
    for action in ("UPDATE", "DELETE"):
        db.execute(f"""
            CREATE TRIGGER reviews_keep_{action.lower()} BEFORE {action} ON reviews
            BEGIN SELECT RAISE(ABORT, 'reviews are append-only'); END
        """)
    db.execute("""
        CREATE TRIGGER reviews_keep_replace BEFORE INSERT ON reviews
        WHEN NEW.id IN (SELECT id FROM reviews)
            OR NEW.undoes IN (SELECT undoes FROM reviews WHERE undoes IS NOT NULL)
        BEGIN SELECT RAISE(ABORT, 'reviews are append-only'); END
    """)


REVIEWS = migrations("reviews", [m001_reviews])

_STANDING = """
    SELECT max(id) FROM reviews
    WHERE action != 'undo' AND id NOT IN (SELECT undoes FROM reviews WHERE undoes IS NOT NULL)
    GROUP BY figure_id
"""


def reviews_beside(db_path: str | Path) -> Path:
    """Return where the reviews of a figure database are kept when nothing else is said."""
    return Path(db_path).with_name("reviews.db")


def open_log(path: str | Path) -> Database:
    """Return the database of reviews for writing, made where missing; raises StoreError when it cannot be."""
    return open_writable(path, REVIEWS)


def read_log(path: str | Path) -> Database:
    """Return a connection to the reviews that cannot write; raises StoreError when there are none to read."""
    return open_readonly(path, REVIEWS)


def list_log(log: Database, figure_id: str | None = None) -> list[Review]:
    """Return all reviews, or those of one figure, the oldest first."""
    chosen = "1" if figure_id is None else "figure_id = :figure_id"
    return list(_reviews(log, chosen, {"figure_id": figure_id}))


def get_review(log: Database, review_id: int) -> Review | None:
    """Return one review, None when none has this id."""
    return next(_reviews(log, "id = :id", {"id": review_id}), None)


def standing_reviews(log: Database, figure_id: str | None = None) -> dict[str, Review]:
    """Return for each figure, or for one, the review that holds: its newest that was not taken back."""
    chosen = "" if figure_id is None else " AND figure_id = :figure_id"
    found = _reviews(log, f"id IN ({_STANDING}){chosen}", {"figure_id": figure_id})
    return {review.figure_id: review for review in found}


def append(
    log: Database,
    figure_id: str,
    action: Action,
    *,
    signed: Signed,
    changes: Mapping[str, Any],
    extracted: Mapping[str, Any],
    undoes: int | None = None,
) -> Review:
    """Write a review and return it with its id; raises StoreError when it cannot be written."""
    with writing(log):
        written = log.execute(
            "INSERT INTO reviews"
            " (figure_id, action, undoes, changes, extracted, reason, reviewer, reviewed_at)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            [figure_id, action, undoes, fields_json(changes), fields_json(extracted), *signed],
        )
        found = get_review(log, int(written.lastrowid or 0))
        if found is None:
            raise StoreError(f"The review could not be read back from {database_path(log)}.")
        return found


def _reviews(log: Database, condition: str, values: Mapping[str, Any]) -> Iterator[Review]:
    with explained(database_path(log)):
        for row in log.query(f"SELECT * FROM reviews WHERE {condition} ORDER BY id", dict(values)):
            yield Review(**row | {name: json.loads(row[name]) for name in ("changes", "extracted")})


def fields_json(fields: Mapping[str, Any]) -> str:
    """Return fields as they are kept: equal ones as equal text."""
    return json.dumps(fields, ensure_ascii=False, sort_keys=True)
