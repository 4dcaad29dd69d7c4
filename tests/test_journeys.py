"""Eight journeys of a reader through what the demo made of the sample site, in a real browser.

What is expected was written by hand or is what the articles of the sample site print; nothing is taken from
the output of the program. Addresses, tables and days of the articles are read from data/sample_site.
"""

from __future__ import annotations

import codecs
import hashlib
import io
import json
import re
import shutil
import sqlite3
import zipfile
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import frictionless
import pandas as pd
import pytest

from app_pages.crawls import PAGES_VARIABLE
from app_pages.data import RELEASES_VARIABLE
from app_pages.release_files import FOLDER_VARIABLE
from app_pages.reviewing import REVIEW_VARIABLE
from commands.crawling import run_crawl
from crawler.run import CrawlError
from store.release.folder import read_release
from store.releases import DATABASE
from tests.browsing import CHROMIUM, PATIENCE, PHONE, WIDE, keeps_nobody_out, sees, served, settled
from tests.journeys import (
    ARTICLES,
    PROJECT_06,
    SCORES_2023,
    SCORES_2024,
    SLANTS_IN,
    choose,
    day,
    printed,
    rows_of,
    total,
)

sync_api = pytest.importorskip("playwright.sync_api")
expect = sync_api.expect

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine"),
]

RANKS = "ind=par_index&form=rank~63"
NOWHERE = 9  # the port of "discard", on which nobody listens
LINKS = "[class*='st-key-figure-list-'] [data-testid='stPageLink'] a"


@dataclass(frozen=True)
class Copy:
    """A copy of what the demo left, so that reviews and crawls change nothing for other tests."""

    folder: Path
    release: str  # the id of the frozen one

    @property
    def db(self) -> Path:
        return self.folder / "chiso.db"


@pytest.fixture(scope="module", autouse=True)
def copy(demo, tmp_path_factory):
    """Copy the demo's files, freeze its release, and let the site of a paper be gone at the next crawl."""
    folder = tmp_path_factory.mktemp("journeys")
    for path in (demo.db, demo.pages):
        shutil.copy(path, folder / path.name)
    made = read_release(demo.out)
    assert made is not None
    frozen = folder / "releases" / made.version.replace("+", "-")
    shutil.copytree(demo.out, frozen)
    shutil.copy(demo.db, frozen / DATABASE)
    with pytest.raises(CrawlError):
        run_crawl(("sample-aid",), folder / "pages.db", ports={"sample-aid": NOWHERE})
    return Copy(folder, frozen.name)


@pytest.fixture(scope="module")
def address(copy, demo):
    """Serve the copy, with reviewing on."""
    paths = {
        FOLDER_VARIABLE: demo.out,
        PAGES_VARIABLE: copy.folder / "pages.db",
        RELEASES_VARIABLE: copy.folder / "releases",
    }
    environment = {name: str(path) for name, path in paths.items()} | {REVIEW_VARIABLE: "1"}
    with served(copy.db, copy.folder, **environment) as address:
        yield address


