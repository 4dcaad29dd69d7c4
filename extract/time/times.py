"""Expressions of time, found by the rules of data/rules/times.toml.

A Time reports what its own words say. Its span holds the head word ("năm 2024", "giai đoạn 2021-2025",
"cuối năm 2019") and not the cue before it. `cue` is canonical: từ, tính đến, đến, so với, trong, trước, sau,
của, sinh, kế hoạch, văn bản for the date of a document, or tết for the year of a holiday. `anchor` is None
for an expression that stands alone, else this_, last_, past_ or next_ with day, month, quarter, year, term or
school_year; same_period, same_period_last_year; this_period; now; past or future for a duration; lunar. A
year left open is `????` in `first` and `last` (extract/time/calendars.py: in_year), a month left open `??`.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import regex

from extract import rules
from extract.analysis import Analysis, Time
from extract.quantity.units import follows
from extract.text import lower
from extract.time.calendars import OPEN_YEAR, first_and_last
from extract.word_lists import DIGITS, WordList, syllables_of

_STEP = "times"
_REACH = 40  # characters that a cue or a condition on the left may look back
_DIRECTIONS = {
    "nay": "this", "này": "this", "ngoái": "last", "trước": "last", "trước đó": "last", "liền trước": "last",
    "qua": "past", "vừa qua": "past", "sau": "next", "tới": "next", "tiếp theo": "next", "kế tiếp": "next",
    "mới": "this", "đầu tiên": None,
}  # fmt: skip
_UNITS = {"months_of_year": "year", "half": "year", "relative": "day"}
_CUES = {
    "cue_base": "so với", "cue_name": "văn bản", "cue_until_count": "tính đến", "cue_from": "từ",
    "cue_in_about": "trong", "cue_after": "sau", "cue_compare": "so với", "cue_until": "đến",
    "cue_in": "trong", "cue_before": "trước", "cue_of": "của", "cue_birth": "sinh", "cue_plan": "kế hoạch",
}  # fmt: skip
_PARTS = {"đầu": "start", "giữa": "middle", "cuối": "end", "hết": "end"}
_PLURALS = {"day": "days", "month": "months", "quarter": "months", "year": "years", "now": "years"}
_HOUR = (
    r"(?<!\d)\d{1,2}(?:(?:h|g|:)\d{0,2}|\x20giờ(?:\x20\d{1,2}(?:\x20phút)?)?)"
    r"(?:\x20(?:sáng|trưa|chiều|tối|đêm))?,?\x20"
)
_CONNECTOR = regex.compile(
    r"\x20?(?:\([^()\n]{1,20}\)\x20?)?"
    r"(?:(?:cho\x20)?(?:đến|tới)(?:\x20(?:hết|cuối|đầu|thời\x20điểm))?|-)?\x20?"
    rf"(?:{_HOUR})?"
)
# "tính đến 17 giờ ngày 20/4": the cue stands before the hour
_HOUR_BEFORE = regex.compile(rf"(?r){_HOUR}(?:của\x20)?")
_ONWARDS = regex.compile(r"\x20(?:trở\x20đi|trở\x20lại\x20đây|về\x20sau)(?!\p{L})")
_OF_A_DOCUMENT = regex.compile(
    r"(?r)\d{1,5}(?:/\d{4})?[/\-]\p{L}[\p{L}\p{N}\-]{1,20}[,;]?\x20(?:ban\x20hành\x20)?"
)
# "Luật Ngân sách năm 2002", "Tết Nguyên đán Canh Tý 2020"
_OF_A_LAW = regex.compile(
    r"(?r)(?<!\p{L})(?:luật|hiến pháp|pháp lệnh)(?:\x20(?!sư|trong|vào)\p{L}+){0,6}\x20"
)
_OF_A_HOLIDAY = regex.compile(
    r"(?r)(?:(?<!\p{L})tết(?:\x20(?:nguyên đán|dương lịch|âm lịch|cổ truyền))?|"
    r"(?:giáp|ất|bính|đinh|mậu|k[ỷỉ]|canh|tân|nhâm|quý)\x20"
    r"(?:t[ýí]|sửu|dần|mão|thìn|tỵ|tị|ngọ|mùi|thân|dậu|tuất|hợi))[\x20,]*\x20?[(-]?\x20?"
)
_Candidates = tuple[regex.Pattern[str], tuple[rules.Rule, ...]]  # where one of the rules may match, and they

_PAST = ("qua", "vừa qua", "gần đây", "gần nhất", "trở lại đây", "trước đây")
_FUTURE = ("tới", "nữa", "tiếp theo", "sau")


def find(analysis: Analysis) -> Analysis:
    """Return `analysis` with the times of its text, in order and without overlap."""
    return replace(analysis, times=tuple(find_times(lower(analysis.text))))


def find_times(text: str) -> list[Time]:
    """Return the times of a text in lower case, longest match first where several begin at one place."""
    found: list[Time] = []
    position = 0
    triggers, by_start = _index()
    for start, end in triggers.spans(text, text, syllables_of(text)):
        if start < position:
            continue
        possible, candidates = by_start[_key(text[start:end])]
        if not possible.match(text, start):
            continue
        best = _longest(text, start, candidates, found[-1].end if found else 0)
        if best is not None:
            found.append(best)
            position = best.end
    found = _without_hours(text, found)
    ends = [0, *(time.end for time in found)]
    return _join(text, [_framed(text, time, end) for time, end in zip(found, ends, strict=False)])


def _without_hours(text: str, times: list[Time]) -> list[Time]:
    """Return the times without the hour of "17 giờ ngày 20/4", which is no length of time."""
    following = [*times[1:], None]
    return [
        time
        for time, after in zip(times, following, strict=False)
        if time.form != "duration"
        or after is None
        or after.form != "day"
        or not _HOUR_BEFORE.fullmatch(text, time.start, after.start)
    ]


def _longest(text: str, start: int, candidates: tuple[rules.Rule, ...], lowest: int) -> Time | None:
    best: Time | None = None
    for rule in candidates:
        match = rule.match(text, start, max(lowest, start - _REACH))
        if match is None or (best is not None and match.end() <= best.end):
            continue
        if "unit_not" not in rule.settings or not follows(text, match.end(), rule.settings["unit_not"]):
            best = _read(rule, match)
    return best


def _read(rule: rules.Rule, match: regex.Match[str]) -> Time:
    groups = match.groupdict()
    form = rule.settings["form"]
    first, last = first_and_last(form, groups)
    anchor = _anchor(rule, groups, form, match.group())
    return Time(match.start(), match.end(), form, first, last, anchor=anchor, rule=rule.name)


def _anchor(rule: rules.Rule, groups: dict[str, str | None], form: str, words: str) -> str | None:
    fixed: str | None = rule.settings.get("anchor")
    relation = groups.get("rel")
    if fixed == "same_period":
        return "same_period_last_year" if relation else "same_period"
    if fixed is not None:
        return fixed
    if form == "relative":
        return {"qua": "last_day", "trước": "last_day", "mai": "next_day"}.get(words.split()[-1], "this_day")
    if relation is None:
        return None
    if form == "duration":
        return "past" if relation in _PAST else "future" if relation in _FUTURE else None
    direction = _DIRECTIONS.get(relation)
    unit = "year" if form in ("month", "quarter") and "năm" in words else _UNITS.get(form, form)
    return f"{direction}_{unit}" if direction else None


def _framed(text: str, time: Time, lowest: int) -> Time:
    """Return `time` with the part of it that is meant and with the cue on its left."""
    part_pattern, cue_pattern = _frames()
    start, part = time.start, None
    lowest = max(lowest, start - _REACH)
    if time.form in ("year", "month", "quarter", "term", "school_year", "relative"):
        match = part_pattern.match(text, lowest, start)
        if match is not None:
            start, part = match.start(), _PARTS[match.group("part")]
    if time.form == "day" and _OF_A_DOCUMENT.match(text, max(0, start - _REACH), start):
        return replace(time, cue="văn bản")
    if time.form == "year" and (name := _named_after(text, time)):
        return replace(time, cue=name)
    hour = _HOUR_BEFORE.match(text, lowest, start) if time.form == "day" else None
    cue = cue_pattern.match(text, lowest, start if hour is None else hour.start())
    name = _CUES[cue.lastgroup] if cue is not None and cue.lastgroup else None
    if name == "so với" and time.form == "duration":
        name = None  # "hơn 10 năm" is more than ten years
    return replace(time, start=start, part=part, cue=name)


def _named_after(text: str, time: Time) -> str | None:
    """Return what a year belongs to as part of its name: a law or a holiday; None for most."""
    left = max(0, time.start - _REACH)
    if _OF_A_LAW.match(text, left, time.start):
        return "văn bản"
    return "tết" if time.rule == "bare_year" and _OF_A_HOLIDAY.match(text, left, time.start) else None


def _join(text: str, times: list[Time]) -> list[Time]:
    """Return the times with "từ A đến B" as one, open at the end for "từ A đến nay" and "từ A trở đi"."""
    joined: list[Time] = []
    for time in times:
        if len(joined) > 1 and joined[-1].anchor == "lunar" and _reaches(text, joined[-2], time):
            joined.pop()  # "từ ngày 26-1 (29 Tết) đến ngày 1-2"
        before = joined[-1] if joined else None
        if before is not None and _reaches(text, before, time):
            joined[-1] = _stretch(before, time)
        else:
            joined.append(time)
    return [_onwards(text, time) for time in joined]


def _reaches(text: str, left: Time, right: Time) -> bool:
    if (
        left.form not in _PLURALS
        or right.form not in _PLURALS
        or not _CONNECTOR.fullmatch(text, left.end, right.start)
    ):
        return False
    gap = text[left.end : right.start].strip()
    if right.form == "now":
        return left.form != "now" and left.cue not in ("so với", "sinh", "văn bản") and not gap
    return left.cue == "từ" and gap != ""


def _stretch(left: Time, right: Time) -> Time:
    if right.form == "now":
        return replace(left, end=right.end, form=_PLURALS[left.form], last=None, anchor="now", cue="từ")
    first = left.first
    if first is not None and right.first is not None and OPEN_YEAR not in right.first:
        first = first.replace(OPEN_YEAR, right.first[:4])
    form = _PLURALS[right.form if left.form == "now" else left.form]
    return replace(
        left, end=right.end, form=form, first=first, last=right.last, anchor=left.anchor or right.anchor
    )


def _onwards(text: str, time: Time) -> Time:
    match = _ONWARDS.match(text, time.end)
    return replace(time, end=match.end(), last=None) if match and time.first else time


@cache
def _index() -> tuple[WordList, dict[str, _Candidates]]:
    """Return the list of all first words, and for each the rules that may begin with it."""
    numbers = rules.load_words(_STEP)["number"]
    by_start: dict[str, list[rules.Rule]] = {}
    for rule in rules.load_rules(_STEP):
        starts = set(rule.start) - {"@digit", "@number"}
        if {"@digit", "@number"} & set(rule.start):
            starts.add("@digit")
        if "@number" in rule.start:
            starts |= {number.split()[0] for number in numbers}
        for start in starts:
            # A rule that begins with "năm học" stands under "năm": a trigger is one word.
            keyed = by_start.setdefault(start.split()[0], [])
            if rule not in keyed:
                keyed.append(rule)
    words = "|".join(
        sorted((regex.escape(word) for word in by_start if word != "@digit"), key=len, reverse=True)
    )
    trigger = regex.compile(rf"(?<![\p{{L}}\p{{N}}])(?<!\d[.,/:\-])(?:(?:{words})(?![\p{{L}}\p{{N}}])|\d)")
    firsts = (DIGITS if word == "@digit" else word for word in by_start)
    return WordList.of(trigger, firsts), {start: _candidates(keyed) for start, keyed in by_start.items()}


def _candidates(found: list[rules.Rule]) -> _Candidates:
    return rules.any_of(rule.pattern for rule in found if rule.pattern is not None), tuple(found)


def _key(hit: str) -> str:
    return "@digit" if hit.isdigit() else hit


@cache
def _frames() -> tuple[regex.Pattern[str], regex.Pattern[str]]:
    lists = rules.load_words(_STEP)
    cues = "|".join(f"(?P<{name}>{{{name}}})" for name in _CUES)
    part = rules.compile_pattern(rf"(?<!\p{{L}})(?P<part>{'|'.join(_PARTS)}) ", lists, backwards=True)
    return part, rules.compile_pattern(rf"(?<!\p{{L}})(?:{cues})(?:,? |: )\(?", lists, backwards=True)
