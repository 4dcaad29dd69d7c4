"""Reads a listing that answers JSON, as pages that a browser fills do. Pure functions on bytes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from string import Formatter
from typing import Any
from urllib.parse import quote, urlsplit

from scrapy.http import TextResponse

from crawler.addresses import is_article, join, with_port
from crawler.listings import Listing, read_listing
from store.records import Source

_DEEPEST = 50  # levels


def read_answer(response: TextResponse, source: Source, *, port: int | None = None) -> Listing:
    """Return what a listing offers, be it a page or JSON."""
    if is_json(response.body):
        return read_json_listing(response.body, response.url, source, port=port)
    return read_listing(response.selector, response.url, source, port=port)


def is_json(body: bytes) -> bool:
    """Return whether an answer is a JSON object or list rather than a page, whatever its server calls it."""
    return body[:64].lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"[")


def read_json_listing(body: bytes, url: str, source: Source, *, port: int | None = None) -> Listing:
    """Return the articles that a JSON answer fetched from `url` names, without feeds and without a next page.

    They are the addresses and paths among its texts that have the form of an article's, and what the source's
    `json_link` makes of the fields of an entry. None are found in what is no JSON.
    """
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        told = None
    home = with_port(f"{urlsplit(url).scheme}://{source.hosts[0]}/", port)
    links = (join(home, link) for link in _links(told, source.json_link))
    articles = dict.fromkeys(link for link in links if link and is_article(link, source, port=port))
    return Listing(articles=tuple(articles), by_selector=bool(articles), next_page=None, feeds=())


def _links(told: Any, template: str | None, depth: int = 0) -> Iterator[str]:
    """Yield what may be addresses, in the order of the answer."""
    if depth > _DEEPEST:
        return
    if isinstance(told, str):
        if told.startswith(("/", "http://", "https://")):
            yield told
    elif isinstance(told, list):
        for each in told:
            yield from _links(each, template, depth + 1)
    elif isinstance(told, dict):
        made = _made(template, told) if template else None
        if made:
            yield made
        for each in told.values():
            yield from _links(each, template, depth + 1)


def _made(template: str, entry: dict[str, Any]) -> str | None:
    """Return the address that an entry's fields make; None where one of them is missing or no plain value."""
    values = {name: entry.get(name) for _, name, _, _ in Formatter().parse(template) if name is not None}
    if not all(isinstance(value, str | int) and value != "" for value in values.values()):
        return None
    return template.format_map({name: quote(str(value), safe="") for name, value in values.items()})
