"""Which declared sources bring no figures, and how far each gets: crawled, stored, cleaned, extracted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from store.pages import read_pages
from store.records import Source

Row = dict[str, Any]


def sources_without_figures(
    db: Database, pages_path: Path | None, sources: Mapping[str, Source]
) -> Iterator[Row]:
    """Yield the declared sources that no figure comes from, by how far they got and by id.

    `state`: "never_crawled"; "disabled" and never crawled; "no_pages" were stored; "no_articles" came of
    the pages; "no_figures" in the articles; "no_articles" too where what was crawled is not known. `pages`
    and `last_run` are None when not known; `failures` counts pages without an article, `reason` is their
    most frequent one. A sample that was never crawled is no gap.
    """
    crawled = _crawled(pages_path)
    articles = _counts(db, "SELECT source, count(*) FROM articles GROUP BY source")
    figures = _counts(db, "SELECT source, count(*) FROM figures GROUP BY source")
    failed = _failures(db)
    rows = []
    for source in sources.values():
        pages, last_run = (None, None) if crawled is None else crawled.get(source.id, (0, None))
        state = _state(source, articles.get(source.id, 0), pages, last_run)
        if figures.get(source.id) or (source.kind == "sample" and state in ("never_crawled", "disabled")):
            continue
        failures, reason = failed.get(source.id, (0, None))
        rows.append(
            {
                "id": source.id,
                "name": source.name,
                "kind": source.kind,
                "province": source.province,
                "state": state,
                "pages": pages,
                "last_run": last_run,
                "articles": articles.get(source.id, 0),
                "failures": failures,
                "reason": reason,
            }
        )
    yield from sorted(rows, key=lambda row: (_STATES.index(row["state"]), row["id"]))


_STATES = (
    "no_figures",
    "no_articles",
    "no_pages",
    "never_crawled",
    "disabled",
)  # the nearest to figures first


def _state(source: Source, articles: int, pages: int | None, last_run: str | None) -> str:
    if articles:
        return "no_figures"
    if pages or pages is None:
        return "no_articles"
    if last_run:
        return "no_pages"
    return "never_crawled" if source.enabled else "disabled"


def _crawled(path: Path | None) -> dict[str, tuple[int, str | None]] | None:
    """Return the stored pages and the start of the newest run of each source; None when not known."""
    if path is None or not path.exists():
        return None
    with closing(read_pages(path)) as pages:
        stored = _counts(pages, "SELECT source, count(DISTINCT id) FROM pages GROUP BY source")
        runs = dict(pages.execute("SELECT source, max(started_at) FROM runs GROUP BY source").fetchall())
    return {source: (stored.get(source, 0), runs.get(source)) for source in stored.keys() | runs.keys()}


def _failures(db: Database) -> dict[str, tuple[int, str]]:
    """Return how many pages of a source gave no article, and the most frequent reason."""
    found: dict[str, tuple[int, str]] = {}
    sql = "SELECT source, reason, count(*) AS n FROM failures GROUP BY source, reason ORDER BY n DESC, reason"
    for source, reason, count in db.execute(sql):
        known, first = found.get(source, (0, reason))
        found[source] = (known + count, first)
    return found


def _counts(db: Database, sql: str) -> dict[str, int]:
    return dict(db.execute(sql).fetchall())
