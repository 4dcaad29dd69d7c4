"""Files: PDF, Word, plain text and HTML, told by their bytes."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import docx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extract.cleaning.paragraphs import full_width, join_lines, without_running_lines
from extract.documents import read_file
from extract.errors import CleanError
from store.records import Article
from tests.page_fixtures import PARAGRAPHS, around
from tests.pdf_fixtures import image, pdf, table, text

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
HEAD = [
    "ỦY BAN NHÂN DÂN TỈNH",
    "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
    "Độc lập - Tự do - Hạnh phúc",
    "Kon Tum, ngày 5 tháng 12 năm 2024",
    "BÁO CÁO",
    "Kết quả trồng rừng năm 2024",
]
FIRST = [
    "Năm 2024, toàn tỉnh trồng mới 4.512 ha rừng, đạt 112,8% kế hoạch, tăng 512 ha so với",
    "năm 2023; tỷ lệ che phủ rừng đạt 63,5%.",
    "- Giao khoán bảo vệ 380.000 ha cho 12.400 hộ.",
    "Các chủ rừng đã trồng dặm 215 ha rừng bị chết do nắng hạn và chuẩn bị được hơn 6 triệu",
]
SECOND = ["cây giống cho vụ sau, trong đó có 1,2 triệu cây bản địa.", "Số vụ cháy rừng giảm còn 9 vụ."]
ROWS = [["Huyện", "Diện tích (ha)", "Số hộ"], ["Đắk Glei", "1.204", ""], ["Sa Thầy", "", "830"]]


def read(tmp_path: Path, body: bytes, name: str = "bao-cao.bin", **fields: Any) -> Article:
    path = tmp_path / name
    path.write_bytes(body)
    return read_file(path, now=NOW, **fields)


def assert_offsets(article: Article) -> None:
    for one in article.tables:
        for cell in one.cells:
            assert cell.start == -1 or article.text[cell.start : cell.end] == cell.text


def test_pdf(tmp_path: Path) -> None:
    pages = [
        text(["Trang 1/2", *HEAD], top=800) + text(FIRST, top=600),
        text(["Trang 2/2"], top=800)
        + text(SECOND)
        + table(ROWS, top=700)
        + text(["Nơi nhận: Văn phòng."], top=500),
    ]
    article = read(tmp_path, pdf(pages), "bao-cao.txt")
    assert article.title == "BÁO CÁO Kết quả trồng rừng năm 2024"
    assert article.text.split("\n") == [
        article.title,
        "ỦY BAN NHÂN DÂN TỈNH",
        "Kon Tum, ngày 5 tháng 12 năm 2024",
        f"{FIRST[0]} {FIRST[1]}",
        FIRST[2],
        f"{FIRST[3]} {SECOND[0]}",
        SECOND[1],
        "Huyện | Diện tích (ha) | Số hộ",
        "Đắk Glei | 1.204 |",
        "Sa Thầy | | 830",
        "Nơi nhận: Văn phòng.",
    ]
    assert (article.published, article.published_raw) == ("2024-12-05", "Kon Tum, ngày 5 tháng 12 năm 2024")
    assert article.page_starts == (0, article.text.index("cây giống"))
    (read_table,) = article.tables
    assert read_table.page_number == 2
    assert [cell.text for cell in read_table.cells if cell.header] == ROWS[0]
    assert_offsets(article)


def test_pdf_of_images_is_never_an_empty_article(tmp_path: Path) -> None:
    with pytest.raises(CleanError, match=r"^quet\.pdf: the PDF holds only images"):
        read(tmp_path, pdf([image(), image()]), "quet.pdf")


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (pdf([text(FIRST)], encrypted=True), "locked by a password"),
        (pdf([text(FIRST)])[:200], "the PDF is broken"),
        (b"%PDF-1.7 and nothing", "the PDF is broken"),
        (pdf([""]), "the PDF has no text"),
        (pdf([text(["§¬n vÞ: tØ ®ång, n¨m tr­íc kh«ng cã sè liÖu, d©n sè cña x·"] * 9)]), "TCVN3"),
        (b"", "empty file"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "binary file (PNG)"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 90, "old Word"),
        (b"PK\x03\x04" + b"\x00" * 90, "the Word file is broken"),
    ],
)
def test_files_without_an_article(tmp_path: Path, body: bytes, reason: str) -> None:
    with pytest.raises(CleanError) as raised:
        read(tmp_path, body, "tep.pdf")
    assert str(raised.value).startswith("tep.pdf: ")
    assert reason in str(raised.value)


def test_missing_file(tmp_path: Path) -> None:
    with pytest.raises(CleanError, match=r"khong-co\.txt"):
        read_file(tmp_path / "khong-co.txt", now=NOW)


def word(blocks: list[Any]) -> bytes:
    document = docx.Document()
    for block in blocks:
        if isinstance(block, str):
            document.add_paragraph(block)
            continue
        made = document.add_table(rows=len(block), cols=len(block[0]))
        for row, cells in enumerate(block):
            for column, cell in enumerate(cells):
                made.cell(row, column).text = cell
        if len(block) > 2:
            made.cell(1, 0).merge(made.cell(2, 0))
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def test_word(tmp_path: Path) -> None:
    rows = [["Huyện", "Năm", "Diện tích (ha)"], ["Sa Thầy", "2023", "830"], ["", "2024", "1.204"]]
    article = read(tmp_path, word([*HEAD, "".join(FIRST[:1]), rows, SECOND[1]]), "bao-cao.pdf")
    assert article.title == "BÁO CÁO Kết quả trồng rừng năm 2024"
    assert article.text.split("\n")[-5:] == [
        FIRST[0],
        "Huyện | Năm | Diện tích (ha)",
        "Sa Thầy | 2023 | 830",
        "| 2024 | 1.204",
        SECOND[1],
    ]
    assert [
        (cell.text, cell.start) for cell in article.tables[0].cells if (cell.row, cell.column) == (2, 0)
    ] == [("Sa Thầy", -1)]
    assert article.published == "2024-12-05"
    assert_offsets(article)


def test_word_without_text_and_other_archives(tmp_path: Path) -> None:
    with pytest.raises(CleanError, match="no text"):
        read(tmp_path, word([]))
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("xl/workbook.xml", "<x/>")
    with pytest.raises(CleanError, match=r"not a \.docx"):
        read(tmp_path, buffer.getvalue())


def test_text_file(tmp_path: Path) -> None:
    body = "\ufeffTrồng rừng vượt kế hoạch\r\n\r\nNăm 2024 trồng 4.512\u00a0ha.\r\n0:00\r\nĐạt 112,8%."
    article = read(tmp_path, body.encode(), site_province="Kon Tum", published="2024")
    assert article.title == "Trồng rừng vượt kế hoạch"
    assert article.text == "Trồng rừng vượt kế hoạch\nNăm 2024 trồng 4.512 ha.\n0:00\nĐạt 112,8%."
    assert (article.site_province, article.published, article.source) == ("Kon Tum", "2024", None)


def test_text_file_that_begins_with_a_paragraph_has_no_title(tmp_path: Path) -> None:
    article = read(tmp_path, ("Năm 2024 trồng 4.512 ha rừng. " * 20).encode())
    assert article.title == ""
    assert article.text.startswith("Năm 2024")


def test_wrapped_text_file(tmp_path: Path) -> None:
    wrapped = "Trồng rừng\n\n" + "\n".join(FIRST[:2]) + "\n\n" + "\n".join([FIRST[3], *SECOND]) + "\n"
    wrapped += "\n" + "\n".join(["Diện tích rừng trồng mới của tỉnh trong ba năm gần đây tăng từ"] * 5)
    lines = read(tmp_path, wrapped.encode()).text.split("\n")
    assert lines[:3] == ["Trồng rừng", f"{FIRST[0]} {FIRST[1]}", f"{FIRST[3]} {SECOND[0]}"]


def test_html_file_under_another_name(tmp_path: Path) -> None:
    article = read(
        tmp_path, around(PARAGRAPHS + "<p>Huyện còn 3 xã chưa giao rừng.</p>").encode(), "trang.txt"
    )
    assert article.title == "Huyện trồng thêm rừng gỗ lớn"
    assert article.text.endswith("\nHuyện còn 3 xã chưa giao rừng.")


def test_running_lines_are_not_figures() -> None:
    own = [
        ["Xã A trồng 5 ha.", "Giữa trang.", "Xã B thiếu giống."],
        ["Một.", "Hai.", "Ba."],
        ["Bốn.", "Năm.", "Sáu."],
    ]
    pages = [[f"Báo cáo năm 2024 - {at}", *lines, f"{at + 7}"] for at, lines in enumerate(own)]
    assert without_running_lines(pages) == own


def test_join_lines() -> None:
    long = "Một dòng đầy trang thì đoạn văn còn tiếp tục ở dòng sau"
    lines = [long, "và hết ở đây.", long + ".", "", "a) mục a", "1. mục một", "TIÊU ĐỀ", "Thân bài"]
    assert join_lines(lines, full_width(lines)) == [f"{long} và hết ở đây.", f"{long}.", *lines[4:]]


@settings(max_examples=60)
@given(
    start=st.sampled_from([b"", b"%PDF-1.4\n", b"PK\x03\x04", b"\xff\xfe", b"\xef\xbb\xbf"]),
    rest=st.binary(max_size=200),
)
def test_any_file_gives_an_article_or_a_clean_error(start: bytes, rest: bytes, tmp_path_factory: Any) -> None:
    try:
        article = read(tmp_path_factory.mktemp("bytes"), start + rest)
    except CleanError:
        return
    assert article.text


@settings(max_examples=20)
@given(place=st.integers(0, 2000), byte=st.binary(min_size=1, max_size=8))
def test_damaged_pdf(place: int, byte: bytes, tmp_path_factory: Any) -> None:
    whole = pdf([text(FIRST) + table(ROWS, top=500)])
    place %= len(whole)
    try:
        article = read(tmp_path_factory.mktemp("pdf"), whole[:place] + byte + whole[place + len(byte) :])
    except CleanError:
        return
    assert article.text
