"""Publication dates: the forms that pages write, and which of several dates is believed."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from extract.clean import clean
from extract.cleaning.date_forms import read_dates, read_formatted
from extract.cleaning.dates import find_published
from extract.cleaning.markup import parse_html, select
from tests.page_fixtures import PARAGRAPHS, page, source

FETCHED = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)

FORMS = [
    ("14:39, 06/11/2023", "2023-11-06 14:39"),
    ("Thứ Hai, 06/11/2023, 14:39 (GMT+7)", "2023-11-06 14:39"),
    ("06/11/2023 | 14:39", "2023-11-06 14:39"),
    ("06/11/2023 - 14:39", "2023-11-06 14:39"),
    ("06-11-2023 14:39", "2023-11-06 14:39"),
    ("06.11.2023", "2023-11-06"),
    ("6/11/2023 2:39:10 CH", "2023-11-06 14:39"),
    ("6 Tháng Mười Một 2023", "2023-11-06"),
    ("6 Tháng Mười Hai, 2023 14:39", "2023-12-06 14:39"),
    ("NGÀY 6 THÁNG 11, 2023", "2023-11-06"),
    ("Thứ hai, ngày 6 tháng 11 năm 2023, 14 giờ 39 phút", "2023-11-06 14:39"),
    ("14h39 ngày 06/11/2023", "2023-11-06 14:39"),
    ("Đăng lúc: 14:39:27 06/11/2023", "2023-11-06 14:39"),
    ("06 Th11 2023", "2023-11-06"),
    ("ngày 6 tháng năm, 2023", "2023-05-06"),
    ("2023-11-06T14:39:00+07:00", "2023-11-06 14:39"),
    ("2023-11-06T14:39:00+0700", "2023-11-06 14:39"),
    ("2023-11-06 14:39:00.000", "2023-11-06 14:39"),
    ("2023/11/06 14:39", "2023-11-06 14:39"),
    ("November 6, 2023 2:39 PM", "2023-11-06 14:39"),
    ("Mon, 06 Nov 2023 14:39:00 +0700", "2023-11-06 14:39"),
    ("11/21/2023 9:28:56 AM", "2023-11-21 09:28"),
    ("12/31/2023 12:05:00 AM", "2023-12-31 00:05"),
    ("06/11/2023 14:39 | Cập nhật 15:20", "2023-11-06 14:39"),
]


@pytest.mark.parametrize(("text", "expected"), FORMS)
def test_forms(text: str, expected: str) -> None:
    (reading,) = read_dates(text)
    shown = f"{reading.day} {reading.time:%H:%M}" if reading.time else str(reading.day)
    assert shown == expected


@pytest.mark.parametrize(
    "text", ["", "24/7", "31/02/2024", "điện thoại 0255.382.2024", "kỳ 13/2024", "số 45/2024/QĐ"]
)
def test_no_dates(text: str) -> None:
    assert read_dates(text) == []


def test_two_small_numbers_with_am_or_in_the_head_are_ambiguous() -> None:
    assert [str(one.day) for one in read_dates("3/11/2024 9:05:00 AM")] == ["2024-11-03", "2024-03-11"]
    assert [str(one.day) for one in read_dates("3/11/2024 9:05", day_first=False)] == [
        "2024-11-03",
        "2024-03-11",
    ]
    assert [str(one.day) for one in read_dates("3/11/2024 9:05")] == ["2024-11-03"]


def test_declared_format_is_found_among_other_words() -> None:
    (reading,) = read_formatted("Xuất bản 3/11/2024 9:05:00 PM, Hà Nội", ("%d.%m.%Y", "%m/%d/%Y %I:%M:%S %p"))
    assert (str(reading.day), str(reading.time)) == ("2024-03-11", "21:05:00")
    with pytest.raises(ValueError, match="%Q"):
        read_formatted("3/11/2024", ("%Q/%m",))


def published(
    body: str, head: str = "", url: str = "https://bao.example/a-1.html", **declared: object
) -> str | None:
    root = parse_html(f"<html><head>{head}</head><body>{body}</body></html>")
    titles = select(root, "h1")
    found = find_published(
        root,
        source=source(**declared) if declared else None,
        fetched_at=FETCHED,
        url=url,
        title=titles[0] if titles else None,
    )
    return found.iso if found else None


US_META = '<meta name="article:published_time" content="3/11/2024 9:05:00 AM">'


def test_american_head_is_settled_by_the_visible_date() -> None:
    assert (
        published("<h1>A</h1><div class='date'>11/03/2024 09:05</div>", US_META)
        == "2024-03-11T09:05:00+07:00"
    )
    assert (
        published("<h1>A</h1><div class='date'>03/11/2024 09:05</div>", US_META)
        == "2024-11-03T09:05:00+07:00"
    )


def test_american_head_alone_is_not_trusted() -> None:
    assert published("<h1>A</h1>", US_META) is None
    assert (
        published("<h1>A</h1>", US_META, url="https://b.example/tin/202403/a-1234567/")
        == "2024-03-11T09:05:00+07:00"
    )


def test_declared_order_is_believed() -> None:
    declared = {
        "date_selectors": ('meta[name="article:published_time"]::attr(content)',),
        "date_formats": ("%m/%d/%Y %I:%M:%S %p",),
    }
    assert published("<h1>A</h1>", US_META, **declared) == "2024-03-11T09:05:00+07:00"


def test_four_conflicting_dates() -> None:
    head = US_META + '<meta name="datetimenow" content="11/20/2026 9:00:03 AM">'
    body = """
        <header><span>Thứ Sáu, 20/11/2026</span></header>
        <div class="related"><a href="/x">Một bài khác có tiêu đề dài</a><time>01/02/2024 10:00</time></div>
        <h1>A</h1>
        <ul><li><time>02/02/2024 10:00</time></li></ul>
        <aside><time>03/02/2024 10:00</time></aside>
        <div class="meta"><time>11/03/2024 09:05</time></div>
        <footer>20/11/2026</footer>"""
    assert published(body, head) == "2024-03-11T09:05:00+07:00"
    assert published(body.replace("<time>11/03/2024 09:05</time>", ""), head) is None


@pytest.mark.parametrize(
    ("shown", "stated", "expected"),
    [
        ("01/12/2021 11:51", "2021-12-01T04:51:00Z", "2021-12-01T11:51:00+07:00"),  # one moment
        ("01/12/2021 11:51", "2021-12-01T11:51:00Z", "2021-12-01T11:51:00+07:00"),  # local time marked as UTC
        ("01/12/2021 11:51", "2021-12-01 04:51:00", "2021-12-01T11:51:00+07:00"),  # UTC without a mark
        ("01/12/2021", "2021-12-01T04:51:00Z", "2021-12-01T11:51:00+07:00"),  # the head adds the time
        ("02/12/2021 00:51", "2021-12-01T17:51:00Z", "2021-12-02T00:51:00+07:00"),
    ],
)
def test_seven_hours_apart(shown: str, stated: str, expected: str) -> None:
    head = f'<meta property="article:published_time" content="{stated}">'
    assert published(f"<h1>A</h1><p>{shown}</p>", head) == expected


def test_head_that_contradicts_itself() -> None:
    two = '<meta property="article:published_time" content="{}"><meta itemprop="datePublished" content="{}">'
    assert published("<h1>A</h1>", two.format("2021-12-01 20:00", "2021-12-02T03:00:00+07:00")) is None
    assert (
        published("<h1>A</h1>", two.format("2021-12-01 04:51", "2021-12-01T11:51:00+07:00")) == "2021-12-01"
    )


@pytest.mark.parametrize(
    "stated",
    [
        "2027-01-01T00:00:00+07:00",
        "1996-12-31T00:00:00+07:00",
        "2026-11-20T01:58:00Z",
        "2026-11-20T09:00:00+07:00",
    ],
)
def test_future_prehistory_and_the_visit_itself_are_refused(stated: str) -> None:
    assert published("<h1>A</h1>", f'<meta property="article:published_time" content="{stated}">') is None


def test_fresh_article_whose_day_is_shown() -> None:
    head = '<meta property="article:published_time" content="2026-11-20T08:58:00+07:00">'
    assert published("<h1>A</h1><p>20/11/2026 08:58</p>", head) == "2026-11-20T08:58:00+07:00"


def test_todays_date_above_the_title_is_not_the_article_s() -> None:
    assert published("<div>Thứ Sáu, 20/11/2026</div><h1>A</h1>") is None


def test_dates_in_sentences_and_changes_are_not_the_publication() -> None:
    assert published("<h1>A</h1><p>Nghị quyết được thông qua ngày 06/11/2023 tại kỳ họp thứ 17.</p>") is None
    body = "<h1>A</h1><p>Cập nhật: 08/11/2023 10:00</p><p>06/11/2023 14:39</p>"
    assert published(body) == "2023-11-06T14:39:00+07:00"


def test_article_keeps_the_words_of_its_date() -> None:
    html = f"<h1>Trồng rừng gỗ lớn</h1><p>06/11/2023 | 14:39</p><div id='content'>{PARAGRAPHS}</div>"
    article = clean(page(html), source())
    assert (article.published, article.published_raw) == ("2023-11-06T14:39:00+07:00", "06/11/2023 | 14:39")
