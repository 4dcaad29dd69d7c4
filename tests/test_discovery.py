"""Listings, feeds, sitemaps, answers and the rules of politeness, without a network."""

from __future__ import annotations

import gzip
import zlib
from datetime import UTC, date, datetime
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from parsel import Selector

from crawler.answers import COUNTER_OF, kinds, refusal
from crawler.counters import COUNTERS, FAILED, REFUSED
from crawler.feeds import MAX_UNPACKED, Entry, read_feed, read_sitemap, unpack
from crawler.guards import is_public, unfit
from crawler.listings import page_number, read_listing
from crawler.pace import MAX_DELAY, halve_rate, slow_down, turn_of
from crawler.politeness import IN_A_ROW, WINDOW, Health, retry_after
from crawler.unpacking import Damaged, TooLarge
from crawler.unpacking import unpack as unpack_answer
from store.domains import registrable_domain
from store.sources import load_sources
from tests.misbehaving_site import COOKIE_PAGE, article

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
    assert found is None or all("root" not in page.url for page in found.pages)


def test_gzip_that_unpacks_beyond_measure_is_refused() -> None:
    assert unpack(gzip.compress(bytes(MAX_UNPACKED + 1), 1)) is None
    assert unpack(gzip.compress(b"a")) == b"a"


@given(body=st.binary(max_size=200))
def test_nothing_is_too_broken_to_be_read(body: bytes) -> None:
    read_feed(body, HOME)
    read_sitemap(body, HOME)
    read_sitemap(b"\x1f\x8b" + body, HOME)
    refusal(body, asked=HOME, final=HOME, source=PAPER)


ASKED = "https://baocantho.com.vn/lua-a1.html"


def judged(body: bytes, final: str = ASKED) -> str | None:
    return refusal(body, asked=ASKED, final=final, source=SOURCES["baocantho"])


def test_every_kind_of_refusal_has_its_counter() -> None:
    assert {kind.counter for kind in kinds()} == set(COUNTER_OF.values())
    assert set(COUNTER_OF.values()) <= set(REFUSED)


@pytest.mark.parametrize(
    ("page", "counter"),
    [
        ("<title>Just a moment...</title><body>Please wait", "captcha"),
        ("<form>Nhập mã xác nhận<input></form>", "captcha"),
        ("<title>Request Rejected</title><p>Your support ID is: 18</p>", "blocked"),
        ("<h1>Không tìm thấy trang</h1>", "soft_404"),
        ("<body><p>Vui lòng đăng nhập để đọc tiếp.</p>", "login"),
        ("<title>502 Bad Gateway</title><body>nginx", "server_error"),
    ],
)
def test_refusals_told_by_what_they_say(page: str, counter: str) -> None:
    assert judged(f"<html>{page}</html>".encode()) == counter


def test_a_refusal_inside_the_frame_of_the_site() -> None:
    menu = "".join(f"<li><a href='/muc-{number}'>Chuyên mục số {number}</a></li>" for number in range(90))
    page = f"<html><title>Báo Lúa</title><ul>{menu}</ul><p>Trang bạn tìm không tồn tại.</p></html>"
    assert judged(page.encode()) == "soft_404"
    assert judged(page.replace("không tồn tại", "ở đây").encode()) is None


def test_refusals_that_look_like_answers() -> None:
    assert len(COOKIE_PAGE) == 177
    assert judged(COOKIE_PAGE) == "reload"
    assert judged(b" \n") == "empty"
    assert judged(b"<html><body><script>1</script></body></html>") == "empty"
    assert judged(b"%PDF-1.7 ...") is None
    assert judged(b"PK\x03\x04") == "not_a_page"
    assert judged(article(1), "https://baocantho.com.vn/") == "home"
    assert judged(article(1), "https://baocantho.com.vn/kinh-te") == "home"
    assert judged(article(1), "https://baocantho.com.vn/lien-he") == "elsewhere"
    assert judged(article(1), "https://baocantho.com.vn/tom-a2.html") is None


def test_an_article_may_speak_of_captchas_and_missing_pages() -> None:
    story = "Nhiều người già không nhập mã xác nhận được, báo lỗi không tìm thấy trang. " * 5
    page = (
        f'<title>Captcha</title><div id="newscontents">{story}</div><div class="g-recaptcha"></div>'.encode()
    )
    assert judged(page) is None
    assert judged(page.replace(b'id="newscontents"', b"")) == "captcha"


