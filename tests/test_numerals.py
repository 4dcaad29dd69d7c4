"""How numbers are written, read exactly, and doubted where their marks are odd."""

from __future__ import annotations

from decimal import Decimal

import pytest

from extract.quantity.numerals import read_digits, read_numeral


@pytest.mark.parametrize(
    ("text", "value", "surface"),
    [
        ("78.000 hộ", "78000", "78.000"),
        ("65,1%", "65.1", "65,1"),
        ("1.234,5 ha", "1234.5", "1.234,5"),
        ("1,3 triệu người", "1300000", "1,3 triệu"),
        ("21,5 nghìn tỷ đồng", "21500000000000", "21,5 nghìn tỷ"),
        ("7 trăm triệu", "700000000", "7 trăm triệu"),
        ("2 tỷ 300 triệu đồng", "2300000000", "2 tỷ 300 triệu"),
        ("4 nghìn 500 hộ", "4500", "4 nghìn 500"),
        ("61 tỷ rưỡi", "61500000000", "61 tỷ rưỡi"),
        ("27 vạn người", "270000", "27 vạn"),
        ("300tr đồng", "300000000", "300tr"),
        ("05 bậc", "5", "05"),
        ("5 tỷ lệ", "5", "5"),
        ("12 triệu phú", "12", "12"),
        ("3 nghìn hộ 500 người", "3000", "3 nghìn"),
    ],
)
def test_value_and_surface(text: str, value: str, surface: str) -> None:
    numeral = read_numeral(text, 0)
    assert numeral is not None
    assert numeral.value == Decimal(value)
    assert text[numeral.start : numeral.end] == surface


@pytest.mark.parametrize(
    ("digits", "scaled", "value", "flag"),
    [
        ("65.16", False, "65.16", "decimal_point"),
        ("3,268", True, "3.268", "decimal_or_group"),
        ("2,300", True, "2300", "decimal_or_group"),
        ("1,250", False, "1250", "decimal_or_group"),
        ("1,234,567", False, "1234567", "english_marks"),
        ("9.332.3", False, "9332.3", "broken_number"),
        ("6.85,2", False, "685.2", "broken_number"),
        ("0.123", False, "0.123", "decimal_point"),
    ],
)
def test_doubtful_marks_are_flagged(digits: str, scaled: bool, value: str, flag: str) -> None:
    assert read_digits(digits, scaled=scaled) == (Decimal(value), (flag,))


@pytest.mark.parametrize("text", ["", "hộ", "%", "1" * 50, "a1"])
def test_no_number_begins_here(text: str) -> None:
    assert read_numeral(text, 0) is None


def test_digits_inside_a_word_are_no_number() -> None:
    assert read_numeral("km1027", 2) is None
