"""The pages of charts in a real browser: comparing, clicking on the map, looking up; all pages by axe."""

from __future__ import annotations

import codecs
import csv
import io
import json
import re
import zipfile
from pathlib import Path

import frictionless
import pandas as pd
import pytest

from tests.app_fixture import RATIO_ID
from tests.browsing import CHROMIUM, PATIENCE, keeps_nobody_out, sees, settled

sync_api = pytest.importorskip("playwright.sync_api")
expect = sync_api.expect

RANKS = "ind=par_index&form=rank~63"
PAGES = (
    "/",
    "/browse?v=table",
    "/browse?p=VN63-51",
    f"/figure?id={RATIO_ID}",
    "/figure?id=x",
    f"/compare?{RANKS}&p=VN63-51&p=VN63-40",
    f"/map?{RANKS}&p=VN63-51",
    f"/map?{RANKS}&v=lines",
    f"/map?{RANKS}&v=small",
    "/province?p=VN63-51",
    "/codebook",
    "/codebook?ind=par_index",
    "/about",
)

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine"),
]


def _choose(page, name: str, typed: str, option: str) -> None:
    page.get_by_role("combobox", name=name).fill(typed)
    page.get_by_role("option", name=option).click()
    page.keyboard.press("Escape")  # the open list hides the rest of the page from assistive technology
    settled(page)


def test_a_reader_compares_two_provinces_takes_the_file_and_goes_back(visit, address):
    page = visit("/compare?ind=poor_household_homes&p=VN63-51")
    _choose(page, "Địa phương", "nghe an", "Nghệ An (63) · Nghe An")
    _choose(page, "Chỉ số thống kê", "cai cach hanh chinh", "(40)")
    for name, year in (("Từ năm", "2023"), ("đến năm", "2024")):
        page.get_by_role("spinbutton", name=name).fill(year)
        page.get_by_role("spinbutton", name=name).press("Enter")
        settled(page)
    expect(page).to_have_url(re.compile(r"to=2024"), timeout=PATIENCE)
    for part in ("p=VN63-51&p=VN63-40", "ind=par_index", "from=2023"):
        assert part in page.url
    page.get_by_role("combobox", name="Đại lượng").click()
    page.get_by_role("option", name="thứ hạng").first.click()
    row = "năm 2023thực hiệnhạng 11/63hạng 8/63−3 bậc"
    expect(page.locator(".rows tbody tr")).to_have_text([row], timeout=PATIENCE)
    expect(page.get_by_test_id("stVegaLiteChart")).to_have_attribute(
        "aria-label", re.compile("Quảng Ngãi.*Nghệ An"), timeout=PATIENCE
    )
    settled(page)
    files = {}
    for name in ("CSV", "CSV (Excel)"):
        with page.expect_download() as download:
            page.get_by_role("link", name=name, exact=True).click()
        files[name] = Path(download.value.path()).read_bytes()
        assert re.fullmatch(
            r"chiso-figures-filtered-[0-9a-f]{8}(-excel)?\.csv", download.value.suggested_filename
        )
    assert files["CSV (Excel)"].startswith(codecs.BOM_UTF8)
    assert not files["CSV"].startswith(codecs.BOM_UTF8)
    rows = list(csv.DictReader(io.StringIO(files["CSV"].decode())))
    expect(page.get_by_text(f"Tải về {len(rows)} số liệu")).to_be_visible()
    assert {row["rank"] for row in rows} == {"11", "8", ""}
    assert all(row["sentence"] and row["article_url"] for row in rows)
    page.go_back()
    expect(page).not_to_have_url(re.compile("form="), timeout=PATIENCE)


def test_a_square_of_the_map_leads_to_the_sentence_and_the_profile(visit):
    page = visit(f"/map?{RANKS}&period=2023")
    page.locator('path[aria-label="Quảng Ngãi (63): hạng 11/63"]').click(timeout=PATIENCE)
    sees(page, ".st-key-chosen mark", "11/63")
    expect(page).to_have_url(re.compile(r"p=VN63-51"))
    expect(page.locator('path[aria-label="Hoàng Sa (Đà Nẵng (63)): hạng 10/63"]')).to_be_attached()
    expect(page.locator('path[aria-label="Hà Giang: chưa có số liệu"]')).to_be_attached()
    page.get_by_text("Xem dạng bảng, đủ 63 tỉnh").click()
    expect(page.locator(".rows tbody tr")).to_have_count(63)
    page.get_by_role("radio", name="quy về 34").click()
    square = 'path[aria-label="Quảng Ngãi (34): không so sánh được: thứ hạng trên 63"]'
    page.locator(square).click(timeout=PATIENCE)
    expect(page.locator(".st-key-chosen")).to_contain_text("gồm Kon Tum", timeout=PATIENCE)
    page.go_back()
    page.go_back()
    sees(page, ".st-key-chosen mark", "11/63")
    page.get_by_role("link", name="Hồ sơ tỉnh", exact=True).last.click()
    sees(page, ".place h2", "Quảng Ngãi (63)")


def test_a_reader_looks_an_indicator_up_cites_it_and_reads_the_data(visit, address, tmp_path):
    page = visit("/codebook?lang=en")
    search = page.get_by_role("searchbox", name="Search the indicators")
    search.fill("par index")
    search.press("Enter")
    page.get_by_role("link", name="Public Administration Reform Index (PAR INDEX)").click(timeout=PATIENCE)
    sees(page, ".fields dd", "40 figures, 20 provinces")
    page.get_by_text("Cite this view").click()
    expect(page.get_by_test_id("stCode").first).to_contain_text("Accessed", timeout=PATIENCE)
    expect(page.get_by_test_id("stCode").nth(1)).to_contain_text("@misc{chiso-")
    assert len(pd.read_csv(f"{address}/api/figures.csv?ind=par_index")) == 40
    with zipfile.ZipFile(
        io.BytesIO(page.request.get(f"{address}/api/figures.zip?ind=par_index").body())
    ) as file:
        file.extractall(tmp_path)
    assert frictionless.validate(str(tmp_path / "datapackage.json"), type="package").valid
    assert json.loads((tmp_path / "croissant.json").read_text())["citeAs"].startswith("@misc{")


def test_every_page_fits_a_phone_and_keeps_nobody_out(visit, address):
    keeps_nobody_out(visit("/about"), [address + path for path in PAGES])
