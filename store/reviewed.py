"""Figures as reviewed: what the reviews that hold make of the rows of `data/chiso.db`.

A row carries the reviewed values; `extracted` keeps those that a correction changed, so that the extraction
can always be told. A figure confirmed once and extracted otherwise since is not confirmed any more: nobody
has looked at what it says now. A rejection and the corrected fields of a correction hold on.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping, Sequence
from typing import Any

from sqlite_utils import Database

from store.records import Figure
from store.review_fields import fields_of, typed
from store.review_log import Verdict, fields_json
from store.rows import Row, figure_from, figure_row

_UNREVIEWED: Row = dict.fromkeys(("review", "reviewer", "reviewed_at", "review_reason", "extracted"))


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """The review of a figure that holds, as `chiso.db` copies it from the reviews."""

    figure_id: str
    review_id: int
    verdict: Verdict
    changes: Mapping[str, Any]
    extracted: Mapping[str, Any]  # what was reviewed
    reason: str
    reviewer: str
    reviewed_at: str


def reviewed_row(figure: Figure, review: Standing | None) -> Row:
    """Return the row of an extracted figure as its review wants it."""
    if review is None or (review.verdict == "confirmed" and is_outdated(figure, review.extracted)):
        return figure_row(figure) | _UNREVIEWED
    was = fields_of(figure)
    changed = {
        name: value
        for name, value in review.changes.items()
        if review.verdict == "corrected" and value != was[name]
    }
    return figure_row(dataclasses.replace(figure, **typed(changed))) | {
        "review": review.verdict,
        "reviewer": review.reviewer,
        "reviewed_at": review.reviewed_at,
        "review_reason": review.reason,
        "extracted": fields_json({name: was[name] for name in changed}) if changed else None,
    }


def extracted_figure(row: Mapping[str, Any]) -> Figure:
    """Return the figure of a row as it was extracted, whatever reviews have made of it."""
    figure = figure_from(row)
    return dataclasses.replace(figure, **typed(json.loads(row["extracted"]))) if row["extracted"] else figure


def is_outdated(figure: Figure, seen: Mapping[str, Any]) -> bool:
    """Return whether a figure is extracted otherwise now than a reviewer has `seen` it."""
    return any(seen.get(name) != value for name, value in fields_of(figure).items())


def standing_of(db: Database, figure_ids: Sequence[str]) -> dict[str, Standing]:
    """Return the reviews that hold of some figures, by the figures' ids."""
    sql = "SELECT * FROM standing_reviews WHERE figure_id IN (SELECT value FROM json_each(?))"
    found = db.query(sql, [json.dumps(figure_ids)])
    return {row["figure_id"]: standing_from(row) for row in found}


def standing_from(row: Mapping[str, Any]) -> Standing:
    """Return the review of a row of `standing_reviews`."""
    return Standing(**dict(row) | {name: json.loads(row[name]) for name in ("changes", "extracted")})
