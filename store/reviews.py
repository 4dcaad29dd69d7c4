"""Confirming, rejecting and correcting figures, and taking that back; for the command and the app.

Each function opens what it needs and closes it, so that any thread may call it. A decision is written to the
database of reviews first and then carried out in the database of figures, whose observations are merged
again at once; where that database is busy, the next build carries it out. `review_history.list_reviews` tells
what was said of a figure.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from store.database import writing
from store.derived import open_derived
from store.errors import StoreError, explained
from store.observations import merge_only
from store.queries import open_readonly
from store.records import Figure
from store.review_effects import apply_reviews
from store.review_fields import (
    OvertakenError,
    ReviewError,
    checked_changes,
    checked_reason,
    checked_reviewer,
    fields_of,
)
from store.review_log import (
    Action,
    Review,
    Signed,
    append,
    get_review,
    list_log,
    open_log,
    reviews_beside,
    standing_reviews,
)
from store.reviewed import extracted_figure


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """Who says so, when and why.

    `seen` is the id of the newest review of the figure that the reviewer knew of, 0 for none: when another
    one came in between, nothing is written and ReviewError says so. None does not ask.
    """

    reason: str
    reviewer: str
    at: datetime  # with its zone
    seen: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A review that was written; `applied` is False when the figures were busy and will follow later."""

    review: Review
    applied: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seen:
    """A figure as a reviewer has it before him."""

    figure: Figure  # as extracted
    article: Mapping[str, Any]  # what tells it again when it is not extracted any more


def confirm(
    db_path: str | Path,
    figure_id: str,
    said: Statement,
    *,
    reviews_path: str | Path | None = None,
) -> Written:
    """Say that a figure is as its sentence has it; a correction that holds is confirmed with it.

    Raises ReviewError when there is no such figure or the review cannot be made, StoreError when a
    database cannot be used.
    """
    return _decide(db_path, figure_id, "confirm", {}, said, reviews_path)


def reject(
    db_path: str | Path,
    figure_id: str,
    said: Statement,
    *,
    reviews_path: str | Path | None = None,
) -> Written:
    """Say that a figure is none: it leaves its observation, shown only where rejected ones are asked for.

    Raises ReviewError when there is no such figure or the review cannot be made, StoreError when a
    database cannot be used.
    """
    return _decide(db_path, figure_id, "reject", {}, said, reviews_path)


def correct(
    db_path: str | Path,
    figure_id: str,
    changes: Mapping[str, Any],
    said: Statement,
    *,
    reviews_path: str | Path | None = None,
) -> Written:
    """Put other values in the place of extracted ones, as typed by a person or of the field's type.

    Of the fields in `review_fields.CORRECTABLE`. They are added to those of a correction that holds; a
    field set to what was extracted is corrected no more.
    Raises ReviewError when there is no such figure, a value cannot be taken, or nothing changes, StoreError
    when a database cannot be used.
    """
    return _decide(db_path, figure_id, "correct", changes, said, reviews_path)


def undo(
    db_path: str | Path,
    review_id: int,
    said: Statement,
    *,
    reviews_path: str | Path | None = None,
) -> Written:
    """Take back the review of a figure that holds, so that the one before it holds again, if there was one.

    Raises ReviewError when there is no such review or it does not hold, StoreError when a database cannot
    be used.
    """
    signed = _signed(said)
    with closing(open_log(_reviews_path(db_path, reviews_path))) as log:
        with writing(log):
            undone = get_review(log, review_id)
            if undone is None:
                raise ReviewError(f"There is no review {review_id}.")
            holding = standing_reviews(log, undone.figure_id).get(undone.figure_id)
            if holding is None or holding.id != review_id:
                newest = f"; review {holding.id} by {holding.reviewer} does" if holding else ""
                raise ReviewError(f"Review {review_id} does not hold any more{newest}.", "past", id=review_id)
            written = append(
                log,
                undone.figure_id,
                "undo",
                changes={},
                extracted=undone.extracted,
                signed=signed,
                undoes=review_id,
            )
        return Written(review=written, applied=_carry_out(db_path, log, undone.figure_id))


def _decide(
    db_path: str | Path,
    figure_id: str,
    action: Action,
    changes: Mapping[str, Any],
    said: Statement,
    reviews_path: str | Path | None,
) -> Written:
    signed = _signed(said)
    found = _look(db_path, figure_id)
    with closing(open_log(_reviews_path(db_path, reviews_path))) as log:
        with writing(log):
            _refuse_unseen(log, figure_id, said.seen)
            holding = standing_reviews(log, figure_id).get(figure_id)
            kept = holding.changes if holding and holding.verdict == "corrected" else {}
            written = append(
                log,
                figure_id,
                action,
                changes=_changes(found.figure, action, kept, changes),
                extracted={**found.article, **fields_of(found.figure)},
                signed=signed,
            )
        return Written(review=written, applied=_carry_out(db_path, log, figure_id))


def _changes(
    figure: Figure, action: Action, kept: Mapping[str, Any], changes: Mapping[str, Any]
) -> Mapping[str, Any]:
    """Return the corrected fields that hold after a review of a figure with `kept` ones."""
    if action != "correct":
        return kept if action == "confirm" else {}
    known = {name: value for name, value in kept.items() if name != "place"}  # follows its id
    corrected = checked_changes(figure, {**known, **changes})
    if corrected == kept:
        raise ReviewError("The correction changes nothing: the figure says so already.", "nothing")
    if not corrected:
        raise ReviewError(
            "That is what was extracted: undo the correction, or confirm the figure.", "extracted"
        )
    return corrected


def _look(db_path: str | Path, figure_id: str) -> _Seen:
    sql = """
        SELECT figures.*, articles.url, articles.title, articles.published
        FROM figures JOIN articles ON articles.id = figures.article_id WHERE figures.id = ?
    """
    with closing(open_readonly(db_path)) as db, explained(db_path):
        row = next(iter(db.query(sql, [figure_id])), None)
    if row is None:
        raise ReviewError(f"There is no figure {figure_id[:40]!r} in {db_path}.")
    told = ("url", "title", "published", "sentence", "surface", "extractor_version")
    return _Seen(figure=extracted_figure(row), article={name: row[name] for name in told})


def _refuse_unseen(log: Database, figure_id: str, seen: int | None) -> None:
    if seen is None:
        return
    newest = list_log(log, figure_id)[-1:]
    if (newest[0].id if newest else 0) != seen:
        now = f"review {newest[0].id}, {newest[0].action} by {newest[0].reviewer}" if newest else "none"
        raise OvertakenError(
            f"The figure has been reviewed since you looked at it (newest now: {now}); look again."
        )


def _carry_out(db_path: str | Path, log: Database, figure_id: str) -> bool:
    """Bring the figure and its observations in line; False when their database cannot be written now."""
    try:
        with closing(open_derived(db_path)) as db, writing(db):
            merge_only(db, apply_reviews(db, log, figure_id))
    except StoreError as error:
        if not isinstance(error.__cause__, sqlite3.OperationalError):
            raise
        return False  # the review is kept, and the next build carries it out
    return True


def _reviews_path(db_path: str | Path, reviews_path: str | Path | None) -> Path:
    return reviews_beside(db_path) if reviews_path is None else Path(reviews_path)


def _signed(said: Statement) -> Signed:
    if said.at.tzinfo is None:
        raise ReviewError("The time of a review needs its zone.")
    return Signed(
        reason=checked_reason(said.reason),
        reviewer=checked_reviewer(said.reviewer),
        reviewed_at=said.at.astimezone(UTC).isoformat(timespec="seconds"),
    )
