"""The rows of one page of the figures that match, in any order, found on their columns."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlite_utils import Database

from store.counting import Mask, matching, needed
from store.database import column as first_column
from store.database import database_path
from store.errors import explained
from store.figure_columns import Column, Columns, last_days, read_columns
from store.filters import Filters

# Columns that tell an order.
_SORTED_BY: Mapping[str, tuple[str, ...]] = {
    "published": ("published_on",),
    "period": ("period_start", "period_end"),
    "value": ("value",),
    "confidence": ("confidence",),
    "place": ("place_folded",),
}
_DAYS = ("published", "period")  # of these 0 is unknown
_FEW = 2000  # figures that are sorted one by one; of more the index is read in its order
_BATCH = 20_000  # rows of the index


def page_numbers(db: Database, filters: Filters, limit: int, offset: int) -> list[int]:
    """Return the row numbers of one page of the figures that match, in the order of the filters."""
    first, last = max(0, offset), max(0, offset) + max(0, limit)
    names = _SORTED_BY.get(filters.sort, ())
    with explained(database_path(db)):
        columns = read_columns(db, [*needed(filters), *names])
        mask = matching(db, columns, filters)
        numbers = columns.of["number"]
        if not names:
            return _by_phrase(db, numbers, mask, filters.descending, last)[first:last]
    kept = np.flatnonzero(mask)
    page = kept[least_first(_keys(columns, filters)[kept], last)[first:last]]
    return [int(number) for number in numbers[page]]


def _keys(columns: Columns, filters: Filters) -> NDArray[np.float64]:
    """Return a number for each figure by which it is sorted, from the least on; unknown ones last."""
    found = [columns.of[name] for name in _SORTED_BY[filters.sort]]
    keys = last_days(*found) if filters.sort == "period" else found[0]
    if filters.sort == "place":
        names = columns.values["place_folded"]
        ranks = np.zeros(len(names))
        ranks[sorted(range(1, len(names)), key=lambda code: str(names[code]))] = np.arange(1, len(names))
        keys = ranks[keys]
    signed = -keys.astype(np.float64) if filters.descending else keys.astype(np.float64)
    return np.where(keys == 0, np.inf, signed) if filters.sort in (*_DAYS, "place") else signed


def least_first(keys: Column, count: int) -> Column:
    """Return where the `count` least keys are, in their order; of equal ones the earlier first."""
    if 4 * count >= len(keys):
        return np.argsort(keys, kind="stable")
    if not count:
        return np.zeros(0, dtype=np.intp)
    most = np.partition(keys, count - 1)[count - 1]
    some = np.flatnonzero(keys <= most)
    return some[np.argsort(keys[some], kind="stable")]


def _by_phrase(db: Database, numbers: Column, mask: Mask, descending: bool, count: int) -> list[int]:
    """Return the first row numbers in the order of the phrases, which are too many for a column."""
    order = f"indicator_folded {'DESC' if descending else 'ASC'}, number"
    kept = numbers[mask]
    if len(kept) <= _FEW:
        some = "SELECT value FROM json_each(?)"
        sql = f"SELECT number FROM figures WHERE number IN ({some}) ORDER BY {order}"
        return first_column(db, sql, [json.dumps(kept.tolist())])
    found: list[int] = []
    rows: Any = db.execute(f"SELECT number FROM figures INDEXED BY figures_by_phrase ORDER BY {order}")
    while len(found) < count and (batch := rows.fetchmany(_BATCH)):
        listed = np.array(batch, dtype=np.int64)[:, 0]
        found += listed[mask[np.searchsorted(numbers, listed)]].tolist()
    return found
