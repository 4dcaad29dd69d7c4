"""The shape of a quantity: one number, a range or a ratio of two, read to the right of its first digit."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from functools import cache
from typing import NamedTuple, Protocol

import regex

from extract import rules
from extract.quantity.numerals import Numeral, read_numeral
from extract.quantity.units import unit_at

_STEP = "quantities"
_PAIRS = (
    "ratio_of_money",
    "ratio_slash",
    "range_dash",
    "range_to",
    "ratio_of_total",
    "ratio_on",
    "ratio_of_ranked",
    "ratio_of_one_noun",
)
_IN_WORDS = ("ratio_of_ranked", "ratio_of_one_noun", "ratio_on")
_REACH = 24
_FRACTION = regex.compile(r"([0-9]++),([0-9]++)")


class Span(Protocol):
    """What begins and ends at offsets of a text."""

    @property
    def start(self) -> int:
        """Return where it begins."""

    @property
    def end(self) -> int:
        """Return where it ends."""


class Shape(NamedTuple):
    """One quantity's numbers: a ratio has a denominator, a range a `value_max`, nothing else has either."""

    start: int
    end: int
    value: Decimal
    magnitude: int = 1
    value_max: Decimal | None = None
    denominator: Decimal | None = None
    between: tuple[int, int] | None = None  # words between the two numbers of a ratio: they hold its unit
    percent: bool = False  # a percent sign stands after the first number of a range
    plain: bool = True  # the first number is written without marks and magnitude
    flags: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()


def read_shape(text: str, start: int, is_free: Callable[[int], bool]) -> Shape | None:
    """Return the shape that begins at `start` in a text in lower case; None when no number does.

    `is_free` says whether the number at an offset may be used: one inside a guarded stretch may not.
    """
    first = read_numeral(text, start)
    if first is None:
        return None
    single = Shape(
        first.start,
        first.end,
        first.value,
        first.magnitude,
        plain=text[first.start : first.end].isdigit(),
        flags=first.flags,
    )
    if _goes_on().match(text, first.end) is None:
        return single
    for reader in (_money_ratio, _ratio, _range, _ratio_of_total, _ratio_in_words):
        shape = reader(text, first, single, is_free)
        if shape is not None:
            return shape
    return single


@cache
def _goes_on() -> regex.Pattern[str]:
    """Return what follows the first of two numbers that make one quantity."""
    found = (rules.find_rule(_STEP, name).pattern for name in _PAIRS)
    return rules.any_of(pattern for pattern in found if pattern is not None)


def _second(text: str, position: int, is_free: Callable[[int], bool]) -> Numeral | None:
    return read_numeral(text, position) if is_free(position) else None


def _ratio(text: str, first: Numeral, single: Shape, is_free: Callable[[int], bool]) -> Shape | None:
    match = rules.find_rule(_STEP, "ratio_slash").match(text, first.end)
    second = _second(text, match.end(), is_free) if match else None
    if second is None or first.magnitude > 1 or second.value <= 0:
        return None
    # "8.730/19.400 tỷ đồng": the magnitude is that of both.
    joined = _joined(single, second, denominator=second.value, rule="ratio_slash")
    return joined._replace(value=first.value * second.magnitude, magnitude=second.magnitude)


def _ratio_in_words(text: str, first: Numeral, single: Shape, is_free: Callable[[int], bool]) -> Shape | None:
    """Return the ratio of "9 trên 10 huyện", "thứ 33 trong 63 tỉnh", "4.870 người/7.900 người"."""
    if first.magnitude > 1:
        return None
    for name in _IN_WORDS:
        rule = rules.find_rule(_STEP, name)
        match = rule.pattern.match(text, first.end) if rule.pattern is not None else None
        if match is None or not rule.allows(text, first.start, max(0, first.start - _REACH)):
            continue
        second = _second(text, match.end(), is_free)
        between = match.span("between") if "between" in match.groupdict() else None
        if second is None or second.magnitude > 1 or first.value <= 0:
            return None
        if between is None and first.value > second.value:
            return None
        return _joined(single, second, denominator=second.value, rule=name)._replace(between=between)
    return None


