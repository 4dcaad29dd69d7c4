"""What a person says of a figure: who may say what, what it does, and that it is never lost."""

from __future__ import annotations

import csv
import dataclasses
import io
import json
import sqlite3
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from store import derived, observations, queries
from store.errors import StoreError
from store.filters import Filters
from store.release.stream import Form, chunks
from store.release.tables import LONG
from store.review_fields import CORRECTABLE, ReviewError, checked_changes
from store.review_history import list_reviews
from store.review_log import reviews_beside
from store.reviews import Statement, Written, confirm, correct, reject, undo
from tests.conftest import command
from tests.stand_ins import load, load_other
from tests.store_samples import article, figure, percent
from tests.test_store_build import Site, page

NOON = datetime(2025, 3, 1, 12, tzinfo=UTC)
RATIO, SHARE = figure().id, percent().id
HOSTILE = '=cmd|"/c calc"!A1\n<script>alert(1)</script> [red]x[/] \u202eođ ' + "dài " * 300


def lan(reason: str = "đọc lại câu", **changes: Any) -> Statement:
    return dataclasses.replace(Statement(reason=reason, reviewer="Lan", at=NOON), **changes)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A database with a ratio and its percent, both of one article."""
    with derived.open_derived(tmp_path / "chiso.db") as db:
        derived.replace_article(db, article(), [figure(), percent()])
        observations.merge(db)
    return tmp_path / "chiso.db"


def shown(path: Path, figure_id: str = RATIO) -> dict[str, Any]:
    with queries.open_readonly(path) as db:
        found = queries.get_figure(db, figure_id)
    assert found is not None
    return found


def merged(path: Path) -> list[dict[str, Any]]:
    with queries.open_readonly(path) as db:
        return queries.list_observations(db, Filters(), 100)


def states(path: Path) -> list[str]:
    return [listed.state for listed in list_reviews(path)]


def dump(path: Path) -> list[str]:
    with derived.open_derived(path) as db:
        return list(db.conn.iterdump())


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


def test_a_correction_is_merged_and_found_by_its_new_values(path: Path) -> None:
    correct(
        path,
        RATIO,
        {"value": "78500", "place_id": "VN63-49", "indicator": "hồ sơ  một cửa", "period": "/2024-03-31"},
        lan(),
    )
    seen = shown(path)
    assert (seen["review"], seen["value"], seen["place"], seen["period_start"]) == (
        "corrected",
        Decimal(78500),
        "Quảng Nam",
        None,
    )
    assert seen["extracted"] == {
        "indicator": "giải quyết hồ sơ trực tuyến",
        "period": "2024-01-01/2024-03-31",
        "place": "Quảng Ngãi",
        "place_id": "VN63-51",
        "value": "78000",
    }
    (row,) = [row for row in merged(path) if row["kind"] == "ratio"]
    assert (row["value"], row["place_id"], row["period"]) == (Decimal(78500), "VN63-49", "/2024-03-31")
    with queries.open_readonly(path) as db:
        assert queries.count_figures(db, Filters(query="quang nam mot cua")) == 1
        assert queries.count_figures(db, Filters(places=("VN63-49",))) == 1


def test_corrections_add_up_and_each_undo_goes_back_one_step(path: Path) -> None:
    before = shown(path)
    correct(path, RATIO, {"value": "78500"}, lan("một chữ số"))
    correct(path, RATIO, {"locality": "xã Sơn Mỹ"}, lan("xã"))
    both = shown(path)
    assert (both["value"], both["locality"]) == (Decimal(78500), "xã Sơn Mỹ")
    confirm(path, RATIO, lan("đúng cả hai", reviewer="Minh"))
    assert (shown(path)["review"], shown(path)["reviewer"]) == ("corrected", "Minh")
    reject(path, RATIO, lan("không phải chỉ số"))
    assert shown(path)["review"] == "rejected"
    undo(path, 4, lan("nhầm"))
    undo(path, 3, lan("nhầm"))
    assert shown(path) == both
    undo(path, 2, lan("nhầm"))
    assert (shown(path)["value"], shown(path)["locality"]) == (Decimal(78500), None)
    undo(path, 1, lan("nhầm"))
    assert shown(path) == before
    assert states(path) == ["undone"] * 4 + ["undo"] * 4
    with pytest.raises(ReviewError, match="Review 1 does not hold any more"):
        undo(path, 1, lan())


def test_a_field_set_back_to_what_was_extracted_is_corrected_no_more(path: Path) -> None:
    correct(path, RATIO, {"value": "78500", "unit": "bộ hồ sơ"}, lan())
    correct(path, RATIO, {"value": "78000.0"}, lan())
    assert shown(path)["extracted"] == {"unit": "hồ sơ"}
    with pytest.raises(ReviewError, match="undo the correction"):
        correct(path, RATIO, {"unit": "hồ sơ"}, lan())
    with pytest.raises(ReviewError, match="changes nothing"):
        correct(path, RATIO, {"unit": "bộ hồ sơ"}, lan())


def test_only_the_newest_review_can_be_taken_back(path: Path) -> None:
    confirm(path, RATIO, lan())
    reject(path, RATIO, lan(reviewer="Minh"))
    with pytest.raises(ReviewError, match="Review 1 does not hold any more; review 2 by Minh does"):
        undo(path, 1, lan())
    with pytest.raises(ReviewError, match="There is no review 9"):
        undo(path, 9, lan())
    assert states(path) == ["followed", "holds"]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"value": "78.500"}, "may mean 78500 or 78.5000"),
        ({"value": "78,5"}, "plain number"),
        ({"value": "NaN"}, "plain number"),
        ({"value": "1e400"}, "plain number"),
        ({"value": ""}, "plain number"),
        ({"value": True}, "plain number"),
        ({"value": 0.1}, "plain number"),
        ({"value": Decimal("Infinity")}, "plain number"),
        ({"denominator": "0"}, "greater than 0"),
        ({"denominator": ""}, "needs its denominator"),
        ({"kind": "count"}, "no denominator"),
        ({"kind": "number"}, "kind must be one of"),
        ({"kind": "rank", "value": "20", "denominator": "19"}, "greater than its denominator"),
        ({"kind": "rank", "value": "2.5"}, "whole number"),
        ({"value_max": "78000"}, "farther from 0"),
        ({"comparator": ["eq"]}, "comparator must be one of"),
        ({"negated": "maybe"}, "true or false"),
        ({"place_id": "VN63-99"}, "no place"),
        ({"place": "Quảng Nam"}, "corrected by its id"),
        ({"indicator_id": "no_such_index"}, "no indicator"),
        ({"indicator": "  "}, "must not be empty"),
        ({"unit": "hồ\x1b[2Jsơ"}, "one line"),
        ({"base": "x" * 501}, "one line"),
        ({"period": "2024"}, "START/END"),
        ({"period": "/"}, "START/END"),
        ({"period": "2024-02-30/"}, "START/END"),
        ({"period": "2024-12-31/2024-01-01"}, "START/END"),
        ({"period": "20240101/"}, "START/END"),
        ({"surface": "1"}, "not a field"),
        ({"id": "1"}, "not a field"),
        ({"value = 1; --": "1"}, "not a field"),
        ({}, "changes nothing"),
    ],
    ids=str,
)
def test_a_correction_that_cannot_be_taken_is_refused_in_one_sentence(
    path: Path, changes: dict[str, Any], said: str
) -> None:
    before = dump(path)
    with pytest.raises(ReviewError, match=said) as refused:
        correct(path, RATIO, changes, lan())
    assert "\n" not in str(refused.value)
    assert list_reviews(path) == []
    assert dump(path) == before


def test_a_doubtful_extraction_may_be_corrected_in_other_fields() -> None:
    doubtful = figure(kind="rank", value=Decimal(70), denominator=Decimal(63))
    assert checked_changes(doubtful, {"status": "target"}) == {"status": "target"}


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(st.sampled_from(CORRECTABLE), st.text() | st.integers() | st.none() | st.booleans()))
def test_any_correction_is_taken_or_refused(changes: dict[str, Any]) -> None:
    try:
        kept = checked_changes(figure(), changes)
    except ReviewError:
        return
    assert json.loads(json.dumps(kept)) == kept


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


# Builds: the pages of tests/test_store_build.py, whose figures are the first word of each.


@pytest.fixture
def site(tmp_path: Path) -> Site:
    made = Site(tmp_path)
    made.add(page("one", "12 hồ sơ"), page("two", "30 hồ sơ"))
    made.build()
    return made


def of_value(site: Site, value: int) -> str:
    with queries.open_readonly(site.db) as db:
        return next(row["id"] for row in queries.list_figures(db, Filters(), 9) if row["value"] == value)


def rejected_and_corrected(site: Site) -> tuple[str, str]:
    twelve, thirty = of_value(site, 12), of_value(site, 30)
    reject(site.db, twelve, lan())
    correct(site.db, thirty, {"value": "31"}, lan())
    return twelve, thirty


def test_reviews_survive_extracting_everything_again(site: Site) -> None:
    twelve, thirty = rejected_and_corrected(site)
    before = site.dump()
    done = site.build(everything=True, load=load)
    assert (done.pages, done.changed_articles, done.observations) == (2, 0, 0)
    assert site.dump() == before
    assert (shown(site.db, twelve)["review"], shown(site.db, thirty)["value"]) == ("rejected", Decimal(31))


def test_reviews_survive_the_deletion_of_the_figures(site: Site) -> None:
    rejected_and_corrected(site)
    before, seen = contents(site), list_reviews(site.db)
    site.db.unlink()
    assert list_reviews(site.db) == seen
    site.build()
    assert contents(site) == before
    assert list_reviews(site.db) == seen


def contents(site: Site) -> list[Any]:
    with derived.open_derived(site.db) as db:
        return [sorted(map(str, db[name].rows)) for name in ("figures", "observations", "standing_reviews")]


def test_a_confirmation_of_other_values_counts_no_more(site: Site) -> None:
    twelve, thirty = of_value(site, 12), of_value(site, 30)
    confirm(site.db, twelve, lan())
    correct(site.db, thirty, {"locality": "xã Sơn Mỹ"}, lan())
    site.build(load=load_other)
    seen = shown(site.db, twelve), shown(site.db, thirty)
    assert [(one["value"], one["review"]) for one in seen] == [(24, None), (60, "corrected")]
    assert states(site.db) == ["outdated", "outdated"]
    site.build(load=load)
    assert shown(site.db, twelve)["review"] == "confirmed"
    assert states(site.db) == ["holds", "holds"]


def test_a_review_without_its_figure_is_kept_and_listed(site: Site) -> None:
    twelve, _ = rejected_and_corrected(site)
    site.add(page("one", "captcha", fetched_at="2024-05-01T00:00:00+00:00"))
    site.build()
    assert states(site.db) == ["orphaned", "holds"]
    undo(site.db, 1, lan())
    assert states(site.db) == ["undone", "holds", "undo"]
    site.add(page("one", "12 hồ sơ", fetched_at="2024-06-01T00:00:00+00:00"))
    site.build()
    assert shown(site.db, twelve)["review"] is None


def test_a_build_carries_out_what_waits_and_misses_a_lost_file(site: Site, tmp_path: Path) -> None:
    twelve, _ = rejected_and_corrected(site)
    kept = reviews_beside(site.db).rename(tmp_path / "kept.db")
    with pytest.raises(StoreError, match=r"2 reviews were applied .* is gone"):
        site.build()
    confirm(tmp_path / "chiso.db", twelve, lan(), reviews_path=kept)
    site.build(reviews_path=kept)
    assert shown(site.db, twelve)["review"] == "confirmed"


def test_the_command_reviews_lists_and_undoes(path: Path) -> None:
    def chiso(*words: str) -> Any:
        done = command("review", *words, "--db", path, "--json")
        assert done.exit_code == 0, done.output
        return [json.loads(line) for line in done.output.splitlines()]

    by = ("--reason", "[bold]x[/]", "--by", "Lan")
    (written,) = chiso("correct", RATIO, "--set", "value=78500", "--set", "locality=", *by, "--after", "0")
    assert (written["changes"], written["applied"]) == ({"value": "78500"}, True)
    chiso("reject", SHARE, *by)
    chiso("undo", "2", *by)
    chiso("confirm", SHARE, *by)
    assert [row["state"] for row in chiso("list")] == ["holds", "undone", "undo", "holds"]
    assert [row["id"] for row in chiso("list", "--figure", RATIO)] == [1]
    assert "[bold]x[/]" in command("review", "list", "--db", path).output


@pytest.mark.parametrize(
    "words",
    [
        ("confirm", "nothing", "--reason", "x", "--by", "Lan"),
        ("confirm", RATIO, "--reason", " ", "--by", "Lan"),
        ("confirm", RATIO, "--reason", "x", "--by", "Lan", "--after", "3"),
        ("correct", RATIO, "--set", "value", "--reason", "x", "--by", "Lan"),
        ("correct", RATIO, "--set", "value=1", "--set", "value=2", "--reason", "x", "--by", "Lan"),
        ("correct", RATIO, "--set", "value=1.000", "--reason", "x", "--by", "Lan"),
        ("undo", "1", "--reason", "x", "--by", "Lan"),
    ],
    ids=" ".join,
)
def test_the_command_refuses_in_one_sentence(path: Path, words: tuple[str, ...]) -> None:
    done = command("review", *words, "--db", path)
    assert done.exit_code == 2
    assert done.output.strip().splitlines()[-1].startswith("Error: ")
    assert list_reviews(path) == []


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
