"""Times that date only a part of their sentence: what a figure is compared with, or what a bracket tells.

"cao hơn mức 4,84% của quý I/2024" and "giảm từ 11% năm 2011 xuống còn 3%" say when the base held, "(năm 2010
đạt 13 triệu đồng)" of when the bracket is, "9 tháng đạt 95% kế hoạch năm 2022" of which year the plan was:
the figures that follow have another time, or none.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from typing import NamedTuple

import regex

from extract.analysis import Analysis, Quantity, Time
from extract.text import lower

_BEFORE = 48  # characters left of a figure in which the words of a comparison stand
_BESIDE = 48  # characters between a figure and the time that dates it
_BRACKET = 140  # characters of a bracket on either side of a time
_NEXT = 3  # characters between the year of a plan and the sum that was planned
_NOWHERE = (0, 0)
_REACH = 800  # characters before a plan in which the time of what was reached may stand
_PARTS_OF_A_YEAR = ("months_of_year", "quarter", "half", "month", "months", "day", "days")

# "cao hơn mức tăng ", "so với con số ", "thấp hơn đáng kể so với "
_COMPARED = regex.compile(
    r"(?r)(?<!\p{L})(?:(?:cao|thấp|nhiều|ít|lớn|nhỏ|nhanh|chậm|kém)\x20hơn(?:\x20(?:rất\x20)?nhiều|\x20đáng\x20kể|\x20hẳn)?"
    r"|so\x20với)(?:\x20so\x20với)?(?:\x20(?:mức|con\x20số|tỷ\x20lệ|tỉ\x20lệ|số|tốc\x20độ|kết\x20quả))"
    r"?(?:\x20(?!năm|cùng|tháng|quý)\p{L}+){0,3}\x20"
)
_FROM = regex.compile(r"(?r)(?<!\p{L})từ(?:\x20(?:mức|chỗ|con\x20số|hơn|gần|trên|khoảng|chỉ)){0,3}\x20")
_TO = regex.compile(r"\)?,?\x20(?:đã\x20)?(?:(?:tăng|giảm)\x20)?(?:lên|xuống|còn|đến|tới|thành)(?!\p{L})")
_NOTHING_BETWEEN = regex.compile(
    r"(?:[\x20/]?(?!lên|xuống|và|trong|so|còn)[\p{L}/²³%]+){0,4}?,?\x20?\(?(?:của|trong|vào|hồi|ở)?\x20?"
)
# "đạt 52,6% kế hoạch cả năm": the year of the plan, not of what was reached
_SHARE_OF_A_PLAN = regex.compile(
    r"\x20?(?:so\x20(?:với\x20)?)?(?:kế\x20hoạch|dự\x20toán|chỉ\x20tiêu|mục\x20tiêu|nghị\x20quyết|kh)"
    r"(?:\x20\p{L}+){0,4}\x20"
)


class _Around(NamedTuple):
    """What the times of an article are read against."""

    text: str  # in lower case
    figures: tuple[Quantity, ...]
    starts: list[int]  # of the figures
    sentences: list[int]  # where they begin


def spans(analysis: Analysis) -> tuple[tuple[int, int] | None, ...]:
    """Return for every time between which offsets the figures begin that it can date; None for anywhere."""
    around = _Around(
        lower(analysis.text),
        analysis.quantities,
        [quantity.start for quantity in analysis.quantities],
        [sentence.start for sentence in analysis.sentences],
    )
    return tuple(_span(around, number, analysis.times) for number in range(len(analysis.times)))


def _span(around: _Around, number: int, times: Sequence[Time]) -> tuple[int, int] | None:
    time = times[number]
    place = bisect_left(around.starts, time.start) - 1
    before = around.figures[place] if place >= 0 else None
    if before is not None and before.end <= time.start <= before.end + _BESIDE:
        if _of_a_plan(around, before, number, times):
            return time.end, time.end + _NEXT  # "1,8% kế hoạch vốn năm nay 20.640 tỷ đồng"
        if _is_base(around.text, before, time):
            return before.start, before.end
    if time.cue == "kế hoạch" and _only_named(around, number, times):
        return _NOWHERE
    return _bracket(around, time)


def _of_a_plan(around: _Around, figure: Quantity, number: int, times: Sequence[Time]) -> bool:
    """Say whether the time is that of the plan of which the figure is a share, reached in another time."""
    time = times[number]
    if figure.kind != "percent" or time.form != "year":
        return False
    if not _SHARE_OF_A_PLAN.fullmatch(around.text, figure.end, time.start):
        return False
    if time.rule == "year_unnamed":
        return True
    return _dated_before(around, number, times, reach=_REACH if figure.measure == "level" else 0)


def _only_named(around: _Around, number: int, times: Sequence[Time]) -> bool:
    """Say whether a plan is only named in a sentence that has a time of its own, and no figure after it."""
    following = bisect_left(around.starts, times[number].end)
    sentence = bisect_right(around.sentences, times[number].start)
    end = around.sentences[sentence] if sentence < len(around.sentences) else len(around.text)
    if following < len(around.starts) and around.starts[following] < end:
        return False
    return _dated_before(around, number, times)


def _dated_before(around: _Around, number: int, times: Sequence[Time], *, reach: int = 0) -> bool:
    """Say whether a part of a year stands before the time in its sentence, or near in its paragraph."""
    start = times[number].start
    low = around.sentences[max(0, bisect_right(around.sentences, start) - 1)]
    low = min(low, max(start - reach, around.text.rfind("\n", 0, start) + 1))
    for earlier in range(number - 1, -1, -1):
        time = times[earlier]
        if time.start < low:
            return False
        if time.form in _PARTS_OF_A_YEAR and time.cue not in ("so với", "văn bản"):
            return True
    return False


def _is_base(text: str, figure: Quantity, time: Time) -> bool:
    """Say whether the figure that the time stands beside is what another one is compared with."""
    if figure.measure != "level" or not _NOTHING_BETWEEN.fullmatch(text, figure.end, time.start):
        return False
    low = max(0, figure.start - _BEFORE)
    if _COMPARED.match(text, low, figure.start):
        return True
    return bool(_FROM.match(text, low, figure.start)) and bool(_TO.match(text, time.end))


def _bracket(around: _Around, time: Time) -> tuple[int, int] | None:
    """Return the bracket around a time where it holds figures of its own behind the time."""
    text = around.text
    opened = text.rfind("(", max(0, time.start - _BRACKET), time.start)
    if opened < 0 or text.find(")", opened, time.start) >= 0 or text.find("\n", opened, time.start) >= 0:
        return None
    closed = text.find(")", time.end, time.end + _BRACKET)
    following = bisect_left(around.starts, time.end)
    if closed >= 0 and following < len(around.starts) and around.starts[following] < closed:
        return opened, closed
    return None
