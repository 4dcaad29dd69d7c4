"""What speaks for a figure being planned: the words around it, the list that it stands in, its time.

A plan word holds from where it stands to the end of its sentence, unless a word of achievement or a time that
is over follows it. It plans nothing as the counted noun ("10/16 mục tiêu"), as the base ("60% kế hoạch"), in
a bracket that is closed before the figure, or as part of a set phrase.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from functools import cache, cached_property

import regex

from extract import rules
from extract.analysis import Analysis, Sentence
from extract.marks import Marks
from extract.text import lower
from extract.time.readings import published_on, readings
from extract.word_lists import Span, WordList

_STEP = "statuses"
_BEHIND_A_NUMBER = 12  # characters from a number to the noun that it counts, the unit's blank included
_FAR = 4000  # characters left of a figure in which a plan word holds
_REACH = 45  # characters right of a figure in which the end of a change begins
_PARTS = regex.compile(r"[,;:(.]")
# "các chỉ tiêu đều đạt kế hoạch: trồng 450 ha": the plan is what was reached.
_MET = regex.compile(
    r"(?<!\p{L})(?:đều|đã|cơ\x20bản|tiêu)\x20(?:đạt|vượt|đạt\x20và\x20vượt|hoàn\x20thành)\x20", regex.REVERSE
)
_BRACKETS = regex.compile(r"[()]")
_HEDGES = r"(?:(?:hơn|gần|trên|khoảng|mức)\x20){0,2}"
# "từ 40 lên 55 triệu đồng", "từ 31% dân số xuống 20%"
_FROM = regex.compile(rf"(?<!\p{{L}})từ\x20{_HEDGES}", regex.REVERSE)
_TO = regex.compile(
    r"[^,;:.()\d]{0,25}?(?<!\p{L})(?<!trở\x20)(?:lên|xuống|còn|thành|sang)(?!\p{L})[^,;:.()\d]{0,20}\d"
)
# "so với con số 88% của năm 2019", "thay vì 12 ngày như nay"
_THAN = regex.compile(rf"(?<!\p{{L}})(?:so\x20với|thay\x20vì)\x20(?:con\x20số\x20)?{_HEDGES}", regex.REVERSE)
# Between two items of a list: the noun of the first, and a comma, "và" or a bracket before the second.
_NEXT_ITEM = regex.compile(
    rf"[^,;:.()\d]{{0,30}}?(?:(?:[,;]|(?<=\x20)(?:và|với))\x20(?:và\x20)?{_HEDGES}|\([^,;:.()\d]{{0,25}}+)"
)
# "nhiều chỉ tiêu vượt kế hoạch": set phrases are blanked out
_MANY = regex.compile(
    r"(?<!\p{L})(?:nhiều|đa\x20số|hầu\x20hết|phần\x20lớn|một\x20số)\x20(?:các\x20)?", regex.REVERSE
)
_WERE_MET = regex.compile(
    r"\x20(?:(?:đều|đã|cơ\x20bản|chủ\x20yếu|quan\x20trọng)\x20){0,2}(?:đạt|vượt|hoàn\x20thành|\u2400)"
)
# "đạt 120 ha, vượt 15%" was topped; "phấn đấu vượt 15%" is to be.
_TOP = "vượt"
_TOPPED = regex.compile(
    r"(?:[,;:(–-]\x20{0,2}(?:và\x20)?|(?<!\p{L})(?:đều|cũng|hiện|đạt và)\x20)", regex.REVERSE
)
# Before a time that opens a clause: ", đến hết ngày 20/9 thu được 35 tỷ"
_CLAUSE_OPENS = regex.compile(
    r"[,;:(–-]\x20{0,2}(?:(?:và|nhưng|song|mà|đến|tới|tính|hết|cho|trong|riêng|ngày)\x20){0,4}", regex.REVERSE
)


@dataclass(frozen=True)
class Evidence:
    """An article, and its text in lower case with set phrases blanked out."""

    analysis: Analysis
    marks: Marks

    @property
    def text(self) -> str:
        return self.marks.text

    @cached_property
    def lowered(self) -> str:
        """The text in lower case with its set phrases."""
        return lower(self.analysis.text)

    @cached_property
    def starts(self) -> list[int]:
        """Where the sentences begin."""
        return [sentence.start for sentence in self.analysis.sentences]

    def owner(self, offset: int) -> int:
        """Return the ordinal of the sentence that an offset is in."""
        return max(0, bisect_right(self.starts, offset) - 1)

    @cached_property
    def today(self) -> str | None:
        """The day of publication, or the last of its year."""
        published = published_on(self.analysis.article.published)
        if published.day is not None:
            return published.day.isoformat()
        return None if published.year is None else f"{published.year}-12-31"

    @cached_property
    def over(self) -> list[int]:
        """Where the times begin that open a clause and were over when the article appeared."""
        published = published_on(self.analysis.article.published)
        found = []
        for time in self.analysis.times:
            if not _CLAUSE_OPENS.match(self.text, 0, time.start):
                continue
            meant = readings(time, published, None)
            last = meant[0].value.partition("/")[2] if meant else ""
            if time.anchor == "past" or (last and self.today is not None and last <= self.today):
                found.append(time.start)
        return found

    def is_over(self, start: int, end: int) -> bool:
        """Say whether a clause between two offsets opens with a time that is over."""
        at = bisect_left(self.over, start)
        while at < len(self.over) and self.over[at] < end:
            if not _is_closed(self.text, self.over[at], end):
                return True
            at += 1
        return False

    def achieved(self, start: int, end: int) -> Span | None:
        """Return the last word of achievement between two offsets; what is planned to be topped is none."""
        found = self.marks.last(words("achieved"), start, end)
        while (
            found is not None
            and self.text[slice(*found)] == _TOP
            and not _TOPPED.match(self.text, 0, found[0])
        ):
            found = self.marks.last(words("achieved"), start, found[0])
        return found

    def is_present(self, start: int, end: int) -> bool:
        """Say whether what stands between two offsets tells of what is so today or was."""
        return self.marks.last(words("present"), start, end) is not None or self.is_over(start, end)


def is_reached(evidence: Evidence, index: int) -> bool:
    """Say whether a change starts from the figure or is held against it: "từ 40 lên 55", "thay vì 30%"."""
    quantity = evidence.analysis.quantities[index]
    if _THAN.match(evidence.lowered, 0, quantity.start) is not None:
        return True
    begins = _FROM.match(evidence.text, 0, quantity.start) is not None
    return begins and _TO.match(evidence.text, quantity.end, quantity.end + _REACH) is not None


def near(evidence: Evidence, start: int, end: int) -> Span | None:
    """Return the plan word that stands close before a figure; None where it was achieved in between.

    The figure begins at `end`, and the words close to it at `start`.
    """
    found = evidence.marks.last(words("plan_near"), start, end)
    if found is not None and not _is_counted(evidence, found) and evidence.achieved(found[1], end) is None:
        return found
    purpose = _purpose().match(evidence.text, start, end)
    return purpose.span() if purpose else None


def as_base(evidence: Evidence, start: int, end: int) -> Span | None:
    """Return the plan that the figure states: behind "so với mục tiêu", or behind a share of the plan.

    A share has it in a bracket, or behind a verb: "đạt 45% chỉ tiêu năm (800 lao động)".
    """
    base = _last(words("plan_base").pattern, evidence.lowered, start, end)
    if base is not None and missed().search(evidence.lowered, base.end(), end) is None:
        return base.span()
    share = _share().match(evidence.lowered, 0, end)
    return share.span() if share else None


def is_next_item(evidence: Evidence, index: int) -> bool:
    """Say whether the figure only adds an item to the one before: "12 tập thể, 30 cá nhân"."""
    before, quantity = evidence.analysis.quantities[index - 1 : index + 1]
    return _NEXT_ITEM.fullmatch(evidence.text, max(before.end, before.unit_end), quantity.start) is not None


def last_plan(evidence: Evidence, start: int, end: int) -> Span | None:
    """Return the last plan word between two offsets that is no counted noun and in no closed bracket."""
    for span in evidence.marks.between(words("plan"), max(start, end - _FAR), end):
        if _is_counted(evidence, span) or _is_closed(evidence.text, span[1], end):
            continue
        if not _is_met(evidence.text, start, span):
            return span
    return None


def _is_met(text: str, start: int, span: Span) -> bool:
    """Say whether a plan is one that was reached: "đều đạt kế hoạch", "nhiều chỉ tiêu đạt khá"."""
    if _MET.match(text, start, span[0]) is not None:
        return True
    return _MANY.match(text, start, span[0]) is not None and _WERE_MET.match(text, span[1]) is not None


def promised(evidence: Evidence, start: int, end: int) -> Span | None:
    """Return the first word between two offsets that promises the figure on its left.

    None without one, and where another statement begins or something was achieved before it.
    """
    found = evidence.marks.first(words("promised"), start, end)
    if found is None or evidence.achieved(start, found[0]) is not None:
        return None
    # "đón 500 lượt và dự kiến đón thêm 300", "bằng 1/3 số vốn dự kiến": it promises something else.
    if evidence.text.endswith(" và ", start, found[0]) or evidence.text[found[1] : found[1] + 1] in ".,;)":
        return None
    return None if evidence.marks.last(words("parting"), start, found[0]) else found


def lies_ahead(evidence: Evidence, index: int) -> bool:
    """Say whether the figure's period begins, or its state is reached, after the day of publication."""
    periods = evidence.analysis.periods
    if not periods or periods[index].value is None or evidence.today is None:
        return False
    first, _, last = (periods[index].value or "").partition("/")
    return (first or last) > evidence.today


