"""What the app, the exports and the command line ask of `data/chiso.db`; nothing here writes.

A connection belongs to the thread that opened it. Rows are dicts: the columns of a figure with
`value`, `value_max` and `denominator` as exact Decimals, `flags` and `rules` as lists, `negated` as a
bool, and of its article `title`, `url`, `published` and `fetched_at`. Values are as reviewed: `review` is
confirmed, corrected, rejected or None, with `reviewer`, `reviewed_at` and `review_reason`; `extracted` has
what was extracted of corrected fields, numbers as text. Figures that were rejected are found by their id and
where the filters ask for them, and are counted nowhere else.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from store import database
from store.counting import count_figures, coverage, facets, summary_by_place
from store.errors import explained
from store.filters import EVERYTHING, SORTS, Filters, check_filters, order_sql, where_sql
from store.paging import page_numbers
from store.schema import FIGURES, OPTIONAL

__all__ = [
    "SORTS",
    "Filters",
    "check_filters",
    "count_figures",
    "count_observations",
    "coverage",
    "facets",
    "freshness",
    "get_figure",
    "get_observation",
    "list_figures",
    "list_observations",
    "newest_figures",
    "open_readonly",
    "summary_by_place",
]

Row = dict[str, Any]

CONTEXT = 300  # characters of the article on each side of a sentence
_MOST = 100  # other figures shown beside one

FIGURES_SQL = """
    SELECT figures.*, articles.title, articles.url, articles.published, articles.fetched_at
    FROM figures JOIN articles ON articles.id = figures.article_id
"""

_COPIES = f"""
    SELECT articles.id, articles.title, articles.url, articles.source, articles.published
    FROM article_clusters AS own JOIN article_clusters AS others ON others.cluster = own.cluster
    JOIN articles ON articles.id = others.article_id
    WHERE own.article_id = :article_id AND others.article_id != :article_id
    ORDER BY articles.published_on, articles.id LIMIT {_MOST}
