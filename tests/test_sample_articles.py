"""The bundled articles are what data/sample_site/README.md promises."""

from __future__ import annotations

import csv
import tomllib
import unicodedata
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import regex

ROOT = Path(__file__).resolve().parent.parent
SITE = ROOT / "data" / "sample_site"
FILES = sorted((SITE / "articles").glob("*.md"))
PAPERS = {
    paper["key"]: paper for paper in tomllib.loads((SITE / "site.toml").read_text(encoding="utf-8"))["paper"]
}
REQUIRED = {
    "author": str,
    "id": int,
    "keywords": list,
    "lead": str,
    "paper": str,
    "province": str,
    "published": datetime,
    "related": list,
    "section": str,
    "slug": str,
    "title": str,
    "topic": str,
}
OPTIONAL = {"duplicates", "event", "image", "modified", "table"}
MARKER = regex.compile(r"\{(?:(image|table) (\d)|player|ad|related)\}")
MERGER = "2025-07-01"


def read(path: Path) -> tuple[dict[str, Any], list[str]]:
    """Return the front matter and the blocks of an article file."""
    before, head, body = path.read_text(encoding="utf-8").split("+++\n")
    assert before == ""
    return tomllib.loads(head), body.strip("\n").split("\n\n")


ARTICLES = [read(path)[0] for path in FILES]


def dates() -> list[str]:
    return [article["published"].date().isoformat() for article in ARTICLES]


def test_there_are_enough_articles_of_every_year_and_layout() -> None:
    assert len(ARTICLES) >= 36
    assert {date[:4] for date in dates()} >= {"2022", "2023", "2024", "2025", "2026"}
    layouts = Counter(PAPERS[article["paper"]]["layout"] for article in ARTICLES)
    assert len(layouts) >= 3
    assert min(layouts.values()) >= 8


def test_they_speak_of_many_provinces_and_topics_before_and_after_the_merger() -> None:
    assert len({article["province"] for article in ARTICLES}) >= 14
    assert len({article["topic"] for article in ARTICLES}) >= 12
    after = sum(date >= MERGER for date in dates())
    assert after >= 10
    assert len(ARTICLES) - after >= 10


def test_provinces_are_those_of_their_day() -> None:
    with (ROOT / "data" / "provinces.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    names = {
        prefix: {row["name"] for row in rows if row["id"].startswith(prefix)} for prefix in ("VN63", "VN34")
    }
    for article, date in zip(ARTICLES, dates(), strict=True):
        units = names["VN34" if date >= MERGER else "VN63"]
        assert article["province"] in units | {"Việt Nam"}, article["slug"]


def test_ids_slugs_and_addresses_are_unique() -> None:
    for key in ("id", "slug", "title"):
        counts = Counter(article[key] for article in ARTICLES)
        assert [value for value, count in counts.items() if count > 1] == []
    addresses = Counter(path for article in ARTICLES for path in article.get("duplicates", ()))
    addresses.update(PAPERS[article["paper"]]["article_path"].format(**article) for article in ARTICLES)
    assert [path for path, count in addresses.items() if count > 1] == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_an_article_file_is_valid(path: Path) -> None:
    article, blocks = read(path)
    assert {key: type(article.get(key)) for key in REQUIRED} == REQUIRED
    assert set(article) <= set(REQUIRED) | OPTIONAL
    assert article["slug"] == path.stem
    assert regex.fullmatch(r"[a-z0-9]+(?:-[a-z0-9]+)*", article["slug"])
    assert article["published"].utcoffset() == timedelta(hours=7)
    assert article.get("modified", article["published"]) >= article["published"]
    paper = PAPERS[article["paper"]]
    assert article["section"] in {section["slug"] for section in paper["sections"] if not section.get("all")}
    assert all(address.startswith(paper["prefix"]) for address in article.get("duplicates", ()))
    assert set(article["related"]) < {other["id"] for other in ARTICLES} - {article["id"]}
    assert len(article["related"]) >= 3
    used = {(found[1], int(found[2])) for block in blocks if (found := MARKER.fullmatch(block)) and found[1]}
    assert used == {
        (kind, number) for kind in ("image", "table") for number in range(1, len(article.get(kind, [])) + 1)
    }


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_an_article_reads_like_one(path: Path) -> None:
    article, blocks = read(path)
    whole = path.read_text(encoding="utf-8")
    assert unicodedata.is_normalized("NFC", whole)
    assert not regex.search(r"[\u00a0\u00ad\u200b-\u200f\u2060\ufeffÐ]", whole)
    texts = [article["title"], article["lead"], *(block for block in blocks if not MARKER.fullmatch(block))]
    assert all(text.strip() == text != "" and not regex.search(r"\n|\{|  ", text) for text in texts)
    words = sum(len(text.removeprefix("## ").split()) for text in texts)
    assert 250 <= words <= 600


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_rows_of_a_table_are_of_one_width(path: Path) -> None:
    for table in read(path)[0].get("table", []):
        widths = [sum(width(cell) for cell in row) for row in table["rows"]]
        assert len(set(widths)) == 1
        assert sum(width(cell) for cell in table["header"][0]) == widths[0]


def width(cell: str | dict[str, Any]) -> int:
    return cell.get("colspan", 1) if isinstance(cell, dict) else 1


def test_tables_twice_told_events_and_copies_are_there() -> None:
    assert sum("table" in article for article in ARTICLES) >= 3
    assert sum("duplicates" in article for article in ARTICLES) >= 2
    events = Counter(article["event"] for article in ARTICLES if "event" in article)
    assert events
    assert all(count == 2 for count in events.values())
    again = Counter((article["province"], article["topic"]) for article in ARTICLES)
    assert sum(count >= 2 for count in again.values()) >= 3
