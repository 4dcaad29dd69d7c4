"""Which articles are copies of one another: nearly the same text under another address or in another paper.

Texts are compared by their shingles, runs of four words. One article is a near-copy of another when three
quarters of the shingles of the shorter one stand in the other, most of its numbers do too, and no more than a
month lies between them: monthly reports share their words but not their numbers. Copies of copies are
copies; each group is called by the least id of its articles, so that the order of arrival does not matter.

Candidates are found by MinHash signatures cut into bands (Broder 1997; Leskovec et al., Mining of Massive
Datasets, 3.4), kept in the database beside the articles. The well-known library for it, datasketch, keeps its
index in memory or on a server: it would have to be filled again at each start or written whole after each
article, and could not be part of the transaction that writes the article.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache, partial
from typing import Any

import numpy as np
import numpy.typing as npt
import regex
from sqlite_utils import Database

from store.database import column, writing
from store.keys import rekey
from store.merge_words import corrects
from store.search import fold

Hashes = npt.NDArray[np.uint64]

_TOKEN = regex.compile(r"[\p{L}\p{M}]++|\p{N}++(?:[.,/]\p{N}++)*+")
_RUN = 4  # words of a shingle
_SHORTEST = 50  # shingles; a shorter text is a copy only of an equal one
_CONTAINED = 0.75  # share of the shorter text's shingles: 3 in 5 of all, where both are of one length
_SAME_NUMBERS = 0.7  # share of the numbers of the text that has fewer, from three on
_DAYS = 31  # between an article and its copy
_BANDS, _ROWS = 24, 3  # of texts alike in 1 of 2 shingles 96 in 100 are found, in 3 of 5 all but 3 in 1000
_UNLIKE = 0.25  # estimated likeness below which texts are not read
_CHUNK = 500  # articles per transaction
_REMEMBERED = 512  # texts


def _constants(name: str) -> Hashes:
    """Return the odd factors or the addends of the hash functions, the same on every machine."""
    digests = (hashlib.sha256(f"{name} {row}".encode()).digest()[:8] for row in range(_BANDS * _ROWS))
    return np.array([int.from_bytes(digest, "big") | 1 for digest in digests], dtype=np.uint64)


_FACTORS, _ADDENDS = _constants("factor")[:, None], _constants("addend")[:, None]
_BASE = np.uint64(0x9E3779B97F4A7C15)


@dataclass(frozen=True, slots=True)
class Words:
    """What is compared of a text: its shingles as sorted hashes, and its numbers as written."""

    shingles: Hashes
    numbers: frozenset[str]


def words_of(text: str) -> Words:
    """Return what is compared of a text; capitals, diacritics and punctuation do not matter."""
    tokens = _TOKEN.findall(fold(text))
    hashes = np.fromiter(map(_hash_of, tokens), dtype=np.uint64, count=len(tokens))
    count = max(0, len(tokens) - _RUN + 1)
    runs = np.zeros(count, dtype=np.uint64)
    for place in range(_RUN):
        runs = runs * _BASE + hashes[place : place + count]
    return Words(np.unique(runs), frozenset(token for token in tokens if token[0].isnumeric()))


@lru_cache(2**16)
def _hash_of(token: str) -> int:
    return zlib.crc32(token.encode())


def alike(one: Words, other: Words) -> bool:
    """Return whether one text is a near-copy of the other."""
    shorter = min(one.shingles.size, other.shingles.size)
    if shorter < _SHORTEST:
        return False
    fewer = min(len(one.numbers), len(other.numbers))
    if fewer >= 3 and len(one.numbers & other.numbers) < _SAME_NUMBERS * fewer:
        return False
    shared = np.intersect1d(one.shingles, other.shingles, assume_unique=True).size
    return bool(shared >= _CONTAINED * shorter)


def signature(words: Words) -> npt.NDArray[np.uint32]:
    """Return the least hash of the shingles under each hash function; empty for a short text."""
    if words.shingles.size < _SHORTEST:
        return np.empty(0, dtype=np.uint32)
    mixed = (_FACTORS * words.shingles + _ADDENDS) >> np.uint64(32)
    least: npt.NDArray[np.uint32] = mixed.min(axis=1).astype(np.uint32)
    return least


def find_copies(db: Database) -> int:
    """Bring the groups of copies up to date with the articles that changed, and return how many there were.

    Observations with figures of articles that came into another group are marked for merging.
    """
    done = 0
    read: Callable[[str], Words] = lru_cache(_REMEMBERED)(partial(_read, db))
    while True:
        with writing(db):
            stale = column(db, "SELECT id FROM stale_articles LIMIT ?", [_CHUNK])
            touched: set[str] = set()
            for article_id in stale:
                mates = _forget(db, article_id)
                touched |= mates | _enter(db, article_id, read)
                if mates:
                    rekey(db, article_id)  # as if alone, until its group is found again
            _regroup(db, touched)
            db.conn.executemany("DELETE FROM stale_articles WHERE id = ?", [[key] for key in stale])
        if not stale:
            return done
        done += len(stale)


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


def _enter(db: Database, article_id: str, read: Callable[[str], Words]) -> set[str]:
    """Note the signature and the near-copies of an article; returns its id where it has copies."""
    row = db.execute(
        "SELECT title, published_on, text_hash FROM articles WHERE id = ?", [article_id]
    ).fetchone()
    if row is None:
        return set()
    title, published_on, text_hash = row
    words = read(text_hash)
    own = signature(words)
    number = db.execute(
        "INSERT INTO article_clusters (article_id, published_on, first_on, corrects, signature, cluster)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        [article_id, published_on, published_on, int(corrects(title)), own.tobytes(), article_id],
    ).lastrowid
    bands = [(band, number) for band in _bands(own)]
    pairs = [
        other
        for other, day, other_hash, blob in _candidates(db, [band for band, _ in bands], text_hash)
        if _near(published_on, day)
        and np.mean(own == np.frombuffer(blob, dtype=np.uint32)) >= _UNLIKE
        and alike(words, read(other_hash))
    ]
    db.conn.executemany("INSERT INTO article_bands VALUES (?, ?)", bands)
    if pairs:
        both_ways = [pair for other in pairs for pair in ((article_id, other), (other, article_id))]
        db.conn.executemany("INSERT OR IGNORE INTO near_copies VALUES (?, ?)", both_ways)
    equal = column(db, "SELECT 1 FROM articles WHERE text_hash = ? LIMIT 2", [text_hash])
    return {article_id} if pairs or len(equal) > 1 else set()


def _bands(signature: npt.NDArray[np.uint32]) -> list[int]:
    """Return a hash for each part of a signature, different parts having different ones."""
    if not signature.size:
        return []
    rows = signature.reshape(_BANDS, _ROWS).astype(np.uint64)
    hashes = np.arange(_BANDS, dtype=np.uint64)
    for row in range(_ROWS):
        hashes = (hashes * _BASE + rows[:, row]) ^ (hashes >> np.uint64(29))
    return [int(band) for band in np.unique(hashes.astype(np.int64))]


def _candidates(db: Database, bands: list[int], text_hash: str) -> list[tuple[Any, ...]]:
    """Return articles that share a band, without those of the very same text: these need no comparing."""
    marks = ",".join("?" * len(bands))
    found = db.execute(
        f"""
        SELECT article_id, clusters.published_on, text_hash, signature
        FROM article_clusters AS clusters JOIN articles ON articles.id = article_id
        WHERE number IN (SELECT number FROM article_bands WHERE band IN ({marks})) AND text_hash != ?
        """,
        [*bands, text_hash],
    )
    return list(found)


def _near(one: str | None, other: str | None) -> bool:
    """Return whether two days are no more than a month apart; an unknown day is near to every day."""
    try:
        days = date.fromisoformat(one or "") - date.fromisoformat(other or "")
    except ValueError:
        return True
    return abs(days.days) <= _DAYS


def _read(db: Database, text_hash: str) -> Words:
    (text,) = db.execute("SELECT text FROM articles WHERE text_hash = ? LIMIT 1", [text_hash]).fetchone()
    return words_of(text)


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
