"""What the heading of a row or column says: its name, unit, times, plan or achievement, comparison."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import cache, lru_cache

import regex

from extract import rules
from extract.analysis import Time
from extract.quantity.counted import read_unit
from extract.quantity.numerals import magnitudes
from extract.quantity.units import Unit
from extract.text import fold, lower
from extract.time.times import find_times
from store.records import Kind, Status

STEP = "tables"
_LONGEST = 600
# "Trong đó: Lúa" is a part of the row above it, as one with a bullet is.
_PART = regex.compile(r"(?i)(?:trong đó|tr\. ?đó|bao gồm|gồm|chia ra)(?: có)?\s*[:,-]\s*(?=\p{L})")
_BRACKET = regex.compile(r"[(\[]([^()\[\]]{0,80})[)\]]")
_STATED_UNIT = regex.compile(
    r"(?i)(?<!\p{L})(?:đơn vị tính|đơn vị|tính bằng)\s?:\s?(?P<unit>[^;:()\n|]{1,40})"
)
_LAST_UNIT = regex.compile(r"(?:[,;]|\s-|\s–)\s?(?P<unit>[^,;()\d]{1,25})$")
_SIGN = regex.compile(r"^%(?!\p{L})|%$|(?<=\s)%(?=\s)")
_COLUMN_NUMBER = regex.compile(r"[\d\s=+\-*/:x()%.,]*\d[\d\s=+\-*/:x()%.,]*|\p{Lu}")
# "1.", "1.2", "I.", "A)", "a)", "-", "+", "*", "•": numbering and bullets before a name.
NUMBERING = regex.compile(
    r"\s*(?:(?:\d{1,2}(?:\.\d{1,2}){0,3}|[IVX]{1,5}|\p{L})[.)](?=\s|\p{L})|[IVX]{1,5}\s?-(?=\s)|[-+*•–▪◦►]+(?!\d))\s*"
)
_COMPARED = regex.compile(
    r"(?i)(?:(?:^|[\s,])(?:so\s+sánh(?:\s+với)?|so\s+với|so|với)\s+"
    r"|\s?/\s?(?=cùng kỳ|kế hoạch|dự toán|chỉ tiêu|mục tiêu|nghị quyết|tổng))(?P<base>\S.*)$"
)
_YEARS_COMPARED = regex.compile(
    r"(?i)(?:năm\s)?(?<!\d)(?P<y>(?:19|20)\d\d)\s?/\s?(?P<y2>(?:19|20)\d\d)(?!\d)"
)
# "Ước thực hiện 9 tháng", "9 tháng (tỷ đồng)"; not "Lãi suất 6 tháng".
_MONTHS = regex.compile(
    r"(?i)(?:^|(?<=(?:thực hiện|ước|ước tính|lũy kế|luỹ kế|kế hoạch|kết quả|trong)\s))"
    r"(?P<n>[1-9]|1[0-2]) tháng(?=\s*$|\s*[(,/]|\sso\s)"
)
_HOUR = regex.compile(r"(?i)\d{1,2}(?: giờ|h)(?: ?\d{1,2}(?: phút)?)?,? (?:ngày )?(?=\d{1,2}[/.-]\d)")
_CHANGE = regex.compile(
    r"(?i)(?:mức |tỷ lệ |tỉ lệ |số )?(?P<verb>tăng ?[,/-]? ?giảm|tăng(?! trưởng| cường)|giảm(?! nghèo)"
    r"|chênh lệch|biến động|thay đổi|\+ ?/? ?-|±|\(\+/-\))(?!\p{L})"
)
_ONLY_CHANGE = regex.compile(r"\W*(?:(?:thứ )?hạng|bậc|tuyệt đối|tương đối)?\W*")
_PERCENT = regex.compile(r"(?:(?:tỷ|tỉ) lệ )?(?:%|phần trăm)(?:\s?/\s?(?:năm|tháng|quý))?")
_CUE = regex.compile(
    r"(?i)(?:(?<!\p{L})(?:tính đến|đến hết|đến cuối|đến|trong|từ|vào|của|tại|thời điểm|ngày|lũy kế|luỹ kế|cả)"
    r"\s)+$"
)
_COMPARISON = regex.compile(r"(?i)so sánh(?!\p{L})")
_WORD = regex.compile(r"\p{L}")
_BRACKETED_TIME = regex.compile(r"\([^()]{0,80}\)")
_EDGES = " \t\n,;:.-–—/|·•*+"


@dataclass(frozen=True, slots=True)
class HeadUnit:
    """A unit that a heading states for its numbers: "(nghìn tấn)" is a count of "tấn" times 1000."""

    kind: Kind
    name: str | None
    magnitude: int = 1
    noun: bool = False  # a counted noun, and no measure


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading taken apart; `text` is what it was read from, with short forms written out."""

    text: str
    words: str = ""  # what is left for an indicator
    unit: HeadUnit | None = None
    times: tuple[Time, ...] = ()  # those that a figure can hold in
    status: Status | None = None
    change: str | None = None  # rise, fall, either; None when it is no change
    compared: bool = False
    base: str | None = None  # what it is compared with, in its own words
    numbering: str = ""


