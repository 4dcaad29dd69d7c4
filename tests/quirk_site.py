"""The hosts of the quirks: they behave as real papers and portals do, with pages of this project."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

from tests.pdf_fixtures import image, pdf, text
from tests.quirk_pages import BODY, FIRST, RELATED, SECOND, TODAY, front, page, raw

Paths = Mapping[str, Sequence[Mapping[str, Any]]]


def dates() -> Paths:
    """Quirk 1: dates that mislead."""
    conflicting = (
        '<meta name="article:published_time" content="11/6/2023 9:28:56 AM">'
        '<meta name="datetimenow" content="11/20/2026 8:00:00 AM">'
    )
    ld = (
        '<script type="application/ld+json">{"@type":"NewsArticle","headline":"Huyện trồng thêm rừng gỗ lớn",'
        '"datePublished":"2021-12-01 11:51:00","dateModified":"2021-12-01T04:51:00.000000Z"}</script>'
    )
    visible = '<div class="date">{}</div>'
    return {
        "/": [front("/bon-a1.html", "/lech-a2.html", "/hom-nay-a3.html", "/mo-ho-a4.html", "/mai-a5.html")],
        "/bon-a1.html": [
            page(
                visible.format("06/11/2023 09:28") + BODY,
                head=conflicting,
                above=f"{TODAY}<aside><ul>{RELATED}</ul></aside>",
            )
        ],
        "/lech-a2.html": [page(head=ld, above=TODAY)],
        "/hom-nay-a3.html": [page(above=TODAY)],
        "/mo-ho-a4.html": [
            page(head='<meta property="article:published_time" content="3/4/2024 9:05:00 AM">', above=TODAY)
        ],
        "/mai-a5.html": [page(visible.format("06/11/2099 09:28") + BODY, above=TODAY)],
    }


def provinces() -> Paths:
    """Quirk 2: one domain for three former provinces, and an address of a fourth in its JSON-LD."""
    address = (
        '<script type="application/ld+json">{"@type":"NewsArticle","headline":"Huyện trồng thêm rừng gỗ lớn",'
        '"publisher":{"address":{"addressRegion":"Đồng Nai"}}}</script>'
    )
    before, after = '<div class="date">10/06/2024 09:28</div>', '<div class="date">10/08/2025 09:28</div>'
    binh_thuan = f"<p>BÌNH THUẬN - {FIRST}</p><p>{SECOND}</p>"
    return {
        "/": [
            front(
                "/dat-va-nguoi-dak-nong/rung-a1.html",
                "/kinh-te/rung-a2.html",
                "/kinh-te/rung-a3.html",
                "/kinh-te/rung-a4.html",
                "/kinh-te/rung-a5.html",
            )
        ],
        "/dat-va-nguoi-dak-nong/rung-a1.html": [page(before + BODY, head=address)],
        "/kinh-te/rung-a2.html": [page(before + binh_thuan, head=address)],
        "/kinh-te/rung-a3.html": [page(before + BODY, head=address)],
        "/kinh-te/rung-a4.html": [page(after + BODY, head=address)],
        "/kinh-te/rung-a5.html": [page(BODY, head=address)],
    }


def archive() -> Paths:
    """Quirk 2: an archive whose pages call themselves by a domain that is gone."""
    named = '<link rel="canonical" href="https://bao-cu.vn/kinh-te/202404/rung-go-lon-1a2b3c4/">'
    path, late = "/kinh-te/202404/rung-go-lon-1a2b3c4/", "/kinh-te/202508/rung-go-lon-5a6b7c8/"
    return {
        "/": [front(path, "https://bao-cu.vn" + path, late)],
        path: [page('<div class="date">16:55, 30/04/2024</div>' + BODY, head=named)],
        late: [page('<div class="date">16:55, 30/08/2025</div>' + BODY)],
    }


def duplicates() -> Paths:
    """Quirk 3: one article under eight addresses, an id that is gone, answers that are none."""
    same = (
        "/rung-a7.html",
        "/slug-khac-a7.html",
        "/RUNG-a7.html",
        "/rung-a7.html?utm_source=zalo",
        "/print/rung-a7.html",
        "//{host}:{port}/rung-a7.html",
        "/rung-a7.html#binh-luan",
        "/kinh-te/../rung-a7.html?fbclid=1",
    )
    gone = {"body": "<html><title>Báo</title><p>Không tìm thấy trang bạn yêu cầu.</p></html>"}
    return {
        "/": [front(*same, "/cu-a8.html", "/mat-a9.html", "/ve-nha-a10.html")],
        "/rung-a7.html": [page(head='<link rel="canonical" href="{base}/rung-a7.html">')],
        "/cu-a8.html": [page(head='<link rel="canonical" href="{base}/chuyen-khac-a99.html">')],
        "/mat-a9.html": [gone],
        "/ve-nha-a10.html": [{"status": 302, "headers": {"Location": "/"}}],
    }


def scripts() -> Paths:
    """Quirk 4: the body only in an inline script, with escapes, decomposed letters and a shorter decoy."""
    decomposed = unicodedata.normalize("NFD", FIRST)
    literal = f'<p>{decomposed}</p><p class=\\"x\\">{SECOND}<\\/p>'.replace("ha", "\\u0068a").replace(
        "</p>", "<\\/p>"
    )
    decoy = '<script>var note = "<p>Trồng 9.999 cây.<\\/p>";</script>'
    jquery = f"<script>$('#content').html(`<p>{FIRST}</p><p>{SECOND}</p><script>x()<\\/script>`);</script>"
    return {
        "/": [front("/mot-1.htm", "/hai-2.htm")],
        "/mot-1.htm": [page("", head=f'{decoy}<script>var outputData="{literal}";</script>')],
        "/hai-2.htm": [page("", head=decoy + jquery)],
    }


def boilerplate() -> Paths:
    """Quirk 5: what is not the article's, in the middle of it."""
    genuine = "Tin liên quan đến cháy rừng được trực ban báo về trong 30 phút."
    inside = (
        f"<p>{FIRST}</p><h3>Tin cùng chuyên mục</h3><ul>{RELATED}</ul>"
        f"<p><b>Bài đọc tiếp</b></p><ul>{RELATED}</ul>"
        '<table><tr><td><a href="/khac-4.html">Huyện bên cạnh trồng thêm 9.999 ha</a></td></tr></table>'
        f"<p>Từ khóa: trồng rừng, 9.999</p><p>{genuine}</p><div>0:00 / 0:00</div><p>{{{{ views9 }}}}</p>"
        "<p>Huyện trồng thêm rừng gỗ lớn</p>"
        "<figure><img src='a.jpg'><figcaption>9.999 cây.</figcaption></figure>"
        f"<p>{SECOND}</p><p>Ý kiến bạn đọc (9)</p><p>(*) Không sao chép dưới mọi hình thức 9.999.</p>"
    )
    return {"/": [front("/rung-1.html")], "/rung-1.html": [page(inside)]}


