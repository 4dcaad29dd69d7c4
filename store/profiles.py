"""What is known of one province, indicator by indicator, and how much there is of every indicator."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlite_utils import Database

from store.database import database_path
from store.errors import explained
from store.filters import EVERYTHING
from store.forms import Form, form_of
from store.series import COLUMNS, level, number_runs, plain

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Entry:
    """What is known of one indicator in one province; rows are those of store/series.py."""

    indicator_id: str
    form: Form  # in which most is known
    newest: Row | None  # the newest actual value of this form
    target: Row | None  # the newest target of this form
    rank: Row | None  # the newest rank, in whatever form
    line: tuple[Row, ...]  # actual values of this form and of the sort of period that has most of them
    values: int  # of all forms


def place_facts(db: Database, place_id: str) -> Row:
    """Return of a place the counts of `figures`, `articles`, canonical `indicators`, and the `newest` day."""
    sql = f"""
        SELECT count(*) AS figures, count(DISTINCT article_id) AS articles,
            count(DISTINCT indicator_id) AS indicators, max(published_on) AS newest
        FROM figures WHERE place_id = ? AND {EVERYTHING}
    """
    with explained(database_path(db)):
        return next(iter(db.query(sql, [place_id])))


def place_entries(db: Database, place_id: str) -> list[Entry]:
    """Return what is known of a province by canonical indicator, in the order of their ids."""
    sql = f"""
        SELECT {COLUMNS} FROM observations
        WHERE place_id = ? AND indicator_id IS NOT NULL AND locality IS NULL AND measure = 'level'
        ORDER BY indicator_id
    """
    with explained(database_path(db)):
        rows = [plain(row) for row in db.query(sql, [place_id])]
    return [
        _entry(indicator, list(group)) for indicator, group in groupby(rows, key=itemgetter("indicator_id"))
    ]


def place_sources(db: Database, place_id: str) -> list[Row]:
    """Return the sources that report of a place, most figures first: `figures`, `articles`, `newest`."""
    sql = f"""
        SELECT source, count(*) AS figures, count(DISTINCT article_id) AS articles,
            max(published_on) AS newest
        FROM figures WHERE place_id = ? AND {EVERYTHING} GROUP BY source ORDER BY figures DESC, source
    """
    with explained(database_path(db)):
        return list(db.query(sql, [place_id]))


def _entry(indicator: str, rows: Sequence[Row]) -> Entry:
    forms = {row["id"]: form_of(row) for row in rows}
    ranks = [row for row in rows if row["kind"] == "rank" and row["status"] == "actual"]
    others = [row for row in rows if row["kind"] != "rank"] or rows
    counted = Counter(forms[row["id"]].code for row in others)
    form = max(
        (forms[row["id"]] for row in others),
        key=lambda one: (counted[one.code], one.base is None, one.code),
    )
    same = [row for row in others if forms[row["id"]].code == form.code]
    actual = [row for row in same if row["status"] == "actual"]
    return Entry(
        indicator_id=indicator,
        form=form,
        newest=_newest(actual),
        target=_newest(row for row in same if row["status"] == "target"),
        rank=_newest(ranks),
        line=_line(actual, form),
        values=len(rows),
    )


def _line(actual: Sequence[Row], form: Form) -> tuple[Row, ...]:
    """Return the values of the sort of period that has most of them, in the order of time."""
    spans = Counter(row["span"] for row in actual)
    if not spans:
        return ()
    usual = max(spans, key=lambda span: (spans[span], span))
    drawn = [row | {"level": level(row, form.code)} for row in actual if row["span"] == usual]
    dated = [row for row in drawn if row["day"] and row["level"] is not None]
    line = sorted(dated, key=itemgetter("day", "id"))
    number_runs(line)
    return tuple(line)


def _newest(rows: Iterable[Row]) -> Row | None:
    return max(
        rows,
        key=lambda row: (row["day"] or "", row["published_on"] or "", row["confidence"], row["id"]),
        default=None,
    )
