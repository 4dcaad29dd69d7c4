"""The table tests/places.toml: places on both sides of the merger, told by name, code, district or text."""

from __future__ import annotations

import dataclasses
import tomllib
from pathlib import Path
from typing import Any

import pytest

from extract.pipeline import extract
from extract.place import gazetteer, provinces
from store.places import parts_of, places, unit_of_34
from store.records import Article

CASES = tomllib.loads((Path(__file__).parent / "places.toml").read_text(encoding="utf-8"))


def named(case: dict[str, Any]) -> str:
    return " ".join(str(value) for value in case.values() if isinstance(value, str))


def test_the_table_is_large() -> None:
    assert sum(map(len, CASES.values())) >= 60


@pytest.mark.parametrize("case", CASES["named"], ids=named)
def test_names(case: dict[str, Any]) -> None:
    name = provinces.resolve(case["text"])
    unit = name and provinces.unit_for(name, case["on"])
    assert (unit.id if unit else "") == case["unit"]


@pytest.mark.parametrize("case", CASES["code"], ids=named)
def test_codes(case: dict[str, Any]) -> None:
    unit = provinces.unit_of_code(case["code"], case["on"])
    assert (unit.id if unit else "", unit.name if unit else "") == (case["unit"], case["name"])


@pytest.mark.parametrize("case", CASES["district"], ids=named)
def test_districts(case: dict[str, Any]) -> None:
    province = gazetteer.province_of(case["text"])
    found = [province and provinces.unit_for(province, day) for day in ("2025-06-30", "2025-07-01")]
    assert [unit.id if unit else "" for unit in found] == [case["old"], case["new"]]


@pytest.mark.parametrize("case", CASES["told"], ids=named)
def test_figures_of_articles(case: dict[str, Any]) -> None:
    article = Article(
        id="a",
        url="https://bao.example/a",
        title="Tin địa phương",
        text=f"Tin địa phương\n{case['sentence']}",
        site_province=case["province"],
        published=case["published"],
    )
    assert [[figure.surface, figure.place_id] for figure in extract(article)] == case["figures"]


def test_every_old_province_is_part_of_one_unit_of_today() -> None:
    old = [place for place in places().values() if place.unit_regime == "63"]
    new = [place.id for place in places().values() if place.unit_regime == "34"]
    assert sorted(part for unit in new for part in parts_of(unit)) == sorted(place.id for place in old)
    for place in old:
        unit = unit_of_34(place.id)
        assert unit is not None
        assert place.id in parts_of(unit)
        assert (place.valid_to, places()[unit].valid_from) == ("2025-06-30", "2025-07-01")
    assert [unit_of_34(place) for place in ("VN", "VN63-99")] == [None, None]
    assert unit_of_34("VN34-51") == "VN34-51"


def test_a_spelling_with_two_owners_on_one_day_is_refused() -> None:
    units = list(provinces.units().values())
    provinces.check_owners(units)
    old = next(unit for unit in units if unit.id == "VN63-62")
    stolen = dataclasses.replace(old, aliases=("QUANG-NGAI",))
    with pytest.raises(ValueError, match="'quangngai' means VN63-51 and VN63-62 on one day"):
        provinces.check_owners([stolen if unit is old else unit for unit in units])
    gone = dataclasses.replace(stolen, valid_from="2025-07-01", valid_to="2025-12-31")
    with pytest.raises(ValueError, match="VN63-62"):
        provinces.check_owners([gone if unit is old else unit for unit in units])
