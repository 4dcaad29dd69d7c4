"""What to show: filters as a record, checked by name and turned into SQL."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, get_args

import regex
from sqlite_utils import Database

from store.errors import StoreError
from store.figure_columns import read_columns
from store.indicators import indicators
from store.keys import CANONICAL, TOLD_UNIT
from store.places import places
from store.records import Kind, Status
from store.search import match_query

SORTS = {
    "published": "figures.published_on",
    "period": "coalesce(figures.period_end, figures.period_start)",
    "value": "figures.value",
    "confidence": "figures.confidence",
    "place": "figures.place_folded",
    "indicator": "figures.indicator_folded",
}

_LISTS = {
    "places": "figures.place_id",
    "indicators": "figures.indicator_key",
    "kinds": "figures.kind",
    "statuses": "figures.status",
    "units": TOLD_UNIT,
    "sources": "figures.source",
}
REVIEWS = ("unreviewed", "confirmed", "corrected", "rejected")
# Without a filter: all but what a reviewer rejected. By row number, so that any index will do for the rest.
EVERYTHING = (
    "figures.number NOT IN (SELECT number FROM figures AS rejected WHERE rejected.review = 'rejected')"
)
_NEWEST = """
    SELECT figures.number, rank() OVER (
        PARTITION BY place_id, indicator_id, status, kind
        ORDER BY coalesce(period_end, period_start) DESC
    ) AS newest
    FROM figures WHERE {condition} AND place_id IS NOT NULL AND indicator_id IS NOT NULL
        AND coalesce(period_end, period_start) IS NOT NULL
"""
_DAY = regex.compile(
    r"\d{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?)?"
)  # 2024, 2024-05, 2024-05-31


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """Which figures to show and in which order; of a field any value will do, and all fields must hold.

    `indicators` takes canonical ids, and `~` with a folded phrase for indicators without one. A period
    matches when it overlaps the days from `period_from` to `period_to`, each a year, month or day;
    figures without a period then drop out. `query` is words as a person types them. `units` are as files
    have them: "%", "VND", "hộ", and percentage points apart from percents.
    `reviews` takes what REVIEWS lists; without it rejected figures are left out. `latest` keeps of what
    matches the newest period of each place, canonical indicator, status and kind; what lacks one of these
    drops out. `duplicates` "canon" keeps of the reports of one value the one that is shown for it.
    """

    places: tuple[str, ...] = ()
    indicators: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    period_from: str | None = None
    period_to: str | None = None
    query: str | None = None
    reviews: tuple[str, ...] = ()
    min_confidence: float | None = None
    latest: bool | None = None  # None is False, as in an address that does not say
    duplicates: str | None = None
    sort: str = "published"
    descending: bool = True


def check_filters(db: Database, filters: Filters) -> tuple[Filters, list[str]]:
    """Return the filters without what means nothing here, and what was left out as "field: value".

    An indicator of the catalogue that no figure is of means something: there are none of it.
    """
    named = [one for one in filters.indicators if one not in indicators()]
    known = {
        "places": set(places()),
        "indicators": {*indicators(), *_used(db, "indicator_key", named)},
        "kinds": set(get_args(Kind)),
        "statuses": set(get_args(Status)),
        "units": set(read_columns(db, ["unit"]).values["unit"]) if filters.units else set(),
        "sources": _used(db, "source", filters.sources),
        "reviews": set(REVIEWS),
    }
    kept: dict[str, Any] = {}
    unknown: list[str] = []
    for field, allowed in known.items():
        given = getattr(filters, field)
        kept[field] = tuple(value for value in given if value in allowed)
        unknown += [f"{field}: {value}" for value in given if value not in allowed]
    for field in ("period_from", "period_to"):
        day = getattr(filters, field)
        if day and not _DAY.fullmatch(day):
            kept[field] = None
            unknown.append(f"{field}: {day}")
    if filters.min_confidence is not None and not 0 <= filters.min_confidence <= 1:
        kept["min_confidence"] = None
        unknown.append(f"min_confidence: {filters.min_confidence}")
    if filters.duplicates not in (None, "canon"):
        kept["duplicates"] = None
        unknown.append(f"duplicates: {filters.duplicates}")
    if filters.sort not in SORTS:
        kept["sort"] = "published"
        unknown.append(f"sort: {filters.sort}")
    return replace(filters, **kept), unknown


def where_sql(filters: Filters) -> tuple[str, dict[str, Any]]:
    """Return the condition on table `figures` and its values."""
    condition, values = _where(filters)
    if filters.latest:
        newest = _NEWEST.format(condition=condition)
        condition = f"figures.number IN (SELECT number FROM ({newest}) WHERE newest = 1)"
    return condition, values


def _where(filters: Filters) -> tuple[str, dict[str, Any]]:
    conditions: list[str] = []
    values: dict[str, Any] = {}
    if filters.reviews:
        conditions.append("coalesce(figures.review, 'unreviewed') IN (SELECT value FROM json_each(:reviews))")
        values["reviews"] = json.dumps(filters.reviews)
    else:
        conditions.append(EVERYTHING)
    for field, column in _LISTS.items():
        chosen = getattr(filters, field)
        if chosen:
            conditions.append(f"{column} IN (SELECT value FROM json_each(:{field}))")
            values[field] = json.dumps(chosen)
    if filters.period_from:
        conditions.append("coalesce(figures.period_end, figures.period_start) >= :period_from")
        values["period_from"] = filters.period_from
    if filters.period_to:
        # "~" sorts after all that may follow in a date: with it "2024" takes in 2024-12-31.
        conditions.append("coalesce(figures.period_start, figures.period_end) <= :period_to || '~'")
        values["period_to"] = filters.period_to
    if filters.min_confidence is not None:
        conditions.append("figures.confidence >= :min_confidence")
        values["min_confidence"] = filters.min_confidence
    if filters.duplicates:
        conditions.append(CANONICAL)
    if filters.query and filters.query.strip():
        match = match_query(filters.query)
        found = "SELECT rowid FROM figures_fts WHERE figures_fts MATCH :match"
        conditions.append(f"figures.number IN ({found})" if match else "0")  # only signs: found nowhere
        values["match"] = match
    return " AND ".join(conditions), values


def order_sql(filters: Filters) -> str:
    """Return the order of table `figures`, unknown values last; raises StoreError for an unknown sort."""
    column = SORTS.get(filters.sort)
    if column is None:
        raise StoreError(f"Figures cannot be sorted by {filters.sort!r}; choose one of {', '.join(SORTS)}.")
    if filters.descending:
        return f"{column} DESC, figures.number"
    return f"{column} IS NULL, {column}, figures.number"


def _used(db: Database, column: str, values: Iterable[str]) -> set[str]:
    """Return those of some values that a column holds."""
    sql = f"SELECT 1 FROM figures WHERE {column} = ? LIMIT 1"
    return {value for value in values if db.execute(sql, [value]).fetchone()}
