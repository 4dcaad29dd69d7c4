"""Text as the extraction reads it: cleaned once when stored, folded without moving an offset when read."""

from __future__ import annotations

import unicodedata
from functools import cache, lru_cache

import regex

# Removed for good by `normalise`: zero-width blanks and joiners, BOM, soft hyphen, direction marks.
_INVISIBLE = (
    "\u00ad\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff"
)
_DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d"
# Unicode's category Zs.
_SPACES = (
    "\u0020\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
)
_LINE_BREAKS = "\u0085\u2028\u2029\x0b\x0c"
# Eth and African D look like the Vietnamese letter and are typed for it.
_LETTERS = {"Ð": "Đ", "Ɖ": "Đ", "ð": "đ"}
TOKEN = regex.compile(
    r"""
      \p{N}++ (?: [.,/] \p{N}++ )*+    # 12 · 1.234,5 · 78.000/119.000 · 3/12/2024
    | [\p{L}\p{M}]++                   # a syllable; an abbreviation gives a token for each run of letters
    | \x20 | [^\S\x20]++               # a blank, or other ones
    | .                                # a sign
    """,
    regex.VERBOSE | regex.DOTALL,
)
_BLANKS = regex.compile(r"[ \t]+")
_LINE_EDGES = regex.compile(r" ?\n ?")
_OTHER_DIGITS = regex.compile(r"(?V1)[\p{Nd}--[0-9]]")
_EMPTY_LINES = regex.compile(r"\n{3,}")


@cache
def _cleaning_table() -> dict[int, str | None]:
    table: dict[int, str | None] = {ord(char): None for char in _INVISIBLE}
    table |= {ord(char): "\n" for char in _LINE_BREAKS}
    table |= {ord(char): " " for char in _SPACES}
    table |= {ord(char): letter for char, letter in _LETTERS.items()}
    return table


@cache
def _folding_table() -> dict[int, str]:
    """Return one character for one: what differs only in looks for a reader becomes the same character."""
    table = {ord(char): " " for char in _SPACES}
    table |= {ord(char): " " for char in _INVISIBLE + "\t\r"}
    table |= {ord(char): "\n" for char in _LINE_BREAKS}
    table |= {ord(char): "-" for char in _DASHES}
    table |= {ord(char): letter for char, letter in _LETTERS.items()}
    table |= {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F) if chr(code - 0xFEE0) != "-"}
    table |= {ord("⁄"): "/", ord("∕"): "/", ord("％"): "%"}
    return table


def normalise(text: str) -> str:
    """Return `text` in NFC without invisible characters, with single blanks, tidy line breaks and Đ for Ð."""
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    text = text.translate(_cleaning_table())
    # Taking out a joiner may bring a letter and its accent together.
    text = unicodedata.normalize("NFC", text)
    text = _LINE_EDGES.sub("\n", _BLANKS.sub(" ", text))
    return _EMPTY_LINES.sub("\n\n", text).strip()


def fold(text: str) -> str:
    """Return `text` with plain blanks, hyphens and digits; every character keeps its offset."""
    # Pages cut out of scripts carry "9\\/2019".
    text = text.translate(_folding_table()).replace("\\/", " /")
    return text if text.isascii() else _OTHER_DIGITS.sub(_plain_digit, text)


def _plain_digit(match: regex.Match[str]) -> str:
    """Return the digit of another script as one of ours; one that Python cannot read becomes no digit."""
    value = unicodedata.decimal(match[0], -1)
    return str(value) if value >= 0 else "\ufffd"


@lru_cache(maxsize=8)
def lower(text: str) -> str:
    """Return `text` in lower case; every character keeps its offset (the rare ones that would grow stay)."""
    lowered = text.lower()
    if len(lowered) == len(text):
        return lowered
    return "".join(small if len(small := char.lower()) == 1 else char for char in text)
