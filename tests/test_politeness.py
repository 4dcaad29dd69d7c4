"""How often hosts are asked, measured on their side, and which addresses are connected to."""

from __future__ import annotations

import asyncio
import socket
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from scrapy.http import Request, Response
from scrapy.resolver import dnscache

from crawler.counters import counted
from crawler.guards import GuardMiddleware, Refused
from crawler.run import crawl
from store.records import Source
from store.sources import load_sources
from tests.fault_site import FaultServer, fault_servers

DELAY = 0.15  # seconds
LINKS = [f"/tin-a{number}.html" for number in range(1, 4)]


def declared(server: FaultServer, delay: float) -> Source:
    return Source(
        id=server.name,
        name=server.name,
        kind="sample",
        family="test",
        province=None,
        hosts=(server.host,),
        start_urls=(f"{server.base}/",),
        article_pattern=r"-a\d+\.html$",
        body_selectors=("#content",),
        delay=delay,
        allow_private_addresses=True,
    )


def crawled(servers: list[FaultServer], path: Path, delay: float, *, apart: bool) -> list[Any]:
    with fault_servers(servers, apart=apart):
        sources = {server.name: declared(server, delay) for server in servers}
        settings = {"CHISO_OVERLOAD_PAUSE": 0}
        return crawl(
            list(sources), sources=sources, pages_path=path, settings=settings, contact="desk@bao.example"
        )


def gaps(*servers: FaultServer) -> list[float]:
    """Return the seconds between the requests to all of them, in the order of arrival."""
    times = sorted(time for server in servers for time in server.times)
    return [later - earlier for earlier, later in pairwise(times)]


def test_two_sources_of_one_domain_share_its_rate(tmp_path: Path) -> None:
    """As a paper and its archive on a sub-domain do; robots.txt and redirects count, too."""
    moved = {LINKS[0]: [{"status": 301, "headers": {"Location": "/da-doi-a9.html"}}]}
    servers = [
        FaultServer(name, {"/": [{"body": "listing", "links": LINKS}], **moved})
        for name in ("bao", "luu-tru")
    ]
    summaries = crawled(servers, tmp_path / "pages.db", DELAY, apart=False)
    assert [summary.fetched for summary in summaries] == [3, 3]
    measured = gaps(*servers)
    assert len(measured) == 11
    assert min(measured) >= DELAY
    for server in servers:
        (agent,) = server.agents
        assert agent.startswith("chiso/")
        assert "contact: desk@bao.example" in agent


def test_slower_rates_that_hosts_ask_for_are_kept(tmp_path: Path) -> None:
    busy = FaultServer(
        "busy",
        {"/": [{"status": 503}, {"body": "listing", "links": LINKS}]},
    )
    slow = FaultServer(
        "slow",
        {
            "/": [{"body": "listing", "links": LINKS}],
            "/robots.txt": [{"body": f"User-agent: *\nCrawl-delay: {2 * DELAY}\n"}],
        },
    )
    crawled([busy, slow], tmp_path / "pages.db", DELAY, apart=True)
    assert len(busy.times) == len(slow.times) + 1 == 6
    assert min(gaps(busy)) >= DELAY
    assert min(gaps(busy)[1:]) >= 2 * DELAY  # half the rate after the 503
    assert min(gaps(slow)) >= 2 * DELAY
    assert busy.cookies == slow.cookies == 0


# ------------------------------------------------------------------------------------------------- addresses


class Stats:
    """Keeps counts as Scrapy's collector does."""

    def __init__(self) -> None:
        self.values: dict[str, Any] = {}

    def inc_value(self, key: str, count: int = 1) -> None:
        """Add to a value."""
        self.values[key] = self.values.get(key, 0) + count

    def get_stats(self) -> dict[str, Any]:
        """Return all values."""
        return self.values


def guard(source: Source) -> GuardMiddleware:
    spider = SimpleNamespace(source=source, port=None, unreachable=None)
    crawler: Any = SimpleNamespace(spider=spider, stats=Stats())
    return GuardMiddleware(crawler)


PAPER = load_sources()["baonghean"]
HOST = PAPER.hosts[0]


def resolving(monkeypatch: pytest.MonkeyPatch, *answers: list[str]) -> list[str]:
    """Let the name resolve to each of `answers` in turn; returns the list of names that are asked."""
    asked: list[str] = []

    def getaddrinfo(host: str, *_: Any, **__: Any) -> list[Any]:
        asked.append(host)
        addresses = answers[min(len(asked), len(answers)) - 1]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 0)) for address in addresses]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    monkeypatch.setitem(dnscache, HOST, "")
    return asked


def test_the_address_that_was_checked_is_the_one_connected_to(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that resolves to this machine the second time is not resolved a second time."""
    asked = resolving(monkeypatch, ["93.184.216.34"], ["127.0.0.1"])
    middleware = guard(PAPER)
    for path in ("/", "/kinh-te"):
        asyncio.run(middleware.process_request(Request(f"https://{HOST}{path}")))
    assert asked == [HOST]
    assert dnscache[HOST] == "93.184.216.34"  # where Scrapy's resolver looks first


@pytest.mark.parametrize(
    "addresses",
    [
        ["10.0.0.5"],
        ["169.254.169.254"],
        ["100.64.0.1"],
        ["93.184.216.34", "127.0.0.1"],
        ["0.0.0.0"],
        ["255.255.255.255"],
    ],
)
def test_a_name_with_a_private_address_is_not_asked(
    monkeypatch: pytest.MonkeyPatch, addresses: list[str]
) -> None:
    resolving(monkeypatch, addresses)
    middleware = guard(PAPER)
    with pytest.raises(Refused, match="guard_private"):
        asyncio.run(middleware.process_request(Request(f"https://{HOST}/")))
    assert counted(middleware.crawler.stats) == {"guard_private": 1}


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "::ffff:10.0.0.1", "fe80::1"])
def test_an_answer_from_a_private_address_is_thrown_away(address: str) -> None:
    answer: Any = Response(f"https://{HOST}/", ip_address=address)  # type: ignore[arg-type]
    with pytest.raises(Refused, match="answered from"):
        guard(PAPER).process_response(Request(f"https://{HOST}/"), answer)


def test_an_answer_from_a_public_address_is_kept() -> None:
    answer: Any = Response(f"https://{HOST}/", ip_address="93.184.216.34")  # type: ignore[arg-type]
    assert guard(PAPER).process_response(Request(f"https://{HOST}/"), answer) is answer
