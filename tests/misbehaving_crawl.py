"""Crawls, in a child process, of the parts of the misbehaving site."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from crawler.run import CrawlSummary, crawl
from store.pages import iter_pages, list_runs, read_pages
from store.records import Page, Source
from tests.local_site import Site

FAST = {"CHISO_OVERLOAD_PAUSE": 0, "DOWNLOAD_TIMEOUT": 10}
PREFIXES = (
    "dup",
    "refuse",
    "redirect",
    "loop",
    "past",
    "map",
    "feed",
    "base",
    "busy",
    "line",
    "charset",
    "fail",
    "gone",
    "wall",
    "closed",
)


def declared(name: str, **fields: Any) -> Source:
    """Return the declaration of one part of the misbehaving site."""
    return Source(
        **{
            "id": name,
            "name": name,
            "kind": "sample",
            "family": "test",
            "province": None,
            "hosts": ("127.0.0.1",),
            "start_urls": (f"http://127.0.0.1/{name}/",),
            "article_pattern": rf"^/{name}/(?:[\w-]+/)?[\w-]+-a\d+\.html$",
            "article_id_pattern": r"-a(\d+)\.html$",
            "body_selectors": ("#content",),
            "max_listing_pages": 6,
            "delay": 0.0,
            "allow_private_addresses": True,
            **fields,
        }
    )


SOURCES = {name: declared(name) for name in PREFIXES} | {
    "base": declared("base", start_urls=("http://127.0.0.1/base/muc",)),
    "dup": declared("dup", article_pattern=r"^/dup/(?!print/)[\w-]+-a\d+\.html$"),
    "refuse": declared("refuse", start_urls=("http://127.0.0.1/refuse/",)),
    "map": declared("map", start_urls=(), sitemaps=("http://127.0.0.1/map/sitemap",)),
}


@dataclass
class Crawled:
    """What came of one crawl of the misbehaving site."""

    summaries: dict[str, CrawlSummary]
    pages: dict[str, list[Page]]
    runs: dict[str, dict[str, Any]]
    site: Site

    def paths(self, name: str) -> set[str]:
        """Return the paths of the articles stored of one part, without its prefix."""
        return {page.url.removeprefix(f"http://127.0.0.1/{name}/") for page in self.pages.get(name, [])}


def run(site: Site, path: Path, sources: dict[str, Source], **options: Any) -> Crawled:
    """Crawl parts of the site into a page database."""
    options.setdefault("settings", FAST)
    ports = dict.fromkeys(sources, site.port)
    summaries = crawl(list(sources), sources=sources, pages_path=path, ports=ports, **options)
    pages: dict[str, list[Page]] = {}
    db = read_pages(path)
    for page in iter_pages(db):
        pages.setdefault(page.source, []).append(page)
    runs = {row["source"]: row for row in reversed(list_runs(db))}
    db.close()
    return Crawled({summary.source: summary for summary in summaries}, pages, runs, site)


@contextmanager
def crawling(order: Mapping[str, Any]) -> Iterator[subprocess.Popen[str]]:
    """Start the process that crawls and give it its order; yields it, and waits for its end."""
    command = [sys.executable, "-m", "crawler.child"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdin
        child.stdin.write(json.dumps(order))
        child.stdin.close()
        yield child


def event(child: subprocess.Popen[str]) -> dict[str, Any]:
    """Wait for the next event that the process tells of."""
    assert child.stdout
    return json.loads(child.stdout.readline())
