"""Keeps the distance between two requests to one registrable domain, whichever source asks.

Scrapy's own delay counts from start to start, within one crawler, and may fall short of the declared one by
its jitter. Here it counts from the end of an answer to the next request and only ever grows, and the sources
of one domain (a paper and its archives on sub-domains) share it.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from time import monotonic
from typing import Any, Self

from scrapy.crawler import Crawler
from scrapy.http import Request, Response

from crawler.counters import count
from crawler.guards import Refused

JITTER = 0.3  # at most this share is added to a delay
MAX_DELAY = 300.0  # seconds; who wants more between two requests wants none


@dataclass(slots=True)
class Turn:
    """When a domain was asked last, and how long it is left alone at least."""

    last: float = float("-inf")  # begin of a request or end of its answer, by time.monotonic
    least_delay: float = 0.0  # what the host asked for or overload called for; a source's own may be longer


_turns: dict[str, Turn] = {}  # of this process, by registrable domain


def turn_of(domain: str) -> Turn:
    """Return the turn of a domain, which all crawlers of this process share."""
    return _turns.setdefault(domain, Turn())


def slow_down(domain: str, delay: float) -> None:
    """Keep at least `delay` seconds between the requests to a domain from now on."""
    turn = turn_of(domain)
    turn.least_delay = min(max(delay, turn.least_delay), MAX_DELAY)


def halve_rate(domain: str, delay: float) -> None:
    """Ask a domain half as often as before; `delay` is what its source declares."""
    slow_down(domain, 2 * max(delay, turn_of(domain).least_delay))


class PaceMiddleware:
    """Downloader middleware, nearest to the host: every request passes here, robots.txt and retries, too."""

    def __init__(self, crawler: Crawler):
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Return the middleware for one crawl."""
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """Let the request pass when it is the domain's turn; raises Refused when the crawl ends before."""
        turn = turn_of(request.meta["download_slot"])
        stretch = 1 + random.uniform(0, JITTER)  # noqa: S311 - not a secret
        while (wait := turn.last + self._delay(turn) * stretch - monotonic()) > 0:
            if not await self.crawler.spider.pause(wait):
                count(self.crawler.stats, "not_asked")
                raise Refused(f"no time left: {request.url}", "not_asked")
        turn.last = monotonic()

    def process_response(self, request: Request, response: Response) -> Response:
        """Count the distance from the end of the answer; returns it."""
        self._ended(request)
        return response

    def process_exception(self, request: Request, exception: Exception) -> None:  # noqa: ARG002
        """Count the distance from the end of the attempt."""
        self._ended(request)

    def _ended(self, request: Request) -> None:
        domain = request.meta.get("download_slot")
        if domain:
            turn_of(domain).last = monotonic()

    def _delay(self, turn: Turn) -> float:
        spider: Any = self.crawler.spider
        return max(float(spider.source.delay), turn.least_delay)
