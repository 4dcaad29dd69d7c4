"""Crawls that are killed, fill the disk or find the database held: the next run loses and repeats nothing."""

from __future__ import annotations

import random
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock

from benchmarks.local_paper import Paper, serving
from crawler.frontier import TOGETHER
from crawler.run import CrawlError, CrawlSummary, crawl
from store.frontier import frontier_counts
from store.pages import get_page, iter_pages, list_runs, open_pages, read_pages
from tests.misbehaving_crawl import FAST, crawling, event


@pytest.fixture
def paper() -> Iterator[Paper]:
    with serving(Paper(articles=60, sections=2)) as running:
        yield running


def run(paper: Paper, path: Path, **options: Any) -> CrawlSummary:
    """Crawl the paper once."""
    source = paper.source()
    options["settings"] = {**FAST, **options.get("settings", {})}
    (summary,) = crawl(
        [source.id], sources={source.id: source}, pages_path=path, ports={source.id: paper.port}, **options
    )
    return summary


def stored(path: Path) -> Counter[str]:
    """Return how many versions of each address are kept, after a look at the soundness of the file."""
    with closing(sqlite3.connect(path)) as db:
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert db.execute("PRAGMA foreign_key_check").fetchall() == []
        return Counter(url for (url,) in db.execute("SELECT url FROM pages"))


def standing(path: Path) -> Counter[tuple[str, str]]:
    """Return how many addresses of each kind are in each state."""
    with closing(read_pages(path)) as db:
        found: Counter[tuple[str, str]] = Counter()
        for row in frontier_counts(db):
            found[row.kind, row.state] += row.addresses
        return found


def killed(paper: Paper, path: Path, after: int, settings: dict[str, Any]) -> None:
    """Crawl in a process that is killed when it has told of so many pages."""
    order = paper.order(path, {**FAST, **settings})
    with crawling(order) as child:
        for _ in range(after):
            assert event(child)["event"] == "page"
        child.kill()


def test_a_crawl_killed_again_and_again_ends_as_an_undisturbed_one(paper: Paper, tmp_path: Path) -> None:
    path = tmp_path / "pages.db"
    chance = random.Random(20260910)
    at_once = 4
    for _ in range(3):
        killed(paper, path, chance.randrange(1, 15), {"CONCURRENT_REQUESTS": at_once})
    assert 0 < len(stored(path)) < paper.articles
    assert run(paper, path).outcome == "finished"
    assert stored(path) == Counter(paper.urls())  # each once
    assert {state for _, state in standing(path)} == {"done"}
    asked = Counter(paper.asked("/tin-"))
    again = at_once + TOGETHER  # what was under way, and what waited for its transaction
    assert sum(asked.values()) <= paper.articles + 3 * again


def test_a_second_crawl_asks_for_listings_feeds_and_robots_only(paper: Paper, tmp_path: Path) -> None:
    path = tmp_path / "pages.db"
    assert run(paper, path).fetched == paper.articles
    paper.log.clear()
    again = run(paper, path)
    assert Counter(paper.asked()) == Counter(["/robots.txt", "/muc-0", "/muc-1", "/rss.xml"])
    assert again.counters == {"not_modified": 3}
    paper.articles += 3
    paper.log.clear()
    assert run(paper, path).fetched == 3
    assert sorted(paper.asked("/tin-")) == sorted(paper.path(number) for number in (60, 61, 62))
    assert not any("page=3" in each for each in paper.asked())  # left where a page shows nothing new
    paper.log.clear()
    backfill = run(paper, path, since=date(2026, 1, 1), until=date(2026, 12, 31))  # reads past what is known
    assert len([each for each in paper.asked("/muc-") if "page=" in each]) == 2 * 3
    assert (backfill.fetched, paper.asked("/tin-")) == (0, [])
    assert stored(path) == Counter(paper.urls())