@lru_cache(maxsize=8192)
def read_heading(written: str) -> Heading:
    """Return what a heading says; one without letters or signs has neither words nor anything else."""
    text = _written_out(fold(written)[:_LONGEST]).strip()
    match = NUMBERING.match(text)
    numbering, rest = (match.group().strip(), text[match.end() :]) if match else ("", text)
    if part := _PART.match(rest):
        numbering, rest = numbering or "-", rest[part.end() :]
    rest, unit = _take_unit(rest)
    rest, base = _take_base(rest, unit)
    rest, times = _take_times(rest)
    change = _CHANGE.match(rest.strip(_EDGES))
    plain = lower(rest).strip(_EDGES)
    status = _status(plain, compared=base is not None)
    if plain in _words("only_status") or (change is not None and _ONLY_CHANGE.fullmatch(plain, change.end())):
        rest = ""
    return Heading(
        text,
        " ".join(rest.split()).strip(_EDGES),
        unit,
        times,
        status,
        _direction(change.group("verb")) if change else None,
        base is not None,
        base or None,
        numbering,
    )


def _written_out(text: str) -> str:
    for pattern, meaning in _abbreviations():
        text = pattern.sub(meaning, text)
    text = _HOUR.sub("ngày ", text)
    text = _YEARS_COMPARED.sub(_as_comparison, text)
    return _MONTHS.sub(r"\g<n> tháng đầu năm", text)


def _as_comparison(match: regex.Match[str]) -> str:
    """Return "năm 2024 so với năm 2023" for "2024/2023"; a school year and the like stay."""
    if match["y"] <= match["y2"]:
        return str(match.group())
    return f"năm {match['y']} so với năm {match['y2']}"


def _take_unit(text: str) -> tuple[str, HeadUnit | None]:
    """Return the text without its unit and without numbers of columns, and the unit."""
    unit: HeadUnit | None = None
    for match in reversed(list(_BRACKET.finditer(text))):
        inner = match.group(1).strip()
        stated = read_unit_words(_STATED_UNIT.sub(r"\g<unit>", inner))
        if stated is not None or not _WORD.search(inner) or _COLUMN_NUMBER.fullmatch(inner):
            unit = unit or stated
            text = f"{text[: match.start()]} {text[match.end() :]}"
    for pattern in (_STATED_UNIT, _LAST_UNIT):
        found = pattern.search(text)
        stated = read_unit_words(found["unit"]) if found else None
        # "Sản lượng, tấn" states a unit, "tỉnh, thành phố" does not.
        if found and stated is not None and not (pattern is _LAST_UNIT and stated.noun):
            unit = unit or stated
            text = f"{text[: found.start()]} {text[found.end() :]}"
    text = text.strip()
    if sign := _SIGN.search(text):
        unit = unit or HeadUnit("percent", "%")
        text = f"{text[: sign.start()]} {text[sign.end() :]}"
    return " ".join(text.split()), unit


@lru_cache(maxsize=1024)
def read_unit_words(written: str) -> HeadUnit | None:
    """Return the unit, with its magnitude, that `written` is ("1.000 tấn", "tỷ đồng"); None for others."""
    words = " ".join(fold(written).split()).strip(" .,;:")
    lowered = lower(words)
    if _PERCENT.fullmatch(lowered):
        return HeadUnit("percent", "%")
    if lowered == "‰":
        return HeadUnit("percent", "‰")
    magnitude, begin = _magnitude(lowered)
    counted = read_unit(f" {lowered}", f" {words}", begin, guess=False)
    if counted is None or counted.unit is None or counted.end != len(lowered) + 1:
        return None
    name = counted.unit.name or counted.words
    per = f"/{counted.per}" if counted.per else ""
    if counted.unit.kind == "money":
        return HeadUnit("money", (counted.unit.name or "VND") + per, magnitude)
    return _plain_unit(counted.unit, name + per, magnitude)


