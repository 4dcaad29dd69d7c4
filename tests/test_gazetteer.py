"""Names of places and bodies, what they are part of, and what they are not."""

import csv
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from extract.place import gazetteer, provinces
from store.search import fold


def found(text, *labels):
    return [(m.label, m.name) for m in gazetteer.find(text) if not labels or m.label in labels]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Tỉnh Cà Mau và TP.HCM ký kết", ["Cà Mau", "Hồ Chí Minh"]),
        ("HỘI NGHỊ TẠI QUẢNG NAM", ["Quảng Nam"]),
        ("Thừa Thiên - Huế đón khách", ["Huế"]),
        ("Đăk Lăk, Đắc Nông", ["Đắk Lắk", "Đắk Nông"]),
        ("Bà Rịa - Vũng Tàu", ["Bà Rịa - Vũng Tàu"]),
        ("Công an tỉnh Bình Dương", ["Bình Dương"]),
        ("Hà Nội, Hồ Chí Minh và Đà Nẵng", ["Hà Nội", "Hồ Chí Minh", "Đà Nẵng"]),
        ("khu vực Thái Bình Dương", []),
        ("cuộc sống hòa bình", []),
        ("Chủ tịch Hồ Chí Minh", []),
        ("đường Hồ Chí Minh", []),
        ("phố Hải Phòng", []),
        ("thành phố Hải Phòng", ["Hải Phòng"]),
        ("thành phố Hà Nội mới nhận", ["Hà Nội"]),
        ("báo Hà Nội mới", []),
        ("Đác Lắc, Đác Nông", ["Đắk Lắk", "Đắk Nông"]),
        ("cầu thủ Hoàng Anh Gia Lai", []),
        ("tư tưởng Hồ Chí Minh", []),
        ("sông Đồng Nai", []),
        ("ông Nguyễn Thái Bình", []),
        ("huyện Quảng Ninh", []),
        ("phường Bình Thuận", []),
        ("xã Hòa Bình", []),
        ("Công ty cổ phần Thép Thái Nguyên", []),
        ("thành phố Quảng Ngãi", []),
    ],
)
def test_provinces(text, names):
    assert [name for _, name in found(text, "province")] == names


@pytest.mark.parametrize(
    ("text", "mention"),
    [
        ("xã Nga My họp", ("locality", "xã Nga My")),
        ("TP.Cà Mau họp", ("locality", "TP.Cà Mau")),
        ("quận 1 họp", ("locality", "quận 1")),
        ("thị xã Gò Công họp", ("locality", "thị xã Gò Công")),
        ("khách đến Đà Lạt đông", ("locality", "Đà Lạt")),
        ("Sở Nông nghiệp và Phát triển nông thôn họp", ("agency", "Sở Nông nghiệp và Phát triển nông thôn")),
        ("Bệnh viện Đa khoa tỉnh Ninh Bình họp", ("agency", "Bệnh viện Đa khoa tỉnh Ninh Bình")),
        ("Bộ Giáo dục và Đào tạo họp", ("central_body", "Bộ Giáo dục và Đào tạo")),
        ("BHXH Việt Nam họp", ("central_body", "BHXH Việt Nam")),
        ("cả nước họp", ("country", "Việt Nam")),
        ("Đồng bằng sông Cửu Long họp", ("region", "Đồng bằng sông Cửu Long")),
        ("Trung Quốc họp", ("foreign", "Trung Quốc")),
        ("toàn tỉnh họp", ("own_province", "toàn tỉnh")),
        ("Tập đoàn Sao Mai họp", ("company", "Tập đoàn Sao Mai")),
    ],
)
def test_other_names(text, mention):
    assert mention in found(text)


@pytest.mark.parametrize("text", ["văn bản Hà", "bài bản Nam", "họp bàn Quy chế"])
def test_no_locality(text):
    assert found(text, "locality") == []


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("Tại Long An, có mưa", "locative"),
        ("của tỉnh Long An.", "possessive"),
        ("giáp Long An.", "oblique"),
        ("so với Long An.", "oblique"),
        ("đối với Long An.", "locative"),
        ("Long An có mưa", "subject"),
        ("Sáng nay, Long An đạt", "subject"),
        ("các tỉnh như Long An đạt", "subject"),
        ("lãnh đạo Long An họp", "mention"),
    ],
)
def test_roles(text, role):
    assert [m.role for m in gazetteer.find(text) if m.label == "province"] == [role]


@pytest.mark.parametrize(
    ("locality", "province"),
    [
        ("huyện Trà Bồng", "Quảng Ngãi"),
        ("TP Vinh", "Nghệ An"),
        ("TP. Cà Mau", "Cà Mau"),
        ("huyện Quảng Ninh", "Quảng Bình"),
        ("Đà Lạt", "Lâm Đồng"),
        ("huyện Châu Thành", None),  # many provinces have one
        ("xã Nga My", None),
    ],
)
def test_provinces_of_districts(locality, province):
    assert gazetteer.province_of(locality) == province


def test_listed_districts_are_no_provinces():
    text = "huyện Vĩnh Lợi và Hòa Bình bị ngập"
    assert found(text) == [("locality", "huyện Vĩnh Lợi"), ("locality", "Hòa Bình")]


