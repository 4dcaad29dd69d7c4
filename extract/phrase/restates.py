"""Which figure says an earlier one again in another form.

Ratio and percent, a count and its own share in brackets, a sum in two currencies; never "x% kế hoạch",
which measures against another whole, and never the same form twice.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import regex

from extract.analysis import Analysis, Link, Quantity
from extract.phrase.lines import Layout, layout_of

_REACH = 90  # characters between the two
_TOLERANCE = Decimal("0.6")  # percentage points between a ratio's value and the percent that restates it
# between a count and its own share: " hộ, chiếm ", " sổ, đạt tỷ lệ khoảng ", " người (tương đương gần "
_SHARE = regex.compile(
    r"[^,;:]{0,60}[,(]\s*(?:tức\s+)?(?:chiếm|đạt|tương\s+đương|tương\s+ứng(?:\s+với)?)(?:\s+t[ỷỉ]\s+(?:lệ|trọng))?"
    r"(?:\s+(?:khoảng|gần|hơn|trên|tới|là))*\s*",
    regex.IGNORECASE,
)
_AGAIN = regex.compile(r"\b(?:tương\s+đương|quy\s+đổi|khoảng|tức)\b", regex.IGNORECASE)
_ANOTHER_WHOLE = ("base:compared", "base:plan")


def find(analysis: Analysis) -> Analysis:
    """Return the analysis with `restates`: the index of the quantity said again, None for most."""
    layout = layout_of(analysis)
    found = [_of_one(analysis, layout, index) for index in range(len(analysis.quantities))]
    return replace(analysis, restates=tuple(found))


def _of_one(analysis: Analysis, layout: Layout, index: int) -> int | None:
    place = layout.places[index]
    other = place.before if place.before is not None else place.owner
    if other is None or layout.places[other].sentence != place.sentence:
        return None
    earlier, later = analysis.quantities[other], analysis.quantities[index]
    if later.start - earlier.end > _REACH or later.measure != earlier.measure:
        return None
    between = analysis.text[earlier.end : later.start]
    base = analysis.bases[index] if index < len(analysis.bases) else Link(None)
    return other if _again(earlier, later, between, base) else None


def _again(earlier: Quantity, later: Quantity, between: str, base: Link) -> bool:
    kinds = {earlier.kind, later.kind}
    if later.measure == "difference":
        return kinds in ({"count", "percent"}, {"money", "percent"}) and "(" in between
    if kinds == {"ratio", "percent"}:
        ratio, percent = (earlier, later) if earlier.kind == "ratio" else (later, earlier)
        return _same_share(ratio, percent)
    if kinds == {"money"}:
        return earlier.unit != later.unit and _AGAIN.search(between) is not None
    if earlier.kind == "count" and later.kind == "percent":
        if any(rule in _ANOTHER_WHOLE for rule in base.rules):
            return False
        return between.rstrip().endswith(("(", "(chiếm")) or _SHARE.fullmatch(between) is not None
    return False


def _same_share(ratio: Quantity, percent: Quantity) -> bool:
    """Return whether the ratio's value is about the percent; a mismatch of a few points is a misprint."""
    if not ratio.denominator:
        return False
    share = ratio.value / ratio.denominator * 100
    return abs(share - percent.value) <= max(_TOLERANCE, percent.value * Decimal("0.05"))
