"""The one spider: finds a source's articles through listings, feeds and sitemaps and hands on their pages."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable, Iterator
from datetime import date, timedelta
from functools import cache, partial
from typing import Any

from scrapy.exceptions import CloseSpider
from scrapy.http import Request, Response, TextResponse

from crawler.addresses import (
    canonical,
    identity,
    is_article,
    join,
    listing_address,
    month,
    with_port,
    without_port,
)
from crawler.answers import parsed, refusal
from crawler.attachment_spider import WALLS, AttachmentSpider
from crawler.feeds import Entry, read_feed, read_sitemap
from crawler.frontier import Frontier
from crawler.json_listings import is_json, read_answer
from store.records import Page, Source

MAX_FEEDS = 10  # announced on pages, per run
MAX_SITEMAPS = 12  # files per run, the newest first
MAX_SITEMAP_ARTICLES = 2000  # not stored yet, per run: a long list is fetched over many runs
MAX_BACKFILL_PAGES = 500  # of one listing
MAX_SEEN = 400  # identities a listing remembers of its earlier pages
_SITEMAP_SIZE = 32 * 1024 * 1024  # bytes
_BREATH = 500  # entries of a sitemap after which the other sources of the process have their turn
_WHOLE = frozenset({200, 203, 204})  # of the 2xx; 206 is a part of an article
_LISTING, _ARTICLE = 0, 10  # priorities: what a listing shows is fetched before its next page is asked


class ArticlesSpider(AttachmentSpider):
    """Crawls one source. `frontier` and `run_id` are set by the scheduler before the first request."""

    name = "articles"

    def __init__(
        self,
        source: Source | str,
        *,
        since: date | str | None = None,
        until: date | str | None = None,
        limit: int | str | None = None,
        port: int | str | None = None,
    ):
        super().__init__(source, port=port)
        self.since = date.fromisoformat(since) if isinstance(since, str) else since
        self.until = date.fromisoformat(until) if isinstance(until, str) else until
        self.limit = int(limit) if limit else None
        self.frontier: Frontier
        self._asked: set[str] = set()  # listings, feeds and sitemaps
        self._feeds = self._sitemaps = self._sitemap_articles = self._taken = 0

    async def start(self) -> AsyncIterator[Request]:
        """Yield the requests for the declared listings, feeds and sitemaps."""
        first = {"seen": [], "depth": 1}
        declared = [
            *(self._ask(url, self.parse_listing, cb_kwargs=first) for url in self.source.start_urls),
            *(self._ask(url, self.parse_feed, size=_SITEMAP_SIZE) for url in self.source.feeds),
            self._ask_sitemaps(self.source.sitemaps),
        ]
        for requests in declared:
            for request in requests:
                yield request

    def parse_listing(self, response: Response, seen: list[str | None], depth: int) -> Iterator[Request]:
        """Yield requests for a listing's articles, its next page, and the feeds and sitemaps it leads to."""
        self._stop_if_asked()
        if not isinstance(response, TextResponse):
            self._count("not_a_page")
            return
        self._count("listing_pages")
        self.note_answer(failed=False)
        listing = read_answer(response, self.source, port=self.port)
        if not listing.by_selector:
            self._count("listing_no_link")
        yield from self._articles(Entry(url=url) for url in listing.articles)
        yield from self._discovered(listing.feeds)
        if not is_json(response.body):
            here = without_port(response.url, self.source, self.port)
            yield from self._attachments(response, linked_from=here)
        shown = {self._identity(url) for url in listing.articles}
        if listing.next_page is None:
            return
        backfill = self.until is not None  # goes on past what is known, as deep as it takes
        if not shown.difference(seen, () if backfill else self.frontier.found_before(shown)):
            self._count("listing_exhausted")
        elif depth >= (MAX_BACKFILL_PAGES if backfill else self.source.max_listing_pages):
            self._count("listing_capped")
        else:
            following = {"seen": [*seen, *shown][-MAX_SEEN:], "depth": depth + 1}
            requests = self._ask(listing.next_page, self.parse_listing, cb_kwargs=following)
            self._count("listing_loop", 0 if requests else 1)
            yield from requests

    def parse_feed(self, response: Response) -> Iterator[Request]:
        """Yield requests for the articles a feed links."""
        self._stop_if_asked()
        entries = read_feed(response.body, response.url)
        self._count("feeds" if entries else "feed_unreadable")
        self.note_answer(failed=False)
        yield from self._articles(entries)

    async def parse_sitemap(self, response: Response) -> AsyncIterator[Request]:
        """Yield requests for the articles and further sitemaps a sitemap names; long ones let others in."""
        self._stop_if_asked()
        self.note_answer(failed=False)
        sitemap = read_sitemap(response.body, response.url)
        if sitemap is None:
            self._count("sitemap_unreadable")
            return
        self._count("sitemaps")
        for request in self._ask_sitemaps(
            entry.url for entry in sitemap.sitemaps if self._outside(entry) != "before_since"
        ):
            yield request
        fresh: list[Entry] = []
        known = 0
        for number, entry in enumerate(sitemap.pages, 1):
            if number % _BREATH == 0:
                await asyncio.sleep(0)
            if not is_article(entry.url, self.source, port=self.port):
                continue
            if self.frontier.knows(self._identity(entry.url)):
                known += 1
            else:
                fresh.append(entry)
        taken = fresh[: MAX_SITEMAP_ARTICLES - self._sitemap_articles]
        self._sitemap_articles += len(taken)
        self._count("known", known)
        self._count("sitemap_capped", len(fresh) - len(taken))
        for request in self._articles(taken):
            yield request

    def parse_article(self, response: Response) -> Iterator[Page]:
        """Yield the page of an article; count what is none."""
        self._stop_if_asked()
        asked = response.meta["asked"]
        if response.status not in _WHOLE:
            self._count("http_error")
            response.meta["left"] = "http_error"
            return
        parse = cache(partial(parsed, response.body))
        refused = refusal(
            response.body, asked=asked, final=response.url, source=self.source, port=self.port, parse=parse
        )
        if refused:
            self._count(refused)
            response.meta["left"] = refused
            self.note_answer(failed=refused in WALLS)
            return
        self.note_answer(failed=False)
        final = response.url if is_article(response.url, self.source, port=self.port) else asked
        if (
            final != asked
            and self._identity(final) != self._identity(asked)
            and self._passed_over(self._identity(final))
        ):
            return
        if self.limit is not None and self._taken >= self.limit:
            self._count("over_limit")
            response.meta["left"] = "over_limit"
            return
        self._taken += 1
        page = self._page(response, canonical(final, self.source, port=self.port) or final)
        yield page
        yield from self._attachments(response, linked_from=page.url, parse=parse)
        if self._taken == self.limit:
            raise CloseSpider("limit")

    def leave(self, request: Request, counter: str) -> None:
        """Give a request that brought nothing back to the frontier, with the reason."""
        self.frontier.left(request, counter)

    def _ask(
        self, url: str, callback: Any, *, size: int | None = None, cb_kwargs: Any = None
    ) -> list[Request]:
        """Return the request for a listing, feed or sitemap; none when this run has asked for it."""
        address = listing_address(with_port(url, self.port))
        if address is None or address in self._asked:
            return []
        self._asked.add(address)
        meta = {"download_maxsize": size} if size else {}
        return [
            Request(
                address,
                callback,
                errback=self.failed,
                dont_filter=True,
                priority=_LISTING,
                meta=meta,
                cb_kwargs=cb_kwargs,
            )
        ]

    def _ask_sitemaps(self, urls: Iterable[str]) -> list[Request]:
        """Return requests for sitemaps, as many as a run may ask."""
        requests = [
            request for url in urls for request in self._ask(url, self.parse_sitemap, size=_SITEMAP_SIZE)
        ]
        taken = requests[: max(MAX_SITEMAPS - self._sitemaps, 0)]
        self._sitemaps += len(taken)
        self._count("sitemap_capped", len(requests) - len(taken))
        return taken

    def _discovered(self, feeds: Iterable[str]) -> Iterator[Request]:
        """Yield requests for the feeds that a page announces and the sitemaps that robots.txt names."""
        requests = [
            request for url in feeds for request in self._ask(url, self.parse_feed, size=_SITEMAP_SIZE)
        ]
        taken = requests[: max(MAX_FEEDS - self._feeds, 0)]
        self._feeds += len(taken)
        self._count("feed_capped", len(requests) - len(taken))
        yield from taken
        for host in list(self.robots_sitemaps):
            urls = (join(host, url) for url in self.robots_sitemaps.pop(host))
            yield from self._ask_sitemaps(url for url in urls if url)

    def _articles(self, entries: Iterable[Entry]) -> Iterator[Request]:
        for entry in entries:
            if not is_article(entry.url, self.source, port=self.port):
                continue
            if self._passed_over(self._identity(entry.url)):
                continue
            outside = self._outside(entry)
            if outside:
                self._count(outside)
                continue
            asked = with_port(canonical(entry.url, self.source, port=self.port) or entry.url, self.port)
            yield Request(
                asked,
                self.parse_article,
                errback=self.failed,
                dont_filter=True,
                priority=_ARTICLE,
                meta={"day": entry.day.isoformat()} if entry.day else None,
            )

    def _passed_over(self, article: str | None) -> bool:
        """Return whether an article is stored or noted already, counted; else note that it is to be asked."""
        standing = self.frontier.standing(article)
        if standing == "new":
            return False
        self._count(standing)
        return True

    def _outside(self, entry: Entry) -> str | None:
        """Return the counter of an entry certainly outside the window, with a day of grace for lost zones."""
        first = month(entry.url)
        if self.since is not None:
            if first is not None and first < self.since.replace(day=1):
                return "before_since"
            if entry.day is not None and entry.day < self.since - timedelta(days=1):
                return "before_since"
        if self.until is not None:
            if first is not None and first > self.until:
                return "after_until"
            if entry.day is not None and entry.day > self.until + timedelta(days=1):
                return "after_until"
        return None

    def _identity(self, url: str) -> str | None:
        return identity(url, self.source, port=self.port)
