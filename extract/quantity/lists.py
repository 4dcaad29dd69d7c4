"""What a number without a unit counts: what the quantities before it in its list or sentence do.

"718 dự án, tiếp theo là Hàn Quốc 572", "giá 48.000 đồng, thu 15.000", "Đà Nẵng 0,64 điểm, Bắc Ninh 0,57".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

import regex

from extract.analysis import Quantity
from extract.quantity.drafts import Draft

_STOP = regex.compile(r"\n|[.!?…](?=\s)")
_REACH = 300  # characters between a number and what it takes its unit from
_MILLION = 1_000_000
_SMALLEST_PRICE = 500
_PRICES = Decimal(6)  # times that a price differs from the one before it at most
_SCORES = Decimal(2)
_MILLIONS = Decimal(20)


def take_over(text: str, done: Sequence[Draft], draft: Draft) -> Draft:
    """Return the draft with the unit of the nearest quantity before it that it may be one of a list with."""
    quantity = draft.quantity
    if draft.found_unit or quantity.kind not in ("count", "money", "ratio"):
        return draft
    if quantity.unit is not None and "money_without_currency" not in quantity.rules:
        return draft
    for before in reversed(done):
        source = before.quantity
        if quantity.start - source.end > _REACH or "\n" in text[source.end : quantity.start]:
            break
        if source.unit is None or source.kind in ("percent", "rank", "multiple"):
            continue
        if not _suits(quantity, source):
            continue
        if source.kind != "score" and _STOP.search(text, source.end, quantity.start):
            break
        kind = "count" if source.kind == "ratio" and quantity.kind != "ratio" else source.kind
        kind = "ratio" if quantity.kind == "ratio" and source.kind == "count" else kind
        moved = replace(quantity, kind=kind, unit=source.unit, rules=(*quantity.rules, "unit_of_the_list"))
        return draft._replace(quantity=moved, found_unit=True)
    return draft


def _suits(quantity: Quantity, source: Quantity) -> bool:
    """Say whether a number may have the unit of the quantity before it, by their kinds and sizes."""
    broken = quantity.value != quantity.value.to_integral_value()
    if quantity.kind == "ratio":
        return source.kind in ("score", "ratio") and (source.kind == "ratio" or broken)
    if quantity.kind == "money":
        same = source.kind == "count" and abs(source.value) >= _MILLION
        return same and _close(quantity, source, _MILLIONS)
    if source.kind == "score":
        # "đạt 43,2 điểm, tăng 1,2": a change is smaller than what it is of.
        moved = quantity.measure == "difference" and abs(quantity.value) < source.value
        return broken and (moved or _close(quantity, source, _SCORES))
    if source.kind == "money":
        return abs(quantity.value) >= _SMALLEST_PRICE and _close(quantity, source, _PRICES)
    whole_source = source.value == source.value.to_integral_value()
    return "unit_guess" not in source.rules and (not broken or not whole_source)


def _close(quantity: Quantity, source: Quantity, times: Decimal) -> bool:
    larger, smaller = sorted((abs(quantity.value), abs(source.value)), reverse=True)
    return smaller > 0 and larger <= times * smaller
