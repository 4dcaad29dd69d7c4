"""The schemas of the two databases: ordered lists of small steps, each applied once, in a transaction.

A step that has been released is never edited; a change of schema is a new step at the end.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sqlite_utils import Database, Migrations

Step = Callable[[Database], None]


def migrations(name: str, steps: Sequence[Step]) -> Migrations:
    """Return the steps as one named set of migrations, in their order."""
    ordered = Migrations(name)
    for step in steps:
        ordered()(step)
    return ordered


def m001_pages_and_runs(db: Database) -> None:
    """Raw pages and crawl runs: append-only."""
    db.execute("""
        CREATE TABLE runs (
            id INTEGER PRIMARY KEY,
            source TEXT NOT NULL,
            started_at TEXT NOT NULL,
            finished_at TEXT,              -- NULL while it runs and after a crash
            outcome TEXT,                  -- finished, cancelled, failed, ...
            counters TEXT NOT NULL DEFAULT '{}'
        ) STRICT
    """)
    db.execute("CREATE INDEX runs_of_source ON runs (source, started_at)")
    db.execute("""
        CREATE TABLE bodies (
            hash TEXT PRIMARY KEY,         -- SHA-256 of the bytes as fetched
            size INTEGER NOT NULL,         -- of those bytes
            body BLOB NOT NULL             -- compressed with zlib
        ) STRICT
    """)
    db.execute("""
        CREATE TABLE pages (
            number INTEGER PRIMARY KEY,    -- order of arrival
            id TEXT NOT NULL,
            url TEXT NOT NULL,
            fetched_url TEXT NOT NULL,
            source TEXT NOT NULL,
            fetched_at TEXT NOT NULL,
            status INTEGER NOT NULL,
            content_type TEXT,
            body_hash TEXT NOT NULL REFERENCES bodies (hash),
            run_id INTEGER REFERENCES runs (id),
            UNIQUE (id, fetched_at)
        ) STRICT
    """)
    db.execute("CREATE INDEX pages_of_source ON pages (source, id)")
    db.execute("CREATE INDEX pages_of_body ON pages (body_hash)")
    db.execute("CREATE INDEX pages_of_run ON pages (run_id)")
    for table in ("pages", "bodies"):
        for action in ("UPDATE", "DELETE"):
            db.execute(f"""
                CREATE TRIGGER {table}_keep_{action.lower()} BEFORE {action} ON {table}
                BEGIN SELECT RAISE(ABORT, 'raw pages are append-only'); END
            """)


PAGES = migrations("pages", [m001_pages_and_runs])
