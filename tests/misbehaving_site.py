"""A server on this machine that misbehaves as the real sites do; each prefix is one kind of trouble."""

from __future__ import annotations

import gzip
import ssl
from contextlib import AbstractContextManager
from urllib.parse import parse_qs, urlsplit

from tests.local_site import (
    COOKIE_PAGE,
    Reply,
    Route,
    Site,
    article,
    html,
    listing,
    local_site,
    to,
)

BIG = 16 * 1024 * 1024


def _duplicates(site: Site, path: str) -> Reply:
    if path == "/dup/":
        own = f"http://127.0.0.1:{site.port}/dup"
        return html(
            listing(
                "/dup/tin-a7.html",
                f"{own}/tin-a7.html?fbclid=IwAR0",
                "/dup/tin-khac-a7.html",
                f"{own}/tin-a7.html?utm_source=fb",
                f"{own}/tin-a7.html#binh-luan",
                "/dup//tin-a7.html",
                "/dup/print/tin-a7.html",
                f"{own}/../dup/TIN-a7.html",
            )
        )
    return html(article(7))


def _refusals(site: Site, path: str) -> Reply:
    names = (
        "tot",
        "captcha",
        "nap-lai",
        "tuong-lua",
        "404-mem",
        "rong",
        "ve-nha",
        "noi-khac",
        "tin-khac",
        "anh",
    )
    if path == "/refuse/":
        return html(listing(*(f"/refuse/{name}-a{number}.html" for number, name in enumerate(names))))
    if path == "/refuse/chuyen-muc":
        return html(listing())
    return {
        "tot": html(article("tot")),
        "captcha": html(b"<html><title>Captcha</title><form><div class='g-recaptcha'></div></form></html>"),
        "nap-lai": html(COOKIE_PAGE),
        "tuong-lua": html(b"<html><title>Request Rejected</title><p>Your support ID is: 18</p></html>"),
        "404-mem": html("<html><title>Báo</title><p>Không tìm thấy trang bạn yêu cầu.</p></html>".encode()),
        "rong": html(b""),
        "ve-nha": to("/refuse/"),
        "noi-khac": to("/refuse/chuyen-muc"),
        "tin-khac": html(article(99, head='<link rel="canonical" href="/refuse/that-a99.html">')),
        "anh": Reply(body=b"\x89PNG\r\n\x1a\n" + bytes(300), headers={"Content-Type": "image/png"}),
    }[path.removeprefix("/refuse/").rpartition("-")[0]]


def _redirects(site: Site, path: str) -> Reply:
    return {
        "/redirect/": html(
            listing(
                *(f"/redirect/{name}-a{i}.html" for i, name in enumerate(("vong", "ngoai", "ftp", "moi")))
            )
        ),
        "/redirect/vong-a0.html": to("/redirect/lai-a0.html"),
        "/redirect/lai-a0.html": to("/redirect/vong-a0.html"),
        "/redirect/ngoai-a1.html": to(f"http://localhost:{site.port}/secret/"),
        "/redirect/ftp-a2.html": to("ftp://127.0.0.1/a2.html"),
        "/redirect/moi-a3.html": to("/redirect/da-doi-a33.html"),
        "/redirect/da-doi-a33.html": html(article(33)),
    }.get(path, html(b"secret"))


def _looping_next(site: Site, path: str) -> Reply:
    if path.endswith(".html"):
        return html(article(path))
    page = int(parse_qs(urlsplit(path).query).get("p", ["1"])[0])
    following = page % 3 + 1  # the third page leads back to the first
    tail = f'<a rel="next" href="/loop/{f"?p={following}" if following > 1 else ""}">Sau</a>'
    return html(listing(f"/loop/tin-a{page}.html", tail=tail))


def _past_the_end(site: Site, path: str) -> Reply:
    if path.endswith(".html"):
        return html(article(path))
    page = int(parse_qs(urlsplit(path).query).get("p", ["1"])[0])
    return html(listing(f"/past/tin-a{min(page, 3)}.html", tail=f'<a href="?p={page + 1}">{page + 1}</a>'))


def _sitemaps(site: Site, path: str) -> Reply:
    def urlset(*entries: tuple[str, str]) -> bytes:
        rows = "".join(f"<url><loc>{loc}</loc><lastmod>{day}</lastmod></url>" for loc, day in entries)
        return f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{rows}</urlset>'.encode()

    xml = {"Content-Type": "application/xml"}
    if path == "/map/sitemap":  # an index that calls itself a urlset, packed, without saying so
        index = urlset(
            ("/map/thang-9.xml", "2026-09-30"),
            ("/map/trang.xml", "2026-08-01"),
            ("/map/cu.xml", "2020-01-01"),
        )
        return Reply(body=gzip.compress(index), headers=xml)
    if path == "/map/thang-9.xml":
        return Reply(
            body=urlset(
                ("/map/moi-a1.html", "2026-09-20T07:00:00+07:00"),
                ("/map/cu-a2.html", "2019-03-01"),
                ("/map/chu-de/rung.html", "2026-09-20"),
                ("http://khac.example/x-a3.html", "2026-09-20"),
            ),
            headers=xml,
        )
    if path in ("/map/trang.xml", "/map/"):
        return html(listing())
    return html(article(path))


