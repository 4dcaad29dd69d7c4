"""The report: what it counts, that it is the same twice, and that its page is safe and readable."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path
from string import Formatter
from typing import Any

import pytest
from sqlite_utils import Database

from store import derived, observations, pages, queries
from store.indicators import indicators, themes
from store.records import Source
from store.report import Report, make_report, report_lines
from store.report_page import _labels, day_text, number, report_page, web_address
from store.reviews import Statement, correct, reject
from tests.build_site import page
from tests.conftest import command
from tests.store_samples import article, figure, percent

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
LINKED = "poor_near_poor_rate"
HOSTILE = "</q><script>alert(1)</script><img src=//evil.example/x onerror=alert(1)> {{ 7*7 }} \u202e\"' "


def source(name: str, **changes: Any) -> Source:
    told = {"name": f"Báo {name}", "kind": "newspaper", "family": "f", "province": None}
    return Source(id=name, hosts=(f"{name}.example",), **told | changes)


SOURCES = {
    one.id: one
    for one in (
        source("bao"),
        source("bare"),
        source("closed"),
        source("empty"),
        source("failing"),
        source("later"),
        source("off", enabled=False),
        source("sample", kind="sample"),
    )
}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Two papers that contradict each other, a target, a phrase of its own, flags and hostile text."""
    with derived.open_derived(tmp_path / "chiso.db") as db:
        rate = {"indicator_id": LINKED, "indicator": "tỷ lệ hộ nghèo"}
        for number, (name, value) in enumerate((("bao", "65.5"), ("cong", "61.2"))):
            sentence = f"Theo {name}, tỷ lệ là {value.replace('.', ',')}%. {HOSTILE}"
            of = article(
                id=f"a{number}",
                url=f"https://{name}.example/1" if number else "javascript:alert(1)",
                title=HOSTILE,
                text=f"{HOSTILE}\n{sentence}\n",
                source=name,
            )
            told = percent(
                value, surface=f"{value.replace('.', ',')}%", of=of, flags=("pp_or_relative",), **rate
            )
            derived.replace_article(db, of, [told])
        other = article(id="a9", url="https://bao.example/9")
        phrase = {"indicator_id": None, "indicator": HOSTILE, "flags": (HOSTILE,), "unit": "<b>"}
        target = percent(of=other, status="target", period="2030-01-01/2030-12-31", **rate)
        derived.replace_article(db, other, [figure(of=other, **phrase), target])
        derived.replace_article(db, article(id="b1", url="https://bare.example/1", source="bare"), [])
        db["failures"].insert_all(
            {
                **dict.fromkeys(("url", "stage", "fetched_at", "cleaner_version", "extractor_version"), "x"),
                "page_id": reason,
                "source": "failing",
                "reason": reason,
            }
            for reason in ("a captcha", "b captcha")
        )
        observations.merge(db)
    with pages.open_pages(tmp_path / "pages.db") as db:
        pages.add_page(db, page("1", "x", source="failing"))
        for crawled in ("failing", "closed"):
            pages.start_run(db, crawled, "2024-04-02T00:00:00+00:00")
    return tmp_path / "chiso.db"


def report(path: Path, **options: Any) -> Report:
    with queries.open_readonly(path) as db:
        return make_report(db, path.with_name("pages.db"), SOURCES, **options)


def test_achieved_values_cover_a_place_a_theme_and_a_year(path: Path) -> None:
    theme = indicators()[LINKED]["theme"]
    (row,) = report(path).coverage
    assert row == {
        "place_id": "VN63-51",
        "theme": theme,
        "group": themes()[theme]["parent"],
        "year": "2024",
        "figures": 2,
        "indicators": 1,
    }


def test_conflicts_are_told_with_all_their_reports(path: Path) -> None:
    made = report(path)
    (row,) = made.conflicts
    assert (made.totals["conflicts"], row["place_id"], row["indicator_id"]) == (1, "VN63-51", LINKED)
    assert sorted((told["surface"], told["source"]) for told in row["reports"]) == [
        ("61,2%", "cong"),
        ("65,5%", "bao"),
    ]
    assert report(path, most=0).conflicts == ()


def test_flags_are_counted_with_an_example(path: Path) -> None:
    rows = report(path).flags
    assert [(row["flag"], row["figures"]) for row in rows] == [("pp_or_relative", 2), (HOSTILE, 1)]
    assert rows[0]["example"]["surface"] in rows[0]["example"]["sentence"]


def test_phrases_that_the_catalogue_does_not_know(path: Path) -> None:
    assert [(row["phrase"], row["figures"]) for row in report(path).phrases] == [(HOSTILE, 1)]


def test_sources_without_figures_by_how_far_they_got(path: Path) -> None:
    rows = {row["id"]: row for row in report(path).sources}
    assert {name: row["state"] for name, row in rows.items()} == {
        "bare": "no_figures",
        "failing": "no_articles",
        "closed": "no_pages",
        "empty": "never_crawled",
        "later": "never_crawled",
        "off": "disabled",
    }
    assert next(iter(rows)) == "bare"
    failing = rows["failing"]
    assert (failing["pages"], failing["failures"], failing["reason"]) == (1, 2, "a captcha")
    with queries.open_readonly(path) as db:
        unknown = make_report(db, None, SOURCES).sources
    assert {(row["state"], row["pages"]) for row in unknown if row["id"] != "bare"} == {("no_articles", None)}


