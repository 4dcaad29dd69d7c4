"""Tells an article from a refusal that looks like one: captcha, firewall, soft 404, a way home."""

from __future__ import annotations

import functools
import tomllib
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import regex
from charset_normalizer import from_bytes
from parsel import Selector

from crawler.addresses import identity, is_article, join
from store.records import Source

RULES_PATH = Path(__file__).resolve().parent.parent / "data" / "answers.toml"

_BODY = 200  # characters in the body selectors that make a page an article whatever else it says
_SNIFFED = 2048  # bytes looked at to tell HTML
_MARKUP = regex.compile(rb"<(?:!doctype|html|head|body|meta|title|div|p|script)\b", regex.IGNORECASE)
_SPACE = regex.compile(r"\s++")


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerRule:
    """One row of data/answers.toml."""

    name: str
    where: str
    max_bytes: int
    pattern: regex.Pattern[str]
    example: str


@functools.cache
def answer_rules() -> tuple[AnswerRule, ...]:
    """Return the rules of data/answers.toml in their order; raises KeyError or regex.error when broken."""
    with RULES_PATH.open("rb") as file:
        rows = tomllib.load(file)["answer"]
    return tuple(
        AnswerRule(**{**row, "pattern": regex.compile(row["pattern"], regex.IGNORECASE)}) for row in rows
    )


def refusal(body: bytes, *, asked: str, final: str, source: Source, port: int | None = None) -> str | None:
    """Return the counter under which an answer with status 200 is refused as an article; None for an article.

    `asked` is the article's address, `final` the one that answered after redirects.
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
    selector = Selector(text=decoded(body))
    if _has_body(selector, source):
        return "other_article" if _is_another(selector, asked, final, source, port) else None
    return _by_rule(selector, body) or _without_text(selector)


def decoded(body: bytes) -> str:
    """Return bytes as text for judging, never for keeping: UTF-8 where they are, else the likeliest guess."""
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        best = from_bytes(body[:200_000]).best()
        return body.decode(best.encoding if best else "utf-8", errors="replace")


def _led_away(asked: str, final: str, source: Source, port: int | None) -> str | None:
    if identity(asked, source, port=port) == identity(final, source, port=port):
        return None
    if is_article(final, source, port=port):
        return None  # moved: kept under the address that answers
    path = urlsplit(final).path.rstrip("/")
    sections = {urlsplit(url).path.rstrip("/") for url in source.start_urls}
    return "home" if not path or path in sections else "elsewhere"


def _has_body(selector: Selector, source: Source) -> bool:
    return any(
        len(_SPACE.sub(" ", " ".join(node.xpath(".//text()[not(parent::script)]").getall()))) >= _BODY
        for css in source.body_selectors
        for node in selector.css(css)
    )


def _is_another(selector: Selector, asked: str, final: str, source: Source, port: int | None) -> bool:
    """Return whether the page calls itself by the address of another article of this source.

    Sites that route by id alone answer an id that is gone with whatever they have. A canonical address
    on a host that is not declared proves nothing: archives still name their former domain.
    """
    href = selector.css('link[rel="canonical"]::attr(href)').get()
    own = join(final, href) if href else None
    if own is None or source.article_id_pattern is None or not is_article(own, source, port=port):
        return False
    said = identity(own, source, port=port)
    return said not in (identity(asked, source, port=port), identity(final, source, port=port))


def _by_rule(selector: Selector, body: bytes) -> str | None:
    markup = selector.get()
    headings = _lines(selector, "title, h1, h2")
    searched = {
        "markup": [markup],
        "headings": headings,
        "lines": headings + _lines(selector, "h3, p, td, li"),
    }
    for rule in answer_rules():
        if len(body) <= rule.max_bytes and any(rule.pattern.search(text) for text in searched[rule.where]):
            return rule.name
    return None


def _without_text(selector: Selector) -> str | None:
    text = selector.xpath("//body//text()[not(parent::script or parent::style or parent::noscript)]").getall()
    return None if any(part.strip() for part in text) else "empty"


def _lines(selector: Selector, css: str) -> list[str]:
    return [_SPACE.sub(" ", " ".join(node.xpath(".//text()").getall())).strip() for node in selector.css(css)]
