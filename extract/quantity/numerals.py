"""Numbers as Vietnamese papers write them: "78.000", "65,1", "1,3 triệu", "4 nghìn 500", "2 tỷ rưỡi".

Dots group, commas are decimal; where a number is written otherwise it is read the likelier way and flagged.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from typing import NamedTuple

import regex

from extract import rules
from extract.quantity.units import follows
from extract.word_lists import DIGITS, syllables_of

# "78.000/119.000": two numbers. Digits inside a word (A1, Km1027) begin none; nor does the tail of "3.5.".
NUMBER = regex.compile(r"(?<![\p{L}\p{N}_])(?<![0-9][.,])[0-9]++(?:[.,][0-9]++)*+")
# "192tỷđồng": the currency may be glued to the magnitude.
_WORDS = regex.compile(r"\x20{0,2}((?:nghìn|ngàn|triệu|tỷ|tỉ)(?=đồng(?!\p{L}))|\p{L}++)(?:\x20(\p{L}++))?")
_TAIL = regex.compile(r"\x20([0-9]{1,3})(?![0-9.,%/])")
_HALF = regex.compile(r"\x20rưỡi(?!\p{L})")
_DECIMAL_WORDS = regex.compile(r"\x20?(?:%|‰|điểm(?!\p{L})|lần(?!\p{L}))")
_LONGEST = 30  # digits and marks of a number that measures something

_GROUPED = regex.compile(r"[0-9]{1,3}(?:\.[0-9]{3})+(?:,[0-9]+)?")
_PLAIN = regex.compile(r"[0-9]+(?:,[0-9]+)?")
_POINT = regex.compile(r"[0-9]+\.[0-9]+")
_ENGLISH = regex.compile(r"[0-9]{1,3}(?:,[0-9]{3}){2,}(?:\.[0-9]+)?|[0-9]{1,3}(?:,[0-9]{3})+\.[0-9]+")
_EITHER = regex.compile(r"[1-9][0-9]{0,2},[0-9]{3}")
_LOST_MARK = regex.compile(r"[0-9]{1,3}(?:\.[0-9]{3})+\.[0-9]{1,2}")


class Numeral(NamedTuple):
    """A number with its magnitude words: its value in units of one, and what was doubtful in reading it."""

    start: int
    end: int
    value: Decimal
    digits_end: int  # where the digits end and magnitude words begin
    magnitude: int = 1
    flags: tuple[str, ...] = ()


def scan(text: str) -> Iterator[tuple[int, int]]:
    """Yield the span of every number in digits, in order."""
    reached = 0
    for start in syllables_of(text)[DIGITS]:
        if start >= reached and (match := NUMBER.match(text, start)) is not None:
            reached = match.end()
            yield match.span()


def read_numeral(text: str, start: int) -> Numeral | None:
    """Return the number whose digits begin at `start`; None when none does or it is too long to be one.

    `text` is in lower case. The value is exact: "1.234,5" is 1234.5 and "1,2 triệu" is 1200000.
    """
    match = NUMBER.match(text, start)
    if match is None or match.end() - start > _LONGEST:
        return None
    magnitude, end = _magnitude(text, match.end())
    value, flags = read_digits(match.group(), scaled=magnitude > 1 or _takes_decimals(text, match.end()))
    numeral = Numeral(start, end, value * magnitude, match.end(), magnitude, flags)
    return _compound(text, numeral) if magnitude > 1 else numeral


def read_digits(digits: str, *, scaled: bool = False) -> tuple[Decimal, tuple[str, ...]]:
    """Return the value of digits with marks, and flags where the marks are doubtful.

    `scaled` says that a magnitude, a percent sign or a measure follows: decimals are likelier then.
    """
    if _GROUPED.fullmatch(digits) and not digits.startswith("0"):
        return Decimal(digits.replace(".", "").replace(",", ".")), ()
    if _EITHER.fullmatch(digits):
        # "3,268 tỷ" is a decimal, "2,300 tỷ" and "1,250 hộ" are groups as the English write them.
        grouped = not scaled or digits.endswith("00")
        return Decimal(digits.replace(",", "" if grouped else ".")), ("decimal_or_group",)
    if _PLAIN.fullmatch(digits):
        return Decimal(digits.replace(",", ".")), ()
    if _POINT.fullmatch(digits):
        return Decimal(digits), ("decimal_point",)
    if _ENGLISH.fullmatch(digits):
        return Decimal(digits.replace(",", "")), ("english_marks",)
    if _LOST_MARK.fullmatch(digits):
        head, _, tail = digits.rpartition(".")
        return Decimal(f"{head.replace('.', '')}.{tail}"), ("broken_number",)
    return _broken(digits)


def _broken(digits: str) -> tuple[Decimal, tuple[str, ...]]:
    """Return the whole part and the last part after a comma: "6.85,2" is 685.2."""
    head, comma, tail = digits.rpartition(",")
    whole = (head if comma else tail).replace(".", "").replace(",", "")
    return Decimal(f"{whole}.{tail.replace('.', '')}" if comma else whole), ("broken_number",)


def _takes_decimals(text: str, position: int) -> bool:
    return _DECIMAL_WORDS.match(text, position) is not None or follows(text, position, "measure")


def _magnitude(text: str, position: int) -> tuple[int, int]:
    """Return the product of up to two magnitude words at `position` and where they end."""
    match = _WORDS.match(text, position)
    if match is None or not (first := _multiplier(match)):
        return 1, position
    following = _WORDS.match(text, match.end(1))
    second = _multiplier(following) if following is not None else 0
    if following is not None and second > first:
        return first * second, following.end(1)
    return first, match.end(1)


def _multiplier(words: regex.Match[str]) -> int:
    """Return what the first of the words multiplies by; 0 when it is no magnitude ("tỷ lệ")."""
    if f"{words[1]} {words[2]}" in _not_magnitudes():
        return 0
    return magnitudes().get(words[1], 0)


def _compound(text: str, numeral: Numeral) -> Numeral:
    """Return the numeral with its smaller parts: "2 tỷ 300 triệu", "4 nghìn 500", "1 triệu rưỡi"."""
    half = _HALF.match(text, numeral.end)
    if half is not None:
        return numeral._replace(end=half.end(), value=numeral.value + Decimal(numeral.magnitude) / 2)
    tail = _TAIL.match(text, numeral.end)
    if tail is None:
        return numeral
    magnitude, end = _magnitude(text, tail.end())
    amount = Decimal(tail.group(1))
    if magnitude > 1 and magnitude < numeral.magnitude and magnitude >= 1000:
        return numeral._replace(end=end, value=numeral.value + amount * magnitude)
    if magnitude == 1 and numeral.magnitude == 1000 and len(tail.group(1)) == 3:
        return numeral._replace(end=tail.end(), value=numeral.value + amount)
    return numeral


@cache
def magnitudes() -> dict[str, int]:
    """Return the magnitude words with what they multiply by."""
    return dict(rules.load_table("numerals", "magnitudes"))


@cache
def _not_magnitudes() -> frozenset[str]:
    return frozenset(rules.load_words("numerals")["not_magnitude"])
