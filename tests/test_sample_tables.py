"""Every cell of the sample site's tables of all provinces becomes the figure that its headings say."""

from __future__ import annotations

import sqlite3
import tomllib
from contextlib import closing
from decimal import Decimal
from typing import Any

import pytest

from crawler.sample_site import SAMPLE_SITE
from store.headings import cell_headings
from store.places import places
from store.queries import open_readonly
from tests.conftest import Demo

MILLION = 1_000_000
Column = tuple[str, str, str, str]  # indicator, kind, period, status


def year(number: int) -> str:
    return f"{number}-01-01/{number}-12-31"


def index(number: int) -> tuple[Column, ...]:
    return ("par_index", "percent", year(number), "actual"), rank(number)


def rank(number: int) -> Column:
    return "par_index", "rank", year(number), "actual"


def economy(number: int, *, planned: bool = True) -> tuple[Column, ...]:
    plan: tuple[Column, ...] = (("grdp_growth", "percent", year(number + 1), "target"),) if planned else ()
    return (
        ("grdp_growth", "percent", year(number), "actual"),
        *plan,
        ("income_per_head", "money", year(number), "actual"),
        ("poverty_rate", "percent", f"/{number}-12-31", "actual"),
    )


TABLES: dict[str, tuple[int, tuple[Column, ...]]] = {
    "par-index-2022-thu-hang-63-tinh-thanh": (63, (rank(2021), rank(2022))),
    "par-index-2023-bang-diem-63-tinh-thanh": (63, index(2023)),
    "par-index-2024-lan-cuoi-cua-63-tinh-thanh": (63, (*index(2024), rank(2023))),
    "par-index-2025-bang-diem-dau-tien-cua-34-tinh-thanh": (34, index(2025)),
    "kinh-te-63-tinh-thanh-nam-2023": (63, economy(2023, planned=False)),
    "kinh-te-63-tinh-thanh-nam-2024-muc-tieu-2025": (63, economy(2024)),
    "kinh-te-34-tinh-thanh-nam-2025-muc-tieu-2026": (34, economy(2025)),
}


@pytest.mark.parametrize("slug", TABLES)
def test_the_cells_are_read_as_they_are_headed(demo: Demo, slug: str) -> None:
    provinces, columns = TABLES[slug]
    head = (SAMPLE_SITE / "articles" / f"{slug}.md").read_text(encoding="utf-8").split("+++")[1]
    (table,) = tomllib.loads(head)["table"]
    expected = [
        (place_id(row[0], provinces), *column, *amount(cell, column[1], provinces))
        for row in table["rows"]
        for cell, column in zip(row[1:], columns, strict=True)
    ]
    assert len({row[0] for row in table["rows"]}) == provinces
    assert cells(demo, slug) == expected


def place_id(written: str, provinces: int) -> str:
    name = {"TP. Hồ Chí Minh": "Hồ Chí Minh", "Thừa Thiên Huế": "Huế"}.get(written, written)
    found = [unit.id for unit in places().values() if unit.name_vi == name and str(provinces) in unit.id[:4]]
    assert len(found) == 1
    return found[0]


def amount(cell: str, kind: str, provinces: int) -> tuple[Decimal, Decimal | None]:
    value = Decimal(cell.replace(",", "."))
    return value * MILLION if kind == "money" else value, Decimal(provinces) if kind == "rank" else None


def cells(demo: Demo, slug: str) -> list[tuple[Any, ...]]:
    """Return what was read in the table of an article, row by row."""
    sql = """
        SELECT place_id, indicator_id, kind, period, status, value_text, denominator_text
        FROM figures JOIN articles ON articles.id = article_id
        WHERE articles.url LIKE ? AND sentence LIKE '% | %' ORDER BY start
    """
    with closing(sqlite3.connect(demo.db)) as db:
        rows = db.execute(sql, [f"%/{slug}-%"]).fetchall()
    return [
        (*told, Decimal(value), None if whole is None else Decimal(whole)) for *told, value, whole in rows
    ]


@pytest.mark.parametrize(
    ("slug", "surface", "heading"),
    [
        ("par-index-2022-thu-hang-63-tinh-thanh", "28", "Xếp hạng › Năm 2021"),
        ("par-index-2024-lan-cuoi-cua-63-tinh-thanh", "82,71", "Chỉ số (%)"),
        ("par-index-2024-lan-cuoi-cua-63-tinh-thanh", "24", "Xếp hạng năm 2023"),
        ("quang-ngai-de-an-06-hoan-thanh-31-tren-36-nhiem-vu", "214/214", None),  # said in prose
    ],
)
def test_a_figure_of_a_table_knows_the_heading_of_its_column(
    demo: Demo, slug: str, surface: str, heading: str | None
) -> None:
    with closing(open_readonly(demo.db)) as db:
        sql = """
            SELECT figures.id FROM figures JOIN articles ON articles.id = article_id
            WHERE url LIKE ? AND surface = ? AND figures.place_id = 'VN63-51'
        """
        [[figure]] = db.execute(sql, [f"%/{slug}-%", surface]).fetchall()
        assert cell_headings(db, [figure]).get(figure) == heading
