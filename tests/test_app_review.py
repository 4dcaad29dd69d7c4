"""Reviewing in the app: off unless asked for, never without reason and name, and safe with two reviewers."""

from __future__ import annotations

import csv
import io

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from app_pages import data, reviewing, server
from app_pages.reviewing import NAME, REASON, field_key
from tests import app_fixture
from tests.app_fixture import RATIO_ID, html, run_page


@pytest.fixture
def database(tmp_path):
    return app_fixture.build(tmp_path / "chiso.db")


@pytest.fixture
def open_page(database, monkeypatch):
    def run(page="review", reviewing_on=True, **params):
        monkeypatch.setenv(reviewing.REVIEW_VARIABLE, "1" if reviewing_on else "")
        return run_page(page, database, monkeypatch, **params)

    return run


def decide(app, action, *, name="Lan", reason="", **fields):
    """Fill in the form for the ratio and press a button."""
    app.text_input(key=NAME).input(name)
    app.text_area(key=REASON).input(reason)
    for field, value in fields.items():
        widget = app.selectbox if field in ("place_id", "status") else app.text_input
        widget(key=field_key(RATIO_ID, field)).set_value(value)
    app.button(key=f"review-{action}").click()
    return app.run()


def exported(database, monkeypatch) -> dict[str, str]:
    monkeypatch.setenv(data.DATABASE_VARIABLE, str(database))
    with TestClient(Starlette(routes=list(server.ROUTES))) as client:
        rows = csv.DictReader(io.StringIO(client.get("/api/figures.csv?p=VN63-51").text, newline=""))
        return next((row for row in rows if row["record_id"] == RATIO_ID), {})


def test_nobody_reviews_unless_the_app_was_started_for_it(open_page):
    app = open_page(reviewing_on=False, id=RATIO_ID)
    assert any("chiso app --review" in text.value for text in app.text)
    assert not app.text_area


def test_the_queue_shows_the_least_certain_first_and_goes_on(open_page):
    app = open_page(why="all")
    assert "1 trong 54 số liệu chờ duyệt" in html(app)
    app.button(key="review-skip").click().run()
    assert "2 trong 54 số liệu chờ duyệt" in html(app)
    assert app.query_params["pg"] == "2"
    app.text_input(key=NAME).input("Lan")
    app.button(key="review-confirm").click()
    app.run()
    assert "2 trong 53 số liệu chờ duyệt" in html(app)


@pytest.mark.parametrize(("name", "reason"), [("Lan", ""), ("", "thiếu một số")])
def test_a_correction_needs_a_reason_and_a_name(open_page, database, monkeypatch, name, reason):
    app = decide(open_page(id=RATIO_ID), "correct", name=name, reason=reason, value="4621")
    assert "Chưa ghi: cần" in html(app)
    assert exported(database, monkeypatch)["value"] == "4620"


def test_a_correction_shows_everywhere_and_can_be_taken_back(open_page, database, monkeypatch):
    app = decide(open_page(id=RATIO_ID), "correct", reason="thiếu một số", value="4625")
    assert "Đã sửa." in html(app)
    row = exported(database, monkeypatch)
    assert (row["value"], row["review_status"], row["review_reason"]) == ("4625", "corrected", "thiếu một số")
    shown = html(open_page("figure", id=RATIO_ID))
    assert "4.625 trên 5.500" in shown
    assert "<del>4620</del> → <ins>4625</ins>" in shown
    assert "Lan sửa" in shown
    assert "4.625 trên 5.500" in [
        link.proto.label.replace("\\", "") for link in open_page("browse", rev="corrected").get("page_link")
    ]
    app.button(key="review-undo").click().run()
    assert "Đã rút lại." in html(app)
    assert exported(database, monkeypatch)["value"] == "4620"
    assert "Lan rút lại lần duyệt 1" in html(open_page("figure", id=RATIO_ID))


def test_the_second_of_two_reviewers_is_told_so(open_page, database, monkeypatch):
    first, second = open_page(id=RATIO_ID), open_page(id=RATIO_ID)
    decide(first, "correct", reason="thiếu một số", value="4625")
    decide(second, "reject", name="Minh", reason="không phải số liệu")
    assert "có người vừa duyệt số liệu này" in html(second)
    assert exported(database, monkeypatch)["value"] == "4625"
    decide(second, "reject", name="Minh", reason="đã xem lại, vẫn không phải")
    assert "Đã loại." in html(second)
    assert exported(database, monkeypatch) == {}


def test_what_cannot_be_a_value_is_refused_with_its_field(open_page):
    app = decide(open_page(id=RATIO_ID), "correct", reason="đọc lại", value="4.625")
    assert "(Giá trị). 4.625 có thể là 4625 hoặc 4.6250; hãy viết một trong hai." in html(app)
    app = decide(open_page(id=RATIO_ID), "correct", reason="đọc lại", denominator="0")
    assert "Mẫu số phải lớn hơn 0." in html(app)


def test_a_place_and_a_status_are_corrected(open_page, database, monkeypatch):
    decide(open_page(id=RATIO_ID), "correct", reason="tỉnh khác", place_id="VN63-40", status="target")
    assert exported(database, monkeypatch) == {}
    assert "Nghệ An" in html(open_page("figure", id=RATIO_ID, lang="en"))


def test_the_page_of_a_figure_leads_to_its_review_only_where_one_may_review(open_page):
    def links(app):
        return [link.proto.page for link in app.get("page_link")]

    assert "review" in links(open_page("figure", id=RATIO_ID))
    assert "review" not in links(open_page("figure", reviewing_on=False, id=RATIO_ID))
