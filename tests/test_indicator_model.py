"""The learned choice of an indicator's words, and its model file."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract import confidence, pipeline
from extract.linear import ModelError
from extract.phrase import chooser, features, indicators, lines, words
from store.records import Article
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
