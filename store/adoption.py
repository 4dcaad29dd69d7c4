"""Makes the frontier know pages that it did not ask for: imported ones, and those of older databases."""

from __future__ import annotations

from collections.abc import Callable

from sqlite_utils import Database

from store.database import writing

_ADOPT = """
    INSERT INTO frontier (
        source, key, kind, url, newest, state, found_in, visits, done_at, seen_at, page_url
    ) VALUES (:source, :key, 'article', :url, :fetched_at, 'done', 0, 1, :fetched_at, :fetched_at, :url)
    ON CONFLICT (source, key) DO UPDATE SET
        page_url = excluded.page_url, seen_at = excluded.seen_at,
        done_at = coalesce(done_at, excluded.done_at),
        state = CASE state WHEN 'leased' THEN state ELSE 'done' END
    WHERE page_url IS NULL
"""


def adopt_pages(db: Database, source: str, *, rules: str, key_of: Callable[[str], str | None]) -> None:
    """Bring the frontier up to date with pages that came another way, and with changed identity rules.

    `rules` names the rules by which `key_of` gives an address its identity.
    """
    with writing(db):
        row = db.execute("SELECT number, rules FROM frontier_marks WHERE source = ?", [source]).fetchone()
        after, known_rules = row or (0, rules)
        if known_rules != rules:
            _rekey(db, source, key_of)
        last = db.execute("SELECT coalesce(max(number), 0) FROM pages").fetchone()[0]
        new = db.execute(
            "SELECT url, fetched_at FROM pages WHERE source = ? AND number > ? AND number <= ? "
            "AND id NOT IN (SELECT page_id FROM attachments)",
            [source, after, last],
        )
        rows = (
            {"source": source, "key": key_of(url) or url, "url": url, "fetched_at": fetched_at}
            for url, fetched_at in new
        )
        db.conn.executemany(_ADOPT, rows)
        db.execute(
            "INSERT OR REPLACE INTO frontier_marks (source, number, rules) VALUES (?, ?, ?)",
            [source, last, rules],
        )


def adopt(db: Database, source: str, *, key: str, url: str, fetched_at: str) -> None:
    """Note under its identity a page that is kept and was not asked by that identity."""
    with writing(db):
        db.execute(_ADOPT, {"source": source, "key": key, "url": url, "fetched_at": fetched_at})


def _rekey(db: Database, source: str, key_of: Callable[[str], str | None]) -> None:
    """Give articles the identities of changed rules; of those that are one now, a kept page's row stays."""
    rows = db.execute(
        "SELECT number, url, key FROM frontier WHERE source = ? AND kind = 'article' "
        "ORDER BY page_url IS NULL",
        [source],
    ).fetchall()
    for number, url, key in rows:
        new = key_of(url) or key
        changed = db.execute("UPDATE OR IGNORE frontier SET key = ? WHERE number = ?", [new, number]).rowcount
        if not changed:
            db.execute("DELETE FROM frontier WHERE number = ? AND page_url IS NULL", [number])
