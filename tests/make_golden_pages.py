"""Writes the expected article of every golden page: `python -m tests.make_golden_pages [NAME…]`.

Run it after adding a page to tests/pages/pages.toml, then read what it wrote before committing it: from then
on it is the specification. An article with something missing is refused and nothing is written for it.
"""

from __future__ import annotations

import json
import sys
import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any

from extract.clean import clean
from store.records import Article, Page, Source
from store.sources import load_sources

PAGES = Path(__file__).parent / "pages"
DECOY = "987"  # begins every number on the golden pages that is not the article's own


def golden_pages() -> list[dict[str, Any]]:
    """Return the rows of tests/pages/pages.toml."""
    rows: list[dict[str, Any]] = tomllib.loads((PAGES / "pages.toml").read_text(encoding="utf-8"))["page"]
    return rows


def page_of(row: dict[str, Any]) -> Page:
    """Return the golden page of `row` as the crawler would hand it over."""
    return Page(
        id=row["file"],
        url=row["url"],
        fetched_url=row["url"],
        source=row.get("source", row["file"]),
        fetched_at=row["fetched_at"],
        status=200,
        content_type=row.get("content_type", "text/html"),
        body=(PAGES / f"{row['file']}.html").read_bytes(),
    )


def source_of(row: dict[str, Any]) -> Source:
    """Return the declaration that `row` names, or the one that it brings."""
    if "source" in row:
        return load_sources()[row["source"]]
    declared = {key: tuple(value) for key, value in row["declared"].items()}
    empty = Source(id=row["file"], name=row["file"], kind="portal", family="golden", province=None, hosts=())
    return replace(empty, **declared)


def expected(article: Article) -> dict[str, Any]:
    """Return what of `article` a golden page pins, as JSON holds it."""
    return {
        "title": article.title,
        "lead": article.lead,
        "published": article.published,
        "author": article.author,
        "text": article.text.split("\n"),
        "tables": [
            {
                "caption": table.caption,
                "lines": article.text[table.start : table.end].split("\n"),
                "cells": [
                    [cell.row, cell.column, cell.text, cell.start >= 0, cell.header] for cell in table.cells
                ],
            }
            for table in article.tables
        ],
    }


def faults(row: dict[str, Any], article: Article) -> list[str]:
    """Return why `article` cannot be what is expected of the golden page `row`; [] when it can."""
    found = [name for name in ("title", "lead", "published") if not getattr(article, name)]
    if bool(article.author) != row.get("author", True):
        found.append("author")
    if len(article.text.split("\n")) < 4:
        found.append("fewer than four lines")
    if len(article.tables) != row.get("tables", 0):
        found.append(f"{len(article.tables)} tables")
    if DECOY in article.text:
        found.append("text that is not the article's")
    return found


def main(names: list[str]) -> int:
    """Write the expected articles of the pages in `names`, or of all; return how many were refused."""
    refused = 0
    for row in golden_pages():
        if names and row["file"] not in names:
            continue
        article = clean(page_of(row), source_of(row))
        if wrong := faults(row, article):
            sys.stderr.write(f"{row['file']}: refused: {', '.join(wrong)}\n")
            refused += 1
            continue
        text = json.dumps(expected(article), ensure_ascii=False, indent=1)
        (PAGES / f"{row['file']}.json").write_text(text + "\n", encoding="utf-8")
    return refused


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
