from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from store.health import SourceHealth, source_health
from store.pages import finish_run, open_pages, start_run
from store.status import LOOK_AT, source_status

NOW = datetime(2026, 11, 22, 6, tzinfo=UTC)


def run(days_ago: float, outcome: str | None = "finished", **counters: Any) -> dict[str, Any]:
    started = (NOW - timedelta(days=days_ago)).isoformat().replace("+00:00", "Z")
    return {"id": 1, "source": "bao", "started_at": started, "outcome": outcome, "counters": counters}


def health(*runs: dict[str, Any]) -> SourceHealth:
    (found,) = source_health(["bao"], runs, now=NOW)
    return found


DAILY = [run(day, fetched=20, listing_pages=8) for day in range(10, 15)]
QUIET = {"known": 40, "listing_pages": 8}


@pytest.mark.parametrize(
    ("days_ago", "outcome", "state"),
    [
        (1, "finished", "resting"),  # nothing new for a year, and none is expected
        (60, "finished", "resting"),  # it is not asked but every 90 days
        (120, "finished", "stale"),  # its turn has passed
        (0.1, "unreachable", "failing"),
    ],
)
def test_an_archive_that_gives_nothing_new_is_at_rest(
    tmp_path: Path, days_ago: float, outcome: str, state: str
) -> None:
    with closing(open_pages(tmp_path / "pages.db")) as db:
        for number, (ago, fetched) in enumerate([(400, 50), (399, 9), (398, 0), (days_ago, 0)], 1):
            began = (NOW - timedelta(days=ago)).isoformat()
            assert start_run(db, "bao", began) == number
            ended = outcome if ago == days_ago else "finished"
            finish_run(
                db, number, began, {"fetched": fetched, "known": 40, "listing_pages": 8}, outcome=ended
            )
        kinds: dict[str, Any] = {"errors": (), "refusals": (), "now": NOW}
        (archive,) = source_status(db, ["bao"], frozen={"bao"}, **kinds)
        (paper,) = source_status(db, ["bao"], **kinds)
    assert archive.state == state
    assert (archive.problem is None) == (archive.state not in LOOK_AT)
    assert paper.state in LOOK_AT


@pytest.mark.parametrize(
    ("runs", "state", "problem"),
    [
        ([], "never", None),
        ([run(0.01, None)], "never", None),  # its first run goes on
        ([run(0.5, fetched=3, listing_pages=2)], "ok", None),
        ([run(0.5, "shutdown", known=4, listing_pages=1), run(1, fetched=3)], "ok", None),
        ([run(0.01, None), run(1, fetched=3, listing_pages=1)], "ok", None),
        ([run(0.1, "gave_up", problem="failed 12 times in a row")], "failing", "failed 12 times in a row"),
        ([run(0.1, "unreachable")], "failing", "unreachable"),
        ([run(2, None, fetched=3)], "failing", "killed"),
        ([run(0.1, robots_denied=3)], "closed", "robots.txt"),
        ([run(0.1, listing_pages=5, listing_no_link=5)], "blind", "layout"),
        ([run(1, **QUIET), *DAILY], "silent", "Nothing new for 10 days"),
        ([run(1, **QUIET), *[run(day + 0.5, fetched=1) for day in (2, 3, 4, 5)]], "ok", None),
        # a paper that brings something every five days is not silent after ten
        ([run(1, **QUIET), *[run(day, fetched=1) for day in (10, 15, 20, 25)]], "ok", None),
        ([run(1, **QUIET), run(9, **QUIET)], "silent", "Nothing new for 9 days"),
        # ten articles a day, and none for two: silent before three days are over, and told as what it was
        (
            [run(0.1, **QUIET), *[run(day, fetched=10, listing_pages=8) for day in range(2, 12)]],
            "silent",
            "Nothing new for 2 days. It used to give 10 articles a day",
        ),
        (
            [
                *[run(day + 0.1, fetched=1, listing_pages=8) for day in range(7)],
                *[run(day, fetched=10, listing_pages=8) for day in range(8, 20)],
            ],
            "thin",
            "Only 1.0 articles a day in the last week",
        ),
        ([run(8, fetched=2, listing_pages=1), run(9, fetched=1)], "silent", "Nothing new for 8 days"),
        ([run(10, fetched=2, **QUIET), *[run(day, fetched=1) for day in (15, 20, 25)]], "stale", "10 days"),
        ([run(0.1, not_modified=9, robots_denied=1), run(0.2, fetched=1, **QUIET)], "ok", None),
        ([run(0.1, "budget", fetched=1, **QUIET)], "ok", None),
    ],
)
def test_state(runs: list[dict[str, Any]], state: str, problem: str | None) -> None:
    found = health(*runs)
    assert found.state == state
    assert found.problem is None if problem is None else problem in str(found.problem)


def test_times_are_those_of_the_newest_runs_of_their_kind() -> None:
    runs = [run(1, "gave_up"), run(2, known=3, listing_pages=1), run(3, fetched=5), run(4, fetched=6)]
    found = health(*reversed(runs))
    assert found.last_run == runs[0]["started_at"]
    assert found.last_success == runs[1]["started_at"]
    assert found.last_new == runs[2]["started_at"]
    assert found.fetched == 11


def test_each_source_is_judged_by_its_own_runs() -> None:
    other = {**run(1, "gave_up"), "source": "khac"}
    found = source_health(["bao", "khac", "moi"], [run(1, fetched=2), other], now=NOW)
    assert [(each.source, each.state) for each in found] == [
        ("bao", "ok"),
        ("khac", "failing"),
        ("moi", "never"),
    ]
