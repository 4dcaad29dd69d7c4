"""The bundled sample site, cleaned, is what its authors wrote: every paragraph and cell, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from crawler.sample_site import Paper, load_site, render
from extract.clean import clean
from extract.cleaning.markup import one_line
from store.records import Article, Page, Source
from store.sources import load_sources

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
ORIGIN = "http://127.0.0.1:8000"
SITE = load_site()


def declared(paper: Paper) -> Source:
    """Return the source whose articles lie below the paper's prefix."""
    prefix = paper.fields["prefix"]
    return next(
        source
        for source in load_sources().values()
        if source.kind == "sample" and any(prefix in url for url in source.start_urls)
    )


def cleaned(paper: Paper, written: Mapping[str, Any], source: Source | None) -> Article:
    answer = render(SITE, written["path"], origin=ORIGIN, now=NOW)
    page = Page(
        id="0",
        url=ORIGIN + written["path"],
        fetched_url=ORIGIN + written["path"],
        source="sample",
        fetched_at=NOW.isoformat(),
        status=answer.status,
        content_type=answer.content_type,
        body=answer.body,
    )
    return clean(page, source)


def written_lines(written: Mapping[str, Any]) -> Iterator[str]:
    yield from (one_line(written["title"]), one_line(written["lead"]))
    for block in written["blocks"]:
        if block["kind"] in ("paragraph", "subheading"):
            yield one_line(block["text"])


def written_cells(written: Mapping[str, Any]) -> list[str]:
    tables = [block["table"] for block in written["blocks"] if block["kind"] == "table"]
    cells = [cell for table in tables for row in (*table["header"], *table["rows"]) for cell in row]
    texts = [one_line(cell["text"] if isinstance(cell, Mapping) else cell) for cell in cells]
    return sorted(text for text in texts if text)


def captions(written: Mapping[str, Any]) -> set[str]:
    return {block["table"].get("caption") for block in written["blocks"] if block["kind"] == "table"}


@pytest.mark.parametrize("known", [True, False], ids=["declared", "unknown"])
@pytest.mark.parametrize("paper", SITE.papers, ids=[paper.fields["key"] for paper in SITE.papers])
def test_articles_of_the_sample_site(paper: Paper, known: bool) -> None:
    source = declared(paper) if known else None
    for written in paper.articles:
        article = cleaned(paper, written, source)
        rows = {
            row for table in article.tables for row in article.text[table.start : table.end].split("\n")
        } | captions(written)
        assert [line for line in article.text.split("\n") if line not in rows] == list(written_lines(written))
        cells = [cell for table in article.tables for cell in table.cells if cell.start >= 0]
        assert sorted(cell.text for cell in cells) == written_cells(written)
        assert all(article.text[cell.start : cell.end] == cell.text for cell in cells)
        assert article.title == one_line(written["title"])
        assert article.published == written["published"].isoformat()
        assert (article.author or "").lower() == written["author"].lower()
