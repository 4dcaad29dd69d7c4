"""The tables of a release and their rows: one source for every file, route and screen.

A row is a tuple in the order of the table's columns. By type of column its values are: id, text, date and
datetime a string, list a tuple of strings, integer an int, number an exact Decimal or a float, boolean a
bool; None where nothing is known.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from sqlite_utils import Database

from store import periods
from store.columns import Column, columns
from store.filters import EVERYTHING, Filters, where_sql
from store.indicators import indicators
from store.keys import POINTS, POINTS_RULE
from store.places import places

Row = dict[str, Any]
Values = tuple[Any, ...]

_LARGEST = 2**63
LONG = ("figures", "observations", "articles")

_KEYS = MappingProxyType({"figures": "record_id", "observations": "observation_id", "articles": "article_id"})
_REFERENCES = MappingProxyType(
    {
        "figures": {"observation_id": "observations", "article_id": "articles", "indicator_id": "indicators"},
        "observations": {"indicator_id": "indicators"},
    }
)
_ARTICLE = """
    articles.id AS article_id, articles.title AS article_title, articles.url AS article_url,
    articles.source AS publisher, articles.published AS published_at, articles.fetched_at AS crawled_at,
    articles.doubts AS article_doubts
"""
_PART = """
    CASE WHEN figures.observation_role IS NOT NULL THEN figures.observation_role
        WHEN figures.id = observations.figure_id THEN 'shown'
        WHEN observations.id IS NOT NULL THEN 'agrees' END
"""
_QUERIES = {
    "figures": f"""
        SELECT figures.*, figures.id AS record_id, figures.start AS span_start, figures."end" AS span_end,
            observations.conflict, {_PART} AS observation_part, figures.review AS review_status,
            clusters.cluster AS duplicate_cluster, {_ARTICLE}
        FROM figures JOIN articles ON articles.id = figures.article_id
        LEFT JOIN article_clusters AS clusters ON clusters.article_id = articles.id
        LEFT JOIN observations ON observations.id = figures.observation_id
        WHERE {{figures}} ORDER BY figures.number
    """,
    "observations": f"""
        SELECT observations.*, observations.id AS observation_id, observations.figure_id AS record_id,
            (SELECT json_group_array(id) FROM figures WHERE observation_id = observations.id) AS record_ids,
            shown.sentence, shown.surface, shown.rules, shown.review AS review_status, {_ARTICLE}
        FROM observations JOIN figures AS shown ON shown.id = observations.figure_id
        JOIN articles ON articles.id = shown.article_id
        WHERE {{observations}}
        ORDER BY observations.id
    """,
    "articles": f"""
        SELECT articles.*, clusters.cluster AS duplicate_cluster, {_ARTICLE},
            (SELECT count(*) FROM figures WHERE figures.article_id = articles.id
                AND figures.review IS NOT 'rejected') AS figures
        FROM articles LEFT JOIN article_clusters AS clusters ON clusters.article_id = articles.id
        WHERE {{everything}} OR articles.id IN (SELECT article_id FROM figures WHERE {{figures}})
        ORDER BY articles.id
    """,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table as it is written: its name, its columns and what identifies and refers to its rows."""

    name: str
    columns: tuple[Column, ...]
    key: str | None = None  # column that is different in each row
    references: Mapping[str, str] = field(default_factory=dict)  # column: the table whose key it holds


def table_of(name: str) -> Table:
    """Return one of the tables figures, observations, articles. Raises KeyError for another name."""
    return Table(name=name, columns=columns()[name], key=_KEYS[name], references=_REFERENCES.get(name, {}))


def rows(db: Database, name: str, filters: Filters) -> Iterator[Values]:
    """Yield the rows of a table: figures that match, observations and articles with such a figure.

    Without filters, articles without any figure, too. Nothing is held in memory but the row.
    """
    return in_columns(columns()[name], map(_VALUES[name], db.query(*_query(name, filters))))


def count_rows(db: Database, name: str, filters: Filters) -> int:
    """Return how many rows a table has."""
    sql, values = _query(name, filters)
    found = sql[: sql.rindex("ORDER BY")]
    return int(db.execute(f"SELECT count(*) FROM ({found})", values).fetchone()[0])


