"""Is a figure achieved or asked for, and does it count those that have not."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache

import regex

from extract import outlooks, plans
from extract.analysis import Analysis, Link, Quantity, Sentence
from extract.marks import Marks
from extract.outlooks import Works
from extract.plans import Evidence, words
from extract.text import lower
from extract.word_lists import Span, WordList, syllables_of

_ACTUAL = Link("actual", 0.9, ("status:default",))
_AFFIRMED = Link(None, 0.9, ("negation:none",))
_LISTING = (
    "status:plan_word_near",
    "status:next_item",
    "status:promised",
)  # that hold for a list's next items
_NEAR = 60  # characters left of a figure in which a word stands close to it
_BREAK = regex.compile(r"[,;:()](?!\d)|[.!?…](?=\s)")
_LAST_BREAK = regex.compile(_BREAK.pattern, regex.REVERSE)
# Words right of a figure behind which another statement begins; "xã và thị trấn chưa có" goes on.
_TURN = regex.compile(
    r"(?<!\p{L})(?:nhưng|mà|do|để|vì|nên|hoặc|song|tuy|nếu|khi|thì|đã|đạt|với|rằng|theo|giúp|khiến"
    r"|và(?=\x20(?:(?:gần như\x20)?(?:chưa|không|chẳng)|đã|được|có)(?!\p{L})))(?!\p{L})"
)
# "612 hộ đã giao đất nhưng chưa có nhà": what is denied is said of those that are counted.
_YET = regex.compile(r"(?<!\p{L})(?:nhưng|song)\x20(?:vẫn\x20|lại\x20)?", regex.REVERSE)
# Words between a denial and a figure right of it behind which the denial holds no more.
_LEFT_TURN = regex.compile(
    r"(?<!\p{L})(?:nhưng|mà|do|vì|nên|song|thì|với\x20(?:tổng\x20)?(?:số\x20tiền|kinh\x20phí|giá\x20trị))(?!\p{L})"
)
# Words behind the colon of a denial that affirm: "không đạt chỉ tiêu: tỉnh đạt 71%".
_AFFIRMING = regex.compile(
    r"(?<!\p{L})(?:đạt|được|cấp|góp|cho|thu|chi|tăng|giảm|phải|cần|tuyển|từ|gửi|đã|nhận|làm|tính)(?!\p{L})"
)
_REACHED = regex.compile(r"(?<!\p{L})(?:đạt|bằng)\x20{0,3}", regex.REVERSE)
_PLACEHOLDER = "\u2400"


@dataclass(frozen=True, slots=True)
class _Before:
    """What the figures before one came to."""

    neighbour: Link | None = None  # of the figure before in the same sentence
    all_planned: bool = (
        False  # every figure before it in its sentence, or the last one of the sentence before
    )
    carried: Link | None = None  # a plan that the sentence may go on with


def choose(analysis: Analysis) -> Analysis:
    """Return the analysis with `statuses` ("actual" or "target") and `negations` ("negated" or None)."""
    statuses: list[Link] = []
    owners: list[Sentence] = []
    evidence = Evidence(analysis, _mask(analysis, _set_phrases()))
    works = Works(evidence)
    before, last = _Before(), -2  # the ordinal of the sentence of the figure before
    for index, quantity in enumerate(analysis.quantities):
        own = evidence.owner(quantity.start)
        sentence = analysis.sentences[own]
        if statuses:
            before = _before(before, statuses[-1], own - last)
        statuses.append(_status(evidence, works, index, own, before))
        last = own
        owners.append(sentence)
    return replace(analysis, statuses=tuple(statuses), negations=_negations(analysis, owners))


def _before(earlier: _Before, status: Link, gap: int) -> _Before:
    """Return what stands before the figure `gap` sentences behind one of this status, that had `earlier`."""
    planned = status.value == "target" and gap <= 1
    if gap:
        return _Before(None, planned, status if planned else None)
    # What went on from the sentence before goes on to the end of its own.
    goes_on = planned and status.rules[0] in ("status:goes_on", "status:among_plans")
    first = earlier.neighbour is None
    return _Before(status, planned and (first or earlier.all_planned), status if goes_on else None)


def _mask(analysis: Analysis, set_phrases: WordList) -> Marks:
    """Return the text in lower case with set phrases blanked out; every character keeps its offset."""
    text = lower(analysis.text)
    syllables = syllables_of(text)
    parts: list[str] = []
    reached = 0
    for start, end in set_phrases.spans(text, text, syllables):
        parts += (text[reached:start], _PLACEHOLDER * (end - start))
        reached = end
    return Marks("".join((*parts, text[reached:])), syllables)


def _status(evidence: Evidence, works: Works, index: int, own: int, before: _Before) -> Link:
    sentence = evidence.analysis.sentences[own]
    start = _piece_start(evidence.analysis, evidence.text, index, sentence)
    end = _piece_end(evidence.analysis, evidence.text, index, sentence)
    return (
        _beside(evidence, index, start, before)
        or _behind_a_plan(evidence, index, sentence)
        or _by_promise(evidence, index, sentence, (start, end))
        or _ahead(evidence, index, own, before)
        or _around(evidence, works, index, own, before)
        or _ACTUAL
    )


def _beside(evidence: Evidence, index: int, start: int, before: _Before) -> Link | None:
    """Return the status that the words close before a figure give it; they begin at `start`."""
    quantity = evidence.analysis.quantities[index]
    if plans.is_reached(evidence, index):
        return Link("actual", 0.8, ("status:reached_before_plan",))
    if (near := plans.near(evidence, start, quantity.start)) is not None:
        return Link("target", 0.7, ("status:plan_word_near",), near)
    stated = quantity.measure == "level" and quantity.kind != "ratio"
    if stated and (base := plans.as_base(evidence, start, quantity.start)) is not None:
        return Link("target", 0.7, ("status:plan_as_base",), base)
    listed = before.neighbour is not None and before.neighbour.rules[0] in _LISTING
    if listed and plans.is_next_item(evidence, index):
        return Link("target", 0.7, ("status:next_item",))
    return None


def _behind_a_plan(evidence: Evidence, index: int, sentence: Sentence) -> Link | None:
    """Return the status that the last plan word before a figure in its sentence gives it."""
    start = evidence.analysis.quantities[index].start
    plan = plans.last_plan(evidence, sentence.start, start)
    if plan is None:
        return None
    if (done := evidence.achieved(plan[1], start)) is not None:
        return Link("actual", 0.8, ("status:achieved_after_plan",), done)
    if evidence.is_over(plan[1], start):
        return Link("actual", 0.8, ("status:over_after_plan",))
    return Link("target", 0.8, ("status:plan_word",), plan)


def _by_promise(evidence: Evidence, index: int, sentence: Sentence, piece: Span) -> Link | None:
    """Return the status that a promise right of a figure, or an achievement left of it, gives it."""
    quantity = evidence.analysis.quantities[index]
    # What was achieved in an earlier clause does not break a promise: "đã xong 8 tuyến, 3 tuyến sẽ đào".
    if evidence.achieved(piece[0], quantity.start) is not None:
        return _ACTUAL
    if (promise := plans.promised(evidence, quantity.end, piece[1])) is not None:
        return Link("target", 0.7, ("status:promised",), promise)
    return _ACTUAL if evidence.achieved(sentence.start, quantity.start) is not None else None


def _ahead(evidence: Evidence, index: int, own: int, before: _Before) -> Link | None:
    """Return the status that the figure's time, or the plans before it, give it."""
    quantity, sentence = evidence.analysis.quantities[index], evidence.analysis.sentences[own]
    among = before.all_planned and not evidence.is_present(sentence.start, quantity.start)
    if plans.lies_ahead(evidence, index) and (among or plans.is_dated_in(evidence, index, sentence)):
        return Link("target", 0.7, ("status:period_ahead",))
    listed = evidence.text.find(":", sentence.start, quantity.start) >= 0
    if among and before.neighbour is not None and quantity.kind != "ratio" and not listed:
        return Link("target", 0.6, ("status:among_plans",))
    return None


