"""Pages of the papers and portals of tests/quirk_site.py."""

from __future__ import annotations

from typing import Any

LEAD = "Vụ keo này người dân các xã vùng cao bán gỗ được giá hơn năm trước."
FIRST = "Chín tháng đầu năm 2024, toàn huyện trồng mới 1.250 ha rừng, đạt 83% kế hoạch năm."
SECOND = "Đến nay, 14/17 xã đã hoàn thành giao đất, giao rừng cho 3.480 hộ nhận khoán bảo vệ."
BODY = f"<p>{FIRST}</p><p>{SECOND}</p>"
TODAY = "<header>Thứ Sáu, 20/11/2026</header>"
RELATED = "".join(
    f'<li><a href="/khac-{n}.html">Huyện bên cạnh trồng thêm 9.999 ha</a> <time>16:55, 30/03/2025</time></li>'
    for n in (1, 2, 3)
)


def page(
    body: str = BODY, *, head: str = "", above: str = "", title: str = "Huyện trồng thêm rừng gỗ lớn"
) -> dict[str, Any]:
    """Return the answer with an article whose text stands in #content."""
    return {
        "body": f'<html><head><meta charset="utf-8"><title>{title}</title>{head}</head><body>{above}'
        f'<h1>{title}</h1><div id="content">{body}</div></body></html>'
    }


def front(*links: str, head: str = "", tail: str = "") -> dict[str, Any]:
    """Return the answer with a listing."""
    return {"body": "listing", "links": list(links), "head": head, "tail": tail}


def raw(body: bytes, content_type: str, **headers: str) -> dict[str, Any]:
    """Return the answer with these bytes."""
    return {"bytes": body, "headers": {"Content-Type": content_type, **headers}}
