"""Where the words of a list stand in a text: each list is looked for once, and read in windows."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, field

from extract.word_lists import Span, Syllables, WordList


@dataclass(frozen=True, slots=True)
class Marks:
    """A text with the spans that lists of words have in it, found when a list is first asked for."""

    text: str
    syllables: Syllables
    _found: dict[WordList, tuple[list[int], list[int]]] = field(default_factory=dict)

    def last(self, words: WordList, low: int, high: int) -> Span | None:
        """Return the last span of `words` between two offsets; None without one."""
        starts, ends = self._spans(words)
        at = bisect_left(starts, high) - 1
        if at < 0 or ends[at] <= low:
            return None
        if low <= starts[at] and ends[at] <= high:
            return starts[at], ends[at]
        within = [match.span() for match in words.pattern.finditer(self.text, low, high)]
        return within[-1] if within else None

    def first(self, words: WordList, low: int, high: int) -> Span | None:
        """Return the first span of `words` between two offsets; None without one."""
        starts, ends = self._spans(words)
        at = bisect_left(starts, low)
        if at and ends[at - 1] > low:
            match = words.pattern.search(self.text, low, high)
            return match.span() if match else None
        if at == len(starts) or starts[at] >= high:
            return None
        if ends[at] <= high:
            return starts[at], ends[at]
        match = words.pattern.search(self.text, low, high)
        return match.span() if match else None

    def between(self, words: WordList, low: int, high: int) -> list[Span]:
        """Return the spans of `words` that lie between two offsets, the last first."""
        starts, ends = self._spans(words)
        inside = range(bisect_left(starts, high) - 1, bisect_left(starts, low) - 1, -1)
        return [(starts[at], ends[at]) for at in inside if ends[at] <= high]

    def _spans(self, words: WordList) -> tuple[list[int], list[int]]:
        if words not in self._found:
            spans = words.spans(self.text, self.text, self.syllables)
            self._found[words] = [start for start, _ in spans], [end for _, end in spans]
        return self._found[words]
