"""Values of one indicator over places and times, for charts: levels of whole provinces, one form at a time.

Rows are dicts of an observation: `value`, `value_max` and `denominator` as exact Decimals, and besides
`span`, `slot` and `day` (store/forms.py), and `level`, the number to draw: of a ratio its percentage, of a
rank in the form "percentile" how many percent of the others it is ahead of, else the value; None where a
ratio has no denominator. Values of a district, of an agency, rises and falls are left out.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from itertools import groupby
from typing import Any

from sqlite_utils import Database

from store.database import database_path
from store.errors import explained
from store.forms import MOMENT, PERCENTILE, Form, Slot, form_of, kind_of, percentile, slot_of, step_of
from store.harmonise import harmonised
from store.indicators import topics
from store.places import COUNTRY, places

Row = dict[str, Any]

COLUMNS = """
    id, place_id, indicator_id, indicator, period, period_start, period_end, as_of, status, kind, unit,
    measure, negated, base, comparator, value_text, value_max_text, denominator_text, confidence,
    published_on, figure_id, figures, sources, conflict, revised
"""
_AMONG_63 = ("rank~63", PERCENTILE)
_NUMBERS = ("value", "value_max", "denominator")


@dataclass(slots=True)
class Outline:
    """What there is of one form of an indicator: how many values, of which places, of which periods."""

    form: Form
    values: int = 0
    places: Counter[str] = field(default_factory=Counter)
    slots: dict[str, Counter[str]] = field(default_factory=dict)  # by span


def outlines(db: Database, indicator_key: str) -> list[Outline]:
    """Return the forms of an indicator, those of most values first; [] when nothing is known of it.

    The form of percentiles is added, last, where ranks say among how many.
    """
    found: dict[str, Outline] = {}
    ranks = Outline(Form(PERCENTILE, "rank", None, None, False, None, None))
    for row in _kinds(db, indicator_key):
        form = form_of(row)
        outline = found.setdefault(form.code, Outline(form))
        _count(outline, row)
        if percentile(row) is not None:
            _count(ranks, row)
    ordered = sorted(found.values(), key=lambda outline: (-outline.values, outline.form.code))
    return [*ordered, ranks] if ranks.values else ordered


def values(
    db: Database,
    indicator_key: str,
    form: str,
    span: str,
    *,
    places: Sequence[str] = (),
    statuses: Sequence[str] = (),
    slot: str | None = None,
) -> list[Row]:
    """Return the values of one form and sort of period by place, status and time; of all places for none.

    `run` numbers the stretches of a line: it changes where a period is missing, and with the year between
    states on a day, because many counts start again in January.
    """
    rows = _levels(db, indicator_key, kinds=[kind_of(form)], places=places, statuses=statuses)
    found = [row for row in rows if _fits(row, form, span, slot)]
    for row in found:
        row["level"] = level(row, form)
    found.sort(key=lambda row: (row["place_id"], row["status"], row["day"] or "", row["id"]))
    for _, line in groupby(found, key=lambda row: (row["place_id"], row["status"])):
        number_runs(list(line))
    return found


def newest_values(
    db: Database, indicator_key: str, form: str, span: str, *, slot: str | None = None, status: str = "actual"
) -> list[Row]:
    """Return one value of each place: the newest of a period, or of all where no `slot` is named.

    Of several values of one day the surest is taken. The country is left out.
    """
    rows = values(db, indicator_key, form, span, statuses=(status,), slot=slot)
    newest: dict[str, Row] = {}
    for row in rows:
        if row["place_id"] == COUNTRY.id or row["level"] is None:
            continue
        known = newest.get(row["place_id"])
        if known is None or _newer(row) > _newer(known):
            newest[row["place_id"]] = row
    return [newest[place] for place in places() if place in newest]


def harmonised_values(
    db: Database, indicator_key: str, form: str, span: str, *, slot: str | None = None, status: str = "actual"
) -> list[Row]:
    """Return one value of each unit of the 34, the newest, as store/harmonise.py puts it together.

    Rows have besides `comparable`, `reason` (why not), `method` and `missing` (old provinces); `value` and
    `level` are None where nothing can be told but the reason.
    """
    newest: dict[str, Row] = {}
    for row in _harmonised(db, indicator_key, form, span, slot=slot, statuses=[status]):
        known = newest.get(row["place_id"])
        if known is None or (row["comparable"], row["day"] or "") > (known["comparable"], known["day"] or ""):
            newest[row["place_id"]] = row
    return [newest[place] for place in places() if place in newest]


def harmonised_lines(
    db: Database, indicator_key: str, form: str, span: str, *, places: Sequence[str], statuses: Sequence[str]
) -> list[Row]:
    """Return the values of units of the 34 over time, as `values` does and `harmonised_values` tells them.

    `figure_ids` are the figures that a value is put together from. `level` is None where it is not
    comparable: `reason` tells why, and no line runs through it.
    """
    found = list(_harmonised(db, indicator_key, form, span, slot=None, statuses=statuses, places=places))
    figures = _figures_shown(db, [one for row in found for one in row["observations"]])
    for row in found:
        row["figure_ids"] = [figures[one] for one in row["observations"] if one in figures]
        row["id"], row["conflict"] = row["observations"][0], row["reason"] == "conflict"
        row["figure_id"] = row["figure_ids"][0] if len(row["figure_ids"]) == 1 else None
        row["level"] = row["level"] if row["comparable"] else None
    found.sort(key=lambda row: (row["place_id"], row["status"], row["day"] or "", row["id"]))
    drawn = [row for row in found if row["level"] is not None]
    for _, line in groupby(drawn, key=lambda row: (row["place_id"], row["status"])):
        number_runs(list(line))
    return found


def _harmonised(
    db: Database,
    indicator_key: str,
    form: str,
    span: str,
    *,
    slot: str | None,
    statuses: Sequence[str],
    places: Sequence[str] = (),
) -> Iterator[Row]:
    """Yield the values of units of the 34 that are of one form and sort of period."""
    asked = {"indicators": [indicator_key], "kinds": [kind_of(form)], "statuses": statuses, "places": places}
    for found in harmonised(db, **asked):
        row = asdict(found)
        slot_found = slot_of(found.period, found.as_of)
        row |= {"span": slot_found.span, "slot": slot_found.code, "day": slot_found.day}
        row["comparator"] = row["comparator"] or "eq"
        # Of parts ranked among 63 nothing is left to tell the form by but the reason.
        told = form if found.reason == "rank_among_63" and form in _AMONG_63 else None
        if found.measure == "level" and _fits(row, form, span, slot, told):
            yield row | {"level": None if row["value"] is None else level(row, form)}


def _figures_shown(db: Database, observation_ids: Sequence[str]) -> dict[str, str]:
    """Return the figure that each of some observations shows."""
    sql = "SELECT id, figure_id FROM observations WHERE id IN (SELECT value FROM json_each(?))"
    with explained(database_path(db)):
        return dict(db.execute(sql, [json.dumps(observation_ids)]).fetchall())


def evidence(db: Database, figure_ids: Iterable[str]) -> dict[str, Row]:
    """Return of each figure its `sentence`, where in it the number stands, and what article says so.

    Keys are ids; those that are not known are left out.
    """
    sql = """
        SELECT figures.id, sentence, start - sentence_start AS start, "end" - sentence_start AS "end",
            surface, figures.source, articles.title, articles.url, articles.published
        FROM figures JOIN articles ON articles.id = figures.article_id
        WHERE figures.id IN (SELECT value FROM json_each(:ids))
    """
    with explained(database_path(db)):
        return {row["id"]: row for row in db.query(sql, {"ids": json.dumps(list(figure_ids))})}


def level(row: Mapping[str, Any], form: str) -> float | None:
    """Return the number to draw for a value in one form; None where it cannot be drawn."""
    if form == PERCENTILE:
        ahead = percentile(row)
        return None if ahead is None else float(ahead)
    if row["kind"] == "ratio":
        return float(row["value"] / row["denominator"] * 100) if row["denominator"] else None
    return float(row["value"])


def _levels(
    db: Database,
    indicator_key: str,
    *,
    kinds: Sequence[str],
    places: Sequence[str] = (),
    statuses: Sequence[str] = (),
) -> Iterator[Row]:
    """Yield the levels of whole provinces of one indicator, in no order."""
    conditions = ["indicator_key = :key", "locality IS NULL", "measure = 'level'"]
    given: dict[str, str] = {"key": indicator_key}
    for column, chosen in (("kind", kinds), ("place_id", places), ("status", statuses)):
        if chosen:
            conditions.append(f"{column} IN (SELECT value FROM json_each(:{column}))")
            given[column] = json.dumps(chosen)
    with explained(database_path(db)):
        for row in db.query(f"SELECT {COLUMNS} FROM observations WHERE {' AND '.join(conditions)}", given):
            yield plain(row)


def _kinds(db: Database, indicator_key: str) -> Iterator[Row]:
    """Yield what tells forms and times of an indicator's levels, and how many `values` are alike in it."""
    sql = """
        SELECT place_id, indicator_id, kind, unit, base, negated, period, as_of, count(*) AS "values",
            CASE WHEN kind = 'rank' THEN denominator_text END AS denominator,
            CASE WHEN kind = 'rank' THEN value_text END AS value,
            CASE WHEN indicator_id IN (SELECT value FROM json_each(:topics)) THEN indicator END AS indicator
        FROM observations
        WHERE indicator_key = :key AND locality IS NULL AND measure = 'level'
        GROUP BY place_id, indicator_id, kind, unit, base, negated, period, as_of, denominator, value, 12
    """
    with explained(database_path(db)):
        for row in db.query(sql, {"key": indicator_key, "topics": json.dumps(sorted(topics()))}):
            slot = slot_of(row["period"], row["as_of"])
            for name in ("denominator", "value"):
                row[name] = None if row[name] is None else Decimal(row[name])
            row["span"], row["slot"] = slot.span, slot.code
            yield row


