"""Reviewing, disagreeing reports and downloads in a real browser, among texts that mean harm."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlencode

import pytest

from app_pages.crawls import PAGES_VARIABLE
from app_pages.release_files import FOLDER_VARIABLE
from app_pages.reviewing import REVIEW_VARIABLE
from store.export import export
from store.pages import open_pages
from store.queries import Filters, list_figures, open_readonly
from tests import app_fixture
from tests.app_fixture import RATIO_ID
from tests.browsing import CHROMIUM, PATIENCE, PHONE, sees, served, settled
from tests.hostile_fixture import HOSTILE, build_hostile

sync_api = pytest.importorskip("playwright.sync_api")
expect = sync_api.expect

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine"),
]


@pytest.fixture(scope="module")
def database(tmp_path_factory):
    return build_hostile(app_fixture.build(tmp_path_factory.mktemp("reviews") / "chiso.db"))


@pytest.fixture(scope="module")
def address(database):
    """Serve the app for reviewing, with a release to download."""
    release = database.parent / "release"
    with closing(open_readonly(database)) as db:
        export(db, release, formats=("csv", "sqlite"))
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv(REVIEW_VARIABLE, "1")
        environment.setenv(FOLDER_VARIABLE, str(release))
        environment.setenv(PAGES_VARIABLE, str(_crawled(database.parent / "pages.db")))
        with served(database, database.parent) as address:
            yield address


def _crawled(path: Path) -> Path:
    """Write a source that was read three days ago and fails since."""
    with closing(open_pages(path)) as db:
        for days, outcome, counters in (
            (3, "finished", {"fetched": 9, "requests": 20}),
            (0, "error", {"timeout": 3}),
        ):
            at = (datetime.now(UTC) - timedelta(days=days, hours=1)).isoformat(timespec="seconds")
            run = {"source": "sample-aid", "started_at": at, "finished_at": at, "outcome": outcome}
            db["runs"].insert(run | {"counters": json.dumps(counters)})
    return path


def decide(page, button: str, *, name: str, reason: str, **fields: str) -> None:
    page.get_by_role("textbox", name="Tên người duyệt").fill(name)
    page.get_by_role("textbox", name="Lý do").fill(reason)
    for label, value in fields.items():
        page.get_by_role("textbox", name=label, exact=True).fill(value)
    page.get_by_role("button", name=button).click()


def test_two_reviewers_meet_over_one_figure(visit, address, database):
    first, second = (visit(f"/review?id={RATIO_ID}") for _ in range(2))
    decide(first, "Ghi phần sửa", name="Lan", reason="", **{"Giá trị": "4625"})
    sees(first, ".notice", "cần một lý do")
    decide(first, "Ghi phần sửa", name="Lan", reason="thiếu một số", **{"Giá trị": "4625"})
    sees(first, ".done", "Đã sửa.")
    decide(second, "Không phải số liệu", name="Minh", reason="không rõ")
    sees(second, ".notice", "có người vừa duyệt số liệu này")
    expect(second.locator(".past")).to_contain_text("Lan sửa", timeout=PATIENCE)
    rows = csv.DictReader(io.StringIO(first.request.get(f"{address}/api/figures.csv?rev=corrected").text()))
    assert [(row["record_id"], row["value"], row["reviewer"]) for row in rows] == [(RATIO_ID, "4625", "Lan")]
    listed = visit("/browse?rev=corrected")
    expect(listed.get_by_role("link", name="4.625 trên 5.500")).to_be_visible(timeout=PATIENCE)
    expect(listed.locator(".verdict")).to_have_text("đã sửa")
    first.get_by_role("button", name="Rút lại lần duyệt").first.click()
    sees(first, ".done", "Đã rút lại.")
    with (
        closing(sqlite3.connect(database.parent / "reviews.db")) as log,
        pytest.raises(sqlite3.IntegrityError),
    ):
        log.execute("UPDATE reviews SET reason = 'x'")


def test_texts_that_mean_harm_stay_texts(visit, address, database):
    with closing(open_readonly(database)) as db:
        ids = {row["sentence"]: row["id"] for row in list_figures(db, Filters(kinds=("count",)), 100)}
    page = visit("/review")
    for what in ("markup", "right to left", "long"):
        sentence = HOSTILE[what]
        page.goto(f"{address}/review?id={ids[sentence]}")
        settled(page)
        shown = page.locator(".evidence .said")
        expect(shown).to_be_visible(timeout=PATIENCE)
        assert " ".join(shown.text_content().split()) == " ".join(sentence.split())
        assert page.locator(".evidence :is(img, script, style, a, strong, h1)").count() == 0
    with closing(open_readonly(database)) as db:
        sql = "SELECT indicator_key FROM figures WHERE sentence = ?"
        [phrase] = db.execute(sql, [HOSTILE["markup"]]).fetchone()
    alerts: list[str] = []
    page.on("dialog", lambda dialog: (alerts.append(dialog.message), dialog.dismiss()))
    query = urlencode({"ind": phrase})
    for path in (f"/compare?{query}", f"/map?{query}", f"/conflicts?{query}", "/province?p=VN63-51"):
        page.goto(address + path)
        settled(page)
        assert page.locator("[data-testid=stMain] :is(img[src*=elsewhere], script, b > script)").count() == 0
    expect(page.get_by_text("<b>markup</b>").first).to_be_visible()  # the name of a source
    assert alerts == []
    page = visit("/browse?sort=published&kind=count", viewport=PHONE)
    expect(page.locator(".figure .said").first).to_be_visible(timeout=PATIENCE)
    wide = page.evaluate("() => document.querySelector('[data-testid=stMain]').scrollWidth")
    assert wide == PHONE["width"]
