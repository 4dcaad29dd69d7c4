"""Quirk 15: reports that hang on pages as files, fetched by a real crawl and read with their articles."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.attachments import kind_of
from crawler.file_names import file_name
from crawler.run import CrawlSummary, crawl
from extract.clean import clean
from extract.errors import CleanError
from extract.pipeline import extract
from store import pages as stored_pages
from store.build import build
from store.derived import open_derived
from store.pages import get_page_at, iter_pages, read_pages
from store.records import Article, Source
from tests.attachment_site import LARGE, REPORT, attachment_site, load, word
from tests.local_site import Site

SOURCE = Source(
    id="files",
    name="Cổng",
    kind="sample",
    family="test",
    province="Kon Tum",
    hosts=("127.0.0.1",),
    start_urls=("http://127.0.0.1/files/",),
    article_pattern=r"^/files/[\w-]+-a\d+\.html$",
    article_id_pattern=r"-a(\d+)\.html$",
    body_selectors=("#content",),
    link_selector="h3 a",
    max_attachment_bytes=LARGE,
    delay=0.0,
    allow_private_addresses=True,
)
HERE = "http://127.0.0.1/files/"


class Crawled:
    """What two crawls of the site left."""

    def __init__(self, site: Site, path: Path):
        self.site, self.path = site, path
        self.first = self.crawl()
        self.asked = dict(site.asked)
        self.second = self.crawl()
        self.asked_again = {path: times - self.asked.get(path, 0) for path, times in site.asked.items()}
        db = read_pages(path)
        self.pages = {page.url.removeprefix(HERE): page for page in iter_pages(db)}
        self.linking = {
            url: get_page_at(db, page.attachment.linked_from)
            for url, page in self.pages.items()
            if page.attachment
        }
        db.close()

    def crawl(self) -> CrawlSummary:
        (summary,) = crawl(
            ["files"],
            sources={"files": SOURCE},
            pages_path=self.path,
            ports={"files": self.site.port},
            settings={"CHISO_OVERLOAD_PAUSE": 0},
        )
        return summary

    def article(self, name: str) -> Article:
        return clean(self.pages[name], SOURCE, self.linking[name])


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crawled]:
    with attachment_site() as site:
        yield Crawled(site, tmp_path_factory.mktemp("files") / "pages.db")


def test_reports_are_kept_with_their_name_and_the_article_they_hang_on(crawled: Crawled) -> None:
    found = {
        url: (page.attachment.linked_from.removeprefix(HERE), page.attachment.name)
        for url, page in crawled.pages.items()
        if page.attachment
    }
    assert found == {
        "documents/1/bao-cao": ("tin-a1.html", "Báo cáo fdp.pdf"),
        "documents/2/nam-2019": ("tin-a1.html", "Báo cáo 2019.pdf"),
        "luu/3": ("tin-a1.html", None),
        "documents/5/ke-hoach": ("", None),
        "co-ngay.pdf": ("tin-a2.html", None),
        "download.aspx?id=9": ("tin-a2.html", "Báo cáo.docx"),
    }
    assert set(crawled.pages) - found.keys() == {"tin-a1.html", "tin-a2.html"}
    assert crawled.pages["documents/1/bao-cao"].body == REPORT


def test_everything_else_is_counted(crawled: Crawled) -> None:
    names = ("attachments", "captcha", "gone", "too_large", "failed")
    names = (*names, *(name for name in crawled.first.counters if name.startswith("attachment_")))
    assert {name: crawled.first.counters.get(name, 0) for name in names} == {
        "attachments": 6,
        "attachment_unsupported": 2,
        "attachment_foreign": 1,
        "attachment_known": 1,
        "attachment_other": 1,
        "captcha": 1,
        "too_large": 1,
        "gone": 1,
        "failed": 0,
    }


def test_what_is_the_sites_own_or_no_file_is_not_asked(crawled: Crawled) -> None:
    outside = ("bang-gia.pdf", "bao-in.pdf", "ngoai-than.pdf", "bang.xls", "chu-de", "pdfjs/web/viewer.html")
    assert not [path for path in crawled.asked if path.removeprefix("/files/").startswith(outside)]
    assert all(crawled.asked[path] == 1 for path in crawled.asked if "documents" in path or "aspx" in path)


def test_a_second_crawl_asks_for_no_report_again(crawled: Crawled) -> None:
    again = {path for path, times in crawled.asked_again.items() if times}
    assert {path.rpartition("/")[2] for path in again} <= {"robots.txt", "", "tin-a1.html", "tin-a2.html"}
    assert "attachments" not in crawled.second.counters


def test_a_report_takes_date_and_province_from_its_article(crawled: Crawled) -> None:
    report = crawled.article("documents/1/bao-cao")
    assert (report.published, report.site_province) == ("2025-01-09T07:00:00+07:00", "Kon Tum")
    assert report.doubts == ("date_of_article",)
    figures = {figure.surface: figure for figure in extract(report, nlp=False)}
    assert (figures["4.512"].page_number, figures["9"].page_number) == (1, 2)
    assert crawled.article("download.aspx?id=9").published == "2025-01-09T07:00:00+07:00"


def test_a_report_keeps_the_date_that_it_bears(crawled: Crawled) -> None:
    report = crawled.article("co-ngay.pdf")
    assert (report.published, report.doubts) == ("2024-12-05", ())


def test_an_old_report_does_not_take_the_date_of_the_article_that_refers_to_it(crawled: Crawled) -> None:
    assert crawled.article("documents/2/nam-2019").published is None


def test_a_report_linked_from_a_listing_has_no_date_of_another(crawled: Crawled) -> None:
    assert crawled.linking["documents/5/ke-hoach"] is None
    assert crawled.article("documents/5/ke-hoach").published is None


def test_a_scanned_report_is_told_and_never_empty(crawled: Crawled) -> None:
    with pytest.raises(CleanError, match="the PDF holds only images"):
        crawled.article("luu/3")


def test_the_build_gives_each_report_its_article(crawled: Crawled, tmp_path: Path) -> None:
    build(crawled.path, tmp_path / "chiso.db", sources={"files": SOURCE}, load=load, workers=1)
    db = open_derived(tmp_path / "chiso.db")
    titles = dict(db.execute("SELECT url, title FROM articles").fetchall())
    db.close()
    assert titles[f"{HERE}documents/1/bao-cao"] == f"{HERE}tin-a1.html"
    assert titles[f"{HERE}tin-a1.html"] == ""


def test_what_an_attachment_hangs_on_is_never_changed(crawled: Crawled) -> None:
    db = stored_pages.open_pages(crawled.path)
    for change in ("UPDATE attachments SET name = 'x'", "DELETE FROM attachments"):
        with pytest.raises(Exception, match="append-only"):
            db.execute(change)
    db.close()


@pytest.mark.parametrize(
    ("header", "name"),
    [
        (None, None),
        (b"inline", None),
        (b'attachment; filename="a.pdf"', "a.pdf"),
        (b"attachment; filename=a b.pdf", "a b.pdf"),
        (b'attachment;filename="b%C3%A1o c%C3%A1o.pdf"', "báo cáo.pdf"),
        ("attachment; filename=Số liệu.pdf".encode(), "Số liệu.pdf"),
        ("attachment; filename=été.pdf".encode("latin-1"), "été.pdf"),
        (b"attachment; FileName*=utf-8'vi'S%E1%BB%91.pdf; filename=x.pdf", "Số.pdf"),
        (b"attachment; filename*=nonsense; filename=x.pdf", "nonsense"),
        (b"attachment; filename*=koi8-r''%ff.pdf", "\u042a.pdf"),
        (b"attachment; filename==?UTF-8?B?U+G7kS5wZGY=?=", "Số.pdf"),
        (b"attachment; filename==?x?b?!?=", "=?x?b?!?="),
        (b'attachment; filename="C:\\\\windows\\\\a.pdf"', "a.pdf"),
        (b'attachment; filename="../../etc/passwd"', "passwd"),
        (b'attachment; filename=".."', None),
        (b'attachment; filename="\\"; rm -rf.pdf"', '"; rm -rf.pdf'),
        (b"attachment; filename=\x1b[31ma\x00.pdf", "[31ma .pdf"),
        (b"attachment; filename=" + b"a" * 5000, "a" * 200),
    ],
)
def test_names_of_files(header: bytes | None, name: str | None) -> None:
    assert file_name(header) == name


@given(st.binary(max_size=60), st.sampled_from([b"filename=", b'filename="', b"filename*=utf-8''"]))
def test_any_name_is_a_visible_text_without_a_folder(rest: bytes, start: bytes) -> None:
    name = file_name(b"attachment; " + start + rest)
    assert name is None or (name.isprintable() and name.strip() and not {"/", "\\"} & set(name))


def test_kinds_are_told_by_bytes() -> None:
    bodies = (b"\n%PDF-1.4", word(), b"PK\x03\x04xl/", b"{\\rtf1", b"<html>", b"")
    kinds = ["pdf", "word", "unsupported", "unsupported", "other", "other"]
    assert [kind_of(body) for body in bodies] == kinds
