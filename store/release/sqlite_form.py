"""SQLite: a table each, typed, with keys, references and indexes; the same bytes for the same rows.

Lists are JSON, truth values 0 and 1, dates ISO text, numbers REAL.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from store.columns import Column
from store.release.tables import Table, Values

Sink = Callable[[Sequence[Values]], None]

_TYPES = {"integer": "INTEGER", "boolean": "INTEGER", "number": "REAL"}
_INDEXED = ("observation_id", "article_id", "indicator_id", "place_id", "period_end")


@contextmanager
def sqlite_file(path: Path) -> Iterator[Callable[[Table], Sink]]:
    """Give a function that begins a table and returns what writes its rows.

    Raises OSError when the file cannot be written.
    """
    try:
        with closing(sqlite3.connect(path, isolation_level=None)) as db:
            db.execute("PRAGMA page_size = 4096")
            db.execute("PRAGMA journal_mode = OFF")
            db.execute("PRAGMA synchronous = OFF")
            db.execute("BEGIN")
            begun: list[Table] = []

            def begin(table: Table) -> Sink:
                begun.append(table)
                return _begin(db, table)

            yield begin
            for table in begun:
                _index(db, table)
            db.execute("COMMIT")
            db.execute("VACUUM")
    except sqlite3.Error as error:
        raise OSError(f"{path.name}: {error}") from error


def _begin(db: sqlite3.Connection, table: Table) -> Sink:
    db.execute(f"CREATE TABLE {_quoted(table.name)} ({', '.join(_declared(table))}) STRICT")
    places = ", ".join("?" * len(table.columns))
    insert = f"INSERT INTO {_quoted(table.name)} VALUES ({places})"
    lists = [number for number, column in enumerate(table.columns) if column.type == "list"]
    numbers = [number for number, column in enumerate(table.columns) if column.type == "number"]

    def kept(row: Values) -> Values:
        cells = list(row)
        for number in numbers:
            if cells[number] is not None:
                cells[number] = float(cells[number])
        for number in lists:
            if cells[number] is not None:
                cells[number] = json.dumps(cells[number], ensure_ascii=False)
        return tuple(cells)

    def write(rows: Sequence[Values]) -> None:
        db.executemany(insert, map(kept, rows))

    return write


def _declared(table: Table) -> Iterator[str]:
    yield from (_column(column, table.key) for column in table.columns)
    for name, other in table.references.items():
        yield f"FOREIGN KEY ({_quoted(name)}) REFERENCES {_quoted(other)}"


def _column(column: Column, key: str | None) -> str:
    rule = " PRIMARY KEY NOT NULL" if column.name == key else " NOT NULL" if column.required else ""
    return f"{_quoted(column.name)} {_TYPES.get(column.type, 'TEXT')}{rule}"


def _index(db: sqlite3.Connection, table: Table) -> None:
    for column in table.columns:
        if column.name in _INDEXED and column.name != table.key:
            name = _quoted(f"{table.name}_by_{column.name}")
            db.execute(f"CREATE INDEX {name} ON {_quoted(table.name)} ({_quoted(column.name)})")


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
