"""From pages to observations: cleans and extracts what is new, in worker processes, and merges.

Done again without anything new, it changes nothing. A page that cannot be used is recorded with its
reason in `failures`, and is tried again when the page or the program changes.
"""

from __future__ import annotations

import os
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from store.database import look_over, upsert, writing
from store.derived import open_derived, remove_article, replace_article
from store.deriving import LONGEST_REASON, Outcome, Versions, load_extraction
from store.errors import StoreError
from store.observations import merge
from store.pages import PageVersion, get_page, get_page_at, newest_versions, read_pages
from store.records import Source
from store.review_effects import apply_all
from store.review_log import reviews_beside
from store.workers import Load, Lost, note_of, run_in_order, start_worker, stop_workers

PAGE_SECONDS = 60.0  # for one page; the slowest real ones take a few
_PAGES_A_WORKER = 50  # about what one reads in the time in which another loads
_BATCH = 50  # pages per transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildSummary:
    """What one build did, in counts."""

    pages: int  # that were new, or made by an older version
    unchanged_pages: int  # left alone
    articles: int  # of those pages
    changed_articles: int  # that came out different from what was stored
    figures: int  # of those articles
    failures: int
    observations: int  # merged again
    reasons: tuple[tuple[str, int], ...]  # of failures, most frequent first


def build(
    pages_path: str | Path,
    db_path: str | Path,
    *,
    sources: Mapping[str, Source],
    everything: bool = False,
    progress: Callable[[int, int], None] | None = None,
    built_at: str | None = None,
    reviews_path: str | Path | None = None,
    load: Load | None = None,
    workers: int | None = None,
    page_seconds: float = PAGE_SECONDS,
) -> BuildSummary:
    """Bring the figures up to date with the pages and return what was done.

    Only pages that are new or were read by another version of the program are read, or all with
    `everything`. `progress` is told how many pages are done of how many. `built_at` is kept as the time
    of the build when that changed something; None takes the clock. Reviews that hold are applied from
    `reviews_path`, None for the file beside the figures. `load` runs in each worker process
    and returns the work and its Versions; `workers` is how many there may be at most, None for as many as
    the machine and the number of pages deserve. Raises StoreError when a database cannot be used or no
    worker starts.
    """
    load = load or load_extraction
    with closing(read_pages(pages_path)) as pages, closing(open_derived(db_path)) as db:
        before = db.conn.total_changes
        first = start_worker(load)
        try:
            versions: Versions = note_of(first)
            todo, unchanged = _todo(pages, db, None if everything else versions)
            tasks = (_task(pages, version, sources) for version in todo)
            count = workers or workers_for(len(todo), os.cpu_count() or 1)
            results = run_in_order(load, tasks, first=first, count=count, seconds=page_seconds)
            with closing(results):
                pairs = _told(zip(todo, results, strict=True), len(todo), progress)
                counts, reasons = _write_all(db, pairs, versions)
        finally:
            stop_workers([first])
        apply_all(db, reviews_beside(db_path) if reviews_path is None else Path(reviews_path))
        merged = merge(db)
        if db.conn.total_changes != before:
            _settle(db, versions, built_at or datetime.now(UTC).isoformat(timespec="seconds"))
    return BuildSummary(
        pages=len(todo),
        unchanged_pages=unchanged,
        articles=counts["articles"],
        changed_articles=counts["changed"],
        figures=counts["figures"],
        failures=counts["failures"],
        observations=merged,
        reasons=tuple(reasons.most_common()),
    )


