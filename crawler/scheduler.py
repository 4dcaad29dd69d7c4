"""Scrapy's scheduler and the middleware around the spider: what is asked comes out of the database.

The spider yields requests and pages as in any Scrapy project. Between it and the engine all that one
answer gave is gathered into a Visit, which the pipeline commits at once; only then can its requests be
asked. A crawl that dies loses nothing but what was under way, and that is leased again.
"""

from __future__ import annotations

from collections.abc import AsyncIterable, AsyncIterator
from typing import Any, Self

from scrapy.core.scheduler import BaseScheduler
from scrapy.crawler import Crawler
from scrapy.exceptions import CloseSpider
from scrapy.http import Request, Response
from sqlite_utils import Database

from crawler.counters import count
from crawler.frontier import Frontier
from crawler.guards import Refused
from crawler.settling import stamp
from crawler.visit import Visit, visit_of
from store.errors import StoreError
from store.frontier import retry_failed
from store.pages import open_pages, start_run
from store.records import Page

_CACHE = 8192  # kB of the database kept in memory: many crawlers share a process
_LOG = 4000  # pages (16 MB) of the write-ahead log until they are worked in: fewer are written twice

_VALIDATORS = ("If-None-Match", "If-Modified-Since")


class FrontierScheduler(BaseScheduler):
    """Opens the run and its frontier with the crawl; the frontier's unique key is the duplicate filter."""

    def __init__(self, crawler: Crawler):
        self.crawler = crawler
        self.settings = crawler.settings

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Return the scheduler for one crawl."""
        return cls(crawler)

    def open(self, spider: Any) -> None:
        """Start the run, with what earlier ones left; raises StoreError."""
        db = self._open_pages()
        if self.settings.getbool("CHISO_RETRY_FAILED"):
            retry_failed(db, [spider.source.id])
        hours = [float(hours) for hours in self.settings.getlist("CHISO_REVISIT_HOURS")]
        run_id = start_run(db, spider.source.id, stamp())
        spider.run_id = run_id
        spider.frontier = Frontier(db, spider, run_id, revisit_hours=hours)
        spider.frontier.open(exclusive=self.settings.getbool("CHISO_EXCLUSIVE"))

    def _open_pages(self) -> Database:
        db = open_pages(self.settings["CHISO_PAGES_PATH"])
        db.execute(f"PRAGMA cache_size=-{_CACHE}")
        db.execute(f"PRAGMA busy_timeout={int(self.settings.getfloat('CHISO_BUSY_SECONDS') * 1000)}")
        db.execute(f"PRAGMA wal_autocheckpoint={_LOG}")
        quota = self.settings.getint("CHISO_PAGES_QUOTA")
        if quota:
            page_size = db.execute("PRAGMA page_size").fetchone()[0]
            db.execute(f"PRAGMA max_page_count={quota // page_size}")
        return db

    def has_pending_requests(self) -> bool:
        """Return whether anything is left to be asked in this run."""
        spider: Any = self.crawler.spider
        try:
            return not spider.gave_up and spider.frontier.waiting()
        except StoreError as error:
            spider.give_up(str(error))
            return False

    def enqueue_request(self, request: Request) -> bool:
        """Take in an entry point, a retry or a redirect; False when the database refuses."""
        spider: Any = self.crawler.spider
        try:
            spider.frontier.put(request)
        except StoreError as error:
            spider.give_up(str(error))
            return False
        return True

    def next_request(self) -> Request | None:
        """Return what is to be asked next; None when there is nothing for now."""
        spider: Any = self.crawler.spider
        if spider.gave_up:
            return None
        try:
            request: Request | None = spider.frontier.next()
        except StoreError as error:
            spider.give_up(str(error))
            return None
        return request


class VisitMiddleware:
    """Spider middleware next to the engine; gathers what each answer gave."""

    def __init__(self, crawler: Crawler):
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Return the middleware for one crawl."""
        return cls(crawler)

    def process_spider_input(self, response: Response) -> None:
        """Settle an answer that says that nothing has changed; raises Refused for it.

        Where nothing was asked conditionally there is nothing that could be unchanged: that is an error.
        """
        spider: Any = self.crawler.spider
        asked_conditionally = any(name in response.request.headers for name in _VALIDATORS)
        if response.status != 304 or not asked_conditionally or not spider.frontier.holds(response.request):
            return
        spider.frontier.unchanged(response.request)
        spider.note_answer(failed=False)
        count(self.crawler.stats, "not_modified")
        raise Refused(f"not modified: {response.url}", "not_modified")

    async def process_spider_output(
        self, response: Response, result: AsyncIterable[Any]
    ) -> AsyncIterator[Visit]:
        """Yield one Visit for all that an answer gave; what the callback raises is raised after it."""
        frontier: Frontier = self.crawler.spider.frontier
        pages: list[Page] = []
        requests: list[Request] = []
        raised: Exception | None = None
        try:
            async for each in result:
                (requests if isinstance(each, Request) else pages).append(each)
        except Exception as error:  # what came before it is kept
            raised = error
        if frontier.holds(response.request):
            left = response.meta.get("left")
            if raised is not None and not pages:
                left = "not_asked" if isinstance(raised, CloseSpider) else "failed"
            yield visit_of(response, pages, requests, left)
        if raised is not None:
            raise raised