def test_district_table_names_known_provinces_once():
    path = Path(__file__).parent.parent / "data" / "districts.csv"
    rows = list(csv.DictReader(path.open(encoding="utf-8")))
    assert {row["province"] for row in rows} == set(provinces.names())
    keys = [(row["province"], row["kind"], row["name"]) for row in rows]
    assert len(set(keys)) == len(keys)
    bare = [row["name"] for row in rows if row["bare"]]
    assert len(set(bare)) == len(bare)
    assert not set(bare) & set(provinces.names())


def test_a_district_is_known_by_its_code_and_no_spelling_has_two_owners_in_a_province():
    path = Path(__file__).parent.parent / "data" / "districts.csv"
    rows = list(csv.DictReader(path.open(encoding="utf-8")))
    assert len({row["code"] for row in rows}) == 696
    assert all(len(row["code"]) == 3 and row["code"].isdigit() for row in rows)
    owners = {}
    for row in rows:
        spelling = fold(f"{row['kind']} {row['name']}".replace("-", " "))
        owners.setdefault((row["province"], spelling), set()).add(row["code"])
    assert [spelling for spelling, codes in owners.items() if len(codes) > 1] == []
    of_code = {}
    for row in rows:
        of_code.setdefault(row["code"], []).append((row["province"], row["kind"], row["name"]))
    assert all(len({unit[:2] for unit in units}) == 1 for units in of_code.values())
    assert sorted(units[1][2] for units in of_code.values() if len(units) > 1) == [
        "Buôn Mê Thuột",
        "Quy Nhơn",
    ]
    assert [unit for units in of_code.values() for unit in units if unit[2] == "Kỳ Anh"] == [
        ("Hà Tĩnh", "huyện", "Kỳ Anh"),
        ("Hà Tĩnh", "thị xã", "Kỳ Anh"),
    ]


def test_mentions_keep_offsets_and_order():
    text = "Sở Y tế Hà Nội, huyện Gia Lâm và cả nước"
    mentions = gazetteer.find(text)
    assert [m.start for m in mentions] == sorted(m.start for m in mentions)
    assert all(m.label in ("province", "country") or text[m.start : m.end] == m.name for m in mentions)


def test_threads_may_share_the_lists():
    texts = [f"Tại Cà Mau có {number} hộ, cả nước có {number}.500 hộ" for number in range(60)]
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(gazetteer.find, texts))
    assert found == [gazetteer.find(text) for text in texts]


@pytest.mark.parametrize(
    ("text", "points_home"),
    [
        ("sản lượng của tỉnh tăng", True),
        ("sản lượng của tỉnh Sơn La tăng", False),
        ("hôm nay tỉnh đã họp", True),
        ("ba tỉnh đã họp", False),
        ("các tỉnh đã họp", False),
        ("cấp tỉnh đã họp", False),
        ("UBND tỉnh họp", True),
        ("kiểm tra tại 14 tỉnh", False),
        ("các chợ ở tỉnh khác", False),
    ],
)
def test_its_own_province_is_one_and_not_named(text, points_home):
    assert bool(found(text, "own_province")) is points_home


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("nhiều nơi như Bạc Liêu nợ 20 tỷ đồng", "subject"),
        ("đơn cử Bạc Liêu, nơi nuôi tôm", "subject"),
        ("cũng như Bạc Liêu, tỉnh nợ 20 tỷ đồng", "oblique"),
    ],
)
def test_an_example_is_a_subject_where_it_has_a_number(text, role):
    assert [m.role for m in gazetteer.find(text) if m.label == "province"] == [role]


@pytest.mark.parametrize(
    ("text", "roles"),
    [
        ("giáp Lạng Sơn, Cao Bằng và Thái Nguyên", ["oblique"] * 3),
        ("cao tốc Lào Cai - Hà Nội - Hải Phòng", ["oblique"] * 3),
        ("thấp hơn mức bình quân của Hà Nam", ["oblique"]),
        ("thua cả tỉnh láng giềng Đắk Nông (1,34 điểm)", ["subject"]),
        ("nhãn đi chợ TP.HCM", ["oblique"]),
        ("hoa ở Sơn La, Hòa Bình", ["locative", "mention"]),
    ],
)
def test_places_compared_bordered_on_or_gone_to_are_oblique_with_their_list(text, roles):
    assert [m.role for m in gazetteer.find(text) if m.label == "province"] == roles


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("đứng thứ 3 cả nước", "oblique"),
        ("dự toán Bộ Tài chính giao", "oblique"),
        ("Bộ Tài chính giao ban tháng 5", "mention"),
        ("đề nghị Trung ương hỗ trợ", "oblique"),
        ("bình quân của cả nước là 12%", "possessive"),
    ],
)
def test_the_country_of_a_rank_and_bodies_that_give_are_oblique(text, role):
    assert [m.role for m in gazetteer.find(text)] == [role]


@pytest.mark.parametrize("text", ["Ngân hàng Nhà nước chi nhánh tỉnh", "Kho bạc Nhà nước huyện"])
def test_the_branch_of_a_central_body_is_an_agency(text):
    assert found(text)[0][0] == "agency"


def test_a_district_named_like_a_province_is_its_namesake():
    assert gazetteer.namesakes("Bạc Liêu") == {"Hòa Bình"}
    assert gazetteer.namesakes(None) == frozenset()