def _around(evidence: Evidence, works: Works, index: int, own: int, before: _Before) -> Link | None:
    """Return the status that the title and the sentences around a figure's own give it."""
    sentence = evidence.analysis.sentences[own]
    if outlooks.title_proposes(evidence, index, own):
        return Link("target", 0.6, ("status:title_proposes",))
    if outlooks.measures_a_work_ahead(works, index, own):
        return Link("target", 0.6, ("status:work_ahead",))
    if outlooks.is_norm(evidence, index, own):
        return Link("target", 0.6, ("status:norm",))
    if outlooks.is_listed(evidence, own):
        return Link("target", 0.6, ("status:plan_opens_list",))
    if before.carried is not None and plans.goes_on(evidence, sentence):
        return Link("target", 0.6, ("status:goes_on",))
    return None


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
    mark = _BREAK.search(masked, end, min(sentence.end, following + 1))
    return max(end, min(following, mark.start() if mark else sentence.end))


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
    right = masked.first(_denial(), quantity.end, _predicate_end(analysis, text, index, sentence))
    if right is not None and not _missed_mark(text, quantity, right) and not _turns(text, quantity, right):
        return Link("negated", 0.8, ("negation:right",), right)
    # A hedge is no word of the denial: "không có máy từ hơn 72.000".
    start = min(quantity.left or quantity.start, quantity.start)
    left = masked.last(_denial(), _piece_start(analysis, text, index, sentence), start)
    if left is not None and not _parted(text, left[1], start):
        return Link("negated", 0.7, ("negation:left",), left)
    colon = text.rfind(":", sentence.start, quantity.start)
    if (
        colon >= 0
        and text.find(";", colon, quantity.start) < 0
        and masked.first(_denial(), sentence.start, colon) is not None
        and not _AFFIRMING.search(text, colon, quantity.start)
    ):
        return Link("negated", 0.6, ("negation:list",))
    return _AFFIRMED


