"""The page database: nothing fetched is lost or kept twice, and what cannot be opened is left alone."""

from __future__ import annotations

import dataclasses
import multiprocessing
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from store import database, pages
from store.errors import StoreError
from store.pages_schema import PAGES
from store.records import Page

FIRST = "2024-05-01T01:00:00+00:00"
SECOND = "2024-05-02T01:00:00+00:00"


def page(**changes: object) -> Page:
    known = Page(
        id="0123456789abcdef",
        url="https://bao.example/tin-1.html",
        fetched_url="https://bao.example/tin-1.html?utm=1",
        source="bao",
        fetched_at=FIRST,
        status=200,
        content_type="text/html; charset=utf-8",
        body="<p>Tỉnh có 24 xã</p>".encode(),
    )
    return dataclasses.replace(known, **changes)  # type: ignore[arg-type]


def test_a_page_comes_back_as_it_was_fetched(tmp_path: Path) -> None:
    db = pages.open_pages(tmp_path / "pages.db")
    kept = page(body=bytes(range(256)) * 10, content_type=None, run_id=pages.start_run(db, "bao", FIRST))
    assert pages.add_page(db, kept)
    assert pages.get_page(db, kept.id) == kept
    assert list(pages.iter_pages(db)) == [kept]
    assert pages.get_page(db, "unknown") is None


def test_the_newest_version_counts_and_an_unchanged_page_is_not_kept_again(tmp_path: Path) -> None:
    db = pages.open_pages(tmp_path / "pages.db")
    changed = page(fetched_at=SECOND, body=b"<p>25</p>")
    assert pages.add_page(db, page())
    assert not pages.add_page(db, page(fetched_at=SECOND))  # the same bytes
    assert pages.add_page(db, changed)
    assert not pages.add_page(db, changed)  # the same fetch
    assert [got.body for got in pages.iter_pages(db)] == [b"<p>25</p>"]
    back = page(fetched_at="2024-05-03T01:00:00+00:00")
    assert pages.add_page(db, back)  # an old text that returns is news
    assert pages.get_page(db, back.id) == back
    assert (db["pages"].count, db["bodies"].count) == (3, 2)


def test_a_changed_status_is_news_though_the_body_is_the_same(tmp_path: Path) -> None:
    db = pages.open_pages(tmp_path / "pages.db")
    pages.add_page(db, page())
    assert pages.add_page(db, page(fetched_at=SECOND, status=404))


def test_known_addresses_are_told_by_source(tmp_path: Path) -> None:
    db = pages.open_pages(tmp_path / "pages.db")
    pages.add_page(db, page())
    pages.add_page(db, page(id="b" * 16, url="https://cong.example/1", source="cong"))
    assert pages.known_ids(db) == {"0123456789abcdef", "b" * 16}
    assert pages.known_ids(db, "cong") == {"b" * 16}
    assert pages.known_urls(db, "bao") == {"https://bao.example/tin-1.html"}
    assert pages.known_urls(db, "nobody") == set()


def test_iteration_goes_past_one_query_and_resumes_after_a_number(tmp_path: Path) -> None:
    db = pages.open_pages(tmp_path / "pages.db")
    with db.atomic():
        for number in range(450):
            pages.add_page(db, page(id=f"{number:016x}", url=f"https://bao.example/{number}"))
    assert [got.url.rsplit("/", 1)[1] for got in pages.iter_pages(db)] == [str(n) for n in range(450)]
    assert len(list(pages.iter_pages(db, after=440))) == 10


def test_raw_pages_can_be_neither_changed_nor_deleted(tmp_path: Path) -> None:
    db = pages.open_pages(tmp_path / "pages.db")
    pages.add_page(db, page())
    for statement in ("DELETE FROM pages", "UPDATE pages SET url = ''", "DELETE FROM bodies"):
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            db.execute(statement)


def test_a_run_is_open_until_it_is_finished(tmp_path: Path) -> None:
    db = pages.open_pages(tmp_path / "pages.db")
    run = pages.start_run(db, "bao", FIRST)
    assert pages.list_runs(db)[0]["finished_at"] is None
    pages.finish_run(db, run, SECOND, {"pages": 3, "errors": 0}, outcome="cancelled")
    (told,) = pages.list_runs(db, source="bao")
    assert (told["outcome"], told["finished_at"]) == ("cancelled", SECOND)
    assert told["counters"] == {"pages": 3, "errors": 0}
    with pytest.raises(StoreError, match="no crawl run 99"):
        pages.finish_run(db, 99, SECOND, {})


def test_a_page_of_an_unknown_run_is_refused_and_leaves_nothing(tmp_path: Path) -> None:
    db = pages.open_pages(tmp_path / "pages.db")
    with pytest.raises(StoreError, match="FOREIGN KEY"):
        pages.add_page(db, page(run_id=7))
    assert (db["pages"].count, db["bodies"].count) == (0, 0)


def test_opening_twice_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "pages.db"
    first = pages.open_pages(path)
    pages.add_page(first, page())
    dump = list(first.conn.iterdump())
    second = pages.open_pages(path)
    assert list(second.conn.iterdump()) == dump
    assert second.journal_mode == "wal"
    assert second.execute("PRAGMA foreign_keys").fetchone()[0] == 1


