"""Places listed before as many figures: "Ba Vì, Thạch Thất và Quốc Oai lần lượt đạt 92%, 90% và 88%"."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence

import regex

from extract.analysis import Analysis, Mention, Quantity

_LISTED = ("province", "locality")
_HEDGE = r"(?:(?:hơn|gần|khoảng|trên)\x20)?"
# Between two names of a list, the word for their kind included.
_NEXT_NAME = regex.compile(
    r"\x20?(?:,\x20và|,|;|và)\x20(?:(?:tỉnh|thành\x20phố|tp\.?|huyện|thị\x20xã|quận|xã|phường)\x20)?",
    regex.IGNORECASE,
)
_COMMUNE = regex.compile(r"(?i)(?:xã|phường|thị\x20trấn|thôn|ấp|bản|buôn|làng|xóm|khóm|khu\x20phố)\x20")
_DISTRICT = regex.compile(r"(?i)(?:huyện|quận|thị\x20xã|thành\x20phố|tp)[.\x20]")
_TO_THE_FIRST = regex.compile(r"[^.;:()\d\n]{1,70}")
# Between two figures, behind the unit of the first: "12 xã, 9 xã và 7 xã".
_NEXT_FIGURE = regex.compile(rf"[^.:;,()\d\n]{{0,25}}?(?:,\x20và|,|;|\x20và)\x20{_HEDGE}")


def in_turn(analysis: Analysis) -> dict[int, Mention]:
    """Return the place of each figure, by its index, that stands in a list as long as the one of places.

    Only figures of one kind and unit are paired; a list of places with more or fewer figures is not.
    """
    starts = [quantity.start for quantity in analysis.quantities]
    found: dict[int, Mention] = {}
    for names in _lists(analysis):
        first = bisect_left(starts, names[-1].end)
        figures = _listed_figures(analysis, first)
        if len(figures) != len(names) or not _one_sort(figures):
            continue
        if _TO_THE_FIRST.fullmatch(analysis.text, names[-1].end, figures[0].start):
            found.update(zip(range(first, first + len(names)), names, strict=True))
    return found


def _lists(analysis: Analysis) -> Iterator[list[Mention]]:
    """Yield the lists of two or more places that stand side by side."""
    names: list[Mention] = []
    for mention in analysis.mentions:
        if mention.label not in _LISTED:
            continue
        together = names and names[-1].label == mention.label and not _is_within(names[-1], mention)
        if together and _NEXT_NAME.fullmatch(analysis.text, names[-1].end, mention.start):
            names.append(mention)
            continue
        if len(names) > 1:
            yield names
        names = [mention]
    if len(names) > 1:
        yield names


def _is_within(first: Mention, second: Mention) -> bool:
    """Say whether a commune is followed by its district: "xã Nga My, huyện Tương Dương" is one place."""
    return bool(_COMMUNE.match(first.name) and _DISTRICT.match(second.name))


def _listed_figures(analysis: Analysis, first: int) -> Sequence[Quantity]:
    """Return the figures of the list that begins with the figure of this index."""
    figures = list(analysis.quantities[first : first + 1])
    for quantity in analysis.quantities[first + 1 :]:
        end = max(figures[-1].end, figures[-1].unit_end)
        if not _NEXT_FIGURE.fullmatch(analysis.text, end, max(end, quantity.start)):
            break
        figures.append(quantity)
    return figures


def _one_sort(figures: Sequence[Quantity]) -> bool:
    return len({(figure.kind, figure.unit, figure.measure) for figure in figures}) == 1
