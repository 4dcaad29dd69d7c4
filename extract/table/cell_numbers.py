"""The numbers of a table cell: a numeric one is a number with its sign, bound and unit, and little else."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import lru_cache
from typing import Literal

import regex

from extract import rules
from extract.analysis import Quantity
from extract.quantity.guards import find_guarded
from extract.quantity.numerals import read_digits
from extract.quantity.quantities import read_quantities
from extract.table.headings import STEP
from extract.text import lower
from extract.time.times import find_times
from store.records import Comparator

Marks = Literal["vietnamese", "english"]
Content = Literal["empty", "number", "time", "text"]

_LONGEST = 60  # characters of a numeric cell
_MAX_WORDS = 7  # words behind the number, its unit left out
_PLAIN = regex.compile(
    r"\s*(?P<sign>[-+]\s?)?(?P<digits>[0-9][0-9.,]*)(?P<percent>\s?%)?\s*(?:\(?\*+\)?)?\s*"
)
_TRAILING = regex.compile(r"[.,]+$")
_BLANK = regex.compile(r"[\s\-–—_.…/\\xX*:|•+]*")
_YEAR = regex.compile(r"\s*(?:19|20)[0-9][0-9]\s*")
_DIGITS = regex.compile(r"[0-9]+(?:[.,][0-9]+)*+")
_WORDS = regex.compile(r"\p{L}+")
_VIETNAMESE = regex.compile(r"[0-9]{1,3}(?:\.[0-9]{3})+(?:,[0-9]+)?|[0-9]+,(?:[0-9]{1,2}|[0-9]{4,})|0,[0-9]+")
_ENGLISH = regex.compile(
    r"[0-9]{1,3}(?:,[0-9]{3})+\.[0-9]+|[0-9]{1,3}(?:,[0-9]{3}){2,}|[0-9]+\.(?:[0-9]{1,2}|[0-9]{4,})|0\.[0-9]+"
)
_EITHER = regex.compile(r"[1-9][0-9]{0,2},[0-9]{3}")
_SWAPPED = str.maketrans(".,", ",.")
_IN_BRACKETS = regex.compile(r"\([^()]*\)")
_BOUNDS: dict[str, Comparator] = {"≥": "ge", ">=": "ge", "≤": "le", "<=": "le", ">": "gt", "<": "lt"}
_CODE = regex.compile(r"0[0-9]{2,}[0-9.,]*|[0-9]{13,}")


def marks_of(texts: Iterable[str]) -> Marks:
    """Return which marks group and which are decimal in the cells of one table, by the clear ones."""
    vietnamese = english = either = 0
    for text in texts:
        match = _PLAIN.fullmatch(text[:_LONGEST])
        if match is not None:
            vietnamese += _VIETNAMESE.fullmatch(match["digits"]) is not None
            english += _ENGLISH.fullmatch(match["digits"]) is not None
            either += _EITHER.fullmatch(match["digits"]) is not None
    # Decimals with three places everywhere are less likely than thousands.
    return "english" if english > vietnamese or (either > 1 and not vietnamese) else "vietnamese"


@lru_cache(maxsize=8192)
def content_of(text: str, marks: Marks) -> Content:
    """Return what a cell holds; a year alone is a time, a dash or a cross is empty."""
    if _BLANK.fullmatch(text):
        return "empty"
    if _YEAR.fullmatch(text) or _is_time(text):
        return "time"
    return "number" if read_cell(text, marks) else "text"


@lru_cache(maxsize=8192)
def read_cell(text: str, marks: Marks) -> tuple[Quantity, ...]:
    """Return the quantities of a folded cell, offsets from its start; () for a cell that is not numeric.

    Most have one; a share in brackets behind a count is a second one.
    """
    if len(text) > _LONGEST or not _DIGITS.search(text):
        return ()
    plain = _PLAIN.fullmatch(text)
    if plain is not None:
        return _plain(plain, marks)
    lowered = lower(text)
    written = lowered.translate(_SWAPPED) if marks == "english" else lowered
    times = find_times(written)
    guarded = find_guarded(written, times)
    found = _outside_brackets(written, read_quantities(written, guarded, times, ()))
    if not found or not _covers(written, found):
        return ()
    return tuple(_signed(written, quantity) for quantity in found)


def _plain(match: regex.Match[str], marks: Marks) -> tuple[Quantity, ...]:
    digits = _TRAILING.sub("", match["digits"])
    if _CODE.fullmatch(digits):
        return ()
    value, flags = _value(digits, marks)
    if match["sign"] and match["sign"].startswith("-"):
        value = -value
    percent = match["percent"] is not None
    start = match.start("digits")
    end = match.end("percent") if percent else start + len(digits)
    quantity = Quantity(
        start,
        end,
        "percent" if percent else "count",
        value,
        unit="%" if percent else None,
        measure="difference" if match["sign"] else "level",
        unit_end=end,
        left=start,
        flags=flags,
        rules=("cell_number",),
    )
    return (quantity,)


def _value(digits: str, marks: Marks) -> tuple[Decimal, tuple[str, ...]]:
    """Return the value of digits as the table writes its numbers."""
    if marks == "english":
        digits = digits.translate(_SWAPPED)
    if regex.fullmatch(r"[0-9]+,[0-9]+", digits):
        return Decimal(digits.replace(",", ".")), ()
    return read_digits(digits)


def _outside_brackets(text: str, found: Sequence[Quantity]) -> list[Quantity]:
    """Return the first quantity and its shares in brackets; [] when there are others outside brackets."""
    brackets = [match.span() for match in _IN_BRACKETS.finditer(text)]
    outside = [q for q in found if not any(start < q.start < end for start, end in brackets)]
    if not found or outside != [found[0]]:
        return [found[0]] if len(found) == 1 else []
    return [
        found[0],
        *(q for q in found[1:] if q.kind == "percent" and text[: q.left].rstrip().endswith("(")),
    ]


def _covers(text: str, found: Sequence[Quantity]) -> bool:
    """Say whether the quantities hold all digits of the cell and nearly all of its words."""
    spans = [(quantity.left, quantity.unit_end) for quantity in found]
    spans += [match.span() for match in _IN_BRACKETS.finditer(text)]
    for digits in _DIGITS.finditer(text):
        if not any(start <= digits.start() < end for start, end in spans):
            return False
    before = text[: found[0].left].strip()
    if before.startswith(("-", "+")):
        before = before[1:].strip()
    leads = rules.load_words(STEP)["before_number"]
    if _WORDS.search(before) and " ".join(_WORDS.findall(before)) not in leads:
        return False
    outside = [
        word
        for word in _WORDS.finditer(text, found[0].unit_end)
        if not any(start <= word.start() < end for start, end in spans)
    ]
    return len(outside) <= _MAX_WORDS


def _signed(text: str, quantity: Quantity) -> Quantity:
    """Return the quantity with the minus that a cell may have before it, which prose reads as a dash."""
    before = text[: quantity.left].rstrip()
    if before in _BOUNDS:
        return replace(quantity, comparator=_BOUNDS[before], rules=("cell_number", *quantity.rules))
    if quantity.measure == "difference" or before not in ("-", "+"):
        return replace(quantity, rules=("cell_number", *quantity.rules))
    sign = -1 if before == "-" else 1
    return replace(
        quantity,
        value=quantity.value * sign,
        value_max=None if quantity.value_max is None else quantity.value_max * sign,
        measure="difference",
        rules=("cell_number", "cell_sign", *quantity.rules),
    )


def _is_time(text: str) -> bool:
    """Say whether all digits of a cell belong to times, with few words around."""
    if len(text) > _LONGEST or not _DIGITS.search(text):
        return False
    times = [time for time in find_times(lower(text)) if time.form != "duration"]
    if not times:
        return False
    outside = "".join(
        character
        for place, character in enumerate(text)
        if not any(time.start <= place < time.end for time in times)
    )
    return not _DIGITS.search(outside) and len(_WORDS.findall(outside)) <= _MAX_WORDS
