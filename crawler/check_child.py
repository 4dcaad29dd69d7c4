"""The process of `chiso sources check`: one order from stdin, one JSON object a source to stdout."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Mapping
from typing import Any

from scrapy.crawler import AsyncCrawlerProcess, Crawler
from scrapy.settings import Settings

from crawler import settings as defaults
from crawler.check_spider import CheckSpider
from crawler.child import AT_ONCE, by_domain, source_from, stop_reactor

_APART = {  # nothing is kept: no frontier, no database
    "SCHEDULER": "scrapy.core.scheduler.Scheduler",
    "SPIDER_MIDDLEWARES": {"scrapy.spidermiddlewares.referer.RefererMiddleware": None},
    "ITEM_PIPELINES": {},
    "CHISO_LONGEST_PAUSE": 0.0,  # who is busy is visited another day
    "RETRY_TIMES": 0,
}


def main() -> None:
    """Carry out the order: every source visited, one after another where they share a domain."""
    order = json.load(sys.stdin)
    settings = Settings()
    settings.setmodule(defaults)
    settings.setdict({**_APART, **order["settings"]}, priority="cmdline")
    process = AsyncCrawlerProcess(settings)
    working = asyncio.get_event_loop().create_task(_work(process, order))
    process.start(stop_after_crawl=False)
    if working.done():
        working.result()


async def _work(process: AsyncCrawlerProcess, order: Mapping[str, Any]) -> None:
    gate = asyncio.Semaphore(AT_ONCE)

    async def visit(group: list[Any]) -> None:
        async with gate:
            for source in group:
                crawler = Crawler(CheckSpider, process.settings.copy())
                await process.crawl(crawler, source=source, port=order["ports"].get(source.id))
                _emit(crawler)

    try:
        await asyncio.gather(*map(visit, by_domain(map(source_from, order["sources"]))))
    finally:
        stop_reactor()


def _emit(crawler: Crawler) -> None:
    spider: Any = crawler.spider
    report = {
        "source": spider.source.id,
        "robots": next(iter(spider.robots_verdicts.values()), None),
        "crawl_delay": spider.crawl_delay,
        "requests": crawler.stats.get_value("downloader/request_count", 0),
        **spider.found,
    }
    report["problem"] = report.get("problem") or spider.problem()
    sys.stdout.write(json.dumps(report, ensure_ascii=False) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
