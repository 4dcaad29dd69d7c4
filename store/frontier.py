"""The crawl frontier in `data/pages.db`: every address met, what became of it, and when it is asked again.

One row per address identity, for good: the unique key is the duplicate filter. A row is pending, leased to
a crawl run, done, or quarantined after repeated failures. Callers group what belongs together, such as a
page and the `done` of its row, in `with store.database.writing(db):`. Times are ISO 8601 in UTC.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Literal

from sqlite_utils import Database

from store.database import database_path, joining, writing
from store.errors import explained

Standing = Literal["new", "known", "duplicate", "waiting", "quarantined"]

QUARANTINE = 3.0  # score of failures from which an address is no longer asked by itself

# A row that is met again is asked again only where its content changes, and once per run. What was set
# aside comes back for a declared entry point, never because some page links it.
_ADD = """
    INSERT INTO frontier (
        source, key, kind, url, referrer, depth, priority, day, newest, details, found_in, met_in
    ) VALUES (
        :source, :key, :kind, :url, :referrer, :depth, :priority, :day, :newest, :details, :run, :run
    )
    ON CONFLICT (source, key) DO UPDATE SET
        met_in = excluded.met_in, url = excluded.url, depth = excluded.depth, details = excluded.details,
        priority = excluded.priority, newest = excluded.newest, next_at = NULL, state = 'pending'
    WHERE :again AND state != 'leased' AND asked_in IS NOT :run
    AND (:declared OR state != 'quarantined')
"""
_LEASE = """
    UPDATE frontier SET state = 'leased', owner = :owner, leased_until = :until,
        asked_in = :run, met_in = :run
    WHERE number IN (
        SELECT number FROM frontier
        WHERE source = :source AND state = 'pending' AND asked_in IS NOT :run
        AND (next_at IS NULL OR next_at <= :now)
        AND (day IS NULL OR (day >= :first AND day <= :last))
        ORDER BY priority DESC, newest DESC, number LIMIT :count
    )
    RETURNING number, key, kind, url, referrer, depth, priority, newest, details, score, visits,
        etag, last_modified, page_url
"""
_DONE = """
    UPDATE frontier SET state = 'done', owner = NULL, leased_until = NULL, next_at = NULL, reason = NULL,
        score = 0, visits = visits + 1, done_at = coalesce(done_at, :now), seen_at = :now,
        etag = CASE WHEN :unchanged THEN etag ELSE :etag END,
        last_modified = CASE WHEN :unchanged THEN last_modified ELSE :last_modified END,
        page_url = coalesce(:page_url, page_url), revisit_at = :revisit_at
    WHERE number = :number
"""
_FAILED = f"""
    UPDATE frontier SET owner = NULL, leased_until = NULL, reason = :reason, failed_at = :now,
        next_at = :next_at, score = score + :weight,
        state = CASE WHEN score + :weight >= {QUARANTINE} THEN 'quarantined' ELSE 'pending' END
    WHERE number = :number
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lead:
    """An address to be asked; `details` is JSON that the crawler reads back."""

    key: str  # identity: one row per source and key
    kind: str  # listing, feed, sitemap, article, attachment
    url: str
    newest: str  # ISO date to sort by: of what it leads to, else of the day it was met
    day: str | None = None  # ISO date that a feed, a sitemap or the address itself gives; None without
    referrer: str | None = None
    depth: int = 0
    priority: int = 0
    details: str = "{}"
    again: bool = False  # its content changes: asked in each run that meets it
    declared: bool = False  # an entry point of the source's declaration


@dataclass(frozen=True, slots=True, kw_only=True)
class Lease:
    """A row of the frontier that a run works on."""

    number: int
    key: str
    kind: str
    url: str
    referrer: str | None
    depth: int
    priority: int
    newest: str
    details: str
    score: float  # of failures since it was last answered
    visits: int  # answers so far
    etag: str | None  # of the newest answer that was kept
    last_modified: str | None
    page_url: str | None  # canonical address under which its page is kept; None before the first


@dataclass(frozen=True, slots=True, kw_only=True)
class FrontierCount:
    """How many addresses of a source stand in one state; `reason` is that of their latest failure."""

    source: str
    kind: str
    state: str
    reason: str | None
    addresses: int


def add_leads(db: Database, source: str, leads: Iterable[Lead], *, run: int) -> None:
    """Note addresses to be asked; one that is known is asked again only as its `again` says."""
    names = Lead.__slots__
    rows = [{name: getattr(lead, name) for name in names} | {"source": source, "run": run} for lead in leads]
    with writing(db):
        db.conn.executemany(_ADD, rows)


def lease(
    db: Database,
    source: str,
    *,
    run: int,
    owner: str,
    now: str,
    until: str,
    count: int,
    first: str = "",
    last: str = "9",
) -> list[Lease]:
    """Lease up to `count` addresses that this run has not asked, most urgent and newest first.

    Those that are dated before the day `first` or after `last` are left alone.
    """
    values = {"source": source, "run": run, "owner": owner, "now": now, "until": until}
    values |= {"count": count, "first": first, "last": last}
    with writing(db):
        cursor = db.execute(_LEASE, values)
        names = [name for name, *_ in cursor.description]
        leased = [Lease(**dict(zip(names, row, strict=True))) for row in cursor.fetchall()]
    return sorted(leased, key=lambda row: (-row.priority, _descending(row.newest), row.number))


