"""Dates that a time expression leaves open, and where sentences end."""

from __future__ import annotations

import pytest

from extract.analysis import Analysis
from extract.sentences import segment
from extract.time.calendars import in_year
from extract.time.times import find_times
from store.records import Article
from tests.steps import read_numbers


@pytest.mark.parametrize(
    ("date", "year", "filled"),
    [
        ("????-10-31", 2024, "2024-10-31"),
        ("????-02-29", 2024, "2024-02-29"),
        ("????-02-29", 2023, "2023-02-28"),
    ],
)
def test_an_open_year_is_filled_in(date: str, year: int, filled: str) -> None:
    assert in_year(date, year) == filled


def test_a_date_that_no_calendar_has_becomes_the_last_of_its_month() -> None:
    (time,) = find_times("ngày 31/6/2024")
    assert (time.first, time.last) == ("2024-06-30", "2024-06-30")


def test_a_range_of_months_over_new_year_begins_in_the_year_before() -> None:
    (time,) = find_times("từ tháng 11 đến tháng 3/2024")
    assert (time.first, time.last) == ("2023-11-01", "2024-03-31")


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("Có 5 hộ. Xã có 7 hộ.", ["Có 5 hộ.", "Xã có 7 hộ."]),
        ("Ông ở TP. Huế. Bà ở xã.", ["Ông ở TP. Huế.", "Bà ở xã."]),
        ("Mua gạo, muối, v.v. Rồi về.", ["Mua gạo, muối, v.v. Rồi về."]),
        ("Kết quả tốt… Nhiều nơi đạt.", ["Kết quả tốt…", "Nhiều nơi đạt."]),
        ("Đạt 78.000 hộ.Toàn tỉnh vui.", ["Đạt 78.000 hộ.", "Toàn tỉnh vui."]),
        ("Tiêu đề\nCâu đầu tiên", ["Tiêu đề", "Câu đầu tiên"]),
        ("1. Mục đầu. Câu sau.", ["1. Mục đầu.", "Câu sau."]),
        ("“Tốt lắm.” Ông nói.", ["“Tốt lắm.”", "Ông nói."]),
        ("Theo nghean.gov.vn thì đủ.", ["Theo nghean.gov.vn thì đủ."]),
        ("  \n \n", []),
    ],
)
def test_sentences_end_where_a_reader_stops(text: str, sentences: list[str]) -> None:
    analysis = read_numbers(text)
    assert [text[sentence.start : sentence.end] for sentence in analysis.sentences] == sentences


def test_zones_tell_title_heading_boilerplate_and_body() -> None:
    text = "Một tiêu đề\nNội dung chính.\nMục nhỏ\nTin cùng chuyên mục: đọc thêm."
    article = Article(id="a", url="https://example.test/a", title="Một tiêu đề", text=text)

    zones = [sentence.zone for sentence in segment(Analysis(article=article, text="")).sentences]
    assert zones == ["title", "body", "heading", "boilerplate"]