def lies_behind(evidence: Evidence, index: int) -> bool:
    """Say whether the figure's period was over on the day of publication."""
    periods = evidence.analysis.periods
    last = (periods[index].value or "").partition("/")[2] if periods else ""
    return bool(last) and evidence.today is not None and last <= evidence.today


def is_dated_in(evidence: Evidence, index: int, sentence: Sentence) -> bool:
    """Say whether the figure's period was read in this sentence."""
    span = evidence.analysis.periods[index].span
    return span is not None and sentence.start <= span[0] < sentence.end


def goes_on(evidence: Evidence, sentence: Sentence) -> bool:
    """Say whether a sentence opens as one that goes on with the plan of the one before."""
    return _goes_on().match(evidence.text, sentence.start) is not None


def missed() -> regex.Pattern[str]:
    """Return what tells, between a denial or a base and a figure, that the figure is a mark of its own."""
    return words("missed").pattern


def _is_counted(evidence: Evidence, span: Span) -> bool:
    """Say whether a plan noun is what the number before it counts or is a share of."""
    if evidence.text[slice(*span)] not in listed("plan_noun"):
        return False
    quantities = evidence.analysis.quantities
    number = bisect_right(quantities, span[0], key=lambda quantity: quantity.end) - 1
    if number < 0 or span[0] - quantities[number].end > _BEHIND_A_NUMBER:
        return False
    return _PARTS.search(evidence.text, quantities[number].end, span[0]) is None


