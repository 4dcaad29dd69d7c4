"""The periods that one expression of time can mean for a figure, resolved with the day of publication.

"đến năm 2025" can mean the state at the end of 2025 or the year itself, "9 tháng đầu năm" needs a year: each
meaning is a Reading, and the choice among them is made elsewhere.
"""

from __future__ import annotations

import calendar
import datetime
from dataclasses import dataclass
from typing import NamedTuple

import regex

from extract.analysis import Time
from extract.time.calendars import OPEN_YEAR, in_year

_FULL = regex.compile(r"(\d{4})-(\d{2})-(\d{2})")
_OPEN_MONTH = regex.compile(r"-\?\?-")
_UNTIL = ("tính đến", "đến")
# A base, a birth, the date of a decree, the year of a holiday.
_NOT_A_PERIOD = ("so với", "sinh", "văn bản", "tết")
_POINTS = ("day", "month", "quarter", "year", "months_of_year", "half")


@dataclass(frozen=True, slots=True)
class Published:
    """When the article appeared, as far as it is known: a day, a month never, or only a year."""

    year: int | None = None
    day: datetime.date | None = None


class Reading(NamedTuple):
    """A period in the guideline's form and how the expression came to mean it."""

    value: str  # START/END, one side may be empty
    way: str  # within, until, since
    year_from: str  # own, published, text, ahead: where the year was found


def published_on(published: str | None) -> Published:
    """Return the day of publication as far as `published` (a date, a date-time or a year) gives it."""
    if published is None or not published[:4].isdigit():
        return Published()
    if (match := _FULL.match(published)) is None:
        return Published(year=int(published[:4]))
    try:
        day = datetime.date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        return Published(year=int(match[1]))
    return Published(day.year, day)


def readings(time: Time, published: Published, text_year: int | None) -> list[Reading]:
    """Return what `time` can mean, the likeliest first; [] for one that gives no period.

    `text_year` is the year that the text named last; it serves where no publication date is known.
    """
    if time.cue in _NOT_A_PERIOD or time.form in ("now", "school_year", "season"):
        return []
    if time.anchor in ("lunar", "same_period", "same_period_last_year"):
        return []
    if time.form == "duration" and not _just_over(time, published):
        return []
    bounds = _bounds(time, published, text_year)
    if bounds is None:
        return []
    if bounds[2] == "published" and time.anchor is None and time.form == "year" and _in_january(published):
        # "trong năm" in a January paper is the year that has just ended; a plan may mean the one that begins.
        first, last = (_year_before(side) for side in bounds[:2])
        ahead = Reading(f"{bounds[0]}/{bounds[1]}", "within", "ahead")
        return [*_ways(time, first, last, "published"), ahead]
    return _ways(time, *bounds)


def _just_over(time: Time, published: Published) -> bool:
    """Say whether the article appeared as the first "6 tháng" of its year ended, and so may mean them."""
    if time.last is None or published.day is None or time.anchor == "future" or time.cue in ("sau", "trước"):
        return False
    return published.day.month - int(time.last[5:7]) in (0, 1)


def _in_january(published: Published) -> bool:
    return published.day is not None and published.day.month == 1


def _year_before(date: str) -> str:
    return in_year(OPEN_YEAR + date[4:], int(date[:4]) - 1) if date else date


def _ways(time: Time, first: str, last: str, year_from: str) -> list[Reading]:
    """Return the bounds as a stretch, a state at its end, or open from its beginning, the likeliest first."""
    within = Reading(f"{first}/{last}", "within", year_from)
    since = Reading(f"{first}/", "since", year_from)
    until = Reading(f"/{_end_of_part(time, first, last)}", "until", year_from)
    if not last:
        return [since]
    if not first:
        return [until]
    if time.cue in _UNTIL or time.part is not None:
        return [until, within] if time.form in _POINTS else [within, until]
    if time.cue == "từ" and time.form in _POINTS:
        return [since, within]
    return [within, until] if time.form in ("day", "month") else [within]


def _end_of_part(time: Time, first: str, last: str) -> str:
    """Return the day that "đến đầu tháng 7" means: its first; of all else the last."""
    return first if time.part == "start" and first else last


def _bounds(time: Time, published: Published, text_year: int | None) -> tuple[str, str, str] | None:
    if time.first is None and time.last is None:
        return _from_anchor(time.anchor, time.form, published)
    first, last = time.first or "", time.last or ""
    if OPEN_YEAR not in first + last:
        return first, last, "own"
    if _OPEN_MONTH.search(first + last):
        if published.day is None:
            return None
        first, last = (_OPEN_MONTH.sub(f"-{published.day.month:02d}-", side) for side in (first, last))
    year, year_from = _open_year(time, first, published, text_year)
    if year is None:
        return None
    return in_year(first, year), in_year(last, year), year_from


def _open_year(time: Time, first: str, published: Published, text_year: int | None) -> tuple[int | None, str]:
    """Return the year that an expression without one means, and where it was found."""
    if published.year is None:
        return (None, "") if time.anchor else (text_year, "text")
    year = published.year + {"last": -1, "next": 1}.get((time.anchor or "").partition("_")[0], 0)
    if time.anchor == "past_year" and not (published.day is not None and published.day.month >= 11):
        year -= 1  # "năm qua" in December is the year that ends
    if published.day is not None and not time.anchor and first:
        begins = in_year(first, year)
        # What is told without a year lies in the past or near: "tháng 12" in a January paper was last year's.
        if begins > (published.day + datetime.timedelta(days=92)).isoformat():
            year -= 1
    return year, "published"


def _from_anchor(anchor: str | None, form: str, published: Published) -> tuple[str, str, str] | None:
    """Return the bounds of "năm nay", "tháng trước", "hôm qua"."""
    direction, _, unit = (anchor or "").partition("_")
    step = {"this": 0, "last": -1, "past": -1, "next": 1}.get(direction)
    if step is None or published.year is None or form == "term":
        return None
    if unit == "year":
        year = published.year + step
        return f"{year}-01-01", f"{year}-12-31", "published"
    if published.day is None:
        return None
    if unit == "month":
        month = published.day.year * 12 + published.day.month - 1 + step
        return *_months(month, month), "published"
    if unit == "quarter":
        quarter = published.day.year * 4 + (published.day.month - 1) // 3 + step
        return *_months(quarter * 3, quarter * 3 + 2), "published"
    if unit == "day":
        day = (published.day + datetime.timedelta(days=step)).isoformat()
        return day, day, "published"
    return None


def _months(first: int, last: int) -> tuple[str, str]:
    """Return first and last day of months counted from the year 0."""
    days = calendar.monthrange(last // 12, last % 12 + 1)[1]
    return f"{first // 12}-{first % 12 + 1:02d}-01", f"{last // 12}-{last % 12 + 1:02d}-{days}"


def year_of(time: Time) -> int | None:
    """Return the year that an expression names itself, its last one; None when it names none."""
    for side in (time.last, time.first):
        if side and side[:4].isdigit():
            return int(side[:4])
    return None
