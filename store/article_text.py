"""The text of an article as it was read: for checking a sentence when its address leads nowhere any more."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from sqlite_utils import Database

from store.database import database_path
from store.errors import explained

_TOLD = "title, url, source, author, published, fetched_at, text"


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredText:
    """An article's text with where it is from; `fetched_at` says which version of its page it was made of."""

    article_id: str
    title: str
    url: str
    source: str | None
    author: str | None
    published: str | None
    fetched_at: str | None
    text: str
    text_sha256: str


def stored_text(db: Database, article_id: str) -> StoredText | None:
    """Return the text of an article, None when it is not known."""
    with explained(database_path(db)):
        row = next(db.query(f"SELECT {_TOLD} FROM articles WHERE id = ?", [article_id]), None)
    if row is None:
        return None
    text_hash = hashlib.sha256(row["text"].encode("utf-8", "surrogatepass")).hexdigest()
    return StoredText(article_id=article_id, text_sha256=text_hash, **row)


def sentence_span(db: Database, article_id: str, figure_id: str) -> tuple[int, int] | None:
    """Return where the sentence of a figure stands in the text of its article; None for another article's."""
    sql = "SELECT sentence_start, sentence_end FROM figures WHERE id = ? AND article_id = ?"
    with explained(database_path(db)):
        row = db.execute(sql, [figure_id, article_id]).fetchone()
    return None if row is None else (int(row[0]), int(row[1]))
