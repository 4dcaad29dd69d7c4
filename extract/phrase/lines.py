"""The tokens of the sentences that hold figures, laid out in lines, pieces and figures.

A sentence is one main line and one line for every bracket; the main line runs on past its brackets. Commas,
semicolons and colons part a line into pieces, save commas inside a noun phrase ("bộ, ngành"). The tokens of
an article are numbered in reading order; whatever is said of a phrase is said by these numbers, so that
nothing is copied and a phrase may reach across figures.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, partial
from itertools import pairwise, repeat
from typing import NamedTuple

import regex

from extract import rules
from extract.analysis import Analysis, Quantity, Sentence, Time
from extract.phrase.named_indexes import index_names
from extract.text import lower

FARTHEST_LEFT, FARTHEST_RIGHT = 220, 90  # tokens from a figure in which its phrase may stand
CONTEXT = 2  # sentences before a figure's own in which its phrase may begin

_TOKEN = regex.compile(r"\p{L}[^\W_]*+|\d++(?:[.,/]\d++)++|[^\W_]++|[^\w\s]")
_BREAKS = frozenset(",;:")


class Token(NamedTuple):
    """A syllable, number or sign; `line` 0 is the main line, `figure` the quantity it belongs to or -1."""

    start: int
    end: int
    word: str  # lower case
    sentence: int
    line: int
    piece: int  # ordinal in the line
    figure: int
    role: str  # "", figure, hedge, unit, time, sign


class Place(NamedTuple):
    """Where a figure stands, in token numbers: hedges and change verb, number, unit words (half-open)."""

    left: int
    first: int
    last: int
    unit_last: int
    sentence: int
    line: int
    piece: int
    before: int | None  # the quantity before in the same line
    after: int | None  # the next in the same line
    owner: int | None  # of a figure in a bracket: the quantity before the bracket
    owner_token: int | None  # the last token before the bracket


@dataclass(frozen=True, slots=True)
class Layout:
    """The tokens of an article's figure sentences and where its quantities stand among them."""

    tokens: tuple[Token, ...]
    places: tuple[Place, ...]  # parallel to the quantities
    spans: dict[int, tuple[int, int]]  # sentence ordinal → its tokens, half-open
    indexes: tuple[tuple[int, int], ...] = ()  # tokens of the names of indexes, for ranks and scores
    quantities: tuple[Quantity, ...] = ()

    def context(self, place: Place) -> range:
        """Return the numbers of the tokens that may belong to the phrase of a figure."""
        first = next(s for s in range(place.sentence - CONTEXT, place.sentence + 1) if s in self.spans)
        return range(self.spans[first][0], self.spans[place.sentence][1])


def words() -> dict[str, list[str]]:
    """Return the word lists of data/rules/indicators.toml by name."""
    return rules.load_words("indicators")


@cache
def _coordinated() -> frozenset[tuple[str, str]]:
    """Return the last syllable before and the first after each comma that stays inside a noun phrase."""
    pairs: set[tuple[str, str]] = set()
    for phrase in words()["coordinated"]:
        parts = [part.split() for part in phrase.split(",")]
        pairs.update((a[-1], b[0]) for a, b in pairwise(parts))
    return frozenset(pairs)


def layout_of(analysis: Analysis) -> Layout:
    """Return the layout that an earlier step made of the same quantities, else a new one."""
    if analysis.layout is not None and analysis.layout.quantities is analysis.quantities:
        return analysis.layout
    return lay_out(analysis)