def test_1_compare_and_download(visit):
    page = visit("/compare")
    for typed in ("quang ngai", "nghe an"):
        choose(page, "Địa phương", typed)
    choose(page, "Chỉ số thống kê", "cai cach hanh chinh")
    for name, year in (("Từ năm", "2023"), ("đến năm", "2024")):
        page.get_by_role("spinbutton", name=name).fill(year)
        page.get_by_role("spinbutton", name=name).press("Enter")
        settled(page)
    asked = "p=VN63-51&p=VN63-40&ind=par_index&from=2023&to=2024"
    expect(page).to_have_url(re.compile(rf"/compare\?{asked}$"), timeout=PATIENCE)
    choose(page, "Đại lượng", "thu hang tren 63")
    told = {year: printed(slug) for year, slug in ((2024, SCORES_2024), (2023, SCORES_2023))}
    ranks = {year: [told[year][name][1] for name in ("Quảng Ngãi", "Nghệ An")] for year in told}
    assert ranks == {2024: ["44", "7"], 2023: ["24", "8"]}
    lines = [
        f"năm {year}thực hiệnhạng {one}/63hạng {other}/63−{int(one) - int(other)} bậc"
        for year, (one, other) in ranks.items()
    ]
    expect(page.locator(".rows tbody tr")).to_have_text(lines, timeout=PATIENCE)
    chart = page.get_by_test_id("stVegaLiteChart")
    expect(chart).to_have_attribute("aria-label", re.compile("Quảng Ngãi.*Nghệ An"), timeout=PATIENCE)
    settled(page)
    files = {}
    for name, end in (("CSV", ""), ("CSV (Excel)", "-excel")):
        with page.expect_download() as download:
            page.get_by_role("link", name=name, exact=True).click()
        files[name] = Path(download.value.path()).read_bytes()
        form = rf"chiso-figures-filtered-[0-9a-f]{{8}}{end}\.csv"
        assert re.fullmatch(form, download.value.suggested_filename)
    assert files["CSV (Excel)"].startswith(codecs.BOM_UTF8)
    assert not files["CSV"].startswith(codecs.BOM_UTF8)
    for content in files.values():
        rows = rows_of(content)
        expect(page.get_by_text(f"Tải về {len(rows)} số liệu")).to_be_visible()
        assert all(row["sentence"] and row["article_url"] for row in rows)
        assert {row["rank"] for row in rows} == {"", *ranks[2023], *ranks[2024]}
    page.go_back()
    expect(page).not_to_have_url(re.compile("form="), timeout=PATIENCE)


def test_2_share_and_go_back(visit):
    page = visit("/browse?p=VN63-51&kind=percent")
    page.get_by_test_id("stPagination").get_by_role("button", name="2").click()
    total(page, "26–")
    expect(page).to_have_url(re.compile(r"/browse\?p=VN63-51&kind=percent&pg=2$"))
    seen = page.locator(LINKS).all_inner_texts()
    shared = page.get_by_test_id("stCode").last.inner_text().strip()
    page.locator(LINKS).first.click()
    expect(page.locator(".evidence mark")).to_be_visible(timeout=PATIENCE)
    page.go_back()
    total(page, "26–")
    assert page.locator(LINKS).all_inner_texts() == seen
    again = visit("/" + shared.split("/", 3)[3])  # another session
    total(again, "26–")
    assert again.locator(LINKS).all_inner_texts() == seen
    figures = [link.get_attribute("href").split("id=")[1][:16] for link in again.locator(LINKS).all()]
    again.get_by_role("radio", name="EN").click()
    total(again, "figures · 26–")
    expect(again).to_have_url(re.compile(r"p=VN63-51&kind=percent&pg=2&lang=en$"))
    assert [link.get_attribute("href").split("id=")[1][:16] for link in again.locator(LINKS).all()] == figures


def test_3_check_a_number(visit):
    article = ARTICLES[PROJECT_06]
    page = visit("/browse?q=quang+ngai+214%2F214")
    total(page, "1 số liệu")
    page.locator(LINKS).click()
    sees(page, ".evidence mark", "214/214")
    expect(page.locator(".evidence .said")).to_have_text(
        "Toàn tỉnh hiện có 214/214 cơ sở khám, chữa bệnh dùng căn cước gắn chip thay thẻ bảo hiểm y tế."
    )
    link = page.get_by_role("link", name="Mở bài báo gốc")
    assert re.fullmatch(rf"http://127\.0\.0\.1:\d+{re.escape(article['path'])}", link.get_attribute("href"))
    fields = page.locator(".fields").first
    for words in (article["title"], "Báo Sóng Biển", day(article["published"].isoformat())):
        expect(fields).to_contain_text(words)


