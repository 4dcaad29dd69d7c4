"""CSV files of figures, observations and articles: UTF-8, "." decimals, ISO dates, empty means missing.

The plain profile is faithful to the last character. The Excel profile has a byte order mark and CRLF,
and puts an apostrophe before text that a spreadsheet would run as a formula.
"""

from __future__ import annotations

import csv
import json
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Literal

import regex
from sqlite_utils import Database

from store.columns import Column, columns
from store.database import database_path
from store.datapackage import describe
from store.errors import StoreError, explained
from store.filters import EVERYTHING, Filters, where_sql
from store.indicators import indicators
from store.periods import period_label, period_type
from store.places import places

Profile = Literal["plain", "excel"]
Progress = Callable[[int, int], None]
Row = dict[str, Any]

# "=1+1", " @x", "－5": what a spreadsheet takes for a formula, blanks before it included
_FORMULA = regex.compile(r"[\s\u200b\ufeff]*[=+\-@\t\r\n＝＋－＠]")
_ENDS = {"plain": "\n", "excel": "\r\n"}
_ENCODINGS = {"plain": "utf-8", "excel": "utf-8-sig"}
_PACKAGE = "datapackage.json"
_NEVER_TEXT = ("integer", "number", "boolean")

_ARTICLE = """
    articles.id AS article_id, articles.title AS article_title, articles.url AS article_url,
    articles.source AS publisher, articles.published AS published_at, articles.fetched_at AS crawled_at
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
            shown.sentence, shown.review AS review_status, {_ARTICLE}
        FROM observations JOIN figures AS shown ON shown.id = observations.figure_id
        JOIN articles ON articles.id = shown.article_id
        WHERE observations.id IN (SELECT observation_id FROM figures WHERE {{figures}})
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


def export(
    db: Database,
    out_dir: str | Path,
    filters: Filters,
    profile: Profile = "plain",
    progress: Progress | None = None,
) -> dict[str, int]:
    """Write figures.csv, observations.csv and articles.csv into a folder; returns the rows of each file.

    The figures are those that match, the observations and articles those with such a figure; without
    filters also articles that have none. A datapackage.json describes them. All are written beside
    their places first and then renamed, so that a reader never sees half a file. `progress` is told how
    many rows are done of how many. Raises StoreError when the folder cannot be written or the profile
    is unknown.
    """
    out = Path(out_dir)
    if profile not in _ENDS:
        raise StoreError(f"There is no export profile {profile!r}; choose one of {', '.join(_ENDS)}.")
    written: dict[str, int] = {}
    names = [*(f"{table}.csv" for table in _QUERIES), _PACKAGE]
    with explained(database_path(db)), db.atomic(), _in_place(out, names) as parts:
        total = sum(_count(db, table, filters) for table in _QUERIES)
        for table in _QUERIES:
            done = sum(written.values())
            rows = 0
            with parts[f"{table}.csv"].open("w", encoding=_ENCODINGS[profile], newline="") as file:
                for rows, line in enumerate(csv_lines(db, table, filters, profile)):
                    file.write(line)
                    if progress is not None and rows:
                        progress(done + rows, total)
            written[f"{table}.csv"] = rows
        _write_package(db, parts, written, filters, _ENDS[profile])
    return written


def csv_lines(db: Database, table: str, filters: Filters, profile: Profile = "plain") -> Iterator[str]:
    """Yield the header and the rows of one file as text, with line ends and without a byte order mark."""
    described = columns()[table]
    line = _line_writer(_ENDS[profile])
    yield line([column.name for column in described])
    for row in db.query(*_query(table, filters)):
        values = _VALUES[table](row)
        yield line([_cell(column, values[column.name], profile) for column in described])


def guarded(text: str) -> str:
    """Return `text` with an apostrophe before it where a spreadsheet would run it as a formula."""
    return f"'{text}" if _FORMULA.match(text) else text


def _cell(column: Column, value: Any, profile: str) -> str:
    if value is None:
        return ""
    if column.type == "boolean":
        return "true" if value else "false"
    if column.type == "list":
        value = ";".join(value)
    text = str(value)
    return guarded(text) if profile == "excel" and column.type not in _NEVER_TEXT else text


def _line_writer(end: str) -> Callable[[list[str]], str]:
    """Return a function from cells to a line of CSV.

    The csv module writes CRLF and only that is changed: with another end it leaves a lone CR unquoted.
    """
    lines: list[str] = []
    writer = csv.writer(SimpleNamespace(write=lines.append), lineterminator="\r\n")

    def line(cells: list[str]) -> str:
        writer.writerow(cells)
        return lines.pop()[:-2] + end

    return line


def _write_package(
    db: Database, parts: Mapping[str, Path], rows: Mapping[str, int], filters: Filters, line_end: str
) -> None:
    built = db.execute("SELECT value FROM meta WHERE key = 'built_at'").fetchone()
    files = {table: parts[f"{table}.csv"] for table in _QUERIES}
    counts = {table: rows[f"{table}.csv"] for table in _QUERIES}
    package = describe(files, counts, filters, built_at=built[0] if built else None, line_end=line_end)
    parts[_PACKAGE].write_text(json.dumps(package, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def _query(table: str, filters: Filters, select: str = "{}") -> tuple[str, dict[str, Any]]:
    condition, values = where_sql(filters)
    everything = "1" if condition == EVERYTHING else "0"
    return select.format(_QUERIES[table].format(figures=condition, everything=everything)), values


def _count(db: Database, table: str, filters: Filters) -> int:
    return int(db.execute(*_query(table, filters, "SELECT count(*) FROM ({})")).fetchone()[0])


def _figure_values(row: Row) -> Row:
    return _shared_values(row) | {name: json.loads(row[name]) for name in ("flags", "rules")}


def _shared_values(row: Row) -> Row:
    """Return the columns of a figure's or observation's row, with names for codes and exact numbers."""
    place = places().get(row["place_id"] or "")
    named = indicators().get(row["indicator_id"] or "", {})
    value, whole = row["value_text"], row["denominator_text"]
    form = None if row["kind"] == "rank" and row["measure"] == "difference" else row["kind"]
    return row | {
        "province_vi": place and place.name_vi,
        "province_en": place and place.name_en,
        "unit_regime": place and place.unit_regime,
        "indicator_vi": named.get("name_vi"),
        "indicator_en": named.get("name_en"),
        "value": value,
        "value_max": row["value_max_text"],
        "ratio_num": value if form == "ratio" else None,
        "ratio_den": whole if form == "ratio" else None,
        "pct": value if form == "percent" else None,
        "rank": value if form == "rank" else None,
        "rank_of": whole if form == "rank" else None,
        "period_type": period_type(row["period"]),
        "period_label": period_label(row["period"]),
    }


_VALUES: Mapping[str, Callable[[Row], Row]] = {
    "figures": _figure_values,
    "observations": _shared_values,
    "articles": dict,
}


@contextmanager
def _in_place(folder: Path, names: list[str]) -> Iterator[dict[str, Path]]:
    """Give a path to write each file to, and put all of them in their places when the block ends well."""
    try:
        with tempfile.TemporaryDirectory(dir=folder, prefix=".export-") as work:
            parts = {name: Path(work) / name for name in names}
            yield parts
            for name, part in parts.items():
                part.replace(folder / name)
    except OSError as error:
        raise StoreError(f"The export cannot be written to {folder}: {error.strerror or error}.") from error
