"""Two reviewers at once, and texts that mean harm on every page that shows any, in a real browser."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import quote, urlencode

import pytest

from app_pages.crawls import PAGES_VARIABLE
from app_pages.release_files import FOLDER_VARIABLE
from app_pages.reviewing import REVIEW_VARIABLE
from store.export import export
from store.pages import open_pages
from store.queries import Filters, list_figures, open_readonly
from tests import app_fixture
from tests.app_fixture import RATIO_ID
from tests.browsing import CHROMIUM, FITS, PATIENCE, PHONE, sees, served, settled
from tests.hostile_fixture import HOSTILE, build_hostile

sync_api = pytest.importorskip("playwright.sync_api")
expect = sync_api.expect

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine"),
]


INJECTED = "[data-testid=stMain] :is(img[src*=elsewhere], script, a[href^=javascript], b > script)"


@pytest.fixture(scope="module")
def database(tmp_path_factory):
    path = app_fixture.build(tmp_path_factory.mktemp("reviews") / "chiso.db")
    return build_hostile(path, disputed=True)


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
    """Write a source that was read three days ago and fails since, with words that mean harm."""
    with closing(open_pages(path)) as db:
        for days, outcome, counters in (
            (3, "finished", {"fetched": 9, "requests": 20}),
            (0, "error", {"timeout": 3, "problem": HOSTILE["markup"], "<b>other</b>": 2}),
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


@pytest.mark.parametrize(
    ("where", "what"), [("figure", "long"), ("figure", "right to left"), ("review", "markup")]
)
def test_the_page_of_one_figure_shows_what_means_harm_letter_by_letter(visit, database, where, what):
    with closing(open_readonly(database)) as db:
        ids = {row["sentence"]: row["id"] for row in list_figures(db, Filters(kinds=("count",)), 100)}
    page = visit(f"/{where}?id={ids[HOSTILE[what]]}")
    shown = page.locator(".evidence .said")
    expect(shown).to_be_visible(timeout=PATIENCE)
    assert _plain(shown.text_content()) == _plain(HOSTILE[what])
    assert page.locator(".evidence :is(img, script, style, a, strong, h1)").count() == 0


def test_a_list_shows_what_means_harm_letter_by_letter(visit):
    page = visit("/browse?kind=count&from=2024&to=2024&sort=published")
    expect(page.locator(".figure .said").first).to_be_visible(timeout=PATIENCE)
    shown = {_plain(text) for text in page.locator(".figure .said").all_text_contents()}
    assert {_plain(text) for text in HOSTILE.values() if len(text) < 800} <= shown
    page.set_viewport_size(PHONE)
    page.wait_for_function(FITS)


def test_every_page_that_shows_texts_shows_them_inert(visit, address, database):
    sentence = HOSTILE["markup"]
    with closing(open_readonly(database)) as db:
        sql = "SELECT indicator_key FROM figures WHERE sentence = ?"
        [phrase] = db.execute(sql, [sentence]).fetchone()
    ind = urlencode({"ind": phrase})
    harm = urlencode({"q": sentence[:190], "p": sentence, "src": "<b>markup</b>"}, quote_via=quote)
    pages = {  # and where the sentence stands on them
        "/": ".figure .said",
        "/browse?kind=count&from=2024&to=2024": ".figure .said",
        f"/browse?{harm}": None,
        "/browse?v=table&kind=count": None,
        f"/compare?{ind}&p=VN63-51": ".figure .said",
        f"/map?{ind}&p=VN63-51&reg=63": ".st-key-chosen .said",
        f"/map?{ind}&v=lines": None,
        "/province?p=VN63-51": None,
        f"/conflicts?{ind}": ".figure .said",
        f"/codebook?{harm}": None,
        f"/download?{harm}": None,
        "/health": None,
    }
    alerts: list[str] = []
    page = visit("/about")
    page.on("dialog", lambda dialog: (alerts.append(dialog.message), dialog.dismiss()))
    for path, css in pages.items():
        page.goto(address + path)
        settled(page)
        for folded in page.get_by_text("Câu dẫn chứng của").all():
            folded.click()
        if css:
            shown = page.locator(css, has_text="<script>alert(1)</script>").first
            expect(shown).to_be_visible(timeout=PATIENCE)
            assert _plain(shown.text_content()) in {
                _plain(text) for text in (sentence, sentence.replace("12 hộ", "57 hộ"))
            }
        assert page.locator(INJECTED).count() == 0, path
        assert page.get_by_test_id("stException").count() == 0, path
    language = page.locator(".st-key-language")
    language.get_by_role("radio", name="EN").click()  # the app goes on working
    expect(page.get_by_role("heading", level=1)).to_have_text("Crawl health", timeout=PATIENCE)
    assert alerts == []


def _plain(text: str) -> str:
    return " ".join(text.split())