def _money_ratio(text: str, first: Numeral, single: Shape, is_free: Callable[[int], bool]) -> Shape | None:
    if first.magnitude == 1:
        return None
    match = rules.find_rule(_STEP, "ratio_of_money").match(text, first.end)
    second = _second(text, match.end(), is_free) if match else None
    if second is None or second.magnitude == 1:
        return None
    return _joined(single, second, denominator=second.value, rule="ratio_of_money")


def _ratio_of_total(text: str, first: Numeral, single: Shape, is_free: Callable[[int], bool]) -> Shape | None:
    match = rules.find_rule(_STEP, "ratio_of_total").match(text, first.end)
    second = _second(text, match.end(), is_free) if match else None
    if match is None or second is None or second.value < first.value:
        return None
    words = match.group("between")
    if words.count("(") != words.count(")") or text.startswith(("%", " %"), first.end):
        return None
    if _is_money(text, first.end) or _is_money(text, second.end):
        return None
    joined = _joined(single, second, denominator=second.value, rule="ratio_of_total")
    return joined._replace(between=match.span("between"))


def _is_money(text: str, position: int) -> bool:
    unit = unit_at(text, position + (text[position : position + 1] == " "))
    return unit is not None and unit.kind == "money"


def _range(text: str, first: Numeral, single: Shape, is_free: Callable[[int], bool]) -> Shape | None:
    for name in ("range_dash", "range_to"):
        rule = rules.find_rule(_STEP, name)
        match = rule.pattern.match(text, first.end) if rule.pattern is not None else None
        if match is None or not rule.allows(text, first.start, max(0, first.start - _REACH)):
            continue
        second = _second(text, match.end(), is_free)
        if second is None:
            return None
        if name == "range_dash" and parts_two(text, first, second):
            return None
        unit = match.group("unit")
        if unit is not None and not text.startswith(
            unit.strip(), second.end + (text[second.end : second.end + 1] == " ")
        ):
            return None
        return _as_range(text, single, first, second, name, percent=unit is not None and "%" in unit)
    return None


def parts_two(text: str, first: Span, second: Span) -> bool:
    """Say whether a dash between two numbers parts them: "12 - 76,37%" is a count and its share.

    The ends of a range are written alike and rise; no whole number begins one that ends in hundredths.
    """
    if text[first.end : second.start] != " - ":
        return False
    whole, broken = text[first.start : first.end], _FRACTION.match(text, second.start)
    if broken is None or not whole.isdigit():
        return False
    return len(broken[2]) > 1 or int(whole) > int(broken[1])


def _lost_thousands(text: str, first: Numeral, second: Numeral) -> bool:
    """Say whether the thousands of "66 - 68.000" are written once: the ends are then close."""
    thousands = second.magnitude == 1 and text.endswith(".000", second.start, second.end)
    return thousands and 2 * first.value * 1000 > second.value > first.value * 1000


def _as_range(
    text: str, single: Shape, first: Numeral, second: Numeral, rule: str, *, percent: bool
) -> Shape | None:
    low = first.value
    if first.magnitude == 1 and second.magnitude > 1 and low * second.magnitude < second.value:
        low *= second.magnitude  # "100-200 triệu"
    elif _lost_thousands(text, first, second):
        low *= 1000  # "66 - 68.000 đồng"
    if low >= second.value:
        return None
    joined = _joined(single, second, rule=rule)
    return joined._replace(value=low, value_max=second.value, magnitude=second.magnitude, percent=percent)


def _joined(single: Shape, second: Numeral, *, rule: str, denominator: Decimal | None = None) -> Shape:
    return single._replace(
        end=second.end,
        denominator=denominator,
        flags=tuple(dict.fromkeys((*single.flags, *second.flags))),
        rules=(rule,),
    )
