"""The reviews as a list, and what has become of each."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from store.errors import explained
from store.queries import open_readonly
from store.review_log import Review, list_log, read_log, reviews_beside, standing_reviews
from store.reviewed import extracted_figure, is_outdated

State = Literal["holds", "outdated", "orphaned", "followed", "undone", "undo"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A review and what has become of it.

    "holds"; "outdated": holds, but the figure is extracted otherwise now, and a confirmation then counts no
    more; "orphaned": would hold, but the figure is not extracted any more; "followed" by a newer review;
    "undone"; "undo": takes another back.
    """

    review: Review
    state: State


def list_reviews(
    db_path: str | Path, *, figure_id: str | None = None, reviews_path: str | Path | None = None
) -> list[Listed]:
    """Return all reviews, or those of one figure, the oldest first; [] when there is none.

    Without a database of figures none is called orphaned or outdated. Raises StoreError when a database
    cannot be read.
    """
    path = reviews_beside(db_path) if reviews_path is None else Path(reviews_path)
    if not path.exists():
        return []
    with closing(read_log(path)) as log:
        found = list_log(log, figure_id)
        holding = {review.id for review in standing_reviews(log, figure_id).values()}
    figures = sorted({review.figure_id for review in found if review.id in holding})
    undone = {review.undoes for review in found}
    state_of_holding = _states(db_path, figures)
    return [
        Listed(
            review=review, state=state_of_holding(review) if review.id in holding else _past(review, undone)
        )
        for review in found
    ]


def _states(db_path: str | Path, figure_ids: list[str]) -> Callable[[Review], State]:
    """Return a function that says what has become of a review that was not taken back or followed."""
    if not Path(db_path).exists():
        return lambda _: "holds"
    with closing(open_readonly(db_path)) as db, explained(db_path):
        sql = "SELECT * FROM figures WHERE id IN (SELECT value FROM json_each(?))"
        rows = db.query(sql, [json.dumps(figure_ids)])
        now = {row["id"]: extracted_figure(row) for row in rows}

    def state(review: Review) -> State:
        figure = now.get(review.figure_id)
        if figure is None:
            return "orphaned"
        return "outdated" if is_outdated(figure, review.extracted) else "holds"

    return state


def _past(review: Review, undone: set[int | None]) -> State:
    if review.action == "undo":
        return "undo"
    return "undone" if review.id in undone else "followed"
