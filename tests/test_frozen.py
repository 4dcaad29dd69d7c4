"""Archives that get no new articles are asked until they are read through; no pause outlasts a crawl."""

from __future__ import annotations

import asyncio
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from scrapy.http import Request

from benchmarks.local_paper import Paper
from crawler.guards import Refused
from crawler.pace import PaceMiddleware
from crawler.run import crawl
from crawler.spider import ArticlesSpider
from store.frontier import Lead, add_leads
from store.frozen import at_rest
from store.pages import finish_run, open_pages, start_run

TODAY = date(2026, 11, 22)
ARCHIVE = replace(Paper(articles=0).source(), kind="newspaper", valid_until="2025-06-30")


def asked(path: Path, day: str, outcome: str = "finished", **counters: int) -> int:
    """Note a run of the archive."""
    with closing(open_pages(path)) as db:
        run = start_run(db, ARCHIVE.id, f"{day}T05:00:00.000Z")
        finish_run(db, run, f"{day}T05:10:00.000Z", counters, outcome=outcome)
        return run


def rests(path: Path, source: Any = ARCHIVE) -> bool:
    with closing(open_pages(path)) as db:
        return at_rest(db, source, TODAY)


@pytest.mark.parametrize(
    ("day", "outcome", "counters", "resting"),
    [
        ("2026-11-20", "finished", {}, True),
        ("2026-11-20", "finished", {"known": 40, "revised": 1}, True),
        ("2026-11-20", "finished", {"fetched": 1}, False),
        ("2026-11-20", "finished", {"sitemap_capped": 9}, False),
        ("2026-11-20", "budget", {}, False),
        ("2026-07-01", "finished", {}, False),
    ],
)
def test_an_archive_is_asked_until_it_is_read_through(
    tmp_path: Path, day: str, outcome: str, counters: dict[str, int], resting: bool
) -> None:
    path = tmp_path / "pages.db"
    assert not rests(path)
    asked(path, "2026-06-01", fetched=5)
    asked(path, day, outcome, **counters)
    assert rests(path) == resting
    assert not rests(path, replace(ARCHIVE, valid_until=None))
    assert not rests(path, replace(ARCHIVE, valid_until="2026-11-01"))


def test_an_archive_with_an_address_that_waits_is_asked(tmp_path: Path) -> None:
    path = tmp_path / "pages.db"
    run = asked(path, "2026-11-20")
    with closing(open_pages(path)) as db:
        lead = Lead(key="1", kind="article", url="http://127.0.0.1/tin-a1.html", newest="2025-01-01")
        add_leads(db, ARCHIVE.id, [lead], run=run)
    assert not rests(path)


def test_a_crawl_of_all_sources_leaves_an_archive_at_rest(tmp_path: Path) -> None:
    path = tmp_path / "pages.db"
    asked(path, "2026-11-20")
    sources = {ARCHIVE.id: ARCHIVE}
    assert crawl([], sources=sources, pages_path=path, contact="test@example.org", today=TODAY) == []


def test_no_pause_outlasts_the_crawl() -> None:
    spider = ArticlesSpider(replace(ARCHIVE, delay=1e6))
    counted: list[str] = []
    stats = SimpleNamespace(inc_value=lambda key, count: counted.append(key))
    pace = PaceMiddleware(SimpleNamespace(spider=spider, stats=stats))  # type: ignore[arg-type]
    request = Request("http://frozen.example/", meta={"download_slot": "frozen.example"})

    async def ask_twice() -> None:
        await pace.process_request(request)
        waiting = asyncio.create_task(pace.process_request(request))
        await asyncio.sleep(0)
        assert not waiting.done()
        spider.leave_off()
        await waiting

    with pytest.raises(Refused):
        asyncio.run(ask_twice())
    assert counted == ["chiso/not_asked"]
