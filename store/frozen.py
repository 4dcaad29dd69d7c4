"""When an archive that gets no new articles is asked: until it is read through, then once in a while."""

from __future__ import annotations

import json
from datetime import date, timedelta

from sqlite_utils import Database

from store.database import database_path
from store.errors import explained
from store.records import Source

GRACE = timedelta(days=30)  # after its last day an archive may still be tidied up
AGAIN = timedelta(days=90)  # after which an archive that was read through is looked at once more


def is_frozen(source: Source, today: date) -> bool:
    """Return whether a source has been said to get no new articles for a while."""
    return source.valid_until is not None and date.fromisoformat(source.valid_until) + GRACE < today


def at_rest(db: Database, source: Source, today: date) -> bool:
    """Return whether a frozen source is read through and was asked lately; raises StoreError.

    Read through: its newest run came to its end and brought nothing new, and no address waits.
    """
    if not is_frozen(source, today):
        return False
    with explained(database_path(db)):
        newest = db.execute(
            "SELECT started_at, outcome, counters FROM runs WHERE source = ? "
            "ORDER BY started_at DESC, id DESC LIMIT 1",
            [source.id],
        ).fetchone()
        waiting = db.execute(
            "SELECT 1 FROM frontier WHERE source = ? AND state IN ('pending', 'leased') LIMIT 1", [source.id]
        ).fetchone()
    if newest is None or waiting is not None:
        return False
    started_at, outcome, counters = newest
    told = json.loads(counters)
    empty = not told.get("fetched") and not told.get("sitemap_capped")
    return outcome == "finished" and empty and date.fromisoformat(started_at[:10]) + AGAIN > today
