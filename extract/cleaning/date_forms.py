"""Dates as Vietnamese pages write them, each with every way to read it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, time, timedelta, timezone
from functools import cache

import regex


@dataclass(frozen=True, slots=True)
class Reading:
    """A day, with the time and the zone where they are said."""

    day: date
    time: time | None = None
    zone: timezone | None = None


_VIETNAMESE = frozenset(("hai", "ba"))
_REACH = 30  # characters between a date and its time
_MONTH_WORDS = {
    word: number
    for number, words in enumerate(
        (
            "một giêng january jan",
            "hai february feb",
            "ba march mar",
            "tư bốn april apr",
            "năm may",
            "sáu june jun",
            "bảy july jul",
            "tám august aug",
            "chín september sep sept",
            "mười october oct",
            "mười+một november nov",
            "mười+hai chạp december dec",
        ),
        start=1,
    )
    for word in (name.replace("+", " ") for name in words.split())
}
_WORDS = "|".join(sorted(_MONTH_WORDS, key=len, reverse=True)).replace(" ", r"\s+")
_ENGLISH_WORDS = "|".join(
    word for word in sorted(_MONTH_WORDS, key=len, reverse=True) if word.isascii() and word not in _VIETNAMESE
)
_ISO = r"(?<!\d)(?P<y>(?:19|20)\d{2})-(?P<m>\d{1,2})-(?P<d>\d{1,2})(?!\d)"
_YEAR_FIRST = r"(?<!\d)(?P<y>(?:19|20)\d{2})[/.](?P<m>\d{1,2})[/.](?P<d>\d{1,2})(?!\d)"
_NUMBERS = r"(?<![\d/.-])(?P<a>\d{1,2})\s?[/.-]\s?(?P<b>\d{1,2})\s?[/.-]\s?(?P<y>(?:19|20)\d{2})(?!\d)"
_LONG = (
    rf"(?<!\d)(?P<d>\d{{1,2}})\s*(?:,|-)?\s*(?:(?:tháng|th\.?)\s*(?P<m>\d{{1,2}}|{_WORDS})|(?P<w>{_ENGLISH_WORDS})\b\.?)"
    r"\s*(?:,|/|-)?\s*(?:năm\s*)?(?P<y>(?:19|20)\d{2})(?!\d)"
)
_ENGLISH = (
    rf"\b(?P<w>{_ENGLISH_WORDS})\b\.?\s+(?P<d>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<y>(?:19|20)\d{{2}})(?!\d)"
)
_DAYS = tuple(
    regex.compile(form, regex.IGNORECASE) for form in (_ISO, _YEAR_FIRST, _NUMBERS, _LONG, _ENGLISH)
)
_TIME = regex.compile(
    r"(?<![\d:+])(?P<h>[01]?\d|2[0-4])\s?(?::|h|g|giờ)\s?(?P<min>[0-5]\d)(?:\s?:(?P<s>[0-5]\d)(?:[.,]\d{1,9})?)?(?:\s?phút)?"
    r"\s*(?P<half>[ap]\.?m\.?(?!\p{L})|sa(?!\p{L})|ch(?!\p{L}))?",
    regex.IGNORECASE,
)
_ZONE = regex.compile(
    r"(?:gmt|utc)\s?(?P<sign>[+-])\s?(?P<h>\d{1,2})(?::?(?P<m>[0-5]\d))?(?!\d)"
    r"|(?<=\d)(?P<sign>[+-])(?P<h>\d{2})(?::?(?P<m>[0-5]\d))?(?!\d)"
    r"|(?<=\d)(?P<utc>z)\b|\b(?P<utc>gmt|utc)\b",
    regex.IGNORECASE,
)
_FIELDS = {
    "d": r"(?P<d>\d{1,2})",
    "m": r"(?P<m>\d{1,2})",
    "Y": r"(?P<y>\d{4})",
    "H": r"(?P<H>\d{1,2})",
    "I": r"(?P<I>\d{1,2})",
    "M": r"(?P<M>\d{2})",
    "S": r"(?P<S>\d{2})(?:[.,]\d{1,9})?",
    "p": r"(?P<p>[AaPp]\.?[Mm]\.?|SA|CH)",
    "B": rf"(?:tháng\s+)?(?P<w>{_WORDS})",
    "b": rf"(?:tháng\s+)?(?P<w>{_WORDS})",
    "z": r"(?P<z>Z|[+-]\d{2}:?\d{2})",
    "A": r"\p{L}+(?:\s\p{L}+)?",
    "a": r"\p{L}+(?:\s\p{L}+)?",
    "%": "%",
}


def read_dates(text: str, *, day_first: bool = True) -> list[Reading]:
    """Return the ways to read the first date in `text`, the likelier first; [] when it holds none.

    People write the day first, programs may not: with `day_first` False, or "AM" or "PM" behind them, two
    numbers up to 12 are read both ways ("3/11/2024 9:05:00 AM" has two readings).
    """
    for form in _DAYS:
        match = form.search(text)
        if match is None:
            continue
        days = _days(match.groupdict())
        if days:
            moment, american = _time(text, match.span())
            if day_first and not american:
                days = days[:1]
            zone = _zone(text, match.end()) if moment is not None else None
            return [Reading(day, moment, zone) for day in days]
    return []


def _days(names: dict[str, str | None]) -> list[date]:
    year = int(names["y"] or 0)
    if names.get("a"):
        first, second = int(names["a"] or 0), int(names["b"] or 0)
        days = [_day(year, second, first), _day(year, first, second)]
    else:
        days = [_day(year, _month(names), int(names["d"] or 0))]
    return list(dict.fromkeys(day for day in days if day is not None))


def _month(names: dict[str, str | None]) -> int:
    word = names.get("w") or names.get("m") or ""
    return int(word) if word.isdigit() else _MONTH_WORDS.get(" ".join(word.lower().split()), 0)


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _time(text: str, day: tuple[int, int]) -> tuple[time | None, bool]:
    """Return the time nearest to the date at `day`, and whether it is told in AM or PM."""
    found: list[tuple[int, regex.Match[str]]] = []
    if (after := _TIME.search(text, day[1], day[1] + _REACH)) is not None:
        found.append((after.start() - day[1], after))
    before = _TIME.finditer(text, max(0, day[0] - _REACH), day[0])
    found += [(day[0] - match.end(), match) for match in before]
    if not found:
        return None, False
    match = min(found, key=lambda pair: pair[0])[1]
    moment = _clock(match["h"], match["min"], match["s"], match["half"])
    return moment, moment is not None and (match["half"] or "").lower()[:1] in ("a", "p")


def _clock(hour: str, minute: str | None, second: str | None, half: str | None) -> time | None:
    """Return the time of day; None when there is no such time."""
    hours, half = int(hour), (half or "").lower()
    if half.startswith(("p", "ch")) and hours < 12:
        hours += 12
    elif half.startswith(("a", "sa")) and hours == 12:
        hours = 0
    try:
        return time(hours, int(minute or 0), int(second or 0))
    except ValueError:
        return None


def _zone(text: str, start: int) -> timezone | None:
    """Return the zone named after `start`; None when none is."""
    match = _ZONE.search(text, start)
    if match is None:
        return None
    if match["utc"]:
        return UTC
    total = int(match["h"]) * 60 + int(match["m"] or 0)
    return (
        timezone(timedelta(minutes=-total if match["sign"] == "-" else total)) if total <= 14 * 60 else None
    )


@cache
def _form(declared: str) -> regex.Pattern[str]:
    """Compile a strptime format to a pattern that finds it inside other words."""
    parts = regex.split(r"(%.|\s+)", declared)
    pattern = ""
    for part in parts:
        if part.startswith("%"):
            if part[1] not in _FIELDS:
                raise ValueError(f"date format {declared!r}: {part} is not supported")
            pattern += _FIELDS[part[1]]
        else:
            pattern += r"\s+" if part.isspace() else regex.escape(part)
    return regex.compile(rf"(?<![\d/.-]){pattern}(?!\d)", regex.IGNORECASE)


def read_formatted(text: str, formats: tuple[str, ...]) -> list[Reading]:
    """Return what the declared strptime `formats` read in `text`, in their order; [] when none matches.

    Raises ValueError for a format with a directive that is not supported.
    """
    readings = []
    for declared in formats:
        match = _form(declared).search(text)
        if match is None:
            continue
        names = match.groupdict()
        day = _day(int(names.get("y") or 0), _month(names), int(names.get("d") or 0))
        hour = names.get("H") or names.get("I")
        moment = _clock(hour, names.get("M"), names.get("S"), names.get("p")) if hour else None
        if day is not None and (moment is not None or not hour):
            readings.append(Reading(day, moment, _zone("0" + (names.get("z") or ""), 1) if moment else None))
    return readings
