"""The schema of the page database, in the manner of store/schema.py: raw pages, crawl runs, the frontier."""

from __future__ import annotations

from sqlite_utils import Database

from store.schema import migrations


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


def m002_frontier(db: Database) -> None:
    """The crawl frontier and its duplicate filter; done rows stay, so that nothing is asked twice."""
    db.execute("""
        CREATE TABLE frontier (
            number INTEGER PRIMARY KEY,    -- order in which addresses were met
            source TEXT NOT NULL,
            key TEXT NOT NULL,             -- identity of the address
            kind TEXT NOT NULL,            -- listing, feed, sitemap, article, attachment
            url TEXT NOT NULL,
            referrer TEXT,                 -- address of the page that led to it
            depth INTEGER NOT NULL DEFAULT 0,
            priority INTEGER NOT NULL DEFAULT 0,
            day TEXT,                      -- ISO date given by a feed, a sitemap or the address
            newest TEXT NOT NULL,          -- ISO date to sort by
            details TEXT NOT NULL DEFAULT '{}',  -- JSON: what the spider wants to know again
            state TEXT NOT NULL DEFAULT 'pending'
                CHECK (state IN ('pending', 'leased', 'done', 'quarantined')),
            owner TEXT,                    -- who holds the lease
            leased_until TEXT,
            found_in INTEGER,              -- the run that met it first; 0 for a page that came another way
            met_in INTEGER,                -- the latest run that met it or asked it
            asked_in INTEGER,              -- the latest run that asked it
            score REAL NOT NULL DEFAULT 0, -- of failures since it was last answered
            reason TEXT,                   -- of the latest failure: a counter of crawler/counters.py
            failed_at TEXT,
            next_at TEXT,                  -- not before
            visits INTEGER NOT NULL DEFAULT 0,
            done_at TEXT,                  -- first answered
            seen_at TEXT,                  -- last answered or confirmed
            revisit_at TEXT,
            etag TEXT,
            last_modified TEXT,
            page_url TEXT,                 -- canonical address of the page that was kept
            UNIQUE (source, key)
        ) STRICT
    """)
    db.execute("""
        CREATE INDEX frontier_next ON frontier (source, priority DESC, newest DESC, number)
        WHERE state = 'pending'
    """)
    db.execute("CREATE INDEX frontier_leased ON frontier (source) WHERE state = 'leased'")
    db.execute("CREATE INDEX frontier_revisits ON frontier (source, revisit_at) WHERE revisit_at IS NOT NULL")
    db.execute("""
        CREATE INDEX frontier_announced ON frontier (source, referrer) WHERE kind IN ('feed', 'sitemap')
    """)
    db.execute("""
        CREATE TABLE frontier_marks (
            source TEXT PRIMARY KEY,
            number INTEGER NOT NULL,       -- of the last page that the frontier has taken note of
            rules TEXT NOT NULL            -- by which its keys were made
        ) STRICT, WITHOUT ROWID
    """)


def m003_attachments(db: Database) -> None:
    """Which pages are files, and what they hang on: append-only."""
    db.execute("""
        CREATE TABLE attachments (
            page_id TEXT PRIMARY KEY,
            linked_from TEXT NOT NULL,     -- canonical address of the article, or address of the listing
            name TEXT                      -- as the server called it; a text, never a path
        ) STRICT
    """)
    for action in ("UPDATE", "DELETE"):
        db.execute(f"""
            CREATE TRIGGER attachments_keep_{action.lower()} BEFORE {action} ON attachments
            BEGIN SELECT RAISE(ABORT, 'raw pages are append-only'); END
        """)


PAGES = migrations("pages", [m001_pages_and_runs, m002_frontier, m003_attachments])