def malformed() -> Paths:
    """Quirk 6: an early end, a nested document, a breadcrumb as heading, an id that ends in a blank."""
    markup = (
        '<html lang=""></html><head><title>Huyện trồng thêm rừng gỗ lớn - Báo</title>'
        '<meta name="canonical" content="{base}/rung-a1.html"></head><body><h1>Trang chủ › Kinh tế</h1>'
        '<h1 class="title">Huyện trồng thêm rừng gỗ lớn</h1><div id="content ">'
        f"<html><body><p>{FIRST}</p></body></html><p>{SECOND}</p></div></body></html>"
    )
    return {"/": [front("/rung-a1.html")], "/rung-a1.html": [{"body": markup}]}


def base() -> Paths:
    """Quirk 7: <base href> names a folder of templates."""
    head = '<base href="{base}/static/templates/version1/homepage/">'
    return {
        "/": [front("rung-a1.html", head=head, tail='<a rel="next" href="?p=2">2</a>')],
        "/?p=2": [front("lua-a2.html", head=head)],
        "/rung-a1.html": [page(head=head)],
        "/lua-a2.html": [page(head=head)],
    }


def pagination() -> Paths:
    """Quirk 8: lists of three pages that repeat the last, loop, or want a POST."""
    after = '<a rel="next" href="/?p={}">Sau</a>'
    post = '<form method="post"><input type="hidden" name="page" value="2"><button>Xem thêm</button></form>'
    tails = {1: after.format(2), 2: after.format(3), 3: after.format(4), 4: after.format(5)}
    return {
        "/": [front("/tin-a1.html", tail=tails[1])],
        **{f"/?p={n}": [front(f"/tin-a{min(n, 3)}.html", tail=tails[n])] for n in (2, 3, 4)},
        "/lap": [front("/tin-a4.html", tail='<a rel="next" href="/lap?p=2">Sau</a>')],
        "/lap?p=2": [front("/tin-a5.html", tail='<a rel="next" href="/lap">Sau</a>')],
        "/post": [front("/tin-a6.html", tail=post)],
    }


def sitemaps() -> Paths:
    """Quirk 10: sitemaps that mislead."""
    index = "".join(f"<url><loc>/{name}</loc></url>" for name in ("mot.xml", "hai.xml", "trang.xml"))
    constant = "".join(
        f"<url><loc>/tin-a{n}.html</loc><lastmod>2022-01-27</lastmod></url>" for n in range(1, 31)
    )
    named = "Content-Type"
    return {
        "/sitemap": [{"body": f"<urlset>{index}</urlset>", "packed": "gzip", "headers": {named: "text/xml"}}],
        "/mot.xml": [{"body": f"<urlset>{constant}</urlset>"}],
        "/hai.xml": [{"body": "<urlset><url><loc>/chu-de/rung.html</loc></url></urlset>"}],
        "/trang.xml": [{"body": "<html><body>Không có</body></html>"}],
    }


