"""The pages of charts in a real browser: comparing, clicking on the map, looking up; all pages by axe."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.app_fixture import RATIO_ID
from tests.browsing import CHROMIUM, PATIENCE, PHONE, WIDE, sees, settled

sync_api = pytest.importorskip("playwright.sync_api")
expect = sync_api.expect

RANKS = "ind=par_index&form=rank~63"
PAGES = (
    "/",
    "/browse?v=table",
    f"/figure?id={RATIO_ID}",
    f"/compare?{RANKS}&p=VN63-51&p=VN63-40",
    f"/map?{RANKS}&p=VN63-51",
    f"/map?{RANKS}&v=lines",
    f"/map?{RANKS}&v=small",
    "/province?p=VN63-51",
    "/codebook",
    "/codebook?ind=par_index",
    "/conflicts",
    "/download?p=VN63-51",
    "/health",
    "/about",
)

SERIOUS = """async () => (await axe.run()).violations
    .filter(one => ['serious', 'critical'].includes(one.impact)).map(one => [one.id, one.nodes[0].html])"""
FITS = """() => [document.documentElement, document.querySelector('[data-testid="stMain"]')]
    .every(part => part.scrollWidth === part.clientWidth)"""

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine"),
]


def test_a_reader_compares_two_provinces_and_goes_back(visit):
    page = visit(f"/compare?{RANKS}&p=VN63-40")
    expect(page.locator(".rows tbody tr")).to_have_text(["năm 2023thực hiệnhạng 8/63"], timeout=PATIENCE)
    place = page.get_by_role("combobox", name="Địa phương")
    place.fill("quang ngai")
    page.get_by_role("option", name="Quảng Ngãi (63) · Quang Ngai").click()
    page.keyboard.press("Escape")
    expect(page.locator(".rows tbody tr")).to_have_text(
        ["năm 2023thực hiệnhạng 8/63hạng 11/63+3 bậc"], timeout=PATIENCE
    )
    expect(page).to_have_url(re.compile(r"p=VN63-40&p=VN63-51$"))
    expect(page.get_by_test_id("stVegaLiteChart")).to_have_attribute(
        "aria-label", re.compile("Nghệ An.*Quảng Ngãi"), timeout=PATIENCE
    )
    page.go_back()
    expect(page.locator(".rows tbody tr")).to_have_text(["năm 2023thực hiệnhạng 8/63"], timeout=PATIENCE)


def test_a_square_of_the_map_leads_to_the_sentence_and_the_profile(visit):
    page = visit(f"/map?{RANKS}&period=2023")
    page.locator('path[aria-label="Quảng Ngãi (63): hạng 11/63"]').click(timeout=PATIENCE)
    sees(page, ".st-key-chosen mark", "11/63")
    expect(page).to_have_url(re.compile(r"p=VN63-51"))
    expect(page.locator('path[aria-label="Hoàng Sa (Đà Nẵng (63)): hạng 10/63"]')).to_be_attached()
    expect(page.locator('path[aria-label="Hà Giang: chưa có số liệu"]')).to_be_attached()
    page.get_by_role("radio", name="quy về 34").click()
    square = 'path[aria-label="Quảng Ngãi (34): không so sánh được: thứ hạng trên 63"]'
    expect(page.locator(square)).to_be_attached(timeout=PATIENCE)
    page.go_back()
    page.get_by_role("link", name="Hồ sơ tỉnh", exact=True).last.click()
    sees(page, ".place h2", "Quảng Ngãi (63)")


def test_a_reader_looks_an_indicator_up_and_cites_it(visit):
    page = visit("/codebook?lang=en")
    search = page.get_by_role("searchbox", name="Search the indicators")
    search.fill("par index")
    search.press("Enter")
    page.get_by_role("link", name="Public Administration Reform Index (PAR INDEX)").click(timeout=PATIENCE)
    sees(page, ".fields dd", "40 figures, 20 provinces")
    page.get_by_text("Cite this view").click()
    expect(page.get_by_test_id("stCode").first).to_contain_text("Accessed", timeout=PATIENCE)
    expect(page.get_by_test_id("stCode").nth(1)).to_contain_text("@misc{chiso-")


def test_every_page_fits_a_phone_and_keeps_nobody_out(visit):
    axe = pytest.importorskip("axe_playwright_python")
    script = (Path(axe.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
    page = visit(PAGES[0])
    host = re.match(r"http://[^/]+", page.url)[0]
    wrong = []
    for path in PAGES:
        page.goto(host + path)
        settled(page)
        page.evaluate(script)
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            expect(page.get_by_test_id("stApp")).to_have_css("color-scheme", scheme, timeout=PATIENCE)
            wrong += [(path, scheme, *violation) for violation in page.evaluate(SERIOUS)]
        page.set_viewport_size(PHONE)
        page.wait_for_function(FITS)  # charts are drawn anew for the width
        page.set_viewport_size(WIDE)
    assert wrong == []
