"""A crawl of all hosts of tests/quirk_site.py, as if each were a source of the registry."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from crawler.run import CrawlSummary, crawl
from extract.clean import CleanError, clean
from store.pages import iter_pages, read_pages
from store.records import Article, Source
from store.sources import load_sources
from tests import quirk_site as site
from tests.certificates import contexts
from tests.fault_site import FaultServer, fault_servers

SETTINGS = {"CHISO_OVERLOAD_PAUSE": 0, "DOWNLOAD_TIMEOUT": 20}
DATES = {"date_selectors": (".date",), "date_formats": ("%d/%m/%Y %H:%M", "%H:%M, %d/%m/%Y")}


@dataclass(frozen=True, slots=True)
class Host:
    """A host of the quirks: what it answers, whose declaration it takes, and what it declares besides."""

    name: str
    paths: Callable[[], site.Paths]
    like: str | None = None  # a source of the registry
    ways: tuple[str, ...] = ("/",)
    declared: dict[str, Any] = field(default_factory=dict)
    tls: str | None = None


HOSTS = [
    Host("dates", site.dates, declared=DATES),
    Host("undated", site.dates, declared={"body_selectors": ("#content",)}),
    Host(
        "provinces",
        site.provinces,
        declared=DATES
        | {
            "province": "Lâm Đồng",
            "serves": ("Lâm Đồng", "Bình Thuận", "Đắk Nông"),
            "sections": {"/dat-va-nguoi-dak-nong/": "Đắk Nông"},
        },
    ),
    Host("archive", site.archive, like="phuyen-baodaklak"),
    Host("duplicates", site.duplicates, like="baocantho"),
    Host("scripts", site.scripts, like="baoquangngai"),
    Host("boilerplate", site.boilerplate, like="baoquangngai", declared={"article_pattern": r"-\d+\.html$"}),
    Host("malformed", site.malformed, declared={"title_selectors": ("h1.title",)}),
    Host("base", site.base),
    Host("pagination", site.pagination, ways=("/", "/lap", "/post")),
    Host("tls", site.base, tls="intermediate-missing", declared={"intermediate_certificates": ("middle",)}),
    Host("tls-refused", site.base, tls="intermediate-missing"),
    Host("weak", site.base, tls="weak", declared={"tls": ("weak", "legacy")}),
    Host("sitemaps", site.sitemaps, ways=(), declared={"sitemaps": ("/sitemap",)}),
    Host("feeds", site.feeds, declared=DATES),
    Host("encodings", site.encodings),
    Host("refusals", site.refusals),
    Host("queries", site.queries, like="baobinhdinh"),
    Host("octets", site.octets, like="baobacninhtv", declared={"body_selectors": ("#content",)}),
    Host("reports", site.reports),
    Host("extras", site.extras, ways=("/", "/api/tin.json"), declared={"json_link": "/{slug}-a{id}.html"}),
]
GENERIC = Source(
    id="",
    name="",
    kind="sample",
    family="quirk",
    province="Kon Tum",
    hosts=(),
    article_pattern=r"^/(?:[\w-]+/)*[\w-]+-a\d+\.html$",
    article_id_pattern=r"-a(\d+)\.html$",
    body_selectors=("#content",),
)


@dataclass
class Crawled:
    """What came of the crawl, page by page."""

    servers: dict[str, FaultServer]
    sources: dict[str, Source]
    summaries: dict[str, CrawlSummary]
    articles: dict[str, dict[str, Article | str]]  # by host and path; the reason where there is none
    pages: dict[str, list[str]]

    def article(self, host: str, path: str) -> Article:
        """Return an article; fails where the page has none."""
        found = self.articles[host][path]
        assert isinstance(found, Article), found
        return found

    def counters(self, host: str) -> dict[str, int]:
        """Return what was counted at a host."""
        return self.summaries[host].counters


def declaration(host: Host, server: FaultServer, intermediate: str) -> Source:
    """Return how a host is declared: as a source of the registry, with the addresses of this run."""
    own = dict(host.declared)
    if "intermediate_certificates" in own:
        own["intermediate_certificates"] = (intermediate,)
    sitemaps = tuple(server.base + path for path in own.pop("sitemaps", ()))
    like = load_sources()[host.like] if host.like else GENERIC
    return replace(
        like,
        id=host.name,
        name=host.name,
        kind="sample",
        enabled=True,
        hosts=(server.host,),
        start_urls=tuple(server.base + path for path in host.ways),
        feeds=(),
        sitemaps=sitemaps,
        delay=0.0,
        link_selector="a",
        allow_private_addresses=True,
        **own,
    )


def crawl_quirks(folder: Path) -> Crawled:
    """Crawl every host once, into a database of this folder, and clean what was stored."""
    kinds, root, intermediate = contexts(folder)
    servers = {host.name: FaultServer(host.name, host.paths()) for host in HOSTS}
    tls = {host.name: kinds[host.tls] for host in HOSTS if host.tls}
    with fault_servers(list(servers.values()), tls), pytest.MonkeyPatch.context() as environment:
        environment.setenv("SSL_CERT_FILE", str(root))
        sources = {host.name: declaration(host, servers[host.name], intermediate) for host in HOSTS}
        done = crawl(list(sources), sources=sources, pages_path=folder / "pages.db", settings=SETTINGS)
    db = read_pages(folder / "pages.db")
    articles: dict[str, dict[str, Article | str]] = {name: {} for name in servers}
    pages: dict[str, list[str]] = {name: [] for name in servers}
    for page in iter_pages(db):
        parts = urlsplit(page.url)
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        pages[page.source].append(path)
        try:
            articles[page.source][path] = clean(page, sources[page.source])
        except CleanError as error:
            articles[page.source][path] = str(error)
    db.close()
    return Crawled(servers, sources, {each.source: each for each in done}, articles, pages)
