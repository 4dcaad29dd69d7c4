"""What does not add up. A doubt is a flag on the figure; no figure is dropped and none is changed.

ratio_percent_mismatch   a ratio and the percent that restates it differ by more than rounding
parts_do_not_sum         ratios of one whole in one sentence count more than the whole
ratio_over_one           the part is larger than the whole
rank_out_of_range        a rank below 1 or beyond the number ranked
percent_out_of_range     a share of a whole above 100
pp_or_relative           a percentage changed by "x%": points or relative, the text does not say
range_reversed           a range that runs downwards without being a fall
period_ahead_of_actual   said to be achieved in a period that begins after the publication
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from dataclasses import replace
from decimal import Decimal

import regex

from extract.analysis import Analysis, Quantity
from extract.time.readings import published_on

_WHOLE = regex.compile(r"(?i)\s*+(?:trên |trong )?(?:tổng số|tổng|số|dân số|diện tích)(?!\p{L})")
_TOLERANCE = Decimal("0.15")  # points: "65,1%" of 65.16 is rounded down, not wrong
_RATE = regex.compile(
    r"(?i)(?<!\p{L})(?:tỷ lệ|tỉ lệ|tỷ trọng|tỉ trọng|tỷ suất|độ che phủ|mức độ hài lòng|số hóa)(?!\p{L})"
)
_REST = regex.compile(r"(?i)còn lại|còn (?=\d)|chưa|không|số còn")
_POINTS = regex.compile(r"\s*điểm\s+(?:phần trăm|%)|\s*điểm %")


def flag(analysis: Analysis) -> Analysis:
    """Return the analysis with `flags`, a tuple of names for every quantity."""
    found: dict[int, set[str]] = defaultdict(set)
    for index, quantity in enumerate(analysis.quantities):
        found[index] |= _alone(quantity)
        if _is_oversized_share(analysis, index):
            found[index].add("percent_out_of_range")
        if _is_changed_rate(analysis, index):
            found[index].add("pp_or_relative")
        if _is_ahead(analysis, index):
            found[index].add("period_ahead_of_actual")
    for index in _mismatched(analysis):
        found[index].add("ratio_percent_mismatch")
    for index in _not_summing(analysis):
        found[index].add("parts_do_not_sum")
    return replace(analysis, flags=tuple(tuple(sorted(found[i])) for i in range(len(analysis.quantities))))


def _alone(quantity: Quantity) -> set[str]:
    """Return the flags that a quantity earns by itself."""
    flags: set[str] = set()
    whole = quantity.denominator
    if quantity.kind == "rank" and quantity.measure == "level":
        if quantity.value < 1 or (whole is not None and quantity.value > whole):
            flags.add("rank_out_of_range")
    elif whole is not None and quantity.kind == "ratio" and quantity.value > whole:
        flags.add("ratio_over_one")
    if quantity.value_max is not None and quantity.measure == "level" and quantity.value_max < quantity.value:
        flags.add("range_reversed")
    return flags


def _mismatched(analysis: Analysis) -> set[int]:
    """Return the ratios and percents that restate each other with another value."""
    found: set[int] = set()
    for index, other in enumerate(analysis.restates):
        if other is None or other >= len(analysis.quantities):
            continue
        pair = (analysis.quantities[index], analysis.quantities[other])
        percent = next((q for q in pair if q.kind == "percent"), None)
        ratio = next((q for q in pair if q.kind == "ratio"), None)
        if percent is None or ratio is None or not ratio.denominator:
            continue
        share = 100 * ratio.value / ratio.denominator
        if (percent.value > 100 and share <= 100) or abs(share - percent.value) > _tolerance(percent):
            found |= {index, other}
    return found


def _tolerance(percent: Quantity) -> Decimal:
    """Return how far a percent may lie off by rounding: a whole number more than one with decimals."""
    exponent = percent.value.as_tuple().exponent
    decimals = -exponent if isinstance(exponent, int) and exponent < 0 else 0
    rounding = Decimal(1).scaleb(-decimals)
    return max(rounding, _TOLERANCE) if percent.comparator == "eq" else max(Decimal(2), _TOLERANCE)


def _not_summing(analysis: Analysis) -> set[int]:
    """Return ratios of one whole and one unit in one sentence whose parts together exceed it.

    Only parts that exclude each other are meant ("16/38 …, 21/38 còn lại"); others may overlap.
    """
    starts = [sentence.start for sentence in analysis.sentences]
    groups: dict[tuple[int, Decimal, str | None], list[int]] = defaultdict(list)
    for index, quantity in enumerate(analysis.quantities):
        if quantity.kind == "ratio" and quantity.denominator:
            own = bisect_right(starts, quantity.start)
            groups[own, quantity.denominator, quantity.unit].append(index)
    found: set[int] = set()
    for (_, whole, _), members in groups.items():
        if len(members) < 2 or not _exclude(analysis, members):
            continue
        if sum(analysis.quantities[i].value for i in members) > whole:
            found |= set(members)
    return found


def _exclude(analysis: Analysis, members: list[int]) -> bool:
    """Say whether the ratios are told as parts that exclude each other: a later one is the rest or denied."""
    first, last = analysis.quantities[members[0]], analysis.quantities[members[-1]]
    negated = [analysis.negations[i].value is not None for i in members] if analysis.negations else []
    return len(set(negated)) > 1 or _REST.search(analysis.text, first.end, last.unit_end + 20) is not None


def _is_oversized_share(analysis: Analysis, index: int) -> bool:
    """Say whether a percent of a counted whole exceeds it; more than 100 % of a plan is fine."""
    quantity = analysis.quantities[index]
    if quantity.kind != "percent" or quantity.measure != "level" or quantity.value <= 100:
        return False
    return _WHOLE.match(analysis.text, quantity.end) is not None


def _is_changed_rate(analysis: Analysis, index: int) -> bool:
    """Say whether a percentage changed by "x%" without saying whether by points or relatively."""
    quantity = analysis.quantities[index]
    if quantity.kind != "percent" or quantity.measure != "difference":
        return False
    if _POINTS.match(analysis.text, quantity.end):
        return False
    if analysis.indicators and analysis.indicators[index].value:
        return _RATE.search(analysis.indicators[index].value or "") is not None
    return _RATE.search(analysis.text, max(0, quantity.left - 60), quantity.start) is not None


def _is_ahead(analysis: Analysis, index: int) -> bool:
    """Say whether an actual figure is dated wholly after the publication."""
    if not analysis.periods or not analysis.statuses or analysis.statuses[index].value != "actual":
        return False
    first = (analysis.periods[index].value or "").partition("/")[0]
    published = published_on(analysis.article.published)
    if not first or published.year is None:
        return False
    today = published.day.isoformat() if published.day else f"{published.year}-12-31"
    return first > today
