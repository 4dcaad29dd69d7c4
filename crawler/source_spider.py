"""What the spiders have in common: one source, its state for the middlewares, and how a run ended."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Any, Self

import scrapy
from scrapy.crawler import Crawler
from scrapy.exceptions import CloseSpider
from scrapy.http import Request
from twisted.python.failure import Failure

from crawler.counters import count
from crawler.failures import counter_of
from crawler.guards import Refused
from crawler.politeness import Health
from crawler.tls import HANDLER, needs_exception
from store.records import Source
from store.sources import load_sources


class SourceSpider(scrapy.Spider):
    """A spider of one source; the middlewares read and write its public attributes."""

    def __init__(self, source: Source | str, *, port: int | str | None = None):
        super().__init__()
        self.source = load_sources()[source] if isinstance(source, str) else source
        self.port = int(port) if port else None
        self.run_id: int | None = None
        self.health = Health()
        self.unreachable: str | None = None
        self.gave_up: str | None = None
        self.robots_sitemaps: dict[str, tuple[str, ...]] = {}  # by scheme and host
        self.robots_verdicts: dict[str, str] = {}  # by the same: rules, none, closed, unreadable
        self.crawl_delay: float | None = None  # as the rules last read ask for
        self._answered = False
        self._leaving = asyncio.Event()

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """Return the spider for one crawl, with the TLS exceptions that its source declares."""
        spider = super().from_crawler(crawler, *args, **kwargs)
        if needs_exception(spider.source):
            handlers = {**crawler.settings.getdict("DOWNLOAD_HANDLERS"), "https": HANDLER}
            crawler.settings.set("DOWNLOAD_HANDLERS", handlers, priority="spider")
        return spider

    def give_up(self, reason: str) -> None:
        """End the crawl of this source at the next opportunity."""
        self.gave_up = self.gave_up or reason
        self.leave_off()

    def leave_off(self) -> None:
        """End every pause: nothing more is going to be asked."""
        self._leaving.set()

    async def pause(self, seconds: float) -> bool:
        """Wait, for a host's sake; return whether the crawl goes on, False at once when it is left off."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._leaving.wait(), seconds)
        return not self._leaving.is_set()

    def note_answer(self, *, failed: bool) -> None:
        """Take note of how the host answered; give it up when it keeps failing."""
        self._answered |= not failed
        self.health.record(failed)
        verdict = self.health.verdict() if failed else None
        if verdict:
            self.give_up(verdict)

    def outcome(self, reason: str) -> str:
        """Return how a run that Scrapy closed for `reason` is recorded; only "finished" means to the end."""
        if reason == "finished" and self.gave_up:
            return "gave_up"
        if reason == "finished" and self.unreachable and not self._answered:
            return "unreachable"
        return reason

    def problem(self) -> str | None:
        """Return in words why the source was left early or could not be asked at all; None when neither."""
        return self.gave_up or (None if self._answered else self.unreachable)

    def failed(self, failure: Failure) -> None:
        """Count a request that brought no usable answer; raises CloseSpider when the host is to be left."""
        error = failure.value
        counter = error.counter if isinstance(error, Refused) else counter_of(error)
        self.leave(failure.request, counter)
        if not isinstance(error, Refused):  # what a middleware refused, it has counted
            self._count(counter)
        self._stop_if_asked()

    def leave(self, request: Request, counter: str) -> None:
        """Take note of why a request brought nothing; a spider without a frontier has nowhere to."""

    def _stop_if_asked(self) -> None:
        if self.gave_up:
            raise CloseSpider("gave_up")

    def _count(self, name: str, by: int = 1) -> None:
        count(self.crawler.stats, name, by)
