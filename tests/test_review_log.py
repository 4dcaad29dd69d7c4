"""What reviewers say at once, while others write, and after: nothing is lost or changed."""

from __future__ import annotations

import sqlite3
import threading
from pathlib import Path

import pytest

from store import derived
from store.errors import StoreError
from store.review_fields import ReviewError
from store.review_history import list_reviews
from store.review_log import reviews_beside
from store.reviews import Written, confirm, correct, reject, undo
from tests.review_samples import RATIO, SHARE, lan, shown, two_figures
from tests.store_samples import article


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return two_figures(tmp_path)


REST = "changes, extracted, reason, reviewer, reviewed_at FROM reviews"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE reviews SET reason = 'other'",
        "DELETE FROM reviews",
        f"INSERT OR REPLACE INTO reviews SELECT id, figure_id, 'reject', NULL, {REST} WHERE id = 1",
        f"INSERT OR REPLACE INTO reviews SELECT 9, figure_id, 'undo', 1, {REST} WHERE id = 2",
    ],
)
def test_what_was_said_cannot_be_changed(path: Path, statement: str) -> None:
    confirm(path, RATIO, lan())
    undo(path, 1, lan())
    before = list_reviews(path)
    log = sqlite3.connect(reviews_beside(path))
    with pytest.raises(sqlite3.DatabaseError, match="append-only"):
        log.execute(statement)
    log.close()
    assert list_reviews(path) == before


def test_the_second_of_two_reviewers_is_told(path: Path) -> None:
    confirm(path, RATIO, lan(seen=0))
    with pytest.raises(ReviewError, match=r"since you looked at it .*review 1, confirm by Lan"):
        reject(path, RATIO, lan(reviewer="Minh", seen=0))
    reject(path, RATIO, lan(reviewer="Minh", seen=1))
    assert shown(path)["reviewer"] == "Minh"


def test_of_reviewers_at_the_same_moment_one_is_heard(path: Path) -> None:
    start = threading.Barrier(4)
    heard: list[Written | str] = []

    def say(name: str) -> None:
        start.wait()
        try:
            heard.append(correct(path, RATIO, {"locality": name}, lan(reviewer=name, seen=0)))
        except StoreError as error:
            heard.append(str(error))

    threads = [threading.Thread(target=say, args=[f"An {number}"]) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    (first,) = [one for one in heard if isinstance(one, Written)]
    assert sum("since you looked at it" in str(one) for one in heard) == 3
    assert [listed.review for listed in list_reviews(path)] == [first.review]
    assert shown(path)["locality"] == first.review.reviewer


def test_a_review_of_busy_figures_is_kept_for_the_next_build(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("store.database.BUSY_SECONDS", 0.0)
    with sqlite3.connect(path, isolation_level=None) as other:
        other.execute("BEGIN IMMEDIATE")
        assert not reject(path, RATIO, lan()).applied
        other.execute("ROLLBACK")
    assert shown(path)["review"] is None
    confirm(path, SHARE, lan())
    assert shown(path)["review"] is None  # another figure's review does not touch it
    assert [listed.state for listed in list_reviews(path, figure_id=RATIO)] == ["holds"]


def test_a_review_does_not_wait_for_what_a_build_has_still_to_merge(path: Path) -> None:
    with derived.open_derived(path) as db:
        derived.replace_article(db, article(id="a2", url="https://bao.example/2"), [])
        db.execute("INSERT INTO stale_observations VALUES ('other')")
    reject(path, RATIO, lan())
    with derived.open_derived(path) as db:
        assert db.execute("SELECT id FROM stale_observations").fetchall() == [("other",)]
        assert db.execute("SELECT id FROM stale_articles").fetchall() == [("a2",)]
        assert db["observations"].count == 1
