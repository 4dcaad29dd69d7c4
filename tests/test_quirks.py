"""The 15 quirks of real papers and portals, each met by a crawl of a local host and told by its number.

What hosts do wrong on the wire, in redirects, robots.txt and TLS stands in tests/faults.toml.
"""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from pathlib import Path

import pytest

from crawler.tls import LEGACY_SERVER_CONNECT, ExceptionalPolicy, context_of
from store.records import Source
from tests.quirk_crawl import GENERIC, Crawled, crawl_quirks
from tests.quirk_pages import FIRST, SECOND

TITLE = "Huyện trồng thêm rừng gỗ lớn"
TEXT = [TITLE, FIRST, SECOND]


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Crawled:
    return crawl_quirks(tmp_path_factory.mktemp("quirks"))


# ------------------------------------------------------------------------------------------------- 1: dates


@pytest.mark.parametrize(
    ("host", "path", "published", "doubts"),
    [
        # American order, the visit's time, today's in the header, three related ones before the real one
        pytest.param("dates", "/bon-a1.html", "2023-11-06T09:28:00+07:00", (), id="four-conflicting"),
        pytest.param("undated", "/bon-a1.html", "2023-11-06T09:28:56+07:00", (), id="four-undeclared"),
        pytest.param("dates", "/lech-a2.html", "2021-12-01T11:51:00+07:00", (), id="seven-hours-apart"),
        pytest.param("dates", "/hom-nay-a3.html", None, (), id="only-today-in-the-header"),
        pytest.param("dates", "/mo-ho-a4.html", None, ("date_unclear",), id="day-or-month"),
        pytest.param("dates", "/mai-a5.html", None, (), id="after-the-visit"),
    ],
)
def test_quirk_01_misleading_dates(
    crawled: Crawled, host: str, path: str, published: str | None, doubts: tuple[str, ...]
) -> None:
    article = crawled.article(host, path)
    assert article.published == published
    assert article.doubts == doubts


# ------------------------------------------------------------------------------- 2: provinces and archives


@pytest.mark.parametrize(
    ("path", "province", "doubts"),
    [
        pytest.param("/dat-va-nguoi-dak-nong/rung-a1.html", "Đắk Nông", (), id="by-section"),
        pytest.param("/kinh-te/rung-a2.html", "Bình Thuận", (), id="by-dateline"),
        pytest.param("/kinh-te/rung-a3.html", None, ("province_unclear",), id="never-by-host"),
        pytest.param("/kinh-te/rung-a4.html", "Lâm Đồng", (), id="after-the-merger"),
        pytest.param("/kinh-te/rung-a5.html", None, ("province_unclear",), id="without-a-day"),
    ],
)
def test_quirk_02_one_domain_for_several_provinces(
    crawled: Crawled, path: str, province: str | None, doubts: tuple[str, ...]
) -> None:
    article = crawled.article("provinces", path)
    assert article.site_province == province
    assert article.doubts == doubts


def test_quirk_02_an_archive_that_calls_itself_by_a_dead_domain(crawled: Crawled) -> None:
    path, late = "/kinh-te/202404/rung-go-lon-1a2b3c4/", "/kinh-te/202508/rung-go-lon-5a6b7c8/"
    assert sorted(crawled.pages["archive"]) == [path, late]  # one record, whatever the page calls itself
    article = crawled.article("archive", path)
    assert article.site_province == "Phú Yên"
    assert article.published == "2024-04-30T16:55:00+07:00"
    assert article.doubts == ("other_domain",)
    assert crawled.article("archive", late).doubts == ("outside_archive",)


# ------------------------------------------------------------------------------------------ 3: duplicates


def test_quirk_03_one_article_under_eight_addresses(crawled: Crawled) -> None:
    assert crawled.pages["duplicates"] == ["/rung-a7.html"]
    asked = crawled.servers["duplicates"].asked
    assert sum(times for path, times in asked.items() if "a7" in path) == 1


@pytest.mark.parametrize("counter", ["other_article", "soft_404", "home"])
def test_quirk_03_answers_for_an_id_that_is_gone(crawled: Crawled, counter: str) -> None:
    assert crawled.counters("duplicates")[counter] == 1


# --------------------------------------------------------------------------------------- 4 to 6: the page


@pytest.mark.parametrize("path", ["/mot-1.htm", "/hai-2.htm"], ids=["output-data", "jquery"])
def test_quirk_04_body_in_an_inline_script(crawled: Crawled, path: str) -> None:
    assert crawled.article("scripts", path).text.split("\n") == TEXT


def test_quirk_05_boilerplate_inside_the_body(crawled: Crawled) -> None:
    genuine = "Tin liên quan đến cháy rừng được trực ban báo về trong 30 phút."
    article = crawled.article("boilerplate", "/rung-1.html")
    assert article.text.split("\n") == [TITLE, FIRST, genuine, SECOND]


def test_quirk_06_malformed_html(crawled: Crawled) -> None:
    article = crawled.article("malformed", "/rung-a1.html")
    assert article.text.split("\n") == TEXT
    assert article.doubts == ()


# ------------------------------------------------------------------------------- 7 and 8: links and lists


def test_quirk_07_wrong_base(crawled: Crawled) -> None:
    assert sorted(crawled.pages["base"]) == ["/lua-a2.html", "/rung-a1.html"]
    assert not any("static" in path for path in crawled.servers["base"].asked)


def test_quirk_08_lists_that_repeat_loop_or_want_a_post(crawled: Crawled) -> None:
    assert sorted(crawled.pages["pagination"]) == [f"/tin-a{n}.html" for n in range(1, 7)]
    assert crawled.counters("pagination")["listing_exhausted"] == 1
    assert crawled.counters("pagination")["listing_loop"] == 1
    assert crawled.servers["pagination"].asked["/?p=5"] == 0


