"""Whether two reports of one value agree: equal as far as they were rounded."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

import regex

_MAGNITUDE = regex.compile(r"\p{L}")  # "1,3 triệu": the zeros of 1300000 were not written


@dataclass(frozen=True, slots=True)
class Reported:
    """One report of a value: what it says and how exactly."""

    value: Decimal
    value_max: Decimal | None
    denominator: Decimal | None
    comparator: str
    surface: str


def agree(reports: Iterable[Reported]) -> bool:
    """Return whether one true value could be behind all reports.

    "15 tỷ" may be anything that rounds to it, "hơn 334 nghìn" up to 335 nghìn; wholes of ratios and
    lengths of rankings must be equal where they are given.
    """
    reports = list(reports)
    wholes = {report.denominator for report in reports} - {None}
    bounds = [bounds_of(report) for report in reports]
    common = not bounds or max(low for low, _ in bounds) <= min(high for _, high in bounds)
    return common and len(wholes) <= 1


def bounds_of(report: Reported) -> tuple[Decimal, Decimal]:
    """Return the least and the greatest value that the report can stand for."""
    ends = sorted([report.value, report.value if report.value_max is None else report.value_max])
    zeros_written = not _MAGNITUDE.search(report.surface)
    half = max(_last_digit(end, zeros_written) for end in ends) / 2
    hedge = max(_last_digit(end, False) for end in ends)
    below = hedge if report.comparator in ("approx", "lt", "le") else half
    above = hedge if report.comparator in ("approx", "gt", "ge") else half
    return ends[0] - below, ends[1] + above


def _last_digit(value: Decimal, zeros_written: bool) -> Decimal:
    """Return what one unit of the last digit is worth, the zeros at the end being digits or only filling."""
    exponent = (value if zeros_written else value.normalize()).as_tuple().exponent
    if not isinstance(exponent, int) or not value:
        return Decimal(1)
    return Decimal(1).scaleb(min(exponent, 0) if zeros_written else exponent)
