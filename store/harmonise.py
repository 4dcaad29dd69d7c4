"""Observations as if there had always been the 34 provinces that there are since 1 July 2025.

`queries.list_observations` tells values as they were reported, of the unit that the report was about. Here
the values of the old provinces that make up one of today are put together: what can be added is added where
every part is known, numerators and denominators apart, and what cannot be compared is said to be so, and why.
Counts, money and ratios can be added where the catalogue calls their indicator `additive`; percents, scores,
ranks and multiples never. Localities below a province are left out, and so is the country, which stayed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from operator import itemgetter
from typing import Any, Literal

from sqlite_utils import Database

from store.agreement import Reported, bounds_of
from store.database import database_path
from store.errors import explained
from store.indicators import indicators as catalogue
from store.indicators import topics
from store.places import MERGER, parts_of, unit_of_34
from store.search import fold

Row = dict[str, Any]
Bounds = tuple[Decimal, Decimal]
Method = Literal["reported", "summed", "none"]
Reason = Literal[
    "conflict",  # reports of the unit or of a part contradict each other
    "differs",  # the unit's own value for a time before the merger is not the sum of its parts
    "incomplete",  # parts are missing
    "no_denominator",  # a ratio of which only the numerator is known
    "not_additive",  # parts cannot be added to the whole
    "rank_among_63",  # places among 63 and among 34 are not places on one scale
    "territory_unclear",  # reported after the merger for a time before it, perhaps of the old territory
]

_SUMMABLE = ("count", "money", "ratio")
_AMONG_OLD = 63
_SAME = ("period", "as_of", "status", "kind", "measure", "negated")  # in all that is put together
_SAME_WORDS = ("unit", "base")


@dataclass(frozen=True, slots=True, kw_only=True)
class Harmonised:
    """The value of one unit of the 34; `value` is None where it is neither reported nor can be added up."""

    place_id: str  # of the 34
    indicator_id: str | None
    indicator: str
    indicator_key: str
    period: str | None
    as_of: str | None
    status: str
    kind: str
    unit: str | None
    measure: str
    negated: bool
    base: str | None
    value: Decimal | None
    value_max: Decimal | None
    denominator: Decimal | None
    comparator: str | None
    method: Method
    comparable: bool  # with the other units of the 34 and with other times
    reason: Reason | None  # why not
    observations: tuple[str, ...]  # ids of what was reported, of the unit first
    missing: tuple[str, ...]  # ids of the old provinces without a report, where they are needed


@dataclass(frozen=True, slots=True)
class Amount:
    """A value with all that is needed to add it to others."""

    value: Decimal
    value_max: Decimal | None
    denominator: Decimal | None
    comparator: str
    bounds: Bounds


def harmonised(
    db: Database,
    *,
    indicators: Sequence[str] = (),
    places: Sequence[str] = (),
    kinds: Sequence[str] = (),
    statuses: Sequence[str] = (),
) -> Iterator[Harmonised]:
    """Yield the values of the 34 units by indicator and place, of all where nothing is named.

    `indicators` takes canonical ids, and `~` with a folded phrase for indicators without one; `places` takes
    units of the 34, and old provinces for the unit that they are part of. One indicator is held in memory
    at a time. Raises StoreError when the database cannot be read.
    """
    wanted = {unit_of_34(place) for place in places}
    with explained(database_path(db)):
        for _, rows in groupby(_rows(db, indicators, kinds, statuses), key=itemgetter("indicator_key")):
            groups: dict[tuple[Any, ...], list[Row]] = {}
            for row in rows:
                unit = unit_of_34(row["place_id"])
                if unit is not None and (not places or unit in wanted):
                    groups.setdefault(_group(unit, row), []).append(row)
            for group in sorted(groups, key=str):
                yield _harmonise(group[0], groups[group])


def _rows(
    db: Database, indicators: Sequence[str], kinds: Sequence[str], statuses: Sequence[str]
) -> Iterator[Row]:
    conditions, values = ["locality IS NULL"], list[str]()
    for column, chosen in (("indicator_key", indicators), ("kind", kinds), ("status", statuses)):
        if chosen:
            conditions.append(f"observations.{column} IN ({','.join('?' * len(chosen))})")
            values += chosen
    shown = "(SELECT surface FROM figures WHERE figures.id = observations.figure_id) AS surface"
    yield from db.query(
        f"SELECT *, {shown} FROM observations WHERE {' AND '.join(conditions)} ORDER BY indicator_key, id",
        values,
    )


def _group(unit: str, row: Row) -> tuple[Any, ...]:
    told = (*_SAME_WORDS, "indicator") if row["indicator_id"] in topics() else _SAME_WORDS
    words = (" ".join(fold(row[name] or "").split()) for name in told)
    return (unit, *(row[name] for name in _SAME), *words)


def _harmonise(unit: str, rows: list[Row]) -> Harmonised:
    """Return what is known of one unit from the reports of it and of its parts."""
    own = next((row for row in rows if row["place_id"] == unit), None)
    parts = [row for row in rows if row["place_id"] != unit]
    missing = tuple(part for part in parts_of(unit) if part not in {row["place_id"] for row in parts})
    if own is None and len(parts_of(unit)) == 1:
        own, parts = parts[0], []  # the territory stayed as it was
    if own is None:
        amount, reason = _sum(parts, missing)
    else:
        amount, reason = _amount(own), _doubt(own, parts, missing)
    told = own or parts[0]
    return Harmonised(
        place_id=unit,
        **{name: told[name] for name in (*_SAME[:4], "measure", *_SAME_WORDS)},
        **{name: told[name] for name in ("indicator_id", "indicator", "indicator_key")},
        negated=bool(told["negated"]),
        value=None if amount is None else amount.value,
        value_max=None if amount is None else amount.value_max,
        denominator=None if amount is None else amount.denominator,
        comparator=None if amount is None else amount.comparator,
        method="none" if amount is None else "reported" if own else "summed",
        comparable=reason is None,
        reason=reason,
        observations=tuple(row["id"] for row in ([own] if own else []) + parts),
        missing=missing if own is None else (),
    )


def _doubt(own: Row, parts: list[Row], missing: tuple[str, ...]) -> Reason | None:
    """Return why the value that is reported of a unit itself cannot be compared; None when it can."""
    if own["kind"] == "rank" and own["measure"] == "level" and _among_old(own):
        return "rank_among_63"
    if own["conflict"]:
        return "conflict"
    if len(parts_of(unit_of_34(own["place_id"]) or "")) == 1:
        return "conflict" if any(not _agree(_amount(own), _amount(part)) for part in parts) else None
    if not _ended_before_merger(own):
        return None
    summed, _ = _sum(parts, missing)
    if summed is None:
        return "territory_unclear"
    return None if _agree(_amount(own), summed) else "differs"


def _among_old(own: Row) -> bool:
    """Return whether a rank is one among the old provinces; unsaid, the list of its unit's day decides."""
    if own["denominator_text"] is None:
        return bool(own["place_id"] != unit_of_34(own["place_id"]))
    return Decimal(own["denominator_text"]) == _AMONG_OLD


