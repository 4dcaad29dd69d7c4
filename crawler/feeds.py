"""Reads feeds and sitemaps for links and days, however broken they are. Pure functions on bytes."""

from __future__ import annotations

import zlib
from calendar import timegm
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from io import BytesIO
from urllib.parse import urlsplit

import feedparser
import regex
from lxml import etree

from crawler.addresses import join

MAX_UNPACKED = 64 * 1024 * 1024  # bytes; the largest sitemap seen has 20 MB
_GZIP = b"\x1f\x8b"
_CONSTANT = 20  # entries; as many with one and the same day say nothing about any of them
_LINK = regex.compile(rb"<link>\s*+(?:<!\[CDATA\[)?\s*+(https?://[^\s<\]]{4,2000})", regex.IGNORECASE)
_DAY = regex.compile(r"(\d{4})-(\d{2})-(\d{2})")
_ENTRIES = ("{*}url", "{*}sitemap", "{*}URL", "{*}Url", "{*}Sitemap")
_SITEMAP_FILE = regex.compile(r"\.xml(?:\.gz)?(?:$|\?)|/sitemaps?(?:/|-|$)", regex.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One link of a feed or sitemap; `day` is None where it says none worth believing."""

    url: str
    day: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sitemap:
    """The pages and the further sitemaps that a sitemap names."""

    pages: tuple[Entry, ...]
    sitemaps: tuple[Entry, ...]


def read_feed(body: bytes, url: str) -> list[Entry]:
    """Return the links of an RSS or Atom feed; empty when there are none to be found.

    What is no well-formed XML is read as far as it goes: feedparser recovers most, bare `<link>`s the rest.
    """
    entries = feedparser.parse(BytesIO(body)).entries
    found = [
        Entry(url=link, day=_feed_day(entry.get("published_parsed") or entry.get("updated_parsed")))
        for entry in entries
        if entry.get("link") and (link := join(url, entry["link"]))
    ]
    if found:
        return found
    links = (join(url, link.decode("utf-8", "replace")) for link in _LINK.findall(body))
    return [Entry(url=link) for link in links if link]


def read_sitemap(body: bytes, url: str) -> Sitemap | None:
    """Return what a sitemap names, newest first where it dates them; None when `body` is no sitemap.

    Gzip is told by its bytes, an index inside a `<urlset>` by the names of its files; a day that all
    entries share is left out.
    """
    unpacked = unpack(body)
    entries = list(_sitemap_entries(unpacked, url)) if unpacked else []
    if not entries:
        return None
    days = {entry.day for entry, _ in entries}
    if len(entries) >= _CONSTANT and len(days) == 1:
        entries = [(Entry(url=entry.url), nested) for entry, nested in entries]
    entries.sort(key=lambda pair: pair[0].day or date.min, reverse=True)
    return Sitemap(
        pages=tuple(entry for entry, nested in entries if not nested),
        sitemaps=tuple(entry for entry, nested in entries if nested),
    )


def unpack(body: bytes) -> bytes | None:
    """Return what gzip packed, or `body` itself; None when it is damaged or unpacks beyond MAX_UNPACKED."""
    if not body.startswith(_GZIP):
        return body
    unpacker = zlib.decompressobj(wbits=31)
    try:
        unpacked = unpacker.decompress(body, MAX_UNPACKED)
    except zlib.error:
        return None
    return None if unpacker.unconsumed_tail else unpacked


def _sitemap_entries(body: bytes, url: str) -> Iterator[tuple[Entry, bool]]:
    """Yield each entry, and whether it is a further sitemap."""
    parsing = etree.iterparse(
        BytesIO(body), events=("end",), tag=_ENTRIES, recover=True, resolve_entities=False, no_network=True
    )
    root = None
    try:
        for _, element in parsing:
            root = root or _local_name(element.getroottree().getroot())
            if root not in ("urlset", "sitemapindex"):
                return
            entry = _entry(element, url)
            nested = _local_name(element) == "sitemap"
            element.clear()
            if entry:
                yield entry, nested or _is_sitemap_file(entry.url)
    except etree.XMLSyntaxError:
        return


def _is_sitemap_file(url: str) -> bool:
    """Return whether a path is a sitemap's; parts the address only where it may be."""
    return bool(_SITEMAP_FILE.search(url.partition("?")[0]) and _SITEMAP_FILE.search(urlsplit(url).path))


def _entry(element: etree._Element, url: str) -> Entry | None:
    values = {_local_name(child): (child.text or "").strip() for child in element}
    link = join(url, values["loc"]) if values.get("loc") else None
    return Entry(url=link, day=_iso_day(values.get("lastmod", ""))) if link else None


def _local_name(element: etree._Element) -> str:
    return str(element.tag).rpartition("}")[2].lower()


def _iso_day(text: str) -> date | None:
    found = _DAY.match(text)
    try:
        return date(int(found[1]), int(found[2]), int(found[3])) if found else None
    except ValueError:
        return None


def _feed_day(parsed: object) -> date | None:
    if not isinstance(parsed, tuple):
        return None
    try:
        return datetime.fromtimestamp(timegm(parsed), UTC).date()
    except (OverflowError, ValueError):
        return None
