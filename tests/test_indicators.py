"""Lines and pieces, candidates by rule, the learned choice and its model file, bases and restatements."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract import confidence, pipeline
from extract.analysis import Analysis
from extract.linear import ModelError
from extract.phrase import bases, candidates, chooser, features, indicators, lines, restates, words
from extract.phrase.alignment import align
from store.records import Article
from tests.gold import GOLD
from tests.steps import read_numbers

ARTICLE = Article(
    id="a1",
    url="https://example.test/a1",
    title="",
    site_province="Lào Cai",
    published="2024-08-01",
    text=(
        "Sáu tháng qua, Trung tâm tiếp nhận 4.300 hồ sơ (3.900 hồ sơ trực tuyến), tỷ lệ đúng hạn đạt 98,5%, "
        "tăng 1,2% so với cùng kỳ.\nChỉ số DTI đạt 71,3 điểm, xếp thứ 12/63."
    ),
)


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


# -- the learned choice


def test_every_link_has_a_phrase_of_the_text_and_a_probability() -> None:
    analysis = pipeline.analyse(ARTICLE)
    assert len(analysis.indicators) == len(analysis.quantities) == 6
    for link in analysis.indicators:
        assert link.value
        assert 0 < link.confidence <= 1
        assert "indicator:chooser" in link.rules
        assert all(word.strip("(),") in analysis.text for word in link.value.split())


def test_without_a_model_the_rule_decides(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chooser, "shipped", lambda: None)
    found = indicators.choose(read_numbers("Tỷ lệ hộ dùng điện đạt 99%."))
    assert found.indicators[0].value == "Tỷ lệ hộ dùng điện"
    assert found.indicators[0].rules == ("indicator:subject_left",)


def test_without_nlp_underthesea_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> list[str]:
        raise AssertionError("asked")

    monkeypatch.setattr(words, "parts", refuse)
    assert indicators.choose(replace(read_numbers("Xã có 40 hộ nghèo."), nlp=False)).indicators[0].value
    with pytest.raises(AssertionError, match="asked"):
        indicators.choose(read_numbers("Xã có 40 hộ nghèo."))


def test_an_article_without_figures_has_no_indicators() -> None:
    assert indicators.choose(read_numbers("Không có gì để đếm.")).indicators == ()


@given(st.lists(st.floats(0.03, 0.99), min_size=1, max_size=7))
def test_the_decoded_set_has_the_highest_expected_overlap(chances: list[float]) -> None:
    tokens = [lines.Token(i, i + 1, f"w{i}", 0, 0, 0, -1, "") for i in range(len(chances))]
    picked, expected = chooser.decode(tokens, range(len(chances)), chances, size=sum(chances))

    def overlap(chosen: tuple[int, ...]) -> float:
        return 2 * sum(chances[i] for i in chosen) / (len(chosen) + sum(chances))

    sets = (c for size in range(1, len(chances) + 1) for c in combinations(range(len(chances)), size))
    assert overlap(picked) == pytest.approx(max(map(overlap, sets)))
    assert expected == pytest.approx(min(1.0, overlap(picked)))


def test_a_word_that_stands_twice_is_picked_once() -> None:
    tokens = [lines.Token(i, i + 1, word, 0, 0, 0, -1, "") for i, word in enumerate(["thu", "thu", "phí"])]
    picked, _ = chooser.decode(tokens, range(3), [0.5, 0.5, 0.9], size=1.9)
    assert picked == (0, 2)


# -- the model file


def test_the_shipped_model_fits_the_program_and_holds_no_sentences() -> None:
    model = chooser.load(chooser.MODEL_FILE)
    assert model is not None
    assert {table.template for table in model.passes[0]} <= set(features.FIRST)
    assert {table.template for table in model.passes[1]} <= set(features.SECOND)
    assert all(" " not in word for word in model.vocabulary)
    assert chooser.MODEL_FILE.stat().st_size < 2_500_000


def test_a_model_comes_back_as_it_was_saved(tmp_path: Path) -> None:
    path = tmp_path / "model.json"
    names: chooser.Names = {"region word": {"left hộ": 0.5, "unit <rare>": -0.25}, "bias": {"0": -2.0}}
    chooser.save(path, ["hộ", "xã"], [names, names], trained_on="x")
    model = chooser.load(path)
    assert model is not None
    for table in model.passes[1]:
        stored = names[" ".join(table.template)]
        found = {
            chooser.value_names(table.template, int(code), ["hộ", "xã"]): float(weight)
            for code, weight in zip(table.codes, table.weights, strict=True)
        }
        assert found == stored
    first = path.read_bytes()
    chooser.save(path, ["hộ", "xã"], [names, names], trained_on="x")
    assert path.read_bytes() == first


def test_a_model_of_another_version_or_with_changed_weights_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "model.json"
    assert chooser.load(path) is None
    chooser.save(path, ["hộ"], [{"bias": {"0": 1.0}}, {}], trained_on="x")
    stored = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({**stored, "feature_version": "0"}), encoding="utf-8")
    with pytest.raises(ModelError, match="train it again"):
        chooser.load(path)
    path.write_text(json.dumps({**stored, "passes": [{"bias": {"0": 2.0}}, {}]}), encoding="utf-8")
    with pytest.raises(ModelError, match="digest"):
        chooser.load(path)
    path.write_text("[]", encoding="utf-8")
    with pytest.raises(ModelError, match="not a model file"):
        chooser.load(path)


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


# -- bases, restatements, confidence


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Thu phí tăng 8% so với cùng kỳ năm trước.", ["cùng kỳ năm trước"]),
        ("Giải ngân đạt 61% kế hoạch vốn.", ["kế hoạch vốn"]),
        ("Đàn bò tăng 3% và 4% so với quý trước.", ["quý trước", "quý trước"]),
        ("Số vụ cháy giảm 9 vụ (giảm 12%) so với cùng kỳ.", ["cùng kỳ", "cùng kỳ"]),
        ("Có 85% thôn đạt chuẩn.", ["thôn"]),
        ("Cấp thẻ cho 72% trên tổng số công dân đủ điều kiện.", ["tổng số công dân đủ điều kiện"]),
        ("Chè tăng 4% so với cùng kỳ. Cà phê tăng 6%, lúa giảm 2%.", ["cùng kỳ", "cùng kỳ", "cùng kỳ"]),
        ("Xã có 40 hộ nghèo.", [None]),
    ],
)
def test_bases(text: str, expected: list[str | None]) -> None:
    assert [link.value for link in bases.find(read_numbers(text)).bases] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Có 30/40 thôn có nhà văn hóa, đạt 75%.", [None, 0]),
        ("Có 30/40 thôn có nhà văn hóa, tăng 75% so với năm trước.", [None, None]),
        ("Có 67 thôn (chiếm 41%) ở vùng cao.", [None, 0]),
        ("Đã cấp 900 thẻ, đạt 60%.", [None, 0]),
        ("Đã cấp 900 thẻ, đạt 60% kế hoạch.", [None, None]),
        ("Số vụ cháy giảm 9 vụ (giảm 12%).", [None, 0]),
    ],
)
def test_restatements(text: str, expected: list[int | None]) -> None:
    assert list(restates.find(bases.find(read_numbers(text))).restates) == expected


def test_confidence_is_a_probability_and_falls_with_a_flag() -> None:
    analysis = pipeline.analyse(ARTICLE)
    clear = replace(
        analysis,
        quantities=tuple(replace(quantity, flags=()) for quantity in analysis.quantities),
        flags=((),) * len(analysis.quantities),
    )
    doubted = replace(clear, flags=(("parts_do_not_sum",),) * len(analysis.quantities))
    for index in range(len(analysis.quantities)):
        assert 0 < confidence.of(doubted, index) < confidence.of(clear, index) < 1


def test_without_weights_confidence_is_the_product_of_the_links(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(confidence, "_model", lambda: None)
    analysis = pipeline.analyse(ARTICLE)
    assert 0 <= confidence.of(analysis, 0) <= analysis.indicators[0].confidence