def _broken_feed(site: Site, path: str) -> Reply:
    if path == "/feed/":
        return html(listing(head='<link rel="alternate" type="application/rss+xml" href="/feed/rss">'))
    if path == "/feed/rss":
        items = "".join(
            f"<item><title>Mía & đường\x0b</title><link>http://127.0.0.1:{site.port}/feed/tin-a{number}.html</link></item>"
            for number in (1, 2)
        )
        return html(f'<?xml version="1.0"?><rss><channel>{items}'.encode())
    return html(article(path))


def _wrong_base(site: Site, path: str) -> Reply:
    if path == "/base/muc":
        return html(listing("tin-a1.html", head='<base href="/base/static/templates/">'))
    return html(article(1)) if path == "/base/tin-a1.html" else html(b"<h1>404</h1>", 404)


def _busy(site: Site, path: str) -> Reply:
    if path == "/busy/":
        return html(listing("/busy/tin-a1.html"))
    if site.asked[path] == 1:
        return Reply(status=429, headers={"Retry-After": "1"})
    return html(article(1))


def _broken_line(site: Site, path: str) -> Reply:
    if path == "/line/":
        return html(
            listing(
                "/line/mot-lan-a1.html", "/line/mai-mai-a2.html", "/line/lon-a3.html", "/line/giau-a4.html"
            )
        )
    if path == "/line/lon-a3.html":
        return html(article(3) + b" " * BIG)
    if path == "/line/giau-a4.html":  # says nothing about its size
        return Reply(body=article(4) + b" " * BIG, length=-1)
    if path == "/line/mot-lan-a1.html" and site.asked[path] > 1:
        return html(article(1))
    return Reply(body=article(path), length=100_000)


def _wrong_charset(site: Site, path: str) -> Reply:
    if path == "/charset/":
        return html(listing("/charset/tin-a1.html"))
    return Reply(body=article(1), headers={"Content-Type": "text/html; charset=iso-8859-1"})


def _failing(site: Site, path: str) -> Reply:
    if path == "/fail/":
        return html(listing(*(f"/fail/tin-a{number}.html" for number in range(30))))
    return html(b"<h1>500</h1>", 500)


def _wall(site: Site, path: str) -> Reply:
    if path == "/wall/":
        return html(listing(*(f"/wall/tin-a{number}.html" for number in range(30))))
    return html(COOKIE_PAGE)


def _held(site: Site, path: str) -> Reply:
    """Four listing pages of an article each; the second article hangs when it is first asked for."""
    if path.endswith(".html"):
        return Reply(hold=path == "/held/tin-a2.html" and site.asked[path] == 1, body=article(path))
    page = int(parse_qs(urlsplit(path).query).get("p", ["1"])[0])
    return html(
        listing(f"/held/tin-a{page}.html", tail=f'<a href="?p={page + 1}">Sau</a>' if page < 4 else "")
    )


def _gone(site: Site, path: str) -> Reply:
    if path == "/gone/":
        return html(listing(*(f"/gone/tin-a{number}.html" for number in range(20))))
    return html(b"<h1>404</h1>", 404) if path != "/gone/tin-a19.html" else html(article(19))


def _closed(site: Site, path: str) -> Reply:
    return (
        html(listing("/closed/cam/tin-a1.html", "/closed/tin-a2.html"))
        if path == "/closed/"
        else html(article(path))
    )


def _slow(site: Site, path: str) -> Reply:
    if path == "/slow/":
        return html(listing("/slow/treo-a1.html", "/slow/tin-a2.html"))
    return Reply(hold=True) if path == "/slow/treo-a1.html" else html(article(2))


ROUTES: dict[str, Route] = {
    "/dup": _duplicates,
    "/refuse": _refusals,
    "/redirect": _redirects,
    "/loop": _looping_next,
    "/past": _past_the_end,
    "/map": _sitemaps,
    "/feed": _broken_feed,
    "/base": _wrong_base,
    "/busy": _busy,
    "/line": _broken_line,
    "/charset": _wrong_charset,
    "/fail": _failing,
    "/gone": _gone,
    "/held": _held,
    "/wall": _wall,
    "/closed": _closed,
    "/slow": _slow,
}


def misbehaving_site(
    robots: Reply | None = None, *, tls: ssl.SSLContext | None = None
) -> AbstractContextManager[Site]:
    """Run the server while the block runs, over TLS where a context is given; yields it with its port."""
    return local_site(ROUTES, robots, tls=tls)
