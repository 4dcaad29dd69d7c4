"""Pages as heavy as real papers': an article of a few paragraphs in 45 to 80 kB of what sites put around one.

A provincial paper's page is head, styles, scripts, menus, teasers of other articles, comments and a footer;
the article is a twentieth of it. The same article and number always give the same page. The words around it
are put together from the lists below and hold no figures.

Pages are laid out in turn as three families of systems do (_LAYOUTS). trafilatura takes about as long on
them as on real ones: of its own evaluation set, the 112 pages of 45 to 80 kB with 1,500 to 4,000 characters
of text took 15.6 ms on average (median 13.4) where these took 15.3 (14.7).
"""

from __future__ import annotations

import html
import json
import random
from collections.abc import Iterator, Sequence

_SECTIONS = (
    *("Thời sự", "Chính trị", "Kinh tế", "Xã hội", "Văn hóa", "Thể thao", "Giáo dục", "Pháp luật"),
    *("Quốc phòng", "Du lịch", "Nông nghiệp", "Môi trường", "Công nghệ", "Đời sống", "Bạn đọc", "Ảnh"),
)
_WHO = (
    *("Đoàn viên xã ven biển", "Bà con thôn trên", "Hội phụ nữ phường", "Thầy trò trường vùng cao"),
    *("Lực lượng dân quân", "Tổ hợp tác trồng rau", "Câu lạc bộ đờn ca", "Đội bóng thiếu niên"),
)
_DOES = (
    *("chung tay dọn sạch bờ kè", "khai mạc ngày hội đọc sách", "trao quà cho người già neo đơn"),
    *("trồng thêm hàng cây bên đường mới", "gìn giữ nghề đan lưới", "tập huấn phòng cháy"),
    *("ra quân làm đẹp ngõ xóm", "mở phiên chợ hàng quê", "kể chuyện làng nghề"),
)
_WHEN = ("trước mùa mưa bão", "dịp cuối tuần", "khi trời se lạnh", "trong niềm vui ngày hội", "sau vụ gặt")
_COMMENTS = (
    "Bài viết hay, mong tòa soạn có thêm nhiều tin như vậy.",
    "Quê tôi cũng vậy, đọc mà nhớ nhà quá.",
    "Đề nghị cơ quan chức năng sớm trả lời bạn đọc.",
)
_STYLE = (
    ".{name}-{n}{{display:flex;gap:{a}px;margin:0 auto {b}px;padding:{a}px {b}px;color:#3{a}4{b}55;"
    "border-bottom:1px solid #e{a}e{b}ea}}.{name}-{n}:hover{{text-decoration:underline}}"
)
_SCRIPT = (
    "window.site=window.site||{{}};site.slot{n}=function(e){{var t=document.getElementById('slot-{n}');"
    "if(!t)return;t.setAttribute('data-seen',e?'1':'0');for(var i=0;i<{a};i++){{t.style.order=i%{b};}}"
    "if(window.requestAnimationFrame)requestAnimationFrame(function(){{site.slot{n}.last=Date.now();}});}};"
)
_TEASER = (
    '<div class="teaser teaser-{n}"><a class="teaser__pic" href="{path}" title="{title}"><img loading="lazy" '
    'src="/pic/empty.svg" data-src="/pic/{n}/{slug}-w480.webp" width="480" height="270" alt="{title}"></a>'
    '<h3 class="teaser__title"><a href="{path}">{title}</a></h3><p class="teaser__lead">{lead}</p></div>'
)


def heavy_page(title: str, paragraphs: Sequence[str], number: int) -> str:
    """Return the HTML of a page with this article; `number` settles its weight and the words around it."""
    chance = random.Random(number)  # the same pages every time are wanted
    weight = chance.uniform(0.9, 1.6)
    layout = _LAYOUTS[number % len(_LAYOUTS)]
    return "\n".join(
        [
            '<!DOCTYPE html><html lang="vi"><head><meta charset="utf-8">',
            *_head(title),
            f"<style>{''.join(_styles(chance, int(45 * weight)))}</style>",
            *_scripts(chance, int(16 * weight)),
            "</head><body>",
            *_menus(),
            *layout(
                html.escape(title),
                [html.escape(paragraph) for paragraph in paragraphs],
                f'<div class="box-related">{"".join(_teasers(chance, 3))}</div>',
            ),
            '<div class="box-same"><h2>Tin cùng chuyên mục</h2>',
            *_teasers(chance, 6),
            "</div>",
            *_comments(chance, int(6 * weight)),
            '<div class="side"><h2>Đọc nhiều</h2>',
            *_teasers(chance, int(16 * weight)),
            "</div>",
            *_footer(),
            *_scripts(chance, int(24 * weight)),
            "</body></html>",
        ]
    )


def _articled(title: str, paragraphs: Sequence[str], related: str) -> Iterator[str]:
    """Yield an article as newer systems of papers write one: every part is called what it is."""
    yield f'<main class="page"><article class="article"><header><h1 class="article__title">{title}</h1>'
    yield '<div class="article__meta"><span>Minh An</span> <time>08:15</time></div></header>'
    yield '<div class="article__body">'
    yield from _broken_by(related, [f"<p>{paragraph}</p>" for paragraph in paragraphs])
    yield "</div></article></main>"