def test_a_page_that_calls_itself_another_article() -> None:
    def named(address: str) -> bytes:
        story = "Giá lúa tại ruộng tăng 300 đồng mỗi ký so với tuần trước. " * 8
        return f'<link rel="canonical" href="{address}"><div id="newscontents">{story}</div>'.encode()

    assert judged(named("/tom-a2.html")) == "other_article"
    assert judged(named("/lua-vu-moi-a1.html")) is None
    assert (
        judged(named("https://bao-cu.example/tom-a2.html")) is None
    )  # an archive still names its old domain
    assert judged(named("/")) is None


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("8.8.8.8", True),
        ("127.0.0.1", False),
        ("10.1.2.3", False),
        ("172.16.0.1", False),
        ("192.168.1.1", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("0.0.0.0", False),
        ("224.0.0.1", False),
        ("::1", False),
        ("fe80::1%eth0", False),
        ("fd00::1", False),
        ("::ffff:127.0.0.1", False),
        ("2002:7f00:1::", False),
        ("2606:4700::1111", True),
        ("::127.0.0.1", False),
        ("64:ff9b::7f00:1", False),
        ("::ffff:0:127.0.0.1", False),
        ("2001:0:7f00:1::", False),
        ("192.0.0.8", False),
        ("255.255.255.255", False),
    ],
)
def test_private_addresses(address: str, public: bool) -> None:
    assert is_public(address) is public


@pytest.mark.parametrize(
    ("url", "counter"),
    [
        (HOME, None),
        ("https://baogialai.com.vn:443/", None),
        ("ftp://baogialai.com.vn/", "guard_scheme"),
        ("https://tin.baogialai.com.vn/", "guard_host"),
        ("https://baogialai.com.vn.khac.example/", "guard_host"),
        ("https://baogialai.com.vn:8080/", "guard_port"),
        ("http://169.254.169.254/latest/", "guard_host"),
    ],
)
def test_what_may_be_asked(url: str, counter: str | None) -> None:
    assert unfit(urlsplit(url), PAPER, None) == counter


def test_only_a_site_on_this_machine_has_a_port_of_its_own() -> None:
    assert unfit(urlsplit("http://127.0.0.1:4000/"), SOURCES["sample-aid"], 4000) is None
    assert unfit(urlsplit("http://127.0.0.1:4001/"), SOURCES["sample-aid"], 4000) == "guard_port"
    assert unfit(urlsplit("http://127.0.0.1:8470/"), SOURCES["sample-aid"], None) is None
    assert unfit(urlsplit("https://baogialai.com.vn:4000/"), PAPER, 4000) == "guard_port"


def test_hosts_of_one_domain_share_their_turn() -> None:
    assert registrable_domain("travinh.baovinhlong.vn") == "baovinhlong.vn"
    assert registrable_domain("www.baogialai.com.vn") == "baogialai.com.vn"
    assert registrable_domain("127.0.0.1") == "127.0.0.1"


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120.0),
        (" 0 ", 0.0),
        ("Sun, 22 Nov 2026 04:00:30 GMT", 30.0),
        ("Sun, 22 Nov 2026 03:00:00 GMT", 0.0),
        ("soon", None),
        ("-5", None),
        ("", None),
    ],
)
def test_retry_after(value: str, seconds: float | None) -> None:
    assert retry_after(value, datetime(2026, 11, 22, 4, tzinfo=UTC)) == seconds


def test_a_host_is_given_up_after_a_run_of_failures_or_a_share_of_them() -> None:
    health = Health()
    for _ in range(IN_A_ROW - 1):
        health.record(True)
    assert health.verdict() is None
    health.record(True)
    assert health.verdict() == "failed 12 times in a row"
    health = Health()
    for number in range(WINDOW):
        health.record(number % 4 == 0)
    assert health.verdict() == "failed 50 of its last 200 requests"


def test_a_slower_pace_holds_for_a_domain_and_only_grows() -> None:
    domain = "bao-cham.example"
    slow_down(domain, 10)
    slow_down(domain, 1)
    assert turn_of(domain).least_delay == 10
    halve_rate(domain, 1.5)
    assert turn_of(domain).least_delay == 20
    halve_rate("bao-khac.example", 1.5)
    assert turn_of("bao-khac.example").least_delay == 3
    slow_down(domain, 3600)
    assert turn_of(domain).least_delay == MAX_DELAY


@pytest.mark.parametrize("encoding", ["gzip", "x-gzip", "deflate"])
def test_answers_are_unpacked_to_the_cap_and_no_further(encoding: str) -> None:
    packed = gzip.compress(bytes(1000)) if encoding != "deflate" else zlib.compress(bytes(1000))
    assert unpack_answer(packed, encoding, 1000) == bytes(1000)
    with pytest.raises(TooLarge):
        unpack_answer(packed, encoding, 999)
    with pytest.raises(Damaged, match="cut off"):
        unpack_answer(packed[:-5], encoding, 1000)


def test_what_is_not_packed_as_its_header_says_is_left_alone() -> None:
    assert unpack_answer(b"<html>", "gzip", 10) == b"<html>"
    assert unpack_answer(b"<html>", "utf-8", 10) == b"<html>"
    assert unpack_answer(b"\x03\x00", "deflate", 10) == b""  # without its head
    with pytest.raises(Damaged):
        unpack_answer(b"\x1f\x8b rubbish", "gzip", 10)
    twice = gzip.compress(b"a") + gzip.compress(b"b") + b"\0\0"
    assert unpack_answer(twice, "gzip", 10) == b"ab"


def test_sums_are_made_of_known_counters() -> None:
    assert {*REFUSED, *FAILED} <= COUNTERS.keys()
    assert not {*REFUSED} & {*FAILED}