"""


def open_readonly(path: str | Path) -> Database:
    """Return a connection to the figures that cannot write; raises StoreError when there are none to read."""
    return database.open_readonly(path, FIGURES, optional=OPTIONAL)


def list_figures(db: Database, filters: Filters, limit: int, offset: int = 0) -> list[Row]:
    """Return one page of the figures that match, in the order that the filters name.

    Rows have besides `observation_sources`, how many independent reports of the value there are, and
    `observation_conflict`, None without an observation. Raises StoreError when the sort is unknown.
    """
    # Only the page itself is joined with its articles, however far down it lies.
    order = order_sql(filters)
    page = json.dumps(page_numbers(db, filters, limit, offset))
    sql = f"{FIGURES_SQL} WHERE figures.number IN (SELECT value FROM json_each(:page)) ORDER BY {order}"
    found = [plain_row(row) for row in _rows(db, sql, {"page": page})]
    sql = "SELECT id, sources, conflict FROM observations WHERE id IN (SELECT value FROM json_each(:ids))"
    ids = json.dumps([row["observation_id"] for row in found if row["observation_id"]])
    merged = {row["id"]: row for row in _rows(db, sql, {"ids": ids})}
    for row in found:
        told = merged.get(row["observation_id"], {})
        row["observation_sources"] = told.get("sources")
        row["observation_conflict"] = bool(told["conflict"]) if told else None
    return found


def get_figure(db: Database, figure_id: str) -> Row | None:
    """Return one figure with what stands around it, None when no figure has this id.

    Beside the columns of a row: `article_doubts` (names of what is not certain about its article), `before`
    and `after` (up to 300 characters of the article on each side of the sentence), `same_sentence` and
    `same_observation` (rows of other figures), `copies` (articles that
    print the same text), and of its observation `observation_figures`, `observation_sources`,
    `observation_conflict`, `observation_chosen_by` and `observation_figure_id`, None without one.
    """
    row = next(_rows(db, f"{FIGURES_SQL} WHERE figures.id = :id", {"id": figure_id}), None)
    if row is None:
        return None
    others = f"{FIGURES_SQL} WHERE figures.id != :id AND {EVERYTHING} AND {{}} ORDER BY {{}} LIMIT {_MOST}"
    beside = others.format("article_id = :article_id AND sentence_start = :sentence_start", "start")
    again = others.format(
        "observation_id = :observation_id", "figures.confidence DESC, figures.published_on DESC"
    )
    observation = get_observation(db, row["observation_id"]) or {}
    article = _first(db, "SELECT text, doubts FROM articles WHERE id = :article_id", row)
    text = article["text"]
    return plain_row(row) | {
        "article_doubts": json.loads(article["doubts"]),
        "before": _before(text, row["sentence_start"]),
        "after": _after(text, row["sentence_end"]),
        "same_sentence": [plain_row(other) for other in _rows(db, beside, row)],
        "same_observation": [plain_row(other) for other in _rows(db, again, row)],
        "observation_figures": observation.get("figures"),
        "observation_sources": observation.get("sources"),
        "copies": list(_rows(db, _COPIES, row)),
        "observation_conflict": observation.get("conflict"),
        "observation_chosen_by": observation.get("chosen_by"),
        "observation_figure_id": observation.get("figure_id"),
    }


def get_observation(db: Database, observation_id: str | None) -> Row | None:
    """Return one observation, None when none has this id."""
    row = next(_rows(db, "SELECT * FROM observations WHERE id = :id", {"id": observation_id}), None)
    return None if row is None else plain_row(row)


def count_observations(db: Database, filters: Filters, *, conflicts: bool = False) -> int:
    """Return how many observations have a matching figure; with `conflicts` only the contradicted ones."""
    condition, values = _observed(filters, conflicts)
    return int(_first(db, f"SELECT count(*) AS n FROM observations WHERE {condition}", values)["n"])


def list_observations(
    db: Database, filters: Filters, limit: int, offset: int = 0, *, conflicts: bool = False
) -> list[Row]:
    """Return observations that have a matching figure, by indicator, place and time.

    The order of the filters is not used; with `conflicts` only those whose figures disagree.
    """
    condition, values = _observed(filters, conflicts)
    sql = f"""
        SELECT * FROM observations WHERE {condition}
        ORDER BY indicator_key, place_id, coalesce(period_end, period_start, as_of), id
        LIMIT :limit OFFSET :offset
    """
    return [plain_row(row) for row in _rows(db, sql, values | _page(limit, offset))]


def newest_figures(db: Database, limit: int) -> list[Row]:
    """Return the figures of the newest articles, newest first."""
    return list_figures(db, Filters(), limit)


def freshness(db: Database) -> Row:
    """Return how much there is and how new.

    Counts of `articles`, `figures`, `observations`, `conflicts`, `sources` and `failures`;
    `newest_published`, None without articles; `built_at`, None before the first build.
    """
    sql = """
        SELECT (SELECT count(*) FROM articles) AS articles,
            (SELECT count(*) FROM observations) AS observations,
            (SELECT count(*) FROM observations WHERE conflict) AS conflicts,
            (SELECT count(DISTINCT source) FROM articles) AS sources,
            (SELECT count(*) FROM failures) AS failures,
            (SELECT max(published_on) FROM articles) AS newest_published,
            (SELECT value FROM meta WHERE key = 'built_at') AS built_at
    """
    return {**_first(db, sql, {}), "figures": count_figures(db, Filters())}


def _page(limit: int, offset: int) -> dict[str, int]:
    return {"limit": max(0, limit), "offset": max(0, offset)}  # SQLite takes a negative limit for none


def _observed(filters: Filters, conflicts: bool) -> tuple[str, dict[str, Any]]:
    condition, values = where_sql(filters)
    chosen = (
        "" if condition == EVERYTHING else f"id IN (SELECT observation_id FROM figures WHERE {condition})"
    )
    return " AND ".join(filter(None, [chosen, "conflict" if conflicts else ""])) or "1", values


def _before(text: str, start: int) -> str:
    cut = max(0, start - CONTEXT)
    words = text[cut:start]
    return ("…" + words.partition(" ")[2] if cut else words).lstrip()


def _after(text: str, end: int) -> str:
    words = text[end : end + CONTEXT]
    return (words.rpartition(" ")[0] + "…" if end + CONTEXT < len(text) else words).rstrip()


def plain_row(row: Mapping[str, Any]) -> Row:
    """Return a row with exact numbers, lists and truth values in the place of how SQLite keeps them."""
    plain = {name: value for name, value in row.items() if not name.endswith("_text")}
    for name in ("value", "value_max", "denominator"):
        exact = row[f"{name}_text"]
        plain[name] = None if exact is None else Decimal(exact)
    if row.get("extracted"):
        plain["extracted"] = json.loads(row["extracted"])
    for name in ("flags", "rules"):
        if name in row:
            plain[name] = json.loads(row[name])
    for name in ("negated", "conflict", "revised"):
        if name in row:
            plain[name] = bool(row[name])
    return plain


def _first(db: Database, sql: str, values: Mapping[str, Any]) -> Row:
    return next(_rows(db, sql, values))


def _rows(db: Database, sql: str, values: Mapping[str, Any] | None = None) -> Iterator[Row]:
    with explained(database.database_path(db)):
        yield from db.query(sql, dict(values or {}))
