"""Figures of tables: one for every numeric cell, its fields from the headings, none from other numbers."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

import docx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml.html import fromstring

from extract import pipeline
from extract.cleaning.compose import compose
from extract.cleaning.tables import Grid, read_grid
from extract.documents import read_file
from extract.explain import explain
from extract.place.provinces import units
from extract.table.cell_numbers import marks_of, read_cell
from extract.table.headings import HeadUnit, read_heading
from store.records import Article, Figure
from tests.conftest import command
from tests.pdf_fixtures import image, pdf, table, text

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
TITLE = "Kinh tế giữ đà tăng"


def grid(rows: str) -> Grid:
    """Return the table of lines whose cells are parted by "|"; "^3" and ">2" at a cell's end merge it."""
    html = ""
    for line in rows.strip().splitlines():
        cells = ""
        for cell in line.split("|"):
            words = cell.split()
            spans = {"^": "rowspan", ">": "colspan"}
            merged = [word for word in words if word[0] in spans and word[1:].isdigit()]
            attributes = " ".join(f"{spans[word[0]]}={word[1:]}" for word in merged)
            cells += f"<td {attributes}>{' '.join(word for word in words if word not in merged)}</td>"
        html += f"<tr>{cells}</tr>"
    found = read_grid(fromstring(f"<table>{html}</table>"))
    assert found is not None
    return found


def article(*parts: str | Grid, **fields: Any) -> Article:
    composed = compose([TITLE, *parts])
    known = {"site_province": "Cao Bằng", "published": "2025-10-06", **fields}
    return Article(id="a", url="", title=TITLE, text=composed.text, tables=composed.tables, **known)


def extract(*parts: str | Grid, **fields: Any) -> list[Figure]:
    return pipeline.extract(article(*parts, **fields), nlp=False)


def brief(figures: list[Figure], *names: str) -> list[tuple[Any, ...]]:
    return [(figure.surface, *(getattr(figure, name) for name in names)) for figure in figures]


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


def test_rows_of_agencies_with_numbers_that_say_more() -> None:
    rows = """Đơn vị | Hồ sơ giao | Hồ sơ đã giải quyết | So với năm trước
    Sở Tư pháp | 120 hồ sơ | 16 (13,3%) | giảm 3,2%
    UBND xã Thạch An | 78/119 | ≥ 95% | tăng 2,5 lần"""
    found = extract(grid(rows))
    assert brief(found, "kind", "value", "comparator", "measure", "locality") == [
        ("120", "count", 120, "eq", "level", "Sở Tư pháp"),
        ("16", "count", 16, "eq", "level", "Sở Tư pháp"),
        ("13,3%", "percent", Decimal("13.3"), "eq", "level", "Sở Tư pháp"),
        ("3,2%", "percent", Decimal("-3.2"), "eq", "difference", "Sở Tư pháp"),
        ("78/119", "ratio", 78, "eq", "level", "UBND xã Thạch An"),
        ("95%", "percent", 95, "ge", "level", "UBND xã Thạch An"),
        ("2,5", "multiple", Decimal("2.5"), "eq", "level", "UBND xã Thạch An"),
    ]
    assert found[2].restates == found[1].start
    assert {figure.base for figure in found[3::3]} == {"năm trước"}


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


def test_a_column_against_last_year_is_of_changes_or_of_levels_by_its_numbers() -> None:
    rows = "Sản phẩm | {} (%)\nXi măng | {}\nĐiện | {}"
    for heading, numbers, measure in (
        ("So với cùng kỳ", ("105,3", "98,1"), "level"),
        ("So với cùng kỳ", ("5,3", "-1,9"), "difference"),
        ("So với cùng kỳ", ("5,3", "11,9"), "difference"),
        ("So với kế hoạch", ("35,3", "41,9"), "level"),
        ("Giảm so với năm 2024", ("5,3", "1,9"), "difference"),
    ):
        found = extract(grid(rows.format(heading, *numbers)))
        assert [figure.measure for figure in found] == [measure] * 2, heading
        assert (found[0].value < 0) == heading.startswith("Giảm")


def test_what_is_no_figure() -> None:
    rows = """TT | Nội dung | Mã số | Năm hoàn thành | Ngày ký | Số quyết định | Điện thoại | Ghi chú
    1 | Cầu Bản Giốc | 7041 | 2024 | 15/3/2024 | 1203/QĐ-UBND | 02063 852 117 | 3 lần
    2 | Đường tránh Nước Hai | 7042 | 2025 | 02/4/2024 | 88/QĐ-UBND | 0912345678 | - """
    assert extract(grid(rows)) == []
    assert extract(grid("Đội | Thôn\nĐội 1 | Thôn 5\nĐội 2 | Khối 7")) == []
    assert extract(grid("Chỉ tiêu | 2023 | 2024\nNước sạch | x | …\nĐiện lưới | – | ")) == []


def test_numbers_that_look_like_years_where_thousands_have_no_marks() -> None:
    rows = "Xã | Số hộ | Dân số\nQuang Hán | 412 | 1985\nTrà Lĩnh | 907 | 4310"
    assert [figure.surface for figure in extract(grid(rows))] == ["412", "1985", "907", "4310"]


