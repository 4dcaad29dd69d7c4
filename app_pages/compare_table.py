"""The values of a comparison as a table: a row a period, a column a province, and how far apart they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import streamlit as st

from app_pages.compare_chart import full_value, when_text
from app_pages.labels import label, named
from app_pages.numbers import number
from app_pages.places import place_text
from app_pages.tables import show_rows
from store.forms import PERCENTILE, Form

DISPUTED = "†"  # after a value of which articles disagree
_MISSING = "–"

Row = Mapping[str, Any]
Cells = dict[tuple[str, str, str], list[Row]]  # day, status, place


def show_values(rows: Sequence[Row], places: Sequence[str], form: Form, lang: str) -> None:
    """Draw the table of values and, of each place beside the first, the difference from the first."""
    cells: Cells = {}
    for row in rows:
        cells.setdefault((_moment(row), row["status"], row["place_id"]), []).append(row)
    first, *others = places
    names = {place: place_text(place, lang, short=True) for place in places}
    header = [
        label(lang, "field.period"),
        label(lang, "field.status"),
        *names.values(),
        *(label(lang, "compare.difference", one=names[place], other=names[first]) for place in others),
    ]
    body = []
    for moment, status in sorted({key[:2] for key in cells}, reverse=True):
        of = {place: cells.get((moment, status, place), []) for place in places}
        told = next(found[0] for found in of.values() if found)
        body.append(
            [
                when_text(told, lang),
                named(lang, "status", status),
                *(_values(of[place], form, lang) for place in places),
                *(_difference(of[place], of[first], form, lang) for place in others),
            ]
        )
    show_rows(label(lang, "compare.table"), header, body, numbers=2)
    if any(row["conflict"] for row in rows):
        st.caption(f"{DISPUTED} {label(lang, 'chart.conflict')}")


def _moment(row: Row) -> str:
    """Return what puts values of one time in one row: the day, and the words of the period."""
    return f"{row['day'] or ''} {row['period'] or ''}"


def _values(found: Sequence[Row], form: Form, lang: str) -> str:
    return " / ".join(_value(row, form, lang) for row in found) or _MISSING


def _value(row: Row, form: Form, lang: str) -> str:
    """Return a value, and why it is not comparable where it is not."""
    disputed = f" {DISPUTED}" if row["conflict"] else ""
    if not row.get("reason"):
        return full_value(row, form, lang) + disputed
    reason = label(lang, f"reason.{row['reason']}")
    return reason if row["value"] is None else f"{full_value(row, form, lang)}{disputed} ({reason})"


def _difference(one: Sequence[Row], other: Sequence[Row], form: Form, lang: str) -> str:
    """Return how much the first is above the second; a dash where one is missing, a range or not the only."""
    if len(one) != 1 or len(other) != 1:
        return _MISSING
    rows = (one[0], other[0])
    if any(row["level"] is None or row["value_max"] is not None for row in rows):
        return _MISSING
    hedge = "" if all(row["comparator"] == "eq" for row in rows) else "≈ "
    if form.code == PERCENTILE or form.kind == "ratio":
        apart = Decimal(str(round(rows[0]["level"] - rows[1]["level"], 1)))
    else:
        apart = rows[0]["value"] - rows[1]["value"]
    return hedge + _with_unit(number(apart, lang, signed=True), form, lang)


def _with_unit(written: str, form: Form, lang: str) -> str:
    if form.code == PERCENTILE or form.kind in ("percent", "ratio"):
        return label(lang, "compare.points", value=written)
    if form.kind == "rank":
        return label(lang, "number.steps", value=written)
    return written
