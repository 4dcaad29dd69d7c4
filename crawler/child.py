"""The process in which Scrapy runs: reads one order from stdin, writes one JSON object per event to stdout.

A process of its own, because a Twisted reactor runs once per process and crawling must not stop the
program that asks for it.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import sys
from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import Any

from filelock import FileLock, Timeout
from scrapy import signals
from scrapy.crawler import AsyncCrawlerProcess, Crawler
from scrapy.settings import Settings
from twisted.internet.error import ReactorNotRunning

from crawler import settings as defaults
from crawler.counters import counted
from crawler.spider import ArticlesSpider
from crawler.visit import Visit
from store.domains import registrable_domain
from store.records import Source

AT_ONCE = 16  # domains crawled side by side
_ORPHANED = "the program that asked for the crawl has ended"


def main() -> None:
    """Carry out the order: every source crawled, one after another where they share a domain.

    One crawl at a time writes to a page database: two would ask the same hosts at twice their rate.
    """
    order = json.load(sys.stdin)
    settings = Settings()
    settings.setmodule(defaults)
    settings.setdict({**order["settings"], "CHISO_EXCLUSIVE": True}, priority="cmdline")
    pages_path = settings["CHISO_PAGES_PATH"]
    try:
        patience = settings.getfloat("CHISO_LOCK_SECONDS")
        with FileLock(f"{pages_path}.lock", timeout=patience, poll_interval=0.1):
            _crawl(settings, order)
    except Timeout:
        _emit(event="refused", problem=f"Another crawl into {pages_path} is running; let it finish.")


def _crawl(settings: Settings, order: Mapping[str, Any]) -> None:
    process = AsyncCrawlerProcess(settings)
    logging.getLogger("scrapy").setLevel(settings["LOG_LEVEL"])  # else it writes what nobody will read
    loop = asyncio.get_event_loop()
    watching = loop.create_task(_watch(process, order.get("budget")))
    working = loop.create_task(_work(process, order))
    process.start(stop_after_crawl=False)
    watching.cancel()
    if working.done():
        working.result()


async def _watch(process: AsyncCrawlerProcess, budget: float | None) -> None:
    """End the crawls when their time is up or nobody is left who asked for them; look once a second."""
    parent = os.getppid()
    loop = asyncio.get_running_loop()
    end = loop.time() + (budget if budget is not None else float("inf"))
    while loop.time() < end:
        await asyncio.sleep(min(1.0, max(end - loop.time(), 0.0)))
        if os.getppid() != parent:
            for crawler in process.crawlers:
                if isinstance(crawler.spider, ArticlesSpider):
                    crawler.spider.give_up(_ORPHANED)
            return
    process.settings.set("CHISO_TIME_IS_UP", value=True, priority="cmdline")
    for crawler in list(process.crawlers):
        if isinstance(crawler.spider, ArticlesSpider):
            crawler.spider.leave_off()
        if crawler.engine and crawler.engine.running:
            await crawler.engine.close_spider_async(reason="budget")


async def _work(process: AsyncCrawlerProcess, order: Mapping[str, Any]) -> None:
    groups = by_domain(map(source_from, order["sources"]))
    gate = asyncio.Semaphore(AT_ONCE)
    try:
        await asyncio.gather(*(_crawl_domain(process, order, group, gate) for group in groups))
    finally:
        stop_reactor()


def by_domain(sources: Iterable[Source]) -> list[list[Source]]:
    """Return the sources in groups that share a registrable domain, and so are asked one after another."""
    domains: dict[str, list[Source]] = {}
    for source in sources:
        domains.setdefault(registrable_domain(source.hosts[0]), []).append(source)
    return list(domains.values())


def stop_reactor() -> None:
    """End the process's reactor, where it still runs."""
    from twisted.internet import reactor  # not before AsyncCrawlerProcess has installed it

    with suppress(ReactorNotRunning):
        reactor.stop()


async def _crawl_domain(
    process: AsyncCrawlerProcess, order: Mapping[str, Any], sources: Iterable[Source], gate: asyncio.Semaphore
) -> None:
    async with gate:
        for source in sources:
            if process.settings.getbool("CHISO_TIME_IS_UP"):
                _emit(event="done", source=source.id, outcome="budget")
                continue
            crawler = _crawler(process.settings)
            try:
                await process.crawl(
                    crawler,
                    source=source,
                    since=order["since"],
                    until=order.get("until"),
                    limit=order["limit"],
                    port=order["ports"].get(source.id),
                )
            except Exception as error:  # one source must not end the others
                _emit(event="failed", source=source.id, problem=f"{type(error).__name__}: {error}")
                continue
            _emit(event="done", source=source.id, **_result(crawler))
            if crawler.stats.get_value("finish_reason") == "shutdown":
                return


def _crawler(settings: Settings) -> Crawler:
    crawler = Crawler(ArticlesSpider, settings.copy())
    crawler.signals.connect(_page_stored, signals.item_scraped)
    return crawler


def _page_stored(item: Visit, spider: ArticlesSpider) -> None:
    """Tell of the new pages of a visit; those of a transaction go out together."""
    for _ in item.pages:
        _write(event="page", source=spider.source.id)
    if item.pages:
        asyncio.get_running_loop().call_soon(_tell, spider)


def _tell(spider: ArticlesSpider) -> None:
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        spider.give_up(_ORPHANED)


def _result(crawler: Crawler) -> dict[str, Any]:
    spider: Any = crawler.spider
    reason = str(crawler.stats.get_value("finish_reason"))
    return {
        "run_id": spider.run_id,
        "outcome": spider.outcome(reason),
        "problem": spider.problem(),
        "errors": crawler.stats.get_value("spider_exceptions/count", 0),
        "counters": counted(crawler.stats),
    }


def source_from(fields: Mapping[str, Any]) -> Source:
    """Return the source of an order: JSON has made lists of its tuples."""
    return Source(
        **{name: tuple(value) if isinstance(value, list) else value for name, value in fields.items()}
    )


def _emit(**event: Any) -> None:
    _write(**event)
    sys.stdout.flush()


def _write(**event: Any) -> None:
    sys.stdout.write(json.dumps(event, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
