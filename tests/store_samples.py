"""Made-up records for the tests of the store."""

from __future__ import annotations

import dataclasses
import hashlib
from decimal import Decimal
from typing import Any

from store.records import Article, Figure

SENTENCE = "Quý I/2024, tỉnh Quảng Ngãi giải quyết 78.000/119.000 hồ sơ trực tuyến, đạt 65,5%."


def article(**changes: Any) -> Article:
    """Return an article about online dossiers in Quảng Ngãi, printed by one of two papers."""
    known = Article(
        id="a1",
        url="https://bao.example/ho-so.html",
        title="Đẩy mạnh dịch vụ công",
        text=f"Đẩy mạnh dịch vụ công\n{SENTENCE}\nHội nghị kết thúc.",
        source="bao",
        site_province="Quảng Ngãi",
        published="2024-04-02",
    )
    return dataclasses.replace(known, **changes)


def figure(surface: str = "78.000/119.000", *, of: Article | None = None, **changes: Any) -> Figure:
    """Return the figure with this surface in the sentence of `of`; its id depends on both."""
    of = of or article()
    sentence_start = of.text.index("\n") + 1
    start = of.text.index(surface)
    known = Figure(
        id=hashlib.sha256(f"{of.url} {surface}".encode()).hexdigest()[:16],
        article_id=of.id,
        start=start,
        end=start + len(surface),
        surface=surface,
        kind="ratio",
        value=Decimal(78000),
        denominator=Decimal(119000),
        unit="hồ sơ",
        place="Quảng Ngãi",
        place_id="VN63-51",
        period="2024-01-01/2024-03-31",
        indicator="giải quyết hồ sơ trực tuyến",
        indicator_id="online_dossiers",
        sentence=of.text[sentence_start : of.text.index("\n", sentence_start)],
        sentence_start=sentence_start,
        sentence_end=of.text.index("\n", sentence_start),
        confidence=0.9,
        rules=("ratio", "counted_right"),
        extractor_version="1",
    )
    return dataclasses.replace(known, **changes)


def percent(value: str = "65.5", *, surface: str = "65,5%", **changes: Any) -> Figure:
    """Return the percent of the same sentence."""
    return figure(
        surface,
        **{"kind": "percent", "value": Decimal(value), "denominator": None, "unit": "%"} | changes,
    )
