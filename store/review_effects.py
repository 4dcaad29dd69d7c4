"""Bringing `data/chiso.db` in line with the reviews: their copy there, the figures, what to merge again."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from sqlite_utils import Database

from store.database import database_path, upsert, writing
from store.derived import index_again
from store.errors import StoreError
from store.keys import observation_key
from store.review_log import Review, fields_json, read_log, standing_reviews
from store.reviewed import Standing, extracted_figure, reviewed_row, standing_from
from store.rows import Row


def apply_all(db: Database, reviews_path: Path) -> list[str]:
    """Bring all figures in line with a database of reviews, as `apply_reviews` does.

    Where there is no such file there are no reviews; raises StoreError when there were some.
    """
    if reviews_path.exists():
        with closing(read_log(reviews_path)) as log:
            return apply_reviews(db, log)
    kept = int(db.execute("SELECT count(*) FROM standing_reviews").fetchone()[0])
    if kept:
        raise StoreError(
            f"{kept} reviews were applied to {database_path(db)} and their file {reviews_path} is gone; put"
            " it back or name it with --reviews, or delete the database of figures to build it without them."
        )
    return []


def apply_reviews(db: Database, log: Database, figure_id: str | None = None) -> list[str]:
    """Bring the figures, or one, in line with the reviews that hold.

    Returns the ids of the observations that figures left, joined or changed in; they are marked for merging.
    """
    touched: set[str] = set()
    with writing(db):
        wanted = {known: _copied(review) for known, review in standing_reviews(log, figure_id).items()}
        chosen = "1" if figure_id is None else "figure_id = :figure_id"
        copies = db.query(f"SELECT * FROM standing_reviews WHERE {chosen}", {"figure_id": figure_id})
        copied = {row["figure_id"]: row for row in copies}
        gone = sorted(copied.keys() - wanted.keys())
        new = [row for known, row in sorted(wanted.items()) if copied.get(known) != row]
        db.conn.executemany("DELETE FROM standing_reviews WHERE figure_id = ?", [[known] for known in gone])
        upsert(db, "standing_reviews", "figure_id", new)
        for known in gone:
            touched |= _renew(db, known, None)
        for row in new:
            touched |= _renew(db, row["figure_id"], standing_from(row))
        stale = [[key] for key in sorted(touched)]
        db.conn.executemany("INSERT OR IGNORE INTO stale_observations VALUES (?)", stale)
    return sorted(touched)


def _renew(db: Database, figure_id: str, review: Standing | None) -> set[str]:
    """Write the row of a figure, if there is one, as its review wants it; returns what to merge again."""
    row = next(iter(db["figures"].rows_where("id = ?", [figure_id])), None)
    if row is None:
        return set()
    group = db.execute(
        "SELECT first_on FROM article_clusters WHERE article_id = ?", [row["article_id"]]
    ).fetchone()
    renewed = reviewed_row(extracted_figure(row), review)
    key = observation_key(row | renewed, (group and group[0]) or row["published_on"])
    renewed |= {"observation_key": key, "observation_id": key, "observation_role": None}
    columns = ", ".join(f'"{name}" = :{name}' for name in renewed)
    db.execute(f"UPDATE figures SET {columns} WHERE number = :number", renewed | {"number": row["number"]})
    index_again(db, row["article_id"])
    return {one for one in (row["observation_key"], key) if one is not None}


def _copied(review: Review) -> Row:
    return {
        "figure_id": review.figure_id,
        "review_id": review.id,
        "verdict": review.verdict,
        "changes": fields_json(review.changes),
        "extracted": fields_json(review.extracted),
        "reason": review.reason,
        "reviewer": review.reviewer,
        "reviewed_at": review.reviewed_at,
    }
