"""The times of an article with what they can mean, the candidate periods of a figure, and the rule's pick.

The candidates are the times of the figure's paragraph up to the end of its sentence, each in every meaning
that it can have, and no period at all.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import NamedTuple

from extract.analysis import Analysis
from extract.time import bounded
from extract.time.meanings import compared, meanings
from extract.time.readings import Published, Reading, published_on

_CLOSE = 8  # words between a figure and a time behind it that still belongs to it
_NEAREST = 10  # times before a figure that are looked at, and …
_BEHIND = 3  # … behind it
_REACH = 8_000  # characters before a figure in which a time of its paragraph may stand
_PREPOSITIONS = ("vào", "trong", "của", "ở", "cho", "đến", "từ", "tại")


class Candidate(NamedTuple):
    """A period that a figure may have; `time` is None for no period."""

    time: int | None  # index in the analysis
    reading: Reading | None

    @property
    def value(self) -> str | None:
        return None if self.reading is None else self.reading.value


@dataclass(frozen=True)
class Timeline:
    """The times of an article with their meanings and their sentences."""

    analysis: Analysis
    published: Published

    @cached_property
    def readings(self) -> tuple[tuple[Reading, ...], ...]:
        return meanings(self.analysis, self.published)

    @cached_property
    def spans(self) -> tuple[tuple[int, int] | None, ...]:
        """Where the figures begin that each time can date; None for one that may date any."""
        return bounded.spans(self.analysis)

    def dates(self, number: int, start: int) -> bool:
        """Say whether a time has a reading and may date a figure at `start`."""
        if not self.readings[number]:
            return False
        span = self.spans[number]
        return span is None or span[0] <= start < span[1]

    @cached_property
    def starts(self) -> list[int]:
        return [sentence.start for sentence in self.analysis.sentences]

    def sentence(self, offset: int) -> int:
        """Return the number of the sentence at `offset`."""
        return max(0, bisect_right(self.starts, offset) - 1)

    @cached_property
    def time_starts(self) -> list[int]:
        return [time.start for time in self.analysis.times]

    @cached_property
    def time_sentences(self) -> tuple[int, ...]:
        return tuple(self.sentence(time.start) for time in self.analysis.times)

    @cached_property
    def quantity_sentences(self) -> tuple[int, ...]:
        return tuple(self.sentence(quantity.start) for quantity in self.analysis.quantities)


def timeline(analysis: Analysis) -> Timeline:
    """Return the timeline of an article."""
    return Timeline(analysis, published_on(analysis.article.published))


def candidates(line: Timeline, index: int) -> list[Candidate]:
    """Return the candidates of the quantity at `index`: no period first, then by place in the text.

    Where the figure is that of the base before it, the base's time is the only one.
    """
    if (base := _compared(line, index)) is not None:
        return [base]
    analysis, quantity = line.analysis, line.analysis.quantities[index]
    sentence = analysis.sentences[line.quantity_sentences[index]]
    before = islice(_before(line, index), _NEAREST)
    after = bisect_left(line.time_starts, quantity.end)
    behind = islice(
        (
            number
            for number in range(after, bisect_left(line.time_starts, sentence.end))
            if line.dates(number, quantity.start)
        ),
        _BEHIND,
    )
    found = [Candidate(None, None)]
    for number in (*reversed(list(before)), *behind):
        found += [Candidate(number, reading) for reading in line.readings[number]]
    return found


def _before(line: Timeline, index: int) -> Iterator[int]:
    """Yield the times with a reading before a figure in its paragraph, the nearest first."""
    sentences = line.analysis.sentences
    paragraph = sentences[line.quantity_sentences[index]].paragraph
    start = line.analysis.quantities[index].start
    low, high = (bisect_left(line.time_starts, offset) for offset in (start - _REACH, start))
    for number in range(high - 1, low - 1, -1):
        if sentences[line.time_sentences[number]].paragraph != paragraph:
            return
        if line.dates(number, start):
            yield number


def _compared(line: Timeline, index: int) -> Candidate | None:
    """Return the time that a figure is compared with, where the figure is that base's own."""
    times, quantities = line.analysis.times, line.analysis.quantities
    start = quantities[index].start
    number = bisect_right(line.time_starts, start) - 1
    if number < 0 or (index and quantities[index - 1].end > times[number].start):
        return None
    reading = compared(line.analysis, line.published, line.readings, number, start)
    return None if reading is None else Candidate(number, reading)


def by_rule(line: Timeline, index: int, *, reach: int = 2) -> Candidate:
    """Return the rule's pick: the last time before the figure in its paragraph, unless "đến nay" follows it.

    A time in an earlier sentence is carried over at most `reach` sentences. Where the figure's own sentence
    has none before it, one that follows it closely counts.
    """
    own = line.quantity_sentences[index]
    last = next(_before(line, index), None)
    if last is not None and _is_over(line, index, last):
        last = None
    after = _close_behind(line, index)
    if after is not None and (
        last is None or line.time_sentences[last] != own or touches(line, index, after)
    ):
        last = after
    if last is None or own - line.time_sentences[last] > reach:
        return Candidate(None, None)
    return Candidate(last, line.readings[last][0])


def _is_over(line: Timeline, index: int, last: int) -> bool:
    """Say whether "đến nay" stands between the time and the figure."""
    start = line.analysis.quantities[index].start
    following = line.analysis.times[last + 1 : bisect_left(line.time_starts, start)]
    return any(time.form == "now" and time.cue not in ("so với", "trước") for time in following)


def touches(line: Timeline, index: int, number: int) -> bool:
    """Say whether the time follows the figure with at most a preposition between ("lên 13% vào năm 2016")."""
    quantity, time = line.analysis.quantities[index], line.analysis.times[number]
    between = line.analysis.text[max(quantity.end, quantity.unit_end) : time.start]
    return (
        time.start >= quantity.end
        and len(between.split()) <= 1
        and (not between.strip() or between.strip() in _PREPOSITIONS)
    )


def _close_behind(line: Timeline, index: int) -> int | None:
    """Return the first time after a figure when few words and no other figure stand between them."""
    analysis, quantity = line.analysis, line.analysis.quantities[index]
    end = analysis.sentences[line.quantity_sentences[index]].end
    following = analysis.quantities[index + 1].start if index + 1 < len(analysis.quantities) else end
    low, high = (bisect_left(line.time_starts, offset) for offset in (quantity.end, min(end, following)))
    number = next((number for number in range(low, high) if line.dates(number, quantity.start)), None)
    if number is None:
        return None
    between = analysis.text[quantity.end : analysis.times[number].start]
    return number if len(between.split()) <= _CLOSE and ";" not in between else None


def heads_sentence(line: Timeline, number: int) -> bool:
    """Say whether the time opens its sentence, and so frames what follows."""
    first = line.analysis.sentences[line.time_sentences[number]].start
    return line.analysis.times[number].start - first < 12
