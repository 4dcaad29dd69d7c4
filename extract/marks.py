"""Where the words of a list stand in a text: each list is looked for once, and read in windows."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, field

import regex

Span = tuple[int, int]
Pattern = regex.Pattern[str]


@dataclass(frozen=True, slots=True)
class Marks:
    """A text with the spans that patterns have in it, found when a pattern is first asked for."""

    text: str
    _found: dict[Pattern, tuple[list[int], list[int]]] = field(default_factory=dict)

    def last(self, pattern: Pattern, low: int, high: int) -> Span | None:
        """Return the last span of `pattern` between two offsets; None without one."""
        starts, ends = self._spans(pattern)
        at = bisect_left(starts, high) - 1
        if at < 0 or ends[at] <= low:
            return None
        if low <= starts[at] and ends[at] <= high:
            return starts[at], ends[at]
        within = [match.span() for match in pattern.finditer(self.text, low, high)]
        return within[-1] if within else None

    def first(self, pattern: Pattern, low: int, high: int) -> Span | None:
        """Return the first span of `pattern` between two offsets; None without one."""
        starts, ends = self._spans(pattern)
        at = bisect_left(starts, low)
        if at and ends[at - 1] > low:
            match = pattern.search(self.text, low, high)
            return match.span() if match else None
        if at == len(starts) or starts[at] >= high:
            return None
        if ends[at] <= high:
            return starts[at], ends[at]
        match = pattern.search(self.text, low, high)
        return match.span() if match else None

    def between(self, pattern: Pattern, low: int, high: int) -> list[Span]:
        """Return the spans of `pattern` that lie between two offsets, the last first."""
        starts, ends = self._spans(pattern)
        inside = range(bisect_left(starts, high) - 1, bisect_left(starts, low) - 1, -1)
        return [(starts[at], ends[at]) for at in inside if ends[at] <= high]

    def _spans(self, pattern: Pattern) -> tuple[list[int], list[int]]:
        if pattern not in self._found:
            spans = [match.span() for match in pattern.finditer(self.text)]
            self._found[pattern] = [start for start, _ in spans], [end for _, end in spans]
        return self._found[pattern]
