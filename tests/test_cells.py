"""Figures of tables: one for every numeric cell, its fields from the headings."""

from __future__ import annotations

from decimal import Decimal

from extract.place.provinces import units
from tests.cell_samples import brief, extract, grid


def test_a_header_row_gives_indicator_unit_and_period() -> None:
    rows = """Chỉ tiêu | 8 tháng 2024 | 8 tháng 2025 | Tăng (%)
    Khách lưu trú (nghìn lượt) | 310,5 | 402 | 29,5
    Doanh thu (tỷ đồng) | 1.250 | - | """
    first, second = ("2024-01-01/2024-08-31", "2025-01-01/2025-08-31")
    found = extract("Du lịch phục hồi.", grid(rows))
    assert brief(found, "indicator", "kind", "value", "unit", "measure", "period") == [
        ("310,5", "Khách lưu trú", "count", Decimal(310500), "lượt", "level", first),
        ("402", "Khách lưu trú", "count", Decimal(402000), "lượt", "level", second),
        ("29,5", "Khách lưu trú", "percent", Decimal("29.5"), "%", "difference", second),
        ("1.250", "Doanh thu", "money", Decimal(1250000000000), "VND", "level", first),
    ]
    assert {figure.place for figure in found} == {"Cao Bằng"}
    assert found[0].sentence == "Khách lưu trú (nghìn lượt) | 310,5 | 402 | 29,5"
    assert all(0 < figure.confidence < 0.9 for figure in found)


def test_two_header_rows_with_merged_headings() -> None:
    rows = """Địa phương ^2 | Năm 2023 >2 | Năm 2024 >2
    Số hộ nghèo | Tỷ lệ (%) | Số hộ nghèo | Tỷ lệ (%)
    Huyện Hà Quảng | 6.210 | 45,2 | 5.100 | 37,4
    Toàn tỉnh | 21.300 | 16,8 | 17.950 | 14,1"""
    found = extract(grid(rows))
    assert brief(found, "indicator", "indicator_id", "locality", "period")[1:4] == [
        ("45,2", "Tỷ lệ hộ nghèo", "poverty_rate", "Huyện Hà Quảng", "2023-01-01/2023-12-31"),
        ("5.100", "Số hộ nghèo", "poor_households", "Huyện Hà Quảng", "2024-01-01/2024-12-31"),
        ("37,4", "Tỷ lệ hộ nghèo", "poverty_rate", "Huyện Hà Quảng", "2024-01-01/2024-12-31"),
    ]
    assert [figure.locality for figure in found[4:]] == [None] * 4
    assert {(figure.place, figure.unit) for figure in found} == {("Cao Bằng", "hộ nghèo"), ("Cao Bằng", "%")}


def test_parts_of_a_column_stand_under_the_whole() -> None:
    rows = """Địa bàn ^2 | Số trường ^2 | Trong đó >2
    Mầm non | Tiểu học
    Xã Thông Nông | 9 | 4 | 5"""
    assert brief(extract(grid(rows)), "indicator", "unit") == [
        ("9", "Số trường", "trường"),
        ("4", "Số trường Mầm non", "trường"),
        ("5", "Số trường Tiểu học", "trường"),
    ]


def test_row_groups_and_a_total() -> None:
    rows = """Lĩnh vực | Nội dung | Số lượng | Kinh phí (triệu đồng)
    Giáo dục ^2 | Trường học xây mới | 5 | 12.300
    Phòng học sửa chữa | 48 | 3.150
    Tổng cộng >2 | 53 | 15.450"""
    found = extract("Bảng 3. Vốn đầu tư giai đoạn 2021-2025", grid(rows))
    assert brief(found, "indicator") == [
        ("5", "Giáo dục Trường học xây mới"),
        ("12.300", "Giáo dục Trường học xây mới Kinh phí"),
        ("48", "Giáo dục Phòng học sửa chữa"),
        ("3.150", "Giáo dục Phòng học sửa chữa Kinh phí"),
        ("53", "Số lượng Vốn đầu tư"),
        ("15.450", "Kinh phí"),
    ]
    assert {figure.period for figure in found} == {"2021-01-01/2025-12-31"}


