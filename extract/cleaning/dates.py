"""The publication date of a page, with its zone, or None: a wrong date is worse than none.

Papers state several dates: in the head in American order, in UTC beside local time, the time of the visit,
today's in the page header, and those of related stories. Only places that belong to the article are read, and
what they say must be possible. In this order:

1. what the source's own selectors and formats read;
2. a date shown beside the title, with what the head of the page adds to it: it settles which number is the
   day, and it is local where the two are apart by the zone's offset;
3. what the head says, when it can be read in one way and does not contradict itself;
4. htmldate's answer, when the address names the same month.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from typing import Any

import regex
from htmldate import find_date
from lxml.html import HtmlElement

from extract.cleaning.date_forms import Reading, read_dates, read_formatted
from extract.cleaning.date_places import shown_dates
from extract.cleaning.fields import meta
from extract.cleaning.markup import select_texts
from store.records import Source

EARLIEST = date(1997, 1, 1)  # the Vietnamese web begins
_CLOSE = timedelta(
    minutes=5
)  # a time this close to the visit is the visit's, unless another place confirms its day
_URL_MONTH = regex.compile(r"/((?:19|20)\d\d)[/-]?(0[1-9]|1[0-2])(?:[/-]?(?:0[1-9]|[12]\d|3[01]))?/")


@dataclass(frozen=True, slots=True)
class Published:
    """A trusted publication date: ISO, with zone when it has a time, and the words of the page."""

    iso: str
    raw: str


@dataclass(frozen=True, slots=True)
class _Claim:
    """What one place of the page says, with every way to read it that is possible."""

    raw: str
    readings: tuple[Reading, ...]


@dataclass(frozen=True, slots=True)
class _Visit:
    """What limits the dates of a page: when it was fetched, from which address, in which zone."""

    zone: timezone
    fetched_at: datetime
    url: str

    @property
    def today(self) -> date:
        return self.fetched_at.astimezone(self.zone).date()


def find_published(
    root: HtmlElement,
    *,
    fetched_at: datetime,
    url: str = "",
    source: Source | None = None,
    records: list[dict[str, Any]] | None = None,
    title: HtmlElement | None = None,
) -> Published | None:
    """Return when the article was published; None when no date of the page can be trusted.

    `fetched_at` is aware, and nothing after it counts. Dates without a zone are in the source's `utc_offset`.
    `records` are the page's JSON-LD articles, `title` the element that shows the headline.
    """
    return weigh_published(root, fetched_at=fetched_at, url=url, source=source, records=records, title=title)[
        0
    ]


def weigh_published(
    root: HtmlElement,
    *,
    fetched_at: datetime,
    url: str = "",
    source: Source | None = None,
    records: list[dict[str, Any]] | None = None,
    title: HtmlElement | None = None,
) -> tuple[Published | None, bool]:
    """Return what `find_published` does, and whether the page states dates of which none can be trusted."""
    visit = _Visit(offset(source.utc_offset if source else "+07:00"), fetched_at, url)
    declared = _declared(root, source, visit) if source else []
    stated = _claims(_stated(root, records or []), visit, day_first=False)
    shown = _claims(shown_dates(root, title), visit, day_first=True)
    everything = [*declared, *stated, *shown]
    for claim in declared:
        if len(claim.readings) == 1 and not _is_visit(claim, everything, visit):
            return _published(claim.raw, claim.readings[0], visit), False
    stated = [claim for claim in (*declared, *stated) if not _is_visit(claim, everything, visit)]
    found = _shown(shown, stated, visit) or _head(stated, visit) or _guessed(root, visit)
    return found, found is None and bool(everything)


def offset(text: str) -> timezone:
    """Return the zone written "+07:00"; raises ValueError for anything else."""
    return timezone(datetime.strptime(text, "%z").utcoffset() or timedelta())


def _declared(root: HtmlElement, source: Source, visit: _Visit) -> list[_Claim]:
    claims: list[_Claim] = []
    for selector in source.date_selectors:
        in_head = "::" in selector or selector.lstrip().startswith("meta")
        for text in select_texts(root, (selector,)):
            formatted = _possible(read_formatted(text, source.date_formats), visit)
            readings = formatted[:1] or _possible(read_dates(text, day_first=not in_head), visit)
            if readings:
                claims.append(_Claim(text, readings))
    return claims


def _stated(root: HtmlElement, records: list[dict[str, Any]]) -> Iterator[str]:
    """Yield what the head says of this article's publication."""
    for node in records[:1]:
        if isinstance(node.get("datePublished"), str):
            yield node["datePublished"]
    for name in ("article:published_time", "datePublished", "pubdate", "DC.date.issued"):
        if (text := meta(root, name)) is not None:
            yield text