def _ended_before_merger(row: Row) -> bool:
    end = str(row["period_end"] or ("" if row["period_start"] else row["as_of"] or ""))
    return "" < end < MERGER


def _sum(parts: list[Row], missing: tuple[str, ...]) -> tuple[Amount | None, Reason | None]:
    """Return the sum over all parts of a unit, or None and why there is none."""
    if not parts:
        return None, "incomplete"
    kind = parts[0]["kind"]
    if kind not in _SUMMABLE or not all(_is_additive(part) for part in parts):
        return None, "rank_among_63" if kind == "rank" else "not_additive"
    if missing:
        return None, "incomplete"
    if any(part["conflict"] for part in parts):
        return None, "conflict"
    amounts = [_amount(part) for part in parts]
    if kind == "ratio" and any(amount.denominator is None for amount in amounts):
        return None, "no_denominator"
    return add(amounts), None


def _is_additive(part: Row) -> bool:
    return catalogue().get(part["indicator_id"] or "", {}).get("additive", False) is True


def add(amounts: Sequence[Amount]) -> Amount:
    """Return the sum of amounts of the same kind; a bound of one of them bounds the sum, too."""
    wholes = [amount.denominator for amount in amounts if amount.denominator is not None]
    ranges = any(amount.value_max is not None for amount in amounts)
    most = [amount.value if amount.value_max is None else amount.value_max for amount in amounts]
    return Amount(
        value=sum((amount.value for amount in amounts), Decimal(0)),
        value_max=sum(most, Decimal(0)) if ranges else None,
        denominator=sum(wholes, Decimal(0)) if len(wholes) == len(amounts) else None,
        comparator=_comparator({amount.comparator for amount in amounts}),
        bounds=(
            sum((amount.bounds[0] for amount in amounts), Decimal(0)),
            sum((amount.bounds[1] for amount in amounts), Decimal(0)),
        ),
    )


def _comparator(parts: set[str]) -> str:
    """Return how a sum is bounded: hedged one way only where no part is hedged the other way."""
    hedged = parts - {"eq"}
    if not hedged:
        return "eq"
    for strict, weak in (("gt", "ge"), ("lt", "le")):
        if hedged <= {strict, weak}:
            return strict if strict in hedged else weak
    return "approx"


def _amount(row: Row) -> Amount:
    most, whole = row["value_max_text"], row["denominator_text"]
    said = Reported(
        value=Decimal(row["value_text"]),
        value_max=None if most is None else Decimal(most),
        denominator=None if whole is None else Decimal(whole),
        comparator=row["comparator"],
        surface=row["surface"] or "",
    )
    return Amount(said.value, said.value_max, said.denominator, said.comparator, bounds_of(said))


def _agree(one: Amount, other: Amount) -> bool:
    within = one.bounds[0] <= other.bounds[1] and other.bounds[0] <= one.bounds[1]
    return within and len({one.denominator, other.denominator} - {None}) <= 1
