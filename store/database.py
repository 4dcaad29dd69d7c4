"""Opening the two databases: checks before the first write, WAL, migrations, read-only connections."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote
from weakref import WeakKeyDictionary

from sqlite_utils import Database, Migrations

from store.errors import StoreError, explained

_CACHE = (
    2**17
)  # kB of a database that a writer keeps in memory; keys are hashes, so that writes are scattered
_paths: WeakKeyDictionary[Database, str] = WeakKeyDictionary()  # asked once: writing() names it at every turn
_UPDATED_BY = {"figures": "chiso extract", "pages": "chiso crawl", "reviews": "the next review"}
BUSY_SECONDS = 10.0  # how long a connection waits for another writer


def open_writable(path: str | Path, migrations: Migrations) -> Database:
    """Return the database at `path`, created where missing and brought to the newest schema.

    Raises StoreError, leaving the file as it was, when it is no SQLite database, belongs to something
    else, has a newer schema than this program knows, is locked, or cannot be written.
    """
    path = Path(path)
    if not path.parent.is_dir():
        raise StoreError(f"The folder of the database {path} does not exist.")
    if path.is_dir():
        raise StoreError(f"The database {path} is a folder, not a file.")
    with explained(path):
        db = Database(sqlite3.connect(path, timeout=BUSY_SECONDS), execute_plugins=False)
        try:
            _check(db, path, migrations)
            db.enable_wal()
            db.execute("PRAGMA synchronous=NORMAL")
            db.execute("PRAGMA foreign_keys=ON")
            db.execute(f"PRAGMA cache_size=-{_CACHE}")
            migrate(db, migrations)
        except BaseException:
            db.close()
            raise
    return db


def open_readonly(path: str | Path, migrations: Migrations, *, optional: Collection[str] = ()) -> Database:
    """Return a connection that cannot write; it belongs to the thread that opened it.

    Raises StoreError when the file is missing, is no database of this kind, or has another schema
    than this program knows; steps that are `optional` may be missing.
    """
    path = Path(path)
    if not path.is_file():
        raise StoreError(f"The database {path} does not exist.")
    with explained(path):
        uri = f"file:{quote(str(path.resolve()))}?mode=ro{'&immutable=1' if _sealed(path) else ''}"
        db = Database(sqlite3.connect(uri, uri=True, timeout=BUSY_SECONDS), execute_plugins=False)
        try:
            _check(db, path, migrations)
            missing = {step.name for step in migrations.pending(db)}
            if not missing.issubset(optional):
                raise StoreError(
                    f"The database {path} has an older schema; {_UPDATED_BY[migrations.name]} updates it."
                )
        except BaseException:
            db.close()
            raise
    return db


def migrate(db: Database, migrations: Migrations) -> None:
    """Apply what is pending of one set of migrations, all of it or nothing.

    Several sets may share a file. The lock is taken before looking, so that two programs which open a
    new file at the same moment do not both create its tables.
    """
    if not migrations.pending(db):
        return
    db.execute("BEGIN IMMEDIATE")
    try:
        migrations.apply(db)
    except BaseException:
        db.rollback()
        raise
    db.commit()


@contextmanager
def writing(db: Database) -> Iterator[None]:
    """Hold a write transaction, a savepoint of the one that is open; SQLite's errors become StoreError.

    The lock is taken at the start: a transaction that reads first may lose its turn for good.
    """
    with explained(database_path(db)):
        if not db.conn.in_transaction:
            db.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                db.rollback()
                raise
            db.commit()
        else:
            with db.atomic():
                yield


@contextmanager
def joining(db: Database) -> Iterator[None]:
    """Join the write transaction that is open, else hold one, as `writing` does but without a savepoint.

    For one statement, which SQLite undoes by itself when it fails.
    """
    if not db.conn.in_transaction:
        with writing(db):
            yield
    else:
        with explained(database_path(db)):
            yield


def look_over(db: Database) -> None:
    """Let SQLite look at what the tables hold, by which it chooses its ways through them; takes a second."""
    db.execute("PRAGMA analysis_limit = 1000")
    db.execute("ANALYZE")


def upsert(db: Database, table: str, key: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write rows of equal columns, keeping the row numbers of those whose key is known."""
    if not rows:
        return
    names = list(rows[0])
    columns = ", ".join(f'"{name}"' for name in names)
    values = ", ".join(f":{name}" for name in names)
    changes = ", ".join(f'"{name}" = excluded."{name}"' for name in names)
    db.conn.executemany(
        f"INSERT INTO {table} ({columns}) VALUES ({values}) ON CONFLICT ({key}) DO UPDATE SET {changes}", rows
    )


def column(db: Database, sql: str, values: Sequence[Any] = ()) -> list[Any]:
    """Return the first column of what a query finds."""
    return [row[0] for row in db.execute(sql, values)]


def database_path(db: Database) -> str:
    """Return the file behind a connection, for messages; "in memory" when there is none."""
    if db not in _paths:
        row = db.conn.execute("PRAGMA database_list").fetchone()
        _paths[db] = str(row[2]) or "in memory"
    return _paths[db]


def _sealed(path: Path) -> bool:
    """Return whether nobody can be writing: readers then do without the shared-memory file of WAL mode."""
    return not os.access(path.parent, os.W_OK) and not path.with_name(f"{path.name}-wal").exists()


def _check(db: Database, path: Path, migrations: Migrations) -> None:
    """Raise StoreError unless the file is empty or is ours and not from the future; reads only."""
    if not db.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
        return
    applied = {migration.name for migration in migrations.applied(db)}
    if not applied:
        raise StoreError(f"The database {path} is not a {migrations.name} database.")
    known = {migration.name for migration in migrations.pending(Database(memory=True))}
    newer = sorted(applied - known)
    if newer:
        raise StoreError(
            f"The database {path} was written by a newer version of this program "
            f"(its schema has {newer[0]}); update the program to open it."
        )
