"""What the times of an article mean, read in order: later ones may take up what earlier ones said."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import replace

import regex

from extract.analysis import Analysis, Time
from extract.text import lower
from extract.time.calendars import NUMBER_WORDS, OPEN_YEAR, in_year
from extract.time.readings import Published, Reading, readings, year_of

_LENGTH = regex.compile(r"(\d{1,3}|\p{L}+) (ngày|tháng|năm)(?!\p{L})")
_DAYS = {"ngày": 1.0, "tháng": 30.44, "năm": 365.25}
_AS_LONG = 0.03  # by which the length of a period may miss a length in words
_NO_BASE = 40  # characters between a base and a figure that is no longer the base's own
_SAME_YEAR = 1_000  # characters between a year and a "cả năm" that is still the same one
_NOT_SPOKEN_OF = ("so với", "sinh", "văn bản", "tết", "từ", "trước", "sau")
_OPENS = regex.compile(r"[^()]{0,20}\([^()\d]{0,20}")


def meanings(analysis: Analysis, published: Published) -> tuple[tuple[Reading, ...], ...]:
    """Return the readings of every time of the article, those that name no period included as ()."""
    text_year = next((year for time in analysis.times if (year := _implied(time)) is not None), None)
    found: list[tuple[Reading, ...]] = []
    last: Reading | None = None
    before: Time | None = None
    named: Time | None = None  # the last year that the text named
    for time in analysis.times:
        own = tuple(readings(time, published, text_year))
        if last is not None and not own and _recalls(analysis.text, time, last):
            own = (last._replace(way="again"),)
        if own and named is not None and _same_year(analysis.text, named, time):
            own = tuple(readings(time, Published(year_of(named)), None))
        both = before is not None and own and _both(analysis.text, before, time, own[0])
        found.append((both,) if both else own)
        before = time
        if time.form == "year" and year_of(time) is not None and time.cue not in _NOT_SPOKEN_OF:
            named = time
        last = own[0] if own and _is_stretch(own[0]) else last
        text_year = _implied(time) or text_year
    return tuple(found)


def _is_stretch(reading: Reading) -> bool:
    first, _, last = reading.value.partition("/")
    return "" != first != last != ""


def _implied(time: Time) -> int | None:
    """Return the year that the text speaks of at this time: the one behind a base, its own otherwise."""
    year = year_of(time)
    if year is None or time.cue in ("sinh", "văn bản", "tết"):
        return None
    return year + 1 if time.anchor == "same_period" or time.cue == "so với" else year


def _same_year(text: str, named: Time, time: Time) -> bool:
    """Say whether "cả năm" is the year that the paragraph spoke of ("mục tiêu năm 2018: … trong năm")."""
    return (
        time.rule == "year_unnamed"
        and time.part != "start"
        and time.start - named.end < _SAME_YEAR
        and "\n" not in text[named.end : time.start]
    )


def _both(text: str, left: Time, right: Time, reading: Reading) -> Reading | None:
    """Return "năm 2017 và 3 tháng đầu năm 2018" as the one stretch that it is; None for two."""
    if left.form != "year" or right.form != "months_of_year" or text[left.end : right.start] != " và ":
        return None
    year = year_of(left)
    if year is None or not reading.value.startswith(f"{year + 1}-01-01"):
        return None
    return reading._replace(value=f"{year}-01-01/{reading.value.partition('/')[2]}")


def _recalls(text: str, time: Time, last: Reading) -> bool:
    """Say whether "giai đoạn này", or as long a stretch as it was ("trong bốn ngày"), means `last` again."""
    if time.anchor == "this_period":
        return True
    match = _LENGTH.match(lower(text[time.start : time.end])) if time.form == "duration" else None
    first, _, end = last.value.partition("/")
    if match is None or time.anchor == "future" or time.cue in ("sau", "trước"):
        return False
    count = int(match[1]) if match[1].isdigit() else NUMBER_WORDS.get(match[1], 0)
    length = (datetime.date.fromisoformat(end) - datetime.date.fromisoformat(first)).days + 1
    return count > 1 and abs(count * _DAYS[match[2]] - length) <= _AS_LONG * length


def compared(
    analysis: Analysis,
    published: Published,
    meant: Sequence[Sequence[Reading]],
    number: int,
    start: int,
) -> Reading | None:
    """Return the period of a figure at `start` that says how much it was in the base before it.

    "(cùng kỳ năm trước tăng 7,3%)" has the period of before, a year earlier; "so với năm 2013 (6,1 điểm)" has
    2013. None where the figure is not the base's own.
    """
    time = analysis.times[number]
    between = analysis.text[time.end : start]
    if len(between) > _NO_BASE or "\n" in between:
        return None
    if time.cue == "so với" and not _OPENS.fullmatch(between):
        return None
    if time.anchor in ("same_period", "same_period_last_year"):
        return _year_earlier(time, meant[:number])
    if time.cue != "so với":
        return None
    found = readings(replace(time, cue=None), published, None)
    return found[0]._replace(way="base") if found else None


def _year_earlier(time: Time, before: Sequence[Sequence[Reading]]) -> Reading | None:
    """Return the last stretch before, a year earlier or in the year that the base names."""
    last = next((found[0] for found in reversed(before) if found and _is_stretch(found[0])), None)
    if last is None:
        return None
    first, _, end = last.value.partition("/")
    year = year_of(time) or int(end[:4]) - 1
    begin = in_year(OPEN_YEAR + first[4:], year - int(end[:4]) + int(first[:4]))
    return Reading(f"{begin}/{in_year(OPEN_YEAR + end[4:], year)}", "base", "own")