def test_marks_of_another_country() -> None:
    assert marks_of(["1,234.5", "12.5", "3,268"]) == "english"
    assert marks_of(["98,500", "151,000"]) == "english"
    assert marks_of(["3,268", "54,2"]) == "vietnamese"
    assert read_cell("3,268", "english")[0].value == 3268
    assert read_cell("3,268", "vietnamese")[0].value == Decimal("3.268")


def test_prose_figures_stay_beside_those_of_the_table() -> None:
    before = "Toàn tỉnh trồng 1.200 ha rừng, đạt 96% kế hoạch. Rừng giao cho dân. Việc ươm giống đã xong."
    after = "Có 14 xã được hỗ trợ 5 tỷ đồng."
    rows = "Huyện | Diện tích rừng (ha)\nHuyện Bảo Lạc | 430\nHuyện Hạ Lang | 95"
    with_table = extract(before, grid(rows), after)
    alone = extract(before, after)
    prose = [figure for figure in with_table if "|" not in figure.sentence]
    moved = prose[-1].start - alone[-1].start
    assert [figure.surface for figure in with_table] == ["1.200", "96%", "430", "95", "14", "5 tỷ"]
    for one, other in zip(prose, alone, strict=True):
        by = moved if one.start > len(before) + len(TITLE) else 0
        assert (one.value, one.indicator, one.place) == (other.value, other.indicator, other.place)
        assert one.start == other.start + by


def test_sentences_in_cells_are_read_as_prose() -> None:
    told = "Đã giải quyết 1.204 hồ sơ, đạt 97,3% số hồ sơ tiếp nhận. Còn 33 hồ sơ quá hạn phải chuyển quý."
    found = extract(
        grid(f"TT | Nhiệm vụ | Kết quả\n1 | Thủ tục đất đai | {told}\n2 | Hộ tịch | Chưa báo cáo")
    )
    assert brief(found, "kind", "sentence") == [
        ("1.204", "count", told.partition(" Còn")[0]),
        ("97,3%", "percent", told.partition(" Còn")[0]),
        ("33", "count", told.partition("nhận. ")[2]),
    ]


def test_explanations_tell_of_cells_too() -> None:
    rows = "Huyện | Diện tích rừng (ha) năm 2024\nHuyện Bảo Lạc | 430"
    (taken,) = [each for each in explain(article(grid(rows)), nlp=False) if each.taken]
    assert taken.surface == "430"
    assert 'locality: Huyện Bảo Lạc, read at "Huyện Bảo Lạc"' in "\n".join(taken.lines)


@pytest.mark.parametrize(
    ("written", "words", "unit"),
    [
        ("Sản lượng (1.000 tấn)", "Sản lượng", HeadUnit("count", "tấn", 1000)),
        ("Tổng vốn, triệu USD", "Tổng vốn", HeadUnit("money", "USD", 1000000)),
        ("Thu nhập (triệu đồng/người/năm)", "Thu nhập", HeadUnit("money", "VND/người", 1000000)),
        ("Tỷ lệ % che phủ", "Tỷ lệ che phủ", HeadUnit("percent", "%")),
        ("1.2. Trẻ em dưới 5 tuổi (1)", "Trẻ em dưới 5 tuổi", None),
        ("GRDP (giá so sánh)", "GRDP (giá so sánh)", None),
    ],
)
def test_headings(written: str, words: str, unit: HeadUnit | None) -> None:
    heading = read_heading(written)
    assert (heading.words, heading.unit) == (words, unit)


ROWS = [["Huyện", "Diện tích rừng (ha)", "Số hộ"], ["Đắk Glei", "1.204", ""], ["Sa Thầy", "", "830"]]


def test_figures_of_a_pdf_know_their_page(tmp_path: Path) -> None:
    path = tmp_path / "report.pdf"
    first = text(["BÁO CÁO", "Kết quả trồng rừng năm 2024", "Toàn tỉnh trồng mới 4.512 ha rừng."])
    path.write_bytes(pdf([first, text(["Giao rừng đến ngày 31/12/2024"], top=740) + table(ROWS, top=700)]))
    result = command("figures", path, "--province", "Kon Tum", "--published", "2025-01-10")
    assert result.exit_code == 0, result.output
    found = json.loads(result.stdout)["figures"]
    assert [figure["surface"] for figure in found] == ["4.512", "1.204", "830"]
    figures = pipeline.extract(read_file(path, now=NOW, site_province="Kon Tum", published="2025-01-10"))
    assert brief(figures, "page_number", "locality", "unit") == [
        ("4.512", 1, None, "ha"),
        ("1.204", 2, "Đắk Glei", "ha"),
        ("830", 2, "Sa Thầy", "hộ"),
    ]
    assert [figure.period for figure in figures[1:]] == ["/2024-12-31"] * 2
    assert figures[1].sentence == "Đắk Glei | 1.204 |"


