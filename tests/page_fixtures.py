"""Pages and sources as the cleaning tests make them."""

from __future__ import annotations

from typing import Any

from store.records import Page, Source

FETCHED = "2026-11-20T02:00:00+00:00"
PARAGRAPHS = (
    "<p>Chín tháng đầu năm 2024, toàn huyện trồng mới 1.250 ha rừng, đạt 83% kế hoạch năm.</p>"
    "<p>Đến nay, 14/17 xã đã hoàn thành giao đất, giao rừng cho 3.480 hộ nhận khoán bảo vệ.</p>"
)


def page(html: str | bytes, **fields: Any) -> Page:
    """Return a page of `html`, fetched at `FETCHED`."""
    url = fields.pop("url", "https://bao.example/rung-1.html")
    return Page(
        id="0123456789abcdef",
        url=url,
        fetched_url=url,
        source="example",
        fetched_at=fields.pop("fetched_at", FETCHED),
        status=fields.pop("status", 200),
        content_type=fields.pop("content_type", "text/html"),
        body=html.encode() if isinstance(html, str) else html,
    )


def source(**declared: Any) -> Source:
    """Return a source with a body of `#content` and what is declared besides."""
    fields: dict[str, Any] = {"body_selectors": ("#content",)} | declared
    return Source(
        id="example", name="Báo thử", kind="newspaper", family="test", province="Kon Tum", hosts=(), **fields
    )


def around(body: str, head: str = "") -> str:
    """Return a whole page with `body` in #content, below its title."""
    return (
        f'<html><head><meta charset="utf-8"><title>Huyện trồng thêm rừng gỗ lớn</title>{head}</head><body>'
        f'<h1>Huyện trồng thêm rừng gỗ lớn</h1><div id="content">{body}</div></body></html>'
    )
