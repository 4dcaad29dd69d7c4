"""Lines as a page shows them, joined to paragraphs; page numbers and running heads taken out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

import regex

_SHORT = 0.8  # of the usual full width: a line this short ends its paragraph
# What begins a paragraph of its own: "- ", "+ ", "• ", "1. ", "1.2. ", "a) ", "II. ", "Điều 3."
_OPENS = regex.compile(
    r"(?:[-–+•*▪●○]\s|\d{1,2}(?:\.\d{1,2}){0,3}[.)]\s|[a-zđ][.)]\s|[IVX]{1,5}[.)]?\s"
    r"|(?:Điều|Chương|Phần|Mục|Bảng|Biểu|Hình) \d)"
)
_STOPS = regex.compile(r"[.!?…:;][\"”’')\]]{0,2}$")
_PAGE_NUMBER = regex.compile(r"(?:trang\s*)?[-–—|.\s]*\d{1,4}(?:\s*/\s*\d{1,4})?[-–—|.\s]*", regex.IGNORECASE)
_DIGITS = regex.compile(r"\d+")


def join_lines(lines: Sequence[str], width: int) -> list[str]:
    """Return the paragraphs that the visual `lines` of one column make; an empty line always ends one.

    `width` is the length of a full line of the document, in characters.
    """
    paragraphs: list[str] = []
    open_end = False
    for line in lines:
        if line and open_end and not _OPENS.match(line):
            paragraphs[-1] += " " + line
        elif line:
            paragraphs.append(line)
        open_end = bool(line) and not _ends(line, width)
    return paragraphs


def full_width(lines: Sequence[str]) -> int:
    """Return how many characters a full line has; 0 without lines."""
    lengths = sorted(len(line) for line in lines if line)
    return lengths[len(lengths) * 9 // 10] if lengths else 0


def _ends(line: str, width: int) -> bool:
    if line.isupper():
        return True
    if _STOPS.search(line):
        return len(line) < 0.97 * width or line[-1] in ":;"
    return len(line) < _SHORT * width


def goes_on(before: str, after: str) -> bool:
    """Whether a paragraph that a page ends with goes on in the first one of the next page."""
    return not _STOPS.search(before) and not before.isupper() and after[:1].islower()


def without_running_lines(pages: Sequence[Sequence[str]]) -> list[list[str]]:
    """Return the lines of each page without its number and without the heads and feet that pages share."""
    edges = Counter(_masked(line) for lines in pages for line in {*lines[:2], *lines[-2:]} if line)
    shared = {line for line, count in edges.items() if count >= 3 and 2 * count > len(pages)}
    return [_inner(list(lines), shared) for lines in pages]


def _inner(lines: list[str], shared: set[str]) -> list[str]:
    for _ in range(2):
        for end in (0, -1):
            if lines and (_PAGE_NUMBER.fullmatch(lines[end]) or _masked(lines[end]) in shared):
                lines.pop(end)
    return lines


def _masked(line: str) -> str:
    return _DIGITS.sub("#", line.lower())


def is_wrapped(lines: Sequence[str]) -> bool:
    """Whether a text file breaks its lines at a width instead of writing a paragraph a line."""
    inner = [line for line, following in pairwise(lines) if line and following]
    if len(inner) < 4:
        return False
    unfinished = sum(1 for line in inner if not _STOPS.search(line) and 40 <= len(line) <= 110)
    return unfinished > 0.7 * len(inner)