def lay_out(analysis: Analysis) -> Layout:
    """Return tokens and places of the quantities; sentences out of reach of every figure are left out."""
    if not analysis.quantities:
        return Layout((), (), {})
    ranked = any(quantity.kind in ("rank", "score") for quantity in analysis.quantities)
    named = list(index_names(analysis.text)) if ranked else []
    starts = [sentence.start for sentence in analysis.sentences]
    of_sentence = [max(0, bisect_right(starts, q.start) - 1) for q in analysis.quantities]
    wanted = {s for n in of_sentence for s in range(max(0, n - CONTEXT), n + 1)}
    wanted.update(max(0, bisect_right(starts, start) - 1) for start, _ in named)
    held: dict[int, list[int]] = {ordinal: [] for ordinal in wanted}
    for index, ordinal in enumerate(of_sentence):
        held[ordinal].append(index)
    times = [time for time in analysis.times if time.form != "duration"]
    time_starts = [time.start for time in times]
    tokens: list[Token] = []
    spans: dict[int, tuple[int, int]] = {}
    owners: dict[tuple[int, int], int] = {}
    for ordinal in sorted(wanted):
        sentence = analysis.sentences[ordinal]
        first = len(tokens)
        low = max(0, bisect_right(time_starts, sentence.start) - 1)
        near = times[low : bisect_left(time_starts, sentence.end, low)]
        tokens += _tokens(analysis, sentence, ordinal, held[ordinal], near, first, owners)
        spans[ordinal] = (first, len(tokens))
    places = _places(tokens, analysis.quantities, of_sentence, spans, owners)
    first_of, end_of = [token.start for token in tokens], [token.end for token in tokens]
    indexes = tuple((bisect_left(first_of, start), bisect_right(end_of, end)) for start, end in named)
    return Layout(tuple(tokens), places, spans, indexes, analysis.quantities)


def _tokens(
    analysis: Analysis,
    sentence: Sentence,
    ordinal: int,
    held: Sequence[int],
    times: Sequence[Time],
    first: int,
    owners: dict[tuple[int, int], int],
) -> Iterable[Token]:
    spans = [match.span() for match in _TOKEN.finditer(analysis.text, sentence.start, sentence.end)]
    text = lower(analysis.text)
    lowered = [text[start:end] for start, end in spans]
    roles, figures = _roles(analysis.quantities, times, spans, lowered, held)
    lines = _lines(lowered, roles)
    for number, line in enumerate(lines):
        if line and (number == 0 or lines[number - 1] != line):
            owners.setdefault((ordinal, line), first + number - 1)
    pieces: list[int] = []
    reached = dict.fromkeys(lines, 0)  # the piece that each line has come to
    for number, line in enumerate(lines):
        pieces.append(reached[line])
        if roles[number] == "sign" and _breaks(analysis.text, spans, lowered, roles, number):
            reached[line] += 1
    starts, ends = zip(*spans, strict=True) if spans else ((), ())
    columns = zip(starts, ends, lowered, repeat(ordinal), lines, pieces, figures, roles, strict=False)
    return map(partial(tuple.__new__, Token), columns)  # what Token(…) does, without a call for each


def _breaks(
    text: str, spans: Sequence[tuple[int, int]], lowered: Sequence[str], roles: Sequence[str], number: int
) -> bool:
    """Return whether the sign at `number` ends a piece: , ; : or, after a figure, a dash between blanks."""
    if lowered[number] in _BREAKS:
        return not _inside(lowered, number)
    start, end = spans[number]
    return (
        lowered[number] in "-–"
        and number > 0
        and roles[number - 1] in ("figure", "unit", "time")
        and text[start - 1].isspace()
        and text[end : end + 1].isspace()
    )


def _inside(lowered: Sequence[str], number: int) -> bool:
    """Return whether the comma at `number` stays inside a noun phrase."""
    if lowered[number] != "," or not 0 < number < len(lowered) - 1:
        return False
    return (lowered[number - 1], lowered[number + 1]) in _coordinated()


