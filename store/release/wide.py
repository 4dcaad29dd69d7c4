"""The wide shape: a row for each place, locality, period and status, a column for each form of an indicator.

Only indicators of the catalogue that measure one thing are in it: a topic gathers figures of several. Reports
that contradict each other are never put into one cell in silence: the export is refused, the cell left
empty, or filled and marked, as was chosen.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from sqlite_utils import Database

from store.columns import columns
from store.errors import StoreError
from store.indicators import topics
from store.keys import words_of
from store.places import places
from store.release.edition import Choice, Conflicts
from store.release.harmonised import TABLE
from store.release.tables import Row, Table, Values, in_columns, named, observed_sql, of_period
from store.release.wide_columns import Form, Group, form_of, groups_of, values_of

_KEYS = (
    *("place_id", "province_vi", "province_en", "unit_regime", "locality", "period", "period_start"),
    *("period_end", "period_type", "period_label", "as_of", "status"),
)
_OF_ROW = ("place_id", "locality", "period", "as_of", "status")
_MOST_NAMED = 5
_MOST_COLUMNS = 2000  # what SQLite takes; no reader is helped by more


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where the values come from: a condition on a table."""

    table: str
    condition: str
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wide:
    """The wide table of a choice: its columns, how many rows it has, and what was left out."""

    table: Table
    groups: Mapping[Form, Group]
    source: Source
    conflicts: Conflicts
    rows: int
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What a first look through the values found."""

    rows: int  # of the wide table
    forms: Mapping[Form, Mapping[str, bool]]  # of each whether it has `ranges` and `bounds`
    disputed: Counter[Form]  # cells whose reports contradict each other
    first: tuple[tuple[Form, Row], ...]  # of these


def source_of(choice: Choice) -> Source:
    """Return where values as reported, or harmonised ones that can be compared, come from."""
    if choice.harmonise:
        return Source(
            table=f"temp.{TABLE}", condition="value_text IS NOT NULL AND (comparable OR conflict)", values={}
        )
    condition, values = observed_sql(choice.filters)
    return Source(table="observations", condition=condition, values=values)


def wide_table(db: Database, choice: Choice) -> Wide:
    """Return the wide table of a choice. Raises StoreError when cells conflict and nothing else is chosen."""
    db.conn.create_function("words_of", 1, words_of, deterministic=True)
    source = source_of(choice)
    seen = _look_through(db, source)
    groups = groups_of(seen.forms, marked=seen.disputed if choice.conflicts == "mark" else ())
    if seen.disputed and choice.conflicts == "refuse":
        raise StoreError(_refusal(seen, groups))
    described = {column.name: column for column in columns()["observations"]}
    found = (
        *(described[name] for name in _KEYS),
        *(column for group in groups.values() for column in group.columns),
    )
    if len(found) > _MOST_COLUMNS:
        raise StoreError(
            f"The wide table would have {len(found)} columns, more than the {_MOST_COLUMNS} that "
            "programs take: choose indicators."
        )
    return Wide(
        table=Table(name="wide_harmonised" if choice.harmonise else "wide", columns=found),
        groups=groups,
        source=source,
        conflicts=choice.conflicts,
        rows=seen.rows,
        notes=tuple(_notes(db, source, choice, seen)),
    )


def wide_rows(db: Database, wide: Wide) -> Iterator[Values]:
    """Yield the rows of a wide table by place, locality, period and status."""
    yield from in_columns(wide.table.columns, _filled(db, wide))


def _filled(db: Database, wide: Wide) -> Iterator[Row]:
    for cells in _cells(db, wide.source):
        first = next(iter(cells.values()))[0]
        row = {**{name: first[name] for name in _OF_ROW}, **named(first), **of_period(first["period"])}
        row |= {name: first[name] for name in ("period_start", "period_end")}
        for form, group in wide.groups.items():
            found = cells.get(form, [])
            conflict = _is_disputed(found)
            shown = None if conflict and wide.conflicts == "leave-empty" else _surest(found)
            names = [column.name for column in group.columns]
            row |= zip(names, values_of(group, shown, conflict=conflict), strict=True)
        yield row


def _cells(db: Database, source: Source) -> Iterator[dict[Form, list[Row]]]:
    """Yield for each row of the wide table what was told for each form."""
    condition, values = _usable(source)
    found = db.query(
        f"SELECT * FROM {source.table} WHERE {condition} ORDER BY place_id, words_of(locality), "
        "coalesce(period_end, period_start, as_of), period, as_of, status, id",
        values,
    )
    for _, rows in groupby(found, key=_key):
        cells: defaultdict[Form, list[Row]] = defaultdict(list)
        for row in rows:
            cells[form_of(row)].append(row)
        yield dict(cells)


def _key(row: Row) -> tuple[Any, ...]:
    return (row["place_id"], words_of(row["locality"]), row["period"], row["as_of"], row["status"])


def _look_through(db: Database, source: Source) -> Seen:
    rows = 0
    forms: dict[Form, dict[str, bool]] = {}
    disputed: Counter[Form] = Counter()
    first: list[tuple[Form, Row]] = []
    for cells in _cells(db, source):
        rows += 1
        for form, found in cells.items():
            known = forms.setdefault(form, {"ranges": False, "bounds": False})
            known["ranges"] |= any(row["value_max_text"] is not None for row in found)
            known["bounds"] |= any(row["comparator"] != "eq" for row in found)
            if _is_disputed(found):
                disputed[form] += 1
                first += [(form, found[0])] * (len(first) < _MOST_NAMED)
    return Seen(rows=rows, forms=forms, disputed=disputed, first=tuple(first))


def _is_disputed(found: Sequence[Row]) -> bool:
    told = {
        (row["value_text"], row["value_max_text"], row["denominator_text"], row["comparator"])
        for row in found
    }
    return len(told) > 1 or any(row["conflict"] for row in found)


def _surest(found: Sequence[Row]) -> Row | None:
    return min(found, key=lambda row: (-(row["confidence"] or 0), row["id"]), default=None)


def _usable(source: Source) -> tuple[str, dict[str, Any]]:
    condition = (
        f"({source.condition}) AND indicator_id IS NOT NULL"
        " AND indicator_id NOT IN (SELECT value FROM json_each(:topics))"
    )
    return condition, {**source.values, "topics": json.dumps(sorted(topics()))}


def _refusal(seen: Seen, groups: Mapping[Form, Group]) -> str:
    told = "; ".join(_cell_name(row, groups[form]) for form, row in seen.first)
    count = seen.disputed.total()
    return (
        f"Reports contradict each other in {count} cell{'s' * (count > 1)} of the wide table ({told}"
        f"{'; …' * (count > len(seen.first))}): choose --conflicts leave-empty or --conflicts mark, or the "
        "long shape, which has them all."
    )


def _cell_name(row: Row, group: Group) -> str:
    when = of_period(row["period"])["period_label"] or row["as_of"]
    where = [places()[row["place_id"]].name_vi, f"({row['place_id']})", row["locality"]]
    return " ".join(filter(None, [*where, when, row["status"], group.name]))


def _notes(db: Database, source: Source, choice: Choice, seen: Seen) -> Iterator[str]:
    def count(condition: str, values: Mapping[str, Any]) -> int:
        sql = f"SELECT count(*) FROM {source.table} WHERE {condition}"
        return int(db.execute(sql, dict(values)).fetchone()[0])

    without = count(f"({source.condition}) AND indicator_id IS NULL", source.values)
    if without:
        yield f"Left out of the wide table: {without} observations without an indicator of the catalogue."
    of_topics = count(f"({source.condition}) AND indicator_id IS NOT NULL", source.values) - count(
        *_usable(source)
    )
    if of_topics:
        yield f"Left out of the wide table: {of_topics} observations of topics, which measure several things."
    if choice.harmonise:
        reasons = db.execute(
            f"SELECT coalesce(reason, 'no value'), count(*) FROM {source.table}"
            f" WHERE NOT coalesce({source.condition}, 0) GROUP BY 1 ORDER BY 1"
        ).fetchall()
        if reasons:
            told = ", ".join(f"{reason} {number}" for reason, number in reasons)
            yield f"Left out of the wide table, because they cannot be compared: {told}."
    if seen.disputed:
        what = (
            "left empty" if choice.conflicts == "leave-empty" else "filled with the surer report and marked"
        )
        yield f"Cells whose reports contradict each other, {what}: {seen.disputed.total()}."