def _pasted(title: str, paragraphs: Sequence[str], related: str) -> Iterator[str]:
    """Yield an article as older systems of papers hold one: pasted from a word processor, with its styles."""
    yield f'<div class="wrap"><div class="col-left"><h1 class="head-1">{title}</h1><div id="newscontents">'
    yield '<div class="content-fck">'
    pasted = [
        f'<p class="MsoNormal" style="text-align: justify; margin: 6pt 0"><span style="font-size: 14pt">'
        f'<span style="font-family: Times New Roman">{_with_bold(paragraph)}<o:p></o:p></span></span></p>'
        for paragraph in paragraphs
    ]
    yield from _broken_by(related, pasted)
    yield "</div></div></div></div>"


def _portal(title: str, paragraphs: Sequence[str], related: str) -> Iterator[str]:
    """Yield an article as portals lay one out: tables within tables, lines parted by breaks."""
    yield '<table class="ms-main" width="100%"><tr><td class="ms-left" valign="top"></td><td valign="top">'
    yield f'<table><tr><td><span class="ArticleHeader">{title}</span></td></tr><tr><td>'
    yield '<div class="ms-rtestate-field"><div class="ArticleContent">'
    yield from _broken_by(
        related,
        [f'<div align="justify">{_with_bold(paragraph)}<br>&nbsp;</div>' for paragraph in paragraphs],
    )
    yield "</div></div></td></tr></table></td></tr></table>"


_LAYOUTS = (_articled, _pasted, _portal)


def _with_bold(paragraph: str) -> str:
    first, blank, rest = paragraph.partition(" ")
    return f"<strong>{first}</strong>{blank}{rest}"


def _broken_by(related: str, paragraphs: Sequence[str]) -> Iterator[str]:
    """Yield the paragraphs with a box of other articles in their middle."""
    middle = len(paragraphs) // 2 or 1
    yield from paragraphs[:middle]
    yield related
    yield from paragraphs[middle:]


def _head(title: str) -> Iterator[str]:
    shown = html.escape(title)
    yield f"<title>{shown} - Báo Sông Bờ</title>"
    for name in ("description", "keywords", "og:title", "og:description", "twitter:title"):
        yield f'<meta property="{name}" content="{shown}">'
    for width in (57, 60, 72, 76, 114, 120, 144, 152, 180):
        yield f'<link rel="apple-touch-icon" sizes="{width}x{width}" href="/static/icon-{width}.png">'
    record = {"@context": "https://schema.org", "@type": "NewsArticle", "headline": title}
    yield f'<script type="application/ld+json">{json.dumps(record, ensure_ascii=False)}</script>'


def _styles(chance: random.Random, count: int) -> Iterator[str]:
    for number in range(count):
        name = chance.choice(("teaser", "menu", "side", "box", "slot"))
        yield _STYLE.format(name=name, n=number, a=chance.randrange(10), b=chance.randrange(10))


def _scripts(chance: random.Random, count: int) -> Iterator[str]:
    for number in range(count):
        body = _SCRIPT.format(n=number, a=chance.randrange(2, 9), b=chance.randrange(2, 9))
        yield f"<script>{body}</script>"


def _menus() -> Iterator[str]:
    for name in ("menu-top", "menu-main", "menu-mobile"):
        links = (
            f'<li class="{name}__item"><a href="/muc-{number}" title="{section}">{section}</a>'
            f'<ul><li><a href="/muc-{number}/tin">Tin {section.lower()}</a></li>'
            f'<li><a href="/muc-{number}/anh">Ảnh {section.lower()}</a></li></ul></li>'
            for number, section in enumerate(_SECTIONS)
        )
        yield f'<nav class="{name}"><ul>{"".join(links)}</ul></nav>'


def _teasers(chance: random.Random, count: int) -> Iterator[str]:
    for _ in range(count):
        number = chance.randrange(10_000, 99_999)
        words = [chance.choice(_WHO), chance.choice(_DOES), chance.choice(_WHEN)]
        slug = f"tin-{number}"
        yield _TEASER.format(
            n=number, path=f"/muc/{slug}.html", slug=slug, title=" ".join(words), lead=" ".join(words[::-1])
        )


def _comments(chance: random.Random, count: int) -> Iterator[str]:
    yield '<section class="comments"><h2>Ý kiến bạn đọc</h2>'
    for number in range(count):
        said = chance.choice(_COMMENTS)
        yield f'<div class="comment" id="y-kien-{number}"><b>Bạn đọc</b><p>{said}</p></div>'
    yield "</section>"


def _footer() -> Iterator[str]:
    yield '<footer class="foot"><p>Báo Sông Bờ. Ghi rõ nguồn khi phát hành lại từ trang này.</p><ul>'
    for number, section in enumerate(_SECTIONS):
        yield f'<li><a href="/muc-{number}">{section}</a></li>'
    yield "</ul></footer>"
