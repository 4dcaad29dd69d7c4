"""Importing: WARC files and saved pages that are sound, broken or hostile, by the crawler's own rules."""

from __future__ import annotations

import gzip
import json
import os
import signal
import subprocess
import sys
import zlib
from collections.abc import Sequence
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import brotli
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.archives.importing import ImportSummary, import_files
from crawler.archives.intake import COUNTERS
from crawler.archives.warc import Answer, ArchiveError, read_warc
from crawler.counters import COUNTERS as REFUSALS
from store.pages import iter_pages, list_runs, read_pages
from store.records import Page, Source
from tests.conftest import command
from tests.misbehaving_site import COOKIE_PAGE, article
from tests.pdf_fixtures import pdf, text
from tests.warc_fixtures import NOW, PAPER, chunked, packed, record

CHUNKED = "Transfer-Encoding: chunked\r\n"
INSIDE = replace(PAPER, id="inside", hosts=("10.0.0.8", "localhost"), start_urls=())


def url(number: int) -> str:
    return f"https://bao.example.vn/tin-a{number}.html"


def page(number: int, **fields: Any) -> bytes:
    return record(url(number), article(number), **fields)


def imported(
    folder: Path, *paths: Path, sources: Sequence[Source] = (PAPER,), **options: Any
) -> ImportSummary:
    return import_files(paths, sources=sources, pages_path=folder / "pages.db", now=NOW, **options)


def archive(folder: Path, body: bytes, name: str = "a.warc.gz") -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(body)
    return path


def stored(folder: Path) -> dict[str, Page]:
    db = read_pages(folder / "pages.db")
    pages = {one.url: one for one in iter_pages(db)}
    db.close()
    return pages


def counted(summary: ImportSummary, *left_aside: str) -> dict[str, int]:
    assert set(summary.counters) <= COUNTERS.keys() | REFUSALS.keys()
    return {name: number for name, number in summary.counters.items() if name not in left_aside}


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


def broken_member(number: int) -> bytes:
    member = bytearray(packed(record(url(number), os.urandom(400))))
    member[250] ^= 0xFF
    return bytes(member)


