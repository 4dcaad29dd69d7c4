"""The app in a real browser: what a reader does, on a wide screen and on a phone."""

from __future__ import annotations

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
    page.locator(".st-key-menu").get_by_text("Tra cứu").click()
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

    page.locator("[class*='st-key-figure-sentence'] a").first.click()  # from a page to itself
    sees(page, ".evidence mark", "85%")
    expect(page).not_to_have_url(re.compile(RATIO_ID))
    page.go_back()
    sees(page, ".evidence mark", "4.620/5.500")
    expect(page).to_have_url(re.compile(rf"/figure\?id={RATIO_ID}$"))

    page.go_back()
    _total(page, "7 số liệu")
    expect(page).to_have_url(re.compile(r"/browse\?p=VN63-51$"))
    page.go_back()
    _total(page, f"{FIGURES} số liệu")
    page.go_forward()
    _total(page, "7 số liệu")


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


def test_a_reader_checks_a_number_among_texts_that_mean_harm(visit):
    page = visit("/browse?q=quang+ngai+86,5")
    _total(page, "2 số liệu")  # a score and a rank of one sentence
    page.get_by_role("link", name="86,5 điểm").click()
    sees(page, ".evidence mark", "86,5")
    article = page.get_by_role("link", name="Mở bài báo gốc")
    assert re.match(r"https?://", article.get_attribute("href"))
    page = visit(f"/figure?id={HOSTILE_ID}")
    expect(page.locator(".evidence .said")).to_contain_text(
        "<img src=x onerror=alert(1)> rằng **đã** có 1.250 hồ sơ :red[đỏ]", timeout=PATIENCE
    )
    assert page.locator(".evidence img").count() == 0


def test_a_page_says_its_language_and_what_it_may_load(visit, address):
    page = visit("/browse?lang=en")
    assert page.locator("html").get_attribute("lang") == "en"
    for path, language in (("/", "vi"), ("/browse", "vi"), ("/browse?lang=en", "en")):
        answer = page.request.get(address + path, headers={"accept": "text/html"})
        assert f'<html lang="{language}"' in answer.text()
        assert "default-src 'self'" in answer.headers["content-security-policy"]


def test_the_language_stays_on_the_way(visit):
    page = visit("/browse?lang=en&p=VN63-51")
    page.get_by_role("link", name="4,620 of 5,500").click()
    expect(page.get_by_role("heading", name="Evidence")).to_be_visible(timeout=PATIENCE)
    page.locator(".st-key-menu").get_by_text("Browse").click()
    _total(page, f"{FIGURES} figures")
    page.get_by_role("radio", name="VI").click()
    _total(page, f"{FIGURES} số liệu")


def test_on_a_phone_the_filters_are_behind_a_button_that_says_so(visit):
    page = visit("/browse", viewport=PHONE)
    page.get_by_test_id("stExpandSidebarButton").click()
    page.get_by_test_id("stSidebar").get_by_role("button", name="chỉ tiêu (2)").click()
    expect(page).to_have_url(re.compile(r"\?st=target$"), timeout=PATIENCE)
    _total(page, "2 số liệu")


def test_a_reader_keeps_a_chart_and_opens_the_stored_text(visit):
    page = visit("/compare?ind=par_index&lang=en", color_scheme="dark")
    with page.expect_download() as kept:
        page.locator(".st-key-svg-compare").get_by_role("button", name="SVG").click()
    assert re.fullmatch(r"chiso-compare-par-index-[\w.-]+\.svg", kept.value.suggested_filename)
    drawn = Path(kept.value.path()).read_text(encoding="utf-8")
    assert "Source: provincial newspapers and portals" in drawn
    assert 'fill="#ffffff"' in drawn  # on white, whatever the theme of the page
    assert "/compare?ind=par_index&amp;form=" in drawn
    page = visit(f"/figure?id={RATIO_ID}")
    with page.expect_popup() as opened:
        page.get_by_role("link", name="Bản lưu nội dung bài").click()
    expect(opened.value.locator("pre")).to_contain_text("4.620/5.500")
    opened.value.close()
