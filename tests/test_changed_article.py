"""From crawl to figures: an article that was changed loses its old figures and keeps its old version."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from benchmarks.local_paper import Paper, serving
from crawler.run import crawl
from tests.conftest import command

REGISTRY = """
[family.local]

[source.local-paper]
name = "Báo Sông Bờ"
kind = "sample"
family = "local"
province = "Quảng Ngãi"
hosts = ["127.0.0.1"]
start_urls = ["http://127.0.0.1/muc-0"]
article_pattern = '^/tin-[\\w-]*a\\d+\\.html$'
article_id_pattern = '-a(\\d+)\\.html$'
body_selectors = ["article"]
delay = 0
allow_private_addresses = true
"""
FIGURES = """
    SELECT url, surface FROM figures JOIN articles ON articles.id = article_id WHERE surface LIKE '%.%'
"""


class Reporting(Paper):
    """A paper whose articles say how much forest was planted, and correct themselves."""

    def article(self, number: int) -> str:
        hectares = "2.840" if number in self.changed else f"1.{number}50"
        said = (
            f"Năm 2024, toàn tỉnh Quảng Ngãi trồng mới {hectares} ha rừng tập trung, theo báo cáo của ngành. "
            "Các địa phương tiếp tục chuẩn bị cây giống, phân công cán bộ bám sát từng thôn bản để hướng dẫn "
            "bà con chăm sóc diện tích rừng mới trồng và phòng cháy trong mùa khô sắp tới."
        )
        head = '<title>Tin rừng</title><meta property="article:published_time" content="2024-12-20">'
        return (
            f"<html><head>{head}</head><body><h1>Tin rừng</h1><article><p>{said}</p></article></body></html>"
        )


def rows(path: Path, sql: str) -> list[tuple]:
    with closing(sqlite3.connect(path)) as db:
        return db.execute(sql).fetchall()


def test_a_changed_article_replaces_its_figures_and_keeps_its_old_version(tmp_path: Path) -> None:
    pages, db, registry = tmp_path / "pages.db", tmp_path / "chiso.db", tmp_path / "sources.toml"
    registry.write_text(REGISTRY, encoding="utf-8")
    found = []
    with serving(Reporting(articles=2, sections=1)) as paper:
        source = paper.source()
        for _ in range(2):
            (told,) = crawl(
                [source.id],
                sources={source.id: source},
                pages_path=pages,
                ports={source.id: paper.port},
                settings={"CHISO_REVISIT_HOURS": [0]},
            )
            done = command("extract", "--pages", pages, "--db", db, "--sources", registry)
            assert done.exit_code == 0, done.output
            found.append(sorted(rows(db, FIGURES)))
            paper.changed.add(1)
    assert told.counters["revised"] == 1
    first, second = (f"http://127.0.0.1{paper.path(number)}" for number in (0, 1))
    assert [[url for url, _ in each] for each in found] == [[first, second]] * 2
    assert [[surface.split()[0] for _, surface in each] for each in found] == [
        ["1.050", "1.150"],
        ["1.050", "2.840"],
    ]
    versions = rows(pages, f"SELECT hash FROM pages JOIN bodies ON hash = body_hash WHERE url = '{second}'")
    assert len(set(versions)) == 2