def _open_and_add(path: Path, number: int) -> None:
    with pages.open_pages(path) as db:
        for step in range(20):
            pages.add_page(db, page(id=f"{number:08x}{step:08x}", body=f"{number} {step}".encode()))


def test_programs_that_start_together_share_a_new_database(tmp_path: Path) -> None:
    path = tmp_path / "pages.db"
    context = multiprocessing.get_context("spawn")
    workers = [context.Process(target=_open_and_add, args=(path, number)) for number in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert [worker.exitcode for worker in workers] == [0, 0, 0]
    assert len(pages.known_ids(pages.read_pages(path))) == 60


def test_a_reader_sees_pages_while_a_writer_is_in_a_transaction(tmp_path: Path) -> None:
    writer = pages.open_pages(tmp_path / "pages.db")
    pages.add_page(writer, page())
    with writer.atomic():
        pages.add_page(writer, page(fetched_at=SECOND, body=b"new"))
        reader = pages.read_pages(tmp_path / "pages.db")
        assert [got.body for got in pages.iter_pages(reader)] == [page().body]
        with pytest.raises(StoreError, match="read-only"):
            pages.add_page(reader, page(fetched_at=SECOND, body=b"x"))


def test_a_locked_database_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "BUSY_SECONDS", 0.05)
    path = tmp_path / "pages.db"
    holder = pages.open_pages(path)
    writer = pages.open_pages(path)
    with holder.atomic():
        pages.start_run(holder, "bao", FIRST)
        with pytest.raises(StoreError, match=r"pages\.db is locked by another program"):
            pages.add_page(writer, page())


@pytest.mark.parametrize(
    "content", [b"this is text, not a database\n" * 50, b"SQLite format 3\0" + b"\xff" * 200]
)
def test_a_file_that_is_no_database_is_left_alone(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "pages.db"
    path.write_bytes(content)
    for opening in (pages.open_pages, pages.read_pages):
        with pytest.raises(StoreError, match=r"pages\.db"):
            opening(path)
    assert path.read_bytes() == content
    assert list(tmp_path.iterdir()) == [path]


def test_somebody_elses_database_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE songs (name TEXT)")
    other.close()
    before = path.read_bytes()
    with pytest.raises(StoreError, match="is not a pages database"):
        pages.open_pages(path)
    assert path.read_bytes() == before


def test_a_newer_schema_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "pages.db"
    db = pages.open_pages(path)
    db["_sqlite_migrations"].insert({"migration_set": PAGES.name, "name": "m999_later", "applied_at": ""})
    db.disable_wal()
    db.close()
    before = path.read_bytes()
    for opening in (pages.open_pages, pages.read_pages):
        with pytest.raises(StoreError, match=r"newer version .*m999_later"):
            opening(path)
    assert path.read_bytes() == before


def test_what_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"nowhere.db does not exist"):
        pages.read_pages(tmp_path / "nowhere.db")
    with pytest.raises(StoreError, match=r"folder of the database"):
        pages.open_pages(tmp_path / "no" / "pages.db")
    with pytest.raises(StoreError, match=r"is a folder"):
        pages.open_pages(tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_read_only_folder_can_be_read_and_not_written(tmp_path: Path) -> None:
    path = tmp_path / "pages.db"
    with pages.open_pages(path) as db:
        pages.add_page(db, page())
    path.chmod(0o400)
    tmp_path.chmod(0o500)
    try:
        assert pages.known_ids(pages.read_pages(path)) == {page().id}
        with pytest.raises(StoreError, match="cannot be"):
            pages.add_page(pages.open_pages(path), page(fetched_at=SECOND, body=b"x"))
    finally:
        tmp_path.chmod(0o700)


def test_a_damaged_body_is_named(tmp_path: Path) -> None:
    db = pages.open_pages(tmp_path / "pages.db")
    pages.add_page(db, page())
    db.execute("DROP TRIGGER bodies_keep_update")
    db.execute("UPDATE bodies SET body = x'00'")
    with pytest.raises(StoreError, match=r"damaged: the body of https://bao\.example/tin-1\.html"):
        pages.get_page(db, page().id)


def test_opening_databases_loads_neither_numpy_nor_pandas_and_leaves_them_to_be_loaded() -> None:
    program = (
        "import sys, store.database as database\n"
        "print({'numpy', 'pandas'} & sys.modules.keys(), database.Database(memory=True).table_names())\n"
        "import pandas; print(pandas.__name__)"
    )
    told = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
    assert told.stdout.splitlines() == ["set() []", "pandas"]


def test_what_is_hidden_from_sqlite_utils_is_found_again_though_it_does_not_load() -> None:
    program = (
        "import sys\n"
        "sys.modules['sqlite_utils'] = None\n"
        "try: import store\n"
        "except ImportError as error: print(error.name)\n"
        "import numpy; print(numpy.__name__)"
    )
    told = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
    assert told.stdout.splitlines() == ["sqlite_utils", "numpy"]
