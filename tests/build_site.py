"""A page database and a build of it, with the stand-ins of tests/stand_ins.py."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from store import derived, pages
from store.build import BuildSummary, build
from store.records import Page, Source
from tests.stand_ins import load

SOURCES = {
    "bao": Source(
        id="bao",
        name="Báo",
        kind="newspaper",
        family="f",
        province="Quảng Ngãi",
        hosts=("bao.example",),
        start_urls=(),
    )
}


def page(name: str, body: str, **changes: Any) -> Page:
    """Return a page of one paper; the stand-in extractor reads the first word of its body as a figure."""
    url = f"https://bao.example/{name}"
    known: dict[str, Any] = {
        "id": hashlib.sha256(url.encode()).hexdigest()[:16],
        "url": url,
        "fetched_url": url,
        "source": "bao",
        "fetched_at": "2024-04-02T01:00:00+00:00",
        "status": 200,
        "content_type": "text/html",
        "body": body.encode(),
    }
    return Page(**known | changes)


class Site:
    """Two databases in a folder, and a build that takes no time from the clock."""

    def __init__(self, folder: Path) -> None:
        self.pages, self.db = folder / "pages.db", folder / "chiso.db"

    def add(self, *found: Page) -> None:
        """Store pages."""
        with pages.open_pages(self.pages) as db:
            for one in found:
                pages.add_page(db, one)

    def build(self, at: str = "2024-05-01", **options: Any) -> BuildSummary:
        """Build what is new, or as the options of `store.build.build` say."""
        settings = {"sources": SOURCES, "load": load, "workers": 1, "built_at": at}
        return build(self.pages, self.db, **settings | options)

    def dump(self) -> list[str]:
        """Return the figures as statements of SQL."""
        with derived.open_derived(self.db) as db:
            return list(db.conn.iterdump())

    def failures(self) -> dict[str, tuple[str, str]]:
        """Return stage and reason of each failure by the name of its page."""
        with derived.open_derived(self.db) as db:
            return {
                row["url"].rsplit("/", 1)[1]: (row["stage"], row["reason"]) for row in db["failures"].rows
            }
