"""The words of the app: labels, numbers, periods, places, marked sentences, and what an address asks for."""

from __future__ import annotations

import re
from decimal import Decimal
from html.parser import HTMLParser
from string import Formatter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app_pages.address import read_request, without
from app_pages.evidence import marked, web_address
from app_pages.labels import label, labels
from app_pages.numbers import number, share_text, value_text
from app_pages.periods import day_text, period_text
from app_pages.places import place_option, place_text
from extract import checks
from extract.cleaning.doubts import DOUBTS
from extract.place.provinces import REGIME_UNKNOWN
from store.columns import columns
from store.queries import Filters


def figure(**known):
    """A figure's row with only what its value needs."""
    return {
        "value_max": None,
        "denominator": None,
        "unit": None,
        "measure": "level",
        "comparator": "eq",
        **known,
    }


def test_both_languages_fill_in_the_same_words():
    def fields(text):
        return {name for _, name, _, _ in Formatter().parse(text) if name}

    differing = [key for key, texts in labels().items() if fields(texts["vi"]) != fields(texts["en"])]
    assert differing == []


@pytest.mark.parametrize(
    ("counts", "said"),
    [
        ({"figures": "1", "sources": "1"}, "Reported 1 time by 1 source"),
        ({"figures": "11", "sources": "1"}, "Reported 11 times by 1 source"),
        ({"figures": "2", "sources": "21"}, "Reported 2 times by 21 sources"),
    ],
)
def test_one_is_no_plural(counts, said):
    assert label("en", "figure.reported_by", **counts) == said


def test_every_flag_of_the_checks_has_its_sentence():
    listed = re.findall(r"^([a-z_]+)  +", checks.__doc__, re.MULTILINE)
    assert len(listed) >= 7
    assert [flag for flag in [*listed, REGIME_UNKNOWN] if f"flag.{flag}" not in labels()] == []


def test_every_doubt_about_an_article_has_its_sentence_and_its_line_in_the_codebook():
    assert [doubt for doubt in DOUBTS if f"doubt.{doubt}" not in labels()] == []
    (column,) = [column for column in columns()["articles"] if column.name == "doubts"]
    assert [doubt for doubt in DOUBTS if {doubt in column.vi, doubt in column.en} != {True}] == []


@pytest.mark.parametrize(
    ("value", "vi", "en"),
    [
        ("1234.5", "1.234,5", "1,234.5"),
        ("78000", "78.000", "78,000"),
        ("-2.50", "−2,5", "−2.5"),
        ("100", "100", "100"),
        ("0.000001", "0,000001", "0.000001"),
        ("123456789012345678901", "123.456.789.012.345.678.901", "123,456,789,012,345,678,901"),
    ],
)
def test_number(value, vi, en):
    assert (number(Decimal(value), "vi"), number(Decimal(value), "en")) == (vi, en)


@pytest.mark.parametrize(
    ("row", "vi", "en"),
    [
        (figure(kind="ratio", value=78000, denominator=119000), "78.000 trên 119.000", "78,000 of 119,000"),
        (
            figure(kind="ratio", value=4310 * 10**9, denominator=11650 * 10**9, unit="VND"),
            "4.310 tỷ trên 11.650 tỷ đồng",
            "VND 4,310 billion of 11,650 billion",
        ),
        (figure(kind="rank", value=5, denominator=63), "hạng 5/63", "rank 5 of 63"),
        (figure(kind="rank", value=5), "hạng 5", "rank 5"),
        (figure(kind="rank", value=5, measure="difference", unit="bậc"), "+5 bậc", "+5 places"),
        (figure(kind="percent", value="35.1", measure="difference", unit="%"), "+35,1%", "+35.1%"),
        (
            figure(kind="percent", value="-3.6", measure="difference", unit="%", rules=["percentage_points"]),
            "−3,6 điểm phần trăm",
            "−3.6 percentage points",
        ),
        (figure(kind="percent", value=90, value_max=100, unit="%"), "90–100%", "90–100%"),
        (figure(kind="money", value=15 * 10**9, unit="VND", comparator="approx"), "khoảng 15 tỷ đồng", None),
        (figure(kind="money", value=15 * 10**9, unit="VND"), None, "VND 15 billion"),
        (figure(kind="money", value=1234567891, unit="VND"), "1.234.567.891 đồng", None),
        (figure(kind="money", value=4_100_000, unit="VND/người"), "4,1 triệu đồng/người", None),
        (
            figure(kind="count", value=-40000, measure="difference", comparator="gt", unit="căn"),
            "giảm/thiếu hơn 40.000 căn",
            "down by more than 40,000 căn",
        ),
        (
            figure(kind="percent", value=2, value_max=3, measure="difference", comparator="approx", unit="%"),
            "tăng/vượt khoảng 2–3%",
            "up by about 2–3%",
        ),
        (figure(kind="multiple", value="1.64", comparator="gt"), "hơn 1,64 lần", "more than 1.64 times"),
        (figure(kind="score", value="86.5", unit="điểm"), "86,5 điểm", "86.5 points"),
        (figure(kind="count", value=37, unit="hồ sơ"), "37 hồ sơ", "37 hồ sơ"),
        (figure(kind="count", value=-3), "−3", "−3"),
    ],
)
def test_value_is_said_as_a_reader_says_it(row, vi, en):
    assert vi is None or value_text(row, "vi") == vi
    assert en is None or value_text(row, "en") == en


def test_share_of_a_ratio_is_worked_out():
    assert share_text(figure(kind="ratio", value=78000, denominator=119000), "vi") == "65,5%"
    assert share_text(figure(kind="ratio", value=1, denominator=0), "vi") is None
    assert share_text(figure(kind="rank", value=1, denominator=63), "vi") is None


