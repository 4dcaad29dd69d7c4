"""Tables of PDF and Word files: their figures know their page and go on over it."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime
from pathlib import Path

import docx

from extract import pipeline
from extract.documents import read_file
from tests.cell_samples import brief
from tests.conftest import command
from tests.pdf_fixtures import image, pdf, table, text

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)


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