def feeds() -> Paths:
    """Quirk 11: a feed with a bare ampersand, a control character and a date in no zone, served as a page."""
    item = (
        "<item><title>Mía & đường\x0b</title><link>{base}/tin-a1.html</link>"
        "<pubDate>Fri, 13 Nov 2026 23:30:00</pubDate></item>"
    )
    return {
        "/": [front(head='<link rel="alternate" type="application/rss+xml" href="/rss">')],
        "/rss": [{"body": f'<?xml version="1.0"?><rss><channel>{item}'}],
        "/tin-a1.html": [page('<div class="date">12/11/2026 09:28</div>' + BODY)],
    }


def encodings() -> Paths:
    """Quirk 12: no character set or a wrong one, decomposed letters, blanks without width, Ð for Đ."""
    plain = page()["body"]
    odd = FIRST.replace("rừng", "rừ\u200bng").replace(" ha", "\u00a0ha")
    return {
        "/": [front("/sai-a1.html", "/khong-a2.html", "/to-hop-a3.html", "/la-a4.html")],
        "/sai-a1.html": [raw(plain.encode(), "text/html; charset=iso-8859-1")],
        "/khong-a2.html": [raw(plain.replace('<meta charset="utf-8">', "").encode(), "text/html")],
        "/to-hop-a3.html": [raw(unicodedata.normalize("NFD", plain).encode(), "text/html")],
        "/la-a4.html": [page(f"<p>{odd}</p><p>{SECOND.replace('Đ', chr(0xD0))}</p>")],
    }


def refusals() -> Paths:
    """Quirk 13: refusals that look like answers; the host is left when it gives nothing else."""
    numbers = range(1, 31)
    return {
        "/": [front(*(f"/tin-a{n}.html" for n in numbers))],
        **{f"/tin-a{n}.html": [{"body": "cookie wall"}] for n in numbers},
    }


def queries() -> Paths:
    """Quirk 14: the identity in the query, session ids, HTML called octets."""
    return {
        "/": [
            front(
                "/viewer.aspx?macm=3&macmp=3&mabb=222823&sid=1",
                "/viewer.aspx?mabb=222823&sid=2&macmp=3&macm=3",
                "/viewer.aspx?macm=3&macmp=3&mabb=222824&sid=3",
            )
        ],
        "/viewer.aspx": [page()],
    }


def octets() -> Paths:
    """Quirk 14: articles with a suffix that nobody knows, served as a stream of octets."""
    path = "/huyen-trong-rung-postid440001.bbg"
    return {
        "/": [front(path)],
        path: [raw(page()["body"].encode(), "application/octet-stream")],
    }


def reports() -> Paths:
    """Quirk 15: reports that are only files."""
    lines = ["BÁO CÁO", "Kết quả trồng rừng năm 2024", "", FIRST, SECOND]
    name = "inline; filename*=UTF-8''B%C3%A1o%20c%C3%A1o.pdf"
    link = '<p>Xem báo cáo <a href="/documents/10181/77">tại đây</a>.</p>'
    return {
        "/": [front("/bao-cao-a1.html", "/anh-a2.html", "/lien-ket-a3.html")],
        "/bao-cao-a1.html": [
            raw(pdf([text(lines)]), "application/octet-stream", **{"Content-Disposition": name})
        ],
        "/anh-a2.html": [raw(pdf([image()]), "application/pdf")],
        "/lien-ket-a3.html": [page(link)],
    }


def extras() -> Paths:
    """Two-page articles, photo pages, English editions, a page cut off before it was sent, a list in JSON."""
    english = (
        "<p>The district planted 1,250 hectares of forest in the first nine months of the year, and the"
        " people of the highland communes sold their timber at a better price than in the year before.</p>"
        * 2
    )
    return {
        "/": [
            front("/hai-trang-a1.html", "/anh-a2.html", "/english-a3.html", "/cat-a4.html", "/lazy-a5.html")
        ],
        "/api/tin.json": [
            raw(
                b'{"data": {"items": [{"id": 6, "slug": "tin-tu-api", "images": ["/anh/6.jpg"]},'
                b' {"id": null}, {"url": "/trong-api-a7.html"}, {"url": "https://khac.example/tin-a8.html"}]}}',
                "application/json",
            )
        ],
        "/tin-tu-api-a6.html": [page()],
        "/trong-api-a7.html": [page()],
        "/hai-trang-a1.html": [page(BODY + '<a rel="next" href="/hai-trang-a1.html?trang=2">2</a>')],
        "/anh-a2.html": [page('<img src="a.jpg"><p>Ảnh: rừng keo.</p>')],
        "/english-a3.html": [page(english, title="District plants more forest")],
        "/cat-a4.html": [{"body": page()["body"].split("</div>")[0]}],
        "/lazy-a5.html": [page(BODY + '<img data-src="b.jpg" src="data:image/gif;base64,R0lGOD">')],
    }
