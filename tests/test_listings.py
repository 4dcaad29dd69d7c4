"""Listings: which links are articles, which is the next page; no body is too broken to be read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from parsel import Selector

from crawler.answers import refusal
from crawler.feeds import read_feed, read_sitemap
from crawler.listings import page_number, read_listing
from store.sources import load_sources

SOURCES = load_sources()
PAPER = SOURCES["baogialai"]
HOME = "https://baogialai.com.vn/kinh-te"


def listing(markup: str, url: str = HOME) -> tuple[tuple[str, ...], str | None]:
    found = read_listing(Selector(text=markup), url, PAPER)
    return found.articles, found.next_page


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ('<a href="/kinh-te?page=2">2</a><a href="/kinh-te?page=3">3</a>', f"{HOME}?page=2"),
        ('<a href="/kinh-te/trang2.html">2</a>', f"{HOME}/trang2.html"),
        ('<a href="/kinh-te/page/2">2</a>', f"{HOME}/page/2"),
        ('<a href="/van-hoa?page=2">2</a>', None),
        ('<a href="/kinh-te?page=3">3</a>', None),
        ('<link rel="next" href="/kinh-te/cu-hon">', f"{HOME}/cu-hon"),
        ('<a rel="next" href="https://khac.example/kinh-te?page=2">2</a>', None),
        ('<a rel="next" href="javascript:void(0)">2</a>', None),
    ],
)
def test_next_page(markup: str, expected: str | None) -> None:
    assert listing(markup)[1] == expected


def test_the_page_after_a_numbered_page() -> None:
    markup = '<a href="/kinh-te?page=1">1</a><a href="/kinh-te?page=2">2</a><a href="/kinh-te?page=3">3</a>'
    assert listing(markup, f"{HOME}?page=2")[1] == f"{HOME}?page=3"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://b.example/tin?p=12", ("https://b.example/tin", 12)),
        ("https://b.example/tin?x=1&page=3", ("https://b.example/tin?x=1", 3)),
        ("https://b.example/tin/trang-4.html", ("https://b.example/tin", 4)),
        ("https://b.example/tin/", ("https://b.example/tin", 1)),
        ("https://b.example/trang-phuc-2024", ("https://b.example/trang-phuc-2024", 1)),
    ],
)
def test_page_number(url: str, expected: tuple[str, int]) -> None:
    assert page_number(url) == expected


def test_links_fall_back_to_the_whole_page_when_the_selector_misses() -> None:
    chosen = '<article><a href="/a-post1.html">A</a></article><a href="/b-post2.html">B</a>'
    found = read_listing(Selector(text=chosen), HOME, PAPER)
    assert found.articles == ("https://baogialai.com.vn/a-post1.html",)
    assert found.by_selector
    found = read_listing(Selector(text='<a href="/b-post2.html">B</a><a href="/kinh-te">C</a>'), HOME, PAPER)
    assert found.articles == ("https://baogialai.com.vn/b-post2.html",)
    assert not found.by_selector


def test_only_feeds_on_declared_hosts_are_announced() -> None:
    markup = (
        '<link rel="alternate" type="application/rss+xml" href="/rss/home.rss">'
        '<link rel="alternate" type="application/rss+xml" href="https://khac.example/rss">'
        '<link rel="alternate" hreflang="en" href="/en">'
    )
    assert read_listing(Selector(text=markup), HOME, PAPER).feeds == (
        "https://baogialai.com.vn/rss/home.rss",
    )


@given(body=st.binary(max_size=200))
def test_nothing_is_too_broken_to_be_read(body: bytes) -> None:
    read_feed(body, HOME)
    read_sitemap(body, HOME)
    read_sitemap(b"\x1f\x8b" + body, HOME)
    refusal(body, asked=HOME, final=HOME, source=PAPER)
