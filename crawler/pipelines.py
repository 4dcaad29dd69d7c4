"""Commits what each answer gave and closes the record of the run."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any, Self

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import DropItem

from crawler.counters import count, counted
from crawler.frontier import Frontier
from crawler.settling import stamp
from crawler.visit import Visit
from store.errors import StoreError
from store.pages import Packed, finish_run, pack

_ASIDE = 512 * 1024  # bytes from which a body is packed in a thread: below it, the way there costs more


class PagesPipeline:
    """Commits visits as they come, and at the end the run with its counters."""

    def __init__(self, crawler: Crawler):
        self.crawler = crawler
        crawler.signals.connect(self.spider_closed, signals.spider_closed)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Return the pipeline for one crawl."""
        return cls(crawler)

    async def process_item(self, item: Visit) -> Visit:
        """Commit a visit and return it with the pages that were new; raises DropItem when that fails."""
        spider: Any = self.crawler.spider
        frontier: Frontier = spider.frontier
        packed = [await _packed(page.body) for page in item.pages]
        try:
            became = await frontier.commit(item, packed)
        except StoreError as error:
            count(self.crawler.stats, "not_stored", len(item.pages))
            spider.give_up(str(error))
            raise DropItem(str(error)) from error
        for counter in became:
            count(self.crawler.stats, counter)
        kept = (page for page, counter in zip(item.pages, became, strict=True) if counter != "unchanged")
        return replace(item, pages=tuple(kept))

    def spider_closed(self, reason: str) -> None:
        """Record how the run ended, with its counters; a database that refuses is the run's problem."""
        spider: Any = self.crawler.spider
        frontier: Frontier | None = getattr(spider, "frontier", None)
        if frontier is None:  # the scheduler could not open the database
            return
        try:
            frontier.close()
            finish_run(
                frontier.db, frontier.run_id, stamp(), self._counters(), outcome=spider.outcome(reason)
            )
        except StoreError as error:
            spider.give_up(str(error))
        finally:
            frontier.db.close()

    def _counters(self) -> dict[str, int | float | str]:
        stats = self.crawler.stats
        counters: dict[str, int | float | str] = {**counted(stats)}
        for name, key in (("requests", "request_count"), ("bytes", "response_bytes")):
            counters[name] = stats.get_value(f"downloader/{key}", 0)
        problem = self.crawler.spider.problem()
        return {**counters, "problem": problem} if problem else counters


async def _packed(body: bytes) -> Packed:
    return pack(body) if len(body) < _ASIDE else await asyncio.to_thread(pack, body)