def workers_for(pages: int, processors: int) -> int:
    """Return how many processes so many pages deserve: one for a few, no more than there are processors."""
    return min(processors, 1 + pages // _PAGES_A_WORKER)


def _todo(pages: Database, db: Database, versions: Versions | None) -> tuple[list[PageVersion], int]:
    """Return the pages to read, all without `versions`, and how many are up to date."""
    known: set[tuple[Any, ...]] = set()
    if versions is not None:
        made = "cleaner_version = :cleaner_version AND extractor_version = :extractor_version"
        for table, key in (("articles", "id"), ("failures", "page_id")):
            known.update(db.execute(f"SELECT {key}, fetched_at FROM {table} WHERE {made}", asdict(versions)))
    found = list(newest_versions(pages))
    todo = [version for version in found if (version.id, version.fetched_at) not in known]
    return todo, len(found) - len(todo)


def _task(pages: Database, version: PageVersion, sources: Mapping[str, Source]) -> tuple[Any, ...]:
    source = sources.get(version.source)
    try:
        page = get_page(pages, version.id)
        if page is None:
            return (Outcome(stage="read", reason="the page is gone"),)
        if page.attachment is None:
            return page, source
        return page, source, get_page_at(pages, page.attachment.linked_from)
    except StoreError as error:
        return (Outcome(stage="read", reason=str(error)),)


def _told(
    pairs: Iterator[tuple[PageVersion, Any]], total: int, progress: Callable[[int, int], None] | None
) -> Iterator[tuple[PageVersion, Outcome]]:
    """Pass results on, telling `progress` of each; what was lost becomes a failure."""
    for done, (version, result) in enumerate(pairs, start=1):
        lost = isinstance(result, Lost)
        yield version, Outcome(stage="worker", reason=result.reason) if lost else result
        if progress is not None:
            progress(done, total)


def _write_all(
    db: Database, pairs: Iterator[tuple[PageVersion, Outcome]], versions: Versions
) -> tuple[Counter[str], Counter[str]]:
    """Write outcomes, some dozens to a transaction; returns counts of what was written and of reasons."""
    counts: Counter[str] = Counter()
    reasons: Counter[str] = Counter()
    while batch := list(islice(pairs, _BATCH)):
        with writing(db):
            for version, outcome in batch:
                failure = _write_article(db, version, outcome, versions, counts)
                _write_failure(db, version, failure, versions)
                if failure is not None:
                    counts["failures"] += 1
                    reasons[failure.reason] += 1
    return counts, reasons


def _write_article(
    db: Database, version: PageVersion, outcome: Outcome, versions: Versions, counts: Counter[str]
) -> Outcome | None:
    """Put the article of a page in its place, or remove the one it had; returns the failure, if it is one."""
    if outcome.article is not None:
        try:
            changed = replace_article(
                db,
                outcome.article,
                outcome.figures,
                fetched_at=version.fetched_at,
                extractor_version=versions.extractor_version,
            )
        except StoreError as error:
            if not isinstance(error.__cause__, sqlite3.IntegrityError | UnicodeEncodeError):
                raise
            outcome = Outcome(stage="store", reason=str(error)[:LONGEST_REASON])
        else:
            counts.update(articles=1, changed=int(changed), figures=len(outcome.figures))
            return None
    remove_article(db, version.id)
    return outcome


def _write_failure(db: Database, version: PageVersion, failure: Outcome | None, versions: Versions) -> None:
    """Record why a page has no article, or forget that it had none; writes only what changed."""
    known = next(iter(db["failures"].rows_where("page_id = ?", [version.id])), None)
    if failure is None:
        if known:
            db.execute("DELETE FROM failures WHERE page_id = ?", [version.id])
        return
    row = {
        "page_id": version.id,
        "url": version.url,
        "source": version.source,
        "stage": failure.stage,
        "reason": failure.reason,
        "fetched_at": version.fetched_at,
        **asdict(versions),
    }
    if row != known:
        upsert(db, "failures", "page_id", [row])


def _settle(db: Database, versions: Versions, built_at: str) -> None:
    """Note when and by what the database was built, and let SQLite look at its contents."""
    with writing(db):
        upsert(
            db,
            "meta",
            "key",
            [
                {"key": name, "value": value}
                for name, value in {"built_at": built_at, **asdict(versions)}.items()
            ],
        )
        look_over(db)