def plain(row: Row) -> Row:
    """Return an observation's row with exact numbers, truth values, and when it holds."""
    slot = slot_of(row["period"], row["as_of"])
    for name in _NUMBERS:
        exact = row.pop(f"{name}_text")
        row[name] = None if exact is None else Decimal(exact)
    for name in ("negated", "conflict", "revised"):
        row[name] = bool(row[name])
    return row | {"span": slot.span, "slot": slot.code, "day": slot.day}


def _count(outline: Outline, row: Row) -> None:
    outline.values += row["values"]
    outline.places[row["place_id"]] += row["values"]
    outline.slots.setdefault(row["span"], Counter())[row["slot"]] += row["values"]


def _fits(row: Row, form: str, span: str, slot: str | None, told: str | None = None) -> bool:
    """Return whether a value is of a form and a time; `told` is its form where the row does not tell."""
    if row["span"] != span or (slot is not None and row["slot"] != slot):
        return False
    if told is not None:
        return told == form
    return percentile(row) is not None if form == PERCENTILE else form_of(row).code == form


def number_runs(line: list[Row]) -> None:
    """Number the stretches of one line, in the order of time, in which no period is missing."""
    run, before = 0, None
    for row in line:
        now = step_of(Slot(row["span"], row["slot"], row["day"]))
        if row["span"] == MOMENT:
            joined = before == row["slot"]
            before = row["slot"]
        else:
            joined = before is not None and now is not None and now - before <= 1
            before = now
        run += not joined
        row["run"] = run


def _newer(row: Row) -> tuple[str, str, float, str]:
    return row["day"] or "", row["published_on"] or "", row["confidence"], row["id"]
