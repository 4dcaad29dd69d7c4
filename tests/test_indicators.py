"""Lines and pieces of sentences, and the candidates for an indicator's words by rule."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract.analysis import Analysis
from extract.phrase import bases, candidates, indicators, lines, restates, words
from extract.phrase.alignment import align
from tests.gold import GOLD
from tests.steps import read_numbers

PIECES = [
    *("5", "12%", "3/4 xã", "7 tỷ đồng", "9,5 điểm", "thứ 2/63", "gấp 3 lần", "40 hộ", "2 bậc", "1.200"),
    *("(", ")", ",", ";", ".", "\n", " - ", "so với cùng kỳ", "kế hoạch", "trên tổng số", "và", "trong đó"),
    *("tăng", "giảm", "đạt", "chiếm", "Chỉ số PCI", "thu ngân sách", "xếp", "năm 2023", "hộ nghèo"),
]


def laid_out(text: str) -> tuple[Analysis, lines.Layout]:
    analysis = read_numbers(text)
    return analysis, lines.lay_out(analysis)


def picks(text: str) -> list[tuple[str, str]]:
    """Return the rule's phrase and rule for every quantity."""
    analysis, layout = laid_out(text)
    return [
        (lines.phrase(analysis.text, layout.tokens, found.pick), found.rule)
        for found in candidates.propose(analysis, layout)
    ]


# -- lines and pieces


def test_a_bracket_is_a_line_of_its_own_and_the_main_line_runs_past_it() -> None:
    _, layout = laid_out("Xã có 40 hộ khá (12 hộ giàu) và 9 hộ nghèo.")
    assert [place.line for place in layout.places] == [0, 1, 0]
    assert layout.places[1].owner == 0
    assert layout.places[2].before == 0
    assert layout.places[1].before is None


def test_a_comma_inside_a_noun_phrase_parts_nothing() -> None:
    _, layout = laid_out("Có 18 sở, ban, ngành tham gia, 7 đơn vị vắng mặt.")
    assert [place.piece for place in layout.places] == [0, 1]


def test_a_bracket_that_never_closes_opens_no_line() -> None:
    _, layout = laid_out("Xã có 40 hộ (trong đó 12 hộ nghèo.")
    assert {place.line for place in layout.places} == {0}


@given(st.text(alphabet='ab1 ,;:()%-–.\n"“”…', max_size=60))
def test_any_text_can_be_laid_out(text: str) -> None:
    analysis, layout = laid_out(text)
    assert len(layout.places) == len(analysis.quantities)
    for place, quantity in zip(layout.places, analysis.quantities, strict=True):
        assert layout.tokens[place.first].start <= quantity.start < layout.tokens[place.last - 1].end
    for found in candidates.propose(analysis, layout):
        assert all(0 <= number < len(layout.tokens) for number in found.pick)


@given(st.lists(st.sampled_from(PIECES), max_size=14).map(" ".join))
def test_any_text_gets_a_link_for_every_quantity(text: str) -> None:
    analysis = restates.find(bases.find(indicators.choose(replace(read_numbers(text), nlp=False))))
    for link, base in zip(analysis.indicators, analysis.bases, strict=True):
        assert link.value is not None
        assert 0 <= link.confidence <= 1
        if base.span is not None:
            assert " ".join(analysis.text[slice(*base.span)].split()).startswith(base.value or "")
    assert all(other is None or other != index for index, other in enumerate(analysis.restates))


def test_a_phrase_keeps_what_stands_between_neighbours() -> None:
    analysis, layout = laid_out("Có 31 cán bộ, công chức cấp xã được đào tạo.")
    picked = [
        n
        for n, token in enumerate(layout.tokens)
        if token.word in ("cán", "bộ", "công", "chức", "đào", "tạo")
    ]
    assert lines.phrase(analysis.text, layout.tokens, picked) == "cán bộ, công chức đào tạo"


