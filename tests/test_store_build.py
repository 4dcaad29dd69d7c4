"""The stage runner, with small stand-ins for the cleaner and the extractor in real worker processes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from store import build as builds
from store import derived, pages, queries
from store.deriving import LARGEST_PAGE, Outcome, Versions
from store.errors import StoreError
from store.queries import Filters
from store.records import Article
from store.ruleset import ruleset
from tests.build_site import Site, page
from tests.stand_ins import die_loading, load, load_newer, load_nothing


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(tmp_path)


def test_pages_become_figures_and_building_again_changes_nothing(site: Site) -> None:
    site.add(*(page(f"{number}", f"{number} hồ sơ") for number in range(60)))
    steps: list[tuple[int, int]] = []
    done = site.build(workers=2, progress=lambda now, total: steps.append((now, total)))
    assert (done.pages, done.articles, done.changed_articles, done.figures, done.failures) == (
        60,
        60,
        60,
        60,
        0,
    )
    assert steps == [(number, 60) for number in range(1, 61)]
    db = queries.open_readonly(site.db)
    assert queries.freshness(db)["built_at"] == "2024-05-01"
    in_order = [
        row["surface"] for row in queries.list_figures(db, Filters(sort="value", descending=False), 100)
    ]
    assert in_order == [str(number) for number in range(60)]
    assert db.execute("SELECT site_province FROM articles LIMIT 1").fetchone() == ("Quảng Ngãi",)
    before = site.dump()
    again = site.build(at="2024-05-02")
    assert (again.pages, again.unchanged_pages, again.observations) == (0, 60, 0)
    assert site.dump() == before
    whole = site.build(at="2024-05-03", everything=True)
    assert (whole.pages, whole.changed_articles, whole.observations) == (60, 0, 0)
    assert site.dump() == before


@pytest.mark.parametrize(
    ("found", "processors", "workers"), [(0, 8, 1), (40, 64, 1), (120, 64, 3), (120, 2, 2), (10**6, 8, 8)]
)
def test_a_few_pages_are_read_by_one_process(found: int, processors: int, workers: int) -> None:
    assert builds.workers_for(found, processors) == workers


def test_bad_pages_are_recorded_and_do_not_stop_the_others(site: Site) -> None:
    site.add(
        page("a", "1 hồ sơ"),
        page("b", "captcha"),
        page("c", "không có số"),
        page("d", "hang"),
        page("e", "crash"),
        page("f", "killed"),
        page("g", "2 hồ sơ surrogate"),
        page("h", "3 hồ sơ"),
    )
    done = site.build(page_seconds=1.5, workers=2)
    assert (done.articles, done.failures) == (2, 6)
    found = site.failures()
    assert found["b"] == ("clean", "a captcha page")
    assert found["c"][0] == "extract"
    assert found["c"][1].startswith("ValueError: no number in Tin (stand_ins.py:")
    assert found["d"] == ("worker", "it took more than 1.5 seconds")
    assert found["e"] == ("worker", "its worker process ended with exit code 3")
    assert found["f"] == ("worker", "its worker process was ended by SIGKILL")
    assert found["g"][0] == "extract"
    assert dict(done.reasons)["a captcha page"] == 1
    assert len(queries.list_figures(queries.open_readonly(site.db), Filters(), 10)) == 2
    before = site.dump()
    again = site.build(at="2024-05-02")
    assert (again.pages, again.unchanged_pages) == (0, 8)
    assert site.dump() == before


def test_a_text_the_database_refuses_is_a_failure(site: Site) -> None:
    outcome = Outcome(article=Article(id="x", url="u", title="t", text="\ud800"))
    site.add(page("a", "1 hồ sơ"))
    site.build()
    with derived.open_derived(site.db) as db:
        version = next(pages.newest_versions(pages.read_pages(site.pages)))
        made = Versions(cleaner_version="c1", extractor_version="e1")
        _, reasons = builds._write_all(db, iter([(version, outcome)]), made)
    assert list(reasons) == [f"The database {site.db} cannot keep a text that is not valid Unicode."]
    assert site.failures()["a"][0] == "store"


def test_only_what_changed_is_read_again(site: Site) -> None:
    site.add(page("a", "1 hồ sơ"), page("b", "2 hồ sơ"), page("c", "captcha"))
    site.build()
    later = "2024-04-09T01:00:00+00:00"
    site.add(page("a", "1 hồ sơ", fetched_at=later), page("b", "5 hồ sơ", fetched_at=later))
    done = site.build(at="2024-05-02")
    assert (done.pages, done.unchanged_pages, done.changed_articles) == (1, 2, 1)
    assert [row["surface"] for row in queries.list_figures(queries.open_readonly(site.db), Filters(), 9)] == [
        "5",
        "1",
    ]
    newer = site.build(load=load_newer)
    assert (newer.pages, newer.changed_articles, newer.failures) == (3, 2, 1)
    before = site.dump()
    assert site.build(load=load_newer, everything=True, at="2024-06-01").failures == 1
    assert site.dump() == before


def test_a_page_that_fails_now_loses_its_figures_and_can_come_back(site: Site) -> None:
    site.add(page("a", "1 hồ sơ"))
    site.build()
    site.add(page("a", "captcha", fetched_at="2024-04-09T01:00:00+00:00"))
    site.build()
    fresh = queries.freshness(queries.open_readonly(site.db))
    assert (fresh["articles"], fresh["figures"], fresh["observations"], fresh["failures"]) == (0, 0, 0, 1)
    site.add(page("a", "1 hồ sơ", fetched_at="2024-04-10T01:00:00+00:00"))
    site.build()
    fresh = queries.freshness(queries.open_readonly(site.db))
    assert (fresh["articles"], fresh["figures"], fresh["failures"]) == (1, 1, 0)


@pytest.mark.parametrize(
    ("loader", "said"),
    [(load_nothing, "could not load: ImportError: no model here"), (die_loading, "exit code 4")],
)
def test_workers_that_cannot_load_end_the_build(site: Site, loader: Any, said: str) -> None:
    site.add(page("a", "1 hồ sơ"))
    with pytest.raises(StoreError, match=said):
        site.build(load=loader)


def test_a_damaged_page_is_a_failure(site: Site) -> None:
    site.add(page("a", "1 hồ sơ"), page("b", "2 hồ sơ"))
    with pages.open_pages(site.pages) as db:
        db.execute("DROP TRIGGER bodies_keep_update")
        db.execute("UPDATE bodies SET body = x'00' WHERE hash = (SELECT body_hash FROM pages LIMIT 1)")
    assert site.build().failures == 1
    assert site.failures()["a"][0] == "read"


def test_a_page_that_is_too_large_is_not_read() -> None:
    large = page("a", "1" * (LARGEST_PAGE + 1))
    outcome = load()[0]((large, None))
    assert (outcome.stage, outcome.article) == ("clean", None)
    assert "larger than" in outcome.reason


def test_without_pages_there_is_nothing_to_build(site: Site) -> None:
    with pytest.raises(StoreError, match=r"pages\.db does not exist"):
        site.build()
    assert not site.db.exists()


def test_an_edited_rule_is_another_edition_and_a_label_is_not(tmp_path: Path) -> None:
    (tmp_path / "rules").mkdir()
    rule, label = tmp_path / "rules" / "times.toml", tmp_path / "labels.toml"
    rule.write_text("a = 1", encoding="utf-8")
    before = ruleset(tmp_path)
    label.write_text("b = 1", encoding="utf-8")
    (tmp_path / "chiso.db").write_bytes(b"data")
    assert ruleset(tmp_path) == before
    rule.write_text("a = 2", encoding="utf-8")
    assert ruleset(tmp_path) != before
