"""Backs off when a host asks for it, and gives a host up that keeps failing."""

from __future__ import annotations

from collections import deque
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Self

from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Request, Response

from crawler.counters import count
from crawler.guards import Refused
from crawler.pace import halve_rate

IN_A_ROW = 12
WINDOW = 200  # requests over which the share of failures is taken
SHARE = 0.2
_OVERLOAD = frozenset({429, 503})
_MISSING = frozenset({404, 410})


class Health:
    """How a host has been answering in this run."""

    def __init__(self) -> None:
        self.in_a_row = 0
        self.latest: deque[bool] = deque(maxlen=WINDOW)

    def record(self, failed: bool) -> None:
        """Take note of one answer."""
        self.in_a_row = self.in_a_row + 1 if failed else 0
        self.latest.append(failed)

    def verdict(self) -> str | None:
        """Return in words why the host is to be left alone; None while it may be asked."""
        if self.in_a_row >= IN_A_ROW:
            return f"failed {self.in_a_row} times in a row"
        if len(self.latest) == WINDOW and sum(self.latest) > SHARE * WINDOW:
            return f"failed {sum(self.latest)} of its last {WINDOW} requests"
        return None


def retry_after(value: str, now: datetime) -> float | None:
    """Return the seconds that a Retry-After header asks to wait from `now`; None when it is neither form."""
    value = value.strip()
    if value.isascii() and value.isdigit():
        return float(value)
    try:
        moment = parsedate_to_datetime(value)
    except ValueError:
        return None
    return max((moment.replace(tzinfo=moment.tzinfo or UTC) - now).total_seconds(), 0.0)


class PolitenessMiddleware:
    """Downloader middleware; sits nearer to the host than Scrapy's retries, so that it sees every attempt."""

    def __init__(self, crawler: Crawler):
        self.crawler = crawler
        self.pause = crawler.settings.getfloat("CHISO_OVERLOAD_PAUSE")
        self.longest = crawler.settings.getfloat("CHISO_LONGEST_PAUSE")

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Return the middleware for one crawl."""
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Let the request pass while its host is not given up; raises Refused."""
        if self.crawler.spider.gave_up:
            count(self.crawler.stats, "not_asked")
            raise Refused(f"given up: {request.url}", "not_asked")

    async def process_response(self, request: Request, response: Response) -> Response:
        """Return the response, after the pause that an overloaded host is owed."""
        if response.status >= 400 and response.status not in _MISSING:
            self._failed()
        if response.status in _OVERLOAD:
            await self._pause(request, response)
        return response

    def process_exception(self, request: Request, exception: Exception) -> None:  # noqa: ARG002
        """Take note of a request that got no answer."""
        if not isinstance(exception, IgnoreRequest):
            self._failed()

    def _failed(self) -> None:
        """Take note of a failed attempt; that an answer is a good one, only the spider can tell."""
        self.crawler.spider.note_answer(failed=True)

    async def _pause(self, request: Request, response: Response) -> None:
        """Halve the rate and wait; a host that wants more than the longest pause is left for this run."""
        spider: Any = self.crawler.spider
        halve_rate(request.meta["download_slot"], spider.source.delay)
        asked = retry_after(response.headers.get("Retry-After", b"").decode("latin-1"), datetime.now(UTC))
        wait = self.pause * 2 ** request.meta.get("retry_times", 0) if asked is None else asked
        count(self.crawler.stats, "retry_after")
        if wait > self.longest:
            spider.give_up(f"asked to be left alone for {wait:.0f} seconds")
            request.meta["dont_retry"] = True
            return
        if wait:
            await spider.pause(wait)
