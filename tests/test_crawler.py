"""Real crawls, in a child process, of a server that misbehaves as the real sites do."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from crawler.counters import COUNTERS
from crawler.run import CrawlError, CrawlSummary, crawl
from store.pages import iter_pages, list_runs, open_pages, read_pages
from store.records import Page, Source
from tests.certificates import self_signed
from tests.misbehaving_site import Site, article, html, misbehaving_site

FAST = {"CHISO_OVERLOAD_PAUSE": 0, "DOWNLOAD_TIMEOUT": 10}
PREFIXES = (
    "dup",
    "refuse",
    "redirect",
    "loop",
    "past",
    "map",
    "feed",
    "base",
    "busy",
    "line",
    "charset",
    "fail",
    "gone",
    "wall",
    "closed",
)


def declared(name: str, **fields: Any) -> Source:
    """Return the declaration of one part of the misbehaving site."""
    return Source(
        **{
            "id": name,
            "name": name,
            "kind": "sample",
            "family": "test",
            "province": None,
            "hosts": ("127.0.0.1",),
            "start_urls": (f"http://127.0.0.1/{name}/",),
            "article_pattern": rf"^/{name}/(?:[\w-]+/)?[\w-]+-a\d+\.html$",
            "article_id_pattern": r"-a(\d+)\.html$",
            "body_selectors": ("#content",),
            "max_listing_pages": 6,
            "delay": 0.0,
            "allow_private_addresses": True,
            **fields,
        }
    )


SOURCES = {name: declared(name) for name in PREFIXES} | {
    "base": declared("base", start_urls=("http://127.0.0.1/base/muc",)),
    "dup": declared("dup", article_pattern=r"^/dup/(?!print/)[\w-]+-a\d+\.html$"),
    "refuse": declared("refuse", start_urls=("http://127.0.0.1/refuse/",)),
    "map": declared("map", start_urls=(), sitemaps=("http://127.0.0.1/map/sitemap",)),
}


@dataclass
class Crawled:
    """What came of one crawl of the misbehaving site."""

    summaries: dict[str, CrawlSummary]
    pages: dict[str, list[Page]]
    runs: dict[str, dict[str, Any]]
    site: Site

    def paths(self, name: str) -> set[str]:
        """Return the paths of the articles stored of one part, without its prefix."""
        return {page.url.removeprefix(f"http://127.0.0.1/{name}/") for page in self.pages.get(name, [])}


def run(site: Site, path: Path, sources: dict[str, Source], **options: Any) -> Crawled:
    """Crawl parts of the site into a page database."""
    options.setdefault("settings", FAST)
    ports = dict.fromkeys(sources, site.port)
    summaries = crawl(list(sources), sources=sources, pages_path=path, ports=ports, **options)
    pages: dict[str, list[Page]] = {}
    db = read_pages(path)
    for page in iter_pages(db):
        pages.setdefault(page.source, []).append(page)
    runs = {row["source"]: row for row in reversed(list_runs(db))}
    db.close()
    return Crawled({summary.source: summary for summary in summaries}, pages, runs, site)


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


def test_the_next_run_makes_an_early_end_good_and_the_one_after_fetches_nothing(tmp_path: Path) -> None:
    """A listing whose first page is known does not hide its further pages when the last run ended early."""
    with misbehaving_site() as site:
        sources = {name: SOURCES[name] for name in ("past", "feed")}
        cut, whole, again = (
            run(site, tmp_path / "pages.db", sources, limit=limit) for limit in (1, None, None)
        )
    assert cut.summaries["past"].outcome == "limit"
    assert cut.paths("past") == {"tin-a1.html"}
    assert whole.paths("past") == {"tin-a1.html", "tin-a2.html", "tin-a3.html"}
    assert whole.summaries["past"].fetched == 2
    assert {name: summary.fetched for name, summary in again.summaries.items()} == {"past": 0, "feed": 0}
    assert again.summaries["past"].counters == {"known": 1, "listing_pages": 1, "listing_exhausted": 1}
    assert max(times for path, times in site.asked.items() if path.startswith("/past/tin")) <= 2
    db = open_pages(tmp_path / "pages.db")
    assert [row["outcome"] for row in list_runs(db, source="past")] == ["finished", "finished", "limit"]
    assert {page.run_id for page in iter_pages(db, source="past")} == {
        cut.summaries["past"].run_id,
        whole.summaries["past"].run_id,
    }
    db.close()


@pytest.mark.parametrize(("sign", "outcome"), [(signal.SIGKILL, None), (signal.SIGINT, "shutdown")])
def test_a_stopped_process_loses_nothing(tmp_path: Path, sign: signal.Signals, outcome: str | None) -> None:
    sources = {"held": declared("held")}
    path = tmp_path / "pages.db"
    with misbehaving_site() as site:
        order = {
            "sources": [asdict(sources["held"])],
            "since": None,
            "limit": None,
            "ports": {"held": site.port},
            "settings": {**FAST, "DOWNLOAD_TIMEOUT": 1, "CHISO_PAGES_PATH": str(path)},
        }
        command = [sys.executable, "-m", "crawler.child"]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as child:
            assert child.stdin
            assert child.stdout
            child.stdin.write(json.dumps(order))
            child.stdin.close()
            assert json.loads(child.stdout.readline()) == {"event": "page", "source": "held"}
            assert site.holding.wait(60)
            child.send_signal(sign)
        db = open_pages(path)
        assert [row["outcome"] for row in list_runs(db)] == [outcome]
        db.close()
        resumed = run(site, path, sources)
    assert resumed.paths("held") == {f"tin-a{number}.html" for number in range(1, 5)}
    assert site.asked["/held/tin-a1.html"] == 1


def test_a_server_that_never_answers_costs_only_its_own_page(tmp_path: Path) -> None:
    settings = {**FAST, "DOWNLOAD_TIMEOUT": 1, "RETRY_TIMES": 0}
    with misbehaving_site() as site:
        crawled = run(site, tmp_path / "pages.db", {"slow": declared("slow")}, settings=settings)
    assert crawled.summaries["slow"].counters["timeout"] == 1
    assert crawled.paths("slow") == {"tin-a2.html"}


def test_robots_that_cannot_be_read_close_the_site(tmp_path: Path) -> None:
    answers = {"dup": html(b"", 403), "gone": html(b"", 401), "busy": html(b"", 500), "base": None}
    with ExitStack() as stack:
        sites = {name: stack.enter_context(misbehaving_site(robots)) for name, robots in answers.items()}
        summaries = crawl(
            list(answers),
            sources=SOURCES,
            pages_path=tmp_path / "pages.db",
            ports={name: site.port for name, site in sites.items()},
            settings=FAST,
        )
    assert [summary.counters for summary in summaries[:2]] == [{"robots_denied": 1}] * 2
    assert summaries[2].counters == {"robots_unavailable": 1}
    assert summaries[2].outcome == "unreachable"
    assert all(set(sites[name].asked) == {"/robots.txt"} for name in ("dup", "gone", "busy"))
    assert summaries[3].fetched == 1


def test_a_name_that_leads_to_this_machine_is_not_asked(tmp_path: Path) -> None:
    inward = replace(
        SOURCES["dup"],
        hosts=("localhost",),
        start_urls=("http://localhost/dup/",),
        allow_private_addresses=False,
    )
    (summary,) = crawl(["dup"], sources={"dup": inward}, pages_path=tmp_path / "pages.db", settings=FAST)
    assert summary.counters == {"guard_private": 1}


def test_a_certificate_that_nobody_vouches_for_is_refused(tmp_path: Path) -> None:
    sources = {"base": replace(SOURCES["base"], start_urls=("https://127.0.0.1/base/muc",))}
    with misbehaving_site(tls=self_signed(tmp_path)) as site:
        with pytest.raises(CrawlError, match="its certificate cannot be verified"):
            run(site, tmp_path / "pages.db", sources)
        assert not site.asked
        careless = {**FAST, "DOWNLOAD_VERIFY_CERTIFICATES": False}  # shows that nothing else was wrong
        assert run(site, tmp_path / "pages.db", sources, settings=careless).summaries["base"].fetched == 1


def test_what_cannot_be_crawled_is_said_in_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(CrawlError, match="no source 'nowhere'"):
        crawl(["nowhere"], sources=SOURCES, pages_path=tmp_path / "pages.db")
    with pytest.raises(CrawlError, match="does not exist"):
        crawl(["dup"], sources=SOURCES, pages_path=tmp_path / "missing" / "pages.db")
    monkeypatch.delenv("CHISO_CONTACT", raising=False)
    paper = replace(SOURCES["dup"], kind="newspaper")
    with pytest.raises(CrawlError, match="CHISO_CONTACT"):
        crawl(["dup"], sources={"dup": paper}, pages_path=tmp_path / "pages.db")
    with pytest.raises(CrawlError, match="plain ASCII"):
        crawl(
            ["dup"], sources={"dup": paper}, pages_path=tmp_path / "pages.db", contact="a@b.example\r\nX: y"
        )
    with misbehaving_site() as site:
        port = site.port
    with pytest.raises(CrawlError, match="the connection was refused"):
        crawl(["dup"], sources=SOURCES, pages_path=tmp_path / "pages.db", ports={"dup": port}, settings=FAST)
