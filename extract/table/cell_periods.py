"""When a table figure held: the time in the heading of its column, its row, or over the table."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass

from extract.analysis import Link, Time
from extract.table.headings import read_heading
from extract.table.sheets import Entry, Sheet
from extract.time.calendars import OPEN_YEAR, in_year
from extract.time.readings import Published, readings, year_of
from store.records import Cell

_STATED, _OVER_TABLE, _INFERRED = 0.9, 0.8, 0.7
_NONE = Link(None, 0.6, ("period:no_heading",))


@dataclass(frozen=True, slots=True)
class _Times:
    """The times that the figures of a table share."""

    over: Sequence[Time]  # of the lines over it
    columns: Mapping[int, str]  # the periods of columns that state one
    planned: frozenset[int]  # columns of plans
    published: Published


def periods(
    sheet: Sheet, compared: Container[int], captions: Sequence[str], published: Published
) -> list[Link]:
    """Return the period of every entry of `sheet`, None where no heading gives one.

    A column that compares (`compared`) has the period of the columns left of it. `captions` are the lines
    over the table, the nearest first.
    """
    over = _times(captions)
    columns: dict[int, str] = {}
    planned: set[int] = set()
    for entry in sheet.entries:
        column = entry.cell.column
        if column not in columns and (value := _period(_column_times(entry), over, published)) is not None:
            columns[column] = value
        if any(read_heading(cell.text).status == "target" for cell in entry.column):
            planned.add(column)
    times = _Times(over, columns, frozenset(planned), published)
    return [_link(entry, times, compares=entry.cell.column in compared) for entry in sheet.entries]


def _link(entry: Entry, times: _Times, *, compares: bool) -> Link:
    own = _column_times(entry)
    row = _times(cell.text for cell in reversed(entry.row))
    if any((time.anchor or "").startswith("same_period") for time in own):
        return _same_period(own, times.columns, entry.cell.column)
    if (value := _in_year(row, own)) is not None:
        return Link(value, _STATED, ("period:row_in_column",), _span(entry.row, row))
    if (value := _period(own, [*row, *times.over], times.published)) is not None:
        return Link(value, _STATED, ("period:column_heading",), _span(entry.column, own))
    if (value := _period(row, times.over, times.published)) is not None:
        return Link(value, _STATED, ("period:row_heading",), _span(entry.row, row))
    if compares and (value := _compared_period(entry.cell.column, times)) is not None:
        return Link(value, _INFERRED, ("period:compared_column",))
    if (value := _period(times.over, (), times.published)) is not None:
        return Link(value, _OVER_TABLE, ("period:caption",))
    return _NONE


def _in_year(row: Sequence[Time], column: Sequence[Time]) -> str | None:
    """Return the period of a row that says "cuối năm" in a column of one year; None for others."""
    part = next((time for time in row if _is_open(time) and time.anchor is None), None)
    year = column[0] if len(column) == 1 and column[0].form == "year" and column[0].part is None else None
    if part is None or year is None or year.anchor is not None or _is_open(year):
        return None
    found = readings(part, Published(), year_of(year))
    return found[0].value if found else None


def _compared_period(column: int, times: _Times) -> str | None:
    """Return the latest period of the columns left of a comparison, of plans only where all are plans."""
    left = {other: value for other, value in times.columns.items() if other < column}
    achieved = [value for other, value in left.items() if other not in times.planned]
    return max(achieved or left.values(), key=_end, default=None)


def _column_times(entry: Entry) -> list[Time]:
    return _times(cell.text for cell in reversed(entry.column))


def _times(headings: Iterable[str]) -> list[Time]:
    return [time for text in headings for time in read_heading(text).times]


def _period(times: Sequence[Time], further: Sequence[Time], published: Published) -> str | None:
    """Return what the first time that gives a period means; an open year may stand in another heading."""
    for place, time in enumerate(times):
        others = [*times[place + 1 :], *times[:place], *further]
        if _is_open(time) and time.anchor is None:
            year = next((year for other in others if (year := year_of(other)) is not None), None)
            found = readings(time, published if year is None else Published(), year)
        else:
            found = readings(time, published, None)
        if found:
            return found[0].value
    return None


def _is_open(time: Time) -> bool:
    return OPEN_YEAR in (time.first or "") + (time.last or "")


def _same_period(times: Sequence[Time], columns: Mapping[int, str], column: int) -> Link:
    """Return the period of "cùng kỳ năm 2024": that of the other columns in that year, or the year before."""
    others = [value for other, value in columns.items() if other != column]
    if not others:
        return _NONE
    first, _, last = max(others, key=_end).partition("/")
    if not last:
        return _NONE
    stated = next((year for time in times if (year := year_of(time)) is not None), None)
    year = stated if stated is not None else int(last[:4]) - 1
    begin = in_year(f"{OPEN_YEAR}{first[4:]}", year + int(first[:4]) - int(last[:4])) if first else ""
    return Link(f"{begin}/{in_year(OPEN_YEAR + last[4:], year)}", _INFERRED, ("period:same_period",))


def _end(period: str) -> str:
    first, _, last = period.partition("/")
    return last or first


def _span(cells: Iterable[Cell], times: Sequence[Time]) -> tuple[int, int] | None:
    """Return the span of the heading that holds the time; None where it is the copy of a merged one."""
    for cell in cells:
        if cell.start >= 0 and any(time in times for time in read_heading(cell.text).times):
            return cell.start, cell.end
    return None
