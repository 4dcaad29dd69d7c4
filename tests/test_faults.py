"""The fault table: one crawl of all hosts of tests/faults.toml; what is stored, counted and shown of each."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from crawler.counters import COUNTERS, FAILED, REFUSED, total
from crawler.run import CrawlSummary, crawl
from store.pages import iter_pages, list_runs, read_pages
from store.records import Source
from tests.certificates import contexts
from tests.fault_site import GOOD, FaultServer, fault_servers

FAULTS = tomllib.loads((Path(__file__).parent / "faults.toml").read_text(encoding="utf-8"))["fault"]
SETTINGS = {
    "CHISO_OVERLOAD_PAUSE": 0,
    "DOWNLOAD_TIMEOUT": 4,
    "RETRY_TIMES": 1,
    "DOWNLOAD_MAXSIZE": 512 * 1024,
}
KEYS = {
    "name",
    "what",
    "paths",
    "source",
    "tls",
    "stored",
    "counters",
    "outcome",
    "problem",
    "asked",
    "cookies",
}


@dataclass
class Crawled:
    """What came of crawling every host once."""

    servers: dict[str, FaultServer]
    summaries: dict[str, CrawlSummary]
    runs: dict[str, Mapping[str, Any]]
    stored: dict[str, list[str]]  # paths, sorted


def declared(server: FaultServer, fault: Mapping[str, Any], intermediate: str) -> Source:
    """Return the declaration of a fault's host."""
    own = dict(fault.get("source", {}))
    base = server.base.replace("http:", "https:") if own.pop("https", False) else server.base
    ways = {
        key: tuple(base + path for path in own.pop(key, default))
        for key, default in (("start_urls", ["/"]), ("feeds", []), ("sitemaps", []))
    }
    certificates = (intermediate,) if own.pop("intermediate_certificates", None) else ()
    return Source(
        id=server.name,
        name=server.name,
        kind="sample",
        family="fault",
        province=None,
        hosts=(server.host,),
        **ways,
        article_pattern=r"^/(?:[\w-]+/)?[\w-]+-a\d+\.html$",
        article_id_pattern=r"-a(\d+)\.html$",
        body_selectors=("#content",),
        max_listing_pages=4,
        delay=0.0,
        tls=tuple(own.pop("tls", ())),
        intermediate_certificates=certificates,
        allow_private_addresses=True,
        **own,
    )


def _waits(fault: Mapping[str, Any]) -> bool:
    told = str(fault.get("paths"))
    return "silence" in told or "hold" in told or fault["name"] == "tls-not-spoken"


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Crawled:
    folder = tmp_path_factory.mktemp("faults")
    kinds, root, intermediate = contexts(folder)
    servers = {fault["name"]: FaultServer(fault["name"], fault.get("paths", {})) for fault in FAULTS}
    tls = {fault["name"]: kinds[fault["tls"]] for fault in FAULTS if "tls" in fault}
    with fault_servers(list(servers.values()), tls), pytest.MonkeyPatch.context() as environment:
        environment.setenv("SSL_CERT_FILE", str(root))
        sources = {fault["name"]: declared(servers[fault["name"]], fault, intermediate) for fault in FAULTS}
        slow_first = sorted(FAULTS, key=lambda fault: not _waits(fault))  # they wait side by side
        done = crawl(
            [fault["name"] for fault in slow_first],
            sources=sources,
            pages_path=folder / "pages.db",
            settings=SETTINGS,
        )
    db = read_pages(folder / "pages.db")
    stored: dict[str, list[str]] = {name: [] for name in servers}
    for page in iter_pages(db):
        stored[page.source].append(urlsplit(page.url).path)
    runs = {run["source"]: run for run in list_runs(db, limit=10_000)}
    db.close()
    return Crawled(servers, {each.source: each for each in done}, runs, stored)


@pytest.mark.parametrize("fault", FAULTS, ids=[fault["name"] for fault in FAULTS])
def test_fault(crawled: Crawled, fault: Mapping[str, Any]) -> None:
    name = fault["name"]
    summary = crawled.summaries[name]
    counters = {key: value for key, value in summary.counters.items() if key != "listing_pages"}
    assert counters == fault["counters"]
    assert sorted(crawled.stored[name]) == sorted(fault.get("stored", [GOOD]))
    assert summary.outcome == fault.get("outcome", "finished")
    assert fault.get("problem", "") in (summary.problem or "")
    assert bool(summary.problem) == ("problem" in fault)
    asked = crawled.servers[name].asked
    assert {path: asked[path] for path in fault.get("asked", {})} == fault.get("asked", {})
    assert crawled.servers[name].cookies == 0


@pytest.mark.parametrize("name", [fault["name"] for fault in FAULTS])
def test_what_is_shown_is_what_was_recorded(crawled: Crawled, name: str) -> None:
    summary, run = crawled.summaries[name], crawled.runs[name]
    recorded = dict(run["counters"])
    assert recorded.pop("problem", None) == summary.problem
    assert {key: recorded.get(key) for key in summary.counters} == summary.counters
    assert run["outcome"] == summary.outcome
    assert summary.fetched == len(crawled.stored[name])
    assert (summary.refused, summary.failed) == (total(recorded, REFUSED), total(recorded, FAILED))


def test_the_table_is_long_and_says_what_it_does() -> None:
    assert len(FAULTS) >= 40
    assert len({fault["name"] for fault in FAULTS}) == len(FAULTS)
    for fault in FAULTS:
        assert fault.keys() <= KEYS
        assert fault["what"]
        assert fault["counters"].keys() <= COUNTERS.keys()
