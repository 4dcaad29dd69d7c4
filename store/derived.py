"""Writing articles and their figures to `data/chiso.db`; everything here can be rebuilt from the pages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from operator import itemgetter
from pathlib import Path

from sqlite_utils import Database

from store.database import database_path, look_over, open_readonly, open_writable, upsert, writing
from store.errors import explained
from store.figure_columns import Progress, is_complete, refresh
from store.keys import observation_key
from store.records import Article, Figure
from store.reviewed import Standing, reviewed_row, standing_of
from store.rows import Row, article_from, article_row, figure_from, table_rows
from store.schema import FIGURES
from store.search import fold

_ADDED = {"number", "observation_key", "observation_id", "observation_role"}  # to a figure


def open_derived(path: str | Path, progress: Progress | None = None) -> Database:
    """Return the figure database for writing, created where missing; raises StoreError when it cannot be.

    The columns of a database of an older schema are written again, which takes a while where there are
    many figures: `progress` is told how many of its parts are done of how many. Given up half-way, it goes on
    at the next opening.
    """
    behind = Path(path).is_file() and is_behind(path)
    db = open_writable(path, FIGURES)
    try:
        if behind:
            refresh(db, progress)
            with writing(db):
                look_over(db)  # of indexes that are new nothing is known yet
    except BaseException:
        db.close()
        raise
    return db


def is_behind(path: str | Path) -> bool:
    """Return whether opening for writing would bring an existing database up to date; raises StoreError."""
    every = [step.name for step in FIGURES.pending(Database(memory=True))]
    with closing(open_readonly(path, FIGURES, optional=every)) as db, explained(path):
        if not FIGURES.applied(db):
            return False
        return bool(FIGURES.pending(db)) or not is_complete(db)


def replace_article(
    db: Database,
    article: Article,
    figures: Sequence[Figure],
    *,
    fetched_at: str | None = None,
    extractor_version: str = "",
) -> bool:
    """Put an article and its figures in the place of what was known of it; False when nothing changed.

    `fetched_at` says which version of its page it was made from. Of figures with the same id the first
    is kept; reviews of them hold on. Observations that may have changed are marked for `observations.merge`.
    """
    row = article_row(article) | {"fetched_at": fetched_at, "extractor_version": extractor_version}
    tables = table_rows(article)
    with writing(db):
        reviews = standing_of(db, [figure.id for figure in figures])
        wanted = _figure_rows(article, row, figures, reviews)
        given = sorted(map(_given, wanted), key=itemgetter("id"))
        stored = _stored(db, article.id)
        if stored == (row, tables, given):
            return False
        _mark_article_stale(db, article.id)
        _forget_figures(db, article.id, keep=[figure["id"] for figure in wanted])
        upsert(db, "articles", "id", [row])
        db.execute("DELETE FROM article_tables WHERE article_id = ?", [article.id])
        upsert(db, "article_tables", "article_id, number", tables)
        upsert(db, "figures", "id", wanted)
        _index(db, article.id, article.title)
        _mark_stale(db, article.id)
    return True


def remove_article(db: Database, article_id: str) -> bool:
    """Forget an article and its figures; False when it was not known."""
    with writing(db):
        _forget_figures(db, article_id, keep=[])
        known = bool(db.execute("DELETE FROM articles WHERE id = ?", [article_id]).rowcount)
        if known:
            _mark_article_stale(db, article_id)
        return known


def get_article(db: Database, article_id: str) -> Article | None:
    """Return an article with its tables, None when it is not known."""
    with explained(database_path(db)):
        row = next(iter(db["articles"].rows_where("id = ?", [article_id])), None)
        if row is None:
            return None
        return article_from(row, _tables_of(db, article_id))


def get_figures(db: Database, article_id: str) -> list[Figure]:
    """Return the figures of an article in the order of its text, as reviewed; [] when there are none."""
    with explained(database_path(db)):
        rows = db["figures"].rows_where("article_id = ?", [article_id], order_by='start, "end", number')
        return [figure_from(row) for row in rows]


def index_again(db: Database, article_id: str) -> None:
    """Bring the search index in line with the figures of an article."""
    _leave_index(db, article_id)
    title = db.execute("SELECT title FROM articles WHERE id = ?", [article_id]).fetchone()[0]
    _index(db, article_id, title)


def _figure_rows(
    article: Article, article_row: Row, figures: Iterable[Figure], reviews: Mapping[str, Standing]
) -> list[Row]:
    rows: dict[str, Row] = {}
    for figure in figures:
        row = reviewed_row(figure, reviews.get(figure.id)) | {
            "article_id": article.id,
            "source": article.source,
            "published_on": article_row["published_on"],
        }
        key = observation_key(row, row["published_on"])
        # Nearly every figure stays in the observation of its key: the merger only writes the exceptions.
        merged = {"observation_key": key, "observation_id": key, "observation_role": None}
        rows.setdefault(figure.id, row | merged)
    return list(rows.values())


def _stored(db: Database, article_id: str) -> tuple[Row | None, list[Row], list[Row]]:
    """Return the rows that are kept of an article, its tables and its figures, these by id."""
    row = next(iter(db["articles"].rows_where("id = ?", [article_id])), None)
    figures = list(db["figures"].rows_where("article_id = ?", [article_id], order_by="id"))
    return row, _tables_of(db, article_id), [_given(figure) for figure in figures]


def _given(figure: Row) -> Row:
    """Return a figure's row without what the database and the merger add to it."""
    return {name: value for name, value in figure.items() if name not in _ADDED}


def _tables_of(db: Database, article_id: str) -> list[Row]:
    return list(db["article_tables"].rows_where("article_id = ?", [article_id], order_by="number"))


def _forget_figures(db: Database, article_id: str, *, keep: list[str]) -> None:
    """Take the article's figures out of the search index and delete those that do not stay."""
    _mark_stale(db, article_id)
    _leave_index(db, article_id)
    kept = set(keep)
    known = db.execute("SELECT id FROM figures WHERE article_id = ?", [article_id]).fetchall()
    db.conn.executemany("DELETE FROM figures WHERE id = ?", [row for row in known if row[0] not in kept])


def _leave_index(db: Database, article_id: str) -> None:
    db.execute(
        "DELETE FROM figures_fts WHERE rowid IN (SELECT number FROM figures WHERE article_id = ?)",
        [article_id],
    )


def _index(db: Database, article_id: str, title: str) -> None:
    """Put the article's figures into the search index."""
    title = fold(title)
    known = db.execute(
        "SELECT number, sentence, indicator, place, locality FROM figures WHERE article_id = ?", [article_id]
    ).fetchall()
    db.conn.executemany(
        "INSERT INTO figures_fts (rowid, sentence, indicator, title, place) VALUES (?, ?, ?, ?, ?)",
        [
            (number, fold(sentence), fold(indicator), title, fold(f"{place or ''} {locality or ''}"))
            for number, sentence, indicator, place, locality in known
        ],
    )


def _mark_stale(db: Database, article_id: str) -> None:
    db.execute(
        """
        INSERT OR IGNORE INTO stale_observations
        SELECT DISTINCT observation_key FROM figures WHERE article_id = ? AND observation_key IS NOT NULL
        """,
        [article_id],
    )


def _mark_article_stale(db: Database, article_id: str) -> None:
    """Have the copies of an article looked for again."""
    db.execute("INSERT OR IGNORE INTO stale_articles VALUES (?)", [article_id])