def test_4_the_map_of_ranks(visit):
    page = visit(f"/map?{RANKS}&period=2023")
    printed_ranks = {name: cells[1] for name, cells in printed(SCORES_2023).items()}
    rank = printed_ranks["Quảng Ngãi"]
    page.locator(f'path[aria-label="Quảng Ngãi (63): hạng {rank}/63"]').click(timeout=PATIENCE)
    sees(page, ".st-key-chosen mark", rank)
    expect(page.locator(".st-key-chosen")).to_contain_text(f"hạng {rank}/63")
    expect(page).to_have_url(re.compile("p=VN63-51"))
    islands = f'path[aria-label="Hoàng Sa (Đà Nẵng (63)): hạng {printed_ranks["Đà Nẵng"]}/63"]'
    expect(page.locator(islands)).to_be_attached()
    page.get_by_text("Xem dạng bảng, đủ 63 tỉnh").click()
    body = page.locator(".rows tbody tr")
    expect(body).to_have_count(63)
    table = {row[0].removesuffix(" (63)"): row[3] for row in _cells(body)}
    expected = {name: f"hạng {rank}/63" for name, rank in printed_ranks.items()}
    expected["Huế"] = expected.pop("Thừa Thiên Huế")
    expected["Lào Cai"] = f"hạng {printed(SCORES_2024)['Lào Cai'][2]}/63 †"  # a later article says otherwise
    assert table == expected
    page.get_by_role("radio", name="34 tỉnh").click()
    expect(page.locator('path[aria-label^="Quảng Ngãi (34"]')).to_have_attribute(
        "aria-label", re.compile("chưa có số liệu"), timeout=PATIENCE
    )
    of_63 = page.locator('path[aria-label*="/63"]')
    expect(of_63).to_have_count(0, timeout=PATIENCE)  # no rank of 63 among the 34
    page.get_by_role("radio", name="quy về 34").click()
    square = 'path[aria-label="Quảng Ngãi (34): không so sánh được: thứ hạng trên 63"]'
    page.locator(square).click(timeout=PATIENCE)
    expect(page.locator(".st-key-chosen")).to_contain_text("gồm Kon Tum", timeout=PATIENCE)
    page.go_back()
    page.go_back()
    page.go_back()
    sees(page, ".st-key-chosen mark", rank)
    page.locator(".st-key-chosen").get_by_role("link", name="Hồ sơ tỉnh").click()
    sees(page, ".place h2", "Quảng Ngãi (63)")
    page = visit("/map?ind=health_insurance_rate&reg=34")  # told of two provinces only
    for label, hatched in (("An Giang (34): ", False), ("Cà Mau (34): chưa có số liệu", True)):
        square = page.locator(f'path[aria-label^="{label}"]')
        expect(square).to_be_attached(timeout=PATIENCE)
        assert (square.evaluate(SLANTS_IN) > 1) == hatched


def _cells(body) -> list[list[str]]:
    return body.evaluate_all("rows => rows.map(row => [...row.cells].map(cell => cell.textContent))")


