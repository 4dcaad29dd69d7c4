"""Counts of figures over filters, worked out on their columns (store/figure_columns.py)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlite_utils import Database

from store.database import column as first_column
from store.database import database_path
from store.errors import explained
from store.figure_columns import (
    Column,
    Columns,
    count_years,
    day_number,
    day_of,
    first_days,
    last_days,
    period_keys,
    period_of,
    read_columns,
)
from store.filters import Filters
from store.indicators import indicators
from store.places import COUNTRY
from store.search import match_query

Mask = NDArray[np.bool_]
Row = dict[str, Any]

# Lists of the filters that are counted by, and the fields that they choose.
FACETS = {
    "kinds": "kind",
    "statuses": "status",
    "units": "unit",
    "sources": "source",
    "places": "place_id",
    "indicators": "indicator_id",
}
_PERIOD = ("period_start", "period_end")
_SERIES = ("place_id", "indicator_id", "status", "kind", *_PERIOD)
_UNREVIEWED = "unreviewed"


def count_figures(db: Database, filters: Filters) -> int:
    """Return how many figures match."""
    with explained(database_path(db)):
        columns = read_columns(db, needed(filters))
        return int(np.count_nonzero(matching(db, columns, filters)))


def doubtful(
    db: Database,
    filters: Filters,
    *,
    below: float | None = None,
    flagged: bool = False,
    among: Sequence[int] | None = None,
) -> tuple[Column, Column]:
    """Return row numbers and confidences of the matching figures that nobody has reviewed.

    Only those less certain than `below`, those that are flagged, those `among` ascending row numbers.
    """
    with explained(database_path(db)):
        columns = read_columns(db, [*needed(filters), "confidence", "flagged"])
        mask = matching(db, columns, filters) & (columns.of["review"] == 0)
    if below is not None:
        mask &= columns.of["confidence"] < below
    if flagged:
        mask &= columns.of["flagged"] != 0
    if among is not None:
        mask &= with_numbers(columns.of["number"], among)
    return columns.of["number"][mask], columns.of["confidence"][mask]


def facets(db: Database, filters: Filters) -> dict[str, list[tuple[str, int]]]:
    """Return for each list of the filters its values and how many figures each would show, most first.

    A list's own choice is left out of its counts, so that a second value can be added to the first.
    Indicators are the canonical ones. `years` are those that a period touches, the newest first.
    """
    with explained(database_path(db)):
        columns = read_columns(db, [*needed(filters), *FACETS.values(), *_PERIOD])
        masks = dict(_parts(db, columns, filters))

    def others(*own: str) -> Mask:
        mask = _all_of(columns, [part for name, part in masks.items() if name not in own])
        return _newest(columns, mask) if filters.latest else mask

    found = {
        name: sorted(_tally(columns, field, others(name)), key=lambda pair: (-pair[1], pair[0]))
        for name, field in FACETS.items()
    }
    mask = others("period_from", "period_to")
    return found | {"years": count_years(*(columns.of[name][mask] for name in _PERIOD))}


def coverage(db: Database) -> list[Row]:
    """Return how many `figures` each place has of each canonical indicator, and the `newest` period of them.

    `indicator` is its Vietnamese name, the id where the catalogue has none.
    """
    with explained(database_path(db)):
        columns = read_columns(db, ["review", "place_id", "indicator_id", "period_start", "period_end"])
    of = columns.of
    kept = np.flatnonzero(_shown(columns) & (of["place_id"] != 0) & (of["indicator_id"] != 0))
    place, indicator = of["place_id"][kept].astype(np.int64), of["indicator_id"][kept].astype(np.int64)
    known = len(columns.values["indicator_id"])
    pair = place * known + indicator
    counts = np.bincount(pair)
    newest = np.zeros(len(counts), dtype=np.int64)
    np.maximum.at(newest, pair, period_keys(of["period_start"][kept], of["period_end"][kept]))
    rows = [
        {
            "place_id": columns.values["place_id"][code // known],
            "indicator_id": name,
            "indicator": indicators().get(name, {}).get("name_vi", name),
            "figures": int(counts[code]),
            "newest": period_of(int(newest[code])),
        }
        for code in np.flatnonzero(counts)
        for name in [str(columns.values["indicator_id"][code % known])]
    ]
    return sorted(rows, key=lambda row: (row["place_id"], row["indicator_id"]))


def place_counts(db: Database) -> dict[str, int]:
    """Return how many figures there are of each place that has any."""
    with explained(database_path(db)):
        columns = read_columns(db, ["review", "place_id"])
    return dict(_tally(columns, "place_id", _shown(columns)))


def summary_by_place(db: Database) -> list[Row]:
    """Return for each place its `figures`, `articles`, canonical `indicators` and `newest_published`."""
    names = ["review", "place_id", "indicator_id", "article", "published_on"]
    with explained(database_path(db)):
        columns = read_columns(db, names)
    of = columns.of
    kept = np.flatnonzero(_shown(columns) & (of["place_id"] != 0))
    rows = []
    for place, some in _groups(of["place_id"], kept):
        told = np.unique(of["indicator_id"][some])
        rows.append(
            {
                "place_id": columns.values["place_id"][place],
                "figures": len(some),
                "articles": len(np.unique(of["article"][some])),
                "indicators": int(np.count_nonzero(told)),
                "newest_published": day_of(int(of["published_on"][some].max())),
            }
        )
    return sorted(rows, key=lambda row: str(row["place_id"]))


def indicator_counts(db: Database) -> dict[str, Row]:
    """Return by id how many `figures` of how many `places` each canonical indicator has, and of what days.

    `places` are provinces, `first` and `last` the ends of the earliest and of the latest period,
    None where no figure names one.
    """
    with explained(database_path(db)):
        columns = read_columns(db, ["review", "place_id", "indicator_id", "period_end"])
    of = columns.of
    kept = np.flatnonzero(_shown(columns) & (of["indicator_id"] != 0))
    provinces = ~np.isin(of["place_id"], [0, *columns.codes("place_id", [COUNTRY.id])])
    found: dict[str, Row] = {}
    for known, some in _groups(of["indicator_id"], kept):
        days = of["period_end"][some]
        days = days[days != 0]
        found[str(columns.values["indicator_id"][known])] = {
            "figures": len(some),
            "places": len(np.unique(of["place_id"][some[provinces[some]]])),
            "first": day_of(int(days.min())) if len(days) else None,
            "last": day_of(int(days.max())) if len(days) else None,
        }
    return found


def needed(filters: Filters) -> list[str]:
    """Return the columns that filters ask for."""
    names = ["number", "review"]
    names += [field for name, field in FACETS.items() if getattr(filters, name)]
    if filters.period_from or filters.period_to:
        names += ["period_start", "period_end"]
    if filters.min_confidence is not None:
        names.append("confidence")
    if filters.duplicates:
        names.append("canonical")
    return [*dict.fromkeys([*names, *(_SERIES if filters.latest else ())])]


def matching(db: Database, columns: Columns, filters: Filters) -> Mask:
    """Return which figures match, in the order of their row numbers."""
    mask = _all_of(columns, [part for _, part in _parts(db, columns, filters)])
    return _newest(columns, mask) if filters.latest else mask


def _newest(columns: Columns, mask: Mask) -> Mask:
    """Return which of some figures are of the newest period of their place, indicator, status and kind."""
    of = columns.of
    days = last_days(of["period_start"], of["period_end"])
    kept = np.flatnonzero(mask & (days != 0) & (of["place_id"] != 0) & (of["indicator_id"] != 0))
    series = np.zeros(len(kept), dtype=np.int64)
    for name in ("place_id", "indicator_id", "status", "kind"):
        series = series * len(columns.values[name]) + of[name][kept]
    newest = np.zeros(int(series.max()) + 1 if len(series) else 1, dtype=days.dtype)
    np.maximum.at(newest, series, days[kept])
    found = np.zeros(len(mask), dtype=bool)
    found[kept[days[kept] == newest[series]]] = True
    return found


def _parts(db: Database, columns: Columns, filters: Filters) -> Iterator[tuple[str, Mask]]:
    """Yield for each filter in force which figures it leaves, by the filter's name."""
    of = columns.of
    yield "reviews", _reviewed(columns, filters.reviews) if filters.reviews else _shown(columns)
    for name, field in FACETS.items():
        chosen = getattr(filters, name)
        if chosen:
            mask = np.isin(of[field], columns.codes(field, chosen))
            phrases = [one for one in chosen if one[:1] == "~"] if name == "indicators" else []
            yield name, mask | with_numbers(of["number"], _of_phrases(db, phrases)) if phrases else mask
    if filters.period_from:
        ends = last_days(of["period_start"], of["period_end"])
        yield "period_from", ends >= day_number(filters.period_from)
    if filters.period_to:
        starts = first_days(of["period_start"], of["period_end"])
        yield "period_to", (starts != 0) & (starts <= day_number(filters.period_to, last=True))
    if filters.min_confidence is not None:
        yield "min_confidence", of["confidence"] >= filters.min_confidence
    if filters.duplicates:
        yield "duplicates", of["canonical"] != 0
    if filters.query and filters.query.strip():
        yield "query", with_numbers(of["number"], _of_query(db, filters.query))


