"""Real crawls, in a child process, of a server that misbehaves as the real sites do."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from crawler.counters import COUNTERS
from tests.local_site import article
from tests.misbehaving_crawl import SOURCES, Crawled, run
from tests.misbehaving_site import misbehaving_site


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crawled]:
    with misbehaving_site() as site:
        yield run(site, tmp_path_factory.mktemp("crawl") / "pages.db", SOURCES, since=date(2026, 9, 1))


def test_one_article_under_eight_addresses_is_fetched_once(crawled: Crawled) -> None:
    assert crawled.paths("dup") == {"tin-a7.html"}
    assert crawled.summaries["dup"].counters["duplicate"] == 7
    assert (
        sum(times for path, times in crawled.site.asked.items() if path.startswith("/dup") and "a7" in path)
        == 1
    )


@pytest.mark.parametrize(
    "name",
    ["captcha", "reload", "blocked", "soft_404", "empty", "home", "elsewhere", "other_article", "not_a_page"],
)
def test_an_answer_that_is_no_article_is_counted_and_not_stored(crawled: Crawled, name: str) -> None:
    assert crawled.summaries["refuse"].counters[name] == 1
    assert crawled.paths("refuse") == {"tot-a0.html"}


def test_redirects_are_followed_to_articles_and_nowhere_else(crawled: Crawled) -> None:
    assert crawled.paths("redirect") == {"da-doi-a33.html"}
    counters = crawled.summaries["redirect"].counters
    assert counters["redirect_loop"] == 1
    assert counters["guard_host"] == 1
    assert counters["http_error"] == 1  # the redirect to ftp is not followed
    assert not any("secret" in path for path in crawled.site.asked)


def test_a_listing_whose_next_page_loops_is_left(crawled: Crawled) -> None:
    assert crawled.paths("loop") == {"tin-a1.html", "tin-a2.html", "tin-a3.html"}
    assert crawled.summaries["loop"].counters["listing_loop"] == 1
    assert crawled.summaries["loop"].counters["listing_pages"] == 3


def test_a_listing_that_repeats_its_last_page_is_left(crawled: Crawled) -> None:
    assert crawled.paths("past") == {"tin-a1.html", "tin-a2.html", "tin-a3.html"}
    assert crawled.summaries["past"].counters["listing_exhausted"] == 1
    assert crawled.summaries["past"].counters["listing_pages"] == 4


def test_sitemaps_are_unpacked_filtered_and_kept_to_what_is_new(crawled: Crawled) -> None:
    assert crawled.paths("map") == {"moi-a1.html"}
    counters = crawled.summaries["map"].counters
    assert counters["sitemaps"] == 2
    assert counters["before_since"] == 1
    assert "/map/cu.xml" not in crawled.site.asked


def test_a_broken_feed_that_a_page_announces_is_read(crawled: Crawled) -> None:
    assert crawled.paths("feed") == {"tin-a1.html", "tin-a2.html"}


def test_a_wrong_base_is_not_heeded(crawled: Crawled) -> None:
    assert crawled.paths("base") == {"tin-a1.html"}


def test_a_busy_server_is_given_the_pause_it_asks_for(crawled: Crawled) -> None:
    assert crawled.summaries["busy"].counters["retry_after"] == 1
    assert crawled.paths("busy") == {"tin-a1.html"}


def test_broken_and_oversized_answers_are_not_stored(crawled: Crawled) -> None:
    assert crawled.paths("line") == {"mot-lan-a1.html"}
    assert crawled.summaries["line"].counters["dropped"] == 1
    assert crawled.summaries["line"].counters["too_large"] == 2


def test_bytes_and_headers_are_kept_as_they_came(crawled: Crawled) -> None:
    (page,) = crawled.pages["charset"]
    assert page.body == article(1)
    assert page.content_type == "text/html; charset=iso-8859-1"
    assert page.fetched_url == f"http://127.0.0.1:{crawled.site.port}/charset/tin-a1.html"


def test_a_host_that_keeps_failing_is_left_and_reported(crawled: Crawled) -> None:
    summary = crawled.summaries["fail"]
    assert summary.outcome == "gave_up"
    assert summary.problem == "failed 12 times in a row"
    kept = crawled.runs["fail"]["counters"]
    assert kept == {**kept, **summary.counters, "problem": summary.problem}
    assert (
        kept["requests"]
        == sum(times for path, times in crawled.site.asked.items() if path.startswith("/fail")) + 1
    )  # robots.txt
    asked = sum(times for path, times in crawled.site.asked.items() if path.startswith("/fail/tin"))
    assert 12 <= asked <= 13  # one may be on its way when the twelfth failure is told


def test_a_host_behind_a_wall_is_left_and_reported(crawled: Crawled) -> None:
    assert crawled.summaries["wall"].outcome == "gave_up"
    assert crawled.summaries["wall"].counters["reload"] == 12
    assert crawled.paths("wall") == set()


def test_missing_articles_are_no_failure_of_the_host(crawled: Crawled) -> None:
    assert crawled.summaries["gone"].counters["gone"] == 19
    assert crawled.paths("gone") == {"tin-a19.html"}
    assert crawled.site.asked["/gone/tin-a0.html"] == 1  # no second try


def test_what_robots_forbids_is_never_asked(crawled: Crawled) -> None:
    assert crawled.paths("closed") == {"tin-a2.html"}
    assert crawled.summaries["closed"].counters["robots_denied"] == 1
    assert "/closed/cam/tin-a1.html" not in crawled.site.asked


def test_summaries_use_only_the_fixed_counters(crawled: Crawled) -> None:
    for summary in crawled.summaries.values():
        assert summary.counters.keys() <= COUNTERS.keys()
