"""The app in a real browser: what a reader does, on a wide screen and on a phone."""

from __future__ import annotations

import codecs
import csv
import io
import re
from pathlib import Path

import pytest

from tests.app_fixture import FIGURES, HOSTILE_ID, RATIO_ID
from tests.browsing import CHROMIUM, PATIENCE, PHONE, sees

sync_api = pytest.importorskip("playwright.sync_api")
expect = sync_api.expect

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine"),
]


def _total(page, words: str) -> None:
    sees(page, ".total", words)


def test_a_reader_finds_a_figure_and_comes_back(visit):
    page = visit("/")
    page.get_by_test_id("stTopNavLink").get_by_text("Tra cứu").click()
    _total(page, f"{FIGURES} số liệu")

    place = page.get_by_role("combobox", name="Địa phương")
    place.fill("quang ngai")  # typed without diacritics
    page.get_by_role("option", name="Quảng Ngãi (63) · Quang Ngai").click()
    page.keyboard.press("Escape")  # the open list hides the rest of the page from assistive technology
    _total(page, "7 số liệu")
    expect(page).to_have_url(re.compile(r"/browse\?p=VN63-51$"))

    page.get_by_role("link", name="4.620 trên 5.500").click()
    sees(page, ".evidence mark", "4.620/5.500")
    expect(page).to_have_url(re.compile(rf"/figure\?id={RATIO_ID}$"))

    page.go_back()
    _total(page, "7 số liệu")
    expect(page).to_have_url(re.compile(r"/browse\?p=VN63-51$"))
    page.go_back()
    _total(page, f"{FIGURES} số liệu")
    page.go_forward()
    _total(page, "7 số liệu")


def test_a_link_shows_another_reader_the_same(visit):
    page = visit("/browse?p=VN63-51&kind=ratio&kind=percent&st=actual")
    _total(page, "3 số liệu")
    link = page.get_by_test_id("stCode").last.inner_text().strip()
    again = visit("/" + link.split("/", 3)[3])
    _total(again, "3 số liệu")
    expect(again.locator(".said mark")).to_have_text(["4.620/5.500", "85%", "5%"])


def test_the_second_page_of_rows_has_an_address(visit):
    page = visit("/browse")
    page.get_by_test_id("stPagination").get_by_role("button", name="2").click()
    _total(page, f"{FIGURES} số liệu · 26–50")
    expect(page).to_have_url(re.compile(r"pg=2$"))


def test_a_row_of_the_table_shows_its_sentence(visit):
    page = visit("/browse?v=table&p=VN63-51&kind=ratio")
    table = page.get_by_test_id("stDataFrame")
    value = table.locator('[role="gridcell"]', has_text="4.620 trên 5.500")
    expect(value).to_be_attached(timeout=PATIENCE)
    box = table.bounding_box()
    page.mouse.click(box["x"] + 14, box["y"] + 35 + 17)  # the box that selects the first row
    sees(page, ".said mark", "4.620/5.500")
    page.get_by_role("link", name="4.620 trên 5.500").click()
    sees(page, ".evidence mark", "4.620/5.500")
    page.go_back()
    _total(page, "1 số liệu")


def test_the_downloads_hold_every_row_of_the_view(visit):
    page = visit("/browse?p=VN63-51")
    _total(page, "7 số liệu")
    files = {}
    for name in ("CSV", "CSV (Excel)"):
        with page.expect_download() as download:
            page.get_by_role("link", name=name, exact=True).click()
        files[name] = download.value
    plain, excel = (Path(files[name].path()).read_bytes() for name in files)
    assert excel.startswith(codecs.BOM_UTF8)
    assert not plain.startswith(codecs.BOM_UTF8)
    rows = list(csv.DictReader(io.StringIO(plain.decode())))
    assert len(rows) == 7
    assert all(row["sentence"] and row["article_url"] for row in rows)
    assert re.fullmatch(r"chiso-figures-filtered-[0-9a-f]{8}\.csv", files["CSV"].suggested_filename)


def test_words_of_an_article_stay_words(visit):
    page = visit(f"/figure?id={HOSTILE_ID}")
    said = page.locator(".evidence .said")
    expect(said).to_contain_text(
        "<img src=x onerror=alert(1)> rằng **đã** có 1.250 hồ sơ :red[đỏ]", timeout=PATIENCE
    )
    assert page.locator(".evidence img").count() == 0
    listed = visit("/browse?q=ong+noi+rang")
    expect(listed.get_by_role("link", name="1.250 **hồ** :red[sơ]")).to_be_visible(timeout=PATIENCE)


@pytest.mark.parametrize(
    "path", ["/", "/browse?p=VN63-51", "/browse?v=table", f"/figure?id={RATIO_ID}", "/figure?id=x"]
)
def test_nothing_scrolls_sideways_on_a_phone(visit, path):
    page = visit(path, viewport=PHONE, color_scheme="dark")
    expect(page.get_by_test_id("stMainBlockContainer")).to_be_visible()
    wide = page.evaluate(
        """() => [document.documentElement, document.querySelector('[data-testid="stMain"]')]
            .map(part => part.scrollWidth - part.clientWidth)"""
    )
    assert wide == [0, 0]


@pytest.mark.parametrize(("path", "language"), [("/", "vi"), ("/browse", "vi"), ("/browse?lang=en", "en")])
def test_a_page_says_its_language_and_what_it_may_load(visit, address, path, language):
    page = visit(path)
    assert page.locator("html").get_attribute("lang") == language
    answer = page.context.request.get(address + path, headers={"accept": "text/html"})
    assert "default-src 'self'" in answer.headers["content-security-policy"]


def test_the_language_stays_on_the_way(visit):
    page = visit("/browse?lang=en&p=VN63-51")
    page.get_by_role("link", name="4,620 of 5,500").click()
    expect(page.get_by_role("heading", name="Evidence")).to_be_visible(timeout=PATIENCE)
    page.get_by_test_id("stTopNavLink").get_by_text("Browse").click()
    _total(page, f"{FIGURES} figures")
    page.get_by_role("radio", name="VI").click()
    _total(page, f"{FIGURES} số liệu")


def test_on_a_phone_the_filters_are_behind_a_button_that_says_so(visit):
    page = visit("/browse", viewport=PHONE)
    page.get_by_test_id("stExpandSidebarButton").click()
    page.get_by_test_id("stSidebar").get_by_role("button", name="chỉ tiêu (2)").click()
    expect(page).to_have_url(re.compile(r"\?st=target$"), timeout=PATIENCE)
    _total(page, "2 số liệu")
