"""Words that say that a report corrects an earlier one or is only an estimate: data/merging.toml."""

from __future__ import annotations

import tomllib
import unicodedata
from functools import cache
from pathlib import Path

import regex

TABLE = Path(__file__).resolve().parent.parent / "data" / "merging.toml"


def corrects(title: str) -> bool:
    """Return whether the title of an article says that it puts an earlier one right."""
    return _found("correcting_titles", title)


def is_correction(sentence: str) -> bool:
    """Return whether a sentence says that its number takes the place of an earlier one."""
    return _found("correcting", sentence)


def is_estimate(before: str) -> bool:
    """Return whether the words of a sentence before its number call it an estimate."""
    return _found("estimating", _pattern("not_estimating").sub(" ", _plain(before)))


def _found(words: str, text: str) -> bool:
    return _pattern(words).search(_plain(text)) is not None


def _plain(text: str) -> str:
    return unicodedata.normalize("NFC", text).lower()


@cache
def _pattern(words: str) -> regex.Pattern[str]:
    """Return a pattern of whole words of one list of the file."""
    listed = tomllib.loads(TABLE.read_text(encoding="utf-8"))[words]
    return regex.compile(r"(?<!\p{L})\L<words>(?!\p{L})", words=[_plain(word) for word in listed])