def _is_closed(text: str, start: int, end: int) -> bool:
    """Say whether a bracket that is open at `start` is closed before `end`."""
    depth = 0
    for match in _BRACKETS.finditer(text, start, end):
        depth += 1 if match[0] == "(" else -1
        if depth < 0:
            return True
    return False


def _last(pattern: regex.Pattern[str], text: str, start: int, end: int) -> regex.Match[str] | None:
    found = None
    for match in pattern.finditer(text, start, end):
        found = match
    return found


@cache
def _purpose() -> regex.Pattern[str]:
    return rules.compile_pattern(
        r"(?<!\p{L}){purpose}(?: {hedge})?\x20{0,3}", rules.load_words(_STEP), backwards=True
    )


@cache
def _share() -> regex.Pattern[str]:
    between = r"[^,;:.()\d]"
    return rules.compile_pattern(
        rf"(?<!\p{{L}}){{share_of}}(?!\p{{L}})"
        rf"(?:(?:(?! là ){between}){{0,40}}(?:năm \d{{4}} ?)?\(|"
        rf"{between}{{0,40}} (?:là|vốn) (?:{between}{{0,20}} )?)",
        rules.load_words(_STEP),
        backwards=True,
    )


@cache
def _goes_on() -> regex.Pattern[str]:
    return rules.compile_pattern(r"[\P{L}]{0,4}{goes_on}(?!\p{L})", rules.load_words(_STEP))


@cache
def listed(name: str) -> frozenset[str]:
    """Return the entries of a list of the rules on statuses."""
    return frozenset(rules.load_words(_STEP)[name])


def words(name: str) -> WordList:
    """Return a list of the rules on statuses, found where its words stand in a text."""
    return rules.word_list(_STEP, name)
