"""Raw pages and crawl runs in `data/pages.db`: what was fetched, when, as it came.

One row per fetch that brought something new, keyed by page id and time; the newest counts. Bodies are
kept once each, under the hash of their bytes, so a page that has not changed costs nothing.
Writers may group calls in `with store.database.writing(db):`.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from store.database import database_path, open_readonly, open_writable, writing
from store.errors import StoreError, explained
from store.pages_schema import PAGES
from store.records import Attachment, Page

_NEWEST = """NOT EXISTS (
    SELECT 1 FROM pages AS later WHERE later.id = pages.id AND later.fetched_at > pages.fetched_at
)"""
_COLUMNS = ("id", "url", "fetched_url", "source", "fetched_at", "status", "content_type", "run_id")
_READ = f"""
    SELECT {", ".join(_COLUMNS)}, linked_from, name, body FROM pages JOIN bodies ON hash = body_hash
    LEFT JOIN attachments ON page_id = pages.id
"""
_ADD_PAGE = f"""
    INSERT OR IGNORE INTO pages ({", ".join(_COLUMNS)}, body_hash)
    SELECT {", ".join(":" + name for name in _COLUMNS)}, :body_hash
    WHERE NOT EXISTS (
        SELECT 1 FROM pages
        WHERE id = :id AND body_hash = :body_hash AND status = :status
        AND content_type IS :content_type AND {_NEWEST}
    )