# --------------------------------------------------------------------------------------------- 9: transport


def test_quirk_09_exceptions_for_one_host_are_counted_and_not_shared(crawled: Crawled) -> None:
    for host in ("tls", "weak"):
        assert len(crawled.pages[host]) == 2
        assert crawled.counters(host)["tls_exception"] == 1
    assert crawled.pages["tls-refused"] == []
    assert "its certificate cannot be verified" in (crawled.summaries["tls-refused"].problem or "")


@pytest.mark.parametrize(("tls", "legacy"), [((), False), (("weak",), False), (("legacy",), True)])
def test_quirk_09_old_renegotiation_only_where_it_is_declared(tls: tuple[str, ...], legacy: bool) -> None:
    """No server of today's OpenSSL renegotiates in the old way: the option of the connection is looked at."""
    creator = ExceptionalPolicy(replace(GENERIC, tls=tls)).creatorForNetloc(b"bao.example", 443)
    assert bool(context_of(creator).set_options(0) & LEGACY_SERVER_CONNECT) is legacy


def test_quirk_09_declared_exceptions_verify_certificates() -> None:
    """No setting of a source turns verification off."""
    assert not any("verif" in name for name in Source.__dataclass_fields__)


# ---------------------------------------------------------------------------------- 10 and 11: maps, feeds


def test_quirk_10_misleading_sitemaps(crawled: Crawled) -> None:
    """Packed without saying so, an index in a urlset, HTML, relative addresses, one day for all."""
    assert sorted(crawled.pages["sitemaps"]) == sorted(f"/tin-a{number}.html" for number in range(1, 31))
    counters = crawled.counters("sitemaps")
    assert counters["sitemaps"] == 3
    assert counters["sitemap_unreadable"] == 1
    assert crawled.servers["sitemaps"].asked["/chu-de/rung.html"] == 0


def test_quirk_11_broken_feed_gives_links_and_no_dates(crawled: Crawled) -> None:
    assert crawled.counters("feeds")["feeds"] == 1
    assert crawled.article("feeds", "/tin-a1.html").published == "2026-11-12T09:28:00+07:00"


# --------------------------------------------------------------------------------------------- 12: letters


@pytest.mark.parametrize("path", ["/sai-a1.html", "/khong-a2.html", "/to-hop-a3.html"])
def test_quirk_12_charsets_and_decomposed_letters(crawled: Crawled, path: str) -> None:
    assert crawled.article("encodings", path).text.split("\n") == TEXT


def test_quirk_12_odd_blanks_and_letters(crawled: Crawled) -> None:
    text = crawled.article("encodings", "/la-a4.html").text
    assert text.split("\n") == TEXT
    assert unicodedata.is_normalized("NFC", text)


# -------------------------------------------------------------------------------- 13: refusals, 14: queries


def test_quirk_13_a_wall_is_told_and_the_host_left(crawled: Crawled) -> None:
    summary = crawled.summaries["refusals"]
    assert (summary.outcome, summary.problem) == ("gave_up", "failed 12 times in a row")
    assert summary.counters["reload"] == 12
    assert crawled.pages["refusals"] == []
    assert all(server.cookies == 0 for server in crawled.servers.values())


def test_quirk_14_identity_in_the_query(crawled: Crawled) -> None:
    assert sorted(crawled.pages["queries"]) == [
        f"/viewer.aspx?mabb={number}&macm=3&macmp=3" for number in (222823, 222824)
    ]
    assert crawled.counters("queries")["duplicate"] == 1


def test_quirk_14_octets_that_are_html(crawled: Crawled) -> None:
    article = crawled.article("octets", "/huyen-trong-rung-postid440001.bbg")
    assert article.text.split("\n") == TEXT


# ------------------------------------------------------------------------------------- 15: reports, extras


def test_quirk_15_a_report_that_is_only_a_file(crawled: Crawled) -> None:
    article = crawled.article("reports", "/bao-cao-a1.html")
    assert article.title == "BÁO CÁO Kết quả trồng rừng năm 2024"
    assert FIRST in article.text


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        pytest.param("/anh-a2.html", "images", id="image-only-pdf"),
        pytest.param("/lien-ket-a3.html", "no body, only an attached document", id="one-line-and-a-link"),
    ],
)
def test_quirk_15_what_has_no_text_is_said_and_never_empty(crawled: Crawled, path: str, reason: str) -> None:
    assert reason in str(crawled.articles["reports"][path])


def test_extra_an_article_of_two_pages_says_that_it_goes_on(crawled: Crawled) -> None:
    assert crawled.article("extras", "/hai-trang-a1.html").doubts == ("more_pages",)


def test_extra_a_page_cut_off_before_it_was_sent_says_so(crawled: Crawled) -> None:
    assert crawled.article("extras", "/cat-a4.html").doubts == ("cut_off",)


def test_extra_lazy_images_leave_the_text_alone(crawled: Crawled) -> None:
    assert crawled.article("extras", "/lazy-a5.html").text.split("\n") == TEXT


def test_extra_a_list_that_is_filled_from_json(crawled: Crawled) -> None:
    assert {"/tin-tu-api-a6.html", "/trong-api-a7.html"} <= set(crawled.pages["extras"])


@pytest.mark.parametrize(
    ("path", "reason"),
    [("/anh-a2.html", "photo page"), ("/english-a3.html", "not in Vietnamese")],
)
def test_extra_pages_without_an_article(crawled: Crawled, path: str, reason: str) -> None:
    assert reason in str(crawled.articles["extras"][path])


def test_every_quirk_has_its_case() -> None:
    source = Path(__file__).read_text(encoding="utf-8")
    assert [number for number in range(1, 16) if f"def test_quirk_{number:02}_" not in source] == []