def test_values_beyond_the_range_of_the_catalogue(path: Path) -> None:
    assert report(path).out_of_range == ()
    with queries.open_readonly(path) as db:
        first = db.execute("SELECT id FROM figures WHERE source = 'cong'").fetchone()[0]
    said = Statement(reason="x", reviewer="Lan", at=datetime(2025, 1, 1, tzinfo=UTC))
    correct(path, first, {"value": "612"}, said)
    (row,) = report(path).out_of_range
    assert (row["indicator_id"], row["value"], row["review"]) == (LINKED, Decimal(612), "corrected")
    assert [row["low"], row["high"]] == indicators()[LINKED]["range"]


def test_what_was_rejected_is_nowhere(path: Path) -> None:
    said = Statement(reason="x", reviewer="Lan", at=datetime(2025, 1, 1, tzinfo=UTC))
    with queries.open_readonly(path) as db:
        known = [row[0] for row in db.execute("SELECT id FROM figures")]
    for figure_id in known:
        reject(path, figure_id, said)
    made = report(path)
    assert (made.totals["figures"], made.totals["linked"], made.totals["rejected"]) == (0, 0, 4)
    assert made.coverage + made.conflicts + made.flags + made.phrases + made.out_of_range == ()


def test_the_same_database_gives_the_same_page(path: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    copy.mkdir()
    for name in ("chiso.db", "pages.db"):
        with Database(path.with_name(name)) as db:
            db.execute(f"VACUUM INTO '{copy / name}'")
    one, other = report(path), report(copy / "chiso.db")
    assert list(report_lines(one)) == list(report_lines(other))
    for lang in ("vi", "en"):
        assert report_page(one, lang, day="2025-01-31") == report_page(other, lang, day="2025-01-31")


class Outline(HTMLParser):
    """The tags of a page, what its links lead to, and its text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.links: list[str] = []
        self.handlers: list[str] = []
        self.words = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.handlers += [name for name, _ in attributes if name.startswith("on") or name == "src"]
        self.links += [value or "" for name, value in attributes if name == "href"]

    def handle_data(self, text: str) -> None:
        self.words += text


@pytest.mark.parametrize(("lang", "title"), [("vi", "Báo cáo"), ("en", "data report")])
def test_scraped_text_is_text_on_the_page(path: Path, lang: Any, title: str) -> None:
    html = report_page(report(path), lang, day="2025-01-31")
    outline = Outline(html)
    assert title in outline.words
    assert HOSTILE.strip() in outline.words
    assert not outline.tags & {"script", "img", "iframe", "link", "b"}
    assert outline.handlers == []
    assert {link for link in outline.links if not link.startswith("#")} == {
        "https://bao.example/9",
        "https://cong.example/1",
    }


def test_an_empty_database_has_a_page(tmp_path: Path) -> None:
    derived.open_derived(tmp_path / "chiso.db").close()
    assert report_page(report(tmp_path / "chiso.db"), "vi").count("Không có.") == 5
    assert report_page(report(tmp_path / "chiso.db"), "en").count("None.") == 5


def test_both_languages_have_every_word() -> None:
    for name, texts in _labels().items():
        assert set(texts) == {"vi", "en"}, name
        fields = [{field for _, field, _, _ in Formatter().parse(text) if field} for text in texts.values()]
        assert fields[0] == fields[1], name


def test_numbers_days_and_addresses() -> None:
    assert [number(Decimal("-1234567.50"), lang) for lang in ("vi", "en")] == [
        "-1.234.567,50",
        "-1,234,567.50",
    ]
    assert [day_text("2024-04-02T01:00:00", lang) for lang in ("vi", "en")] == ["02/04/2024", "2024-04-02"]
    assert (day_text("2024", "vi"), day_text(None, "vi")) == ("2024", "")
    assert web_address("HTTPS://bao.example/") == "HTTPS://bao.example/"
    assert [web_address(url) for url in ("javascript:x", "//x", "http://[", "data:,x", None)] == [None] * 5


def test_the_command_prints_lines_tables_and_a_page(path: Path, tmp_path: Path) -> None:
    options = ("--db", path, "--pages", path.with_name("pages.db"))
    out = tmp_path / "report.html"
    done = command("report", *options, "--json", "--out", out)
    assert done.exit_code == 0, done.output
    assert {json.loads(line)["section"] for line in done.output.splitlines()} >= {
        "totals",
        "coverage",
        "flags",
    }
    assert out.read_text(encoding="utf-8").startswith("<!doctype html>")
    shown = command("report", *options, "--lang", "en", "--most", "1").output
    assert "Conflicts" in shown
    assert "1 of 2 are shown." in shown
    refused = command("report", "--db", tmp_path / "none.db")
    assert (refused.exit_code, refused.output.startswith("Error: ")) == (2, True)


@pytest.mark.browser
@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")
def test_the_page_asks_for_nothing_and_fits_a_phone(path: Path, tmp_path: Path) -> None:
    sync_api = pytest.importorskip("playwright.sync_api")
    out = tmp_path / "report.html"
    out.write_text(report_page(report(path), "vi", day="2025-01-31"), encoding="utf-8")
    asked: list[str] = []
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        for width, scheme in ((1280, "light"), (390, "dark")):
            context = browser.new_context(viewport={"width": width, "height": 844}, color_scheme=scheme)
            view = context.new_page()
            view.on("request", lambda request: asked.append(request.url))
            view.goto(out.as_uri())
            assert view.evaluate("document.documentElement.scrollWidth") == width
            assert view.locator("mark").first.inner_text() in ("65,5%", "61,2%", "78.000/119.000")
        browser.close()
    assert set(asked) == {out.as_uri()}
