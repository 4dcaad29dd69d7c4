"""A newspaper on this machine that answers fast and keeps a log: for the soak, the benchmarks and the tests.

Sections of numbered listing pages, a feed, articles in pages as heavy as a real paper's. Answers carry an
ETag, and a request that names it gets 304. `python -m benchmarks.local_paper --articles 500` runs it until
its standard input ends; it prints its port.
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from http import HTTPStatus
from pathlib import Path
from time import monotonic
from typing import Any
from urllib.parse import parse_qs, urlsplit

from benchmarks.heavy_pages import heavy_page
from store.records import Source

ROBOTS = "User-agent: *\nDisallow: /quan-tri/\n"
HEAVY_KINDS = 24  # different pages around the articles
_TITLE, _LEAD, _BODY = "@tieu-de@", "@dan@", "@bai@"
_STORY = (
    "Sáng nay, đoàn công tác của tỉnh đi kiểm tra tiến độ các công trình trên địa bàn huyện số {n}. "
    "Theo báo cáo, đến nay toàn huyện có {a}/{b} công trình đã hoàn thành, số còn lại đang được đẩy nhanh. "
    "Lãnh đạo tỉnh đề nghị các đơn vị tập trung nhân lực, bảo đảm chất lượng và an toàn lao động."
)


@dataclass(slots=True)
class Paper:
    """The content of the site and what has been asked of it."""

    articles: int
    sections: int = 5
    per_page: int = 10
    heavy: bool = False
    wait: float = 0.0  # seconds before each answer
    changed: set[int] = field(default_factory=set)  # articles whose text is another than at first
    log: list[tuple[float, str, str, int]] = field(default_factory=list)  # moment, host, path, status
    port: int = 0
    _kinds: list[str] = field(default_factory=list)

    def source(self, **fields: Any) -> Source:
        """Return the declaration under which the site is crawled."""
        return Source(
            **{
                "id": "local-paper",
                "name": "Báo Sông Bờ",
                "kind": "sample",
                "family": "test",
                "province": None,
                "hosts": ("127.0.0.1",),
                "start_urls": tuple(f"http://127.0.0.1/muc-{n}" for n in range(self.sections)),
                "feeds": ("http://127.0.0.1/rss.xml",),
                "article_pattern": r"^/tin-[\w-]*a\d+\.html$",
                "article_id_pattern": r"-a(\d+)\.html$",
                "body_selectors": ("article",),
                "max_listing_pages": 10_000,
                "delay": 0.0,
                "allow_private_addresses": True,
                **fields,
            }
        )

    def order(self, pages: Path, settings: dict[str, Any]) -> dict[str, Any]:
        """Return what the crawling process is told on its standard input to crawl the site into `pages`."""
        source = self.source()
        return {
            "sources": [asdict(source)],
            "since": None,
            "limit": None,
            "ports": {source.id: self.port},
            "settings": {**settings, "CHISO_PAGES_PATH": str(pages)},
        }

    def urls(self) -> set[str]:
        """Return the addresses under which all articles are kept."""
        return {f"http://127.0.0.1{self.path(number)}" for number in range(self.articles)}

    def path(self, number: int) -> str:
        """Return the path of an article."""
        return f"/tin-bai-a{number}.html"

    def asked(self, prefix: str = "/") -> list[str]:
        """Return the paths asked so far that begin with `prefix`."""
        return [path for _, _, path, _ in self.log if path.startswith(prefix)]

    def answer(self, path: str) -> tuple[int, str, bytes]:
        """Return status, content type and body for a path with its query."""
        parts = urlsplit(path)
        if parts.path == "/robots.txt":
            return 200, "text/plain", ROBOTS.encode()
        if parts.path == "/rss.xml":
            return 200, "application/rss+xml", self._feed().encode()
        if parts.path.startswith("/muc-"):
            page = int(parse_qs(parts.query).get("page", ["1"])[0])
            return 200, "text/html; charset=utf-8", self._listing(int(parts.path[5:]), page).encode()
        number = parts.path.removeprefix("/tin-bai-a").removesuffix(".html")
        if number.isdigit() and int(number) < self.articles:
            return 200, "text/html; charset=utf-8", self.article(int(number)).encode()
        return 404, "text/html; charset=utf-8", b"<h1>404</h1>"

    def article(self, number: int) -> str:
        """Return the HTML of an article as it is now."""
        title = f"Bài {number}" + (" (đã sửa)" if number in self.changed else "")
        story = _STORY.format(n=number, a=number % 90 + 5, b=number % 90 + 60)
        if not self.heavy:
            return (
                f"<html><head><title>{title}</title></head><body><h1>{title}</h1>"
                f"<article><p>{story}</p></article></body></html>"
            )
        if not self._kinds:
            self._kinds = [heavy_page(_TITLE, [_LEAD, *[_BODY] * 5], kind) for kind in range(HEAVY_KINDS)]
        kind = self._kinds[number % HEAVY_KINDS]
        return kind.replace(_TITLE, title).replace(_LEAD, story[:120]).replace(_BODY, story)

    def _listing(self, section: int, page: int) -> str:
        """Return a page of a section, newest first: the highest number is the newest article."""
        numbers = range(self.articles - 1 - section, -1, -self.sections)
        shown = numbers[(page - 1) * self.per_page : page * self.per_page]
        links = "".join(f'<h3><a href="{self.path(number)}">Bài {number}</a></h3>' for number in shown)
        more = page * self.per_page < len(numbers)
        following = f'<a rel="next" href="/muc-{section}?page={page + 1}">Sau</a>' if more else ""
        return f"<html><head><title>Mục {section}</title></head><body>{links}{following}</body></html>"

    def _feed(self) -> str:
        newest = range(self.articles - 1, max(self.articles - 21, -1), -1)
        items = "".join(
            f"<item><title>Bài {number}</title><link>http://127.0.0.1:{self.port}{self.path(number)}</link></item>"
            for number in newest
        )
        return f'<?xml version="1.0"?><rss version="2.0"><channel>{items}</channel></rss>'


class _Protocol(asyncio.Protocol):
    """As much of HTTP/1.1 as a crawler's GET needs: a server in Python must not be the slowest part."""

    def __init__(self, paper: Paper):
        self.paper = paper
        self.received = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep where the answers go."""
        self.transport: Any = transport

    def data_received(self, data: bytes) -> None:
        """Answer every request that has arrived as a whole."""
        self.received += data
        while b"\r\n\r\n" in self.received:
            head, _, self.received = self.received.partition(b"\r\n\r\n")
            asyncio.get_running_loop().call_later(self.paper.wait, self._answer, head.decode("latin-1"))

    def _answer(self, head: str) -> None:
        first, *lines = head.split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        path = first.split(" ")[1]
        status, kind, body = self.paper.answer(path)
        etag = f'"{hashlib.md5(body, usedforsecurity=False).hexdigest()}"'
        if status == 200 and path != "/robots.txt" and headers.get("if-none-match") == etag:
            status, body = 304, b""
        self.paper.log.append((monotonic(), headers.get("host", ""), path, status))
        if not self.transport.is_closing():
            self.transport.write(
                f"HTTP/1.1 {status} {HTTPStatus(status).phrase}\r\nContent-Type: {kind}\r\nETag: {etag}\r\n"
                f"Content-Length: {len(body)}\r\n\r\n".encode()
                + body
            )


@contextmanager
def serving(paper: Paper) -> Iterator[Paper]:
    """Run the site in a thread while the block runs; its port is in `paper.port`."""
    loop = asyncio.new_event_loop()
    server = loop.run_until_complete(loop.create_server(lambda: _Protocol(paper), "127.0.0.1", paper.port))
    paper.port = server.sockets[0].getsockname()[1]
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        yield paper
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        server.close()
        loop.close()


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--articles", type=int, default=500)
    options.add_argument("--light", action="store_true", help="small pages")
    chosen = options.parse_args()
    with serving(Paper(articles=chosen.articles, heavy=not chosen.light)) as paper:
        paper.article(0)
        print(paper.port, flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main()
