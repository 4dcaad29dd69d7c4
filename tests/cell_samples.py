"""Tables written as lines, the articles that hold them, and what is read of their figures."""

from __future__ import annotations

from typing import Any

from lxml.html import fromstring

from extract import pipeline
from extract.cleaning.compose import compose
from extract.cleaning.tables import Grid, read_grid
from store.records import Article, Figure

TITLE = "Kinh tế giữ đà tăng"


def grid(rows: str) -> Grid:
    """Return the table of lines whose cells are parted by "|"; "^3" and ">2" at a cell's end merge it."""
    html = ""
    for line in rows.strip().splitlines():
        cells = ""
        for cell in line.split("|"):
            words = cell.split()
            spans = {"^": "rowspan", ">": "colspan"}
            merged = [word for word in words if word[0] in spans and word[1:].isdigit()]
            attributes = " ".join(f"{spans[word[0]]}={word[1:]}" for word in merged)
            cells += f"<td {attributes}>{' '.join(word for word in words if word not in merged)}</td>"
        html += f"<tr>{cells}</tr>"
    found = read_grid(fromstring(f"<table>{html}</table>"))
    assert found is not None
    return found


def article(*parts: str | Grid, **fields: Any) -> Article:
    """Return an article of paragraphs and tables."""
    composed = compose([TITLE, *parts])
    known = {"site_province": "Cao Bằng", "published": "2025-10-06", **fields}
    return Article(id="a", url="", title=TITLE, text=composed.text, tables=composed.tables, **known)


def extract(*parts: str | Grid, **fields: Any) -> list[Figure]:
    """Return the figures of such an article."""
    return pipeline.extract(article(*parts, **fields), nlp=False)


def brief(figures: list[Figure], *names: str) -> list[tuple[Any, ...]]:
    """Return the surface of each figure and these fields of it."""
    return [(figure.surface, *(getattr(figure, name) for name in names)) for figure in figures]
