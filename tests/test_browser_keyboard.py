"""The app by keyboard alone: what a reader who has no mouse reaches, sees and takes home."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from app_pages.release_files import FOLDER_VARIABLE
from tests.browsing import CHROMIUM, PATIENCE, PHONE, WIDE, sees, served, settled, tab_to

sync_api = pytest.importorskip("playwright.sync_api")
expect = sync_api.expect

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine"),
]


@pytest.fixture(scope="module", autouse=True)
def built(demo):
    """Build the demo before a browser runs, whose events no crawl can share."""
    return demo


@pytest.fixture(scope="module")
def address(demo, tmp_path_factory):
    folder = tmp_path_factory.mktemp("keyboard")
    files = {FOLDER_VARIABLE: str(demo.out), "CHISO_PAGES": str(demo.pages)}
    with served(demo.db, folder, **files) as address:
        yield address


def press(page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)
    settled(page)


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
def test_from_the_front_page_to_the_health_of_sources_and_the_whole_database(visit, size):
    page = visit("/", viewport=size)
    for name, path in (("Tình trạng thu thập", "health"), ("Tải dữ liệu", "download")):
        tab_to(page, "Thêm")
        expect(page.locator(".st-key-menu button")).to_be_focused()
        press(page, "Enter")
        tab_to(page, name)
        press(page, "Enter")
        expect(page).to_have_url(re.compile(rf"/{path}$"), timeout=PATIENCE)
        settled(page)
        expect(page.get_by_role("heading", level=1)).to_have_text(name, timeout=PATIENCE)
        expect(page.get_by_role("dialog")).to_have_count(0)
    tab_to(page, "chiso.sqlite")
    with page.expect_download() as download:
        page.keyboard.press("Enter")
    assert Path(download.value.path()).read_bytes().startswith(b"SQLite format 3")


def test_the_way_past_the_menu_leads_to_the_page(visit):
    page = visit("/")
    tab_to(page, "Bỏ qua danh sách trang")
    page.keyboard.press("Enter")
    expect(page.locator("#content")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("searchbox")).to_be_focused()


def test_from_a_search_to_a_figure_and_its_file(visit):
    page = visit("/browse")
    tab_to(page, "Địa phương")
    page.keyboard.type("quang ngai")
    expect(page.get_by_role("option").first).to_be_visible(timeout=PATIENCE)
    press(page, "Enter", "Escape")
    expect(page).to_have_url(re.compile(r"\?p=VN63-51$"), timeout=PATIENCE)
    tab_to(page, "Tìm trong câu văn")
    page.keyboard.type("214/214")
    press(page, "Enter")
    sees(page, ".total", "1 số liệu")
    tab_to(page, "214 trên 214")
    press(page, "Enter")
    sees(page, ".evidence mark", "214/214")
    tab_to(page, "Tra cứu số liệu")
    press(page, "Enter")
    sees(page, ".total", "1 số liệu")
    tab_to(page, "Câu văn")
    press(page, "ArrowRight", "Enter")
    expect(page).to_have_url(re.compile(r"v=table"), timeout=PATIENCE)
    settled(page)
    tab_to(page, "CSV")
    with page.expect_download() as download:
        page.keyboard.press("Enter")
    assert "214/214" in Path(download.value.path()).read_text(encoding="utf-8")
