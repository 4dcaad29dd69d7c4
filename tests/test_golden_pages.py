"""Every golden page gives the article written beside it, with and without its source's declaration."""

from __future__ import annotations

import json
from typing import Any

import pytest

from extract.clean import clean
from tests.make_golden_pages import DECOY, PAGES, expected, faults, golden_pages, page_of, source_of

ROWS = golden_pages()
# Portals without a heading, or with a short text in one block: only a declaration reads them right.
NEEDS_SOURCE = {"articleheader", "sharepoint"}


def wanted(row: dict[str, Any]) -> dict[str, Any]:
    read: dict[str, Any] = json.loads((PAGES / f"{row['file']}.json").read_text(encoding="utf-8"))
    return read


@pytest.mark.parametrize("row", ROWS, ids=[row["file"] for row in ROWS])
def test_declared_page(row: dict[str, Any]) -> None:
    article = clean(page_of(row), source_of(row))
    assert not faults(row, article)
    assert json.loads(json.dumps(expected(article))) == wanted(row)
    for table in article.tables:
        for cell in table.cells:
            assert cell.start == -1 or article.text[cell.start : cell.end] == cell.text


@pytest.mark.parametrize("row", ROWS, ids=[row["file"] for row in ROWS])
def test_page_of_an_unknown_site(row: dict[str, Any]) -> None:
    article = clean(page_of(row))
    if row["file"] in NEEDS_SOURCE:
        assert set(wanted(row)["text"][2:5]) & set(article.text.split("\n"))
        return
    assert article.text.split("\n") == wanted(row)["text"]
    assert DECOY not in article.text


def test_incomplete_pages_are_refused() -> None:
    row = ROWS[0] | {"tables": 5}
    assert faults(row, clean(page_of(row), source_of(row))) == ["1 tables"]


def test_all_pages_are_listed() -> None:
    files = {row["file"] for row in ROWS}
    assert (
        {path.stem for path in PAGES.glob("*.html")} == files == {path.stem for path in PAGES.glob("*.json")}
    )
