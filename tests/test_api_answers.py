"""Answers of the addresses for programs: known ones, early ends, hostile texts, data that cannot be read."""

from __future__ import annotations

import asyncio
import hashlib
import io
import json
import sqlite3
import threading
from contextlib import closing

import openpyxl
import pytest

from app_pages import data, release_files, streams
from store.derived import open_derived
from store.export import export
from store.queries import open_readonly
from tests import app_fixture
from tests.api_client import FORMS, api_client, table
from tests.app_fixture import FIGURES, HOSTILE_ID, RATIO_ID
from tests.hostile_fixture import HOSTILE, build_hostile


@pytest.fixture(scope="module")
def database(tmp_path_factory):
    return app_fixture.build(tmp_path_factory.mktemp("api") / "chiso.db")


@pytest.fixture
def client(database, monkeypatch):
    with api_client(database, monkeypatch) as client:
        yield client


def test_an_answer_that_is_known_is_not_sent_again(database, client, tmp_path, monkeypatch):
    for address in ("/api/figures.csv?p=VN63-51", f"/api/figure/{RATIO_ID}.json"):
        etag = client.get(address).headers["etag"]
        again = client.get(address, headers={"if-none-match": etag})
        assert (again.status_code, again.content) == (304, b"")
    other = client.get("/api/figures.csv?p=VN63-40").headers["etag"]
    assert other != client.get("/api/figures.csv?p=VN63-51").headers["etag"]


def test_the_tag_changes_with_the_data(client, tmp_path, monkeypatch):
    path = app_fixture.build(tmp_path / "chiso.db")
    monkeypatch.setenv(data.DATABASE_VARIABLE, str(path))
    before = client.get("/api/figures.csv").headers["etag"]
    with closing(open_derived(path)) as db:
        db["meta"].insert({"key": "seen", "value": "1"})
    assert client.get("/api/figures.csv").headers["etag"] != before


@pytest.mark.parametrize("form", FORMS)
def test_head_says_what_get_would_without_reading_it(client, form):
    head, whole = (client.request(method, f"/api/figures.{form}") for method in ("HEAD", "GET"))
    assert head.content == b""
    for name in ("content-type", "etag", "content-disposition", "content-security-policy"):
        assert head.headers[name] == whole.headers[name]


def test_other_sites_may_not_read(client):
    answer = client.get("/api/figures.json", headers={"origin": "https://elsewhere.example"})
    assert not [name for name in answer.headers if name.startswith("access-control")]
    assert client.post("/api/figures.csv").status_code == 405


def test_scraped_text_stays_text(tmp_path, client, monkeypatch):
    monkeypatch.setenv(data.DATABASE_VARIABLE, str(build_hostile(tmp_path / "hostile.db")))
    written = sorted(HOSTILE.values())
    lines = client.get("/api/figures.ndjson").content.split(b"\n")[:-1]
    assert sorted(json.loads(line)["sentence"] for line in lines) == written
    rows = client.get("/api/figures.json").json()["figures"]
    assert sorted(row["sentence"] for row in rows) == written
    assert sorted(row["sentence"] for row in table(client.get("/api/figures.csv"))) == written
    excel = [row["sentence"] for row in table(client.get("/api/figures.csv?bom=1&guard=1"))]
    assert [text for text in excel if text.strip("\u200b ")[0] in "=+-@＝＋－＠"] == []
    assert sorted(text.removeprefix("'") for text in excel) == written
    book = openpyxl.load_workbook(io.BytesIO(client.get("/api/figures.xlsx").content))
    cells = [cell for row in book["figures"].iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "n", "b", "d"}  # "f" would be a formula
    assert [cell for cell in cells if cell.hyperlink] == []


