"""Mentions that overlap: which of them stay, and which lie inside others."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from extract.analysis import Mention


@dataclass(frozen=True, slots=True)
class Spans:
    """Mentions in order, where each begins, and how long the longest is."""

    mentions: list[Mention]
    starts: list[int]
    longest: int

    @classmethod
    def of(cls, mentions: Iterable[Mention]) -> Spans:
        ordered = sorted(mentions, key=lambda mention: mention.start)
        longest = max((mention.end - mention.start for mention in ordered), default=0)
        return cls(ordered, [mention.start for mention in ordered], longest)

    def over(self, mention: Mention) -> list[Mention]:
        """Return the mentions that cover the whole of another one."""
        low, high = (
            bisect_left(self.starts, mention.end - self.longest),
            bisect_right(self.starts, mention.start),
        )
        return [frame for frame in self.mentions[low:high] if mention.end <= frame.end]


def longest(mentions: Iterable[Mention]) -> Iterator[Mention]:
    """Yield mentions that do not overlap; of overlapping ones the longest, then the first."""
    taken = bytearray()
    for mention in sorted(mentions, key=lambda m: (m.start - m.end, m.start)):
        taken.extend(bytes(max(0, mention.end - len(taken))))
        if not any(taken[mention.start : mention.end]):
            taken[mention.start : mention.end] = b"\x01" * (mention.end - mention.start)
            yield mention
