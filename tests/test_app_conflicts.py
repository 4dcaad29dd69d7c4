"""The page of conflicts: disagreeing reports side by side, the rule that chose, filters and pages."""

from __future__ import annotations

from contextlib import closing

import pytest

from store.choice import Rule
from store.conflicts import PARTS, conflict_counts, count_conflicts, list_conflicts
from store.derived import open_derived, replace_article
from store.observations import merge
from store.queries import Filters, open_readonly
from tests import app_fixture
from tests.app_fixture import CONFLICT_ID, html, run_page
from tests.hostile_fixture import build_hostile
from tests.store_samples import article, figure


@pytest.fixture(scope="module")
def database(tmp_path_factory):
    return app_fixture.build(tmp_path_factory.mktemp("conflicts") / "chiso.db")


@pytest.fixture
def open_page(database, monkeypatch):
    return lambda path=database, **params: run_page("conflicts", path, monkeypatch, **params)


def test_reports_that_disagree_come_with_what_they_are_to_the_value(database):
    with closing(open_readonly(database)) as db:
        [row] = list_conflicts(db, Filters(), 10)
        assert count_conflicts(db, Filters()) == 1
        assert count_conflicts(db, Filters(places=("VN63-01",))) == 0
        assert conflict_counts(db)["places"] == {row["place_id"]: 1}
        assert list_conflicts(db, Filters(), 10, 1) == []
        assert count_conflicts(db, Filters(), "settled") == len(
            list_conflicts(db, Filters(), 9, which="settled")
        )
    parts = {report["id"]: report["part"] for report in row["reports"]}
    assert parts[row["figure_id"]] == "shown"
    assert set(parts.values()) == {"shown", "differs"}
    assert CONFLICT_ID in parts
    assert row["chosen_by"] == "unresolved"


def test_both_sentences_stand_on_the_page(open_page, database):
    shown = html(open_page())
    with closing(open_readonly(database)) as db:
        [row] = list_conflicts(db, Filters(), 10)
    for report in row["reports"]:
        assert f"<mark>{report['surface']}</mark>" in shown
    assert "Không quy tắc nào phân định" in shown
    assert '<p class="part differs">khác</p>' in shown


def test_filters_and_what_is_not_understood(open_page):
    app = open_page(p="VN63-01", which="x")
    assert "which=x" in html(app)
    assert [text.value for text in app.text] == ["Không có trường hợp nào khớp với các điều kiện này."]
    app.multiselect(key="widget-p").set_value([]).run()
    assert "p" not in app.query_params
    assert "1 trường hợp" in html(app)


def test_no_disagreement_is_said_in_the_language_asked(open_page, tmp_path):
    app = open_page(path=build_hostile(tmp_path / "hostile.db"), lang="en", which="settled")
    assert [text.value for text in app.text] == ["No value has been replaced by a later report."]


def test_reports_that_agree_are_shown_together(open_page, tmp_path):
    path = tmp_path / "alike.db"
    with closing(open_derived(path)) as db:
        for number, source in enumerate(("bao", "cong")):
            told = article(id=f"a{number}", url=f"https://{source}.example/{number}", source=source)
            replace_article(db, told, [figure(of=told)])
        merge(db)
    with closing(open_readonly(path)) as db:
        assert count_conflicts(db, Filters()) == 0
        assert count_conflicts(db, Filters(), "agreed") == 1
        assert conflict_counts(db, "agreed")["places"] == {"VN63-51": 1}
        [row] = list_conflicts(db, Filters(places=("VN63-51",)), 10, which="agreed")
    assert sorted(report["part"] for report in row["reports"]) == ["agrees", "shown"]
    app = open_page(path=path, which="agreed", lang="en")
    assert "Several reports give the same value" in html(app)
    assert html(app).count("<mark>78.000/119.000</mark>") == 2
    assert [text.value for text in open_page(path=path).text] == [
        "Không có mâu thuẫn nào: các bài cùng nói một điều đều khớp nhau."
    ]


def test_every_rule_and_part_has_words():
    from app_pages.labels import labels

    named = [f"chosen_by.{rule}" for rule in Rule.__args__] + [f"part.{part}" for part in PARTS]
    assert [key for key in named if key not in labels()] == []
