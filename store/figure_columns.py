"""The fields that figures are counted by, as columns of numbers: a million figures are counted at once.

Columns are kept in chunks of consecutive row numbers. Triggers note in `stale_chunks` which chunks differ
from the figures; `refresh` writes those again, and until then they are read from the figures themselves.
Counts are therefore always those of the figures that there are in the reader's transaction.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlite_utils import Database

from store.database import column as first_column
from store.database import writing
from store.keys import CANONICAL, TOLD_UNIT

Column = NDArray[Any]
Progress = Callable[[int, int], None]

CHUNK_BITS = 14  # 16,384 row numbers to a chunk
_DAY_BITS = 27  # of the number of a day
# Texts, by their codes; 0 is NULL.
CODED = ("kind", "status", "source", "unit", "place_id", "place_folded", "indicator_id", "review")
_DAYS = ("period_start", "period_end", "published_on")  # 2024-05-31 as 20240531, 2024 as 20240000; 0 is NULL
_TYPES = {
    "number": np.int64,
    "article": np.int64,  # a hash, to tell articles apart
    "confidence": np.float64,
    "value": np.float64,
    "flagged": np.uint8,
    "canonical": np.uint8,
    **dict.fromkeys(CODED, np.uint32),
    **dict.fromkeys(_DAYS, np.uint32),
}
_READ = f"""
    SELECT number, article_id, confidence, value, flags != '[]', {CANONICAL},
        {", ".join(TOLD_UNIT if name == "unit" else name for name in (*CODED, *_DAYS))}
    FROM figures WHERE number BETWEEN ? AND ? ORDER BY number
