"""Small databases to export, and what reads the files again."""

from __future__ import annotations

import csv
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from store import derived, observations, queries
from store.export import Release
from store.records import Figure
from tests.store_samples import article, figure, percent

TABLES = ("figures", "observations", "articles")
DESCRIPTIONS = {
    *("README.md", "CITATION.bib", "CITATION.cff", "codebook.csv", "codebook.md", "datapackage.json"),
    "croissant.json",
    "indicators.csv",
}
TITLES = ["NA", "=1+1", "hai\ndòng", 'lời "nói", rồi; thôi', "007"]


def read(path: Path, encoding: str = "utf-8") -> list[dict[str, str]]:
    """Return the rows of a CSV file."""
    with path.open(encoding=encoding, newline="") as file:
        return list(csv.DictReader(file, strict=True))


def fill(path: Path, *found: Figure, **changes: Any) -> Database:
    """Write one article with figures, and return a connection that reads them."""
    with derived.open_derived(path) as db:
        of = article(**changes)
        derived.replace_article(db, of, found, fetched_at="2024-05-01T00:00:00+00:00", extractor_version="1")
        observations.merge(db)
    return queries.open_readonly(path)


def three_figures(path: Path) -> Database:
    """Write a ratio, the percent of its sentence and a rank; return a connection that reads them."""
    share = percent("-0.50", measure="difference")
    return fill(path, figure(flags=("a", "b")), share, rank(), doubts=("more_pages", "cut_off"))


def odd_titles(path: Path) -> Database:
    """Write five articles of odd titles with three figures each; return a connection that reads them."""
    with derived.open_derived(path) as writable:
        for number, title in enumerate(TITLES):
            of = article(
                id=f"{number:03d}", url=f"https://bao.example/{number}", title=title, source="baonghean"
            )
            told = [
                figure(of=of, flags=("a", "b"), indicator_id="online_dossiers" if number else None),
                percent("-0.50", of=of, measure="difference", base="NA", confidence=0.5),
                rank(of=of, id=f"rank{number}", indicator_id="pci", period=f"{2020 + number}-01-01/"),
            ]
            derived.replace_article(writable, of, told, extractor_version="1+00")
        observations.merge(writable)
        writable["meta"].insert({"key": "built_at", "value": "2026-05-31T08:00:00+00:00"})
    return queries.open_readonly(path)


def rank(**changes: Any) -> Figure:
    """Return a place among the 63."""
    told = {"kind": "rank", "value": Decimal(36), "denominator": Decimal(63), "unit": "tỉnh"} | changes
    return figure("2024", **told)


def rows_of(release: Release) -> dict[str, int]:
    """Return the rows of the files that hold a table."""
    return {name: rows for name, rows in release.files.items() if rows is not None}


def contents(folder: Path) -> dict[str, bytes]:
    """Return the bytes of each file in a folder."""
    return {path.name: path.read_bytes() for path in folder.iterdir()}
