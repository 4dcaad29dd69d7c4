"""The main job, end to end: the sample site is crawled, cleaned, extracted, merged and exported."""

from __future__ import annotations

import csv
import hashlib
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from store.release.folder import read_release
from tests.conftest import Demo, command, run_demo


def rows(path: Path, sql: str) -> list[tuple]:
    with closing(sqlite3.connect(path)) as db:
        return db.execute(sql).fetchall()


def dump(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as db:
        return list(db.iterdump())


def test_the_demo_knows_figures_of_many_provinces(demo: Demo) -> None:
    found = rows(
        demo.db,
        "SELECT DISTINCT place_id FROM figures WHERE place_id LIKE 'VN_3-%' OR place_id LIKE 'VN34-%'",
    )
    assert len(found) >= 12
    assert "Provinces" in demo.printed


def test_every_figure_stands_in_its_article(demo: Demo) -> None:
    found = rows(
        demo.db,
        'SELECT articles.text, start, "end", surface FROM figures JOIN articles ON articles.id = article_id',
    )
    assert len(found) > 300
    assert all(text[start:end] == surface for text, start, end, surface in found)


def test_a_second_run_fetches_nothing_and_changes_nothing(demo: Demo, tmp_path: Path) -> None:
    again = run_demo(shutil.copytree(demo.folder, tmp_path / "demo"))
    count = "SELECT count(*) FROM pages"
    assert rows(again.pages, count) == rows(demo.pages, count)
    assert dump(again.db) == dump(demo.db)
    assert {path.name: path.read_bytes() for path in again.out.iterdir()} == {
        path.name: path.read_bytes() for path in demo.out.iterdir()
    }


def test_no_headline_of_another_article_is_read(demo: Demo) -> None:
    titles = [title for (title,) in rows(demo.db, "SELECT title FROM articles")]
    texts = rows(demo.db, "SELECT title, text FROM articles")
    leaked = [(own, other) for own, text in texts for other in titles if other != own and other in text]
    assert leaked == []


def test_the_exports_hold_every_figure_with_its_sentence(demo: Demo) -> None:
    with (demo.out / "figures.csv").open(encoding="utf-8", newline="") as file:
        exported = list(csv.DictReader(file))
    assert len(exported) == rows(demo.db, "SELECT count(*) FROM figures")[0][0]
    assert all(row["sentence"] and row["article_url"] for row in exported)


def test_the_release_that_the_app_offers_has_every_form(demo: Demo) -> None:
    release = read_release(demo.out)
    assert release is not None
    assert {file.name for file in release.files} == {path.name for path in demo.out.iterdir()}
    ends = {file.name.partition("figures")[2] or Path(file.name).suffix for file in release.files}
    assert {".csv", "-excel.csv", ".xlsx", ".parquet", ".ndjson", ".sqlite", ".zip"} <= ends
    figures = rows(demo.db, "SELECT count(*) FROM figures")[0][0]
    assert {file.rows for file in release.files if file.name.startswith("figures")} == {figures}
    digests = {file.name: file.sha256 for file in release.files}
    for path in demo.out.iterdir():
        assert hashlib.sha256(path.read_bytes()).hexdigest() == digests[path.name]


def test_a_filtered_export_says_what_it_does_not_know(demo: Demo, tmp_path: Path) -> None:
    refused = command("export", "--out", tmp_path / "x", "--db", demo.db, "--province", "Quang Ngay")
    assert refused.exit_code == 2
    assert "Quảng Ngãi" in refused.output
    taken = command("export", "--out", tmp_path / "y", "--db", demo.db, "--province", "quang ngai")
    assert taken.exit_code == 0
    (table,) = (tmp_path / "y").glob("figures-filtered-????????.csv")
    with table.open(encoding="utf-8", newline="") as file:
        assert {row["province_vi"] for row in csv.DictReader(file)} == {"Quảng Ngãi"}