# -- candidates by rule


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Tỷ lệ hộ dùng điện đạt 99%.", [("Tỷ lệ hộ dùng điện", "subject_left")]),
        (
            "Đến nay có 26 thôn đạt chuẩn văn hóa.",
            [("thôn đạt chuẩn văn hóa", "counted_noun")],
        ),
        (
            "Doanh thu bưu chính đạt 90 tỷ đồng, tăng 7% so với cùng kỳ.",
            [("Doanh thu bưu chính", "subject_left"), ("Doanh thu bưu chính", "inherited")],
        ),
        (
            "Hiện 60% trường, 75% trạm y tế đã kết nối mạng.",
            [("trường đã kết nối mạng", "noun_right"), ("trạm y tế đã kết nối mạng", "noun_right")],
        ),
        (
            "Chỉ số chuyển đổi số cấp xã được công bố. Phường Hòa Lạc đạt 88 điểm, xếp thứ 3.",
            [("Chỉ số chuyển đổi số cấp xã", "named_index"), ("Chỉ số chuyển đổi số cấp xã", "inherited")],
        ),
        ("Tỉnh xếp thứ 5 về chỉ số xanh.", [("chỉ số xanh", "noun_right")]),
    ],
)
def test_the_rule_picks(text: str, expected: list[tuple[str, str]]) -> None:
    assert picks(text) == expected


def test_a_bracket_without_a_subject_speaks_of_what_stands_before_it() -> None:
    assert picks("Toàn huyện có 30 trường đạt chuẩn (chiếm 62%).")[1] == ("trường đạt chuẩn", "inherited")


def test_names_of_indexes_end_before_their_verb() -> None:
    text = "Chỉ số cải cách hành chính (PAR INDEX) đạt 88,1%; DDCI của sở giảm."
    assert [text[slice(*span)] for span in lines.index_names(text)] == [
        "Chỉ số cải cách hành chính (PAR INDEX)",
        "DDCI",
    ]


# -- words


def test_figures_are_masked_at_their_length() -> None:
    assert words.mask("có 1.234 hộ", [(3, 8), (40, 50), (-9, -2)]) == "có 11111 hộ"


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        ([("nông", True), ("thôn", False), ("mới", True)], [(0, 9), (10, 13)]),
        ([("nông", True), ("cũ", True)], None),
        ([("thôn", True)], None),
        ([], None),
    ],
)
def test_words_that_do_not_align_are_refused(
    found: list[tuple[str, bool]], expected: list[tuple[int, int]] | None
) -> None:
    assert words.align("nông thôn mới", found) == expected


def test_parts_of_words() -> None:
    text = "hộ nông thôn có 12 máy"
    spans = [(0, 2), (3, 7), (8, 12), (13, 15), (16, 18), (19, 22)]
    assert words.parts(text, spans, numbers=[(16, 18)])[:3] == ["single", "begin", "end"]


def test_an_annotated_phrase_is_found_near_its_figure() -> None:
    analysis, layout = laid_out("Thu phí đạt 7 tỷ đồng. Tổng thu phí năm nay của cảng đạt 9 tỷ đồng.")
    found = align("thu phí của cảng", layout, layout.places[1])
    assert lines.phrase(analysis.text, layout.tokens, found) == "thu phí của cảng"
    assert {layout.tokens[number].sentence for number in found} == {1}


@pytest.mark.skipif(not GOLD.is_dir(), reason="the annotated articles are not beside the project")
def test_no_annotated_sentence_is_in_the_corpus() -> None:
    def runs(text: str) -> set[tuple[str, ...]]:
        syllables = [word.strip('.,;:()"“”') for word in text.lower().split()]
        return {tuple(syllables[i : i + 12]) for i in range(len(syllables) - 11)}

    annotated: set[tuple[str, ...]] = set()
    for name in ("seeds", "train", "dev"):
        for line in (GOLD / f"{name}.jsonl").read_text(encoding="utf-8").splitlines():
            annotated |= runs(json.loads(line)["text"])
    own = (Path(__file__).parent / "corpus" / "indicators.toml").read_text(encoding="utf-8")
    assert not [line for line in own.splitlines() if runs(line) & annotated]
