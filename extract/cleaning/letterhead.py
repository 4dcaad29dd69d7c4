"""The head of an official document: which lines are its title, when it was signed, what is mere form.

ỦY BAN NHÂN DÂN TỈNH …          CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Số: 12/BC-UBND                  Độc lập - Tự do - Hạnh phúc
                                Quảng Ngãi, ngày 5 tháng 12 năm 2024
                          BÁO CÁO
          Kết quả phát triển kinh tế - xã hội năm 2024
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import regex

from extract.cleaning.date_forms import read_dates
from extract.cleaning.dates import EARLIEST

_HEAD_LINES = 30
_LONGEST_TITLE = 200  # characters
_KIND = regex.compile(
    r"(?:BÁO CÁO|TỜ TRÌNH|KẾ HOẠCH|QUYẾT ĐỊNH|NGHỊ QUYẾT|THÔNG BÁO|THÔNG CÁO BÁO CHÍ|CHỈ THỊ|KẾT LUẬN"
    r"|CÔNG ĐIỆN|CHƯƠNG TRÌNH|ĐỀ ÁN|HƯỚNG DẪN)(?: TÓM TẮT| NHANH)?"
)
_FORM = regex.compile(
    r"cộng (?:hòa|hoà) xã hội chủ nghĩa việt nam|độc lập\s*[-–]\s*tự do\s*[-–]\s*hạnh phúc", regex.IGNORECASE
)
# "Quảng Ngãi, ngày 5 tháng 12 năm 2024" and nothing more
_SIGNED = regex.compile(r"\p{Lu}[\p{L} .-]{2,40},\s*ngày\s*\d{1,2}\s*tháng\s*\d{1,2}\s*năm\s*\d{4}\.?")
_RULE = regex.compile(r"[\W_]{3,}")


def title_lines(lines: Sequence[str]) -> tuple[int, int]:
    """Return the half-open range of `lines` that is the title; (0, 0) when there are no lines.

    That is the kind of document ("BÁO CÁO") with what follows it up to a full paragraph, else the first line.
    """
    for start, line in enumerate(lines[:_HEAD_LINES]):
        if _KIND.fullmatch(line):
            end = start + 1
            while end < len(lines) and _goes_on(lines[end], first=end == start + 1):
                end += 1
            return start, end
    first = next((number for number, line in enumerate(lines) if line and not _FORM.search(line)), 0)
    return (first, first + 1) if lines else (0, 0)


def _goes_on(line: str, *, first: bool) -> bool:
    """Whether a title goes on in `line`: any that is no sentence, later ones in capitals or mid-phrase."""
    if not line or len(line) > _LONGEST_TITLE or line[-1] in ".;:" or _RULE.fullmatch(line):
        return False
    return first or line.isupper() or line[0].islower()


def is_form(line: str) -> bool:
    """Whether a line is the national motto, a rule or blank."""
    return (bool(_FORM.search(line)) and len(line) < 120) or bool(_RULE.fullmatch(line))


def signed_on(lines: Sequence[str], latest: date) -> tuple[str, str] | None:
    """Return the ISO date that the letterhead gives, with its words; None without one, or after `latest`."""
    for line in lines[:_HEAD_LINES]:
        match = _SIGNED.search(line)
        readings = read_dates(match.group()) if match else []
        if match and readings and EARLIEST <= readings[0].day <= latest:
            return readings[0].day.isoformat(), match.group()
    return None
