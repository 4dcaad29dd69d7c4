"""Offsets are a promise: whatever the text, spans are true, in order and apart, and nothing raises."""

from __future__ import annotations

import itertools
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extract import pipeline
from extract.analysis import Analysis
from extract.quantity.numerals import NUMBER
from extract.text import fold, lower, normalise
from store.records import Article
from tests.steps import read_numbers

_MARKS = [
    *"0123456789.,/-–%‰:()+\n ",
    "\u00a0",
    "\u200b",
    "İ",
    "Ð",
    "e\u0301",
    "１２",
    "²",
    "ﬁ",
    "\U0001d7d8",
]
_NUMBERS = [
    "2024",
    "3/12/2024",
    "65,1",
    "78.000/119.000",
    "10 tháng đầu năm",
    "trên tổng số",
    "trong số",
    "tỷ",
    "triệu",
]
_WORDS = ["năm", "tháng", "ngày", "quý", "từ", "đến", "nghìn", "đồng", "tăng", "giảm", "hơn", "gần", "khoảng"]
_WORDS += ["thứ", "xếp", "điểm", "lần", "bậc", "hộ", "USD", "m2", "km", "số", "giai", "cùng"]
_PHRASES = ["giai đoạn", "cùng kỳ", "tỷ lệ", "xã, phường", "Đề án", "cao hơn", "trở lên"]
PIECES = st.sampled_from(_MARKS + _NUMBERS + _WORDS + _PHRASES)
TEXTS = (
    st.lists(PIECES, max_size=60).map(" ".join)
    | st.lists(PIECES, max_size=60).map("".join)
    | st.text(max_size=200)
)

HOSTILE = {
    "digits": "1" * 6666,
    "dots": "." * 6666,
    "dotted digits": "1." * 3333,
    "commas between digits": "1," * 3333,
    "digits and dots, then percent": "1.2" * 2333 + "%",
    "slashes": "1/" * 3333,
    "hyphens": "12-" * 2333,
    "blanks": "5" + " " * 6666 + "hộ",
    "words without a stop": "hộ " * 2333 + "tăng 5%",
    "numbers without a stop": "12 hộ " * 1000,
    "of a total": "12 trong " * 666,
    "hedges": "khoảng hơn gần " * 500 + "5 hộ",
    "verbs of change": "tăng giảm " * 666 + "5%",
    "years": "năm 2024 đến " * 500,
    "brackets": "(" * 3333 + "5%" + ")" * 3333,
    "other digits": "١٢٣ ４５６ ১২৩ " * 333,
    "no line ends": "5 hộ; " * 1000,
    "magnitudes": "5 nghìn tỷ triệu " * 500,
    "digits in a column": "1\n" * 5000,
    "percents": "12,5% " * 3000,
    "numbers in brackets": "(1) " * 3000,
    "figures in brackets that never close": "(5% " * 2000,
    "changes in one sentence": "tăng 5% so với năm 2020, " * 400,
    "plans in one sentence": "kế hoạch đạt 5%, " * 500,
    "indexes and ranks": "Chỉ số cải cách hành chính, xếp thứ 3 " * 250,
    "places with numbers": "tỉnh Quảng Ngãi 5%, huyện Trà Bồng 3 hộ và " * 250,
    "agencies": "Sở Y tế và Giáo dục và " * 400 + "5%",
    "a list": "lần lượt 5, " * 800,
    "lines": "Xã Tân Lập có 120 hộ nghèo (chiếm 12%), tăng 3% so với cùng kỳ;\n" * 150,
    "no figures at all": "tăng giảm " * 2000,
    "digits that few programs know": "năm 202\U00011de3 có 5\U00011de3% và \U00011de3 hộ " * 50,
    "all planes": "".join(map(chr, range(0x20, 0xD800, 23)))
    + " 5% hộ "
    + "".join(map(chr, range(0xE000, 0x110000, 997))),
}


def fragments(names: list[str]) -> str:
    """Return the first characters of hostile texts, one after the other."""
    return " ".join(HOSTILE[name][:300] for name in names)


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
@settings(max_examples=150)
def test_random_text_keeps_the_promise(text: str) -> None:
    assert_true_spans(text, read_numbers(text))


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_keeps_the_promise(name: str) -> None:
    assert_true_spans(HOSTILE[name], read_numbers(HOSTILE[name]))
    assert_true_figures(HOSTILE[name])


def assert_true_figures(text: str) -> None:
    found = pipeline.extract(Article(id="a1", url="", title="", text=text), nlp=False)
    for figure in found:
        assert text[figure.start : figure.end] == figure.surface != ""
        assert text[figure.sentence_start : figure.sentence_end] == figure.sentence
        assert figure.sentence_start <= figure.start < figure.sentence_end
        assert 0 <= figure.confidence <= 1
    for before, after in itertools.pairwise(found):
        assert before.end <= after.start
    assert len({figure.id for figure in found}) == len(found)


@given(TEXTS | st.lists(st.sampled_from(sorted(HOSTILE)), min_size=2, max_size=4).map(fragments))
@settings(max_examples=100)
def test_figures_of_random_text_keep_the_promise(text: str) -> None:
    assert_true_figures(text)


def test_a_dump_of_numbers_holds_no_figures_and_a_list_of_places_does() -> None:
    names = ["An Lạc", "Bình Hòa", "Cẩm Sơn", "Đức Phong"]
    listed = "; ".join(f"xã {names[n % 4]} {n + 12} hộ nghèo" for n in range(120))
    assert read_numbers("12 7 3,5 " * 60).quantities == ()
    assert len(read_numbers(listed).quantities) == 120


def test_a_sentence_without_a_stop_is_cut_between_words() -> None:
    sentences = read_numbers("Mỗi xã có 12 hộ nghèo, " * 300).sentences
    assert max(sentence.end - sentence.start for sentence in sentences) <= 2000
    assert all(sentence.end - sentence.start > 1000 for sentence in sentences[:-1])


@given(st.text(max_size=300))
def test_folding_and_lower_case_keep_every_offset(text: str) -> None:
    assert len(fold(text)) == len(lower(text)) == len(text)


@given(st.text(max_size=300))
def test_normalising_twice_changes_nothing(text: str) -> None:
    once = normalise(text)
    assert normalise(once) == once
    assert unicodedata.is_normalized("NFC", once)
    assert "\u00a0" not in once
    assert "\u200b" not in once


def test_normalising_joins_what_invisible_characters_part() -> None:
    assert (
        normalise("Ð\u1eafk L\u1eafk:\u00a078\u200b.000\u00ad h\u1ed9 \r\n\r\n\r\n ti\u1ebfp")
        == "Đắk Lắk: 78.000 hộ\n\ntiếp"
    )
