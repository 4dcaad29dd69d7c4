"""Tables: merged cells, headings, layout tables, and offsets of every cell in the article's text."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from lxml.html import fromstring

from extract.clean import clean
from extract.cleaning.compose import compose
from extract.cleaning.markup import one_line
from extract.cleaning.tables import MAX_CELLS, Grid, read_grid, render
from extract.text import normalise
from store.records import Article
from tests.page_fixtures import PARAGRAPHS, around, page, source


def grid(html: str) -> Grid:
    found = read_grid(fromstring(html))
    assert found is not None
    return found


def lines(html: str) -> list[str]:
    return render(grid(html), 0)[0].split("\n")


def texts(html: str) -> list[list[str]]:
    return [[cell.text for cell in row] for row in grid(html).rows]


def assert_offsets(article: Article) -> None:
    for table in article.tables:
        for cell in table.cells:
            assert cell.start == cell.end == -1 or article.text[cell.start : cell.end] == cell.text
            assert cell.start == -1 or table.start <= cell.start <= cell.end <= table.end


MERGED = """<table>
<tr><th rowspan="2">Huyện</th><th colspan="2">Số hộ nghèo</th></tr>
<tr><th>2023</th><th>2024</th></tr>
<tr><td rowspan=" 2 ">Đắk Hà</td><td>412</td><td>356</td></tr>
<tr><td></td><td>301</td></tr></table>"""


def test_merged_cells_stand_everywhere_and_are_written_once() -> None:
    assert texts(MERGED) == [
        ["Huyện", "Số hộ nghèo", "Số hộ nghèo"],
        ["Huyện", "2023", "2024"],
        ["Đắk Hà", "412", "356"],
        ["Đắk Hà", "", "301"],
    ]
    assert lines(MERGED) == ["Huyện | Số hộ nghèo |", "| 2023 | 2024", "Đắk Hà | 412 | 356", "| | 301"]


def test_headings_are_marked() -> None:
    def headings(html: str) -> list[bool]:
        return [all(cell.header for cell in row) for row in grid(html).rows]

    assert headings(MERGED) == [True, True, False, False]
    assert headings(MERGED.replace("th", "td")) == [True, False, False, False]
    assert headings("<table><tr><td>Xã</td><td>Hộ</td></tr><tr><td>A</td><td>12</td></tr></table>") == [
        True,
        False,
    ]
    assert headings("<table><tr><td>A</td><td>12</td></tr><tr><td>B</td><td>7</td></tr></table>") == [
        False,
        False,
    ]


def test_spans_that_lie() -> None:
    assert texts("<table><tr><td rowspan=99>A<td colspan=0>1<tr><td colspan=x>2</table>") == [
        ["A", "1"],
        ["A", "2"],
    ]
    huge = "<table>" + "<tr><td colspan=9999>1" * (MAX_CELLS // 50) + "</table>"
    assert read_grid(fromstring(huge)) is None


def test_empty_rows_and_columns_go_and_nested_markup_is_one_line() -> None:
    html = "<table><tr><td><p>Số</p><p>hộ</p></td><td></td><td>7<br>8</td></tr><tr><td> </td></tr></table>"
    assert texts(html) == [["Số hộ", "7 8"]]
    assert read_grid(fromstring("<table><tr><td></td></tr></table>")) is None


TABLE = "<table><tr><td>Xã</td><td>Số hộ | nghèo</td></tr><tr><td>A</td><td>1.204</td></tr></table>"


def test_table_stands_where_it_stood() -> None:
    first, second = (f"{part}</p>" for part in PARAGRAPHS.split("</p>")[:2])
    for declared in (source(), None):
        article = clean(page(around(f"{first}<div><center>{TABLE}</center></div>{second}{TABLE}")), declared)
        found = article.text.split("\n")
        assert found[2:4] == ["Xã | Số hộ / nghèo", "A | 1.204"] == found[5:7]
        assert [table.start for table in article.tables] == [
            article.text.index("Xã | "),
            article.text.rindex("Xã | "),
        ]
        assert_offsets(article)


def test_figure_caption_becomes_the_table_s() -> None:
    html = f"<figure>{TABLE}<figcaption>Bảng 1: Hộ nghèo</figcaption></figure>"
    article = clean(page(around(PARAGRAPHS + html)), source())
    assert article.tables[0].caption == "Bảng 1: Hộ nghèo"
    assert article.text.split("\n")[-3:] == ["Bảng 1: Hộ nghèo", "Xã | Số hộ / nghèo", "A | 1.204"]
    assert article.text[article.tables[0].start :].startswith("Xã")


def test_layout_tables_are_read_as_paragraphs() -> None:
    inner = f"<table><tr><td>{PARAGRAPHS}</td></tr></table>"
    for html in (
        f"<table><tr><td>Mục lục</td><td>{inner}</td></tr></table>",
        f"<table><tr><td><img src='a'></td><td>{PARAGRAPHS}</td></tr></table>",
        f"<table>{f'<tr><td>{PARAGRAPHS}</td></tr>' * 2}</table>",
    ):
        article = clean(page(around(html)), source())
        assert article.tables == ()
        assert "14/17 xã đã hoàn thành" in article.text.split("\n")[-1]


CELLS = st.lists(
    st.lists(
        st.tuples(st.text("aă1|\u00a0 %é", max_size=4), st.integers(0, 3), st.integers(0, 3)),
        min_size=1,
        max_size=4,
    ),
    min_size=1,
    max_size=5,
)


@settings(max_examples=150)
@given(CELLS, st.text("ab \n", max_size=8))
def test_offsets_of_any_table(rows: list[list[tuple[str, int, int]]], before: str) -> None:
    html = "".join(
        "<tr>" + "".join(f"<td rowspan={down} colspan={right}>{text}</td>" for text, down, right in row)
        for row in rows
    )
    found = read_grid(fromstring(f"<table>{html}</table>"))
    if found is None:
        return
    composed = compose([one_line(before), found, "Sau bảng."])
    article = Article(id="", url="", title="", text=composed.text, tables=composed.tables)
    assert_offsets(article)
    assert composed.text == normalise(composed.text)
    assert {len(row) for row in found.rows} == {len(found.rows[0])}