REPORT = """STT | Chỉ tiêu | ĐVT | TH 9 tháng 2024 | KH năm 2025 | Ước TH 9 tháng 2025 | So CK (%) | So KH (%)
    A | B | C | 1 | 2 | 3 | 4=3/1 | 5=3/2
    I | NÔNG NGHIỆP | | | | | |
    1 | Diện tích gieo trồng | ha | 12.450 | 13.000 | 12.900 | 103,6 | 99,2
    - | Trong đó: Lúa | ha | 8.100 | | 8.150 | |
    2 | Sản lượng lương thực | Nghìn tấn | 61,5 | 64 | | |
    3 | Số xã chưa có chợ | Xã | 12 | | 9 | | """


def test_a_report_with_numbering_units_and_plans() -> None:
    actual, plan, now = "2024-01-01/2024-09-30", "2025-01-01/2025-12-31", "2025-01-01/2025-09-30"
    found = extract(grid(REPORT))
    names = ("indicator", "value", "unit", "status", "period", "base")
    assert brief(found, *names) == [
        ("12.450", "Diện tích gieo trồng", 12450, "ha", "actual", actual, None),
        ("13.000", "Diện tích gieo trồng", 13000, "ha", "target", plan, None),
        ("12.900", "Diện tích gieo trồng", 12900, "ha", "actual", now, None),
        ("103,6", "Diện tích gieo trồng", Decimal("103.6"), "%", "actual", now, "cùng kỳ"),
        ("99,2", "Diện tích gieo trồng", Decimal("99.2"), "%", "actual", now, "kế hoạch"),
        ("8.100", "Diện tích gieo trồng Lúa", 8100, "ha", "actual", actual, None),
        ("8.150", "Diện tích gieo trồng Lúa", 8150, "ha", "actual", now, None),
        ("61,5", "Sản lượng lương thực", 61500, "tấn", "actual", actual, None),
        ("64", "Sản lượng lương thực", 64000, "tấn", "target", plan, None),
        ("12", "Số xã chưa có chợ", 12, "xã", "actual", actual, None),
        ("9", "Số xã chưa có chợ", 9, "xã", "actual", now, None),
    ]
    assert {figure.measure for figure in found} == {"level"}
    assert [figure.surface for figure in found if figure.negated] == ["12", "9"]


def test_a_transposed_table_has_its_periods_in_the_rows() -> None:
    rows = """Năm | Dân số (1.000 người) | Tăng trưởng kinh tế (%)
    2023 | 551,3 | 6,4
    2024 | 556 | -1,2"""
    assert brief(extract(grid(rows)), "indicator", "value", "measure", "period") == [
        ("551,3", "Dân số", Decimal(551300), "level", "2023-01-01/2023-12-31"),
        ("6,4", "Tăng trưởng kinh tế", Decimal("6.4"), "level", "2023-01-01/2023-12-31"),
        ("556", "Dân số", Decimal(556000), "level", "2024-01-01/2024-12-31"),
        ("1,2", "Tăng trưởng kinh tế", Decimal("-1.2"), "level", "2024-01-01/2024-12-31"),
    ]


def test_a_row_tells_the_part_of_its_columns_year() -> None:
    rows = """Chỉ tiêu | Năm 2023 | Kế hoạch năm 2025
    Tỷ lệ hộ nghèo cuối năm (%) | 4,1 | 3
    Số doanh nghiệp thành lập 6 tháng đầu năm | 812 | 900
    Tăng trưởng GRDP trong năm (%) | 6,4 | 8"""
    assert brief(extract(grid(rows)), "period", "status") == [
        ("4,1", "/2023-12-31", "actual"),
        ("3", "/2025-12-31", "target"),
        ("812", "2023-01-01/2023-06-30", "actual"),
        ("900", "2025-01-01/2025-06-30", "target"),
        ("6,4", "2023-01-01/2023-12-31", "actual"),
        ("8", "2025-01-01/2025-12-31", "target"),
    ]


