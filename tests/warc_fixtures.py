"""WARC files built by hand, record by record, sound and broken."""

from __future__ import annotations

import base64
import gzip
import hashlib
from datetime import UTC, datetime

from store.records import Source

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
PAPER = Source(
    id="paper",
    name="Báo",
    kind="newspaper",
    family="test",
    province="Nghệ An",
    hosts=("bao.example.vn", "www.bao.example.vn"),
    start_urls=("https://bao.example.vn/",),
    article_pattern=r"^/[\w-]+-a\d+\.html$",
    article_id_pattern=r"-a(\d+)\.html$",
    body_selectors=("#content",),
)
DATE = "2025-03-09T02:30:00Z"


def record(
    url: str,
    body: bytes,
    *,
    kind: str = "response",
    status: int = 200,
    headers: str = "Content-Type: text/html; charset=utf-8\r\n",
    date: str | None = DATE,
    claimed: int | None = None,
    digest: bool = False,
    more: str = "",
) -> bytes:
    """Return a record with an HTTP answer; `claimed` is the length that it says it has."""
    block = f"HTTP/1.1 {status} OK\r\n{headers}\r\n".encode() + body
    if digest:
        more += f"WARC-Block-Digest: sha1:{base64.b32encode(hashlib.sha1(block).digest()).decode()}\r\n"
    head = (
        f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {url}\r\n"
        f"{f'WARC-Date: {date}' + chr(13) + chr(10) if date else ''}"
        f"WARC-Record-ID: <urn:uuid:{hashlib.md5(block).hexdigest()}>\r\n"
        f"Content-Type: application/http; msgtype=response\r\n{more}"
        f"Content-Length: {len(block) if claimed is None else claimed}\r\n\r\n"
    )
    return head.encode() + block + b"\r\n\r\n"


def packed(*records: bytes) -> bytes:
    """Return records as an archive keeps them: a gzip member each."""
    return b"".join(gzip.compress(one, mtime=0) for one in records)


def chunked(body: bytes, *, end: bool = True) -> bytes:
    """Return a body in two chunks, the first with an extension."""
    middle = len(body) // 2
    parts = b"%x;a=b\r\n%b\r\n%x\r\n%b\r\n" % (middle, body[:middle], len(body) - middle, body[middle:])
    return parts + (b"0\r\n\r\n" if end else b"")
