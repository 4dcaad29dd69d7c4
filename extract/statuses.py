"""Is a figure achieved or asked for, and does it count those that have not.

A plan word holds from where it stands to the end of its sentence, unless a word of achievement follows it. It
plans nothing as the counted noun ("10/16 mục tiêu"), the base ("60% kế hoạch") or part of a set phrase.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import replace
from functools import cache

import regex

from extract import rules
from extract.analysis import Analysis, Link, Quantity, Sentence
from extract.marks import Marks
from extract.text import lower
from extract.time.readings import published_on
from extract.word_lists import Span, WordList, syllables_of

_STEP = "statuses"
_BEHIND_A_NUMBER = 12  # characters from a number to the noun that it counts, the unit's blank included
_ACTUAL = Link("actual", 0.9, ("status:default",))
_AFFIRMED = Link(None, 0.9, ("negation:none",))
_NEAR = 60  # characters left of a figure in which a word stands close to it
_BREAK = regex.compile(r"[,;:()](?!\d)|[.!?…](?=\s)")
_LAST_BREAK = regex.compile(_BREAK.pattern, regex.REVERSE)
_TURN = regex.compile(
    r"(?<!\p{L})(?:nhưng|mà|do|để|vì|nên|và|hoặc|song|tuy|nếu|khi|thì|đã|đạt|với|rằng|theo)(?!\p{L})"
)
_REACHED = regex.compile(r"(?<!\p{L})(?:đạt|bằng)\x20{0,3}", regex.REVERSE)
_PLACEHOLDER = "\u2400"


def choose(analysis: Analysis) -> Analysis:
    """Return the analysis with `statuses` ("actual" or "target") and `negations` ("negated" or None)."""
    statuses: list[Link] = []
    owners: list[Sentence] = []
    masked = _mask(analysis, _set_phrases())
    starts = [sentence.start for sentence in analysis.sentences]
    before: int | None = None
    for index, quantity in enumerate(analysis.quantities):
        own = max(0, bisect_right(starts, quantity.start) - 1)
        sentence = analysis.sentences[own]
        carried = None
        if before is not None and statuses[-1].value == "target":
            # What went on from the sentence before goes on to the end of its own.
            goes_on = "status:goes_on" in statuses[-1].rules
            carried = statuses[-1] if own - before == 1 or (own == before and goes_on) else None
        statuses.append(_status(analysis, masked, index, sentence, carried))
        before = own
        owners.append(sentence)
    return replace(analysis, statuses=tuple(statuses), negations=_negations(analysis, owners))


def _mask(analysis: Analysis, set_phrases: WordList) -> Marks:
    """Return the text in lower case with set phrases blanked out; every character keeps its offset."""
    text = lower(analysis.text)
    syllables = syllables_of(text)
    parts: list[str] = []
    reached = 0
    for start, end in set_phrases.spans(text, syllables):
        parts += (text[reached:start], _PLACEHOLDER * (end - start))
        reached = end
    return Marks("".join((*parts, text[reached:])), syllables)


def _status(analysis: Analysis, masked: Marks, index: int, sentence: Sentence, carried: Link | None) -> Link:
    quantity = analysis.quantities[index]
    start = _piece_start(analysis, masked.text, index, sentence)
    near = _near_plan(masked, start, quantity.start)
    if near is not None:
        return Link("target", 0.7, ("status:plan_word_near",), near)
    if quantity.measure == "level" and (base := _behind_base(analysis, start, quantity.start)) is not None:
        return Link("target", 0.7, ("status:plan_as_base",), base)
    plan = _last_plan(analysis, masked, sentence.start, quantity.start)
    if plan is not None:
        done = masked.last(_achieved(), plan[1], quantity.start)
        if done is None:
            return Link("target", 0.8, ("status:plan_word",), plan)
        return Link("actual", 0.8, ("status:achieved_after_plan",), done)
    # What was achieved in an earlier clause does not break a promise: "đã xong 8 tuyến, 3 tuyến sẽ đào".
    if masked.last(_achieved(), start, quantity.start) is not None:
        return _ACTUAL
    end = _piece_end(analysis, masked.text, index, sentence)
    if (promise := masked.first(_promised(), quantity.end, end)) is not None:
        return Link("target", 0.7, ("status:promised",), promise)
    if masked.last(_achieved(), sentence.start, quantity.start) is not None:
        return _ACTUAL
    if _lies_ahead(analysis, index):
        return Link("target", 0.7, ("status:period_ahead",))
    if _title_proposes().search(lower(analysis.article.title)) and not _is_past(analysis, index):
        return Link("target", 0.6, ("status:title_proposes",))
    if carried is not None and _goes_on().match(masked.text, sentence.start):
        return replace(carried, confidence=0.6, rules=("status:goes_on",), span=None)
    return _ACTUAL


def _near_plan(masked: Marks, start: int, end: int) -> Span | None:
    """Return the plan word that stands close before a figure; None where it was achieved in between.

    The figure begins at `end`, and the words close to it at `start`.
    """
    near = masked.last(_near(), start, end)
    if near is not None and masked.last(_achieved(), near[1], end) is None:
        return near
    purpose = _purpose().match(masked.text, start, end)
    return purpose.span() if purpose else None


def _behind_base(analysis: Analysis, start: int, end: int) -> Span | None:
    """Return the plan that the figure states behind "so với mục tiêu"; None where a verb parts them."""
    words = lower(analysis.text[start:end])
    base = _last(_plan_base(), words, 0, len(words))
    if base is None or _missed().search(words, base.end()):
        return None
    return start + base.start(), start + base.end()


def _piece_start(analysis: Analysis, masked: str, index: int, sentence: Sentence) -> int:
    """Return where the words that stand close to a figure begin: behind the last break, figure, or _NEAR."""
    start = analysis.quantities[index].start
    figure = analysis.quantities[index - 1].end if index else 0
    lowest = max(sentence.start, figure, start - _NEAR)
    mark = _LAST_BREAK.search(masked, max(0, lowest - 1), start)
    return max(lowest, mark.end()) if mark else lowest


def _piece_end(analysis: Analysis, masked: str, index: int, sentence: Sentence) -> int:
    """Return where the words that a figure governs on its right end: at a break, or the next figure."""
    end = analysis.quantities[index].end
    following = analysis.quantities[index + 1].start if index + 1 < len(analysis.quantities) else sentence.end
    mark = _BREAK.search(masked, end, sentence.end)
    return max(end, min(following, mark.start() if mark else sentence.end))


def _last_plan(analysis: Analysis, masked: Marks, start: int, end: int) -> Span | None:
    """Return the last plan word between two offsets that is no counted noun and no base."""
    for span in masked.between(_plan(), start, end):
        number = bisect_right(analysis.quantities, span[0], key=lambda quantity: quantity.end) - 1
        counted = analysis.quantities[number].end if number >= 0 else -1
        behind = counted > start and span[0] <= counted + _BEHIND_A_NUMBER
        if not (behind and masked.text[slice(*span)] in _plan_nouns()):
            return span
    return None


@cache
def _plan_nouns() -> frozenset[str]:
    return frozenset(rules.load_words(_STEP)["plan_noun"])


def _last(pattern: regex.Pattern[str], text: str, start: int, end: int) -> regex.Match[str] | None:
    found = None
    for match in pattern.finditer(text, start, end):
        found = match
    return found


def _is_past(analysis: Analysis, index: int) -> bool:
    """Say whether the figure has a period that does not lie ahead."""
    dated = bool(analysis.periods) and analysis.periods[index].value is not None
    return dated and not _lies_ahead(analysis, index)


def _lies_ahead(analysis: Analysis, index: int) -> bool:
    """Say whether the figure's period begins, or its state is reached, after the day of publication."""
    if not analysis.periods or analysis.periods[index].value is None:
        return False
    first, _, last = (analysis.periods[index].value or "").partition("/")
    published = published_on(analysis.article.published)
    if published.year is None:
        return False
    today = published.day.isoformat() if published.day else f"{published.year}-12-31"
    return (first or last) > today


