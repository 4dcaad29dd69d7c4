"""The words of a table figure's headings: what it measures, whether it was planned, whether it denies."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import regex

from extract import rules
from extract.analysis import Link
from extract.table.cell_places import without_places
from extract.table.headings import begins_with, is_in, read_heading
from extract.table.sheets import Entry
from extract.text import lower
from extract.time.readings import published_on
from store.records import Cell

_NUMBER_OF = regex.compile(r"(?i)^(?:tổng )?số (?:lượng )?")
_NUMBERED = regex.compile(
    r"(?i)^\s*(?:bảng|biểu|phụ lục|biểu đồ|hình)(?:\s+số)?\s*[\dIVX]*(?:[.\-]\d+)*\s*[.:\-–]?\s*"
)


def indicator_of(entry: Entry, captions: Sequence[str], places: frozenset[str]) -> Link:
    """Return the words of the row's and the column's headings; where they say too little, the caption's.

    Headings in `places` only say where. A column that says no more than "Tỷ lệ" or "Xếp hạng" is of what the
    column left of it counts.
    """
    row = [words for cell in entry.row if (words := _words(cell, places))]
    column = [words for cell in entry.column if (words := _words(cell, places))]
    if row:
        column = [words for words in column if not is_in(words, "amount")]
    parts = list(dict.fromkeys((*row, *column)))
    if not all(is_in(part, "generic") for part in parts):
        return Link(" ".join(parts), 0.8, ("indicator:headings",))
    if (left := _left_of(entry, places)) is not None:
        return Link(" ".join([*parts, left]), 0.7, ("indicator:column_left",))
    over = next((words for caption in captions if (words := _caption_words(caption))), None)
    if over is not None:  # "Tỷ lệ" of "giải ngân vốn đầu tư công"
        parts = [*(part for part in parts if not lower(over).startswith(lower(part))), over]
    return Link(" ".join(parts) or None, 0.6, ("indicator:caption",))


def _left_of(entry: Entry, places: frozenset[str]) -> str | None:
    """Return what the nearest column on the left counts, under the same upper heading; None when unsaid."""
    if not _relates(entry):
        return None
    upper = entry.column[:-1]
    for other in entry.left:
        if [cell.text for cell in other[:-1]] == [cell.text for cell in upper]:
            words = " ".join(words for cell in other if (words := _words(cell, places)))
            if words and not is_in(words, "generic"):
                return _NUMBER_OF.sub("", words)
    return None


def _relates(entry: Entry) -> bool:
    """Say whether a column gives a share, a rank or a change of another one."""
    heading = read_heading(entry.column[-1].text) if entry.column else None
    if heading is None:
        return False
    listed = begins_with(heading.words, "percent") or begins_with(heading.words, "rank")
    return listed or heading.change is not None or heading.compared


def _words(cell: Cell, places: frozenset[str]) -> str:
    """Return what a heading adds to an indicator; "" for a place, a total or a section of a report."""
    if cell.text in places or is_in(cell.text, "parts"):
        return ""
    heading = read_heading(cell.text)
    words = heading.words
    if is_in(words, "total") or (heading.numbering and (words.isupper() or begins_with(words, "section"))):
        return ""
    return without_places(words)


def _caption_words(caption: str) -> str:
    """Return what the line over a table adds to an indicator, without "Bảng 1", unit, times and places."""
    return without_places(read_heading(_NUMBERED.sub("", caption)).words)


def status_of(entry: Entry, captions: Sequence[str], period: Link, published: str | None) -> Link:
    """Return whether the nearest heading that says so plans or reports; without one, by the period."""
    for cell in reversed(entry.column):
        if (status := read_heading(cell.text).status) is not None:
            return Link(status, 0.9, ("status:column_heading",))
    for rule, text in (
        *(("row_heading", cell.text) for cell in reversed(entry.row)),
        *(("caption", caption) for caption in captions),
    ):
        plain = lower(_NUMBERED.sub("", text))
        status = None if plain.startswith(("chỉ tiêu", "kết quả")) else read_heading(plain).status
        if status is not None:
            return Link(status, 0.85, (f"status:{rule}",))
    today = published_on(published)
    first, _, last = (period.value or "").partition("/")
    if today.year is not None and (first or last):
        day = today.day.isoformat() if today.day else f"{today.year}-12-31"
        if (first or last) > day:
            return Link("target", 0.8, ("status:period_ahead",))
    return Link("actual", 0.85, ("status:default",))


def negation_of(indicator: str) -> Link:
    """Return "negated" where the headings count those that have not."""
    masked = _denial_set_phrases().sub(" ", lower(indicator))
    if _denials().search(masked):
        return Link("negated", 0.85, ("negation:heading",))
    return Link(None, 0.97, ("negation:none",))


@cache
def _denials() -> regex.Pattern[str]:
    return rules.compile_pattern(r"(?<!\p{L}){denial}(?!\p{L})", rules.load_words("statuses"))


@cache
def _denial_set_phrases() -> regex.Pattern[str]:
    return rules.compile_pattern(r"(?<!\p{L}){denial_set_phrase}(?!\p{L})", rules.load_words("statuses"))
