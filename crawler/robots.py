"""Obeys robots.txt as RFC 9309 asks: 401 and 403 close the host, 5xx and silence close it for this run.

Scrapy's own middleware takes every answer for rules and lets everything pass where none came; this one
also slows down to the Crawl-delay and keeps the Sitemap lines for the spider.
"""

from __future__ import annotations

import asyncio
from typing import Any, Self
from urllib.parse import urlsplit

from protego import Protego
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from scrapy.http import Request, Response
from scrapy.http.request import NO_CALLBACK
from scrapy.utils.httpobj import urlparse_cached

from crawler.counters import count
from crawler.failures import in_words
from crawler.guards import Refused
from crawler.pace import MAX_DELAY, slow_down
from store.domains import registrable_domain

_MAX_SIZE = 512 * 1024  # bytes, as RFC 9309 suggests
_PRIORITY = 1000
_ALLOW_ALL = Protego.parse("")
_DENY_ALL = Protego.parse("User-agent: *\nDisallow: /")


class RobotsMiddleware:
    """Downloader middleware; asks each host for its rules once, before the first request."""

    def __init__(self, crawler: Crawler):
        if not crawler.settings.getbool("ROBOTSTXT_OBEY"):
            raise NotConfigured
        self.crawler = crawler
        self.agent = crawler.settings["ROBOTSTXT_USER_AGENT"] or crawler.settings["USER_AGENT"]
        self.rules: dict[str, asyncio.Future[Protego | None]] = {}  # by scheme and host; None: unreadable

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Return the middleware for one crawl; raises NotConfigured when ROBOTSTXT_OBEY is off."""
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """Let the request pass when the host's rules allow it; raises Refused."""
        if request.meta.get("asks_for_robots"):
            return
        parts = urlparse_cached(request)
        host = f"{parts.scheme}://{parts.netloc}"
        if host not in self.rules:
            self.rules[host] = asyncio.get_running_loop().create_future()
            self.rules[host].set_result(await self._ask(host))
        rules = await self.rules[host]
        if rules is None:
            count(self.crawler.stats, "robots_unavailable")
            raise Refused(
                f"{host}/robots.txt cannot be read: {request.url} is not asked", "robots_unavailable"
            )
        if not rules.can_fetch(request.url, self.agent):
            count(self.crawler.stats, "robots_denied")
            raise Refused(f"robots.txt forbids {request.url}", "robots_denied")

    async def _ask(self, host: str) -> Protego | None:
        request = Request(
            f"{host}/robots.txt",
            priority=_PRIORITY,
            callback=NO_CALLBACK,
            meta={"asks_for_robots": True, "download_maxsize": _MAX_SIZE},
        )
        spider: Any = self.crawler.spider
        try:
            response = await self.crawler.engine.download_async(request)
        except Refused as refused:
            if refused.counter != "not_asked":
                spider.unreachable = spider.unreachable or f"robots.txt of {host} leads astray ({refused})"
            spider.robots_verdicts[host] = "unreadable"
            return None
        except Exception as error:  # whatever went wrong, nothing may be asked without the rules
            spider.unreachable = f"{urlsplit(host).netloc} could not be reached: {in_words(error)}"
            spider.robots_verdicts[host] = "unreadable"
            return None
        verdict, rules = self._judge(response, host)
        spider.robots_verdicts[host] = verdict
        return rules

    def _judge(self, response: Response, host: str) -> tuple[str, Protego | None]:
        """Return what the answer for robots.txt means, in a word, with the rules to keep."""
        if response.status in (401, 403):
            return "closed", _DENY_ALL
        if response.status >= 500 or response.status == 429:
            spider: Any = self.crawler.spider
            spider.unreachable = f"{urlsplit(host).netloc} answered {response.status} for robots.txt"
            return "unreadable", None
        return ("rules", self._read(response, host)) if response.status < 300 else ("none", _ALLOW_ALL)

    def _read(self, response: Response, host: str) -> Protego:
        rules = Protego.parse(response.body.decode("utf-8-sig", errors="ignore"))
        self.crawler.spider.robots_sitemaps[host] = tuple(rules.sitemaps)
        delay = rules.crawl_delay(self.agent)
        self.crawler.spider.crawl_delay = delay
        if delay is not None and delay > MAX_DELAY:
            self.crawler.spider.give_up(f"robots.txt asks for {delay:.0f} seconds between two requests")
        elif delay is not None:
            slow_down(registrable_domain(urlsplit(host).hostname or ""), float(delay))
        return rules
