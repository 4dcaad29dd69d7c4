"""Names of several words in a text, found word by word from where their first words stand.

The words of a name may be parted by one blank or none: "Bà Rịa-Vũng Tàu" is "Bà Rịa - Vũng Tàu".
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import regex

from extract.text import TOKEN
from extract.word_lists import DIGITS, Syllables

_BEGINS = regex.compile(r"(?<![\p{L}\p{M}\p{N}])(?<!\p{N}[.,/])\p{N}|(?<![\p{L}\p{M}])\p{L}")


@dataclass(slots=True)
class _Node:
    """The names that begin with the same words: what one that ends here is, and the words that go on."""

    label: str | None = None
    following: dict[str, _Node] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Names:
    """A list of names, laid out by their words."""

    root: _Node
    openings: dict[str, tuple[str, ...]]  # first syllable in lower case → the names' first one or two words

    @classmethod
    def of(cls, named: Iterable[tuple[str, str]]) -> Names:
        """Return the list of these pairs of label and name."""
        root = _Node()
        for label, name in named:
            node = root
            for word in TOKEN.findall(name):
                if word != " ":
                    node = node.following.setdefault(word, _Node())
            node.label = label
        openings: dict[str, set[str]] = {}
        for word, node in root.following.items():
            known = openings.setdefault(DIGITS if word.isdigit() else word.lower(), set())
            whole = node.label is not None or not all(map(str.isalnum, node.following))
            known.update([word] if whole else [f"{word} {second}" for second in node.following])
        return cls(root, {first: tuple(known) for first, known in openings.items()})

    def spans(self, text: str, syllables: Syllables) -> Iterator[tuple[str, int, int]]:
        """Yield label, start and end of every name in a text, those inside others included.

        `syllables` are those of the text in lower case.
        """
        here: list[int] = []
        for first in self.openings.keys() & syllables.keys():
            openings = self.openings[first]
            here += [start for start in syllables[first] if text.startswith(openings, start)]
        for start in sorted(here):
            if _BEGINS.match(text, start):
                yield from self._from(text, start)

    def _from(self, text: str, start: int) -> Iterator[tuple[str, int, int]]:
        node, parted = self.root, False
        for match in TOKEN.finditer(text, start):
            word = match[0]
            if word == " " and not parted:
                parted = True
                continue
            following = node.following.get(word)
            if following is None:
                return
            node, parted = following, False
            if node.label is not None:
                yield node.label, start, match.end()
