"""What a number counts or measures: the unit or counted noun on its right, and what it is per."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import regex

from extract import rules
from extract.quantity.units import Unit, unit_at

_STEP = "quantities"
_FIRST_WORD = regex.compile(r"\x20{0,2}([\p{L}°º$][\p{L}\p{N}²³°\-$/]*+)")
_WORD = regex.compile(r"\x20(\p{L}[\p{L}\-]{0,11}+)(?![\p{L}\p{N}])")
_PER = regex.compile(
    r"\x20?/\x20?(?P<many>(?:10{0,6}|10{0,2}\.000)\x20?(?:vạn\x20|nghìn\x20)?|một\x20|mỗi\x20)?"
    r"(?P<per>\p{L}[\p{L}\p{N}²³]*+)"
)
_PER_IN_WORDS = regex.compile(
    r"\x20(?:một|mỗi|trên\x20mỗi|trên\x20một|cho\x20mỗi)\x20(?P<per>\p{L}[\p{L}\p{N}²³]*+)"
)
_BRACKET = regex.compile(r"\x20?\(")


class Counted(NamedTuple):
    """A unit on the right of a number, in the text's own words; `unit` is None for a noun the list lacks."""

    end: int  # end of everything, slashes included
    words: str
    unit: Unit | None = None
    per: str | None = None  # the noun after the first slash

    @property
    def kind(self) -> str:
        """Return the kind of the unit, "guess" for a noun that the list of units lacks."""
        return self.unit.kind if self.unit is not None else "guess"


def read_unit(text: str, original: str, position: int, *, guess: bool = True) -> Counted | None:
    """Return the unit that begins at `position`; None when no unit or noun does.

    `text` is in lower case, `original` gives the words as written. With `guess`, one or two words that may be
    a noun are taken for it where the list of units has none.
    """
    first = _FIRST_WORD.match(text, position)
    if first is None:
        return _in_brackets(text, original, position)
    begin = first.start(1)
    unit = unit_at(text, begin)
    if unit is not None and unit.kind == "none":
        return None
    end = begin + len(unit.form) if unit is not None else None
    if end is None and guess and begin > position:
        end = _guessed_end(text, begin)
    if end is None:
        return None
    per, per_end = _per(text, original, end, in_words=unit is not None and unit.kind == "money")
    return Counted(per_end, original[begin:end], unit, per)


def _in_brackets(text: str, original: str, position: int) -> Counted | None:
    """Return the measure of "91,2 (m3/s)"."""
    match = _BRACKET.match(text, position)
    unit = unit_at(text, match.end()) if match else None
    if match is None or unit is None or unit.kind != "measure":
        return None
    end = match.end() + len(unit.form)
    return Counted(end + 1, original[match.end() : end], unit) if text[end : end + 1] == ")" else None


def _guessed_end(text: str, begin: int) -> int | None:
    """Return the end of the one or two words at `begin` that may be a counted noun; None when they cannot."""
    first = _WORD.match(text, begin - 1)
    if first is None or first[1] in _not_nouns() or len(first[1]) < 2:
        return None
    second = _WORD.match(text, first.end())
    return first.end() if second is None or second[1] in _not_nouns() else second.end()


def _per(text: str, original: str, end: int, *, in_words: bool) -> tuple[str | None, int]:
    """Return the noun after the slash and the end of the last slash's noun."""
    match = _PER.match(text, end) or (_PER_IN_WORDS.match(text, end) if in_words else None)
    if match is None:
        return None, end
    per_end = match.end("per")
    known = unit_at(text, match.start("per"))
    if known is not None:
        per_end = match.start("per") + len(known.form)
    many = match.groupdict().get("many") or ""
    per = original[match.start("many") if len(many) > 2 and many[0] == "1" else match.start("per") : per_end]
    while (more := _PER.match(text, per_end)) is not None:
        per_end = more.end("per")
    return per, per_end


@cache
def _not_nouns() -> frozenset[str]:
    return frozenset(rules.load_words(_STEP)["not_a_noun"])
