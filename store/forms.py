"""What keeps values of one indicator apart on a chart: their form, and the sort of period that they are of.

An indicator is told in several forms: as a count and as a percentage of something, as a rank among 63 and
among 34. Only values of one form share an axis. A whole year, nine months and the state on a day are not
points of one line either. Forms and sorts of period have codes that stay the same, for addresses.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any

from store.indicators import indicators, topics
from store.keys import words_of
from store.periods import period_label, period_type
from store.places import places

PERCENTILE = "percentile"  # the form that puts ranks among any number of provinces on one scale
REGULAR = ("year", "half", "quarter", "month")  # sorts of period that follow one another without a gap
MOMENT, OTHER = "moment", "other"

_OLD_LIST = "63"
_MIDDAY = timedelta(days=1)

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Form:
    """One form of an indicator's values, in the words of one of them."""

    code: str
    kind: str
    unit: str | None
    base: str | None  # what a percentage is of, as written
    negated: bool
    whole: str | None  # of a rank: "63", "34", "?63" where only the list of the place is known
    words: str | None  # of a topic: the words of its figures


@dataclass(frozen=True, slots=True)
class Slot:
    """When a value holds: its sort of period, the code by which places are compared, its day on an axis."""

    span: str  # year, half, quarter, month, m9 (first nine months), moment, other
    code: str  # "2024", "2024-Q3", "2024-M05"; of a moment and of m9 the year
    day: str | None  # ISO; the middle of a regular period, else its end; None where there is none


def form_of(row: Row) -> Form:
    """Return the form of an observation's row."""
    whole = _whole(row) if row["kind"] == "rank" else None
    topic = row["indicator"] if row["indicator_id"] in topics() else None
    return _form(
        row["kind"], row["indicator_id"], row["unit"], row["base"], bool(row["negated"]), whole, topic
    )


def kind_of(code: str) -> str:
    """Return the kind of the values of a form by its code."""
    return "rank" if code == PERCENTILE else code.partition("~")[0]


@lru_cache(maxsize=8192)
def _form(
    kind: str,
    indicator_id: str | None,
    unit: str | None,
    base: str | None,
    negated: bool,
    whole: str | None,
    topic: str | None,
) -> Form:
    unit = _unit(indicator_id, unit)
    parts = [
        kind,
        whole if kind == "rank" else "" if kind == "percent" else words_of(unit),
        words_of(base),
        "not" if negated else "",
        words_of(topic),
    ]
    code = "~".join(part or "" for part in parts).rstrip("~")
    return Form(code, kind, unit, base, negated, whole, topic)


def percentile(row: Row) -> Decimal | None:
    """Return how many percent of the other places a rank is ahead of; None for what is no rank of a whole."""
    known = row["kind"] == "rank" and row["value"] is not None and row["denominator"] is not None
    if not known or row["denominator"] <= 1:
        return None
    behind = row["denominator"] - row["value"]
    return Decimal(behind) / (row["denominator"] - 1) * 100 if behind >= 0 else None


@lru_cache(maxsize=8192)
def slot_of(period: str | None, as_of: str | None) -> Slot:
    """Return when a value holds: by its period START/END, without one by the day it was published as of."""
    sort = period_type(period)
    start, _, end = (period or f"/{as_of or ''}").partition("/")
    if sort in REGULAR:
        return Slot(sort, period_label(period) or "", _middle(start, end))
    if sort in (None, "until", "day"):
        return Slot(MOMENT, end[:4], end or None)
    months = _first_months(start, end)
    if sort == "span" and months:
        return Slot(f"m{months}", end[:4], end)
    return Slot(OTHER, period_label(period) or "", end or start or None)


def step_of(slot: Slot) -> int | None:
    """Return the number of a period among those of its sort: neighbours differ by 1; None without any."""
    year, _, part = slot.code.partition("-")
    if not year.isdecimal():
        return None
    per_year = {"half": 2, "quarter": 4, "month": 12}.get(slot.span)
    if per_year is not None:
        return int(year) * per_year + int(part[1:])
    return int(year) if slot.span not in (MOMENT, OTHER) else None


def _unit(indicator_id: str | None, unit: str | None) -> str | None:
    """Return the unit; of a catalogued indicator "hộ nghèo" is the catalogue's "hộ", as when merging."""
    usual = indicators().get(indicator_id or "", {}).get("unit")
    return usual if usual and words_of(unit).startswith(f"{words_of(usual)} ") else unit


def _whole(row: Row) -> str:
    if row["denominator"] is not None:
        return str(row["denominator"])
    place = places().get(row["place_id"])
    return f"?{place.unit_regime if place else _OLD_LIST}"


def _middle(start: str, end: str) -> str:
    first, last = date.fromisoformat(start), date.fromisoformat(end) + _MIDDAY
    return (first + (last - first) / 2).isoformat()


def _first_months(start: str, end: str) -> int | None:
    """Return N where a period is the first N months of a year, None where it is something else."""
    if not (start.endswith("-01-01") and start[:4] == end[:4] and len(end) == 10):
        return None
    try:
        last = date.fromisoformat(end)
    except ValueError:
        return None
    return last.month if (last + _MIDDAY).day == 1 else None
