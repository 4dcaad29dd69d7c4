"""Writes fetched pages and the record of the run; the only part of the crawler that touches a database."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import DropItem

from crawler.addresses import identity
from crawler.counters import count, counted
from store.errors import StoreError
from store.pages import add_page, finish_run, known_urls, list_runs, open_pages, start_run
from store.records import Page


class PagesPipeline:
    """Opens the page database with the crawl, commits page by page, closes the run with its counters."""

    def __init__(self, crawler: Crawler):
        self.crawler = crawler
        self.path = Path(crawler.settings["CHISO_PAGES_PATH"])
        self.run_id: int | None = None
        crawler.signals.connect(self.spider_closed, signals.spider_closed)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Return the pipeline for one crawl."""
        return cls(crawler)

    def open_spider(self) -> None:
        """Start the run and tell the spider what is stored already; raises StoreError."""
        spider: Any = self.crawler.spider
        source = spider.source
        self.db = open_pages(self.path)
        last = list_runs(self.db, source=source.id, limit=1)
        spider.thorough = bool(last) and last[0]["outcome"] != "finished"
        spider.known = {identity(url, source) for url in known_urls(self.db, source.id)}
        self.run_id = start_run(self.db, source.id, _now())
        spider.run_id = self.run_id

    def process_item(self, page: Page) -> Page:
        """Store a page and return it; raises DropItem when it is stored already or the database refuses."""
        try:
            added = add_page(self.db, replace(page, run_id=self.run_id))
        except StoreError as error:
            count(self.crawler.stats, "not_stored")
            self.crawler.spider.give_up(str(error))
            raise DropItem(str(error)) from error
        count(self.crawler.stats, "fetched" if added else "unchanged")
        if not added:
            raise DropItem("stored already", log_level="DEBUG")
        return page

    def spider_closed(self, reason: str) -> None:
        """Record how the run ended, with its counters."""
        if self.run_id is not None:
            spider: Any = self.crawler.spider
            problem = spider.problem()
            said = {"problem": problem} if problem else {}
            counters = {**counted(self.crawler.stats), **said}
            finish_run(self.db, self.run_id, _now(), counters, outcome=spider.outcome(reason))
            self.db.close()


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
