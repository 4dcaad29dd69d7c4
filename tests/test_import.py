"""Importing WARC files: what a crawl would have kept is kept, by the crawler's own rules."""

from __future__ import annotations

import gzip
import json
import signal
import subprocess
import sys
import zlib
from dataclasses import replace
from pathlib import Path

import brotli

from store.pages import list_runs, read_pages
from tests.conftest import command
from tests.import_samples import archive, counted, imported, page, stored, url
from tests.local_site import COOKIE_PAGE, article
from tests.pdf_fixtures import pdf, text
from tests.warc_fixtures import PAPER, chunked, packed, record

CHUNKED = "Transfer-Encoding: chunked\r\n"
INSIDE = replace(PAPER, id="inside", hosts=("10.0.0.8", "localhost"), start_urls=())


def test_reports_in_an_archive_are_kept_where_files_are_taken(tmp_path: Path) -> None:
    report, other = pdf([text(["Tỉnh có 12 xã."])]), pdf([text(["Tỉnh có 13 xã."])])
    here = "https://bao.example.vn"
    records = [
        record(f"{here}/bao-cao/quy-1.pdf", report, headers="Content-Type: text/html\r\n"),
        record(f"{here}/documents/7/bao-cao?t=163", other, headers="Content-Type: application/pdf\r\n"),
        record("http://www.bao.example.vn/documents/7/bao-cao?t=164", other),
        record(f"{here}/documents/8/khong-con", article(1)),
        record(f"{here}/chuyen-muc", report),  # nothing about its address promises a file
        record("https://khac.example.com/bao-cao.pdf", report),
        record("https://cong.example.vn/bao-cao.pdf", report),
    ]
    without = replace(PAPER, id="portal", hosts=("cong.example.vn",), max_attachment_bytes=0)
    summary = imported(tmp_path, archive(tmp_path, packed(*records)), sources=(PAPER, without))
    assert counted(summary) == {"stored": 2, "known": 1, "foreign": 1, "not_article": 3}
    kept = {one.url: (one.body, one.source) for one in stored(tmp_path).values()}
    assert kept == {
        f"{here}/bao-cao/quy-1.pdf": (report, "paper"),
        f"{here}/documents/7/bao-cao": (other, "paper"),
    }


def test_an_archive_gives_what_a_crawl_would_have_kept(tmp_path: Path) -> None:
    records = [
        b"WARC/1.0\r\nWARC-Type: warcinfo\r\nContent-Length: 4\r\n\r\na: b\r\n\r\n",
        page(1, kind="request"),
        page(1, digest=True),
        page(1, kind="metadata"),
        record("http://www.bao.example.vn/tin-khac-a1.html?utm_source=x#y", article(1)),
        record("<https://bao.example.vn/tin-a2.html>", article(2)),
        record("https://khac.example.com/tin-a3.html", article(3)),
        record("https://bao.example.vn.evil.com/tin-a3.html", article(3)),
        record("https://bao.example.vn/chuyen-muc", article(3)),
        page(4, status=301),
        page(5, kind="revisit"),
        record(url(6), COOKIE_PAGE),
        record(url(7), b"\x89PNG\r\n\x1a\n"),
        record(url(8), article(9, head=f'<link rel="canonical" href="{url(9)}">')),
        record("ftp://bao.example.vn/tin-a9.html", article(9)),
        page(10, date=None),
        page(11, date="2027-01-01T00:00:00Z"),
        page(12, more="WARC-Truncated: length\r\n"),
        record("https://bao.example.vn:99999/tin-a13.html", article(13)),
    ]
    summary = imported(tmp_path, archive(tmp_path, packed(*records)))
    assert counted(summary) == {
        "stored": 2,
        "known": 1,
        "foreign": 3,
        "other_record": 3,
        "revisit": 1,
        "not_article": 1,
        "not_ok": 1,
        "reload": 1,
        "not_a_page": 1,
        "other_article": 1,
        "no_date": 2,
        "cut": 1,
        "no_address": 1,
    }
    assert sum(summary.counters.values()) == len(records)
    pages = stored(tmp_path)
    assert set(pages) == {url(1), url(2)}
    assert pages[url(1)].body == article(1)
    assert pages[url(1)].fetched_at == "2025-03-09T02:30:00Z"
    assert pages[url(1)].content_type == "text/html; charset=utf-8"
    assert pages[url(1)].run_id == summary.run_id
    assert summary.by_source == {"paper": 2}


def test_an_import_is_a_run_of_its_own_and_stores_nothing_twice(tmp_path: Path) -> None:
    path = archive(tmp_path, packed(page(1), page(2)))
    first, second = imported(tmp_path, path), imported(tmp_path, path)
    assert (first.stored, second.stored, second.known) == (2, 0, 2)
    db = read_pages(tmp_path / "pages.db")
    runs = list_runs(db)
    db.close()
    assert [(run["source"], run["outcome"], run["counters"]) for run in runs] == [
        ("import", "finished", {"known": 2}),
        ("import", "finished", {"stored": 2}),
    ]


