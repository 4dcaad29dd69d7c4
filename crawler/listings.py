"""Reads a listing: the articles it links, the next page, the feeds it announces. Pure functions on HTML."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

import regex
from parsel import Selector

from crawler.addresses import base_address, is_article, join, listing_address
from store.records import Source

_FEED_TYPES = ("application/rss+xml", "application/atom+xml")
# /tin?page=3, /tin?p=3&x=1, /tin/trang3.html, /tin/page/3
_PAGE_NUMBER = regex.compile(
    r"(?<=[?&])(?:p|page|trang|paged|pageindex|currentpage)=(?P<query>\d{1,5})(?:&|$)"
    r"|/(?:page|trang)[-/]?(?P<path>\d{1,5})(?:\.html?)?/?(?=$|\?)",
    regex.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """What one listing page offers: absolute addresses in page order, without repeats."""

    articles: tuple[str, ...]
    by_selector: bool  # False when the source's link_selector found none and every link was looked at
    next_page: str | None
    feeds: tuple[str, ...]


def read_listing(selector: Selector, url: str, source: Source, *, port: int | None = None) -> Listing:
    """Return what a listing page fetched from `url` offers; links to undeclared hosts are left out."""
    base = base_address(url, selector.css("base::attr(href)").get(), source.hosts)
    chosen = _articles(selector, source.link_selector, base, source, port)
    return Listing(
        articles=chosen or _articles(selector, "a", base, source, port),
        by_selector=bool(chosen),
        next_page=_next_page(selector, url, base, source),
        feeds=_feeds(selector, base, source),
    )


def page_number(url: str) -> tuple[str, int]:
    """Return a listing's address without its page number, and that number; 1 when it has none.

    "/tin/trang3.html" gives ("/tin", 3), "/tin?p=3" gives ("/tin", 3).
    """
    found = _PAGE_NUMBER.search(url)
    if found is None:
        return url.rstrip("/"), 1
    rest = url[: found.start()] + url[found.end() :]
    return rest.rstrip("?&/"), int(found["query"] or found["path"])


def _articles(selector: Selector, css: str, base: str, source: Source, port: int | None) -> tuple[str, ...]:
    links = (join(base, href) for href in selector.css(css).xpath("@href").getall())
    return tuple(dict.fromkeys(link for link in links if link and is_article(link, source, port=port)))


def _next_page(selector: Selector, url: str, base: str, source: Source) -> str | None:
    """Return the link declared or marked rel=next, else the one numbered one higher; None without any."""
    declared = source.next_selector or 'link[rel~="next"], a[rel~="next"]'
    for href in selector.css(declared).xpath("@href").getall():
        link = _listing_link(base, href, source)
        if link:
            return link
    if source.next_selector:
        return None
    own, number = page_number(listing_address(url) or url)
    for href in selector.xpath("//a/@href").getall():
        link = _listing_link(base, href, source)
        if link and page_number(link) == (own, number + 1):
            return link
    return None


def _listing_link(base: str, href: str, source: Source) -> str | None:
    link = join(base, href)
    if link is None or urlsplit(link).hostname not in source.hosts:
        return None
    return listing_address(link)


def _feeds(selector: Selector, base: str, source: Source) -> tuple[str, ...]:
    links = [
        _listing_link(base, node.attrib["href"], source)
        for node in selector.css("link[rel~=alternate][href]")
        if node.attrib.get("type", "").strip().lower() in _FEED_TYPES
    ]
    return tuple(dict.fromkeys(link for link in links if link))
