"""Short names of periods START/END, the same in every language."""

from __future__ import annotations

import calendar
from datetime import date

_FORMS = {1: "month", 3: "quarter", 6: "half", 12: "year"}


def period_type(period: str | None) -> str | None:
    """Return year, half, quarter, month, day, span, until or since; None without a period."""
    start, _, end = (period or "").partition("/")
    if not start or not end:
        return "until" if end else "since" if start else None
    try:
        first, last = date.fromisoformat(start), date.fromisoformat(end)
    except ValueError:
        return "span"
    if first == last:
        return "day"
    months = (last.year - first.year) * 12 + last.month - first.month + 1
    whole = first.day == 1 and last.day == calendar.monthrange(last.year, last.month)[1]
    return _FORMS.get(months, "span") if whole and (first.month - 1) % months == 0 else "span"


def period_label(period: str | None) -> str | None:
    """Return a short label, None without a period.

    "2024", "2024-H1", "2024-Q3", "2024-M05", "2024-05-31", "2021/2025", "../2024-12-03".
    """
    form = period_type(period)
    if period is None or form is None:
        return None
    start, _, end = period.partition("/")
    year, month = start[:4], start[5:7]
    if form == "span" and start.endswith("-01-01") and end.endswith("-12-31"):
        return f"{year}/{end[:4]}"
    short = {
        "year": lambda: year,
        "half": lambda: f"{year}-H{1 + int(month) // 7}",
        "quarter": lambda: f"{year}-Q{1 + int(month) // 3}",
        "month": lambda: f"{year}-M{month}",
        "day": lambda: start,
    }.get(form)
    return short() if short else f"{start or '..'}/{end or '..'}"
