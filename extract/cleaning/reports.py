"""Reports that are no web pages: PDF, Word and plain text made into articles."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

import regex

from extract.cleaning.compose import compose
from extract.cleaning.dates import offset
from extract.cleaning.decode import decode
from extract.cleaning.letterhead import is_form, signed_on, title_lines
from extract.cleaning.markup import one_line
from extract.cleaning.paragraphs import full_width, is_wrapped, join_lines
from extract.cleaning.parsing import read_apart
from extract.cleaning.report_pages import Pages
from extract.cleaning.whose import province_of
from extract.errors import CleanError
from store.records import Article, Page, Source

MAX_REPORT_BYTES = 64 * 1024 * 1024
Kind = Literal["html", "text", "pdf", "word"]
_TAG = regex.compile(
    r"<(?:!doctype\s+html|html|head|body|div|p|article|section|table|meta|title|h[1-6]|span|script)\b",
    regex.IGNORECASE,
)
_LONGEST_TITLE = 250  # characters of the first line of a text file that can be its title


def kind_of(page: Page) -> Kind:
    """Return what the bytes of `page` are; of text without tags, whether the server calls it HTML."""
    if b"%PDF-" in page.body[:1024]:
        return "pdf"
    if page.body.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        return "word"
    if "html" in (page.content_type or ""):
        return "html"
    return "html" if _TAG.search(page.body[:8192].replace(b"\x00", b"").decode("latin-1")) else "text"


def read_report(page: Page, kind: Kind, source: Source | None, *, cleaner_version: str) -> Article:
    """Return the article of a PDF, Word or text `page`.

    The title goes first, the rest keeps its order. Raises CleanError when there is nothing to read.
    """
    if len(page.body) > MAX_REPORT_BYTES:
        raise CleanError(
            f"the file has {len(page.body):,} bytes, more than the {MAX_REPORT_BYTES:,} that are read"
        )
    pages = _pages(page, kind)
    formal = kind != "text"
    lines = [part if isinstance(part, str) else "" for part in pages.parts]
    first, last = title_lines(lines) if formal else _first_line(lines)
    title = " ".join(lines[first:last])
    # Removed parts stay as empty ones, so that the beginnings of pages still point at the right part.
    removed = {
        *range(first, last),
        *(number for number, line in enumerate(lines) if formal and is_form(line)),
    }
    rest = ["" if number in removed else part for number, part in enumerate(pages.parts)]
    composed = compose([title, *rest])
    if not composed.text:
        raise CleanError("the file has no text")
    zone = offset(source.utc_offset if source else "+07:00")
    today = datetime.fromisoformat(page.fetched_at).astimezone(zone).date()
    signed = signed_on(lines, today) if formal else None
    day = signed[0] if signed else None
    whose = province_of(source, url=page.url, published=day, opening=filter(None, lines[last:]))
    return Article(
        id=page.id,
        url=page.url,
        title=title,
        text=composed.text,
        source=page.source,
        site_province=whose.province,
        published=day,
        published_raw=signed[1] if signed else None,
        tables=composed.tables,
        page_starts=_page_starts(pages, composed.starts[1:], len(composed.text)),
        doubts=whose.doubts,
        cleaner_version=cleaner_version,
    )


def _pages(page: Page, kind: Kind) -> Pages:
    if kind != "text":
        return read_apart(kind, page.body)
    lines = [one_line(line) for line in decode(page.body, page.content_type).text.split("\n")]
    joined = join_lines(lines, full_width(lines)) if is_wrapped(lines) else [line for line in lines if line]
    return Pages(tuple(joined))


def _first_line(lines: Sequence[str]) -> tuple[int, int]:
    """Return the range of the title of a text file: its first line, unless that is a paragraph."""
    return (0, 1) if lines and len(lines[0]) <= _LONGEST_TITLE else (0, 0)


def _page_starts(pages: Pages, starts: Sequence[int], length: int) -> tuple[int, ...]:
    """Return the offsets where pages begin: the first with the title, an empty one where the next does."""
    found: list[int] = []
    for part, inside in pages.starts:
        if part < len(starts) and starts[part] >= 0:
            found.append(starts[part] + inside)
        else:
            found.append(next((start for start in starts[part:] if start >= 0), length))
    return (0, *found[1:]) if found else ()
