"""The names of the indexes by which provinces are scored and ranked: "Chỉ số cải cách hành chính", "PCI"."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import regex

from extract import rules


def index_names(text: str) -> Iterator[tuple[int, int]]:
    """Yield the spans of the names of indexes by which provinces are scored and ranked, in order."""
    for match in _index_name().finditer(text):
        yield match.span("name")


@cache
def _index_name() -> regex.Pattern[str]:
    """Return the pattern of "Chỉ số cải cách hành chính", "Bộ chỉ số …", "PCI", "PAR INDEX"."""
    words = rules.load_words("indicators")
    short = "|".join(regex.escape(name) for name in words["index_names"])
    stops = "|".join(words["index_name_stops"])
    word = rf"\s(?!(?i:{stops})\b)(?:[^\W\d_]+(?:,(?=\sngành))?)"
    long = rf"(?i:(?:bộ\s)?chỉ\ssố)(?:{word}){{1,14}}(?:\s\((?:{short})\))?"
    return regex.compile(rf"\b(?P<name>{long}|(?:{short}))(?!\w)")