"""
_LEVEL = 3  # of zlib: half the time of its default for an eighth more bytes
_CHUNK = 200  # versions per query: no long-lived read keeps the write-ahead log from shrinking


@dataclass(frozen=True, slots=True, kw_only=True)
class Packed:
    """A body as it is kept: SHA-256 and size of its bytes, and the bytes compressed."""

    hash: str
    size: int
    body: bytes


@dataclass(frozen=True, slots=True)
class PageVersion:
    """One fetch of a page that brought something new."""

    number: int  # order of arrival
    id: str
    fetched_at: str
    url: str
    source: str


def open_pages(path: str | Path) -> Database:
    """Return the page database for writing, created where missing; raises StoreError when it cannot be."""
    return open_writable(path, PAGES)


def read_pages(path: str | Path) -> Database:
    """Return the page database for reading only; raises StoreError when it is missing or cannot be used."""
    return open_readonly(path, PAGES)


def known_ids(db: Database, source: str | None = None) -> set[str]:
    """Return the ids of all pages kept, of one source or of all."""
    return _distinct(db, "id", source)


def known_urls(db: Database, source: str | None = None) -> set[str]:
    """Return the canonical addresses of all pages kept, of one source or of all."""
    return _distinct(db, "url", source)


def pack(body: bytes) -> Packed:
    """Return a body as it is kept; the costly part of keeping a page, which any thread may do."""
    return Packed(hash=hashlib.sha256(body).hexdigest(), size=len(body), body=zlib.compress(body, _LEVEL))


def add_page(db: Database, page: Page, *, packed: Packed | None = None) -> bool:
    """Keep a page and return True; False when its newest version is the same or this fetch is kept already.

    The same is: equal bytes, status and content type. `packed` is what `pack` made of the page's body.
    Raises StoreError when the database refuses, also when the page names a run that was never started.
    """
    packed = packed or pack(page.body)
    row = {name: getattr(page, name) for name in _COLUMNS} | {"body_hash": packed.hash}
    with writing(db):
        db.conn.execute(
            "INSERT OR IGNORE INTO bodies (hash, size, body) VALUES (?, ?, ?)",
            [packed.hash, packed.size, packed.body],
        )
        added = bool(db.conn.execute(_ADD_PAGE, row).rowcount)
        if page.attachment is not None:
            db.execute(
                "INSERT OR IGNORE INTO attachments (page_id, linked_from, name) VALUES (?, ?, ?)",
                [page.id, page.attachment.linked_from, page.attachment.name],
            )
        return added


def get_page(db: Database, page_id: str) -> Page | None:
    """Return the newest version of a page, None when there is none; raises StoreError when it is damaged."""
    return next(_read(db, f"pages.id = :id AND {_NEWEST}", {"id": page_id}), None)


def body_hash(db: Database, page_id: str, fetched_at: str) -> str | None:
    """Return the SHA-256 of one version of a page as it came, None when it is not kept."""
    sql = "SELECT body_hash FROM pages WHERE id = ? AND fetched_at = ?"
    with explained(database_path(db)):
        row = db.execute(sql, [page_id, fetched_at]).fetchone()
    return None if row is None else str(row[0])


def get_page_at(db: Database, url: str) -> Page | None:
    """Return the newest version of the page kept under a canonical address; as `get_page` otherwise."""
    return get_page(db, hashlib.sha256(url.encode()).hexdigest()[:16])


def iter_pages(db: Database, *, source: str | None = None, after: int = 0) -> Iterator[Page]:
    """Yield the newest version of every page in order of arrival, of one source or of all.

    `after` is the number of a version: only what came later is yielded.
    """
    for version in newest_versions(db, source=source, after=after):
        yield from _read(db, "pages.number = :number", {"number": version.number})


def newest_versions(db: Database, *, source: str | None = None, after: int = 0) -> Iterator[PageVersion]:
    """Yield the newest version of every page in order of arrival, its body left alone."""
    where = f"number > :after AND {_NEWEST}" + (" AND source = :source" if source else "")
    sql = (
        f"SELECT number, id, fetched_at, url, source FROM pages WHERE {where} ORDER BY number LIMIT {_CHUNK}"
    )
    path = database_path(db)
    while True:
        with explained(path):
            rows = db.execute(sql, {"after": after, "source": source}).fetchall()
        if not rows:
            return
        yield from (PageVersion(*row) for row in rows)
        after = rows[-1][0]


def start_run(db: Database, source: str, started_at: str) -> int:
    """Record that a crawl of `source` began (ISO 8601, UTC) and return the number of the run."""
    with explained(database_path(db)):
        run = db.execute("INSERT INTO runs (source, started_at) VALUES (?, ?)", [source, started_at])
    return int(run.lastrowid)


def finish_run(
    db: Database,
    run_id: int,
    finished_at: str,
    counters: Mapping[str, int | float | str],
    *,
    outcome: str = "finished",
) -> None:
    """Record how a crawl ended; raises StoreError when the run was never started."""
    counted = json.dumps(dict(counters), ensure_ascii=False, sort_keys=True)
    with explained(database_path(db)):
        done = db.execute(
            "UPDATE runs SET finished_at = ?, outcome = ?, counters = ? WHERE id = ?",
            [finished_at, outcome, counted, run_id],
        )
    if not done.rowcount:
        raise StoreError(f"The database {database_path(db)} has no crawl run {run_id}.")


def list_runs(db: Database, *, source: str | None = None, limit: int = 100) -> list[dict[str, Any]]:
    """Return the latest crawl runs, newest first, their counters as a dict.

    `finished_at` and `outcome` are None while a run goes on, and for good when it was killed.
    """
    where = "WHERE source = :source" if source else ""
    with explained(database_path(db)):
        rows = db.query(
            f"SELECT * FROM runs {where} ORDER BY started_at DESC, id DESC LIMIT :limit",
            {"source": source, "limit": limit},
        )
        return [row | {"counters": json.loads(row["counters"])} for row in rows]


def last_started(db: Database) -> dict[str, str]:
    """Return when the newest run of each source began."""
    with explained(database_path(db)):
        return dict(db.execute("SELECT source, max(started_at) FROM runs GROUP BY source").fetchall())


def _distinct(db: Database, column: str, source: str | None) -> set[str]:
    where = "WHERE source = :source" if source else ""
    with explained(database_path(db)):
        rows = db.execute(f"SELECT DISTINCT {column} FROM pages {where}", {"source": source})
        return {row[0] for row in rows}


def _read(db: Database, where: str, values: dict[str, Any]) -> Iterator[Page]:
    path = database_path(db)
    with explained(path):
        rows = db.execute(f"{_READ} WHERE {where}", values).fetchall()
    for *fields, linked_from, name, compressed in rows:
        known = dict(zip(_COLUMNS, fields, strict=True))
        attachment = None if linked_from is None else Attachment(linked_from=linked_from, name=name)
        try:
            yield Page(**known, body=zlib.decompress(compressed), attachment=attachment)
        except zlib.error as error:
            raise StoreError(
                f"The database {path} is damaged: the body of {known['url']} is unreadable."
            ) from error
