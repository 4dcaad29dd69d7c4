"""Title, lead and author of a page."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import regex
from lxml.html import HtmlElement

from extract.cleaning.boilerplate import rules, without_remains
from extract.cleaning.markup import leaves, one_line, select, select_texts, text_of, with_class
from store.records import Source

_LONGEST = 2000  # characters of a title or lead; an element left open runs on through the page
_MAX_JSON = 500_000  # characters of one JSON-LD script
_ARTICLE_TYPES = frozenset(
    ("Article", "NewsArticle", "ReportageNewsArticle", "AnalysisNewsArticle", "BlogPosting")
)
_SITE_NAME = regex.compile(
    r"\b(?:báo|đài|cổng|trang|tạp chí|online|newspaper|portal)\b|\.vn\b|\.com\b", regex.IGNORECASE
)
_SEPARATOR = regex.compile(r"\s+[-–—|»:]\s+")
_NOT_ALNUM = regex.compile(r"[^\p{L}\p{N}]+")
_BYLINE = regex.compile(
    r"^(?:tác giả|bài(?: và ảnh|, ảnh)?|nhóm (?:pv|phóng viên)|theo)\s*:\s*|^by\s+", regex.IGNORECASE
)
_TITLES = 'h2, h3, [class*="title"], [class*="Title"], [class*="header"], [class*="Header"]'
# Where papers of unknown layout put the lead; a description alone may have been written for search engines.
_LEADS = (
    "article__sapo",
    "sapo",
    "sc-longform-header-sapo",
    "chapeau",
    "article-summary",
    "ArticleSummary",
    "detail-sapo",
    "news-sapo",
    "summary",
    "lead",
)
_AUTHORS = ("article__author", "author-name", "author", "pseudonym")


@dataclass(frozen=True, slots=True)
class Found:
    """A text of the page and the element that shows it; None for one that only the head states."""

    text: str
    element: HtmlElement | None = None


def comparable(text: str) -> str:
    """Return only the letters and digits of `text`, in lower case, to compare two wordings."""
    return _NOT_ALNUM.sub("", text.lower())


def json_ld(root: HtmlElement) -> list[dict[str, Any]]:
    """Return the article records that the page's JSON-LD states, unreadable scripts left out."""
    found: list[dict[str, Any]] = []
    for script in root.iter("script"):
        if "ld+json" not in (script.get("type") or "") or not script.text or len(script.text) > _MAX_JSON:
            continue
        try:
            data = json.loads(script.text, strict=False)
        except (ValueError, RecursionError):
            continue
        found += [node for node in _nodes(data) if _types(node) & _ARTICLE_TYPES]
    return found


def _nodes(data: Any) -> Iterator[dict[str, Any]]:
    for item in data if isinstance(data, list) else [data]:
        if not isinstance(item, dict):
            continue
        yield item
        graph = item.get("@graph")
        yield from (node for node in graph if isinstance(node, dict)) if isinstance(graph, list) else ()


def _types(node: dict[str, Any]) -> set[str]:
    kind = node.get("@type")
    return {str(value) for value in (kind if isinstance(kind, list) else [kind])}


def meta(root: HtmlElement, *names: str) -> str | None:
    """Return the content of the first meta element of these names (`name`, `property` or `itemprop`)."""
    for name in names:
        for element in root.iter("meta"):
            named = name in (element.get("property"), element.get("name"), element.get("itemprop"))
            if named and (text := one_line(element.get("content") or "")):
                return text
    return None


def find_title(root: HtmlElement, source: Source | None, records: list[dict[str, Any]]) -> Found:
    """Return the headline: of what the selectors or h1 find, the one that the head of the page confirms.

    The first h1 is a breadcrumb on some sites. The text is empty when the page has no title at all.
    """
    stated = _stated_titles(root, records)
    declared = source.title_selectors if source else ()
    fallback: Found | None = None
    for selector in (*declared, "h1", _TITLES):
        found = [Found(without_remains(text), element) for element, text in _matches(root, selector)]
        confirmed = [one for one in found if any(_agree(one.text, title) for title in stated)]
        if confirmed:
            return max(confirmed, key=lambda one: len(one.text))
        if fallback is None and found and (selector in declared or not stated):
            fallback = found[0]
    if fallback is not None:
        return fallback
    return Found(_without_site(stated[0])) if stated else Found("")


