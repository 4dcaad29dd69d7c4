"""The 63 and the 34 provinces: the table is whole, names resolve, and the merger decides the id."""

import pytest

from extract.place import provinces


def test_the_table_is_whole():
    units = provinces.units().values()
    old = [unit for unit in units if unit.list == 63]
    new = [unit for unit in units if unit.list == 34]
    assert (len(old), len(new)) == (63, 34)
    assert len({(unit.list, unit.code) for unit in units}) == 97
    assert all(unit.id == f"VN{unit.list}-{unit.code}" for unit in units)
    assert {unit.merged_into for unit in old} == {unit.id for unit in new}
    assert {unit.name for unit in new} <= {unit.name for unit in old}


def test_eleven_provinces_stayed_as_they_were():
    grown = [unit.merged_into for unit in provinces.units().values() if unit.list == 63]
    assert sum(grown.count(successor) == 1 for successor in set(grown)) == 11


def test_seven_new_units_carry_the_code_of_another_old_one():
    by_code = {(unit.list, unit.code): unit.name for unit in provinces.units().values()}
    moved = {name: by_code[63, code] for (which, code), name in by_code.items() if which == 34}
    assert {name: old for name, old in moved.items() if name != old} == {
        "Lào Cai": "Yên Bái",
        "Bắc Ninh": "Bắc Giang",
        "Quảng Trị": "Quảng Bình",
        "Gia Lai": "Bình Định",
        "Tây Ninh": "Long An",
        "Đồng Tháp": "Tiền Giang",
        "An Giang": "Kiên Giang",
    }


def test_no_spelling_has_two_owners():
    owners: dict[str, set[str]] = {}
    for name in provinces.names():
        for spelling in provinces.surfaces(name):
            owners.setdefault(spelling.casefold(), set()).add(name)
    assert {spelling: who for spelling, who in owners.items() if len(who) > 1} == {}


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("quang ngai", "Quảng Ngãi"),
        ("QUẢNG NGÃI", "Quảng Ngãi"),
        ("tỉnh Quảng Ngãi", "Quảng Ngãi"),
        ("TP.HCM", "Hồ Chí Minh"),
        ("tp hcm", "Hồ Chí Minh"),
        ("Thành phố Hồ Chí Minh", "Hồ Chí Minh"),
        ("Ho Chi Minh City", "Hồ Chí Minh"),
        ("Sài Gòn", "Hồ Chí Minh"),
        ("Đăk Lăk", "Đắk Lắk"),
        ("Đắc Lắc", "Đắk Lắk"),
        ("daklak", "Đắk Lắk"),
        ("Thừa Thiên - Huế", "Huế"),
        ("Thừa Thiên Huế", "Huế"),
        ("TP. Huế", "Huế"),
        ("Hoà Bình", "Hòa Bình"),
        ("thanh hoa", "Thanh Hóa"),
        ("Bà Rịa–Vũng Tàu", "Bà Rịa - Vũng Tàu"),
        ("BR-VT", "Bà Rịa - Vũng Tàu"),
        ("Kontum", "Kon Tum"),
        ("Hanoi", "Hà Nội"),
        ("Vietnam", "Việt Nam"),
        ("cả nước", "Việt Nam"),
        ("Hà Tây", None),
        ("quảng", None),
        ("", None),
    ],
)
def test_what_people_type(text, name):
    assert provinces.resolve(text) == name


def test_every_unit_answers_to_all_its_names():
    for unit in provinces.units().values():
        for spelling in (unit.name, unit.full_name, unit.english, unit.ascii, *unit.aliases):
            assert provinces.resolve(spelling) == unit.name, spelling


@pytest.mark.parametrize(
    ("text", "first"), [("Quảng Ngải", "Quảng Ngãi"), ("Thanh Ha", "Thanh Hóa"), ("Bình Dươn", "Bình Dương")]
)
def test_near_names_are_suggested(text, first):
    assert provinces.suggest(text)[0] == first


def test_nothing_near_no_suggestion():
    assert provinces.suggest("xyzw") == ()
    assert len(provinces.suggest("Quảng", limit=2)) <= 2


@pytest.mark.parametrize(
    ("name", "on_date", "unit"),
    [
        ("Quảng Ngãi", "2025-06-30", "VN63-51"),
        ("Quảng Ngãi", "2025-07-01", "VN34-51"),
        ("Kon Tum", "2024-05-01", "VN63-62"),
        ("Kon Tum", "2025-12-31", "VN34-51"),
        ("Lào Cai", "2020-01-01", "VN63-10"),
        ("Lào Cai", "2026-01-01", "VN34-15"),
        ("Yên Bái", "2026-01-01", "VN34-15"),
        ("Hà Nội", "2026-01-01", "VN34-01"),
    ],
)
def test_the_unit_of_a_day(name, on_date, unit):
    found = provinces.unit_for(name, on_date)
    assert found is not None
    assert found.id == unit


def test_no_unit_for_other_names():
    assert provinces.unit_for("Đồng bằng sông Cửu Long", "2020-01-01") is None


@pytest.mark.parametrize(
    ("place", "published", "period", "expected"),
    [
        ("Gia Lai", "2025-06-30", None, "VN63-64"),
        ("Gia Lai", "2025-07-01T00:10:00+07:00", None, "VN34-52"),
        ("Gia Lai", "2024", None, "VN63-64"),
        ("Gia Lai", "2026", "2024-01-01/2024-12-31", "VN34-52"),
        ("Gia Lai", None, "2024-01-01/2024-12-31", "VN63-64"),
        ("Gia Lai", "2025", "/2025-06-30", "VN63-64"),
        ("Bình Định", None, None, "VN63-52"),
        ("Bình Định", "2025-08-01", None, "VN34-52"),
        ("Việt Nam", None, None, "VN"),
        (None, "2024-01-01", None, None),
        ("Lào", "2024-01-01", None, None),
    ],
)
def test_ids_of_figures(place, published, period, expected):
    assert provinces.unit_id(place, published, period) == (expected, ())


@pytest.mark.parametrize(
    ("published", "period"),
    [(None, None), ("2025", None), (None, "2030-01-01/2030-12-31"), (None, "2024-01-01/")],
)
def test_a_name_of_both_lists_without_a_date_is_doubted(published, period):
    assert provinces.unit_id("Gia Lai", published, period) == (None, ("place_regime_unknown",))
