"""What the store says to people when it cannot do its work."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class StoreError(Exception):
    """A database or an export cannot be read or written; the message is one sentence that names the file."""


_REASONS = (
    ("locked", "is locked by another program; try again when it has finished"),
    ("readonly", "cannot be written: the file or its folder is read-only"),
    ("unable to open", "cannot be opened: check that the folder exists and may be written"),
    ("not a database", "is not an SQLite database"),
    ("malformed", "is damaged; restore it from a copy or build it again"),
    ("full", "cannot be written: the disk is full"),
    ("disk I/O", "cannot be read or written: the disk reports an error"),
)


@contextmanager
def explained(path: str | Path) -> Iterator[None]:
    """Turn what SQLite raises about the database at `path` into a StoreError of one sentence."""
    try:
        yield
    except sqlite3.Error as error:
        said = str(error)
        reason = next((words for sign, words in _REASONS if sign in said), f"failed: {said}")
        raise StoreError(f"The database {path} {reason}.") from error
    except UnicodeEncodeError as error:
        raise StoreError(f"The database {path} cannot keep a text that is not valid Unicode.") from error
