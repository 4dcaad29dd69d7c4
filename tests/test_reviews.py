"""What a person says of a figure: who may say what, and what it does."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from store import queries
from store.errors import StoreError
from store.filters import Filters
from store.release.stream import Form, chunks
from store.release.tables import LONG
from store.review_fields import ReviewError
from store.review_history import list_reviews
from store.review_log import reviews_beside
from store.reviews import Statement, confirm, correct, reject, undo
from tests.review_samples import RATIO, SHARE, lan, merged, shown, states, two_figures


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return two_figures(tmp_path)


HOSTILE = '=cmd|"/c calc"!A1\n<script>alert(1)</script> [red]x[/] \u202eođ ' + "dài " * 300


def test_a_confirmation_marks_the_figure_and_changes_nothing_else(path: Path) -> None:
    before = merged(path)
    written = confirm(path, RATIO, lan())
    assert (written.review.id, written.review.action, written.applied) == (1, "confirm", True)
    seen = shown(path)
    assert (seen["review"], seen["reviewer"], seen["reviewed_at"], seen["review_reason"]) == (
        "confirmed",
        "Lan",
        "2025-03-01T12:00:00+00:00",
        "đọc lại câu",
    )
    assert seen["extracted"] is None
    assert merged(path) == before
    assert shown(path, SHARE)["review"] is None


def test_a_rejected_figure_leaves_its_observation_and_every_list(path: Path) -> None:
    reject(path, RATIO, lan("số đường"))
    assert [row["kind"] for row in merged(path)] == ["percent"]
    assert shown(path)["review"] == "rejected"
    assert shown(path, SHARE)["same_sentence"] == []
    with queries.open_readonly(path) as db:
        assert [row["id"] for row in queries.list_figures(db, Filters(), 10)] == [SHARE]
        assert queries.count_figures(db, Filters(query="ho so")) == 1
        assert queries.freshness(db)["figures"] == 1
        assert [row["figures"] for row in queries.coverage(db)] == [1]
        assert [row["figures"] for row in queries.summary_by_place(db)] == [1]
        assert dict(queries.facets(db, Filters())["kinds"]) == {"percent": 1}
        asked, unknown = queries.check_filters(db, Filters(reviews=("rejected", "x")))
        assert unknown == ["reviews: x"]
        assert [row["id"] for row in queries.list_figures(db, asked, 10)] == [RATIO]
        both = Filters(reviews=("unreviewed", "rejected"))
        assert queries.count_figures(db, both) == 2


def test_only_the_newest_review_can_be_taken_back(path: Path) -> None:
    confirm(path, RATIO, lan())
    reject(path, RATIO, lan(reviewer="Minh"))
    with pytest.raises(ReviewError, match="Review 1 does not hold any more; review 2 by Minh does"):
        undo(path, 1, lan())
    with pytest.raises(ReviewError, match="There is no review 9"):
        undo(path, 9, lan())
    assert states(path) == ["followed", "holds"]


@pytest.mark.parametrize(
    ("said", "why"),
    [
        (lan(" \n"), "needs a reason"),
        (lan("x" * 2001), "longer than 2000"),
        (lan("\x1b[2J"), "control characters"),
        (lan("\ud800"), "control characters"),
        (lan(reviewer="  "), "name of its reviewer"),
        (lan(reviewer="a\nb"), "one line"),
        (lan(at=datetime(2025, 3, 1)), "zone"),  # noqa: DTZ001 - that is what is refused
    ],
)
def test_nobody_reviews_without_name_reason_and_time(path: Path, said: Statement, why: str) -> None:
    with pytest.raises(ReviewError, match=why):
        confirm(path, RATIO, said)
    assert list_reviews(path) == []


def test_a_figure_that_is_not_there_cannot_be_reviewed(path: Path) -> None:
    for unknown in ("0000", "' OR 1=1 --", "x" * 10_000):
        with pytest.raises(ReviewError, match="There is no figure"):
            reject(path, unknown, lan())
    with pytest.raises(StoreError, match="not valid Unicode"):
        reject(path, "\ud800", lan())
    assert not reviews_beside(path).exists()


def test_a_hostile_reason_is_kept_as_it_is_and_exported_harmless(path: Path) -> None:
    correct(path, RATIO, {"base": "=1+1"}, lan(HOSTILE.strip()))
    assert shown(path)["review_reason"] == HOSTILE.strip()
    for form, mark in (("csv", ""), ("excel", "'")):
        row = next(row for row in exported(path, "figures", form=form) if row["record_id"] == RATIO)
        assert row["review_reason"] == mark + HOSTILE.strip()
        assert (row["review_status"], row["reviewer"], row["reviewed_at"]) == (
            "corrected",
            "Lan",
            "2025-03-01T12:00:00+00:00",
        )
        assert json.loads(row["extracted"]) == {"base": None}
        assert {row["kind"]: row["review_status"] for row in exported(path, "observations", form=form)} == {
            "ratio": "corrected",
            "percent": "",
        }


def test_rejected_figures_are_exported_only_when_asked_for(path: Path) -> None:
    reject(path, RATIO, lan())
    assert [len(exported(path, table)) for table in LONG] == [1, 1, 1]
    assert [row["figures"] for row in exported(path, "articles")] == ["1"]
    assert [len(exported(path, table, reviews=("rejected",))) for table in LONG] == [1, 0, 1]


def exported(path: Path, table: str, form: Form = "csv", **filters: Any) -> list[dict[str, str]]:
    """Return the rows of a table as it is exported."""
    with queries.open_readonly(path) as db:
        text = b"".join(chunks(db, table, Filters(**filters), form)).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_every_function_says_the_same_of_no_database(tmp_path: Path) -> None:
    nowhere = tmp_path / "chiso.db"
    acts: list[Callable[[], object]] = [
        lambda: confirm(nowhere, RATIO, lan()),
        lambda: reject(nowhere, RATIO, lan()),
        lambda: correct(nowhere, RATIO, {"value": 1}, lan()),
    ]
    for act in acts:
        with pytest.raises(StoreError, match="does not exist"):
            act()
    assert list_reviews(nowhere) == []
    assert list(tmp_path.iterdir()) == []
