"""The frontier: what is asked next, what became of it, and that a page and its `done` are one."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from sqlite_utils import Database

from crawler.counters import COUNTERS, FAILED, REFUSED
from crawler.failures import pause_after, weight_of
from crawler.frontier import TOGETHER, WITHIN, Frontier
from crawler.visit import Visit
from store import frontier
from store.adoption import adopt_pages
from store.database import writing
from store.errors import StoreError
from store.frontier import QUARANTINE, Lead, Lease
from store.pages import add_page, finish_run, known_urls, open_pages, pack, start_run
from store.records import Page, Source

NOW = "2026-09-10T00:00:00.000Z"
LATER = "2026-09-10T01:00:00.000Z"
HOSTS_FAULT = ("robots_unavailable", "guard_private", "guard_unresolved", "refused_connection", "tls")
MUCH_LATER = "2026-10-10T00:00:00.000Z"


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    opened = open_pages(tmp_path / "pages.db")
    start_run(opened, "bao", NOW)
    yield opened
    opened.close()


def lead(name: str, **fields: Any) -> Lead:
    url = f"https://bao.example/{name}"
    return Lead(**{"key": name, "kind": "article", "url": url, "newest": "2026-09-10", **fields})


def page(name: str, **fields: Any) -> Page:
    known: dict[str, Any] = {
        "id": name.ljust(16, "0"),
        "url": f"https://bao.example/{name}",
        "fetched_url": f"https://bao.example/{name}",
        "source": "bao",
        "fetched_at": NOW,
        "status": 200,
        "content_type": "text/html",
        "body": name.encode(),
    }
    return Page(**known | fields)


def take(db: Database, *, run: int = 1, count: int = 9, now: str = NOW, **window: str) -> list[Lease]:
    return frontier.lease(
        db, "bao", run=run, owner=f"owner {run}", now=now, until=LATER, count=count, **window
    )


def states(db: Database) -> dict[str, str]:
    return dict(db.execute("SELECT key, state FROM frontier").fetchall())


def test_the_most_urgent_comes_first_then_the_newest_then_the_order_of_the_listing(db: Database) -> None:
    leads = [
        lead("cu", newest="2026-09-01"),
        lead("dau"),
        lead("sau"),
        lead("trang-2", kind="listing", priority=-10),
        lead("moi", newest="2026-09-11"),
        lead("trang-chu", kind="listing", priority=20),
    ]
    frontier.add_leads(db, "bao", leads, run=1)
    frontier.add_leads(db, "khac", [lead("khac")], run=1)
    assert [found.key for found in take(db, count=4)] == ["trang-chu", "moi", "dau", "sau"]
    assert [found.key for found in take(db)] == ["cu", "trang-2"]
    assert take(db) == []
    assert not frontier.may_lease(db, "bao", run=1, now=NOW)


def test_an_article_met_again_is_no_second_row_and_a_listing_is_asked_once_a_run(db: Database) -> None:
    leads = [lead("tin"), lead("muc", kind="listing", again=True)]
    for run in (1, 1, 2, 3):
        frontier.add_leads(db, "bao", leads, run=run)
        for found in take(db, run=run):
            frontier.mark_done(db, found.number, now=NOW)
    assert db["frontier"].count == 2
    assert dict(db.execute("SELECT key, visits FROM frontier").fetchall()) == {"tin": 1, "muc": 3}


def test_the_days_of_a_window_leave_out_what_is_certainly_outside(db: Database) -> None:
    days = {"truoc": "2026-08-31", "trong": "2026-09-05", "sau": "2026-09-30", "khong": None}
    frontier.add_leads(db, "bao", [lead(name, day=day) for name, day in days.items()], run=1)
    assert {found.key for found in take(db, first="2026-09-01", last="2026-09-10")} == {"trong", "khong"}


def test_a_page_and_its_done_are_one_transaction(db: Database) -> None:
    frontier.add_leads(db, "bao", [lead("tin")], run=1)
    (found,) = take(db)

    def keep(run: int) -> None:
        with writing(db):
            add_page(db, page("tin", run_id=run))
            frontier.add_leads(db, "bao", [lead("con")], run=1)
            frontier.mark_done(db, found.number, now=NOW, page_url="https://bao.example/tin")
            if run == 2:
                raise StoreError("the disk is full")

    with pytest.raises(StoreError):
        keep(2)
    assert (states(db), known_urls(db)) == ({"tin": "leased"}, set())
    keep(1)
    assert states(db) == {"tin": "done", "con": "pending"}
    assert known_urls(db) == {"https://bao.example/tin"}


def test_visits_share_a_transaction_and_one_that_cannot_be_kept_holds_no_other_up(db: Database) -> None:
    source = Source(
        id="bao",
        name="Báo",
        kind="sample",
        family="test",
        province=None,
        hosts=("bao.example",),
        start_urls=("https://bao.example/",),
        article_pattern="^/tin",
    )
    spider = SimpleNamespace(
        source=source, port=None, since=None, until=None, parse_article=None, failed=None
    )
    names = [f"tin{number}" for number in range(2 * TOGETHER)]
    keys = {name: f"//bao.example/{name}" for name in names}
    frontier.add_leads(db, "bao", [lead(name, key=key) for name, key in keys.items()], run=1)
    begun: list[str] = []
    db.conn.set_trace_callback(lambda sql: begun.append(sql) if sql.startswith("BEGIN") else None)

    async def crawl() -> list[Any]:
        given = Frontier(db, spider, 1)
        kept = []
        for number in range(TOGETHER + 1):
            request = given.next()
            assert request is not None
            visit = Visit(number=request.meta["lease"], pages=(page(names[number]),), url=request.url)
            packed = pack(names[number].encode())
            kept.append(given.commit(visit, [replace(packed, size=None) if number == 2 else packed]))
            assert not given.holds(request)
        told = await asyncio.wait_for(asyncio.gather(*kept, return_exceptions=True), 50 * WITHIN)
        given.close()
        return told

    told = asyncio.run(crawl())
    assert [each if isinstance(each, tuple) else type(each) for each in told] == [
        StoreError if number == 2 else ("fetched",) for number in range(TOGETHER + 1)
    ]
    assert Counter(states(db).values()) == {"done": TOGETHER, "pending": TOGETHER}
    assert len(known_urls(db)) == TOGETHER
    # Two leases, eight visits together, then each alone, the ninth when its time was up, the rest given back.
    assert len(begun) == 2 + (1 + TOGETHER) + 1 + 1


def test_leases_come_back_at_once_under_the_lock_and_else_when_they_end(db: Database) -> None:
    frontier.add_leads(db, "bao", [lead("mot"), lead("hai")], run=1)
    take(db, run=1)
    assert frontier.take_back(db, "bao", expired_by=NOW) == 0
    assert take(db, run=2) == []
    assert frontier.take_back(db, "bao", expired_by=LATER) == 2
    assert len(take(db, run=2)) == 2
    assert frontier.take_back(db, "bao") == 2
    assert len(take(db, run=3, count=1)) == 1
    frontier.give_back(db, "bao", "owner 3")
    assert set(states(db).values()) == {"pending"}


def test_what_fails_again_and_again_is_set_aside_and_can_be_replayed(db: Database) -> None:
    frontier.add_leads(db, "bao", [lead("hong"), lead("ban")], run=1)
    for run in range(1, 4):
        for found in take(db, run=run):
            counter, next_at = ("soft_404", MUCH_LATER) if found.key == "hong" else ("over_limit", None)
            weight = weight_of(counter)
            frontier.mark_failed(db, found.number, now=NOW, reason=counter, weight=weight, next_at=next_at)
        assert [found.key for found in take(db, run=run)] == []
        if run < 3:
            assert frontier.standing(db, "bao", "hong", run=run + 1) == "waiting"
            db.execute("UPDATE frontier SET next_at = NULL")
    assert states(db) == {"hong": "quarantined", "ban": "pending"}
    assert frontier.standing(db, "bao", "hong", run=4) == "quarantined"
    frontier.add_leads(db, "bao", [lead("hong", again=True)], run=4)  # linked again, and still aside
    assert states(db)["hong"] == "quarantined"
    (counted,) = [row for row in frontier.frontier_counts(db, "bao") if row.state == "quarantined"]
    assert (counted.reason, counted.addresses, counted.kind) == ("soft_404", 1, "article")
    assert frontier.retry_failed(db, ["bao"]) == 2
    assert {found.key for found in take(db, run=4)} == {"hong", "ban"}


def test_a_declared_entry_point_is_asked_whatever_became_of_it(db: Database) -> None:
    entry = lead("muc", kind="listing", again=True, declared=True)
    frontier.add_leads(db, "bao", [entry], run=1)
    frontier.mark_failed(db, take(db)[0].number, now=NOW, reason="gone", weight=QUARANTINE, next_at=None)
    assert states(db) == {"muc": "quarantined"}
    frontier.add_leads(db, "bao", [entry], run=2)
    assert [found.key for found in take(db, run=2)] == ["muc"]


def test_pauses_grow_up_to_a_week_and_nothing_that_is_not_its_fault_counts() -> None:
    hours = [pause.total_seconds() / 3600 if (pause := pause_after(1.0, score)) else 0 for score in range(5)]
    assert hours == [6, 24, 96, 168, 168]
    assert pause_after(weight_of("timeout"), 0) is None  # a line that broke once is tried in the next run
    assert pause_after(weight_of("timeout"), 0.5)
    assert weight_of("over_limit") == weight_of("robots_unavailable") == weight_of("not_asked") == 0
    for counter in {*REFUSED, *FAILED} - {"not_stored"}:
        assert counter in COUNTERS
        blameless = counter in HOSTS_FAULT
        assert (weight_of(counter) == 0) == blameless, counter


def test_an_article_is_looked_at_again_when_its_time_has_come(db: Database) -> None:
    frontier.add_leads(db, "bao", [lead("tin")], run=1)
    kept = {"etag": '"a"', "page_url": "https://bao.example/tin"}
    frontier.mark_done(db, take(db)[0].number, now=NOW, revisit_at=LATER, **kept)
    frontier.revisit_due(db, "bao", now=NOW)
    assert take(db, run=2) == []
    frontier.revisit_due(db, "bao", now=LATER)
    (again,) = take(db, run=2)
    assert (again.etag, again.page_url, again.visits) == ('"a"', kept["page_url"], 1)
    frontier.mark_done(db, again.number, now=LATER, unchanged=True)
    row = next(iter(db["frontier"].rows))
    assert (row["etag"], row["done_at"], row["seen_at"], row["visits"]) == ('"a"', NOW, LATER, 2)


def test_pages_that_came_another_way_are_known(db: Database) -> None:
    add_page(db, page("tin"))
    frontier.add_leads(db, "bao", [lead("cho")], run=1)
    add_page(db, page("cho"))

    def by_name(url: str) -> str:
        return url.rsplit("/", 1)[1]

    adopt_pages(db, "bao", rules="1", key_of=by_name)
    assert states(db) == {"tin": "done", "cho": "done"}
    assert frontier.standing(db, "bao", "tin", run=2) == "known"
    frontier.add_leads(db, "bao", [lead("tin"), lead("TIN"), lead("x")], run=2)
    adopt_pages(db, "bao", rules="2", key_of=lambda url: by_name(url).lower())
    assert states(db) == {"tin": "done", "cho": "done", "x": "pending"}  # what is one now is one row


def test_what_an_unfinished_run_found_does_not_count_as_read(db: Database) -> None:
    frontier.add_leads(db, "bao", [lead("mot")], run=1)
    assert frontier.last_finished_run(db, "bao") == -1
    finish_run(db, 1, NOW, {})
    frontier.add_leads(db, "bao", [lead("hai")], run=start_run(db, "bao", NOW))
    assert frontier.last_finished_run(db, "bao") == 1
    assert frontier.found_before(db, "bao", ["mot", "hai", "ba"], run=1) == {"mot"}