"""


@dataclass(frozen=True, slots=True)
class Columns:
    """Columns of all figures in the order of their row numbers, and what the codes stand for."""

    of: dict[str, Column]
    values: dict[str, list[str | None]]  # by field and code

    def codes(self, field: str, wanted: Iterable[str]) -> list[int]:
        """Return the codes of some values of a field; values that no figure has have none."""
        known = {value: code for code, value in enumerate(self.values[field])}
        return [known[value] for value in wanted if value in known]


def read_columns(db: Database, names: Sequence[str]) -> Columns:
    """Return some columns of all figures as they are now."""
    own = not db.conn.in_transaction
    if own:
        db.execute("BEGIN")  # chunks, stale ones and figures of one state
    try:
        codes = _known_codes(db)
        stale = {*first_column(db, "SELECT chunk FROM stale_chunks"), *_lacking(db, names)}
        fresh = {chunk: encode(db, chunk, codes) for chunk in sorted(stale)}
        found = {name: _read_one(db, name, fresh) for name in names}
    finally:
        if own:
            db.execute("ROLLBACK")
    return Columns(found, {field: list(known) for field, known in codes.items()})


def refresh(db: Database, progress: Progress | None = None) -> None:
    """Write the stale chunks again; in the transaction that is open, if one is, else in one for each.

    Given up half-way, the rest stays stale. `progress` is told how many chunks are done of how many.
    """
    stale = first_column(db, "SELECT chunk FROM stale_chunks ORDER BY chunk")
    for done, chunk in enumerate(stale, start=1):
        with writing(db):
            _refresh_one(db, chunk)
        if progress is not None:
            progress(done, len(stale))


def is_complete(db: Database) -> bool:
    """Return whether chunks have all columns; those that a program of an older schema wrote have fewer.

    They are worked out anew for each reader until `refresh` writes them.
    """
    begun = db.execute("SELECT 1 FROM figure_columns LIMIT 1").fetchone()
    waiting = db.execute("SELECT 1 FROM stale_chunks LIMIT 1").fetchone()
    return not _lacking(db, _TYPES) if begun else not waiting


def _refresh_one(db: Database, chunk: int) -> None:
    codes = _known_codes(db)
    before = {field: len(known) for field, known in codes.items()}
    rows = [(name, chunk, data.tobytes()) for name, data in encode(db, chunk, codes).items()]
    db.execute("DELETE FROM figure_columns WHERE chunk = ?", [chunk])
    db.conn.executemany("INSERT INTO figure_columns VALUES (?, ?, ?)", rows if rows[0][2] else [])
    added = [
        (field, code, value)
        for field, known in codes.items()
        for value, code in known.items()
        if code >= before[field]
    ]
    db.conn.executemany("INSERT INTO figure_codes VALUES (?, ?, ?)", added)
    db.execute("DELETE FROM stale_chunks WHERE chunk = ?", [chunk])


def encode(db: Database, chunk: int, codes: dict[str, dict[str | None, int]]) -> dict[str, Column]:
    """Return the columns of one chunk read from the figures; values that are new get codes in `codes`."""
    first = chunk << CHUNK_BITS
    rows = db.execute(_READ, [first, first + (1 << CHUNK_BITS) - 1]).fetchall()
    names = ("number", "article", "confidence", "value", "flagged", "canonical", *CODED, *_DAYS)
    cells: dict[str, tuple[Any, ...]] = dict.fromkeys(names, ())
    if rows:
        cells = dict(zip(names, zip(*rows, strict=True), strict=True))
    cells["article"] = tuple(_hash(article) for article in cells["article"])
    for field in CODED:
        known = codes[field]
        cells[field] = tuple(known.setdefault(value, len(known)) for value in cells[field])
    for field in _DAYS:
        cells[field] = tuple(day_number(day) for day in cells[field])
    return {name: np.array(cells[name], dtype=dtype) for name, dtype in _TYPES.items()}


def day_number(day: str | None, *, last: bool = False) -> int:
    """Return a day, month or year as a number that sorts as its text does: 2024-05 is 20240500, None is 0.

    `last` gives the greatest number of a month or year instead.
    """
    if not day:
        return 0
    digits = day.replace("-", "")[:8]
    return int(digits.ljust(8, "9" if last else "0")) if digits.isascii() and digits.isdecimal() else 0


def day_of(number: int) -> str | None:
    """Return the day, month or year of a number; None for 0."""
    year, month, day = number // 10_000, number // 100 % 100, number % 100
    if not number:
        return None
    return f"{year:04}" + (f"-{month:02}" if month else "") + (f"-{day:02}" if day else "")


def first_days(starts: Column, ends: Column) -> Column:
    """Return the first day of each period, its last where that is all that is known; 0 for none."""
    return np.where(starts != 0, starts, ends)


def last_days(starts: Column, ends: Column) -> Column:
    """Return the last day of each period, its first where that is all that is known; 0 for none."""
    return np.where(ends != 0, ends, starts)


def period_keys(start: Column, end: Column) -> Column:
    """Return a number for each period that is the greater the later it ends, then the later it begins."""
    last = last_days(start, end).astype(np.int64)
    keys: Column = (last << (_DAY_BITS + 1)) | (start.astype(np.int64) << 1) | (end != 0)
    return keys


def period_of(key: int) -> str | None:
    """Return the period of such a number as START/END, None where neither is known."""
    last, start, ended = key >> (_DAY_BITS + 1), key >> 1 & (1 << _DAY_BITS) - 1, key & 1
    return f"{day_of(start) or ''}/{day_of(last) if ended else ''}" if last else None


def count_years(starts: Column, ends: Column) -> list[tuple[str, int]]:
    """Return the years that periods touch and how many touch each, the newest first.

    A period of which one end is unknown is of the year of the other.
    """
    known = (starts != 0) | (ends != 0)
    first = first_days(starts, ends)[known] // 10_000
    last = last_days(starts, ends)[known] // 10_000
    if not len(first):
        return []
    size = int(max(first.max(), last.max())) + 2
    counts = np.cumsum(np.bincount(first, minlength=size) - np.bincount(last + 1, minlength=size))
    return [(str(year), int(counts[year])) for year in np.flatnonzero(counts)[::-1]]


def _known_codes(db: Database) -> dict[str, dict[str | None, int]]:
    codes: dict[str, dict[str | None, int]] = {field: {None: 0} for field in CODED}
    for field, code, value in db.execute("SELECT field, code, value FROM figure_codes ORDER BY field, code"):
        codes[field][value] = code
    return codes


def _lacking(db: Database, names: Iterable[str]) -> set[int]:
    """Return the chunks that lack one of some columns."""
    kept = "SELECT chunk FROM figure_columns WHERE name = ?"
    sql = f"{kept} EXCEPT {kept}"
    return {chunk for name in names for chunk in first_column(db, sql, ["number", name])}


def _read_one(db: Database, name: str, fresh: dict[int, dict[str, Column]]) -> Column:
    kept = db.execute("SELECT chunk, data FROM figure_columns WHERE name = ?", [name])
    parts = {chunk: np.frombuffer(data, dtype=_TYPES[name]) for chunk, data in kept}
    parts |= {chunk: columns[name] for chunk, columns in fresh.items()}
    ordered = [parts[chunk] for chunk in sorted(parts)]
    return np.concatenate(ordered) if ordered else np.array([], dtype=_TYPES[name])


def _hash(article_id: str) -> int:
    return int.from_bytes(hashlib.blake2b(article_id.encode(), digest_size=8).digest(), signed=True)
