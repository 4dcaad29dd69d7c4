"""Finds the reports that hang on a page: links, embedded viewers, files without an extension. Pure functions.

What a file is, its bytes say, and neither its name nor its server. Names: crawler/file_names.py.
"""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal
from urllib.parse import parse_qsl, unquote, urlsplit

import regex
from parsel import Selector

from crawler.addresses import base_address, canonical, is_article, join, listing_address, with_port
from crawler.content import elements
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
    extensions: regex.Pattern[str]
    path: regex.Pattern[str]
    words: tuple[str, ...]
    viewers: regex.Pattern[str]
    viewer_parameters: frozenset[str]
    blocks: regex.Pattern[str]
    block_words: tuple[bytes, ...]
    outside: regex.Pattern[str]
    outside_tags: frozenset[str]
    volatile: frozenset[str]


def links(selector: Selector, body: bytes, url: str, source: Source, *, port: int | None = None) -> Links:
    """Return the files that a page fetched from `url` links or shows in a frame; `body` are its bytes.

    They stand in the body of an article, on another page among the links that `link_selector` finds, or
    in blocks of attachments. Empty for a source that takes no attachments.
    """
    if not source.max_attachment_bytes:
        return Links()
    found = list(dict.fromkeys(_candidates(selector, body, url, source, port)))
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


def is_file(link: str) -> bool:
    """Return whether an address looks like that of a file, by its end or by the path and query to it."""
    parts = urlsplit(link)
    known = _patterns().read | _patterns().unsupported
    query = f"?{unquote(parts.query)}" if parts.query else ""
    return _extension(link) in known or _patterns().path.search(parts.path + query) is not None


def kind_of(body: bytes) -> Kind:
    """Return what a file is by its bytes: a report that can be read, one that cannot, or none."""
    if b"%PDF-" in body[:_WITHIN]:
        return "pdf"
    if body.startswith(b"PK\x03\x04"):
        return "word" if b"word/document.xml" in body else "unsupported"
    old_office, rtf, rar = b"\xd0\xcf\x11\xe0", b"{\\rtf", b"Rar!"
    return "unsupported" if body.startswith((old_office, rtf, rar, b"7z\xbc\xaf")) else "other"


def _candidates(selector: Selector, body: bytes, url: str, source: Source, port: int | None) -> Iterator[str]:
    """Yield the addresses of files; what looks like none is passed over before anything costly is asked."""
    chosen = source.body_selectors if is_article(url, source, port=port) else (source.link_selector,)
    content = elements(selector.root, chosen)
    inside = set(content)
    base = url
    for number, node in enumerate(_links_and_frames(selector.root, content, body)):
        if number == 0:
            hrefs = (each.get("href") for each in selector.root.iter("base"))
            base = base_address(url, next((href for href in hrefs if href is not None), None), source.hosts)
        if node.tag == "a":
            found = _linked(base, node, source, port)
        else:
            found = [
                each for name in _FRAMES[node.tag] for each in _shown(base, node.get(name), source, port)
            ]
        if found and _counts(node, inside):
            yield from found


def _links_and_frames(root: Any, content: list[Any], body: bytes) -> Iterator[Any]:
    """Yield the links and frames that may count: of most pages those in the content, which are few."""
    lowered = body[max(body.find(b"<body"), 0) :].lower()  # styles and scripts are half of many a page
    if not content or any(word in lowered for word in _patterns().block_words):
        yield from root.iter("a", *_FRAMES)
        return
    for each in content:
        yield from each.iter("a", *_FRAMES)
    yield from root.iter(*_FRAMES)


def _counts(node: Any, content: set[Any]) -> bool:
    """Return whether a link or frame stands in the content of a page or in a block of attachments.

    On a page where no content was found it may stand anywhere but in what is the site's own.
    """
    for element in (node, *node.iterancestors()):
        if element in content:
            return True
        words = f" {element.get('class', '')} {element.get('id', '')}".lower()
        if _patterns().blocks.search(words):
            return True
        if element.tag in _patterns().outside_tags:
            return False
        if element.tag not in ("body", "html") and _patterns().outside.search(words):
            return False
    return not content or node.tag != "a"


def _linked(base: str, node: Any, source: Source, port: int | None) -> list[str]:
    """Return the file to which a link leads by its address, by its words, or in a viewer."""
    href = node.get("href")
    if not href or href.startswith(("#", "javascript:", "mailto:")):
        return []
    link = join(base, href) if _may_be_file(href) or _promises_file(node) else None
    if link is None or is_article(link, source, port=port):
        return []
    inner = [each for each in _inner(link) if is_file(each)]
    return inner if inner and not is_file(link.partition("?")[0]) else [link]


def _promises_file(node: Any) -> bool:
    said = " ".join([*node.itertext(), node.get("title", "")]).lower()
    return "download" in node.attrib or any(word in said for word in _patterns().words)


def _may_be_file(href: str) -> bool:
    return (
        _patterns().extensions.search(href) is not None or _patterns().path.search(unquote(href)) is not None
    )


def _shown(base: str, src: str | None, source: Source, port: int | None) -> Iterator[str]:
    """Yield the file that a frame shows: itself, or what its viewer is told to show."""
    link = join(base, src) if src else None
    if link is None:
        return
    viewer = _patterns().viewers.search(link)
    told = (each for each in _inner(link) if viewer or is_file(each))
    inner = [each for each in told if not is_article(each, source, port=port)]
    if inner:
        yield inner[0]
    elif is_file(link):
        yield link


def _inner(link: str) -> Iterator[str]:
    """Yield the web addresses in the parameters by which viewers are told what to show."""
    for name, value in parse_qsl(urlsplit(link).query):
        if name.lower() in _patterns().viewer_parameters and ("/" in value or "." in value):
            inner = join(link, value)
            if inner:
                yield inner


def _extension(link: str) -> str:
    return urlsplit(link).path.rpartition("/")[2].rpartition(".")[2].lower()


@functools.cache
def _patterns() -> _Patterns:
    """Return data/attachments.toml; raises KeyError or regex.error when it is broken."""
    with PATTERNS_PATH.open("rb") as file:
        rows: dict[str, Any] = tomllib.load(file)
    known = "|".join((*rows["read"], *rows["unsupported"]))
    return _Patterns(
        read=frozenset(rows["read"]),
        unsupported=frozenset(rows["unsupported"]),
        extensions=regex.compile(rf"\.(?:{known})(?:$|[?#;&])", regex.IGNORECASE),
        path=regex.compile("|".join(rows["paths"]), regex.IGNORECASE),
        words=tuple(rows["words"]),
        viewers=regex.compile("|".join(rows["viewers"]), regex.IGNORECASE),
        viewer_parameters=frozenset(rows["viewer_parameters"]),
        blocks=regex.compile(rf"\s(?:{'|'.join(map(regex.escape, rows['blocks']))})"),
        block_words=tuple(word.encode() for word in rows["blocks"]),
        outside=regex.compile(rf"\s(?:{'|'.join(map(regex.escape, rows['outside']))})"),
        outside_tags=frozenset(rows["outside_tags"]),
        volatile=frozenset(rows["volatile"]),
    )
