"""Corrections: which add up, which can be taken back, which are refused."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store import queries
from store.filters import Filters
from store.review_fields import CORRECTABLE, ReviewError, checked_changes
from store.review_history import list_reviews
from store.reviews import confirm, correct, reject, undo
from tests.review_samples import RATIO, dump, lan, merged, shown, states, two_figures
from tests.store_samples import figure


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return two_figures(tmp_path)


def test_a_correction_is_merged_and_found_by_its_new_values(path: Path) -> None:
    correct(
        path,
        RATIO,
        {"value": "78500", "place_id": "VN63-49", "indicator": "hồ sơ  một cửa", "period": "/2024-03-31"},
        lan(),
    )
    seen = shown(path)
    assert (seen["review"], seen["value"], seen["place"], seen["period_start"]) == (
        "corrected",
        Decimal(78500),
        "Quảng Nam",
        None,
    )
    assert seen["extracted"] == {
        "indicator": "giải quyết hồ sơ trực tuyến",
        "period": "2024-01-01/2024-03-31",
        "place": "Quảng Ngãi",
        "place_id": "VN63-51",
        "value": "78000",
    }
    (row,) = [row for row in merged(path) if row["kind"] == "ratio"]
    assert (row["value"], row["place_id"], row["period"]) == (Decimal(78500), "VN63-49", "/2024-03-31")
    with queries.open_readonly(path) as db:
        assert queries.count_figures(db, Filters(query="quang nam mot cua")) == 1
        assert queries.count_figures(db, Filters(places=("VN63-49",))) == 1


def test_corrections_add_up_and_each_undo_goes_back_one_step(path: Path) -> None:
    before = shown(path)
    correct(path, RATIO, {"value": "78500"}, lan("một chữ số"))
    correct(path, RATIO, {"locality": "xã Sơn Mỹ"}, lan("xã"))
    both = shown(path)
    assert (both["value"], both["locality"]) == (Decimal(78500), "xã Sơn Mỹ")
    confirm(path, RATIO, lan("đúng cả hai", reviewer="Minh"))
    assert (shown(path)["review"], shown(path)["reviewer"]) == ("corrected", "Minh")
    reject(path, RATIO, lan("không phải chỉ số"))
    assert shown(path)["review"] == "rejected"
    undo(path, 4, lan("nhầm"))
    undo(path, 3, lan("nhầm"))
    assert shown(path) == both
    undo(path, 2, lan("nhầm"))
    assert (shown(path)["value"], shown(path)["locality"]) == (Decimal(78500), None)
    undo(path, 1, lan("nhầm"))
    assert shown(path) == before
    assert states(path) == ["undone"] * 4 + ["undo"] * 4
    with pytest.raises(ReviewError, match="Review 1 does not hold any more"):
        undo(path, 1, lan())


def test_a_field_set_back_to_what_was_extracted_is_corrected_no_more(path: Path) -> None:
    correct(path, RATIO, {"value": "78500", "unit": "bộ hồ sơ"}, lan())
    correct(path, RATIO, {"value": "78000.0"}, lan())
    assert shown(path)["extracted"] == {"unit": "hồ sơ"}
    with pytest.raises(ReviewError, match="undo the correction"):
        correct(path, RATIO, {"unit": "hồ sơ"}, lan())
    with pytest.raises(ReviewError, match="changes nothing"):
        correct(path, RATIO, {"unit": "bộ hồ sơ"}, lan())


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"value": "78.500"}, "may mean 78500 or 78.5000"),
        ({"value": "78,5"}, "plain number"),
        ({"value": "NaN"}, "plain number"),
        ({"value": "1e400"}, "plain number"),
        ({"value": ""}, "plain number"),
        ({"value": True}, "plain number"),
        ({"value": 0.1}, "plain number"),
        ({"value": Decimal("Infinity")}, "plain number"),
        ({"denominator": "0"}, "greater than 0"),
        ({"denominator": ""}, "needs its denominator"),
        ({"kind": "count"}, "no denominator"),
        ({"kind": "number"}, "kind must be one of"),
        ({"kind": "rank", "value": "20", "denominator": "19"}, "greater than its denominator"),
        ({"kind": "rank", "value": "2.5"}, "whole number"),
        ({"value_max": "78000"}, "farther from 0"),
        ({"comparator": ["eq"]}, "comparator must be one of"),
        ({"negated": "maybe"}, "true or false"),
        ({"place_id": "VN63-99"}, "no place"),
        ({"place": "Quảng Nam"}, "corrected by its id"),
        ({"indicator_id": "no_such_index"}, "no indicator"),
        ({"indicator": "  "}, "must not be empty"),
        ({"unit": "hồ\x1b[2Jsơ"}, "one line"),
        ({"base": "x" * 501}, "one line"),
        ({"period": "2024"}, "START/END"),
        ({"period": "/"}, "START/END"),
        ({"period": "2024-02-30/"}, "START/END"),
        ({"period": "2024-12-31/2024-01-01"}, "START/END"),
        ({"period": "20240101/"}, "START/END"),
        ({"surface": "1"}, "not a field"),
        ({"id": "1"}, "not a field"),
        ({"value = 1; --": "1"}, "not a field"),
        ({}, "changes nothing"),
    ],
    ids=str,
)
def test_a_correction_that_cannot_be_taken_is_refused_in_one_sentence(
    path: Path, changes: dict[str, Any], said: str
) -> None:
    before = dump(path)
    with pytest.raises(ReviewError, match=said) as refused:
        correct(path, RATIO, changes, lan())
    assert "\n" not in str(refused.value)
    assert list_reviews(path) == []
    assert dump(path) == before


def test_a_doubtful_extraction_may_be_corrected_in_other_fields() -> None:
    doubtful = figure(kind="rank", value=Decimal(70), denominator=Decimal(63))
    assert checked_changes(doubtful, {"status": "target"}) == {"status": "target"}


@given(st.dictionaries(st.sampled_from(CORRECTABLE), st.text() | st.integers() | st.none() | st.booleans()))
def test_any_correction_is_taken_or_refused(changes: dict[str, Any]) -> None:
    try:
        kept = checked_changes(figure(), changes)
    except ReviewError:
        return
    assert json.loads(json.dumps(kept)) == kept
