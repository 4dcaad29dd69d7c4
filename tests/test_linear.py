"""The small linear models: they learn, they repeat to the byte, and a wrong file is refused."""

import json
import math

import pytest

from extract import linear

ROWS = [
    {"bias": 1.0, "rain": 1.0},
    {"bias": 1.0, "sun": 1.0},
    {"bias": 1.0, "rain": 1.0, "wind": 0.5},
    {"bias": 1.0},
]
LABELS = [1, 0, 1, 0]


def test_logistic_regression_separates_and_is_calibrated_at_the_optimum():
    weights = linear.train(ROWS, LABELS, l2=0.1)
    chances = [linear.probability(linear.score(weights, row)) for row in ROWS]
    assert chances[0] > 0.7 > 0.3 > chances[1]
    # At the optimum the slope vanishes: what a feature's rows miss is what the pull to zero holds back.
    missing = sum(
        (label - chance) for row, label, chance in zip(ROWS, LABELS, chances, strict=True) if "rain" in row
    )
    assert missing == pytest.approx(0.1 * weights["rain"], abs=1e-5)


def test_ranking_prefers_the_marked_candidates():
    groups = [[{"near": 1.0}, {"far": 1.0}], [{"far": 1.0, "base": 1.0}, {"near": 1.0}, {}], [{"near": 1.0}]]
    weights = linear.train_ranking(groups, [{0}, {1}, set()], l2=0.5)
    assert weights["near"] > 0 > weights["far"]
    assert "base" in weights
    chances = linear.softmax([linear.score(weights, row) for row in groups[1]])
    assert chances.index(max(chances)) == 1
    assert math.isclose(sum(chances), 1.0)


def test_rare_features_are_left_out():
    assert set(linear.train(ROWS, LABELS, min_count=2)) == {"bias", "rain"}


def test_unknown_features_score_nothing():
    assert linear.score({"a": 2.0}, {"a": 1.5, "b": 9.0}) == 3.0


def test_softmax_of_nothing_and_of_large_scores():
    assert linear.softmax([]) == []
    assert linear.softmax([1000.0, 0.0]) == pytest.approx([1.0, 0.0])


def test_a_strong_group_counts_as_often_as_it_is_strong():
    groups, right = [[{"a": 1.0}, {"b": 1.0}], [{"a": 1.0}, {"b": 1.0}]], [{0}, {1}]
    strong = linear.train_ranking(groups, right, strengths=[3.0, 1.0])
    repeated = linear.train_ranking([groups[0]] * 3 + [groups[1]], [{0}] * 3 + [{1}])
    assert strong == pytest.approx(repeated, abs=1e-6)


def test_lengths_must_agree():
    with pytest.raises(ValueError, match="4 rows but 1 labels"):
        linear.train(ROWS, [1])
    with pytest.raises(ValueError, match="1 groups, 0 answers"):
        linear.train_ranking([[{}]], [])


def test_a_file_comes_back_and_repeats_to_the_byte(tmp_path):
    first, second = tmp_path / "models" / "a.json", tmp_path / "b.json"
    for path in (first, second):
        linear.save(path, linear.train(ROWS, LABELS), feature_version="1", trained_on="four rows")
    assert first.read_bytes() == second.read_bytes()
    stored = linear.load(first, feature_version="1")
    assert stored is not None
    assert stored["rain"] == pytest.approx(linear.train(ROWS, LABELS)["rain"], abs=1e-3)


def test_no_file_is_no_model(tmp_path):
    assert linear.load(tmp_path / "none.json", feature_version="1") is None


def test_wrong_files_are_refused(tmp_path):
    path = tmp_path / "model.json"
    linear.save(path, {"a": 1.0}, feature_version="1", trained_on="nothing")
    with pytest.raises(linear.ModelError, match="trained on features 1"):
        linear.load(path, feature_version="2")
    model = json.loads(path.read_text())
    path.write_text(json.dumps(model | {"weights": {"a": 1.5}}))
    with pytest.raises(linear.ModelError, match="digest"):
        linear.load(path, feature_version="1")
    path.write_text("[]")
    with pytest.raises(linear.ModelError, match="not a model file"):
        linear.load(path, feature_version="1")
