"""Offsets are a promise: whatever the text, spans are true, in order and apart, and nothing raises."""

from __future__ import annotations

import itertools
import unicodedata

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from extract.analysis import Analysis
from extract.numerals import NUMBER
from extract.text import fold, lower, normalise
from tests.steps import read_numbers

PIECES = st.sampled_from(
    [
        *"0123456789", ".", ",", "/", "-", "–", "%", "‰", ":", "(", ")", "\n", " ", "\u00a0", "\u200b", "+", "“",
        "năm", "tháng", "ngày", "quý", "giai đoạn", "cùng kỳ", "từ", "đến", "tỷ", "triệu", "nghìn", "đồng", "tỷ lệ",
        "tăng", "giảm", "hơn", "gần", "khoảng", "trên tổng số", "trong số", "thứ", "xếp", "điểm", "lần", "bậc", "hộ",
        "xã, phường", "USD", "m2", "km", "Đề án", "số", "2024", "3/12/2024", "10 tháng đầu năm", "65,1", "78.000/119.000",
        "İ", "Ð", "e\u0301", "１２", "²", "ﬁ", "\U0001d7d8",
    ]
)  # fmt: skip
TEXTS = st.lists(PIECES, max_size=60).map(" ".join) | st.lists(PIECES, max_size=60).map("".join) | st.text(max_size=200)

HOSTILE = {
    "digits": "1" * 20_000,
    "dots": "." * 20_000,
    "dotted digits": "1." * 10_000,
    "commas between digits": "1," * 10_000,
    "digits and dots, then percent": "1.2" * 7_000 + "%",
    "slashes": "1/" * 10_000,
    "hyphens": "12-" * 7_000,
    "blanks": "5" + " " * 20_000 + "hộ",
    "words without a stop": "hộ " * 7_000 + "tăng 5%",
    "numbers without a stop": "12 hộ " * 3_000,
    "of a total": "12 trong " * 2_000,
    "hedges": "khoảng hơn gần " * 1_500 + "5 hộ",
    "verbs of change": "tăng giảm " * 2_000 + "5%",
    "years": "năm 2024 đến " * 1_500,
    "brackets": "(" * 10_000 + "5%" + ")" * 10_000,
    "other digits": "١٢٣ ４５６ ১২৩ " * 1_000,
    "no line ends": "5 hộ; " * 3_000,
    "magnitudes": "5 nghìn tỷ triệu " * 1_500,
}


def assert_true_spans(text: str, analysis: Analysis) -> None:
    assert len(analysis.text) == len(text)
    kinds = (analysis.sentences, analysis.times, analysis.guarded, analysis.quantities)
    for spans in kinds:
        for span in spans:
            assert 0 <= span.start < span.end <= len(text)
        for before, after in itertools.pairwise(spans):
            assert before.end <= after.start
    for quantity in analysis.quantities:
        assert NUMBER.match(fold(text), quantity.start), "a quantity begins with its digits"
        assert 0 <= quantity.left <= quantity.start < quantity.end <= quantity.unit_end <= len(text)
        assert quantity.value_max is None or abs(quantity.value) <= abs(quantity.value_max)
        assert not any(g.start < quantity.end and quantity.start < g.end for g in analysis.guarded)
    for sentence in analysis.sentences:
        assert "\n" not in analysis.text[sentence.start : sentence.end]


@given(TEXTS)
@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.too_slow])
def test_random_text_keeps_the_promise(text: str) -> None:
    assert_true_spans(text, read_numbers(text))


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_keeps_the_promise(name: str) -> None:
    assert_true_spans(HOSTILE[name], read_numbers(HOSTILE[name]))


@given(st.text(max_size=300))
@settings(deadline=None)
def test_folding_and_lower_case_keep_every_offset(text: str) -> None:
    assert len(fold(text)) == len(lower(text)) == len(text)


@given(st.text(max_size=300))
@settings(deadline=None)
def test_normalising_twice_changes_nothing(text: str) -> None:
    once = normalise(text)
    assert normalise(once) == once
    assert unicodedata.is_normalized("NFC", once)
    assert "\u00a0" not in once
    assert "\u200b" not in once


def test_normalising_joins_what_invisible_characters_part() -> None:
    assert normalise("Ð\u1eafk L\u1eafk:\u00a078\u200b.000\u00ad h\u1ed9 \r\n\r\n\r\n ti\u1ebfp") == "Đắk Lắk: 78.000 hộ\n\ntiếp"
