"""Unpacks answers, strictly: no byte beyond the cap, and nothing that is cut off or damaged.

Scrapy's own middleware keeps what it could read of a damaged stream: half an article, stored as a whole one.
"""

from __future__ import annotations

import zlib
from typing import Self

from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Request, Response
from scrapy.responsetypes import responsetypes

ACCEPTED = "gzip, deflate"
_GZIP = b"\x1f\x8b"


class TooLarge(IgnoreRequest):
    """An answer that unpacks to more bytes than may be kept."""


class Damaged(IgnoreRequest):
    """An answer whose compression is broken or cut off."""


def unpack(body: bytes, encoding: str, limit: int) -> bytes:
    """Return what `body` packs; itself where it is not packed as `encoding` says.

    Raises TooLarge beyond `limit` bytes, of which no more are ever unpacked, and Damaged.
    """
    if encoding in ("gzip", "x-gzip") and body.startswith(_GZIP):
        return _unpacked(body, zlib.MAX_WBITS | 16, limit)
    if encoding == "deflate":
        zlib_head = len(body) > 1 and body[0] & 0x0F == 8 and int.from_bytes(body[:2], "big") % 31 == 0
        return _unpacked(body, zlib.MAX_WBITS if zlib_head else -zlib.MAX_WBITS, limit)
    return body


def _unpacked(body: bytes, wbits: int, limit: int) -> bytes:
    unpacked = b""
    while body:
        stream = zlib.decompressobj(wbits)
        try:
            unpacked += stream.decompress(body, limit + 1 - len(unpacked))
        except zlib.error as error:
            raise Damaged(f"damaged: {error}") from error
        if len(unpacked) > limit:
            raise TooLarge(f"unpacks to more than {limit} bytes")
        if not stream.eof:
            raise Damaged("cut off")
        body = stream.unused_data if stream.unused_data.startswith(_GZIP) else b""  # several in a row
    return unpacked


class UnpackingMiddleware:
    """Downloader middleware in the place of Scrapy's HttpCompressionMiddleware."""

    def __init__(self, crawler: Crawler):
        self.limit = crawler.settings.getint("DOWNLOAD_MAXSIZE")

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Return the middleware for one crawl."""
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Say what can be unpacked."""
        request.headers.setdefault("Accept-Encoding", ACCEPTED)

    def process_response(self, request: Request, response: Response) -> Response:
        """Return the answer unpacked; raises TooLarge and Damaged."""
        named = b",".join(response.headers.getlist("Content-Encoding")).decode("latin-1").strip().lower()
        if not named or not response.body:
            return response
        body = unpack(response.body, named, request.meta.get("download_maxsize", self.limit))
        kind = responsetypes.from_args(headers=response.headers, url=response.url, body=body)
        return response.replace(cls=kind, body=body)
