"""What the journeys of tests/test_journeys.py expect of the sample site, and how they drive a page."""

from __future__ import annotations

import csv
import io

from crawler.sample_site import load_site
from tests.browsing import PATIENCE, sees, settled

ARTICLES = {article["slug"]: article for paper in load_site().papers for article in paper.articles}
SCORES_2023 = "par-index-2023-bang-diem-63-tinh-thanh"  # PAR INDEX of the 63: province, score, rank
SCORES_2024 = "par-index-2024-lan-cuoi-cua-63-tinh-thanh"  # province, score, rank, rank of 2023
PROJECT_06 = "quang-ngai-de-an-06-hoan-thanh-31-tren-36-nhiem-vu"
# How many slanting lines are drawn within a square of the map.
SLANTS_IN = """square => {
    const within = square.getBoundingClientRect();
    const inside = line => line.width > 1 && line.height > 1 && line.left >= within.left - 1
        && line.right <= within.right + 1 && line.top >= within.top - 1 && line.bottom <= within.bottom + 1;
    const lines = square.ownerSVGElement.querySelectorAll("line");
    return [...lines].map(line => line.getBoundingClientRect()).filter(inside).length;
}"""


def printed(slug: str) -> dict[str, list[str]]:
    """Return the cells of an article's table by province, as the sample site prints them."""
    (table,) = ARTICLES[slug]["table"]
    short = {"TP. Hồ Chí Minh": "Hồ Chí Minh"}
    return {short.get(name, name): cells for name, *cells in table["rows"]}


def total(page, words: str) -> None:
    sees(page, ".total", words)


def choose(page, name: str, typed: str) -> None:
    """Type into a list of choices without diacritics and take the first that is left."""
    box = page.get_by_role("combobox", name=name)
    box.fill(typed)
    page.get_by_role("option").first.wait_for(timeout=PATIENCE)
    box.press("Enter")
    page.keyboard.press("Escape")  # the open list hides the rest of the page from assistive technology
    settled(page)


def rows_of(answer: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(answer.decode("utf-8-sig"))))


def day(text: str) -> str:
    """Return 2026-10-07 as the pages write it."""
    year, month, number = map(int, text[:10].split("-"))
    return f"{number}/{month}/{year}"
