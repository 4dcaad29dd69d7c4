"""The numbers of cells: which are figures, what marks and units say of them, and what a heading is."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml.html import fromstring

from extract import pipeline
from extract.cleaning.tables import read_grid
from extract.explain import explain
from extract.table.cell_numbers import marks_of, read_cell
from extract.table.headings import HeadUnit, read_heading
from store.records import Article, Figure
from tests.cell_samples import TITLE, article, brief, extract, grid


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
    figures = sound_figures(made)
    cells = [cell for each in made.tables for cell in each.cells if cell.start >= 0]
    for figure in figures:
        if any(each.start <= figure.start < each.end for each in made.tables):
            assert any(cell.start <= figure.start and figure.end <= cell.end for cell in cells)
    sound_figures(replace(made, tables=()))


def sound_figures(made: Article) -> list[Figure]:
    """Return the figures of an article; fails where one stands elsewhere than it says, or in another."""
    figures = pipeline.extract(made, nlp=False)
    for figure in figures:
        assert made.text[figure.start : figure.end] == figure.surface
        assert figure.sentence_start <= figure.start < figure.end <= figure.sentence_end
        assert made.text[figure.sentence_start : figure.sentence_end] == figure.sentence
    for one, other in pairwise(figures):
        assert one.end <= other.start
    return figures
