"""Quantities: every number that is not guarded, with its kind, value, bound, unit and measure."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from extract.analysis import Analysis, Guarded, Quantity, Sentence, Time
from extract.quantity.bounds import read_left, read_right
from extract.quantity.drafts import Draft
from extract.quantity.inheritance import inherit
from extract.quantity.kinds import Around, read_kind
from extract.quantity.numerals import scan
from extract.quantity.shapes import read_shape
from extract.text import lower


def read(analysis: Analysis) -> Analysis:
    """Return `analysis` with the quantities of its text, in order and without overlap."""
    quantities = read_quantities(analysis.text, analysis.guarded, analysis.times, analysis.sentences)
    return replace(analysis, quantities=tuple(quantities))


def read_quantities(
    original: str, guarded: Sequence[Guarded], times: Sequence[Time], sentences: Sequence[Sentence]
) -> list[Quantity]:
    """Return the quantities of a text as it is written (extract.text.fold)."""
    text = lower(original)
    guard_starts = [stretch.start for stretch in guarded]
    sentence_starts = [sentence.start for sentence in sentences] or [0]

    def is_free(position: int) -> bool:
        index = bisect_right(guard_starts, position) - 1
        return index < 0 or guarded[index].end <= position

    drafts: list[Draft] = []
    reached = 0
    for start, _ in scan(text):
        if start < reached or not is_free(start):
            continue
        shape = read_shape(text, start, is_free)
        if shape is None:
            continue
        sentence = sentence_starts[max(0, bisect_right(sentence_starts, start) - 1)]
        drafts.append(_draft(Around(text, original, shape, max(reached, sentence), sentence), times))
        reached = drafts[-1].quantity.end
    return [draft.quantity for draft in inherit(text, drafts)]


def _draft(around: Around, times: Sequence[Time]) -> Draft:
    text, shape = around.text, around.shape
    reading = read_kind(around)
    kinds = [reading.kind, *(["points"] if "percentage_points" in reading.rules else [])]
    kinds += ["steps"] if "steps" in reading.rules else []
    kinds += ["range"] if shape.value_max is not None else []
    bounds = read_left(text, shape.start, reading.unit_end, kinds, times, around.lowest)
    comparator, right_rule = read_right(text, reading.unit_end)
    before = text[max(0, shape.start - 9) : shape.start].rstrip()
    if reading.kind == "rank" and before.endswith(("top", "tốp")):
        comparator = "le"
    sign = bounds.sign
    is_change = bounds.measure == "difference" and reading.kind != "multiple"
    quantity = Quantity(
        shape.start,
        reading.end,
        reading.kind,
        _plain(shape.value * sign),
        value_max=None if shape.value_max is None else _plain(shape.value_max * sign),
        denominator=None if shape.denominator is None else _plain(shape.denominator),
        comparator=comparator or bounds.comparator or "eq",
        unit=reading.unit,
        measure="difference" if is_change else "level",
        unit_end=reading.unit_end,
        left=bounds.left,
        change=bounds.change,
        flags=shape.flags,
        rules=(*shape.rules, *reading.rules, *bounds.rules, *((right_rule,) if right_rule else ())),
    )
    return Draft(quantity, shape.magnitude, reading.found_unit, sign)


def _plain(value: Decimal) -> Decimal:
    """Return the value without an exponent or zeros after the point: 1300000, not 1300000.0."""
    whole = value.to_integral_value()
    return whole if whole == value else value.normalize()
