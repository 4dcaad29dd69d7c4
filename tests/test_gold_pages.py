"""Annotated articles served as pages of three layouts give the same figures as their plain text."""

from __future__ import annotations

import json
import shutil
from contextlib import closing
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from crawler.run import crawl
from crawler.sample_site import SAMPLE_SITE, serve
from extract import exchange, pipeline
from store.build import build
from store.derived import get_figures, open_derived
from store.records import Article, Figure
from store.sources import load_sources
from tests.gold import GOLD

PAPERS = {"mien-trung": "thoi-su", "dong-bang": "kinh-te", "cao-nguyen": "xa-hoi"}
PUBLISHED = "2024-12-20T08:30:00+07:00"

pytestmark = pytest.mark.skipif(not GOLD.is_dir(), reason="the annotated articles are not here")


def seeds() -> list[Article]:
    return list(exchange.read_documents(GOLD / "seeds.jsonl"))


def write_page(folder: Path, seed: Article, paper: str, number: int) -> None:
    """Write the source of one page: the seed's first line is the title, the next one the lead."""
    title, lead, *rest = (line.strip() for line in seed.text.splitlines() if line.strip())
    slug = f"{seed.id}-{paper}"
    fields = {
        "slug": slug,
        "paper": paper,
        "section": PAPERS[paper],
        "province": seed.site_province,
        "topic": "digital",
        "title": title,
        "lead": lead,
        "author": "Người Viết",
    }
    head = [f"id = {number}", f"published = {PUBLISHED}", "keywords = []", "related = []"]
    head += [f"{name} = {json.dumps(value, ensure_ascii=False)}" for name, value in fields.items()]
    text = "\n".join(("+++", *head, "+++")) + "\n" + "\n\n".join(rest)
    (folder / "articles" / f"{slug}.md").write_text(text, encoding="utf-8")


def essence(figures: list[Figure]) -> list[dict]:
    """Return what figures say, without where they stand and how sure the extractor is of them.

    The text has lines that a page's article has not (a player, captions), so that confidences may differ.
    """
    placed = ("id", "article_id", "start", "end", "sentence", "sentence_start", "sentence_end", "restates")
    judged = ("confidence", "rules")
    return [
        {name: value for name, value in asdict(figure).items() if name not in (*placed, *judged)}
        for figure in figures
    ]


def test_pages_give_the_figures_of_the_text(tmp_path: Path) -> None:
    folder = tmp_path / "site"
    shutil.copytree(SAMPLE_SITE, folder, ignore=shutil.ignore_patterns("articles"))
    (folder / "articles").mkdir()
    numbers = iter(range(900_001, 901_000))
    for seed in seeds():
        for paper in PAPERS:
            write_page(folder, seed, paper, next(numbers))
    sources = {name: source for name, source in load_sources().items() if source.kind == "sample"}
    with serve(folder) as address:
        port = int(address.rpartition(":")[2])
        crawl(sources, sources=sources, pages_path=tmp_path / "pages.db", ports=dict.fromkeys(sources, port))
    build(tmp_path / "pages.db", tmp_path / "chiso.db", sources=sources)
    with closing(open_derived(tmp_path / "chiso.db")) as db:
        stored = list(db.query("SELECT id, url FROM articles"))
        assert len(stored) == len(seeds()) * len(PAPERS)
        for seed in seeds():
            plain = pipeline.extract(replace(seed, site_province=None, published=PUBLISHED))
            assert plain
            for row in stored:
                if seed.id in row["url"]:
                    assert essence(get_figures(db, row["id"])) == essence(plain), row["url"]
