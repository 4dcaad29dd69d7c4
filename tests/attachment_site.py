"""A part of the misbehaving site whose articles carry reports in all the ways of real portals."""

from __future__ import annotations

import io
from contextlib import AbstractContextManager
from typing import Any

import docx

from extract.errors import CleanError
from store.deriving import Outcome, Versions, derive_page
from store.records import Article, Page, Source
from tests.local_site import STORY, Reply, Site, html, local_site
from tests.pdf_fixtures import image, pdf, text

LINE = "Năm 2024, toàn tỉnh trồng mới 4.512 ha rừng, đạt 112,8% kế hoạch."
REPORT = pdf(
    [text(["BÁO CÁO", "Kết quả trồng rừng"]) + text([LINE], top=600), text(["Số vụ cháy giảm còn 9 vụ."])]
)
OLD = pdf([text(["BÁO CÁO", "Kết quả trồng rừng năm 2019"]) + text([LINE], top=600)])
DATED = pdf(
    [text(["Kon Tum, ngày 5 tháng 12 năm 2024", "BÁO CÁO", "Kết quả trồng rừng"]) + text([LINE], top=600)]
)
SCANNED = pdf([image()])
LARGE = 60_000  # bytes that the test allows


def word() -> bytes:
    document = docx.Document()
    document.add_paragraph(LINE)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def article(links: str) -> bytes:
    """Return an article with links in its body, and links of the site around it."""
    return f"""<html><head><title>Bài</title>
    <meta property="article:published_time" content="2025-01-09T07:00:00+07:00"></head>
    <body class="menu-page"><header><a href="/files/bang-gia.pdf">Bảng giá</a></header>
    <h1>Bài</h1><div id="content"><p>{STORY}</p>{links}</div>
    <aside><a href="/files/bao-in.pdf">Báo in</a></aside>
    <p>Xem <a href="/files/ngoai-than.pdf">bản PDF</a></p></body></html>""".encode()


def file(body: bytes, disposition: str = "", content_type: str = "application/octet-stream") -> Reply:
    headers = {"Content-Type": content_type}
    if disposition:  # servers send UTF-8 as it is; the test server wants Latin-1
        headers["Content-Disposition"] = disposition.encode().decode("latin-1")
    return Reply(body=body, headers=headers)


def answer(site: Site, path: str) -> Reply:
    own = f"http://127.0.0.1:{site.port}/files"
    pages = {
        "/files/": "".join(f'<h3><a href="/files/tin-a{number}.html">Tin</a></h3>' for number in (1, 2))
        + '<h3><a href="/files/documents/5/ke-hoach">Kế hoạch</a></h3>'
        + '<p><a href="/files/ngoai-than.pdf">Kế hoạch</a></p>',
        "/files/tin-a1.html": f"""
            <a href="/files/documents/1/bao-cao?t=163&version=2.0">Tệp đính kèm</a>
            <a href="{own}/documents/1/bao-cao?t=164">Tệp đính kèm</a>
            <iframe src="/files/pdfjs/web/viewer.html?file=%2Ffiles%2Fdocuments%2F2%2Fnam-2019"></iframe>
            <iframe data-src="https://docs.google.com/gview?url={own}/luu/3&embedded=true"></iframe>
            <iframe src="https://www.youtube.com/embed/x?url={own}/"></iframe>
            <a href="/files/tin-a2.html">Tải về</a> <a href="/files/chu-de">Chủ đề</a>
            <a href="/files/bang.xls">Tải về</a> <a href="https://khac.example/x.pdf">PDF</a>""",
        "/files/tin-a2.html": """
            <object data="/files/co-ngay.pdf"></object>
            <a href="download.aspx?id=7">Tải về</a> <a href="download.aspx?id=8">Tải về</a>
            <a href="download.aspx?id=9&utm_source=x">Tải về</a> <a href="download.aspx?id=10">Tải về</a>
            <a href="to-lon.pdf">Tải về</a> <a href="mat.pdf">Tải về</a>
            <a href="/files/documents/1/bao-cao">Tệp đính kèm</a>""",
    }
    if path in pages:
        return html(article(pages[path]) if path != "/files/" else pages[path].encode())
    files = {
        "/files/documents/1/bao-cao": file(
            REPORT,
            "attachment; filename=\"x.pdf\"; filename*=UTF-8''..%2F..%2FB%C3%A1o%20c%C3%A1o%E2%80%AEfdp.pdf",
        ),
        "/files/documents/2/nam-2019": file(OLD, 'inline; filename="Báo cáo 2019.pdf"'),
        "/files/luu/3": file(SCANNED, content_type="text/html"),
        "/files/documents/5/ke-hoach": file(REPORT),
        "/files/co-ngay.pdf": file(DATED, content_type="application/pdf"),
        "/files/download.aspx?id=7": file(b"\xd0\xcf\x11\xe0" + bytes(500)),
        "/files/download.aspx?id=8": html(
            b"<html><title>Captcha</title><div class='g-recaptcha'></div></html>"
        ),
        "/files/download.aspx?id=9": file(word(), "attachment; filename==?utf-8?b?QsOhbyBjw6FvLmRvY3g=?="),
        "/files/download.aspx?id=10": html(article("")),
        "/files/to-lon.pdf": file(REPORT + bytes(LARGE)),
    }
    return files.get(path) or html(b"<h1>404</h1>", 404)


def clean_title(page: Page, source: Source | None, linking: Page | None = None) -> Article:
    title = linking.url if linking else ""
    return Article(id=page.id, url=page.url, title=title, text=title or "-", cleaner_version="c")


def load() -> tuple[Any, Versions]:
    def work(task: Any) -> Outcome:
        return derive_page(task, clean=clean_title, extract=lambda article: [], refusal=CleanError)

    return work, Versions(cleaner_version="c", extractor_version="e")


def attachment_site() -> AbstractContextManager[Site]:
    """Run the site while the block runs; yields it with its port."""
    return local_site({"/files": answer})
