"""Forms, sorts of period and periods of charts in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app_pages.labels import label, labels
from app_pages.numbers import number
from app_pages.periods import period_text
from store.forms import MOMENT, OTHER, PERCENTILE, Form
from store.keys import POINTS
from store.search import fold

_DONG = "đồng"
_HALVES = {"H1": "slot.first_half", "H2": "slot.second_half"}


def form_text(form: Form, lang: str) -> str:
    """Return a form in words: "tỷ lệ % của hộ nghèo", "thứ hạng trên 63", "số đếm (hộ)"."""
    text = _kind_text(form, lang)
    if form.base:
        text = label(lang, "form.base", form=text, base=form.base)
    if form.negated:
        text = label(lang, "form.negated", form=text)
    return label(lang, "form.words", form=text, words=form.words) if form.words else text


def unit_text(form: Form, lang: str) -> str:
    """Return what stands at the axis of a chart of this form."""
    if form.kind == "rank" and form.code != PERCENTILE:
        return label(lang, "form.rank_axis")
    if form.code == PERCENTILE:
        return label(lang, "form.percentile_axis")
    if form.kind in ("percent", "ratio"):
        return "%"
    unit = unit_name(form.unit or "", lang)
    return unit or label(lang, f"kind.{form.kind}")


def unit_option(unit: str, lang: str) -> str:
    """Return a unit with its plain spelling, so that typing "ho" finds "hộ"."""
    text = unit_name(unit, lang)
    plain = fold(text)
    return text if plain == text.lower() else f"{text} · {plain}"


def span_text(span: str, lang: str) -> str:
    """Return a sort of period in words: "cả năm", "9 tháng đầu năm", "tại một ngày"."""
    if f"span.{span}" in labels():
        return label(lang, f"span.{span}")
    return label(lang, "span.months", months=span[1:])


def slot_text(span: str, slot: str, lang: str) -> str:
    """Return a period of a chart in words: "năm 2024", "quý III/2024", "9 tháng đầu năm 2024"."""
    year, _, part = slot.partition("-")
    if span == MOMENT:
        return label(lang, "slot.moment", year=year)
    if span == "half":
        return label(lang, _HALVES[part], year=year)
    if span == "quarter":
        quarter = ("I", "II", "III", "IV")[int(part[1:]) - 1] if lang == "vi" else part[1:]
        return label(lang, "period.quarter", quarter=quarter, year=year)
    if span == "month":
        return label(lang, "period.month", month=int(part[1:]), year=year)
    if span == "year":
        return label(lang, "period.year", year=year)
    if span == OTHER:
        return period_text(slot.replace("..", "") if "/" in slot else None, lang)
    return label(lang, "period.months", months=span[1:], year=year)


def level_text(row: Mapping[str, Any], form: str, lang: str) -> str:
    """Return what is drawn of a value where it is not the value itself: a ratio's or a rank's percentage."""
    if row["level"] is None or (form != PERCENTILE and row["kind"] != "ratio"):
        return ""
    return number(round(row["level"], 1), lang) + ("" if form == PERCENTILE else "%")


def _kind_text(form: Form, lang: str) -> str:
    if form.code == PERCENTILE:
        return label(lang, "form.percentile")
    if form.kind == "rank":
        whole = form.whole or ""
        key = "form.rank_unsaid" if whole.startswith("?") else "form.rank"
        return label(lang, key, whole=whole.removeprefix("?"))
    kind = label(lang, f"kind.{form.kind}")
    unit = unit_name(form.unit or "", lang)
    return kind if form.kind in ("percent", "multiple") or not unit else f"{kind} ({unit})"


def unit_name(unit: str, lang: str) -> str:
    """Return a unit in words, as near to its code as the language is: VND/ha is "đồng/ha" in Vietnamese."""
    if unit == POINTS:
        return label(lang, "number.percentage_points", value="").strip()
    currency, slash, per = unit.partition("/")
    return (_DONG if (currency, lang) == ("VND", "vi") else currency) + slash + per