def may_lease(db: Database, source: str, *, run: int, now: str, first: str = "", last: str = "9") -> bool:
    """Return whether `lease` would find anything."""
    found = """
        SELECT 1 FROM frontier WHERE source = :source AND state = 'pending' AND asked_in IS NOT :run
        AND (next_at IS NULL OR next_at <= :now) AND (day IS NULL OR (day >= :first AND day <= :last)) LIMIT 1
    """
    with explained(database_path(db)):
        values = {"source": source, "run": run, "now": now, "first": first, "last": last}
        return db.execute(found, values).fetchone() is not None


def mark_done(
    db: Database,
    number: int,
    *,
    now: str,
    unchanged: bool = False,
    etag: str | None = None,
    last_modified: str | None = None,
    page_url: str | None = None,
    revisit_at: str | None = None,
) -> None:
    """Record that an address was answered; `unchanged` keeps the validators of the answer before."""
    values = {"number": number, "now": now, "unchanged": unchanged, "etag": etag, "page_url": page_url}
    with joining(db):
        db.conn.execute(_DONE, values | {"last_modified": last_modified, "revisit_at": revisit_at})


def mark_failed(
    db: Database, number: int, *, now: str, reason: str, weight: float, next_at: str | None
) -> None:
    """Record that an address gave nothing; it is asked again from `next_at` on, or set aside by its score."""
    values = {"number": number, "now": now, "reason": reason, "weight": weight, "next_at": next_at}
    with joining(db):
        db.execute(_FAILED, values)


def again_from(db: Database, source: str, referrer: str, kinds: Collection[str], *, run: int) -> None:
    """Ask again for what an unchanged page led to when it was last read, of some kinds."""
    marks = ", ".join("?" * len(kinds))
    with writing(db):
        db.execute(
            f"UPDATE frontier SET state = 'pending', next_at = NULL, met_in = ? WHERE source = ? "
            f"AND referrer = ? AND kind IN ({marks}) AND state = 'done' AND asked_in IS NOT ?",
            [run, source, referrer, *kinds, run],
        )


def standing(db: Database, source: str, key: str, *, run: int) -> Standing:
    """Return how an address stands: new, met in this run, known by its page, waiting, or set aside."""
    row = db.conn.execute(
        "SELECT state, met_in, page_url FROM frontier WHERE source = ? AND key = ?", [source, key]
    ).fetchone()
    if row is None:
        return "new"
    state, met_in, page_url = row
    if met_in == run:
        return "duplicate"
    if page_url or state == "done":
        return "known"
    return "quarantined" if state == "quarantined" else "waiting"


def last_finished_run(db: Database, source: str) -> int:
    """Return the newest run of a source that came to its end; -1 when there is none."""
    with explained(database_path(db)):
        row = db.execute(
            "SELECT max(id) FROM runs WHERE source = ? AND outcome = 'finished'", [source]
        ).fetchone()
    return -1 if row[0] is None else int(row[0])


def found_before(db: Database, source: str, keys: Collection[str], *, run: int) -> set[str]:
    """Return which of the addresses had been found by the end of a run; none when it is negative."""
    asked = "SELECT key FROM frontier WHERE source = ? AND key = ? AND found_in <= ?"
    with explained(database_path(db)):
        return {key for key in keys if db.execute(asked, [source, key, run]).fetchone()}


def take_back(db: Database, source: str, *, expired_by: str | None = None) -> int:
    """Return leases to the frontier and tell how many: all of a source, or those that ended by a time."""
    with writing(db):
        cursor = db.execute(
            "UPDATE frontier SET state = 'pending', owner = NULL, leased_until = NULL "
            "WHERE source = :source AND state = 'leased' AND (:by IS NULL OR leased_until <= :by)",
            {"source": source, "by": expired_by},
        )
        return int(cursor.rowcount)


def give_back(db: Database, source: str, owner: str) -> None:
    """Return what an owner has leased and not settled."""
    with writing(db):
        db.execute(
            "UPDATE frontier SET state = 'pending', owner = NULL, leased_until = NULL "
            "WHERE source = ? AND state = 'leased' AND owner = ?",
            [source, owner],
        )


def revisit_due(db: Database, source: str, *, now: str) -> None:
    """Return to the frontier the articles whose time for another look has come."""
    with writing(db):
        db.execute(
            "UPDATE frontier SET state = 'pending', revisit_at = NULL "
            "WHERE source = ? AND state = 'done' AND revisit_at <= ?",
            [source, now],
        )


def retry_failed(db: Database, sources: Collection[str]) -> int:
    """Ask again, from the next run on, for what failed or was set aside; tells how many addresses."""
    marks = ", ".join("?" * len(sources))
    with writing(db):
        cursor = db.execute(
            "UPDATE frontier SET state = 'pending', score = 0, next_at = NULL WHERE reason IS NOT NULL "
            f"AND state IN ('pending', 'quarantined') AND source IN ({marks})",
            [*sources],
        )
        return int(cursor.rowcount)


def frontier_counts(db: Database, source: str | None = None) -> list[FrontierCount]:
    """Return how many addresses stand where, by source, kind, state and reason, of one source or all."""
    where = "WHERE source = :source" if source else ""
    with explained(database_path(db)):
        rows = db.execute(
            "SELECT source, kind, state, reason, count(*) FROM frontier "
            f"{where} GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4",
            {"source": source},
        ).fetchall()
    return [
        FrontierCount(source=source_id, kind=kind, state=state, reason=reason, addresses=number)
        for source_id, kind, state, reason, number in rows
    ]


def _descending(text: str) -> tuple[int, ...]:
    return tuple(-ord(sign) for sign in text)
