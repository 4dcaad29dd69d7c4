"""Flags doubt what does not add up and leave the rest alone."""

from dataclasses import replace
from decimal import Decimal

import pytest

from extract import checks
from extract.analysis import Analysis, Link, Quantity, Sentence
from store.records import Article


def flags(text, quantities, published="2023-05-01", restates=None, **links):
    article = Article(id="1", url="", title="", text=text, published=published)
    placed, at = [], 0
    for surface, quantity in quantities:
        start = text.index(surface, at)
        at = start + len(surface)
        placed.append(replace(quantity, start=start, end=at, unit_end=at, left=start))
    analysis = Analysis(
        article=article,
        text=text,
        sentences=(Sentence(0, len(text), 0, "body"),),
        quantities=tuple(placed),
        restates=tuple(restates or [None] * len(placed)),
        **links,
    )
    return [set(found) for found in checks.flag(analysis).flags]


def quantity(kind, value, **more):
    return Quantity(
        0,
        0,
        kind,
        Decimal(value),
        **{k: Decimal(v) if k in ("denominator", "value_max") else v for k, v in more.items()},
    )


RATIO = quantity("ratio", 78, denominator=119, unit="hồ sơ")


@pytest.mark.parametrize(
    ("percent", "doubted"),
    [("65.5", False), ("65.6", False), ("65.1", True), ("66", False), ("64", True), ("165.5", True)],
)
def test_a_percent_must_fit_its_ratio(percent, doubted):
    found = flags(
        f"78/119 hồ sơ, đạt {percent}%",
        [("78/119", RATIO), (f"{percent}%", quantity("percent", percent))],
        restates=[None, 0],
    )
    assert found == [{"ratio_percent_mismatch"}] * 2 if doubted else found == [set(), set()]


def test_a_rounded_percent_may_lie_further_off():
    about = replace(quantity("percent", 64), comparator="approx")
    assert flags("78/119 hồ sơ, khoảng 64%", [("78/119", RATIO), ("64%", about)], restates=[None, 0]) == [
        set(),
        set(),
    ]


@pytest.mark.parametrize(
    ("kind", "value", "more", "expected"),
    [
        ("rank", 25, {"denominator": 63}, set()),
        ("rank", 64, {"denominator": 63}, {"rank_out_of_range"}),
        ("rank", 0, {}, {"rank_out_of_range"}),
        ("rank", 64, {"denominator": 63, "measure": "difference"}, set()),
        ("ratio", 30, {"denominator": 29}, {"ratio_over_one"}),
        ("ratio", 29, {"denominator": 29}, set()),
        ("count", 5, {"value_max": 3}, {"range_reversed"}),
        ("percent", -20, {"value_max": -40, "measure": "difference"}, set()),
    ],
)
def test_alone(kind, value, more, expected):
    assert flags("có 7 mục", [("7", quantity(kind, value, **more))]) == [expected]


def test_a_share_of_a_whole_is_at_most_all_of_it():
    assert flags("đạt 120% số xã", [("120%", quantity("percent", 120))]) == [{"percent_out_of_range"}]
    assert flags("đạt 120% kế hoạch", [("120%", quantity("percent", 120))]) == [set()]


def test_parts_and_their_rest_do_not_exceed_the_whole():
    parts = [
        ("20/38", quantity("ratio", 20, denominator=38, unit="mô hình")),
        ("21/38", quantity("ratio", 21, denominator=38, unit="mô hình")),
    ]
    assert flags("xong 20/38 mô hình; 21/38 mô hình còn lại chậm", parts) == [{"parts_do_not_sum"}] * 2
    assert flags("xong 20/38 mô hình; 21/38 mô hình có kinh phí", parts) == [set(), set()]


def test_a_rate_that_changes_by_percent_is_ambiguous():
    change = quantity("percent", "16.6", measure="difference")
    assert flags("tỷ lệ hồ sơ trực tuyến tăng 16,6%", [("16,6%", change)]) == [{"pp_or_relative"}]
    assert flags("tỷ lệ hồ sơ trực tuyến tăng 16,6 điểm phần trăm", [("16,6", change)]) == [set()]
    assert flags("sản lượng tăng 16,6%", [("16,6%", change)]) == [set()]


def test_the_future_is_not_achieved():
    links = {"periods": (Link("2024-01-01/2024-12-31"),)}
    assert flags("có 7 xã", [("7", quantity("count", 7))], statuses=(Link("actual"),), **links) == [
        {"period_ahead_of_actual"}
    ]
    assert flags("có 7 xã", [("7", quantity("count", 7))], statuses=(Link("target"),), **links) == [set()]
    assert flags(
        "có 7 xã", [("7", quantity("count", 7))], published=None, statuses=(Link("actual"),), **links
    ) == [set()]
