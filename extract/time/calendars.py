"""First and last day of what a time expression says; a year it leaves open is written `????`."""

from __future__ import annotations

import calendar
from collections.abc import Mapping

OPEN_YEAR = "????"
Span = tuple[str | None, str | None]
Groups = Mapping[str, str | None]

_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4}
NUMBER_WORDS = {
    "một": 1, "hai": 2, "ba": 3, "bốn": 4, "tư": 4, "năm": 5, "sáu": 6, "bảy": 7, "tám": 8, "chín": 9,
    "mười": 10, "mười một": 11, "mười hai": 12, "giêng": 1, "chạp": 12,
}  # fmt: skip
_FROM_THE_END = ("cuối", "cuối cùng", "còn lại", "sau")


def in_year(date: str, year: int) -> str:
    """Return the ISO date with an open year filled in; 29 February becomes the 28th where need be."""
    filled = date.replace(OPEN_YEAR, f"{year:04d}")
    if filled.endswith("-02-29") and not calendar.isleap(int(filled[:4])):
        return filled[:-2] + "28"
    return filled


def first_and_last(form: str, groups: Groups) -> Span:
    """Return the first and last day of an expression; (None, None) where its words name no date."""
    readers = {
        "day": _days,
        "days": _days,
        "month": _months,
        "months": _months,
        "months_of_year": _months_of_year,
        "quarter": _quarters,
        "half": _half,
        "year": _years,
        "years": _years,
        "term": _stated_years,
        "school_year": _school_year,
        "relative": _stated_years,
        "duration": _first_months,
    }
    reader = readers.get(form)
    return reader(groups) if reader else (None, None)


def _year(groups: Groups, *names: str) -> str:
    year = next((year for name in names if (year := groups.get(name))), OPEN_YEAR)
    return f"20{year}" if len(year) == 2 else year


def _month_end(year: str, month: int) -> str:
    if year == OPEN_YEAR:
        day = 29 if month == 2 else calendar.monthrange(2001, month)[1]
    else:
        day = calendar.monthrange(int(year), month)[1]
    return f"{year}-{month:02d}-{day:02d}"


def _day(year: str, month: int, day: int) -> str:
    """Return the date; 31 June and the like, as papers print them, become the last day of the month."""
    return min(f"{year}-{month:02d}-{day:02d}", _month_end(year, month))


def _days(groups: Groups) -> Span:
    day, month = groups.get("d"), groups.get("m") or groups.get("m2")
    if not day:
        return None, None
    last_year = _year(groups, "y2", "y")
    if not month:
        return f"{OPEN_YEAR}-??-{int(day):02d}", f"{OPEN_YEAR}-??-{int(groups.get('d2') or day):02d}"
    first = _day(_year(groups, "y", "y2"), int(month), int(day))
    last = _day(last_year, int(groups.get("m2") or month), int(groups.get("d2") or day))
    return first, last


def _months(groups: Groups) -> Span:
    word = groups.get("m") or groups.get("mw")
    if not word:
        return None, None
    month = NUMBER_WORDS[word] if word in NUMBER_WORDS else int(word)
    last_month = int(groups.get("m2") or month)
    first_year, last_year = _year(groups, "y", "y2"), _year(groups, "y2", "y")
    if groups.get("y2") and not groups.get("y") and last_month < month:
        first_year = str(int(last_year) - 1)
    return f"{first_year}-{month:02d}-01", _month_end(last_year, last_month)


def _count(groups: Groups) -> int:
    return int(groups.get("n") or NUMBER_WORDS.get(groups.get("nw") or "", 0))


def _months_of_year(groups: Groups) -> Span:
    months = _count(groups) * (3 if groups.get("months") == "quý" else 1)
    year = _year(groups, "y")
    if not 1 <= months <= 12:
        return f"{year}-01-01", f"{year}-12-31"
    if groups.get("part") in _FROM_THE_END:
        return f"{year}-{13 - months:02d}-01", f"{year}-12-31"
    return f"{year}-01-01", _month_end(year, months)


def _first_months(groups: Groups) -> Span:
    """Return the first months of an open year for "6 tháng", which often means them; no date for the rest."""
    if groups.get("what") == "tháng" and 2 <= _count(groups) <= 11:
        return _months_of_year({**groups, "part": None, "months": "tháng"})
    return None, None


def _quarters(groups: Groups) -> Span:
    word = groups.get("q")
    if not word:
        return None, None
    last_word = groups.get("q2") or word
    quarter, last = (_ROMAN[w] if w in _ROMAN else int(w) for w in (word, last_word))
    year = _year(groups, "y")
    return f"{year}-{quarter * 3 - 2:02d}-01", _month_end(year, max(quarter, last) * 3)


def _half(groups: Groups) -> Span:
    year = _year(groups, "y")
    if groups.get("part") in _FROM_THE_END:
        return f"{year}-07-01", f"{year}-12-31"
    return f"{year}-01-01", f"{year}-06-30"


def _years(groups: Groups) -> Span:
    first, last = _year(groups, "y"), _year(groups, "y2", "y")
    return f"{min(first, last)}-01-01", f"{max(first, last)}-12-31"


def _stated_years(groups: Groups) -> Span:
    return _years(groups) if groups.get("y") else (None, None)


def _school_year(groups: Groups) -> Span:
    """Return 1 September to 31 May of the school year named."""
    year = groups.get("y")
    return (f"{year}-09-01", f"{int(year) + 1}-05-31") if year else (None, None)