def _claims(texts: Iterable[str], visit: _Visit, *, day_first: bool) -> list[_Claim]:
    found = (_Claim(text, _possible(read_dates(text, day_first=day_first), visit)) for text in texts)
    return [claim for claim in found if claim.readings]


def _possible(readings: list[Reading], visit: _Visit) -> tuple[Reading, ...]:
    """Return the readings from `EARLIEST` to the visit; only those of the address's month, if any are."""
    fit = [one for one in readings if one.day >= EARLIEST and _not_after(one, visit)]
    month = _URL_MONTH.search(visit.url)
    matching = [
        one for one in fit if month and (one.day.year, one.day.month) == (int(month[1]), int(month[2]))
    ]
    return tuple(matching or fit)


def _not_after(reading: Reading, visit: _Visit) -> bool:
    if reading.time is None:
        return reading.day <= visit.today
    return _moment(reading, visit.zone) <= visit.fetched_at


def _moment(reading: Reading, zone: timezone) -> datetime:
    moment = datetime.combine(reading.day, reading.time or datetime.min.time(), tzinfo=reading.zone or zone)
    return moment.astimezone(zone)


def _day(reading: Reading, visit: _Visit) -> date:
    return reading.day if reading.time is None else _moment(reading, visit.zone).date()


def _is_visit(claim: _Claim, others: list[_Claim], visit: _Visit) -> bool:
    """Whether a claim is the time of the visit, with no other place naming the same day."""
    for reading in claim.readings:
        if reading.time is None or visit.fetched_at - _moment(reading, visit.zone) > _CLOSE:
            continue
        day = _day(reading, visit)
        if not any(
            _day(one, visit) == day for other in others if other is not claim for one in other.readings
        ):
            return True
    return False


def _shown(shown: list[_Claim], stated: list[_Claim], visit: _Visit) -> Published | None:
    """Return the date beside the title that the head confirms, else the first that is not just today's."""
    for claim in shown:
        for reading in claim.readings:
            for said in stated:
                for other in said.readings:
                    if reading.time is None and _day(other, visit) == reading.day:
                        return _published(said.raw, other, visit)
                    if reading.time is not None and _same_moment(reading, other, visit):
                        return _published(claim.raw, _finer(reading, other, visit), visit)
    for claim in shown:
        if len(claim.readings) == 1 and (
            claim.readings[0].day != visit.today or claim.readings[0].time is not None
        ):
            return _published(claim.raw, claim.readings[0], visit)
    return None


def _same_moment(shown: Reading, stated: Reading, visit: _Visit) -> bool:
    """Whether two readings tell one moment, if need be one of them in UTC and the other in local time."""
    if stated.time is None:
        return shown.day == stated.day
    apart = abs(_moment(shown, visit.zone) - _moment(stated, visit.zone))
    shift = abs(visit.zone.utcoffset(None))
    return apart <= timedelta(hours=1) or abs(apart - shift) <= timedelta(minutes=2)


def _finer(shown: Reading, stated: Reading, visit: _Visit) -> Reading:
    """Return the stated reading where it only adds seconds to the shown one, else the shown one."""
    if stated.time is None:
        return shown
    apart = _moment(stated, visit.zone) - _moment(shown, visit.zone)
    return stated if timedelta() <= apart < timedelta(minutes=1) else shown


def _head(stated: list[_Claim], visit: _Visit) -> Published | None:
    """Return what the head alone says; only the day when its hours differ, None when its days do."""
    certain = [claim for claim in stated if len(claim.readings) == 1]
    days = {_day(claim.readings[0], visit) for claim in certain}
    if len(days) != 1:
        return None
    timed = [claim for claim in certain if claim.readings[0].time is not None]
    moments = [_moment(claim.readings[0], visit.zone) for claim in timed]
    if moments and max(moments) - min(moments) > timedelta(hours=1):
        return _published(certain[0].raw, Reading(days.pop()), visit)
    zoned = [claim for claim in timed if claim.readings[0].zone is not None]
    best = (zoned or timed or certain)[0]
    return _published(best.raw, best.readings[0], visit)


def _guessed(root: HtmlElement, visit: _Visit) -> Published | None:
    month = _URL_MONTH.search(visit.url)
    if month is None:
        return None
    found = find_date(root, original_date=True, extensive_search=False, max_date=visit.today.isoformat())
    if found and found[:7] == f"{month[1]}-{month[2]}":
        return Published(found, found)
    return None


def _published(raw: str, reading: Reading, visit: _Visit) -> Published:
    if reading.time is None:
        return Published(reading.day.isoformat(), raw)
    return Published(_moment(reading, visit.zone).isoformat(timespec="seconds"), raw)
