"""Finds the reports that hang on a page: links, embedded viewers, files without an extension. Pure functions.

What a file is, its bytes say, and neither its name nor its server. Names: crawler/file_names.py.
"""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from string import ascii_lowercase, ascii_uppercase
from typing import Any, Literal
from urllib.parse import parse_qsl, unquote, urlsplit

import regex
from parsel import Selector

from crawler.addresses import base_address, canonical, is_article, join, listing_address, with_port
from store.records import Source

PATTERNS_PATH = Path(__file__).resolve().parent.parent / "data" / "attachments.toml"
MAX_LINKS = 20  # of one page
_WITHIN = 1024  # bytes before which a PDF begins
_FRAMES = {"iframe": ("src", "data-src"), "embed": ("src",), "object": ("data",)}
Kind = Literal["pdf", "word", "unsupported", "other"]


@dataclass(frozen=True, slots=True)
class Links:
    """The files that a page leads to, in its order, and how many it leads to that are not asked for."""

    files: tuple[str, ...] = ()  # addresses as they are asked
    foreign: int = 0  # on hosts that are not declared
    unsupported: int = 0  # of kinds that nobody here reads
    capped: int = 0


@dataclass(frozen=True, slots=True)
class _Patterns:
    """data/attachments.toml, compiled."""

    read: frozenset[str]
    unsupported: frozenset[str]
    path: regex.Pattern[str]
    words: regex.Pattern[str]
    viewers: regex.Pattern[str]
    viewer_parameters: frozenset[str]
    blocks: str  # XPath condition
    outside: str
    volatile: frozenset[str]


def links(selector: Selector, url: str, source: Source, *, port: int | None = None) -> Links:
    """Return the files that a page fetched from `url` links or shows in a frame.

    On an article that is within its body and in blocks of attachments, elsewhere anywhere but in the
    frame of the site. Empty for a source that takes no attachments.
    """
    if not source.max_attachment_bytes:
        return Links()
    base = base_address(url, selector.css("base::attr(href)").get(), source.hosts)
    on_article = is_article(url, source, port=port)
    found = list(dict.fromkeys(_candidates(selector, base, source, on_article=on_article, port=port)))
    own = [link for link in found if urlsplit(link).hostname in source.hosts]
    supported = [link for link in own if _extension(link) not in _patterns().unsupported]
    addresses = list(dict.fromkeys(address(link, source, port=port) for link in supported))
    return Links(
        files=tuple(with_port(each, port) for each in addresses[:MAX_LINKS]),
        foreign=len(found) - len(own),
        unsupported=len(own) - len(supported),
        capped=max(len(addresses) - MAX_LINKS, 0),
    )


def address(url: str, source: Source, *, port: int | None = None) -> str:
    """Return the one address of a file: its whole query counts, without what changes from visit to visit."""
    url = listing_address(url) or url
    names = {name for name, _ in parse_qsl(urlsplit(url).query)}
    kept = tuple(name for name in names if name.lower() not in _patterns().volatile)
    return canonical(url, replace(source, keep_parameters=kept), port=port) or url


def kind_of(body: bytes) -> Kind:
    """Return what a file is by its bytes: a report that can be read, one that cannot, or none."""
    if b"%PDF-" in body[:_WITHIN]:
        return "pdf"
    if body.startswith(b"PK\x03\x04"):
        return "word" if b"word/document.xml" in body else "unsupported"
    old_office, rtf, rar = b"\xd0\xcf\x11\xe0", b"{\\rtf", b"Rar!"
    return "unsupported" if body.startswith((old_office, rtf, rar, b"7z\xbc\xaf")) else "other"


def _candidates(
    selector: Selector, base: str, source: Source, *, on_article: bool, port: int | None
) -> Iterator[str]:
    patterns = _patterns()
    inside = f"not(ancestor-or-self::*[{patterns.outside}])"
    for tag, attributes in _FRAMES.items():
        for node in selector.xpath(f"//{tag}[{inside}]"):
            for attribute in attributes:
                yield from _shown(base, node.attrib.get(attribute), source, port)
    for node in _anchors(selector, source, inside, on_article=on_article):
        link = join(base, node.attrib["href"])
        if link is None or is_article(link, source, port=port):
            continue
        said = " ".join([*node.xpath(".//text()").getall(), node.attrib.get("title", "")])
        if _is_file(link) or "download" in node.attrib or patterns.words.search(" ".join(said.split())[:500]):
            yield link
        else:
            yield from (inner for inner in _inner(link) if _is_file(inner))


def _anchors(selector: Selector, source: Source, inside: str, *, on_article: bool) -> Iterator[Selector]:
    bodies = [node for css in source.body_selectors for node in selector.css(css)] if on_article else []
    for node in bodies:
        yield from node.xpath(".//a[@href]")
    blocks = f"[ancestor::*[{_patterns().blocks}]]" if bodies else ""
    yield from selector.xpath(f"//a[@href][{inside}]{blocks}")


def _shown(base: str, src: str | None, source: Source, port: int | None) -> Iterator[str]:
    """Yield the file that a frame shows: itself, or what its viewer is told to show."""
    link = join(base, src) if src else None
    if link is None:
        return
    viewer = _patterns().viewers.search(link) is not None
    inner = [
        each
        for each in _inner(link)
        if _is_file(each) or (viewer and not is_article(each, source, port=port))
    ]
    if inner:
        yield inner[0]
    elif _is_file(link):
        yield link


def _inner(link: str) -> Iterator[str]:
    """Yield the web addresses in the parameters by which viewers are told what to show."""
    for name, value in parse_qsl(urlsplit(link).query):
        if name.lower() in _patterns().viewer_parameters and ("/" in value or "." in value):
            inner = join(link, value)
            if inner:
                yield inner


def _is_file(link: str) -> bool:
    parts = urlsplit(link)
    known = _patterns().read | _patterns().unsupported
    query = f"?{unquote(parts.query)}" if parts.query else ""
    return _extension(link) in known or _patterns().path.search(parts.path + query) is not None


def _extension(link: str) -> str:
    return urlsplit(link).path.rpartition("/")[2].rpartition(".")[2].lower()


@functools.cache
def _patterns() -> _Patterns:
    """Return data/attachments.toml; raises KeyError or regex.error when it is broken."""
    with PATTERNS_PATH.open("rb") as file:
        rows: dict[str, Any] = tomllib.load(file)
    outside = [*(f"self::{tag}" for tag in rows["outside_tags"]), *map(_has_word, rows["outside"])]
    return _Patterns(
        read=frozenset(rows["read"]),
        unsupported=frozenset(rows["unsupported"]),
        path=regex.compile("|".join(rows["paths"]), regex.IGNORECASE),
        words=regex.compile("|".join(rows["words"]), regex.IGNORECASE),
        viewers=regex.compile("|".join(rows["viewers"]), regex.IGNORECASE),
        viewer_parameters=frozenset(rows["viewer_parameters"]),
        blocks=" or ".join(_has_word(word) for word in rows["blocks"]),
        outside=f"not(self::html or self::body) and ({' or '.join(outside)})",
        volatile=frozenset(rows["volatile"]),
    )


def _has_word(word: str) -> str:
    """Return the XPath condition that a class word or the id of an element begins with `word`."""
    words = "concat(' ', normalize-space(@class), ' ', @id)"
    return f"contains(translate({words}, '{ascii_uppercase}', '{ascii_lowercase}'), ' {word}')"
