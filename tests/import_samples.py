"""Archives and saved pages of one paper, imported into a page database."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from crawler.archives.importing import ImportSummary, import_files
from crawler.archives.intake import COUNTERS
from crawler.counters import COUNTERS as REFUSALS
from store.pages import iter_pages, read_pages
from store.records import Page, Source
from tests.local_site import article
from tests.warc_fixtures import NOW, PAPER, record


def url(number: int) -> str:
    """Return the address of an article of the paper."""
    return f"https://bao.example.vn/tin-a{number}.html"


def page(number: int, **fields: Any) -> bytes:
    """Return the record of an article."""
    return record(url(number), article(number), **fields)


def imported(
    folder: Path, *paths: Path, sources: Sequence[Source] = (PAPER,), **options: Any
) -> ImportSummary:
    """Import files into the page database of a folder."""
    return import_files(paths, sources=sources, pages_path=folder / "pages.db", now=NOW, **options)


def archive(folder: Path, body: bytes, name: str = "a.warc.gz") -> Path:
    """Write a file and return its path."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(body)
    return path


def stored(folder: Path) -> dict[str, Page]:
    """Return the pages of a folder's database by their addresses."""
    db = read_pages(folder / "pages.db")
    pages = {one.url: one for one in iter_pages(db)}
    db.close()
    return pages


def counted(summary: ImportSummary, *left_aside: str) -> dict[str, int]:
    """Return the counters but some; fails where one is not of the fixed list."""
    assert set(summary.counters) <= COUNTERS.keys() | REFUSALS.keys()
    return {name: number for name, number in summary.counters.items() if name not in left_aside}
