"""Folded text, and sentences that never cross a line break, each with its paragraph and zone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cache

import regex

from extract import rules
from extract.analysis import Analysis, Sentence, Zone
from extract.text import fold
from store.records import Article

_LINE = regex.compile(r"[^\n]+")
# "… hộ. Theo", "… 5%… Trong đó", "… đồng.Theo" (blank lost): a terminator, closing marks, a new beginning.
_END = regex.compile(
    r"(?:[.!?…]++[\"'”’»)\]]{0,3}+(?=\s+[\p{Lu}\p{N}\"'“‘«(\[*•+-]|\s*$)|(?<=\p{Ll}{2})\.(?=\p{Lu}\p{Ll}))"
)
_LAST_WORD = regex.compile(r"(?r)[\p{L}\p{N}.&]{1,12}")
_HEADING_LENGTH = 120
_LONGEST = 2_000  # characters; a text without stops is cut where a semicolon, a comma or a blank is
_CUT = regex.compile(r"(?r)[;,]\s|\s")
_FINAL = regex.compile(r"[.!?…:;,][\"'”’»)\]]{0,3}\s*$")


@cache
def _words() -> tuple[frozenset[str], regex.Pattern[str]]:
    lists = rules.load_words("sentences")
    boilerplate = "|".join(regex.escape(phrase) for phrase in lists["boilerplate"])
    return frozenset(lists["abbreviations"]), regex.compile(rf"\s*+(?:{boilerplate})", regex.IGNORECASE)


def segment(analysis: Analysis) -> Analysis:
    """Return `analysis` with the folded text and its sentences, in order, without blanks at their edges."""
    article = analysis.article
    text = fold(article.text)
    sentences: list[Sentence] = []
    top = len(text) - len(text.lstrip())
    for paragraph, line in enumerate(_LINE.finditer(text)):
        zone = _zone(article, text, line.start(), line.end(), first=line.start() <= top)
        for start, end in _split(text, line.start(), line.end()):
            sentences.append(Sentence(start, end, paragraph, zone))
    return replace(analysis, text=text, sentences=tuple(sentences))


def _split(text: str, start: int, end: int) -> list[tuple[int, int]]:
    spans: list[tuple[int, int]] = []
    begin = start
    for mark in _END.finditer(text, start, end):
        if text[mark.start()] == "." and _is_abbreviation(text, begin, mark.start()):
            continue
        spans.append((begin, mark.end()))
        begin = mark.end()
    spans.append((begin, end))
    return [trimmed for span in _cut(text, spans) if (trimmed := _trim(text, *span))[0] < trimmed[1]]


def _cut(text: str, spans: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Yield the spans with those of more than _LONGEST characters in several parts."""
    for start, end in spans:
        while end - start > _LONGEST:
            mark = _CUT.search(text, start + _LONGEST // 2, start + _LONGEST)
            stop = mark.end() if mark else start + _LONGEST
            yield start, stop
            start = stop
        yield start, end


def _is_abbreviation(text: str, begin: int, dot: int) -> bool:
    """Say whether the dot belongs to the word before it: "TP.", "v.v.", an initial, a list number."""
    match = _LAST_WORD.match(text, begin, dot)
    if match is None:
        return False
    word = match.group()
    abbreviations, _ = _words()
    if word.lower() in abbreviations or (len(word) == 1 and word.isupper()):
        return True
    return word.isdigit() and len(word) <= 2 and not text[begin : match.start()].strip()


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def _zone(article: Article, text: str, start: int, end: int, *, first: bool) -> Zone:
    start, end = _trim(text, start, end)
    line = text[start:end]
    if first and article.title and line == fold(article.title).strip():
        return "title"
    if any(table.start <= start and end <= table.end for table in article.tables):
        return "table"
    if _words()[1].match(line):
        return "boilerplate"
    if len(line) <= _HEADING_LENGTH and not _FINAL.search(line):
        return "heading"
    return "body"