def figure_record(db: Database, key: str) -> Values | None:
    """Return the row of one figure by its id, as files have it, reviewed away or not; None without one."""
    sql = _QUERIES["figures"].format(figures="figures.id = :key")
    found = map(_VALUES["figures"], db.query(sql, {"key": key}))
    return next(in_columns(columns()["figures"], found), None)


def in_columns(described: Iterable[Column], found: Iterable[Row]) -> Iterator[Values]:
    """Yield rows as tuples in the order of the columns, their values of the columns' types."""
    readers = [(column.name, _READERS[column.type]) for column in described]
    for row in found:
        yield tuple(None if row[name] is None else read(row[name]) for name, read in readers)


def named(row: Mapping[str, Any]) -> Row:
    """Return names beside the codes of a row with `place_id` and `indicator_id`."""
    place = places().get(row["place_id"] or "")
    entry = indicators().get(row["indicator_id"] or "", {})
    return {
        "province_vi": place and place.name_vi,
        "province_en": place and place.name_en,
        "unit_regime": place and place.unit_regime,
        "indicator_vi": entry.get("name_vi"),
        "indicator_en": entry.get("name_en"),
    }


def told_by_kind(row: Mapping[str, Any], value: Any, whole: Any) -> Row:
    """Return the columns that hold a value of one kind only; a step up a ranking is no rank."""
    form = None if row["kind"] == "rank" and row["measure"] == "difference" else row["kind"]
    return {
        "ratio_num": value if form == "ratio" else None,
        "ratio_den": whole if form == "ratio" else None,
        "pct": value if form == "percent" else None,
        "rank": value if form == "rank" else None,
        "rank_of": whole if form == "rank" else None,
    }


@lru_cache(maxsize=2**16)
def of_period(period: str | None) -> Row:
    """Return the form and the short label of a period."""
    return {"period_type": periods.period_type(period), "period_label": periods.period_label(period)}


def observed_sql(filters: Filters) -> tuple[str, dict[str, Any]]:
    """Return the condition on table `observations` and its values: one of their figures matches."""
    condition, values = where_sql(filters)
    if condition == EVERYTHING:
        return "1", values
    return f"observations.id IN (SELECT observation_id FROM figures WHERE {condition})", values


def _query(name: str, filters: Filters) -> tuple[str, dict[str, Any]]:
    condition, values = where_sql(filters)
    everything = "1" if condition == EVERYTHING else "0"
    observed, _ = observed_sql(filters)
    return _QUERIES[name].format(figures=condition, observations=observed, everything=everything), values


def _figure_values(row: Row) -> Row:
    return _shared_values(row) | {name: json.loads(row[name]) for name in ("flags", "rules")}


def _observation_values(row: Row) -> Row:
    return _shared_values(row) | {"record_ids": sorted(json.loads(row["record_ids"]))}


def _shared_values(row: Row) -> Row:
    """Return the columns of a figure's or observation's row, with names for codes and exact numbers."""
    value = row["value_text"]
    return (
        row
        | {"unit": POINTS if POINTS_RULE in json.loads(row["rules"]) else row["unit"]}
        | named(row)
        | told_by_kind(row, value, row["denominator_text"])
        | of_period(row["period"])
        | {"value": value, "value_max": row["value_max_text"]}
        | {"article_doubts": json.loads(row["article_doubts"])}
    )


def _whole(value: Any) -> int | None:
    """Return an integer; None for a number that is none, or that no file has room for."""
    if isinstance(value, int):
        return value
    exact = Decimal(value)
    return int(exact) if abs(exact) < _LARGEST and exact == exact.to_integral_value() else None


_VALUES: Mapping[str, Callable[[Row], Row]] = {
    "figures": _figure_values,
    "observations": _observation_values,
    "articles": dict,
}
_READERS: Mapping[str, Callable[[Any], Any]] = {
    "id": str,
    "text": str,
    "date": str,
    "datetime": str,
    "list": tuple,
    "integer": _whole,
    "number": lambda value: Decimal(value) if isinstance(value, str) else value,
    "boolean": bool,
}
