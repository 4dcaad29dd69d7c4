"""Feeds and sitemaps: broken, packed, endless, and with dates that say nothing."""

from __future__ import annotations

import gzip
from datetime import date
from urllib.parse import urlsplit

import pytest

from crawler.feeds import MAX_UNPACKED, Entry, read_feed, read_sitemap, unpack

HOME = "https://baogialai.com.vn/kinh-te"


def test_feed() -> None:
    feed = b"""<?xml version="1.0"?><rss version="2.0"><channel>
        <item><link>/a-post1.html</link><pubDate>Tue, 01 Sep 2026 23:30:00 +0700</pubDate></item>
        <item><link>mailto:a@b.example</link></item><item><title>x</title></item></channel></rss>"""
    assert read_feed(feed, HOME) == [Entry(url="https://baogialai.com.vn/a-post1.html", day=date(2026, 9, 1))]


@pytest.mark.parametrize(
    "feed",
    [
        b"<rss><channel><item><title>M\xc3\xada & \x0b</title><link>https://b.example/a</link></item>",
        b"<html><body><item><link>https://b.example/a</link></body>",
        b"rubbish <link><![CDATA[https://b.example/a]]></link>",
    ],
)
def test_a_broken_feed_still_gives_its_links(feed: bytes) -> None:
    assert [entry.url for entry in read_feed(feed, HOME)] == ["https://b.example/a"]


def urlset(*entries: str, root: str = "urlset") -> bytes:
    return f'<{root} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{"".join(entries)}</{root}>'.encode()


def entry(loc: str, day: str = "", tag: str = "url") -> str:
    return f"<{tag}><loc> {loc} </loc><lastmod>{day}</lastmod></{tag}>"


def test_sitemap_newest_first_with_relative_addresses() -> None:
    found = read_sitemap(
        urlset(
            entry("/cu", "2024-01-02"), entry("/moi", "2026-05-01T07:00:00+07:00"), entry("/x", "hôm nay")
        ),
        HOME,
    )
    assert found is not None
    assert [(urlsplit(page.url).path, page.day) for page in found.pages] == [
        ("/moi", date(2026, 5, 1)),
        ("/cu", date(2024, 1, 2)),
        ("/x", None),
    ]  # fmt: skip


def test_an_index_is_told_inside_a_urlset_and_by_its_root() -> None:
    hidden = read_sitemap(
        gzip.compress(urlset(entry("/sitemaps/news-2026-9.xml"), entry("/a-post1.html"))), HOME
    )
    index = read_sitemap(urlset(entry("/bai-viet", tag="sitemap"), root="sitemapindex"), HOME)
    assert hidden is not None
    assert index is not None
    assert [urlsplit(page.url).path for page in hidden.sitemaps] == ["/sitemaps/news-2026-9.xml"]
    assert [urlsplit(page.url).path for page in hidden.pages] == ["/a-post1.html"]
    assert [urlsplit(page.url).path for page in index.sitemaps] == ["/bai-viet"]


def test_a_day_that_all_share_says_nothing() -> None:
    found = read_sitemap(
        urlset(*(entry(f"/a-post{number}.html", "2022-01-27") for number in range(30))), HOME
    )
    assert found is not None
    assert {page.day for page in found.pages} == {None}


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html><body><a href='/a'>A</a></body></html>",
        b"\x1f\x8b damaged",
        b"plain",
        b"<urlset></urlset>",
    ],
)
def test_what_is_no_sitemap(body: bytes) -> None:
    assert read_sitemap(body, HOME) is None


def test_entities_are_not_expanded() -> None:
    bomb = b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><urlset><url><loc>/&a;tin</loc></url></urlset>'
    found = read_sitemap(bomb, HOME)
    assert found is not None
    assert [page.url for page in found.pages] == ["https://baogialai.com.vn/"]  # the entity is nothing


def test_gzip_that_unpacks_beyond_measure_is_refused() -> None:
    assert unpack(gzip.compress(bytes(MAX_UNPACKED + 1), 1)) is None
    assert unpack(gzip.compress(b"a")) == b"a"