def _matches(root: HtmlElement, selector: str) -> Iterator[tuple[HtmlElement | None, str]]:
    if "::" in selector or selector.lstrip().startswith("meta"):
        for text in select_texts(root, (selector,)):
            yield None, text
        return
    for element in select(root, selector):
        if (text := text_of(element)) and len(text) <= _LONGEST:
            yield element, text


def _stated_titles(root: HtmlElement, records: list[dict[str, Any]]) -> list[str]:
    titles = [one_line(str(node["headline"])) for node in records if isinstance(node.get("headline"), str)]
    titles = [title for title in (meta(root, "og:title"), meta(root, "twitter:title"), *titles) if title]
    title = root.find(".//title")
    if title is not None and (text := text_of(title)):
        titles.append(text)
    return [without_remains(title) for title in titles]


def _agree(shown: str, stated: str) -> bool:
    """Whether the head's wording is this title, cut short or with a site name behind it."""
    one, other = comparable(shown), comparable(stated)
    if not one or not other:
        return False
    if other.startswith(one):
        return one == other or len(one) >= 12
    return one.startswith(other) and 2 * len(other) >= len(one)


def _without_site(title: str) -> str:
    parts = list(_SEPARATOR.finditer(title))
    if parts and _SITE_NAME.search(title[parts[-1].end() :]) and len(title[: parts[-1].start()]) >= 12:
        return title[: parts[-1].start()].strip()
    return title


def find_lead(root: HtmlElement, source: Source | None) -> Found | None:
    """Return the lead; None when none is declared that matches, and none can be seen on the page."""
    for selector in source.lead_selectors if source else ():
        for element, text in _matches(root, selector):
            if len(text) >= 15:
                return Found(without_remains(text), element)
    description = meta(root, "og:description", "description")
    for element in with_class(root, _LEADS):
        text = text_of(element)
        if 40 <= len(text) <= 1500 and (description is None or _same_beginning(text, description)):
            return Found(without_remains(text), element)
    return _shown(root, description) if description and len(description) >= 40 else None


def _shown(root: HtmlElement, description: str) -> Found | None:
    """Return the block that shows the description, whole even where the head cuts it; None when none does."""
    for leaf in leaves(root):
        text = text_of(leaf)
        if len(text) >= 40 and _same_beginning(text, description):
            return Found(without_remains(text), leaf)
    return None


def _same_beginning(shown: str, stated: str) -> bool:
    length = min(80, max(30, len(comparable(stated)) - 3))
    one = comparable(rules().agency.sub("", shown, count=1))[:length]
    other = comparable(rules().agency.sub("", stated, count=1))[:length]
    return len(one) >= 25 and (one == other or one.startswith(other) or other.startswith(one))


def find_author(root: HtmlElement, source: Source | None, records: list[dict[str, Any]]) -> str | None:
    """Return who signed the article; None when nobody, or only the paper itself."""
    candidates = [*select_texts(root, source.author_selectors if source else ()), *_stated_authors(records)]
    if (stated := meta(root, "author", "article:author")) is not None:
        candidates.append(stated)
    candidates += select_texts(root, ('[rel="author"]', '[itemprop="author"]'))
    candidates += [text_of(element) for element in with_class(root, _AUTHORS)]
    for text in candidates:
        name = _BYLINE.sub("", without_remains(text)).strip(" -–—|,.")
        if 2 <= len(name) <= 80 and not _SITE_NAME.search(name) and not any(map(str.isdigit, name)):
            return name
    return None


def _stated_authors(records: list[dict[str, Any]]) -> Iterator[str]:
    for node in records:
        author = node.get("author")
        for one in author if isinstance(author, list) else [author]:
            name = one.get("name") if isinstance(one, dict) else one
            if isinstance(name, str):
                yield one_line(name)
