"""What an expression of time can mean, given the day of publication."""

import pytest

from extract.analysis import Analysis
from extract.time.meanings import meanings as in_order
from extract.time.readings import published_on, readings
from extract.time.times import find, find_times
from store.records import Article


def meanings(text, published, text_year=None):
    return [r.value for time in find_times(text) for r in readings(time, published_on(published), text_year)]


@pytest.mark.parametrize(
    ("text", "published", "expected"),
    [
        ("năm 2024", None, ["2024-01-01/2024-12-31"]),
        ("đến năm 2025", None, ["/2025-12-31", "2025-01-01/2025-12-31"]),
        ("tính đến ngày 3/12/2024", None, ["/2024-12-03", "2024-12-03/2024-12-03"]),
        ("10 tháng đầu năm 2024", None, ["2024-01-01/2024-10-31"]),
        ("quý iii/2023", None, ["2023-07-01/2023-09-30"]),
        ("giai đoạn 2021-2025", None, ["2021-01-01/2025-12-31"]),
        ("6 tháng đầu năm", "2022-07-04", ["2022-01-01/2022-06-30"]),
        ("6 tháng đầu năm", "2022", ["2022-01-01/2022-06-30"]),
        ("6 tháng đầu năm", None, []),
        ("năm nay", "2022-07-04", ["2022-01-01/2022-12-31"]),
        ("năm ngoái", "2022-07-04", ["2021-01-01/2021-12-31"]),
        ("năm nay", None, []),
        ("tháng này", "2022-07-04", ["2022-07-01/2022-07-31", "/2022-07-31"]),
        ("tháng trước", "2022-01-04", ["2021-12-01/2021-12-31", "/2021-12-31"]),
        ("tháng này", "2022", []),
        ("từ năm 2015 đến nay", None, ["2015-01-01/"]),
        ("từ ngày 29/4 đến ngày 2/5/2017", None, ["2017-04-29/2017-05-02"]),
        ("so với năm 2021", None, []),
        ("so với cùng kỳ năm trước", "2022-07-04", []),
        ("hiện nay", "2022-07-04", []),
        ("năm học 2019-2020", None, []),
        ("sinh năm 1960", None, []),
        ("luật đất đai năm 2013", None, []),
        ("tết đinh dậu 2017", None, []),
        ("tại thời điểm 30/6/2019", None, ["/2019-06-30", "2019-06-30/2019-06-30"]),
        ("6 tháng", "2022-07-04", ["2022-01-01/2022-06-30"]),
        ("6 tháng", "2022-11-04", []),
        ("6 tháng tới", "2022-07-04", []),
        ("trong năm", "2022-01-04", ["2021-01-01/2021-12-31", "2022-01-01/2022-12-31"]),
        ("trong năm", "2022-05-04", ["2022-01-01/2022-12-31"]),
        ("năm qua", "2022-05-04", ["2021-01-01/2021-12-31"]),
        ("năm qua", "2022-12-24", ["2022-01-01/2022-12-31"]),
    ],
)
def test_meanings(text, published, expected):
    assert meanings(text, published) == expected


def test_a_month_without_a_year_is_the_last_one_gone_by():
    assert meanings("trong tháng 12", "2022-01-10")[0] == "2021-12-01/2021-12-31"
    assert meanings("trong tháng 12", "2022-12-20")[0] == "2022-12-01/2022-12-31"


def test_without_a_publication_date_the_year_of_the_text_serves():
    assert meanings("tính đến ngày 7/7", None, text_year=2017) == ["/2017-07-07", "2017-07-07/2017-07-07"]
    assert meanings("năm nay", None, text_year=2017) == []


@pytest.mark.parametrize(
    ("text", "last"),
    [
        ("năm 2017 và 3 tháng đầu năm 2018", ["2017-01-01/2018-03-31"]),
        ("năm 2017 và 3 tháng đầu năm 2019", ["2019-01-01/2019-03-31"]),
        ("giai đoạn 2016-2020, rồi giai đoạn này", ["2016-01-01/2020-12-31"]),
        ("ngày 3/2/2020, rồi giai đoạn này", []),
        ("giai đoạn 2016-2020, rồi trong 5 năm", ["2016-01-01/2020-12-31"]),
        ("giai đoạn 2016-2020, rồi trong 4 năm", []),
        ("6 tháng đầu năm tăng so với cùng kỳ năm 2018, còn quý ii", ["2019-04-01/2019-06-30"]),
    ],
)
def test_later_times_take_up_earlier_ones(text, last):
    analysis = find(Analysis(article=Article(id="a", url="", title="", text=text), text=text))
    assert [r.value for r in in_order(analysis, published_on(None))[-1]] == last


@pytest.mark.parametrize(
    ("published", "year", "known_day"),
    [
        ("2022-07-04", 2022, True),
        ("2022-07-04T08:00:00+07:00", 2022, True),
        ("2022", 2022, False),
        ("2022-02-31", 2022, False),
        ("gần đây", None, False),
        (None, None, False),
    ],
)
def test_publication_dates(published, year, known_day):
    found = published_on(published)
    assert found.year == year
    assert (found.day is not None) == known_day
