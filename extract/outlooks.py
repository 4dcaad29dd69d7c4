"""What the sentences around a figure plan, works not begun and lists; and what the title proposes."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from functools import cached_property

import regex

from extract import plans
from extract.plans import Evidence, listed, words
from extract.text import lower

_NEAR = 60  # characters left of a figure in which stands what of a work it measures
_NORM_NEAR = 45  # and what tells that it is a norm
_AROUND = 3  # sentences from one within which works are told of
_LONGEST_LIST = 15  # sentences behind the one that opens a list
_ITEM = regex.compile(r"[-–—+•*]|(?:\d{1,2}|\p{L})[.)]\x20")
_COUNTS = ("count", "ratio", "rank", "multiple")


@dataclass(frozen=True)
class Works:
    """What an article tells of works still to be built, and of works begun; read when first asked for."""

    evidence: Evidence

    @cached_property
    def ahead(self) -> list[int]:
        """The ordinals of the sentences that tell of works still to be built."""
        return _told_in(self.evidence, "work_ahead")

    @cached_property
    def begun(self) -> list[int]:
        """The ordinals of the sentences that tell of works that are being built or there."""
        return _told_in(self.evidence, "work_begun")

    @cached_property
    def titled(self) -> bool:
        """Whether the title tells of works to be built."""
        title = self.evidence.analysis.article.title
        return bool(title) and words("title_builds").pattern.search(lower(title)) is not None

    def are_ahead(self, own: int) -> bool:
        """Say whether the works that are told of nearest to a sentence are still to be built."""
        begun = _distance(self.begun, own)
        return _distance(self.ahead, own) < begun or (begun > _AROUND and self.titled)


def measures_a_work_ahead(works: Works, index: int, own: int) -> bool:
    """Say whether a figure is the size or cost of a work that is still to be built.

    `own` is the ordinal of its sentence: "Cầu dài 120 m. Dự kiến khởi công trong quý IV."
    """
    evidence = works.evidence
    start, first = evidence.analysis.quantities[index].start, evidence.analysis.sentences[own].start
    if evidence.marks.last(words("work_measure"), max(first, start - _NEAR), start) is None:
        return False
    return works.are_ahead(own) and not plans.lies_behind(evidence, index)


def _told_in(evidence: Evidence, name: str) -> list[int]:
    """Return the ordinals of the sentences with a word of a list, in order."""
    found = evidence.marks.between(words(name), 0, len(evidence.text))
    return sorted({evidence.owner(start) for start, _ in found})


def _distance(ordinals: list[int], own: int) -> int:
    """Return how many sentences away the nearest of some is; one more than _AROUND where none is near."""
    at = bisect_left(ordinals, own)
    near = (abs(own - ordinal) for ordinal in ordinals[max(0, at - 1) : at + 1])
    return min((distance for distance in near if distance <= _AROUND), default=_AROUND + 1)


def is_norm(evidence: Evidence, index: int, own: int) -> bool:
    """Say whether a figure is money that each of some is to get: "hỗ trợ 2 triệu đồng/hộ"."""
    quantity, sentences = evidence.analysis.quantities[index], evidence.analysis.sentences
    each = (quantity.unit or "").partition("/")[2]
    if quantity.kind != "money" or each not in listed("norm_unit") or plans.lies_behind(evidence, index):
        return False
    start, first = quantity.start, sentences[own].start
    if evidence.marks.last(words("norm"), max(first, start - _NORM_NEAR), start) is not None:
        return True
    before = sentences[max(0, own - 1)]
    return evidence.marks.last(words("norm_before"), before.start, start) is not None


def is_listed(evidence: Evidence, own: int) -> bool:
    """Say whether a sentence is an item of a list that a plan opens: "Các chỉ tiêu chủ yếu:", then lines."""
    text, sentences = evidence.text, evidence.analysis.sentences
    for at in range(own - 1, max(-1, own - _LONGEST_LIST), -1):
        head = sentences[at]
        if text[head.end - 1] == ":":
            plan = plans.last_plan(evidence, head.start, head.end)
            return plan is not None and evidence.achieved(plan[1], head.end) is None
        if _ITEM.match(text, head.start) is None or _ITEM.match(text, sentences[at + 1].start) is None:
            return False
    return False


def title_proposes(evidence: Evidence, index: int, own: int) -> bool:
    """Say whether the title tells of a proposal that a figure with no period that has begun may belong to.

    What is counted belongs to it only in units of works or beside words of them, and nothing does where the
    sentence tells of works that are there.
    """
    if words("title_proposes").pattern.search(lower(evidence.analysis.article.title)) is None:
        return False
    periods = evidence.analysis.periods
    if periods and periods[index].value is not None and not plans.lies_ahead(evidence, index):
        return False
    quantity, sentence = evidence.analysis.quantities[index], evidence.analysis.sentences[own]
    of_works = quantity.kind not in _COUNTS or (quantity.unit or "").lower() in listed("work_unit")
    if not of_works and evidence.marks.last(words("work_measure"), sentence.start, quantity.start) is None:
        return False
    return evidence.marks.first(words("work_begun"), sentence.start, sentence.end) is None