def _predicate_end(analysis: Analysis, text: str, index: int, sentence: Sentence) -> int:
    """Return where the words end that a figure's unit is the subject of; its unit may hold a comma."""
    unit_end = analysis.quantities[index].unit_end or 0
    end = _piece_end(analysis, text, index, sentence)
    if end >= unit_end:
        return end
    following = analysis.quantities[index + 1].start if index + 1 < len(analysis.quantities) else sentence.end
    mark = _BREAK.search(text, unit_end, sentence.end)
    return min(following, mark.start() if mark else sentence.end)


def _turns(text: str, quantity: Quantity, denial: Span) -> bool:
    """Say whether another statement begins between a figure and the denial on its right."""
    yet = _YET.match(text, quantity.end, denial[0])
    counts = quantity.kind in ("count", "ratio")
    if yet is not None and counts:
        return False
    # The word that turns may be told from another by the denial behind it.
    return _TURN.search(text, quantity.end, denial[1]) is not None


def _parted(text: str, start: int, end: int) -> bool:
    """Say whether the words between a denial and a figure right of it take the figure out of its reach."""
    return bool(plans.missed().search(text, start, end) or _LEFT_TURN.search(text, start, end))


def _missed_mark(masked: str, quantity: Quantity, denial: Span) -> bool:
    """Say whether what was reached falls short of a mark behind it: "đạt 65%, không đạt chỉ tiêu 90%"."""
    reached = _REACHED.match(masked, 0, quantity.left or quantity.start) is not None
    return reached and not masked[quantity.end : denial[0]].strip()


@cache
def _denial() -> WordList:
    return words("denial")


@cache
def _denial_set_phrases() -> WordList:
    return words("denial_set_phrase")


@cache
def _set_phrases() -> WordList:
    return words("set_phrase")
