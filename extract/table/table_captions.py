"""The lines over a table: its caption, what it is about, the unit of all its numbers."""

from __future__ import annotations

from collections.abc import Iterator

import regex

from extract.table.headings import read_heading
from extract.table.sheets import Sheet
from extract.text import fold
from store.records import Article, Table

_LINES = 4
_LONGEST = 250
_PROSE = regex.compile(r"[.!?…][\"”')]?\s*$")


def captions_of(article: Article, text: str, table: Table, sheet: Sheet) -> tuple[str, ...]:
    """Return the lines that head a table, the nearest first: its own titles, its caption, lines over it."""
    over = [text[start:end] for start, end in lines_over(article, text, table)]
    named = [fold(table.caption)] if table.caption else []
    return tuple(dict.fromkeys((*reversed(sheet.titles), *named, *over)))


def lines_over(article: Article, text: str, table: Table) -> Iterator[tuple[int, int]]:
    """Yield the spans of up to four short lines over a table that are no sentences, from the table up."""
    end = table.start
    for _ in range(_LINES):
        end = text.rfind("\n", 0, end) if end > 0 else -1
        if end < 0:
            return
        start = text.rfind("\n", 0, end) + 1
        line = text[start:end].strip()
        in_table = any(other.start <= start < other.end for other in article.tables)
        if not line or in_table or len(line) > _LONGEST or _PROSE.search(line):
            return
        if start == 0 and line == fold(article.title).strip():
            return
        yield start, end


def unit_lines(article: Article, text: str, table: Table) -> Iterator[tuple[int, int]]:
    """Yield the lines over a table that say nothing but its unit."""
    for start, end in lines_over(article, text, table):
        heading = read_heading(text[start:end])
        if heading.unit is not None and not heading.words:
            yield start, end
