"""Which figures a time can date: that of a base, of a bracket or of a plan dates none that follow."""

import pytest

from extract.analysis import Analysis
from extract.quantity import guards, quantities
from extract.sentences import segment
from extract.time.timeline import candidates, timeline
from extract.time.times import find
from store.records import Article


def periods(text):
    """Return the candidate periods of every figure of a text that appeared in July 2024, null left out."""
    article = Article(id="a", url="", title="", published="2024-07-15", site_province=None, text=text)
    analysis = Analysis(article=article, text=text)
    for step in (segment, find, guards.guard, quantities.read):
        analysis = step(analysis)
    line = timeline(analysis)
    return {
        text[quantity.start : quantity.end]: [c.value for c in candidates(line, index) if c.value]
        for index, quantity in enumerate(analysis.quantities)
    }


YEAR, HALF = "2024-01-01/2024-12-31", "2024-01-01/2024-06-30"


@pytest.mark.parametrize(
    ("text", "dated", "undated"),
    [
        (
            "Ngành dệt tăng 5,1%, cao hơn mức tăng 3,4% của quý I/2023; ngành giấy tăng 7,7%.",
            {"3,4%": "2023-01-01/2023-03-31"},
            ["5,1%", "7,7%"],
        ),
        (
            "Tỷ lệ hộ nghèo giảm từ 9,2% năm 2015 xuống còn 2,3%; thu nhập đạt 48 triệu đồng.",
            {"9,2%": "2015-01-01/2015-12-31"},
            ["2,3%", "48 triệu"],
        ),
        (
            "Ngành than tăng 9,5% (năm 2022 tăng 4,6%), đóng góp 1,2 điểm phần trăm.",
            {"4,6%": "2022-01-01/2022-12-31"},
            ["9,5%", "1,2"],
        ),
        (
            "Thu nội địa đạt 52,6% kế hoạch cả năm. Chi thường xuyên ước 310 tỷ đồng.",
            {},
            ["52,6%", "310 tỷ"],
        ),
    ],
)
def test_a_time_of_a_base_dates_nothing_else(text, dated, undated):
    found = periods(text)
    assert {surface: period for surface, period in dated.items() if period in found[surface]} == dated
    assert not [surface for surface in undated if found[surface]]


def test_the_year_of_a_plan_is_not_that_of_a_share_reached_earlier():
    found = periods("6 tháng đầu năm 2024, thu 410 tỷ đồng, đạt 61% kế hoạch năm 2024; chi 95 tỷ đồng.")
    assert {surface: YEAR in values for surface, values in found.items()} == {
        "410 tỷ": False,
        "61%": False,
        "95 tỷ": False,
    }
    assert all(HALF in values for values in found.values())


def test_the_year_of_a_plan_dates_the_sum_that_was_planned():
    found = periods("Đến 31/1 mới giải ngân 1,8% kế hoạch vốn năm nay 640 tỷ đồng, thấp nhất vùng.")
    assert YEAR in found["640 tỷ"]
    assert YEAR not in found["1,8%"]


def test_a_plan_that_is_only_named_dates_no_later_sentence():
    found = periods("Trong 6 tháng đầu năm 2024, tỉnh bám sát kế hoạch năm 2024. Cụ thể, thu 410 tỷ đồng.")
    assert found["410 tỷ"] == [HALF]


def test_a_share_of_a_plan_may_be_dated_by_the_year_of_the_plan_alone():
    assert YEAR in periods("Lượng khách giảm 43% so với kế hoạch năm 2024.")["43%"]


@pytest.mark.parametrize(
    ("text", "surface", "period"),
    [
        ("Mục tiêu năm 2025: thu 900 tỷ đồng. Trong năm, giảm 500 hộ nghèo.", "500", "2025-01-01/2025-12-31"),
        ("Mục tiêu năm 2025: thu 900 tỷ đồng.\nTrong năm, giảm 500 hộ nghèo.", "500", YEAR),
        ("Từ năm 2015, huyện mở 5 tuyến. Trong năm, giảm 500 hộ nghèo.", "500", YEAR),
    ],
)
def test_the_year_is_the_one_that_the_paragraph_spoke_of(text, surface, period):
    assert period in periods(text)[surface]
