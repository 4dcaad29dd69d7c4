"""Values over years and places for the tests of charts, written through the store's own functions."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from store.derived import open_derived, replace_article
from store.observations import merge
from store.places import places
from tests.app_fixture import told_article

NGHE_AN, NGAI, KON_TUM, NEW_NGAI = "VN63-40", "VN63-51", "VN63-62", "VN34-51"
POVERTY = {"kind": "percent", "unit": "%", "indicator": "tỷ lệ hộ nghèo", "indicator_id": "poverty_rate"}
RANK = {
    "kind": "rank",
    "unit": "tỉnh",
    "indicator": "Chỉ số cải cách hành chính",
    "indicator_id": "par_index",
}
HOMES = {"kind": "count", "unit": "hộ", "indicator": "hộ nghèo", "indicator_id": "poor_households"}


def tell(db: Database, place: str, written: str, *, source: str = "sample-zce", **figure: Any) -> None:
    """Write an article of one sentence about a place, with one figure: "4,5" is 4.5, "3/63" is 3 of 63.

    `period` may be a year.
    """
    number = db["articles"].count
    period = figure.get("period")
    if isinstance(period, int):
        figure["period"] = f"{period}-01-01/{period}-12-31"
    value, _, whole = written.replace(".", "").replace(",", ".").partition("/")
    told = {"surface": written, "value": Decimal(value), **({"denominator": Decimal(whole)} if whole else {})}
    article, figures = told_article(
        {
            "source": source,
            "title": f"Tin số {number}",
            "published": figure.pop("published", "2026-02-01"),
            "about": {"place": places()[place].name_vi, "place_id": place},
            "sentence": [
                {"text": f"Bài {number} viết rằng có {written}, theo báo cáo.", "figures": [told | figure]}
            ],
        }
    )
    replace_article(db, article, figures)


def yearly(db: Database, place: str, values: Iterable[tuple[int, str]], **figure: Any) -> None:
    """Write a value for each of some years."""
    for year, written in values:
        tell(db, place, written, period=year, **figure)


def build(path: Path) -> Path:
    """Write the database and return its path."""
    db = open_derived(path)
    yearly(db, NGAI, [(2021, "9,5"), (2022, "8,25"), (2024, "5,1")], **POVERTY)  # 2023 is missing
    tell(db, NGAI, "4,2", period=2025, status="target", **POVERTY)
    yearly(db, NGHE_AN, [(2022, "6"), (2023, "5,5"), (2024, "4,8")], **POVERTY)
    tell(db, NGHE_AN, "5,9", period=2023, source="sample-aid", **POVERTY)  # another paper disagrees
    tell(db, NEW_NGAI, "4,4", period=2025, **POVERTY)
    tell(db, NGAI, "3,9", period="/2024-09-30", **POVERTY)
    tell(db, NGAI, "97,5", period=2024, **POVERTY | {"base": "kế hoạch"})
    for place, among_63 in (
        (NGAI, ("36/63", "20/63")),
        (NGHE_AN, ("12/63", "9/63")),
        (KON_TUM, ("50/63", "41/63")),
    ):
        yearly(db, place, zip((2022, 2023), among_63, strict=True), **RANK)
    tell(db, NEW_NGAI, "11/34", period=2025, **RANK)
    tell(db, NGAI, "15.400", period=2024, **HOMES)
    tell(db, KON_TUM, "12.300", period=2024, **HOMES)
    tell(db, NGHE_AN, "30.000", period=2024, **HOMES)
    merge(db)
    db.close()
    return path