def _plain_unit(unit: Unit, name: str, magnitude: int) -> HeadUnit | None:
    kinds: dict[str, Kind] = {
        "measure": "count", "noun": "count", "point": "score", "percentage_point": "percent",
        "step": "rank", "times": "multiple",
    }  # fmt: skip
    kind = kinds.get(unit.kind)
    shown = lower(name) if unit.kind == "noun" else name
    return HeadUnit(kind, shown, magnitude, unit.kind == "noun") if kind else None


def _magnitude(lowered: str) -> tuple[int, int]:
    """Return the product of the magnitude words at the beginning, and where they end in " " + lowered."""
    magnitude, position = 1, 0
    while match := _magnitude_word().match(lowered, position):
        word = match.group(1)
        magnitude *= magnitudes().get(word) or int(Decimal(word.replace(".", "")))
        position = match.end()
    return magnitude, position


@cache
def _magnitude_word() -> regex.Pattern[str]:
    return regex.compile(rf"(1\.?000(?:\.?000)?|100|{'|'.join(magnitudes())})\x20?(?![\p{{L}}\d](?<!\x20.))")


def _take_base(text: str, unit: HeadUnit | None) -> tuple[str, str | None]:
    """Return the text before a comparison and what is compared with; None when nothing is, "" when unsaid."""
    match = _COMPARED.search(text)
    if match is not None:
        base = " ".join(match["base"].split()).strip(_EDGES)
        if lower(base).startswith(tuple(_words("base"))) or find_times(lower(base)):
            return text[: match.start()], base
    if _COMPARISON.match(text.strip()):
        return "", ""
    if unit is not None and unit.kind == "percent":
        planned = _plan_measured().search(lower(text))
        if planned is not None:
            return text[: planned.start()], " ".join(text[planned.start("base") : planned.end()].split())
    return text, None


@cache
def _plan_measured() -> regex.Pattern[str]:
    """Return the pattern of "đạt kế hoạch năm", "hoàn thành dự toán", "thực hiện kế hoạch" before a %."""
    return regex.compile(
        r"(?:^|(?<!\p{L}))(?:(?:tỷ lệ|tỉ lệ|mức)\s)?(?:đạt|hoàn thành|thực hiện|vượt|bằng)\s"
        r"(?P<base>(?:kế hoạch|dự toán|chỉ tiêu|mục tiêu|nghị quyết)(?!\p{L}).*)$"
    )


def _take_times(text: str) -> tuple[str, tuple[Time, ...]]:
    """Return the text without its times and their cues, and the times that a figure can hold in."""
    times = [time for time in find_times(lower(text)) if time.form != "duration"]
    kept = []
    for time in reversed(times):
        kept.append(time)
        bracket = next((m for m in _BRACKETED_TIME.finditer(text) if m.start() < time.start < m.end()), None)
        if bracket is not None:
            text = f"{text[: bracket.start()]} {text[bracket.end() :]}"
        elif time.start < len(text):
            cue = _CUE.search(text, 0, time.start)
            text = f"{text[: cue.start() if cue else time.start]} {text[time.end :]}"
    return text, tuple(reversed(kept))


def _status(plain: str, *, compared: bool) -> Status | None:
    if compared:
        return "actual"
    for status, name in (("actual", "achieved"), ("target", "plan")):
        if plain.startswith(tuple(_words(name))):
            return "actual" if status == "actual" else "target"
    return None


def _direction(verb: str) -> str:
    lowered = lower(verb)
    if lowered == "tăng":
        return "rise"
    return "fall" if lowered == "giảm" else "either"


@cache
def _words(name: str) -> frozenset[str]:
    return frozenset(rules.load_words(STEP)[name])


@cache
def _abbreviations() -> tuple[tuple[regex.Pattern[str], str], ...]:
    table = rules.load_table(STEP, "abbreviations")
    return tuple((regex.compile(pattern), meaning) for pattern, meaning in table.items())


def begins_with(words: str, name: str) -> bool:
    """Say whether the heading `words` begin with an entry of the list `name` of data/rules/tables.toml."""
    plain = lower(words).strip(_EDGES)
    return _beginning(name).match(plain) is not None


def is_in(words: str, name: str) -> bool:
    """Say whether the heading `words` are an entry of the list `name` of data/rules/tables.toml."""
    return lower(words).strip(_EDGES) in _words(name)


@cache
def _beginning(name: str) -> regex.Pattern[str]:
    words = {name: [regex.escape(entry, literal_spaces=True) for entry in _words(name)]}
    return rules.compile_pattern(rf"{{{name}}}(?!\p{{L}})", words)
