"""Pages to articles: what the paper printed, without what the site put around it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from lxml.html import HtmlElement

from extract.cleaning.attached import completed
from extract.cleaning.boilerplate import rules
from extract.cleaning.compose import compose
from extract.cleaning.date_places import shows_date
from extract.cleaning.dates import Published, weigh_published
from extract.cleaning.decode import decode
from extract.cleaning.doubts import doubts_around, doubts_of_day, in_order, is_vietnamese
from extract.cleaning.fields import Found, comparable, find_author, find_lead, find_title, json_ld
from extract.cleaning.inline_body import script_body
from extract.cleaning.main_text import MIN_BODY, declared_body, read_body
from extract.cleaning.markup import drop_silent, parse_html, text_of
from extract.cleaning.refusals import find_refusal
from extract.cleaning.reports import kind_of, read_report
from extract.cleaning.tables import Grid
from extract.cleaning.whose import province_of
from extract.errors import CleanError
from store.records import Article, Page, Source

__all__ = ["CLEANER_VERSION", "CleanError", "clean"]

CLEANER_VERSION = "2"  # raise it when the same page would give another article
MAX_HTML_BYTES = 16 * 2**20
_OPENING_LINES = 4  # where the head of an article is repeated inside its body


@dataclass(frozen=True, slots=True)
class _Head:
    title: Found
    lead: Found | None
    author: str | None
    published: Published | None
    date_unclear: bool


def clean(page: Page, source: Source | None = None, linking: Page | None = None) -> Article:
    """Return the article of `page`, read as `source` declares it; without a source by general rules.

    PDF, Word and plain text are told by their bytes and read as reports, whatever the server called them.
    `linking` is the page on which a report hangs: it gives the date and the province that the report lacks.
    Raises CleanError, which says in one sentence why the page has no article.
    """
    if page.status >= 400:
        raise CleanError(f"the server answered with status {page.status}")
    if (kind := kind_of(page)) != "html":
        report = read_report(page, kind, source, cleaner_version=CLEANER_VERSION)
        return report if linking is None else _completed(report, linking, source)
    if len(page.body) > MAX_HTML_BYTES:
        raise CleanError(
            f"the page has {len(page.body):,} bytes, more than the {MAX_HTML_BYTES:,} that are read"
        )
    markup = decode(page.body, page.content_type).text
    root = parse_html(markup)
    records, body = json_ld(root), declared_body(root, source)
    has_body = body is not None and len(text_of(body)) >= MIN_BODY
    scripted = None if has_body else script_body(root)
    drop_silent(root)
    if (refusal := find_refusal(markup, root, text_of(root), has_body=has_body)) is not None:
        raise CleanError(refusal)
    head = _read_head(root, page, source, records)
    around = doubts_around(root, page)
    parts, lead = _without_head(read_body(root, source, body, scripted), head)
    composed = compose([head.title.text, lead, *parts])
    if source and source.languages == ("vi",) and is_vietnamese(composed.text) is False:
        raise CleanError("the text is not in Vietnamese")
    day = head.published.iso if head.published else None
    opening = (part for part in (lead, *parts) if isinstance(part, str) and part)
    whose = province_of(source, url=page.url, published=day, opening=opening)
    return Article(
        id=page.id,
        url=page.url,
        title=head.title.text,
        text=composed.text,
        source=page.source,
        site_province=whose.province,
        lead=head.lead.text if head.lead else None,
        author=head.author,
        published=day,
        published_raw=head.published.raw if head.published else None,
        tables=composed.tables,
        doubts=in_order({*around, *whose.doubts, *doubts_of_day(day, source, unclear=head.date_unclear)}),
        cleaner_version=CLEANER_VERSION,
    )


def _completed(report: Article, linking: Page, source: Source | None) -> Article:
    try:
        return completed(report, clean(linking, source))
    except CleanError:  # a page that is no article says nothing
        return report


def _read_head(root: HtmlElement, page: Page, source: Source | None, records: list[dict[str, Any]]) -> _Head:
    title = find_title(root, source, records)
    published, date_unclear = weigh_published(
        root,
        fetched_at=datetime.fromisoformat(page.fetched_at),
        url=page.url,
        source=source,
        records=records,
        title=title.element,
    )
    author = find_author(root, source, records)
    return _Head(title, find_lead(root, source), author, published, date_unclear)


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