def _shown(columns: Columns) -> Mask:
    """Return all but what a reviewer rejected."""
    return ~np.isin(columns.of["review"], columns.codes("review", ["rejected"]))


def _reviewed(columns: Columns, wanted: tuple[str, ...]) -> Mask:
    codes = columns.codes("review", wanted) + ([0] if _UNREVIEWED in wanted else [])
    return np.isin(columns.of["review"], codes)


def _all_of(columns: Columns, parts: list[Mask]) -> Mask:
    return np.logical_and.reduce(parts) if parts else np.ones(len(columns.of["number"]), dtype=bool)


def with_numbers(numbers: Column, wanted: Sequence[int]) -> Mask:
    """Return which row numbers, in their order, are among the wanted ones."""
    mask = np.zeros(len(numbers), dtype=bool)
    sought = np.array(wanted, dtype=np.int64)
    places = np.searchsorted(numbers, sought)
    inside = places < len(numbers)
    places, sought = places[inside], sought[inside]
    mask[places[numbers[places] == sought]] = True
    return mask


def _of_phrases(db: Database, phrases: list[str]) -> list[int]:
    sql = "SELECT number FROM figures WHERE indicator_key = ?"
    return [number for phrase in phrases for number in first_column(db, sql, [phrase])]


def _of_query(db: Database, query: str) -> list[int]:
    match = match_query(query)
    found = "SELECT rowid FROM figures_fts WHERE figures_fts MATCH ? ORDER BY rowid"
    return first_column(db, found, [match]) if match else []


def _groups(codes: Column, kept: Column) -> Iterator[tuple[int, Column]]:
    """Yield each code among some figures with the places of its figures."""
    ordered = kept[np.argsort(codes[kept], kind="stable")]
    ends = np.flatnonzero(np.diff(codes[ordered].astype(np.int64), append=-1)) + 1
    start = 0
    for end in ends:
        yield int(codes[ordered[start]]), ordered[start:end]
        start = int(end)


def _tally(columns: Columns, field: str, mask: Mask) -> list[tuple[str, int]]:
    """Return the values of a field with how many figures have each; NULL is no value."""
    names = columns.values[field]
    counts = np.bincount(columns.of[field][mask], minlength=len(names))
    return [(str(names[code]), int(counts[code])) for code in np.flatnonzero(counts) if code]