def test_bodies_are_unpacked(tmp_path: Path) -> None:
    deflate = zlib.compress(article(3))
    records = [
        record(url(1), gzip.compress(article(1)), headers="Content-Encoding: gzip\r\n"),
        record(url(2), brotli.compress(article(2)), headers="Content-Encoding: br\r\n"),
        record(
            url(3), chunked(deflate), headers="Transfer-Encoding: chunked\r\nContent-Encoding: deflate\r\n"
        ),
        record(url(4), article(4), headers=f"{CHUNKED}Content-Encoding: gzip\r\n"),
        record(url(5), chunked(article(5)), headers=CHUNKED),
        record(url(6), chunked(article(6), end=False), headers=CHUNKED),
        record(url(7), gzip.compress(article(7))[:-20], headers="Content-Encoding: gzip\r\n"),
        record(url(8), article(8)[:-20], headers=f"Content-Length: {len(article(8))}\r\n"),
        record(url(9), b"\x00\x01", headers="Content-Encoding: compress\r\n"),
        record(url(10), gzip.compress(b"a" * 2**26), headers="Content-Encoding: gzip\r\n"),
    ]
    summary = imported(tmp_path, archive(tmp_path, packed(*records)))
    assert counted(summary) == {"stored": 5, "cut": 2, "broken": 2, "too_large": 1}
    assert {address: one.body for address, one in stored(tmp_path).items()} == {
        url(number): article(number) for number in range(1, 6)
    }


def test_a_page_has_the_crawlers_limit(tmp_path: Path) -> None:
    report = pdf([text(["Tỉnh có 12 xã."])])
    small = replace(PAPER, max_attachment_bytes=len(report))
    records = [
        record(url(1), article(1) + b" " * 6 * 2**20),
        record(url(2), report),
        record(url(3), report + b" "),
    ]
    summary = imported(tmp_path, archive(tmp_path, packed(*records)), sources=[small])
    assert counted(summary) == {"stored": 1, "too_large": 2}


def test_private_addresses_are_refused_unless_the_source_allows_them(tmp_path: Path) -> None:
    hosts = ("http://10.0.0.8", "http://localhost", "http://10.0.0.8:8080")
    body = packed(*(record(f"{host}/tin-a{at}.html", article(at)) for at, host in enumerate(hosts)))
    path = archive(tmp_path, body)
    assert counted(imported(tmp_path, path, sources=[INSIDE])) == {"guard_private": 3}
    allowed = imported(tmp_path, path, sources=[replace(INSIDE, allow_private_addresses=True)])
    assert counted(allowed) == {"stored": 2, "guard_port": 1}


def test_a_killed_import_is_taken_up_again(tmp_path: Path) -> None:
    path = archive(tmp_path, packed(*(page(number) for number in range(300))))
    whole = """
import os, signal, sys
from pathlib import Path
from crawler.archives import intake, importing
from tests.warc_fixtures import NOW, PAPER
write = intake.write
def killed(state):
    write(state)
    os.kill(os.getpid(), signal.SIGKILL)
intake.write = killed
importing.import_files([Path(sys.argv[1])], sources=[PAPER], pages_path=sys.argv[2], now=NOW)
"""
    ended = subprocess.run([sys.executable, "-c", whole, path, tmp_path / "pages.db"], cwd=Path.cwd())
    assert ended.returncode == -signal.SIGKILL
    already = len(stored(tmp_path))
    assert 0 < already < 300
    summary = imported(tmp_path, path)
    assert (summary.known, summary.stored) == (already, 300 - already)
    db = read_pages(tmp_path / "pages.db")
    assert db.execute("SELECT count(*), count(DISTINCT url) FROM pages").fetchone() == (300, 300)
    assert [run["outcome"] for run in list_runs(db)] == ["finished", None]
    db.close()


def test_progress_is_told_in_bytes(tmp_path: Path) -> None:
    one = archive(tmp_path, packed(*(page(number) for number in range(500))), "one.warc.gz")
    two = archive(tmp_path, packed(page(1000)), "two.warc.gz")
    told: list[tuple[int, int]] = []
    imported(tmp_path, one, two, progress=lambda done, total: told.append((done, total)))
    size = one.stat().st_size + two.stat().st_size
    assert told == sorted(told)
    assert told[-1] == (size, size)
    assert len(told) > 4


REGISTRY = """
[source.paper]
name = "Báo"
kind = "newspaper"
family = "test"
province = "Nghệ An"
hosts = ["bao.example.vn"]
start_urls = ["https://bao.example.vn/"]
article_pattern = '^/[\\w-]+-a\\d+\\.html$'
[family.test]
"""


def test_the_command(tmp_path: Path) -> None:
    registry = tmp_path / "sources.toml"
    registry.write_text(REGISTRY, encoding="utf-8")
    options = ("--pages", tmp_path / "pages.db", "--sources", registry, "--json")
    sound = archive(tmp_path, packed(page(1)))
    result = command("import", sound, *options)
    assert result.exit_code == 0
    assert json.loads(result.output)["by_source"] == {"paper": 1}
    broken = archive(tmp_path, packed(page(2)) + packed(page(3))[:-20], "cut.warc.gz")
    bad = archive(tmp_path, b"", "\x1b[31mempty.warc")
    result = command("import", broken, bad, *options)
    assert result.exit_code == 1
    document = json.loads(result.output)
    assert (document["stored"], document["damaged"]) == (1, 2)
    assert document["problems"] == [f"{tmp_path}/?[31mempty.warc: it is empty."]
    for words in (("--source", "nobody"), ("--base-url", "file:///etc")):
        assert command("import", sound, *options, *words).exit_code == 2
    assert command("import", tmp_path / "nowhere.warc", *options).exit_code == 2
    assert command("import", "/dev/zero", *options).exit_code == 2