def _negations(analysis: Analysis, owners: list[Sentence]) -> tuple[Link, ...]:
    masked = _mask(analysis, _denial_set_phrases())
    found = [_negation(masked, analysis, index, owner) for index, owner in enumerate(owners)]
    for index, said_again in enumerate(analysis.restates):
        if said_again is not None and found[said_again].value is not None:
            found[index] = replace(found[said_again], rules=("negation:restates",))
    return tuple(found)


def _negation(masked: Marks, analysis: Analysis, index: int, sentence: Sentence) -> Link:
    """Return "negated" where the counted thing's own predicate denies, on its right or close before it."""
    quantity = analysis.quantities[index]
    if quantity.measure == "difference" or quantity.kind == "rank":
        return _AFFIRMED
    text = masked.text
    right = masked.first(_denial(), quantity.end, _piece_end(analysis, text, index, sentence))
    fallen_short = right is not None and _missed_mark(text, quantity, right)
    if right is not None and not fallen_short and not _TURN.search(text, quantity.end, right[0]):
        return Link("negated", 0.8, ("negation:right",), right)
    left = masked.last(_denial(), _piece_start(analysis, text, index, sentence), quantity.start)
    if left is not None and not _missed().search(text, left[1], quantity.start):
        return Link("negated", 0.7, ("negation:left",), left)
    colon = text.rfind(":", sentence.start, quantity.start)
    if (
        colon >= 0
        and text.find(";", colon, quantity.start) < 0
        and masked.first(_denial(), sentence.start, colon) is not None
    ):
        return Link("negated", 0.6, ("negation:list",))
    return _AFFIRMED


def _missed_mark(masked: str, quantity: Quantity, denial: Span) -> bool:
    """Say whether what was reached falls short of a mark behind it: "đạt 65%, không đạt chỉ tiêu 90%"."""
    reached = _REACHED.match(masked, 0, quantity.left or quantity.start) is not None
    return reached and not masked[quantity.end : denial[0]].strip()


@cache
def _plan() -> WordList:
    return _words("plan")


@cache
def _near() -> WordList:
    return _words("plan_near")


@cache
def _purpose() -> regex.Pattern[str]:
    return rules.compile_pattern(
        r"(?<!\p{L}){purpose}(?: {hedge})?\x20{0,3}", rules.load_words(_STEP), backwards=True
    )


@cache
def _plan_base() -> regex.Pattern[str]:
    return _words("plan_base").pattern


@cache
def _title_proposes() -> regex.Pattern[str]:
    return _words("title_proposes").pattern


@cache
def _promised() -> WordList:
    return _words("promised")


@cache
def _denial() -> WordList:
    return _words("denial")


@cache
def _denial_set_phrases() -> WordList:
    return _words("denial_set_phrase")


@cache
def _missed() -> regex.Pattern[str]:
    return _words("missed").pattern


@cache
def _achieved() -> WordList:
    return _words("achieved")


@cache
def _goes_on() -> regex.Pattern[str]:
    return rules.compile_pattern(r"[\P{L}]{0,4}{goes_on}(?!\p{L})", rules.load_words(_STEP))


@cache
def _set_phrases() -> WordList:
    return _words("set_phrase")


def _words(name: str) -> WordList:
    return rules.word_list(_STEP, name)