def test_5_a_conflict_and_its_correction(visit, address, copy):
    page = visit("/conflicts?p=VN63-10")
    total(page, "1 trường hợp")
    case = page.locator("[class*='st-key-conflict-']")
    lao_cai = {slug: ["Lào Cai", *printed(slug)["Lào Cai"]] for slug in (SCORES_2023, SCORES_2024)}
    said = [" | ".join(lao_cai[slug]) for slug in (SCORES_2024, SCORES_2023)]
    expect(case.locator(".said")).to_have_text(said)
    expect(case.locator("mark")).to_have_text(["37", "40"])
    expect(case.locator(".column")).to_have_text(
        ["Trong bảng, cột: Xếp hạng năm 2023", "Trong bảng, cột: Xếp hạng"]
    )
    case.get_by_role("link", name="hạng 40/63").click()
    page.get_by_role("link", name="Xem các bài cạnh nhau").click()
    expect(page).to_have_url(re.compile(r"/conflicts\?p=VN63-10&ind=par_index"), timeout=PATIENCE)
    page.go_back()
    page.get_by_role("link", name="Duyệt số liệu này").click()
    page.get_by_role("textbox", name="Tên người duyệt").fill("Lan")
    page.get_by_role("textbox", name="Giá trị", exact=True).fill("37")
    page.get_by_role("button", name="Ghi phần sửa").click()
    sees(page, ".notice", "cần một lý do")
    page.get_by_role("textbox", name="Lý do").fill("bảng năm sau đã đính chính")
    page.get_by_role("button", name="Ghi phần sửa").click()
    sees(page, ".done", "Đã sửa.")
    page.goto(f"{address}/browse?p=VN63-10&rev=corrected")
    total(page, "1 số liệu")
    page.locator(LINKS).click()
    sees(page, ".head h1", "hạng 37/63")
    past = page.locator(".past")
    today = datetime.now(UTC)  # the day of the review is written in UTC or in Viet Nam's time
    days = "|".join(day((today + timedelta(hours=7 * step)).isoformat()) for step in (0, 1))
    expect(past).to_contain_text(re.compile(rf"Lan sửa, ({days})"))
    expect(past).to_contain_text("bảng năm sau đã đính chính")
    expect(past.locator("del").first).to_have_text("40")
    expect(past.locator("ins").first).to_have_text("37")
    [row] = rows_of(page.request.get(f"{address}/api/figures.csv?p=VN63-10&rev=corrected").body())
    assert (row["value"], row["rank"], row["review_status"], row["reviewer"]) == (
        "37",
        "37",
        "corrected",
        "Lan",
    )
    with (
        closing(sqlite3.connect(copy.folder / "reviews.db")) as log,
        pytest.raises(sqlite3.IntegrityError),
    ):
        log.execute("UPDATE reviews SET reason = 'x'")