def _roles(
    quantities: Sequence[Quantity],
    times: Sequence[Time],
    spans: Sequence[tuple[int, int]],
    lowered: Sequence[str],
    held: Sequence[int],
) -> tuple[list[str], list[int]]:
    """Return the role of every token and the quantity it belongs to."""
    roles = ["" if word[0].isalnum() else "sign" for word in lowered]
    figures = [-1] * len(spans)
    starts = [start for start, _ in spans]
    ends = [end for _, end in spans]

    def mark(start: int, end: int, role: str, figure: int = -1) -> None:
        for i in range(bisect_right(ends, start), bisect_left(starts, end)):
            roles[i] = role
            figures[i] = figure

    for time in times:
        mark(time.start, time.end, "time")
    for index in held:
        quantity = quantities[index]
        mark(quantity.end, quantity.unit_end, "unit", index)
        if quantity.left < quantity.start:
            mark(quantity.left, quantity.start, "hedge", index)
    for index in held:
        mark(quantities[index].start, quantities[index].end, "figure", index)
    return roles, figures


def _lines(lowered: Sequence[str], roles: Sequence[str]) -> list[int]:
    """Return the line of every token; a bracket that never closes opens none."""
    lines = [0] * len(lowered)
    if "(" not in lowered:
        return lines
    opened: int | None = None
    line = 0
    for number, word in enumerate(lowered):
        if roles[number] == "figure":
            continue
        if word == "(" and opened is None:
            opened = number
        elif word == ")" and opened is not None:
            line += 1
            lines[opened : number + 1] = [line] * (number + 1 - opened)
            opened = None
    return lines


def _places(
    tokens: Sequence[Token],
    quantities: Sequence[Quantity],
    of_sentence: Sequence[int],
    spans: dict[int, tuple[int, int]],
    owners: dict[tuple[int, int], int],
) -> tuple[Place, ...]:
    starts = [token.start for token in tokens]
    ends = [token.end for token in tokens]
    last_of: dict[tuple[int, int], int] = {}
    bounds = []
    for index, quantity in enumerate(quantities):
        low, high = spans[of_sentence[index]]
        first = min(max(bisect_right(ends, quantity.start), low), high - 1)
        last = max(first + 1, bisect_left(starts, quantity.end))
        left = first
        while left > low and tokens[left - 1].figure == index:
            left -= 1
        unit_last = last
        while unit_last < high and tokens[unit_last].figure == index:
            unit_last += 1
        bounds.append((left, first, last, unit_last))
    after: dict[int, int] = {}
    before: list[int | None] = []
    owner: list[int | None] = []
    for index, (_, first, _, _) in enumerate(bounds):
        key = (tokens[first].sentence, tokens[first].line)
        before.append(last_of.get(key))
        if key in last_of:
            after[last_of[key]] = index
        last_of[key] = index
        owner.append(last_of.get((key[0], 0)) if key[1] else None)
    return tuple(
        Place(
            *bounds[index],
            sentence=tokens[first].sentence,
            line=tokens[first].line,
            piece=tokens[first].piece,
            before=before[index],
            after=after.get(index),
            owner=owner[index],
            owner_token=owners.get((tokens[first].sentence, tokens[first].line)),
        )
        for index, (_, first, _, _) in enumerate(bounds)
    )


def phrase(text: str, tokens: Sequence[Token], picked: Iterable[int]) -> str:
    """Return the words of the picked tokens in reading order; neighbours keep what stands between them."""
    runs: list[list[int]] = []
    for number in sorted(picked):
        if runs and _joined(tokens, runs[-1][-1], number):
            runs[-1].append(number)
        else:
            runs.append([number])
    parts = []
    for run in runs:
        while run and tokens[run[-1]].role == "sign" and tokens[run[-1]].word not in ')%”"':
            run.pop()
        while run and tokens[run[0]].role == "sign" and tokens[run[0]].word not in '(“"':
            run.pop(0)
        if run:
            parts.append(text[tokens[run[0]].start : tokens[run[-1]].end])
    return " ".join(" ".join(parts).split())


def _joined(tokens: Sequence[Token], one: int, other: int) -> bool:
    """Return whether nothing but a comma or a hyphen stands between two tokens of a sentence."""
    if tokens[one].sentence != tokens[other].sentence or tokens[one].line != tokens[other].line:
        return False
    return other == one + 1 or (other == one + 2 and tokens[one + 1].word in ",-–/")
