"""Whether an article was written before or after the merger of provinces on 1 July 2025.

An article without a date may still say it: it calls a province or a district that went "cũ", or tells of a
day after the merger.
"""

from __future__ import annotations

import regex

from extract.analysis import Analysis, Mention
from extract.place import gazetteer, provinces

_FORMER = regex.compile(r"\s?\(?\s?cũ(?!\p{L})")
_AHEAD = ("trước", "đến", "kế hoạch", "từ", "sau")  # cues of days that an article may look forward to


def after_merger(analysis: Analysis) -> bool:
    """Say whether the article is of the days of the 34 units, by its date or else by its words."""
    published = analysis.article.published or ""
    if len(published) >= len(provinces.MERGER):
        return published >= provinces.MERGER
    if published and published < provinces.MERGER[:4]:
        return False
    return _names_former_unit(analysis) or _tells_of_later_day(analysis)


def _names_former_unit(analysis: Analysis) -> bool:
    return any(_is_unit(m) and _FORMER.match(analysis.text, m.end) for m in analysis.mentions)


def _is_unit(mention: Mention) -> bool:
    if mention.label == "locality":
        return gazetteer.province_of(mention.name) is not None
    return mention.label == "province"


def _tells_of_later_day(analysis: Analysis) -> bool:
    return any(
        time.form == "day" and time.cue not in _AHEAD and _is_later(time.first) for time in analysis.times
    )


def _is_later(day: str | None) -> bool:
    """Say whether a day, year and all, lies after the merger; "????-09-02" does not tell."""
    return day is not None and day[0] != "?" and day >= provinces.MERGER
