"""The catalogue of canonical indicators: its entries, and which phrases get an id."""

from __future__ import annotations

from decimal import Decimal
from typing import cast

import pytest

from extract.analysis import Quantity
from extract.phrase import catalogue
from store.records import Kind, Measure


def quantity(kind: str, unit: str | None, measure: str = "level") -> Quantity:
    return Quantity(0, 1, cast(Kind, kind), Decimal(1), unit=unit, measure=cast(Measure, measure))


def test_every_entry_is_complete() -> None:
    entries = catalogue._stored()["indicator"]
    assert len({entry["id"] for entry in entries}) == len(entries) >= 60
    for entry in entries:
        assert entry["id"] == entry["id"].lower().strip(), entry["id"]
        assert all(entry[key] for key in ("name_vi", "name_en", "definition", "theme", "unit")), entry["id"]
        assert entry["direction"] in ("up", "down", "none"), entry["id"]
        assert set(entry["kinds"]) <= {"ratio", "rank", "percent", "money", "score", "multiple", "count"}
        assert entry.get("aliases") or entry.get("change_aliases"), entry["id"]


def test_every_alias_leads_to_its_entry_and_to_no_other() -> None:
    for indicator in catalogue.catalogue().values():
        for aliases, measure in ((indicator.aliases, "level"), (indicator.change_aliases, "difference")):
            for alias in aliases:
                kind = min(indicator.kinds)
                unit = "%" if kind == "percent" else indicator.units[0] if indicator.units else None
                found = catalogue.indicator_id(" ".join(alias), quantity(kind, unit, measure))
                assert found == indicator.id, " ".join(alias)


@pytest.mark.parametrize(
    ("phrase", "kind", "unit", "measure", "expected"),
    [
        ("Tổng thu ngân sách nhà nước trên địa bàn tỉnh", "money", "VND", "level", "budget_revenue"),
        ("Tổng sản phẩm trên địa bàn (GRDP)", "percent", "%", "difference", "grdp_growth"),
        ("GRDP", "money", "VND", "level", "grdp"),
        ("GRDP bình quân đầu người", "money", "VND/người", "level", "grdp_per_head"),
        ("tỉ lệ hộ nghèo của tỉnh còn", "percent", "%", "level", "poverty_rate"),
        ("Chỉ số năng lực cạnh tranh cấp tỉnh (PCI)", "rank", "tỉnh", "level", "pci"),
        ("Chỉ số năng lực cạnh tranh cấp tỉnh", "rank", "bậc", "difference", "pci"),
        ("xã đạt chuẩn nông thôn mới", "ratio", "xã", "level", "new_rural_communes"),
        ("xã đạt chuẩn nông thôn mới nâng cao", "count", "xã", "level", "advanced_rural_communes"),
        # the same words of another kind, unit or measure
        ("thu ngân sách", "percent", "%", "level", None),
        ("kim ngạch xuất khẩu", "money", "VND", "level", None),
        ("tỷ lệ hộ nghèo", "percent", "%", "difference", None),
        ("thu ngân sách", "money", "VND/người", "level", None),
        # more than the indicator
        ("tỷ lệ hộ nghèo vùng dân tộc thiểu số", "percent", "%", "level", None),
        ("doanh thu du lịch biển đảo", "money", "VND", "level", None),
        ("hộ nghèo chưa có nhà ở", "count", "hộ", "level", None),
        ("của tỉnh đạt", "percent", "%", "level", None),
        ("", "count", None, "level", None),
    ],
)
def test_ids(phrase: str, kind: str, unit: str | None, measure: str, expected: str | None) -> None:
    assert catalogue.indicator_id(phrase, quantity(kind, unit, measure)) == expected
