"""Crawls that end early, are stopped, meet closed doors or cannot begin."""

from __future__ import annotations

import signal
from contextlib import ExitStack
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from crawler.run import CrawlError, crawl
from store.pages import iter_pages, list_runs, open_pages
from tests.certificates import self_signed
from tests.local_site import html
from tests.misbehaving_crawl import FAST, SOURCES, crawling, declared, event, run
from tests.misbehaving_site import misbehaving_site


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
        with crawling(order) as child:
            assert event(child) == {"event": "page", "source": "held"}
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