def test_6_cite_and_reuse(visit, address, copy, tmp_path):
    page = visit(f"/codebook?lang=en&rel={copy.release}")
    search = page.get_by_role("searchbox", name="Search the indicators")
    search.fill("par index")
    search.press("Enter")
    expect(page).to_have_url(re.compile("q=par"), timeout=PATIENCE)
    settled(page)
    page.get_by_role("link", name="Public Administration Reform Index (PAR INDEX)").click()
    expect(page).to_have_url(re.compile(r"ind=par_index"), timeout=PATIENCE)
    page.get_by_text("Cite this view").click()
    cited = page.get_by_test_id("stCode")
    for words in ("Accessed 20", f"rel={copy.release}", "ind=par_index"):
        expect(cited.first).to_contain_text(words, timeout=PATIENCE)
    expect(cited.nth(1)).to_contain_text("@misc{chiso-")
    asked = f"ind=par_index&rel={copy.release}"
    table = pd.read_csv(f"{address}/api/figures.csv?{asked}")
    places = table["place_id"].nunique()
    sees(page, ".fields dd", f"{len(table)} figures, {places} provinces")
    answer = page.request.get(f"{address}/api/figures.zip?{asked}")
    with zipfile.ZipFile(io.BytesIO(answer.body())) as file:
        file.extractall(tmp_path)
    assert frictionless.validate(str(tmp_path / "datapackage.json"), type="package").valid
    croissant = json.loads((tmp_path / "croissant.json").read_text(encoding="utf-8"))
    assert croissant["@type"] == "sc:Dataset"
    assert croissant["citeAs"].startswith("@misc{")
    # The menu keeps the release and the language on the way to other pages.
    page.locator(".st-key-menu").get_by_role("link", name="Browse").click()
    expect(page).to_have_url(re.compile(rf"/browse\?lang=en&rel={copy.release}$"), timeout=PATIENCE)
    sees(page, ".st-key-frozen .notice", copy.release)
    page.get_by_role("button", name="More").click()
    page.get_by_role("link", name="Download").click()
    expect(page).to_have_url(re.compile(rf"/download\?lang=en&rel={copy.release}$"), timeout=PATIENCE)
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_7_nothing_found_and_bad_links(visit, address):
    page = visit("/browse?p=zzz&ind=par_index&minc=0.99")
    sees(page, ".notice", "p=zzz")
    page.get_by_role("button", name=re.compile(r"Bỏ độ tin cậy ≥ 0,99 \(\+(\d+)\)")).click()
    rows = rows_of(page.request.get(f"{address}/api/figures.csv?ind=par_index").body())
    total(page, f"{len(rows)} số liệu · 1–25")
    page.goto(f"{address}/figure?id=999999")
    expect(page.get_by_text("Không có số liệu nào mang mã này")).to_be_visible(timeout=PATIENCE)
    page.goto(f"{address}/browse?rel=2020.1.1-00000000")
    none = page.get_by_text("Ở đây không có bản phát hành 2020.1.1-00000000.")
    expect(none).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_text("Traceback")).to_have_count(0)
    for path in ("/api/figure/999999.json", "/download/2020.1.1-00000000/figures.csv", "/api/x"):
        answer = page.request.get(address + path)
        assert (answer.status, list(answer.json())) == (404, ["error"])


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
def test_8_trust_the_data(visit, address, demo, size):
    page = visit("/health", viewport=size)
    sees(page, ".trouble h3", "Báo Đại Ngàn (mẫu): đang lỗi")
    red = page.locator(".trouble h3").evaluate("title => getComputedStyle(title).color.match(/[0-9]+/g)")
    assert int(red[0]) > 2 * int(red[1])
    with closing(sqlite3.connect(demo.pages)) as db:
        [good] = db.execute("SELECT max(finished_at) FROM runs WHERE source = 'sample-aid'").fetchone()
    in_viet_nam = datetime.fromisoformat(good).astimezone(UTC) + timedelta(hours=7)
    dates = "|".join(day(moment) for moment in (good, in_viet_nam.isoformat()))
    expect(page.locator(".trouble")).to_contain_text(re.compile(rf"Lần đọc trọn gần nhất: ({dates})\."))
    page.goto(address)
    newest = max(article["published"] for article in ARTICLES.values())
    metrics = page.locator(".metrics")
    expect(metrics).to_contain_text(day(newest.isoformat()), timeout=PATIENCE)
    counted = int(metrics.locator("dd").nth(1).inner_text().replace(".", ""))
    page.goto(f"{address}/download")
    settled(page)
    lines = page.request.get(f"{address}/download/SHA256SUMS").text().splitlines()
    sums = dict(line.split("  ")[::-1] for line in lines)
    page.get_by_role("link", name="chiso.sqlite", exact=True).focus()
    with page.expect_download() as download:
        page.keyboard.press("Enter")
    file = Path(download.value.path())
    assert hashlib.sha256(file.read_bytes()).hexdigest() == sums["chiso.sqlite"]
    with closing(sqlite3.connect(file)) as db:
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert db.execute("SELECT count(*) FROM figures").fetchone() == (counted,)
    part = page.request.get(f"{address}/download/figures.csv", headers={"range": "bytes=0-8"})
    assert (part.status, part.text()) == (206, "record_id")


def test_every_page_fits_a_phone_and_keeps_nobody_out(visit, address, demo):
    with closing(sqlite3.connect(demo.db)) as db:
        [figure] = db.execute("SELECT id FROM figures WHERE surface = '214/214'").fetchone()
    paths = (
        "/",
        "/browse?v=table",
        "/browse?p=VN63-51",
        f"/figure?id={figure}",
        "/figure?id=x",
        f"/compare?{RANKS}&p=VN63-51&p=VN63-40",
        f"/map?{RANKS}&p=VN63-51",
        f"/map?{RANKS}&v=lines",
        f"/map?{RANKS}&v=small",
        "/province?p=VN63-51",
        "/codebook",
        "/codebook?ind=par_index",
        "/conflicts",
        "/review",
        f"/review?id={figure}",
        "/download",
        "/health",
        "/about",
    )
    keeps_nobody_out(visit("/about"), [address + path for path in paths])