def test_a_table_goes_on_over_a_page(tmp_path: Path) -> None:
    path = tmp_path / "report.pdf"
    heads = ["Chỉ tiêu", "Thực hiện năm 2024", "Kế hoạch năm 2025"]
    over = text(["BÁO CÁO", "Kết quả kinh tế của tỉnh", "Biểu 1. Đơn vị tính: tỷ đồng"])
    first = over + table([heads, ["Thu nội địa", "812", "930"]], top=600)
    path.write_bytes(pdf([first, table([["Chi đầu tư", "640", "705"], ["Chi lương", "88", "91"]], top=760)]))
    found = pipeline.extract(read_file(path, now=NOW, site_province="Kon Tum"), nlp=False)
    assert brief(found, "page_number", "value", "status", "indicator")[2:] == [
        ("640", 2, 640000000000, "actual", "Chi đầu tư"),
        ("705", 2, 705000000000, "target", "Chi đầu tư"),
        ("88", 2, 88000000000, "actual", "Chi lương"),
        ("91", 2, 91000000000, "target", "Chi lương"),
    ]


def test_a_pdf_of_pictures_is_named_as_such(tmp_path: Path) -> None:
    path = tmp_path / "scan.pdf"
    path.write_bytes(pdf([image()]))
    result = command("figures", path)
    assert result.exit_code == 2
    assert "scan.pdf: the PDF holds only images" in result.output


def test_figures_of_a_word_file(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_paragraph("Tình hình giáo viên đầu năm học trên địa bàn tỉnh được báo cáo như sau.")
    made = document.add_table(rows=4, cols=3)
    made.cell(0, 0).merge(made.cell(1, 0)).text = "Cấp học"
    made.cell(0, 1).merge(made.cell(0, 2)).text = "Số giáo viên"
    for row, words in enumerate([["", "Năm 2023", "Năm 2024"], ["Mầm non", "2.104", "2.230"]], start=1):
        for column, word in enumerate(words):
            if word:
                made.cell(row, column).text = word
    made.cell(3, 0).text = "Tiểu học"
    made.cell(3, 2).text = "3.117"
    body = io.BytesIO()
    document.save(body)
    path = tmp_path / "report.docx"
    path.write_bytes(body.getvalue())
    found = pipeline.extract(read_file(path, now=NOW, site_province="Sơn La"), nlp=False)
    assert brief(found, "indicator", "period", "page_number") == [
        ("2.104", "Mầm non Số giáo viên", "2023-01-01/2023-12-31", None),
        ("2.230", "Mầm non Số giáo viên", "2024-01-01/2024-12-31", None),
        ("3.117", "Tiểu học Số giáo viên", "2024-01-01/2024-12-31", None),
    ]


# fmt: off
WORDS = st.sampled_from([
    "", "-", "STT", "1", "2", "Năm 2024", "2024", "1.204", "5,5%", "ĐVT", "ha", "Tổng", "(%)", "+3", "3/2",
    "So với cùng kỳ (%)", "Kế hoạch", "Trong đó:", "Quảng Ngãi", "16 (3%)", "I", "Lúa, ngô", "٣", "9 tháng",
    "tăng", "ĐVT: 1.000 đồng", "12 đến 15 xã", "1/1/2025", "\u00a0", "so", "/", "T9/2025", "- Lúa", "%",
    "Huyện Bảo Lạc", "1.1. Ngô", "(",
    "Đã giải quyết 1.204 hồ sơ. Còn 33 hồ sơ quá hạn, bằng 2,7% số đã nhận, chuyển quý sau.",
])
# fmt: on
CELLS = st.one_of(WORDS, st.text("aĐ1.,-+%/() ồỷ", max_size=8))
TABLES = st.lists(
    st.lists(st.tuples(CELLS, st.integers(1, 3), st.integers(1, 3)), min_size=1, max_size=5), max_size=6
)


@settings(max_examples=200)
@given(TABLES, st.sampled_from(["", "Bảng 1: Năm 2024 (tỷ đồng)", "Có 5 xã."]))
def test_any_table(rows: list[list[tuple[str, int, int]]], over: str) -> None:
    html = "".join(
        "<tr>"
        + "".join(f"<td rowspan={down} colspan={right}>{words}</td>" for words, down, right in row)
        + "</tr>"
        for row in rows
    )
    found = read_grid(fromstring(f"<table>{html}</table>"))
    if found is None:
        return
    made = article(over, found, "Còn 3 hộ, chiếm 2,5%.", found, "Hết.")
    figures = pipeline.extract(made, nlp=False)
    for figure in figures:
        assert made.text[figure.start : figure.end] == figure.surface
        assert figure.sentence_start <= figure.start < figure.end <= figure.sentence_end
        assert made.text[figure.sentence_start : figure.sentence_end] == figure.sentence
    for one, other in pairwise(figures):
        assert one.end <= other.start
    cells = [cell for each in made.tables for cell in each.cells if cell.start >= 0]
    for figure in figures:
        if any(each.start <= figure.start < each.end for each in made.tables):
            assert any(cell.start <= figure.start and figure.end <= cell.end for cell in cells)
    assert pipeline.extract(replace(made, tables=()), nlp=False) is not None
