"""The value of a table figure: what its headings add to the number, its unit, kind, measure and base."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

import regex

from extract.analysis import Link, Quantity
from extract.phrase.named_indexes import index_names
from extract.quantity.units import unit_at
from extract.table.headings import Heading, HeadUnit, begins_with, is_in, read_heading, read_unit_words
from extract.table.sheets import Entry, Sheet
from extract.text import lower
from extract.time.times import find_times

_NUMBER_OF = regex.compile(r"(?i)(?:tổng\s)?(?:số\s)?(?:lượng\s)?")
_NO_BASE = Link(None)
_STEPS = regex.compile(r"(?i)(?<!\p{L})(?:hạng|bậc)(?!\p{L})")
_ALL_RISES = Decimal(50)  # a column of "so với cùng kỳ (%)" below it holds rises, above it shares of what was


@dataclass(frozen=True, slots=True)
class Compared:
    """How the figures of a column compare: as rises and falls, and with what."""

    difference: bool
    falls: bool = False
    base: str | None = None


def comparisons(sheet: Sheet) -> Mapping[int, Compared]:
    """Return how the columns compare that do; a column is one of changes by its heading or by its numbers."""
    columns: dict[int, list[Entry]] = {}
    for entry in sheet.entries:
        columns.setdefault(entry.cell.column, []).append(entry)
    found = {}
    for column, entries in columns.items():
        headings = [read_heading(cell.text) for cell in entries[0].column]
        if any(heading.compared or heading.change for heading in headings):
            found[column] = _compared(headings, [entry.quantities[0] for entry in entries])
    return found


def _compared(headings: Sequence[Heading], quantities: Sequence[Quantity]) -> Compared:
    base = next((heading.base for heading in reversed(headings) if heading.base), None)
    change = next((heading.change for heading in reversed(headings) if heading.change), None)
    if change is not None:
        positive = all(quantity.value >= 0 for quantity in quantities)
        return Compared(difference=True, falls=change == "fall" and positive, base=base)
    signed = any(quantity.measure == "difference" or quantity.value < 0 for quantity in quantities)
    small = all(abs(quantity.value) < _ALL_RISES for quantity in quantities)
    over_time = base is not None and bool(find_times(lower(base)))
    return Compared(difference=signed or (over_time and small), base=base)


def with_unit(
    quantity: Quantity, entry: Entry, compared: Compared | None, captions: Iterable[str]
) -> Quantity:
    """Return the quantity with the unit, kind and measure that its headings give it.

    What the cell itself says stays: its unit, or that it is a rise or a fall.
    """
    own = quantity.kind != "count" or quantity.unit is not None
    if not own:
        unit = _unit(entry, compared, captions)
        quantity = replace(_ranked_or_rated(quantity, entry), rules=(*quantity.rules, "cell_unit_unsaid"))
        quantity = _counting(quantity, entry) if unit is None else _scaled(quantity, unit)
    elif quantity.kind == "ratio" and quantity.unit is None:
        unit = _unit(entry, None, captions)
        quantity = _scaled(quantity, unit) if unit is not None and unit.kind != "percent" else quantity
    return _measured(quantity, compared, own=own)


def _unit(entry: Entry, compared: Compared | None, captions: Iterable[str]) -> HeadUnit | None:
    """Return the unit of the nearest heading that states one.

    The unit of a row or table is not that of a comparison: "tấn" of a crop says nothing about its growth.
    """
    of_column = _first(cell.text for cell in reversed(entry.column))
    if of_column is not None:
        return of_column
    if compared is not None and compared.base is not None:
        return HeadUnit("percent", "%")
    if any(begins_with(cell.text, "rank") or begins_with(cell.text, "score") for cell in entry.column):
        return None
    of_row = read_unit_words(entry.unit) if entry.unit else None
    found = of_row or _first(cell.text for cell in reversed(entry.row)) or _first(captions)
    if found is None and compared is not None:  # a change of what the column left of it holds
        return next((unit for left in entry.left if (unit := _first(c.text for c in left)) is not None), None)
    return found


def _first(headings: Iterable[str]) -> HeadUnit | None:
    return next((unit for text in headings if (unit := read_heading(text).unit) is not None), None)


def _ranked_or_rated(quantity: Quantity, entry: Entry) -> Quantity:
    """Return the quantity with the kind that the words of its headings give: a rank, a score or a share."""
    texts = [*(cell.text for cell in reversed(entry.column)), *(cell.text for cell in reversed(entry.row))]
    for text in texts:
        words = read_heading(text).words
        if begins_with(words, "rank"):
            return replace(quantity, kind="rank")
        if _STEPS.search(text) and read_heading(text).change is not None:
            return replace(quantity, kind="rank", unit="bậc")
        if any(index_names(text)) and quantity.kind == "count":
            return replace(quantity, kind="score", unit="điểm")
        if begins_with(words, "score"):
            return replace(quantity, kind="score", unit="điểm")
        if begins_with(words, "percent"):
            return replace(quantity, kind="percent", unit="%")
    return quantity


def _counting(quantity: Quantity, entry: Entry) -> Quantity:
    """Return a bare count with the noun that its nearest heading counts: "Số xã", "Người chết"."""
    if quantity.kind != "count":
        return quantity
    for cell in (*reversed(entry.column), *reversed(entry.row)):
        words = read_heading(cell.text).words
        start = _NUMBER_OF.match(words)
        begin = start.end() if start else 0
        noun = unit_at(lower(words), begin)
        if noun is None or noun.kind != "noun":
            continue
        # "Hồ tiêu" is no lake.
        if begin or " " in noun.form or is_in(noun.form, "counted_heads"):
            return replace(quantity, unit=noun.form)
    return quantity


def _scaled(quantity: Quantity, unit: HeadUnit) -> Quantity:
    def times(value: Decimal | None) -> Decimal | None:
        return None if value is None else _plain(value * unit.magnitude)

    return replace(
        quantity,
        kind=quantity.kind if quantity.kind == "ratio" else unit.kind,
        value=_plain(quantity.value * unit.magnitude),
        value_max=times(quantity.value_max),
        denominator=times(quantity.denominator),
        unit=unit.name,
        rules=(*(rule for rule in quantity.rules if rule != "cell_unit_unsaid"), "cell_unit_of_heading"),
    )


def _measured(quantity: Quantity, compared: Compared | None, *, own: bool) -> Quantity:
    """Return the quantity as a level or a difference; a bare sign alone makes no difference."""
    if compared is None:
        plain_sign = not own and quantity.measure == "difference"
        return replace(quantity, measure="level") if plain_sign else quantity
    if quantity.kind == "multiple" or not compared.difference:
        return quantity
    sign = -1 if compared.falls and quantity.value > 0 else 1
    return replace(
        quantity,
        measure="difference",
        value=quantity.value * sign,
        value_max=None if quantity.value_max is None else quantity.value_max * sign,
    )


def base_of(quantity: Quantity, compared: Compared | None) -> Link:
    """Return what the figure is relative to, as its column's heading says; None where it says nothing."""
    if compared is None or compared.base is None or quantity.kind in ("rank", "score"):
        return _NO_BASE
    return Link(compared.base, 0.8, ("base:column_heading",))


def _plain(value: Decimal) -> Decimal:
    whole = value.to_integral_value()
    return whole if whole == value else value.normalize()
