"""Tells an article from a refusal that looks like one: captcha, firewall, soft 404, a way home."""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import regex
from charset_normalizer import from_bytes
from parsel import Selector

from crawler.addresses import identity, is_article, join
from crawler.content import elements
from store.records import Source

REFUSALS_PATH = Path(__file__).resolve().parent.parent / "data" / "refusals.toml"
COUNTER_OF = {  # names of data/refusals.toml → counters
    "captcha page": "captcha",
    "page of a web application firewall": "blocked",
    "page that only sets a cookie and reloads": "reload",
    "page that only forwards to another": "forward",
    "soft 404: the article does not exist": "soft_404",
    "page for readers who are logged in": "login",
    "page of a server error": "server_error",
}

_BODY = 200  # characters in the body selectors that make a page an article whatever else it says
_SNIFFED = 2048  # bytes looked at to tell HTML
_MARKUP = regex.compile(rb"<(?:!doctype|html|head|body|meta|title|div|p|script)\b", regex.IGNORECASE)
_SPACE = regex.compile(r"\s++")
_VISIBLE = "//body//text()[not(parent::script or parent::style or parent::noscript or parent::template)]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One kind of refusal of data/refusals.toml; a pattern that is None is not looked for."""

    counter: str
    title: regex.Pattern[str] | None
    text: regex.Pattern[str] | None
    source: regex.Pattern[str] | None
    longest: int


@functools.cache
def kinds() -> tuple[Kind, ...]:
    """Return the kinds of data/refusals.toml in their order; raises KeyError or regex.error when broken."""
    with REFUSALS_PATH.open("rb") as file:
        rows = tomllib.load(file)["refusal"]
    return tuple(
        Kind(
            counter=COUNTER_OF.get(row["name"], "no_article"),
            longest=row["longest"],
            **{
                key: regex.compile(row[key], regex.IGNORECASE) if key in row else None
                for key in ("title", "text", "source")
            },
        )
        for row in rows
    )


def refusal(
    body: bytes,
    *,
    asked: str,
    final: str,
    source: Source,
    port: int | None = None,
    parse: Callable[[], Selector] | None = None,
) -> str | None:
    """Return the counter under which an answer with status 200 is refused as an article; None for an article.

    `asked` is the article's address, `final` the one that answered after redirects. `parse` gives what
    `parsed` makes of the body, for callers that want it too: it is the costly part.
    """
    if not body.strip():
        return "empty"
    if body.startswith(b"%PDF-"):
        return None
    led_away = _led_away(asked, final, source, port)
    if led_away:
        return led_away
    if not _MARKUP.search(body[:_SNIFFED]):
        return "not_a_page"
    selector = parse() if parse else parsed(body)
    kind = None if _has_body(selector, source) else _by_kind(selector)
    return kind or ("other_article" if _is_another(selector, asked, final, source, port) else None)


def parsed(body: bytes) -> Selector:
    """Return a body to be searched; the bytes themselves are parsed where they are UTF-8, as most are."""
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return Selector(text=decoded(body), type="html")
    return Selector(body=body, encoding="utf-8", type="html")


def decoded(body: bytes) -> str:
    """Return bytes as text for judging, never for keeping: UTF-8 where they are, else the likeliest guess."""
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        best = from_bytes(body[:200_000]).best()
        return body.decode(best.encoding if best else "utf-8", errors="replace")


def _led_away(asked: str, final: str, source: Source, port: int | None) -> str | None:
    if asked == final or identity(asked, source, port=port) == identity(final, source, port=port):
        return None
    if is_article(final, source, port=port):
        return None  # moved: kept under the address that answers
    path = urlsplit(final).path.rstrip("/")
    sections = {urlsplit(url).path.rstrip("/") for url in source.start_urls}
    return "home" if not path or path in sections else "elsewhere"


def _has_body(selector: Selector, source: Source) -> bool:
    return any(map(_has_text, elements(selector.root, source.body_selectors)))


def _has_text(root: Any) -> bool:
    """Return whether an element holds as much text as an article, scripts apart; looks no further."""
    length = 0
    for element in root.iter():
        if isinstance(element.tag, str) and element.tag != "script":
            length += _visible_length(element.text)
        if element is not root:
            length += _visible_length(element.tail)
        if length >= _BODY:
            return True
    return False


def _visible_length(text: str | None) -> int:
    """Return the length of text and the space after it, runs of white space counted as one."""
    words = text.split() if text else []
    return sum(map(len, words)) + len(words)


def _is_another(selector: Selector, asked: str, final: str, source: Source, port: int | None) -> bool:
    """Return whether the page calls itself by the address of another article of this source.

    Sites that route by id alone answer an id that is gone with whatever they have. A canonical address
    on a host that is not declared proves nothing: archives still name their former domain.
    """
    if source.article_id_pattern is None:
        return False
    declared = (link.get("href") for link in selector.root.iter("link") if link.get("rel") == "canonical")
    href = next(declared, None)
    own = join(final, href) if href else None
    if own is None or not is_article(own, source, port=port):
        return False
    said = identity(own, source, port=port)
    return said not in (identity(asked, source, port=port), identity(final, source, port=port))


def _by_kind(selector: Selector) -> str | None:
    """Return the kind of refusal that a page without an article is; each of its lines is judged too.

    A refusal inside the site's own frame of menus and footers is long as a page and short as a line.
    """
    text = _SPACE.sub(" ", " ".join(selector.xpath(_VISIBLE).getall())).strip()
    markup = selector.get()
    titles = _lines(selector, "title, h1")
    lines = titles + _lines(selector, "h2, h3, p")
    for kind in kinds():
        if kind.title and any(map(kind.title.fullmatch, [*titles, text])):
            return kind.counter
        if kind.text and any(kind.text.search(part) for part in [text, *lines] if len(part) <= kind.longest):
            return kind.counter
        if kind.source and len(text) <= kind.longest and kind.source.search(markup):
            return kind.counter
    return None if text else "empty"


def _lines(selector: Selector, css: str) -> list[str]:
    return [_SPACE.sub(" ", " ".join(node.xpath(".//text()").getall())).strip() for node in selector.css(css)]
