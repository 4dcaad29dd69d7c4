"""Saved pages and copies of sites are kept under the addresses that they name."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from crawler.archives.warc import ArchiveError
from tests.import_samples import archive, counted, imported, page, stored, url
from tests.local_site import article
from tests.pdf_fixtures import pdf, text
from tests.warc_fixtures import packed


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