@pytest.mark.parametrize(
    ("period", "vi", "en"),
    [
        ("2024-01-01/2024-12-31", "năm 2024", "2024"),
        ("2021-01-01/2025-12-31", "2021–2025", "2021–2025"),
        ("2023-07-01/2023-09-30", "quý III/2023", "Q3 2023"),
        ("2024-01-01/2024-10-31", "10 tháng đầu năm 2024", "first 10 months of 2024"),
        ("2024-02-01/2024-02-29", "tháng 2/2024", "2024-02"),
        ("2024-09-26/2024-09-26", "ngày 26/9/2024", "2024-09-26"),
        ("/2024-12-03", "đến 3/12/2024", "to 2024-12-03"),
        ("2024-12-03/", "từ 3/12/2024", "from 2024-12-03"),
        ("2024-03-05/2024-04-10", "5/3/2024 – 10/4/2024", "2024-03-05 – 2024-04-10"),
        (None, "không nêu kỳ", "period not stated"),
    ],
)
def test_period(period, vi, en):
    assert (period_text(period, "vi"), period_text(period, "en")) == (vi, en)


def test_day_keeps_what_is_not_a_whole_day():
    assert day_text("2024-07-03T08:00:00+07:00", "vi") == "3/7/2024"
    assert day_text("2024", "vi") == "2024"
    assert day_text(None, "vi") == ""


def test_namesakes_before_and_after_the_merger_are_told_apart():
    assert place_text("VN63-51", "vi") == "Quảng Ngãi (63)"
    assert place_text("VN34-51", "vi") == "Quảng Ngãi (34, gồm Kon Tum)"
    assert place_text("VN34-51", "en") == "Quảng Ngãi (34, with Kon Tum)"
    assert place_text("VN34-51", "vi", short=True) == "Quảng Ngãi (34)"
    assert place_text("VN63-62", "vi") == "Kon Tum"
    assert place_text("VN34-04", "vi") == "Cao Bằng (34)"
    assert place_text("VN", "en") == "Viet Nam"
    assert place_text(None, "vi", name="Quảng Ngãi") == "Quảng Ngãi"
    assert place_text(None, "vi") == "không rõ địa phương"


def test_a_place_is_found_by_its_plain_letters():
    assert place_option("VN63-66", "vi") == "Đắk Lắk (63) · Dak Lak"


@given(
    st.text(alphabet="ab<>&\"'*:[]() đ1", max_size=40),
    st.lists(st.tuples(st.integers(-3, 45), st.integers(-3, 45))),
)
def test_marked_text_reads_as_it_was_written(text, spans):
    class Reader(HTMLParser):
        def __init__(self):
            super().__init__()
            self.read, self.tags = "", set()

        def handle_data(self, data):
            self.read += data

        def handle_starttag(self, tag, attrs):
            self.tags.add((tag, tuple(attrs)))

    reader = Reader()
    reader.feed(marked(text, spans))
    reader.close()
    assert reader.read == text
    assert reader.tags <= {("mark", ())}


def test_the_mark_stands_on_the_span():
    assert marked("đạt 65,1% & hơn", [(4, 9)]) == "đạt <mark>65,1%</mark> &amp; hơn"


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "//bao.example/x", "file:///etc/x", "http://", "http://[", "", None]
)
def test_only_web_addresses_are_linked(url):
    assert web_address(url) is None


def test_a_web_address_is_kept():
    assert web_address("https://bao.example/a?b=1") == "https://bao.example/a?b=1"


def all_known(filters):
    return filters, []


def test_an_address_is_read_into_filters():
    asked = {
        "p": ["VN63-51", "VN63-40"],
        "kind": ["ratio"],
        "from": ["2023"],
        "q": [" ho  so "],
        "minc": ["0.5"],
    }
    request = read_request(
        asked | {"pg": ["2"], "sort": ["value"], "v": ["table"], "lang": ["en"]}, all_known
    )
    assert request.filters == Filters(
        places=("VN63-51", "VN63-40"),
        kinds=("ratio",),
        period_from="2023",
        query="ho so",
        min_confidence=0.5,
        sort="value",
        descending=True,
    )
    assert (request.page, request.view, request.unknown) == (2, "table", ())


@pytest.mark.parametrize(
    ("asked", "descending", "unknown"),
    [
        ({"sort": ["value"]}, True, ()),
        ({"sort": ["value"], "dir": ["asc"]}, False, ()),
        ({"sort": ["place"]}, False, ()),
        ({"sort": ["place"], "dir": ["desc"]}, True, ()),
        ({"dir": ["up"]}, True, ("dir=up",)),
    ],
)
def test_the_direction_of_an_address(asked, descending, unknown):
    request = read_request(asked, all_known)
    assert (request.filters.descending, request.unknown) == (descending, unknown)


def test_what_an_address_says_wrongly_is_named_and_left_out():
    def check(filters):
        return without(filters, "p", "VN63-99"), ["places: VN63-99"]

    asked = {
        "p": ["VN63-99", "VN"],
        "from": ["20x4"],
        "minc": ["2"],
        "sort": ["up"],
        "pg": ["-1"],
        "tinh": ["a"],
    }
    request = read_request(asked, check)
    assert request.filters == Filters(places=("VN",))
    assert request.page == 1
    assert set(request.unknown) == {"tinh", "p=VN63-99", "from=20x4", "minc=2", "sort=up"}


def test_labels_fill_in_their_braces():
    assert label("en", "browse.result", total="5") == "5 figures"
