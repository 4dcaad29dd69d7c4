"""What a change is measured against, and which figure restates another."""

from __future__ import annotations

import pytest

from extract.phrase import bases, restates
from tests.steps import read_numbers


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Mía trồng được 232 ha, đạt 58% KH; ngô 410 ha.", [None, "KH", None]),
        ("Có 160 xã (tăng 12 xã so với cuối năm 2021) đạt chuẩn.", [None, "cuối năm 2021"]),
        ("Thu phí tăng 8% so với cùng kỳ năm trước.", ["cùng kỳ năm trước"]),
        ("Giải ngân đạt 61% kế hoạch vốn.", ["kế hoạch vốn"]),
        ("Đàn bò tăng 3% và 4% so với quý trước.", ["quý trước", "quý trước"]),
        ("Số vụ cháy giảm 9 vụ (giảm 12%) so với cùng kỳ.", ["cùng kỳ", "cùng kỳ"]),
        ("Có 85% thôn đạt chuẩn.", ["thôn"]),
        ("Cấp thẻ cho 72% trên tổng số công dân đủ điều kiện.", ["tổng số công dân đủ điều kiện"]),
        ("Chè tăng 4% so với cùng kỳ. Cà phê tăng 6%, lúa giảm 2%.", ["cùng kỳ", "cùng kỳ", "cùng kỳ"]),
        ("Xã có 40 hộ nghèo.", [None]),
    ],
)
def test_bases(text: str, expected: list[str | None]) -> None:
    assert [link.value for link in bases.find(read_numbers(text)).bases] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Có 30/40 thôn có nhà văn hóa, đạt 75%.", [None, 0]),
        ("Có 30/40 thôn có nhà văn hóa, tăng 75% so với năm trước.", [None, None]),
        ("Có 67 thôn (chiếm 41%) ở vùng cao.", [None, 0]),
        ("Đã cấp 900 thẻ, đạt 60%.", [None, 0]),
        ("Đã cấp 900 thẻ, đạt 60% kế hoạch.", [None, None]),
        ("Số vụ cháy giảm 9 vụ (giảm 12%).", [None, 0]),
    ],
)
def test_restatements(text: str, expected: list[int | None]) -> None:
    assert list(restates.find(bases.find(read_numbers(text))).restates) == expected
