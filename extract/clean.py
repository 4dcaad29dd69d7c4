"""Pages to articles: what the paper printed, without what the site put around it.

Where the source declares its body, that subtree is read block by block and nothing of it can get lost. On
other pages trafilatura finds the main text; it gets a tree whose paragraphs are already apart (it would glue
the text of nested divs: "300 hộ" and "400 hộ" to "300 hộ400 hộ") and whose tables are marked (it shifts their
columns). Never call it in threads: it crashes there.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import regex
import trafilatura
from lxml.html import HtmlElement

from extract.boilerplate import drop_pointers, is_boilerplate, prune, prune_general, rules, without_remains
from extract.compose import compose
from extract.date_places import shows_date
from extract.dates import Published, find_published
from extract.decode import decode
from extract.errors import CleanError
from extract.fields import Found, comparable, find_author, find_lead, find_title, json_ld
from extract.inline_body import script_body
from extract.markup import drop_silent, flatten_leaves, leaves, lines_of, parse_html, select, text_of, tidy
from extract.refusals import find_refusal
from extract.tables import Grid, render, table_at, take_tables
from store.records import Article, Page, Source

__all__ = ["CLEANER_VERSION", "CleanError", "clean"]

CLEANER_VERSION = "1"  # raise it when the same page would give another text
MIN_BODY = 50  # characters; a page with less is a photo page or no article
_HTML_TAGS = {
    "head": "h2",
    "list": "ul",
    "item": "li",
    "quote": "blockquote",
    "lb": "br",
    "row": "div",
    "cell": "div",
}
_DOCUMENT = regex.compile(r"\.(?:pdf|docx?|xlsx?)(?:$|[?#])|/documents/\d", regex.IGNORECASE)
# They report on stderr what CleanError says here.
logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
logging.getLogger("htmldate").setLevel(logging.CRITICAL)
_OPENING_LINES = 4  # where the head of an article is repeated inside its body


@dataclass(frozen=True, slots=True)
class _Head:
    title: Found
    lead: Found | None
    author: str | None
    published: Published | None


def clean(page: Page, source: Source | None = None) -> Article:
    """Return the article of `page`, read as `source` declares it; without a source by general rules.

    Raises CleanError, which says in one sentence why the page has no article.
    """
    if page.status >= 400:
        raise CleanError(f"the server answered with status {page.status}")
    markup = decode(page.body, page.content_type).text
    root = parse_html(markup)
    records, scripted = json_ld(root), script_body(root)
    drop_silent(root)
    body = _declared_body(root, source)
    has_body = body is not None and len(text_of(body)) >= MIN_BODY
    if (refusal := find_refusal(markup, root, text_of(root), has_body=has_body)) is not None:
        raise CleanError(refusal)
    head = _read_head(root, page, source, records)
    parts, lead = _without_head(_read_body(root, source, body, scripted), head)
    composed = compose([head.title.text, lead, *parts])
    return Article(
        id=page.id,
        url=page.url,
        title=head.title.text,
        text=composed.text,
        source=page.source,
        site_province=source.province if source else None,
        lead=head.lead.text if head.lead else None,
        author=head.author,
        published=head.published.iso if head.published else None,
        published_raw=head.published.raw if head.published else None,
        tables=composed.tables,
        cleaner_version=CLEANER_VERSION,
    )


def _read_head(root: HtmlElement, page: Page, source: Source | None, records: list[dict[str, Any]]) -> _Head:
    title = find_title(root, source, records)
    published = find_published(
        root,
        fetched_at=datetime.fromisoformat(page.fetched_at),
        url=page.url,
        source=source,
        records=records,
        title=title.element,
    )
    return _Head(title, find_lead(root, source), find_author(root, source, records), published)


def _read_body(
    root: HtmlElement, source: Source | None, body: HtmlElement | None, scripted: HtmlElement | None
) -> list[str | Grid]:
    """Return the paragraphs and tables of the declared body, of a script, or of what trafilatura finds.

    A declared body that is there but all but empty is not looked for elsewhere: the page around a photo story
    is full of other articles. Raises CleanError when there is too little text.
    """
    if body is not None and len(text_of(body)) < MIN_BODY and scripted is not None:
        body = scripted
    place = root if body is None else body
    pictures, attached = _pictures(place), _attachment(place)
    if body is not None:
        parts = _parts(body, source)
    else:
        parts = _parts(root, source, find_main=True)
        if scripted is not None and _length(parts) < min(4 * MIN_BODY, len(text_of(scripted))):
            parts = _parts(scripted, source)
    length = _length(parts)
    if length >= MIN_BODY:
        return parts
    if attached:
        raise CleanError("no body, only an attached document")
    if pictures and length:
        raise CleanError(f"photo page: {length} characters of text beside its pictures")
    raise CleanError(f"no body: {length} characters of text")


def _declared_body(root: HtmlElement, source: Source | None) -> HtmlElement | None:
    """Return the longest element of the first body selector that finds any text; None when none matches."""
    best: HtmlElement | None = None
    for selector in source.body_selectors if source else ():
        found = select(root, selector)
        if not found:
            continue
        longest = max(found, key=lambda element: len(text_of(element)))
        if len(text_of(longest)) >= MIN_BODY:
            return longest
        best = longest if best is None else best
    return best


def _parts(root: HtmlElement, source: Source | None, *, find_main: bool = False) -> list[str | Grid]:
    prune(root, source.drop_selectors if source else ())
    grids = take_tables(root)
    prune_general(root)
    tidy(root)
    drop_pointers(root)
    return list(_filled(_main_lines(root) if find_main else _lines(root), grids))


def _lines(root: HtmlElement) -> Iterator[str]:
    for leaf in leaves(root):
        yield from lines_of(leaf)


def _main_lines(root: HtmlElement) -> Iterator[str]:
    """Yield the lines of what trafilatura takes for the main text; nothing when it finds none."""
    flatten_leaves(root)
    document = trafilatura.bare_extraction(root, include_comments=False)
    if document is None or document.body is None:
        return
    main = document.body
    for element in main.iter():
        element.tag = _HTML_TAGS.get(element.tag, element.tag)
    tidy(main)
    yield from _lines(main)


def _filled(lines: Iterable[str], grids: list[Grid]) -> Iterator[str | Grid]:
    """Yield the lines without boilerplate, a grid in the place of its mark."""
    for line in lines:
        index = table_at(line)
        if index is not None and index < len(grids):
            yield grids[index]
        elif (text := without_remains(line)) and not is_boilerplate(text):
            yield text


def _without_head(parts: list[str | Grid], head: _Head) -> tuple[list[str | Grid], str]:
    """Return the parts without repetitions of the head, and the lead unless a part begins with it."""
    title = comparable(head.title.text)
    lead = comparable(_without_agency(head.lead.text)) if head.lead else ""
    signed = {comparable(text) for text in (head.author, head.published and head.published.raw) if text}
    kept: list[str | Grid] = []
    lead_in_body = False
    for number, part in enumerate(parts):
        if isinstance(part, Grid):
            kept.append(part)
            continue
        words = comparable(_without_agency(part))
        if (
            comparable(part) == title
            or comparable(part) in signed
            or (number < _OPENING_LINES and shows_date(part))
        ):
            continue
        if lead and (words == lead or (lead in words and len(words) < 1.2 * len(lead))):
            continue
        lead_in_body = lead_in_body or bool(lead and words.startswith(lead))
        kept.append(part)
    return kept, head.lead.text if head.lead and not lead_in_body and lead != title else ""


def _without_agency(text: str) -> str:
    return rules().agency.sub("", text, count=1) if rules().agency.match(text) else text


def _length(parts: list[str | Grid]) -> int:
    return sum(len(part) if isinstance(part, str) else len(render(part, 0)[0]) for part in parts)


def _pictures(root: HtmlElement) -> bool:
    return root.find(".//img") is not None or root.find(".//video") is not None


def _attachment(root: HtmlElement) -> bool:
    return any(_DOCUMENT.search(link.get("href") or "") for link in root.iter("a"))
