"""Numbers as people of a language write them: "1.234,5" in Vietnamese, "1,234.5" in English."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from app_pages.labels import label
from store.keys import POINTS_RULE

MINUS = "−"

_SCALES = ((Decimal(10) ** 9, "number.billion"), (Decimal(10) ** 6, "number.million"))
_SEPARATORS = {"vi": str.maketrans(",.", ".,"), "en": {}}
_VND, _USD = "VND", "USD"


def number(value: object, lang: str, *, signed: bool = False) -> str:
    """Return a number with the language's separators, all of its digits, and a plus sign where `signed`."""
    exact = Decimal(str(value))
    digits = f"{abs(exact):,f}"
    if "." in digits:
        digits = digits.rstrip("0").rstrip(".")
    sign = MINUS if exact < 0 else "+" if signed and exact > 0 else ""
    return sign + digits.translate(_SEPARATORS[lang])


def value_text(figure: Mapping[str, Any], lang: str) -> str:
    """Return a figure's value as a reader says it: "78.000 trên 119.000", "hơn 15 tỷ đồng", "+35,1%"."""
    if figure["kind"] == "ratio" and figure["denominator"] is not None:
        return _bounded(_ratio(figure, lang), figure, lang)
    if figure["kind"] == "rank" and figure["measure"] == "level":
        return _bounded(_rank(figure, lang), figure, lang)
    if figure["measure"] == "difference" and figure["comparator"] != "eq":
        return _bounded_change(figure, lang)
    signed = figure["measure"] == "difference"
    return _bounded(_amount(figure, lang, signed=signed), figure, lang)


def _ratio(figure: Mapping[str, Any], lang: str) -> str:
    """Return both numbers; sums of money with their currency and as short as sums are written."""
    names = {"part": "value", "whole": "denominator"}
    if (figure["unit"] or "").partition("/")[0] in (_VND, _USD):
        sums = {part: _scaled(figure[name], lang, signed=False) for part, name in names.items()}
        return _with_unit(label(lang, "number.of", **sums), figure, lang)
    return label(lang, "number.of", **{part: number(figure[name], lang) for part, name in names.items()})


def _bounded_change(figure: Mapping[str, Any], lang: str) -> str:
    """Return "giảm hơn 40.000" for a value of -40000: the words bound the amount, not the signed number."""
    sizes = {name: abs(value) for name in ("value", "value_max") if (value := figure[name]) is not None}
    amount = _bounded(_amount({**figure, **sizes}, lang, signed=False), figure, lang)
    return label(lang, "number.fallen" if figure["value"] < 0 else "number.risen", amount=amount)


def _amount(figure: Mapping[str, Any], lang: str, *, signed: bool) -> str:
    money = figure["kind"] == "money"
    amounts = [figure["value"]] if figure["value_max"] is None else [figure["value"], figure["value_max"]]
    written = [
        _scaled(amount, lang, signed) if money else number(amount, lang, signed=signed) for amount in amounts
    ]
    return _with_unit("–".join(written), figure, lang)


def share_text(figure: Mapping[str, Any], lang: str) -> str | None:
    """Return what a ratio works out at in percent, to one decimal; None where there is nothing to divide."""
    if figure["kind"] != "ratio" or not figure["denominator"]:
        return None
    share = Decimal(str(figure["value"])) / Decimal(str(figure["denominator"])) * 100
    return number(share.quantize(Decimal("0.1"), ROUND_HALF_UP), lang) + "%"


def _rank(figure: Mapping[str, Any], lang: str) -> str:
    position = number(figure["value"], lang)
    if figure["denominator"] is None:
        return label(lang, "number.rank", position=position)
    return label(lang, "number.rank_of", position=position, whole=number(figure["denominator"], lang))


def _scaled(amount: object, lang: str, signed: bool) -> str:
    """Return a sum of money in millions or billions where that leaves three decimals at most."""
    exact = Decimal(str(amount))
    for scale, key in _SCALES:
        if abs(exact) >= scale and exact / scale == (exact / scale).quantize(Decimal("0.001")):
            return label(lang, key, value=number(exact / scale, lang, signed=signed))
    return number(exact, lang, signed=signed)


def _with_unit(written: str, figure: Mapping[str, Any], lang: str) -> str:
    unit, kind = figure["unit"] or "", figure["kind"]
    if POINTS_RULE in (figure.get("rules") or ()):
        return label(lang, "number.percentage_points", value=written)
    if kind == "percent" or unit == "%":
        return f"{written}%"
    currency, _, per = unit.partition("/")
    if currency in (_VND, _USD):
        text = label(lang, "number.dong" if currency == _VND else "number.dollar", value=written)
        return f"{text}/{per}" if per else text
    fixed = {"multiple": "number.times", "score": "number.points", "rank": "number.steps"}.get(kind)
    if fixed:
        return label(lang, fixed, value=written)
    return f"{written} {unit}".rstrip()


def _bounded(text: str, figure: Mapping[str, Any], lang: str) -> str:
    bound = figure["comparator"]
    return text if bound == "eq" else f"{label(lang, f'comparator.{bound}')} {text}"