def test_a_changed_article_becomes_a_new_version_and_an_unchanged_one_does_not(
    paper: Paper, tmp_path: Path
) -> None:
    path = tmp_path / "pages.db"
    soon = {"CHISO_REVISIT_HOURS": [0]}
    paper.articles = 4
    run(paper, path, settings=soon)
    paper.changed.add(2)
    paper.log.clear()
    again = run(paper, path, settings=soon)
    assert again.counters["not_modified"] == 3 + 3  # two listings, the feed, three articles
    assert (again.fetched, again.counters["revised"]) == (0, 1)
    assert stored(path)[f"http://127.0.0.1{paper.path(2)}"] == 2
    with closing(open_pages(path)) as db:
        newest = {page.url: page for page in iter_pages(db)}
        assert len(newest) == 4
        changed = newest[f"http://127.0.0.1{paper.path(2)}"]
        assert changed.body == paper.article(2).encode()
        assert get_page(db, changed.id) == changed
        assert not any(row["revisit_at"] for row in db["frontier"].rows)  # once, as the setting says


def test_a_full_disk_ends_the_crawl_with_a_sentence_and_the_next_run_goes_on(
    paper: Paper, tmp_path: Path
) -> None:
    path = tmp_path / "pages.db"
    full = run(paper, path, settings={"CHISO_PAGES_QUOTA": 160 * 1024})
    assert full.outcome == "gave_up"
    assert full.problem == f"The database {path} cannot be written: the disk is full."
    assert 0 < full.fetched < paper.articles
    assert sum(stored(path).values()) == full.fetched
    whole = run(paper, path)
    assert whole.outcome == "finished"
    assert whole.fetched == paper.articles - full.fetched
    assert stored(path) == Counter(paper.urls())


def test_a_database_held_by_another_program_ends_the_crawl_with_a_sentence(
    paper: Paper, tmp_path: Path
) -> None:
    path = tmp_path / "pages.db"
    source = paper.source()
    told: list[str] = []
    holder = sqlite3.connect(path, check_same_thread=False)
    open_pages(path).close()

    def hold(source_id: str) -> None:
        if not told:
            holder.execute("BEGIN IMMEDIATE")
        told.append(source_id)

    (held,) = crawl(
        [source.id],
        sources={source.id: source},
        pages_path=path,
        ports={source.id: paper.port},
        on_page=hold,
        settings={**FAST, "CHISO_BUSY_SECONDS": 0.05},
    )
    holder.rollback()
    holder.close()
    assert 0 < sum(stored(path).values()) == len(told) < paper.articles
    assert held.outcome == "gave_up"
    assert (
        held.problem == f"The database {path} is locked by another program; try again when it has finished."
    )
    assert standing(path)["article", "leased"] > 0  # the next run, under the lock, takes them back


def test_one_crawl_at_a_time_writes_to_a_database(paper: Paper, tmp_path: Path) -> None:
    path = tmp_path / "pages.db"
    with FileLock(f"{path}.lock"), pytest.raises(CrawlError, match=r"Another crawl into .* is running"):
        run(paper, path, settings={"CHISO_LOCK_SECONDS": 0})
    assert paper.log == []


def test_what_was_set_aside_is_replayed_on_request(paper: Paper, tmp_path: Path) -> None:
    path = tmp_path / "pages.db"
    run(paper, path, limit=50)
    assert standing(path)["article", "pending"] > 0
    with closing(open_pages(path)) as db, db.conn:
        db.execute("UPDATE frontier SET state = 'quarantined', reason = 'gone' WHERE state = 'pending'")
    aside = standing(path)["article", "quarantined"]
    assert run(paper, path, retry_failed=True).fetched >= aside > 0
    assert stored(path) == Counter(paper.urls())


def test_a_time_budget_ends_the_crawl(paper: Paper, tmp_path: Path) -> None:
    path = tmp_path / "pages.db"
    assert run(paper, path, budget=0).outcome == "budget"
    with closing(open_pages(path)) as db:
        assert [row["outcome"] for row in list_runs(db)] in ([], ["budget"])
