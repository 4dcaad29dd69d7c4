"""Refuses requests that must not leave: other schemes, undeclared hosts, odd ports, private addresses.

Every request passes here, redirects too. The address that was checked is the one that is then connected
to: it is put into the resolver's cache, so that a name cannot resolve to another address a moment later.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from typing import Any, Self

from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Request, Response
from scrapy.resolver import dnscache
from scrapy.utils.httpobj import urlparse_cached

from crawler.addresses import declared_port
from crawler.counters import count
from store.domains import registrable_domain
from store.records import Source

# What Python calls global, or would, although an IPv4 address of any kind may hide in it.
_NEVER = tuple(
    map(
        ipaddress.ip_network,
        ("192.0.0.0/24", "::/96", "::ffff:0:0:0/96", "64:ff9b::/96", "64:ff9b:1::/48", "2001::/32"),
    )
)
_WEB_PORTS = frozenset({None, 80, 443})


class Refused(IgnoreRequest):
    """Raised by a downloader middleware for a request that must not be sent; counted as `counter`."""

    def __init__(self, message: str, counter: str):
        super().__init__(message)
        self.counter = counter


def unfit(url_parts: Any, source: Source, port: int | None) -> str | None:
    """Return the counter for an address that may not be asked; None when it may, as far as it says."""
    if url_parts.scheme not in ("http", "https"):
        return "guard_scheme"
    if (url_parts.hostname or "").rstrip(".") not in source.hosts:
        return "guard_host"
    own = {port or declared_port(source)} if source.allow_private_addresses else set()
    allowed = _WEB_PORTS | own
    return None if url_parts.port in allowed else "guard_port"


def is_public(address: str) -> bool:
    """Return whether an IP address is of the public internet; IPv4 inside IPv6 is judged itself."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    embedded = getattr(ip, "ipv4_mapped", None) or getattr(ip, "sixtofour", None)
    if any(ip in network for network in _NEVER if network.version == ip.version):
        return False
    return (embedded or ip).is_global and not ip.is_multicast


class GuardMiddleware:
    """Downloader middleware; counts and refuses what the source does not allow to be asked."""

    def __init__(self, crawler: Crawler):
        self.crawler = crawler
        self.checked: dict[str, str | None] = {}  # host → counter, None where it may be asked

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Return the middleware for one crawl."""
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """Let the request pass, in the slot of its registrable domain; raises Refused."""
        spider: Any = self.crawler.spider
        parts = urlparse_cached(request)
        refused = unfit(parts, spider.source, spider.port)
        if refused is None:
            host = str(parts.hostname)
            request.meta["download_slot"] = registrable_domain(host)
            if host not in self.checked:
                self.checked[host] = await self._check_host(host, spider.source)
            refused = self.checked[host]
        if refused:
            count(self.crawler.stats, refused)
            raise Refused(f"{refused}: {request.url}", refused)

    def process_response(self, request: Request, response: Response) -> Response:  # noqa: ARG002
        """Return the answer; raises Refused when it came from an address that may not be asked."""
        spider: Any = self.crawler.spider
        address = response.ip_address
        if address and not spider.source.allow_private_addresses and not is_public(str(address)):
            count(self.crawler.stats, "guard_private")
            raise Refused(f"guard_private: {response.url} answered from {address}", "guard_private")
        return response

    async def _check_host(self, host: str, source: Source) -> str | None:
        loop = asyncio.get_running_loop()
        try:
            found = await loop.getaddrinfo(host, None, family=socket.AF_INET, type=socket.SOCK_STREAM)
        except OSError:
            self.crawler.spider.unreachable = f"{host} could not be reached: its name does not resolve"
            return "guard_unresolved"
        addresses = [str(entry[4][0]) for entry in found]
        if not source.allow_private_addresses and not all(map(is_public, addresses)):
            return "guard_private"
        dnscache[host] = addresses[0]
        return None
