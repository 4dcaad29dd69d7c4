"""The pages of downloads and of crawl health."""

from __future__ import annotations

import json
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest

from app_pages import crawls, release_files
from app_pages.labels import labels
from crawler.counters import FAILED, REFUSED
from store.derived import open_derived
from store.export import export
from store.health import State
from store.pages import open_pages
from store.queries import open_readonly
from tests import app_fixture
from tests.app_fixture import html, run_page

NOW = datetime.now(UTC)


@pytest.fixture(scope="module")
def database(tmp_path_factory):
    return app_fixture.build(tmp_path_factory.mktemp("downloads") / "chiso.db")


@pytest.fixture
def open_page(database, tmp_path, monkeypatch):
    monkeypatch.setenv(release_files.FOLDER_VARIABLE, str(tmp_path / "release"))
    monkeypatch.setenv(crawls.PAGES_VARIABLE, str(tmp_path / "pages.db"))
    return lambda page, path=database, **params: run_page(page, path, monkeypatch, **params)


def addresses(app) -> list[str]:
    return [link.proto.url for link in app.get("link_button")]


def test_the_page_offers_what_the_address_chooses(open_page):
    app = open_page("download", p="VN63-51", st=["target"], x="1")
    assert "api/figures.csv?p=VN63-51&st=target" in addresses(app)
    assert "api/figures.csv?p=VN63-51&st=target&bom=1&guard=1" in addresses(app)
    assert "đường dẫn: x</p>" in html(app)
    assert any("chiso export" in code.value for code in app.code)
    shown = [code.value for code in app.code if "api/figures.csv?p=VN63-51&st=target" in code.value]
    assert len(shown) >= 6  # the address, and each program


@pytest.mark.parametrize(("asked", "offered"), [({"p": "VN63-51"}, True), ({"unit": "hộ"}, False)])
def test_harmonised_values_are_offered_where_no_report_is_left_out(open_page, asked, offered):
    found = addresses(open_page("download", **asked))
    assert ("api/observations.csv?p=VN63-51&reg=h34" in found) == offered
    assert any("reg=h34" in address for address in found) == offered


def test_a_release_is_listed_with_its_checksums(open_page, database, tmp_path):
    with closing(open_readonly(database)) as db:
        export(db, tmp_path / "release", formats=("csv", "sqlite"))
    shown = html(open_page("download", lang="en"))
    for name in ("figures.csv", "chiso.sqlite", "datapackage.json", "SHA256SUMS"):
        assert f'href="download/{name}" target="_self"' in shown
    (tmp_path / "release" / "datapackage.json").write_text("{")
    assert "is damaged" in html(open_page("download", lang="en"))


def test_downloads_and_health_need_no_figures(open_page, tmp_path):
    path = tmp_path / "empty.db"
    open_derived(path).close()
    assert "api/figures.csv" in addresses(open_page("download", path=path))
    assert any("chiso crawl" in text.value for text in open_page("health", path=path).text)


def run_of(db, source: str, days: float, outcome: str | None, **counters: int) -> None:
    started = (NOW - timedelta(days=days)).isoformat(timespec="seconds")
    db["runs"].insert(
        {
            "source": source,
            "started_at": started,
            "finished_at": started if outcome else None,
            "outcome": outcome,
            "counters": json.dumps(counters),
        }
    )


def test_a_failing_source_stands_out_with_its_last_good_day(open_page, tmp_path):
    with closing(open_pages(tmp_path / "pages.db")) as db:
        run_of(db, "sample-aid", 3, "finished", fetched=9, requests=20, listing_pages=2)
        run_of(db, "sample-aid", 0.5, "error", listing_pages=1, requests=4, timeout=3, robots_denied=1)
        run_of(db, "sample-zce", 0.5, "finished", fetched=7, requests=10, listing_pages=1)
    app = open_page("health")
    shown = html(app)
    assert shown.count('class="flags trouble"') == 1
    good = NOW - timedelta(days=3)
    assert f"Lần đọc trọn gần nhất: {good.day}/{good.month}/{good.year}." in shown
    assert "quá hạn chờ 3, robots.txt cấm 1." in shown
    assert "bình thường" in shown
    assert "timed out" in html(open_page("health", lang="en"))


def test_a_database_of_pages_that_cannot_be_read_is_explained(open_page, tmp_path):
    (tmp_path / "pages.db").write_text("not a database" * 100)
    assert any("is not an SQLite database" in text.value for text in open_page("health").text)


def test_every_state_and_kind_has_words():
    named = [f"crawl_state.{state}" for state in State.__args__]
    named += [f"crawl_kind.{kind}" for kind in (*FAILED, *REFUSED)]
    assert [key for key in named if key not in labels()] == []
