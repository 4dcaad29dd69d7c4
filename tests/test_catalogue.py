"""The catalogue of canonical indicators: its entries, and which phrases get an id."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from decimal import Decimal
from itertools import product
from typing import Any, cast

import pytest

from extract.analysis import Quantity
from extract.phrase import catalogue
from store.records import Kind, Measure

ENTRIES: list[dict[str, Any]] = catalogue._stored()["indicator"]
THEMES: list[dict[str, Any]] = catalogue._stored()["theme"]
KINDS = {"ratio", "rank", "percent", "money", "score", "multiple", "count"}
BY_ID = pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry["id"])


def quantity(kind: str, unit: str | None, measure: str = "level", value: float = 7) -> Quantity:
    return Quantity(
        0,
        1,
        cast(Kind, kind),
        Decimal(str(value)),
        unit=unit,
        measure=cast(Measure, measure),
    )


def syllables_as_written(text: str) -> set[str]:
    return set(re.findall(r"\w+", text.lower()))


def linked(phrase: str, entry: dict[str, Any], *, units: int | None = None) -> set[str | None]:
    """Return the ids that a phrase gets with the kinds, measures and first `units` of an entry."""
    value = entry["range"][0] or entry["range"][1] / 1000
    own = entry.get("units", [entry["unit"]])[:units]
    shared = {"percent": ["%"], "multiple": ["lần"], "score": ["điểm"], "rank": ["tỉnh"]}
    return {
        catalogue.indicator_id(phrase, quantity(kind, unit, measure, value))
        for kind in entry["kinds"]
        for unit, measure in product(shared.get(kind, own), ("level", "difference"))
    }


def test_ids_are_unique_and_the_list_is_long() -> None:
    assert max(Counter(entry["id"] for entry in ENTRIES).values()) == 1
    assert len(ENTRIES) >= 200


def test_themes_form_a_tree_and_each_is_used() -> None:
    known = {theme["id"] for theme in THEMES}
    assert len(known) == len(THEMES)
    for theme in THEMES:
        assert theme["name_vi"]
        assert theme["name_en"]
        assert theme.get("parent", next(iter(known))) in known
    roots = {theme["id"] for theme in THEMES if "parent" not in theme}
    assert all(theme["parent"] in roots for theme in THEMES if "parent" in theme)
    used = {entry["theme"] for entry in ENTRIES}
    assert used <= known
    assert known - roots <= used


@BY_ID
def test_an_entry_is_complete(entry: dict[str, Any]) -> None:
    assert entry["id"] == entry["id"].lower().strip()
    for key in ("name_vi", "name_en", "definition", "producer", "unit"):
        assert entry[key].strip(), key
    assert entry["direction"] in ("up", "down", "none")
    assert isinstance(entry["additive"], bool)
    assert set(entry["kinds"]) <= KINDS
    low, high = entry["range"]
    assert low < high
    assert entry["kinds"][0] != "percent" or not entry["additive"]
    for groups in (entry["cues"], entry.get("change_cues", entry["cues"])):
        assert groups
        assert all(cue.strip() for group in groups for cue in group)


@BY_ID
def test_what_an_entry_says_is_one_sentence_in_both_languages(entry: dict[str, Any]) -> None:
    assert ("caveats" in entry) == ("caveats_vi" in entry)
    for key in {"definition", "caveats"} & entry.keys():
        english, vietnamese = entry[key], entry[f"{key}_vi"]
        assert vietnamese == unicodedata.normalize("NFC", vietnamese).strip() != english
        assert english.endswith(".")
        assert vietnamese.endswith(".")
        assert vietnamese[0].isupper()
        assert not vietnamese.isascii()
        for old_spelling in catalogue._stored()["spellings"]:
            assert old_spelling not in syllables_as_written(vietnamese), old_spelling


@BY_ID
def test_examples_lead_to_their_entry_and_counterexamples_do_not(entry: dict[str, Any]) -> None:
    assert len(entry["examples"]) >= 2
    assert entry["counterexamples"]
    for phrase in entry["examples"]:
        assert entry["id"] in linked(phrase, entry), phrase
    for phrase in entry["counterexamples"]:
        assert entry["id"] not in linked(phrase, entry, units=1), phrase


@pytest.mark.parametrize(
    ("phrase", "kind", "unit", "measure", "expected"),
    [
        ("Tổng sản phẩm trên địa bàn (GRDP)", "percent", "%", "difference", "grdp_growth"),
        ("Chỉ số năng lực cạnh tranh cấp tỉnh (PCI)", "rank", "tỉnh", "level", "pci"),
        ("Chỉ số năng lực cạnh tranh cấp tỉnh", "rank", "bậc", "difference", "pci"),
        ("xã đạt chuẩn nông thôn mới", "ratio", "xã", "level", "new_rural_communes"),
        ("xã đạt chuẩn nông thôn mới nâng cao", "count", "xã", "level", "advanced_rural_communes"),
        # abbreviations, old spellings, other words between and around, another order
        ("tỉ lệ hộ nghèo của tỉnh còn", "percent", "%", "level", "poverty_rate"),
        ("xã được công nhận đạt chuẩn NTM trong năm", "count", "xã", "level", "new_rural_communes"),
        ("người dân trên địa bàn đã tham gia BHYT", "count", "người", "level", "health_insured"),
        ("hồ sơ qua cổng dịch vụ công được nộp trực tuyến", "count", "hồ sơ", "level", "online_files"),
        # the unit tells as much as the phrase
        ("tai nạn giao thông xảy ra trên toàn tỉnh", "count", "vụ", "level", "traffic_accidents"),
        # a rise or fall is of the same indicator
        ("tỷ lệ hộ nghèo", "percent", "%", "difference", "poverty_rate"),
        # more than the indicator, or the opposite of it
        ("tỷ lệ hộ nghèo vùng dân tộc thiểu số", "percent", "%", "level", "ethnic_poverty_rate"),
        ("hộ nghèo chưa có nhà ở", "count", "hộ", "level", None),
        ("người chưa tham gia bảo hiểm y tế", "count", "người", "level", None),
        # a part of a compound is no cue
        ("trường hợp phải phẫu thuật", "count", "trường hợp", "level", None),
        # no words to go by
        ("của tỉnh đạt", "percent", "%", "level", None),
        ("", "count", None, "level", None),
    ],
)
def test_ids(phrase: str, kind: str, unit: str | None, measure: str, expected: str | None) -> None:
    assert catalogue.indicator_id(phrase, quantity(kind, unit, measure)) == expected


@pytest.mark.parametrize(
    ("value", "unit", "expected"),
    [
        (3_500_000_000_000, "VND", "budget_revenue"),
        (3_500, "VND", None),  # out of range: misread, or of something else
        (3_500_000_000_000, "USD", None),  # no unit of this indicator
        (3_500_000_000_000, "VND/người", None),
    ],
)
def test_unit_and_range_must_fit(value: float, unit: str, expected: str | None) -> None:
    told = quantity("money", unit, value=value)
    assert catalogue.indicator_id("thu ngân sách nhà nước", told) == expected


def test_the_range_is_in_the_indicators_own_currency() -> None:
    assert catalogue.catalogue()["fdi_registered"].low < 50_000
    for value, unit in ((50_000, "USD"), (50_000, "VND")):
        assert catalogue.indicator_id("vốn FDI đăng ký", quantity("money", unit, value=value))


def test_a_phrase_about_much_else_gets_no_id() -> None:
    told = quantity("count", "người")
    assert catalogue.indicator_id("dân số", told) == "population"
    assert catalogue.indicator_id("dân số ở những bản xa đi chợ phiên mua muối dầu gạo thóc", told) is None


def test_a_sum_is_not_read_out_of_the_phrases_of_two_figures() -> None:
    told = quantity("money", "USD", value=900_000_000)
    assert catalogue.indicator_id("kim ngạch xuất khẩu nhập khẩu", told) == "trade_turnover"
    assert catalogue.indicator_id("kim ngạch xuất khẩu nhập khẩu", told, across=True) is None
    assert catalogue.indicator_id("kim ngạch nhập khẩu", told, across=True) == "imports"
