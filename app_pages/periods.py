"""Days and periods as people of a language write them."""

from __future__ import annotations

from calendar import monthrange
from datetime import date

from app_pages.labels import label


def day_text(iso: str | None, lang: str) -> str:
    """Return an ISO date or date-time as "23/7/2024" (vi) or as it is (en); a year stays, "" for None."""
    if not iso:
        return ""
    day = iso[:10]
    if lang == "en" or len(day) < 10:
        return day
    year, month, number = day.split("-")
    return f"{int(number)}/{int(month)}/{year}"


def period_text(period: str | None, lang: str) -> str:
    """Return a period START/END in words: "năm 2024", "quý III/2023", "đến 3/12/2024"."""
    start, _, end = (period or "").partition("/")
    if not start and not end:
        return label(lang, "period.none")
    if not start:
        return label(lang, "period.until", day=day_text(end, lang))
    if not end:
        return label(lang, "period.since", day=day_text(start, lang))
    if start == end:
        return label(lang, "period.day", day=day_text(start, lang))
    try:
        named = _whole(date.fromisoformat(start), date.fromisoformat(end), lang)
    except ValueError:
        named = None
    return named or label(lang, "period.between", first=day_text(start, lang), last=day_text(end, lang))


def _whole(start: date, end: date, lang: str) -> str | None:
    """Return the name of a period made of whole months, None when it has no usual name."""
    if start.day != 1 or end.day != monthrange(end.year, end.month)[1] or start > end:
        return None
    if (start.month, end.month) == (1, 12):
        key = "period.year" if start.year == end.year else "period.years"
        return label(lang, key, year=start.year, first=start.year, last=end.year)
    if start.year != end.year:
        return None
    if start.month == end.month:
        return label(lang, "period.month", month=start.month, year=start.year)
    if end.month == start.month + 2 and end.month % 3 == 0:
        quarter = ("I", "II", "III", "IV")[end.month // 3 - 1] if lang == "vi" else end.month // 3
        return label(lang, "period.quarter", quarter=quarter, year=start.year)
    if start.month == 1:
        return label(lang, "period.months", months=end.month, year=start.year)
    return None
