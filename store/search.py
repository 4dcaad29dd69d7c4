"""Search that does not mind diacritics: folding, and queries that cannot be malformed."""

from __future__ import annotations

import unicodedata

import regex

_TOKEN = regex.compile(r"[\p{L}\p{N}\p{M}]+(?:[.,/%-][\p{L}\p{N}\p{M}]+)*+")  # "quang", "92,5", "24/29"
_MOST_TOKENS = 32  # of a query; the rest is ignored


class _Folds(dict[int, str]):
    """What each character folds to, worked out once per character."""

    def __missing__(self, code: int) -> str:
        parts = unicodedata.normalize("NFD", chr(code))
        with_marks = all(unicodedata.category(mark) == "Mn" for mark in parts[1:])
        base = parts[0] if with_marks else chr(code)  # a Hangul syllable has parts too
        lower = base.lower()
        self[code] = lower if len(lower) == 1 else base
        return self[code]


_FOLDS = _Folds({ord(stroke): "d" for stroke in "đĐðÐ"})


def fold(text: str) -> str:
    """Return the NFC form of `text` in lower case without diacritics, "đ" as "d".

    One character for each: offsets into NFC text stay valid in what is returned.
    """
    return unicodedata.normalize("NFC", text).translate(_FOLDS)


def match_query(words: str) -> str | None:
    """Return the FTS5 query for what a person typed: all words, the last as a prefix; None without a word.

    Every word is quoted, so nothing typed is read as FTS5 syntax. "92,5" is found as written.
    """
    tokens = _TOKEN.findall(fold(words))[:_MOST_TOKENS]
    if not tokens:
        return None
    return " AND ".join(f'"{token}"' for token in tokens) + "*"
