"""The spider that the benchmark measures this crawler against: Scrapy as it comes, keeping nothing.

`python -m benchmarks.bare_spiders PORT [--clean]` crawls benchmarks/local_paper.py and prints what that took.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import AsyncIterator, Iterator
from time import monotonic, process_time
from typing import Any

import scrapy
import trafilatura
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.http import Response

SETTINGS = {
    "CONCURRENT_REQUESTS": 16,
    "CONCURRENT_REQUESTS_PER_DOMAIN": 16,
    "DOWNLOAD_DELAY": 0,
    "ROBOTSTXT_OBEY": False,
    "TELNETCONSOLE_ENABLED": False,
    "LOG_LEVEL": "ERROR",
}


class BareSpider(scrapy.Spider):
    """Follows sections, next pages and articles, and keeps nothing; `clean` cleans in the callback."""

    name = "bare"

    def __init__(self, port: int, sections: int, *, clean: bool):
        super().__init__()
        self.start_urls = [f"http://127.0.0.1:{port}/muc-{number}" for number in range(sections)]
        self.clean = clean
        self.pages = 0
        self.began = self.ended = (0.0, 0.0)  # by the clock, by processor time

    async def start(self) -> AsyncIterator[scrapy.Request]:
        """Yield the requests for the sections."""
        self.began = monotonic(), process_time()
        for url in self.start_urls:
            yield scrapy.Request(url)

    def parse(self, response: Response, **kwargs: Any) -> Iterator[scrapy.Request]:  # noqa: ARG002
        """Yield requests for what a listing links."""
        for href in response.css("h3 a::attr(href)").getall():
            yield response.follow(href, self.parse_article, priority=10)
        for href in response.css("a[rel=next]::attr(href)").getall():
            yield response.follow(href, self.parse)

    def parse_article(self, response: Response) -> None:
        """Count an article."""
        if self.clean:
            trafilatura.bare_extraction(response.text, url=response.url, with_metadata=True)
        self.pages += 1
        self.ended = monotonic(), process_time()


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("port", type=int)
    options.add_argument("--sections", type=int, default=5)
    options.add_argument("--clean", action="store_true")
    chosen = options.parse_args()
    process = AsyncCrawlerProcess(SETTINGS)
    crawler = process.create_crawler(BareSpider)
    process.crawl(crawler, port=chosen.port, sections=chosen.sections, clean=chosen.clean)
    process.start()
    spider: Any = crawler.spider
    seconds, busy = (ended - began for began, ended in zip(spider.began, spider.ended, strict=True))
    print(json.dumps({"pages": spider.pages, "seconds": seconds, "busy": busy}))


if __name__ == "__main__":
    main()
