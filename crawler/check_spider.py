"""The spider of `chiso sources check`: robots.txt, the front page and one article, each asked once."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import AsyncIterator, Iterator
from typing import Any

from scrapy.http import Request, Response, TextResponse
from twisted.python.failure import Failure

from crawler.addresses import with_port
from crawler.answers import refusal
from crawler.failures import in_words
from crawler.json_listings import read_answer
from crawler.source_spider import SourceSpider


class CheckSpider(SourceSpider):
    """Visits one source; what it found stands in `found` when it is closed."""

    name = "check"

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.found: dict[str, Any] = {"feeds": [], "sitemaps": [], "article_links": 0}

    async def start(self) -> AsyncIterator[Request]:
        """Yield the request for the first declared way in."""
        ways = (*self.source.start_urls, *self.source.feeds, *self.source.sitemaps)
        for url in ways[:1]:
            yield self._once(url, self.parse_front)

    def parse_front(self, response: Response) -> Iterator[Request]:
        """Take note of what the front page leads to; yield the request for its first article."""
        self.found["front"] = str(response.status)
        self.note_answer(failed=False)
        if not isinstance(response, TextResponse):
            self.found["problem"] = "the front page is no page"
            return
        listing = read_answer(response, self.source, port=self.port)
        self.found |= {
            "feeds": list(listing.feeds),
            "sitemaps": [url for urls in self.robots_sitemaps.values() for url in urls],
            "article_links": len(listing.articles),
            "by_selector": listing.by_selector,
            "next_page": listing.next_page,
        }
        if listing.articles:
            yield self._once(listing.articles[0], self.parse_article)
            return
        kind = refusal(response.body, asked=response.url, final=response.url, source=self.source)
        if kind:
            self.found["problem"] = f"the front page is refused as an answer ({kind})"

    def parse_article(self, response: Response) -> None:
        """Take note of an article's page; of why it is none."""
        asked = response.meta["asked"]
        kind = refusal(response.body, asked=asked, final=response.url, source=self.source, port=self.port)
        content_type = response.headers.get("Content-Type")
        self.found["article"] = {
            "url": response.url,
            "status": response.status,
            "content_type": content_type.decode("latin-1") if content_type is not None else None,
            "refused": kind,
            "body": b64encode(response.body).decode("ascii"),
        }

    def failed(self, failure: Failure) -> None:
        """Take note of a request that brought no usable answer."""
        self.found["problem"] = str(failure.value) if self.unreachable is None else self.unreachable
        if failure.check("scrapy.spidermiddlewares.httperror.HttpError"):
            self.found["problem"] = f"{failure.request.url} answered {failure.value.response.status}"
        elif self.unreachable is None and not getattr(failure.value, "counter", None):
            self.found["problem"] = f"{failure.request.url}: {in_words(failure.value)}"

    def _once(self, url: str, callback: Any) -> Request:
        address = with_port(url, self.port)
        return Request(address, callback, errback=self.failed, dont_filter=True, meta={"asked": address})