ONE, THREE = packed(page(1)), packed(page(3))
FORGED = page(2, digest=True).replace(b"118 ha", b"119 ha")
BROKEN = {
    "a member that is no gzip": (packed(page(1)) + broken_member(2) + packed(page(3)), {1, 3}, "broken"),
    "a member without its beginning": (
        packed(page(1)) + packed(page(2))[3:] + packed(page(3)),
        {1, 3},
        "broken",
    ),
    "a wrong checksum": (
        packed(page(1)) + packed(page(2))[:-8] + bytes(8) + packed(page(3)),
        {1, 3},
        "broken",
    ),
    "ten gigabytes claimed": (packed(page(1), page(2, claimed=10**10), page(3)), {1, 3}, "too_large"),
    "ten gigabytes claimed, not packed": (page(1) + page(2, claimed=10**10) + page(3), {1, 3}, "too_large"),
    "a length that no number holds": (page(1) + page(2, claimed=10**30) + page(3), {1, 3}, "broken"),
    "a negative length": (page(1) + page(2, claimed=-5) + page(3), {1, 3}, "broken"),
    "more claimed than there is": (packed(page(1), page(2, claimed=5000), page(3)), {1, 3}, "broken"),
    "a record inside the one before": (
        page(1) + page(2, claimed=900) + page(3) + page(4),
        {1, 3, 4},
        "broken",
    ),
    "less claimed than there is": (page(1) + page(2, claimed=300) + page(3), {1, 3}, "broken"),
    "rubbish between": (page(1, digest=True) + b"rubbish\r\n\r\n" + page(3), {1, 3}, "broken"),
    "the end cut off": (packed(page(1), page(3), page(2))[:-30], {1, 3}, "truncated"),
    "the end cut off, not packed": ((page(1) + page(3) + page(2))[:-300], {1, 3}, "truncated"),
    "a wrong digest": (
        page(1) + page(2, digest=True).replace(b"118 ha", b"119 ha") + page(3),
        {1, 3},
        "broken",
    ),
    "endless headers": (packed(page(1), b"WARC/1.0\r\nX: " + b"a" * 10**6, page(3)), {1, 3}, "broken"),
    "a bomb": (packed(page(1), record(url(2), bytes(2**25)), page(3)), {1, 3}, "too_large"),
    "one member for all": (gzip.compress(page(1) + page(3)), {1, 3}, None),
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


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_record_does_not_take_the_others_with_it(name: str, tmp_path: Path) -> None:
    body, numbers, counter = BROKEN[name]
    summary = imported(tmp_path, archive(tmp_path, body))
    assert set(stored(tmp_path)) == {url(number) for number in numbers}
    assert counted(summary, "stored") == ({counter: 1} if counter else {})
    assert summary.damaged == (1 if counter else 0)


def test_a_file_of_nothing_but_broken_records_is_left(tmp_path: Path) -> None:
    body = page(1) + b"WARC/1.0\r\nContent-Length: 9\r\n\r\n" * 1200
    with pytest.raises(ArchiveError, match=r"a\.warc: it has more than 1,000 broken records"):
        imported(tmp_path, archive(tmp_path, body, "a.warc"))


@settings(max_examples=150, deadline=None)
@given(
    pack=st.booleans(),
    places=st.lists(st.tuples(st.integers(0, 5000), st.binary(max_size=9), st.integers(0, 9)), max_size=4),
)
def test_any_damage_gives_answers_as_they_were_or_none(
    pack: bool, places: list[tuple[int, bytes, int]]
) -> None:
    records = [page(number, digest=True) for number in range(3)]
    body = packed(*records) if pack else b"".join(records)
    for place, new, removed in places:
        place %= len(body)
        body = body[:place] + new + body[place + removed :]
    found = list(read_warc(BytesIO(body), skip=lambda url: None, largest=2**20, now=NOW))
    known = {article(number) for number in range(3)}
    assert all(one.body in known for one in found if isinstance(one, Answer)) or places


NOT_ARCHIVES = {
    "zero.warc": b"",
    "zero.warc.gz": gzip.compress(b""),
    "notes.warc.gz": gzip.compress(b"only notes\n" * 50),
    "cut.warc.gz": packed(page(1))[:9],
    "other.warc.zst": b"\x28\xb5\x2f\xfd" + bytes(50),
}


@pytest.mark.parametrize("name", NOT_ARCHIVES)
def test_what_is_no_archive_is_told_in_a_sentence(name: str, tmp_path: Path) -> None:
    path = archive(tmp_path, NOT_ARCHIVES[name], name)
    result = command("import", path, "--pages", tmp_path / "pages.db")
    assert result.exit_code == 2
    assert result.output.strip().splitlines()[-1].startswith("Error: ")
    assert name in result.output


def test_private_addresses_are_refused_unless_the_source_allows_them(tmp_path: Path) -> None:
    hosts = ("http://10.0.0.8", "http://localhost", "http://10.0.0.8:8080")
    body = packed(*(record(f"{host}/tin-a{at}.html", article(at)) for at, host in enumerate(hosts)))
    path = archive(tmp_path, body)
    assert counted(imported(tmp_path, path, sources=[INSIDE])) == {"guard_private": 3}
    allowed = imported(tmp_path, path, sources=[replace(INSIDE, allow_private_addresses=True)])
    assert counted(allowed) == {"stored": 2, "guard_port": 1}


def test_saved_pages_are_kept_under_the_address_that_they_name(tmp_path: Path) -> None:
    folder = tmp_path / "saved"
    browser = f"<!-- saved from url=(0040){url(1)} -->".encode()
    single = f"<!--\n Page saved with SingleFile \n url: {url(2)} \n saved date: Mon Mar 10 2025 -->".encode()
    mirror = b"<!-- Mirrored from bao.example.vn/tin-a3.html by HTTrack Website Copier/3.x -->"
    files = {
        "one.html": browser
        + article(1, head='<link rel="canonical" href="https://chet.example/tin-a1.html">'),
        "deep/two.html": b"<!DOCTYPE html> <html>" + single + article(2),
        "deep/..\\..\\three;rm -rf.htm": b"<html>" + mirror + article(3),
        "four": article(4, head=f'<meta property="og:url" content="{url(4)}">'),
        "five.html": article(5, head='<link rel="canonical" href="https://bao.example.vn/muc">'),
        "six.html": article(6),
        "ảnh.png": b"\x89PNG\r\n\x1a\n",
    }
    for name, body in files.items():
        archive(folder, body, name)
    os.utime(folder / "one.html", (1741500000, 1741500000))
    os.utime(folder / "four", (2**33, 2**33))
    (folder / "to-the-root").symlink_to("/")
    (folder / "loop.html").symlink_to(folder / "one.html")
    os.mkfifo(folder / "pipe.html")
    archive(folder, packed(page(9)), "more.warc.gz")
    summary = imported(tmp_path, folder)
    assert counted(summary) == {
        "stored": 5,
        "not_article": 1,
        "no_address": 1,
        "not_a_page": 1,
        "link": 2,
        "special": 1,
    }
    pages = stored(tmp_path)
    assert set(pages) == {url(number) for number in (1, 2, 3, 4, 9)}
    assert pages[url(1)].body == files["one.html"]
    assert pages[url(1)].fetched_at == "2025-03-09T06:00:00.000Z"
    assert pages[url(4)].fetched_at == "2026-11-20T02:00:00.000Z"  # a file cannot be newer than now
    assert counted(
        imported(tmp_path, folder), "link", "special", "no_address", "not_article", "not_a_page"
    ) == {"known": 5}


def test_a_copy_of_a_site_has_the_addresses_of_the_site(tmp_path: Path) -> None:
    folder = tmp_path / "bao.example.vn"
    archive(folder, article(1), "tin-a1.html")
    archive(folder, article(2), "muc/tin-mới-a2.html")
    archive(folder, article(3), "tin-a3.html?utm_source=x&id=7")
    report = pdf([text(["Tỉnh có 12 xã."])])
    archive(folder, report, "documents/7/báo cáo quý 1.pdf?t=163&id=9")
    archive(folder, b"\xd0\xcf\x11\xe0" + bytes(99), "bang.xls")
    assert counted(imported(tmp_path, folder)) == {"no_address": 4, "attachment_unsupported": 1}
    summary = imported(tmp_path, folder, base_url="https://bao.example.vn/")
    assert counted(summary) == {"stored": 3, "not_article": 1, "attachment_unsupported": 1}
    assert imported(tmp_path, folder, base_url="https://bao.example.vn/").known == 3
    pages = stored(tmp_path)
    assert {address: one.body for address, one in pages.items()} == {
        url(1): article(1),
        url(3): article(3),
        "https://bao.example.vn/documents/7/b%C3%A1o%20c%C3%A1o%20qu%C3%BD%201.pdf?id=9": report,
    }
    assert pages[url(3)].fetched_url == f"{url(3)}?utm_source=x&id=7"
    with pytest.raises(ArchiveError, match="not an http or https address of a host"):
        imported(tmp_path, folder, base_url="https://khac.example/")


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