def test_rows_of_provinces_and_the_country() -> None:
    rows = """Tỉnh, thành phố | PCI 2024 | Xếp hạng | Tăng/giảm hạng
    Hải Phòng | 74,84 | 1 | +2
    TP.HCM | 70,10 | 12 | -3
    Đồng bằng sông Hồng | 69 | |
    Cả nước | 67,67 | |"""
    assert brief(extract(grid(rows)), "kind", "value", "unit", "place", "measure") == [
        ("74,84", "score", Decimal("74.84"), "điểm", "Hải Phòng", "level"),
        ("1", "rank", 1, None, "Hải Phòng", "level"),
        ("2", "rank", 2, "bậc", "Hải Phòng", "difference"),
        ("70,10", "score", Decimal("70.1"), "điểm", "Hồ Chí Minh", "level"),
        ("12", "rank", 12, None, "Hồ Chí Minh", "level"),
        ("3", "rank", -3, "bậc", "Hồ Chí Minh", "difference"),
        ("69", "score", 69, "điểm", None, "level"),
        ("67,67", "score", Decimal("67.67"), "điểm", "Việt Nam", "level"),
    ]


def test_a_table_of_all_provinces_ranks_them_among_all_and_is_of_what_its_caption_says() -> None:
    names = [unit.name for unit in units().values() if unit.list == 34]
    rows = "\n".join(f"{name} | {90 - place} | {place}" for place, name in enumerate(names, 1))
    head = "Tỉnh, thành phố | Chỉ số (%) | Xếp hạng"
    over = "Bảng 2. Chỉ số cải cách hành chính (PAR INDEX) năm 2025"
    found = extract(over, grid(f"{head}\n{rows}"), published="2026-05-12")
    assert brief(found[:2], "kind", "value", "denominator", "place", "indicator_id", "period") == [
        ("89", "percent", 89, None, "Hà Nội", "par_index", "2025-01-01/2025-12-31"),
        ("1", "rank", 1, 34, "Hà Nội", "par_index", "2025-01-01/2025-12-31"),
    ]
    assert [figure.place for figure in found[1::2]] == names
    assert {figure.denominator for figure in found[1::2]} == {34}
    without_one = extract(over, grid(f"{head}\n{rows.partition(chr(10))[2]}"), published="2026-05-12")
    assert {figure.denominator for figure in without_one} == {None}


def test_the_unit_of_the_whole_table_stands_over_it() -> None:
    rows = "Khoản thu | Dự toán năm 2026\nThu nội địa | 2.100\nThu xuất nhập khẩu | 900"
    found = extract("Dự toán thu ngân sách năm 2026", "ĐVT: 1.000 đồng", grid(rows))
    assert brief(found, "value", "unit", "status", "period") == [
        ("2.100", 2100000, "VND", "target", "2026-01-01/2026-12-31"),
        ("900", 900000, "VND", "target", "2026-01-01/2026-12-31"),
    ]


def test_what_stands_over_the_names_is_said_of_all_rows() -> None:
    rows = "Mục tiêu đến năm 2030 | Đơn vị | Giá trị\nTỷ lệ che phủ rừng | % | 61\nSố xã có chợ | xã | ≥ 70"
    assert brief(extract(grid(rows)), "indicator", "unit", "status", "period", "comparator") == [
        ("61", "Tỷ lệ che phủ rừng", "%", "target", "/2030-12-31", "eq"),
        ("70", "Số xã có chợ", "xã", "target", "/2030-12-31", "ge"),
    ]


def test_names_of_rows_that_are_numbers() -> None:
    rows = "Độ tuổi | Số ca mắc\n0-5 | 120\n6-14 | 85"
    assert brief(extract(grid(rows)), "indicator") == [("120", "0-5 Số ca mắc"), ("85", "6-14 Số ca mắc")]
    rows = "Ngân hàng | Lãi suất 6 tháng (%/năm)\nChi nhánh thứ nhất | 2,9"
    assert brief(extract(grid(rows)), "indicator", "unit", "period") == [
        ("2,9", "Lãi suất 6 tháng", "%", None)
    ]


def test_the_same_period_of_another_year_is_shifted() -> None:
    rows = "Chỉ tiêu | Cùng kỳ năm 2024 | 9 tháng 2025\nSố dự án cấp mới | 12 | 15"
    assert brief(extract(grid(rows)), "period", "unit") == [
        ("12", "2024-01-01/2024-09-30", "dự án"),
        ("15", "2025-01-01/2025-09-30", "dự án"),
    ]