@pytest.mark.parametrize("state", ["missing", "no database", "locked"])
def test_data_that_cannot_be_read_are_a_sentence(client, tmp_path, monkeypatch, state):
    path = tmp_path / "chiso.db"
    monkeypatch.setenv(data.DATABASE_VARIABLE, str(path))
    monkeypatch.setattr("store.database.BUSY_SECONDS", 0.05)
    lock = None
    if state == "no database":
        path.write_text("not a database" * 100)
    if state == "locked":
        app_fixture.build(path)
        lock = sqlite3.connect(path, isolation_level=None)
        lock.execute("PRAGMA journal_mode=DELETE")
        lock.execute("BEGIN EXCLUSIVE")
    for address in (
        "/api/figures.csv",
        "/api/figures.json",
        f"/api/figure/{RATIO_ID}.json",
        "/api/places.json",
    ):
        answer = client.get(address)
        assert answer.status_code == 503
        assert str(path) in answer.json()["error"]
    if lock:
        lock.close()


def test_an_empty_database_gives_files_without_rows(client, tmp_path, monkeypatch):
    path = tmp_path / "empty.db"
    open_derived(path).close()
    monkeypatch.setenv(data.DATABASE_VARIABLE, str(path))
    assert table(client.get("/api/figures.csv")) == []
    assert client.get("/api/figures.json").json()["figures"] == []


def test_a_file_is_read_from_one_state_while_a_build_writes(client, tmp_path, monkeypatch):
    path = app_fixture.build(tmp_path / "chiso.db")
    monkeypatch.setenv(data.DATABASE_VARIABLE, str(path))
    with closing(sqlite3.connect(path, isolation_level=None)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        writer.execute("DELETE FROM figures WHERE id = ?", [HOSTILE_ID])
        assert len(table(client.get("/api/figures.csv"))) == FIGURES
        writer.execute("COMMIT")
    assert len(table(client.get("/api/figures.csv"))) == FIGURES - 1


def test_files_of_the_release_come_whole_and_in_ranges(client, database, tmp_path, monkeypatch):
    monkeypatch.setenv(release_files.FOLDER_VARIABLE, str(tmp_path / "release"))
    with closing(open_readonly(database)) as db:
        export(db, tmp_path / "release", formats=("csv", "sqlite", "package"))
    (tmp_path / "release" / "notes.txt").write_text("not of the release")
    sums = dict(line.split("  ")[::-1] for line in client.get("/download/SHA256SUMS").text.splitlines())
    assert {"figures.csv", "chiso.sqlite", "chiso.zip", "datapackage.json", "CITATION.bib"} <= set(sums)
    whole = client.get("/download/chiso.sqlite").content
    assert hashlib.sha256(whole).hexdigest() == sums["chiso.sqlite"]
    part = client.get("/download/chiso.sqlite", headers={"range": "bytes=100-199", "accept-encoding": "gzip"})
    assert (part.status_code, part.content) == (206, whole[100:200])
    assert client.get("/download/chiso.sqlite", headers={"range": "bytes=9999999999-"}).status_code == 416
    for name in ("notes.txt", "%2e%2e%2fchiso.db", "..%5cchiso.db"):
        assert client.get(f"/download/{name}").status_code == 404
    (tmp_path / "release" / "datapackage.json").write_text("{}")
    assert client.get("/download/figures.csv").status_code == 503


def test_a_stream_is_read_in_its_own_thread_and_closed_when_its_reader_leaves():
    threads, closed = set(), threading.Event()

    def pieces():
        try:
            for number in range(100):
                threads.add(threading.get_ident())
                yield b"%d" % number
        finally:
            threads.add(threading.get_ident())
            closed.set()

    async def read_two():
        answer = await streams.stream(pieces)
        found = [await anext(answer), await anext(answer)]
        await answer.aclose()
        return found

    assert asyncio.run(read_two()) == [b"0", b"1"]
    assert closed.wait(10)
    assert len(threads) == 1
    assert threading.get_ident() not in threads


def test_too_many_streams_are_asked_to_come_again(client):
    async def hold_all():
        opened = [await streams.stream(lambda: iter_forever()) for _ in range(streams.MOST_STREAMS)]
        answer = await asyncio.to_thread(client.get, "/api/figures.csv")
        for one in opened:
            await one.aclose()
        return answer

    def iter_forever():
        while True:
            yield b"."

    answer = asyncio.run(hold_all())
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "20")
    assert client.get("/api/figures.csv").status_code == 200
