"""What there is and what is doubtful: the rows of `chiso report`.

The same database gives the same report: nothing here asks the clock, and every list has an order of its own.
Figures that a reviewer rejected are left out of it.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from store.database import database_path
from store.errors import explained
from store.filters import EVERYTHING, Filters
from store.indicators import indicators, themes
from store.queries import count_observations, freshness, list_observations
from store.records import Source
from store.report_sources import sources_without_figures
from store.unlinked import frequent_runs, unlinked_phrases

Row = dict[str, Any]

_PHRASES_OF_RUNS = 5000  # the most frequent phrases, in which runs of words are looked for


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """The sections of the report; rows are dicts, their order is that in which they are shown."""

    totals: Mapping[str, Any]  # counts, and `newest_published` and `built_at`, None when not known
    coverage: tuple[Row, ...]  # place_id, theme, group (theme of the first level), year, figures, indicators
    conflicts: tuple[Row, ...]  # observations with their `reports`, the first so many of totals["conflicts"]
    flags: tuple[Row, ...]  # flag, figures, and an `example`
    phrases: tuple[Row, ...]  # as store.unlinked tells them
    runs: tuple[Row, ...]  # words, phrases
    sources: tuple[Row, ...]  # as store.report_sources tells them
    out_of_range: tuple[Row, ...]  # figures with the `low` and `high` of their indicator


def make_report(
    db: Database, pages_path: Path | None, sources: Mapping[str, Source], *, most: int = 50
) -> Report:
    """Return the report of a database of figures; `most` rows of each list that has no natural end.

    `pages_path` tells what was crawled; None, or a file that is not there, leaves that unknown. Raises
    StoreError when a database cannot be read.
    """
    with explained(database_path(db)):
        phrases = unlinked_phrases(db, max(most, _PHRASES_OF_RUNS))
        runs = frequent_runs((row["phrase"] for row in phrases), most)
        return Report(
            totals=_totals(db),
            coverage=tuple(_coverage(db)),
            conflicts=tuple(_conflicts(db, most)),
            flags=tuple(_flags(db)),
            phrases=tuple(phrases[:most]),
            runs=tuple({"words": words, "phrases": count} for words, count in runs),
            sources=tuple(sources_without_figures(db, pages_path, sources)),
            out_of_range=tuple(_out_of_range(db))[:most],
        )


def _totals(db: Database) -> Row:
    known = dict(freshness(db))
    reviewed = db.query("SELECT review, count(*) AS n FROM figures WHERE review IS NOT NULL GROUP BY review")
    verdicts = {row["review"]: row["n"] for row in reviewed}
    linked = f"SELECT count(*) FROM figures WHERE indicator_id IS NOT NULL AND {EVERYTHING}"
    return known | {
        "linked": db.execute(linked).fetchone()[0],
        "conflicts": count_observations(db, Filters(), conflicts=True),
        **{verdict: verdicts.get(verdict, 0) for verdict in ("confirmed", "corrected", "rejected")},
    }


def _coverage(db: Database) -> Iterator[Row]:
    """Yield how many achieved values each place has of each theme and year.

    The year is that in which the period ends, else begins, else of the article: what is only planned for a
    year does not cover it.
    """
    sql = f"""
        SELECT place_id, indicator_id, count(*) AS figures,
            substr(coalesce(period_end, period_start, published_on), 1, 4) AS year
        FROM figures
        WHERE place_id IS NOT NULL AND indicator_id IS NOT NULL AND status = 'actual' AND {EVERYTHING}
        GROUP BY place_id, indicator_id, year
    """
    figures: Counter[tuple[str, str, str]] = Counter()
    of_cell: Counter[tuple[str, str, str]] = Counter()
    for row in db.query(sql):
        cell = (row["place_id"], _theme(row["indicator_id"]), row["year"] or "")
        figures[cell] += row["figures"]
        of_cell[cell] += 1
    for (place_id, theme, year), count in sorted(figures.items()):
        yield {
            "place_id": place_id,
            "theme": theme,
            "group": _group(theme),
            "year": year or None,
            "figures": count,
            "indicators": of_cell[place_id, theme, year],
        }


def _theme(indicator_id: str) -> str:
    return str(indicators().get(indicator_id, {}).get("theme", ""))


def _group(theme: str) -> str:
    """Return the theme of the first level that a theme is under."""
    while (above := themes().get(theme, {}).get("parent")) is not None:
        theme = above
    return theme


def _conflicts(db: Database, most: int) -> Iterator[Row]:
    kept = ("place_id", "indicator_id", "indicator", "locality", "period", "as_of", "status", "kind", "unit")
    sql = """
        SELECT figures.id AS figure_id, surface, sentence, figures.source, figures.published_on,
            figures.observation_role AS role, articles.url, articles.title
        FROM figures JOIN articles ON articles.id = figures.article_id
        WHERE observation_id = ? ORDER BY figures.published_on, figures.id
    """
    for observation in list_observations(db, Filters(), most, conflicts=True):
        reports = list(db.query(sql, [observation["id"]]))
        told = {name: observation[name] for name in kept}
        yield {"observation_id": observation["id"], **told, "reports": reports}


def _flags(db: Database) -> Iterator[Row]:
    sql = f"""
        SELECT flag.value AS flag, count(*) AS figures, min(figures.id) AS example
        FROM figures, json_each(figures.flags) AS flag WHERE {EVERYTHING}
        GROUP BY flag.value ORDER BY figures DESC, flag
    """
    for row in list(db.query(sql)):
        yield row | {"example": _evidence(db, row["example"])}


def _evidence(db: Database, figure_id: str) -> Row:
    sql = """
        SELECT figures.id AS figure_id, surface, sentence, start - sentence_start AS offset,
            figures.source, figures.published_on, articles.url, articles.title
        FROM figures JOIN articles ON articles.id = figures.article_id WHERE figures.id = ?
    """
    return next(iter(db.query(sql, [figure_id])))


def _out_of_range(db: Database) -> Iterator[Row]:
    """Yield levels beyond what the catalogue calls plausible.

    Extraction links no such value; ends of ranges, corrections and a changed catalogue bring them about.
    """
    sql = f"""
        SELECT id, indicator_id, unit, value_text, value_max_text, place_id, period, review FROM figures
        WHERE indicator_key = :id AND kind = :kind AND measure = 'level' AND {EVERYTHING}
            AND (value NOT BETWEEN :low AND :high OR value_max NOT BETWEEN :low AND :high)
        ORDER BY id
    """
    for known, entry in sorted(indicators().items()):
        if "range" not in entry:
            continue
        low, high = entry["range"]
        limits = {"id": known, "kind": entry["kinds"][0], "low": low, "high": high}
        for row in list(db.query(sql, limits)):
            if entry["kinds"][0] == "money" and not _own_currency(row["unit"], entry["unit"]):
                continue
            most = row.pop("value_max_text")
            yield (
                row
                | _evidence(db, row["id"])
                | {
                    "value": Decimal(row.pop("value_text")),
                    "value_max": None if most is None else Decimal(most),
                    "low": low,
                    "high": high,
                }
            )


def _own_currency(unit: str | None, wanted: str) -> bool:
    return (unit or "VND").startswith(wanted.partition("/")[0])


def report_lines(report: Report) -> Iterator[str]:
    """Yield the report as JSON, one object a line with the name of its `section`; numbers exact as text."""
    yield json.dumps({"section": "totals", **report.totals}, ensure_ascii=False)
    for section in ("coverage", "conflicts", "flags", "phrases", "runs", "sources", "out_of_range"):
        for row in getattr(report, section):
            yield json.dumps({"section": section, **row}, ensure_ascii=False, default=str)
