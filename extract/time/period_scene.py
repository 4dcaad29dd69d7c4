"""The marks that the periods of an article depend on, read once: cue words, topics, words by a figure."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import chain, pairwise
from typing import NamedTuple

import regex

from extract import rules
from extract.analysis import Quantity, Sentence
from extract.text import lower
from extract.time.timeline import Candidate, Timeline, heads_sentence, touches
from extract.word_lists import WordList, syllables_of

_FIRST_WORDS = regex.compile(r"[\p{L}\p{N}]+(?:\s+[\p{L}\p{N}]+)?")
_SYLLABLE = regex.compile(r"\p{L}+")
_TOPIC_STEPS = (0.0, 0.06, 0.15)
_NEAR = 40  # characters left of a figure in which the words of its own clause stand
# "so với năm 2015", "so cùng kỳ năm 2015", "so với kế hoạch năm 2016"
_BASE_YEAR = regex.compile(r"so (?:với )?(?:cùng kỳ |cuối |đầu |kế hoạch )?(?:năm )?((?:19|20)\d\d)")
_CLAUSE_END = regex.compile(r"[,;:()](?!\d)|[.!?…]\s")


@dataclass(frozen=True)
class Article:
    """The timeline of an article with the marks that the features of every figure share."""

    line: Timeline

    @cached_property
    def text(self) -> str:
        return lower(self.line.analysis.text)

    @cached_property
    def today(self) -> str | None:
        """The day of publication, or the last of its year."""
        published = self.line.published
        if published.day is not None:
            return published.day.isoformat()
        return None if published.year is None else f"{published.year}-12-31"

    def _starts(self, name: str) -> list[int]:
        """Return where the words of a list stand."""
        return [start for start, _ in _listed(name).spans(self.text, self.text, syllables_of(self.text))]

    @cached_property
    def now(self) -> list[int]:
        return self._starts("now")

    @cached_property
    def plans(self) -> list[int]:
        return self._starts("plan")

    @cached_property
    def now_times(self) -> list[int]:
        return [time.start for time in self.line.analysis.times if time.form == "now"]

    @cached_property
    def unresolved(self) -> list[tuple[int, str]]:
        """Where times without a period stand ("10 năm qua"), and of what form they are."""
        return [
            (time.start, f"{time.form}:{time.anchor}")
            for time, readings in zip(self.line.analysis.times, self.line.readings, strict=True)
            if not readings and time.cue not in ("so với", "văn bản", "sinh", "tết")
        ]

    @cached_property
    def quantity_starts(self) -> list[int]:
        return [quantity.start for quantity in self.line.analysis.quantities]

    @cached_property
    def heads(self) -> tuple[bool, ...]:
        """Which times open their sentence, and so frame what follows."""
        return tuple(heads_sentence(self.line, number) for number in range(len(self.line.analysis.times)))

    @cached_property
    def touched(self) -> tuple[int | None, ...]:
        """The figure that each time follows directly, None for most."""
        found: list[int | None] = []
        for number, time in enumerate(self.line.analysis.times):
            before = bisect_left(self.quantity_starts, time.start) - 1
            found.append(before if before >= 0 and touches(self.line, before, number) else None)
        return tuple(found)

    @cached_property
    def speeches(self) -> list[int]:
        return self._starts("speech")

    @cached_property
    def openings(self) -> dict[int, tuple[str, str]]:
        """What `opening` has found."""
        return {}

    def opening(self, number: int) -> tuple[str, str]:
        """Return the first two words of a sentence, and whether it goes on, shifts or does neither."""
        if number not in self.openings:
            sentence = self.line.analysis.sentences[number]
            first = _FIRST_WORDS.search(self.text, sentence.start, sentence.end)
            self.openings[number] = first[0] if first else "", _turn(self.text, sentence)
        return self.openings[number]

    @cached_property
    def topics(self) -> dict[int, frozenset[tuple[str, str]]]:
        """The pairs of neighbouring syllables of sentences: two on one thing share some."""
        return {}

    def _topic(self, number: int) -> frozenset[tuple[str, str]]:
        if number not in self.topics:
            sentence = self.line.analysis.sentences[number]
            self.topics[number] = _pairs(self.text[sentence.start : sentence.end])
        return self.topics[number]

    @cached_property
    def shared(self) -> dict[tuple[int, int], str]:
        """What `topic` has found."""
        return {}

    def topic(self, first: int, own: int) -> str:
        """Return how much of sentence `own` was already spoken of from sentence `first` on, in four steps."""
        if (first, own) not in self.shared:
            pairs = self._topic(own)
            known = pairs.intersection(chain.from_iterable(map(self._topic, range(first, own))))
            part = len(known) / max(1, len(pairs))
            self.shared[first, own] = str(bisect_left(_TOPIC_STEPS, part))
        return self.shared[first, own]


def _pairs(text: str) -> frozenset[tuple[str, str]]:
    plain = _plain()
    found = _SYLLABLE.findall(text)
    return frozenset([pair for pair in pairwise(found) if pair[0] not in plain or pair[1] not in plain])


@cache
def _plain() -> frozenset[str]:
    return frozenset(rules.load_words("periods")["plain"])


class Scene(NamedTuple):
    """What all candidates of one figure share."""

    figure: int  # the number of its quantity
    quantity: Quantity
    own: int  # number of its sentence
    sentence: Sentence
    before: tuple[int, ...]  # times before it, in order
    after: tuple[int, ...]
    heading: int | None  # the last of `before` that opens its sentence
    planned: bool
    now: bool
    turn: str
    opening: str
    same_period: bool  # the figure is compared with the same period of the year before
    base_year: int | None  # the year that the figure is compared with
    bracket: tuple[int, int] | None  # of the bracket that holds the figure
    near: str  # the words of its clause before it
    manner: str  # lasting, habitual, stock, flow or other: what the words next to it say of it


def scene(article: Article, index: int, choices: Sequence[Candidate]) -> Scene:
    """Return the scene of the figure at `index` with its candidates."""
    analysis, text = article.line.analysis, article.text
    numbers = list(dict.fromkeys(choice.time for choice in choices if choice.time is not None))
    quantity, own = analysis.quantities[index], article.line.quantity_sentences[index]
    sentence, starts = analysis.sentences[own], article.line.time_starts
    following = analysis.quantities[index + 1].start if index + 1 < len(analysis.quantities) else sentence.end
    right = text[quantity.end : max(quantity.end, min(sentence.end, following, quantity.end + 120))]
    base_year = _BASE_YEAR.search(right)
    low = max(sentence.start, quantity.start - _NEAR, analysis.quantities[index - 1].end if index else 0)
    near = text[low : quantity.start]
    opening, turn = article.opening(own)
    near = near[max((match.end() for match in _CLAUSE_END.finditer(near)), default=0) :]
    return Scene(
        figure=index,
        quantity=quantity,
        own=own,
        sentence=sentence,
        before=tuple(n for n in numbers if starts[n] < quantity.start),
        after=tuple(n for n in numbers if starts[n] >= quantity.end),
        heading=next((n for n in reversed(numbers) if article.heads[n] and starts[n] < quantity.start), None),
        planned=within(article.plans, sentence.start, quantity.start),
        now=within(article.now, sentence.start, quantity.start),
        turn=turn,
        opening=opening,
        same_period="cùng kỳ" in right,
        base_year=int(base_year[1]) if base_year else None,
        bracket=_bracket(text, sentence, quantity),
        near=near,
        manner=_manner(near, right),
    )


def within(starts: Sequence[int], low: int, high: int) -> bool:
    """Say whether one of the sorted offsets lies between two."""
    place = bisect_left(starts, low)
    return place < len(starts) and starts[place] < high


def _manner(near: str, right: str) -> str:
    """Return habitual, lasting, stock, flow or other: what the words next to a figure say of it."""
    if "/" in right.lstrip().partition(" ")[0][1:]:
        return "habitual"
    said = [match.lastgroup for match in _manners().finditer(near)]
    return (
        next((name for name in ("habitual", "lasting") if name in said), said[-1] if said else None)
        or "other"
    )


def _bracket(text: str, sentence: Sentence, quantity: Quantity) -> tuple[int, int] | None:
    opened = text.rfind("(", sentence.start, quantity.start)
    if opened < 0 or ")" in text[opened : quantity.start]:
        return None
    closed = text.find(")", quantity.end, sentence.end)
    return (opened, closed if closed >= 0 else sentence.end)


def _turn(text: str, sentence: Sentence) -> str:
    opening = text[sentence.start : sentence.start + 40].lstrip('“"*- ')
    if opening[:1].isdigit() or words("continues").match(opening):
        return "continues"
    return "shifts" if words("shifts").match(opening) else "other"


@cache
def _manners() -> regex.Pattern[str]:
    lists = rules.load_words("periods")
    groups = "|".join(
        f"(?P<{name}>{_any_of(lists[name])})" for name in ("habitual", "lasting", "stock", "flow")
    )
    return regex.compile(rf"(?<!\p{{L}})(?:{groups})(?!\p{{L}})")


def _any_of(listed: Sequence[str]) -> str:
    return rules.either([regex.escape(word) for word in sorted(listed, key=len, reverse=True)])


@cache
def words(name: str) -> regex.Pattern[str]:
    """Return the pattern of a word list of data/rules/periods.toml, for text in lower case."""
    return regex.compile(rf"(?<!\p{{L}})(?:{_any_of(rules.load_words('periods')[name])})(?!\p{{L}})")


@cache
def _listed(name: str) -> WordList:
    return WordList.of(words(name), rules.load_words("periods")[name])
