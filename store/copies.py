"""Which articles are copies of one another: nearly the same text under another address or in another paper.

One article is a near-copy of another when three quarters of the shingles of the shorter one stand in the
other, most of its numbers do too, and no more than a month lies between them: monthly reports share their
words but not their numbers. Copies of copies are copies; each group is called by the least id of its
articles, so that the order of arrival does not matter.

Signatures are kept in the database beside the articles, and those of a month before and after are compared
with new ones. The well-known library for it, datasketch, keeps its index in memory or on a server: it would
have to be filled again at each start or written whole after each article, and could not be part of the
transaction that writes the article.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache, partial
from typing import Any

import numpy as np
import numpy.typing as npt
from sqlite_utils import Database

from store.database import column, writing
from store.keys import rekey
from store.likeness import Words, alike, likely, signature, words_of_text
from store.merge_words import corrects

_DAYS = 31  # between an article and its copy
_CHUNK = 4000  # articles per transaction
_BLOCK = 20_000  # signatures compared at a time
_REMEMBERED = 512  # texts
_SIGNED = "SELECT article_id, text_hash, day, signature FROM article_clusters WHERE signature != x''"


@dataclass(frozen=True, slots=True)
class Signed:
    """An article as far as finding its near-copies asks."""

    article_id: str
    text_hash: str
    day: str | None
    signature: bytes


def find_copies(db: Database) -> int:
    """Bring the groups of copies up to date with the articles that changed, and return how many there were.

    Observations with figures of articles that came into another group are marked for merging.
    """
    stale = column(
        db,
        "SELECT id FROM stale_articles LEFT JOIN articles USING (id) ORDER BY published_on, id",
    )
    read: Callable[[str], Words] = lru_cache(_REMEMBERED)(partial(_read, db))
    for start in range(0, len(stale), _CHUNK):
        with writing(db):
            _find_some(db, stale[start : start + _CHUNK], read)
    return len(stale)


def _find_some(db: Database, stale: Sequence[str], read: Callable[[str], Words]) -> None:
    touched: set[str] = set()
    entered: list[int] = []
    for article_id in stale:
        mates = _forget(db, article_id)
        number, has_equal = _enter(db, article_id, read)
        entered += [] if number is None else [number]
        touched |= mates | ({article_id} if has_equal else set())
        if mates:
            rekey(db, article_id)  # as if alone, until its group is found again
    for pair in _pairs(db, entered, read):
        db.conn.executemany("INSERT OR IGNORE INTO near_copies VALUES (?, ?)", [pair, pair[::-1]])
        touched.update(pair)
    _regroup(db, touched)
    db.conn.executemany("DELETE FROM stale_articles WHERE id = ?", [[article_id] for article_id in stale])


def _forget(db: Database, article_id: str) -> set[str]:
    """Take an article out of its group; returns the articles that were in it."""
    known = db.execute("SELECT cluster FROM article_clusters WHERE article_id = ?", [article_id]).fetchone()
    if known is None:
        return set()
    mates = db.execute("SELECT article_id FROM article_clusters WHERE cluster = ?", known).fetchall()
    db.execute("DELETE FROM near_copies WHERE article_id = ?", [article_id])
    db.conn.executemany(
        "DELETE FROM near_copies WHERE article_id = ? AND other_id = ?",
        [(mate, article_id) for (mate,) in mates],
    )
    db.execute("DELETE FROM article_clusters WHERE article_id = ?", [article_id])
    return {mate for (mate,) in mates} - {article_id}


def _enter(db: Database, article_id: str, read: Callable[[str], Words]) -> tuple[int | None, bool]:
    """Note the signature of an article; returns its number, None when it is gone, and if others equal it."""
    row = db.execute(
        "SELECT title, published_on, text_hash FROM articles WHERE id = ?", [article_id]
    ).fetchone()
    if row is None:
        return None, False
    title, published_on, text_hash = row
    values = {
        "article_id": article_id,
        "text_hash": text_hash,
        "day": _day(published_on),
        "first_on": published_on,
        "corrects": int(corrects(title)),
        "signature": signature(read(text_hash)).tobytes(),
        "cluster": article_id,
    }
    names = ", ".join(values)
    marks = ", ".join(f":{name}" for name in values)
    number = db.execute(f"INSERT INTO article_clusters ({names}) VALUES ({marks})", values).lastrowid
    return number, len(column(db, "SELECT 1 FROM articles WHERE text_hash = ? LIMIT 2", [text_hash])) > 1


def _day(published_on: str | None) -> str | None:
    """Return the day of publication; None when only a year is known, or nothing."""
    try:
        return date.fromisoformat(published_on or "").isoformat()
    except ValueError:
        return None


def _pairs(db: Database, numbers: Sequence[int], read: Callable[[str], Words]) -> Iterator[tuple[str, str]]:
    """Yield the ids of articles that are near-copies, one of each pair having one of these numbers.

    Articles of the very same text need no comparing and are left out.
    """
    if not numbers:
        return
    own = _signed(db.execute(f"{_SIGNED} AND number BETWEEN ? AND ?", [numbers[0], numbers[-1]]).fetchall())
    if not own:
        return
    signatures = _stacked(own)
    for block in _blocks(db, own):
        for row, other in likely(signatures, _stacked(block)):
            one, two = own[row], block[other]
            if one.text_hash == two.text_hash or not _near(one.day, two.day):
                continue
            if alike(read(one.text_hash), read(two.text_hash)):
                yield one.article_id, two.article_id


def _blocks(db: Database, own: Sequence[Signed]) -> Iterator[list[Signed]]:
    """Yield the articles, some thousands at a time, that are near in time to one of these."""
    days = [date.fromisoformat(article.day) for article in own if article.day is not None]
    if len(days) < len(own):
        cursor = db.execute(_SIGNED)  # one of an unknown day may be near to all
    else:
        month = timedelta(days=_DAYS)
        first, last = (min(days) - month).isoformat(), (max(days) + month).isoformat()
        cursor = db.execute(
            f"{_SIGNED} AND day BETWEEN ? AND ? UNION ALL {_SIGNED} AND day IS NULL", [first, last]
        )
    while rows := cursor.fetchmany(_BLOCK):
        yield _signed(rows)


def _signed(rows: Iterable[tuple[Any, ...]]) -> list[Signed]:
    return [Signed(*row) for row in rows]


def _stacked(articles: Sequence[Signed]) -> npt.NDArray[np.uint32]:
    return np.stack([np.frombuffer(article.signature, dtype=np.uint32) for article in articles])


def _near(one: str | None, other: str | None) -> bool:
    """Return whether two days are no more than a month apart; an unknown day is near to every day."""
    if one is None or other is None:
        return True
    return abs((date.fromisoformat(one) - date.fromisoformat(other)).days) <= _DAYS


def _read(db: Database, text_hash: str) -> Words:
    (text,) = db.execute("SELECT text FROM articles WHERE text_hash = ? LIMIT 1", [text_hash]).fetchone()
    return words_of_text(text)


def _regroup(db: Database, touched: Iterable[str]) -> None:
    """Find the groups of these articles again; articles whose group changed make observations stale."""
    pending = set(touched)
    while pending:
        group = _group_of(db, pending.pop())
        pending -= group
        cluster, first_on = min(group, default=""), _first_day(db, group)
        for article_id in group:
            changed = db.execute(
                "UPDATE article_clusters SET cluster = :cluster, first_on = :first_on WHERE article_id = :id"
                " AND (cluster, first_on) IS NOT (:cluster, :first_on)",
                {"cluster": cluster, "first_on": first_on, "id": article_id},
            )
            if changed.rowcount:
                rekey(db, article_id)
                db.execute(
                    "INSERT OR IGNORE INTO stale_observations SELECT DISTINCT observation_key"
                    " FROM figures WHERE article_id = ? AND observation_key IS NOT NULL",
                    [article_id],
                )


def _first_day(db: Database, group: set[str]) -> str | None:
    """Return the earliest day on which an article of a group was published; a bare year is none."""
    marks = ",".join("?" * len(group))
    days = column(db, f"SELECT published_on FROM articles WHERE id IN ({marks})", sorted(group))
    known = [day for day in days if day]
    return min((day for day in known if len(day) == len("2024-05-31")), default=min(known, default=None))


def _group_of(db: Database, article_id: str) -> set[str]:
    """Return the articles that are copies of this one, or of its copies; none when it is gone."""
    group: set[str] = set()
    texts: set[str] = set()
    pending = [article_id]
    while pending:
        current = pending.pop()
        known = db.execute("SELECT text_hash FROM articles WHERE id = ?", [current]).fetchone()
        if known is None or current in group:
            continue
        group.add(current)
        if known[0] not in texts:
            texts.add(known[0])
            pending += column(db, "SELECT id FROM articles WHERE text_hash = ?", known)
        pending += column(db, "SELECT other_id FROM near_copies WHERE article_id = ?", [current])
    return group
