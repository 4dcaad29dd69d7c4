"""Cleaning: the traps of real pages, refusals that look like answers, and pages made to break it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extract.clean import CleanError, clean
from extract.cleaning.inline_body import unescape
from store.records import Article, Source
from tests.page_fixtures import PARAGRAPHS, around, page, source

OTHER = '<a href="/khac-2.html">Huyện bên trồng 9.999 ha keo lai</a>'
BOILERPLATE = {
    "label and links": f"<h3>Tin cùng chuyên mục</h3><ul><li>{OTHER}</li><li>{OTHER}</li></ul>",
    "related list as a table": f"<table><tr><td>{OTHER}</td></tr><tr><td>{OTHER}</td></tr></table>",
    "links in one cell": f"<table><tr><td><b>Bài đọc tiếp</b><br>» {OTHER}<br>» {OTHER}</td></tr></table>",
    "related box": f'<div class="related-news"><h4>Tin liên quan</h4><p>{OTHER} (02/03/2024)</p></div>',
    "linked headline": f"<p><b>{OTHER}</b></p>",
    "pointer": f"<p>&gt;&gt; Xem thêm: {OTHER}</p>",
    "headline with its date": f"<p>{OTHER} (02/03)</p>",
    "keywords": "<p>Từ khóa: trồng rừng, 9.999, gỗ lớn</p>",
    "comments": "<p>Ý kiến bạn đọc (9)</p>",
    "player": "<div>Nghe bài viết: 0:00 / 9:59 · 1x · Giọng nữ miền Bắc</div><p>0:00</p>",
    "notice": "<p>(*) Không sao chép dưới mọi hình thức khi chưa có văn bản của tòa soạn 9999.</p>",
    "template leftovers": "<p>{{ article.views9 }}</p>",
    "picture and caption": '<figure><img src="a.jpg"><figcaption>Trồng 9.999 cây.</figcaption></figure>',
    "picture as a table": '<table><tr><td><img></td></tr><tr><td class="Caption">9.999</td></tr></table>',
    "repeated title": "<p><strong>Huyện trồng thêm rừng gỗ lớn</strong></p>",
    "share bar": "<p>In trang | Gửi bài | Cỡ chữ 12 14 16</p>",
    "hidden": '<div style="display: none">9.999 bản nháp của bài viết</div>',
    "script and style": "<script>var views = 9999;</script><style>p{margin:9px}</style>",
}
WANTED = [
    "Huyện trồng thêm rừng gỗ lớn",
    "Chín tháng đầu năm 2024, toàn huyện trồng mới 1.250 ha rừng, đạt 83% kế hoạch năm.",
    "Tin liên quan đến cháy rừng được trực ban báo về trong 30 phút.",
    "Đến nay, 14/17 xã đã hoàn thành giao đất, giao rừng cho 3.480 hộ nhận khoán bảo vệ.",
]


@pytest.mark.parametrize("declared", [True, False], ids=["declared", "unknown"])
@pytest.mark.parametrize("block", BOILERPLATE.values(), ids=BOILERPLATE)
def test_boilerplate_in_the_middle(block: str, declared: bool) -> None:
    first, second = PARAGRAPHS.split("</p>")[:2]
    body = f"{first}</p>{block}<p>{WANTED[2]}</p>{block}{second}</p>"
    article = clean(page(around(body)), source() if declared else None)
    assert article.text.split("\n") == WANTED


@pytest.mark.parametrize(
    "line",
    [
        "Nội dung: hỗ trợ 500 hộ nghèo",
        "12 14 16",
        "Ảnh hưởng của bão: 42 nhà tốc mái",
        "Bài toán: 3 năm trồng 900 ha",
    ],
)
def test_short_lines_with_figures_survive(line: str) -> None:
    assert clean(page(around(f"{PARAGRAPHS}<p>{line}</p>")), source()).text.endswith(f"\n{line}")


def test_lead_is_taken_once() -> None:
    lead = "Rừng gỗ lớn đang thay rừng keo non ở các xã vùng cao của huyện."
    declared = source(lead_selectors=(".sapo",))
    for body in (
        f"<p class='sapo'>{lead}</p>{PARAGRAPHS}",
        f"<p class='sapo'>{lead}</p><p>(BKT) - {lead}</p>{PARAGRAPHS}",
        f"<p><span class='sapo'>{lead}</span></p>{PARAGRAPHS}<p class='sapo'>{lead}</p>",
    ):
        article = clean(page(around(body)), declared)
        assert article.lead == lead
        assert article.text.split("\n") == [WANTED[0], lead, WANTED[1], WANTED[3]]


def test_lead_that_only_begins_a_paragraph_is_not_doubled() -> None:
    first = "<p><b class='sapo'>Rừng gỗ lớn đang thay keo non.</b> Cả huyện có 7 hợp tác xã lâm nghiệp.</p>"
    body = first + PARAGRAPHS
    lines = clean(page(around(body)), source(lead_selectors=(".sapo",))).text.split("\n")
    assert lines[1] == "Rừng gỗ lớn đang thay keo non. Cả huyện có 7 hợp tác xã lâm nghiệp."
    assert len(lines) == 4


def test_description_cut_short_is_shown_whole() -> None:
    lead = "Rừng gỗ lớn đang thay rừng keo non ở các xã vùng cao, tiền bán gỗ tăng gấp 2,5 lần."
    head = f'<meta name="description" content="{lead[:55]}...">'
    html = around(f"{PARAGRAPHS}", head).replace('<div id="content">', f'<h2>{lead}</h2><div id="content">')
    assert clean(page(html), source()).lead == lead


def test_description_that_the_page_does_not_show_is_no_lead() -> None:
    head = '<meta name="description" content="Tin trồng rừng mới nhất, giá gỗ keo 9.999 đồng, từng giờ">'
    article = clean(page(around(PARAGRAPHS, head)), source())
    assert article.lead is None
    assert "9.999" not in article.text


def test_first_heading_may_be_a_breadcrumb_and_the_title_end_in_the_site_s_name() -> None:
    html = around(PARAGRAPHS).replace("<body>", "<body><h1><a href='/'>Kinh tế</a></h1>")
    html = html.replace("</title>", " - Báo Kon Tum điện tử</title>")
    assert clean(page(html), source()).title == WANTED[0]
    assert clean(page(html.replace("<h1>Huyện", "<b>Huyện")), None).title == WANTED[0]


def test_loose_text_beside_blocks_is_never_glued() -> None:
    body = f"{PARAGRAPHS}<div>Cây giống: 12<div>34 vườn ươm</div>56 hộ<span>78</span><p>90 ha</p></div>"
    lines = clean(page(around(body)), source()).text.split("\n")
    assert lines[-4:] == ["Cây giống: 12", "34 vườn ươm", "56 hộ78", "90 ha"]


def test_line_breaks_end_lines_unless_the_sentence_goes_on() -> None:
    body = f"{PARAGRAPHS}<p>Trồng 12 ha,<br>chăm sóc 30 ha.<br/><br>Thu 45 triệu đồng.</p>"
    assert clean(page(around(body)), source()).text.split("\n")[-2:] == [
        "Trồng 12 ha, chăm sóc 30 ha.",
        "Thu 45 triệu đồng.",
    ]


def test_superscripts_do_not_lengthen_numbers() -> None:
    body = f"{PARAGRAPHS}<p>Nhà xưởng rộng 450m<sup>2</sup>, xẻ 12<sup>3</sup> khối.</p>"
    assert "450m², xẻ 12³" in clean(page(around(body)), source()).text


def test_characters_are_tidied() -> None:
    body = f"{PARAGRAPHS}<p>Ðến\u00a0nay, 1\u200b2 xa\u0303 \u00adđạt\ufeff chuẩn &amp; 3 xã gần đạt.</p>"
    assert clean(page(around(body)), source()).text.endswith("\nĐến nay, 12 xã đạt chuẩn & 3 xã gần đạt.")


@pytest.mark.parametrize(
    "broken",
    [
        "<html></html><head><title>{0}</title></head><body><h1>{0}</h1><div id='content '>{1}</div>",
        "<title>{0}</title><html><body><html><body><h1>{0}<div id=content>{1}</body></html></div>",
        "<body><div><h1>{0}</h1><p><div id='content'><font><p>{1}</font></body></html></html>",
    ],
    ids=["early end", "nested documents", "open blocks"],
)
def test_malformed_pages(broken: str) -> None:
    article = clean(page(broken.format(WANTED[0], PARAGRAPHS)), source())
    assert article.text.split("\n") == [WANTED[0], WANTED[1], WANTED[3]]


def test_hidden_main_text_is_read_and_a_hidden_copy_is_not() -> None:
    style = "<style>@media print {.a{color:red}} .more{display:none}</style>"
    hidden = f'{style}<div class="more">{PARAGRAPHS * 4}</div>'
    assert "1.250 ha" in clean(page(around(f"<p>Mở bài của bài viết này.</p>{hidden}")), source()).text
    copy = '<style>.draft { margin: 0; display: none }</style><p class="draft">Bản nháp 9.999 ha.</p>'
    assert "9.999" not in clean(page(around(PARAGRAPHS + copy)), source()).text


SCRIPTS = {
    "assigned string": 'var outputData = "{}";',
    "jquery": "$(document).ready(function(){{ $('#content').html('{}'); }});",
    "template literal": "document.querySelector('#content').innerHTML = `{}`;",
    "object": 'window.__DATA__ = {{"id": 7, "body": "{}"}};',
}


@pytest.mark.parametrize("script", SCRIPTS.values(), ids=SCRIPTS)
def test_body_in_a_script(script: str) -> None:
    escaped = PARAGRAPHS.replace("/", r"\/").replace("đ", r"\u0111") + r"<p class=\"x\">Thêm\n 5 tổ.<\/p>"
    html = around("") + "<script>var decoy = '<p>9.999 quảng cáo<\\/p>';</script>"
    html += f"<script>{script.format(escaped)}</script>"
    article = clean(page(html), source())
    assert article.text.split("\n") == [WANTED[0], WANTED[1], WANTED[3], "Thêm 5 tổ."]


def test_scripts_are_not_read_where_the_page_has_a_body() -> None:
    html = (
        around(PARAGRAPHS) + f'<script>var next = "{"<p>Bài sau dài hơn: 9.999 ha rừng.</p>" * 20}";</script>'
    )
    assert "9.999" not in clean(page(html), source()).text


@pytest.mark.parametrize(
    ("literal", "text"),
    [
        (r"\u{1F333}\ud83c\udf33", "🌳🌳"),
        (r"\x41\'\"\\", "A'\"\\"),
        (r"\ud83c", "�"),
        (r"a\u12", "au12"),
        (r"\u{FFFFFF}", "�"),
    ],
)
def test_unescape(literal: str, text: str) -> None:
    assert unescape(literal) == text


REFUSED = {
    "<script>document.cookie='D1N=1f;path=/';window.location.reload(true);</script>": "sets a cookie",
    "<title>Just a moment...</title><p>Checking your browser before accessing.</p>": "captcha",
    "<p>Vui lòng nhập mã xác nhận để tiếp tục</p><div class='g-recaptcha'></div>": "captcha",
    "<title>Request Rejected</title>The requested URL was rejected. Your support ID is: 1234": "firewall",
    "<h1>Không tìm thấy trang</h1><ul><li>" + OTHER * 40 + "</ul>": "soft 404",
    "<p>Bài viết bạn tìm không tồn tại hoặc đã bị xóa.</p>": "soft 404",
    "<meta http-equiv='refresh' content='0; url=/trang-chu'>": "forwards",
    "<h1>502 Bad Gateway</h1><hr>nginx": "server error",
    "<p>Vui lòng đăng nhập để đọc tiếp bài viết này.</p>": "logged in",
    around('<img src="1.jpg"><p>Ảnh: H.T.</p><img src="2.jpg">') + OTHER * 30: "photo page",
    around('<p>Kèm theo:</p><a href="/documents/2/bao-cao">Báo cáo quý III</a>'): "attached document",
    around("<p>Đang cập nhật.</p>"): "no body",
    "": "empty file",
    "   \n": "empty file",
    "GIF89a": "binary file (GIF)",
    "%PDF-1.7 …": "the PDF is broken",
    "x" * 6_000_000: "more than",
}


@pytest.mark.parametrize(("html", "reason"), REFUSED.items(), ids=REFUSED.values())
def test_refusals(html: str, reason: str) -> None:
    with pytest.raises(CleanError) as raised:
        clean(page(html), source())
    assert reason in str(raised.value)


def test_error_statuses_are_refused() -> None:
    with pytest.raises(CleanError, match="status 404"):
        clean(page(around(PARAGRAPHS), status=404))


def test_articles_about_refusals_are_read() -> None:
    body = (
        PARAGRAPHS
        + "<p>Nhiều website báo “không tìm thấy trang”, nhập captcha mãi mà không vào được.</p>" * 8
    )
    assert "captcha" in clean(page(around(body)), source()).text


def test_many_paragraphs() -> None:
    body = "".join(f"<p>Xã thứ {number} trồng {number} ha.</p>" for number in range(20_000))
    assert clean(page(around(body)), source()).text.count("\n") == 20_000


@pytest.mark.parametrize("declared", [source(), None], ids=["declared", "unknown"])
@pytest.mark.parametrize("tag", ["div", "b", "table><tr><td", "ul><li", "blockquote"])
def test_deep_nesting(tag: str, declared: Source | None) -> None:
    assert "1.250 ha" in clean(page(around(f"<{tag}>" * 100 + PARAGRAPHS)), declared).text
    with pytest.raises(CleanError, match="nested more than"):
        clean(page(around(f"<{tag}>" * 5000 + PARAGRAPHS)), declared)


def test_one_enormous_text_is_refused() -> None:
    with pytest.raises(CleanError, match="more than"):
        clean(page(around("a" * 20_000_000)))


PIECES = (
    "<p>", "</p>", "<div id=content>", "</div>", "<table>", "<tr>", "<td rowspan=9>", "<td colspan=0>",
    "<script>", "</script>", "<!--", "-->", "<br>", "<h1>", "</html>", "<a href=x>", "<sup>2", "&#0;",
    "&#xD800;", "\x00",
    "⟦0⟧", "⏎", "&#x27E6;0&#x27E7;", "<style>.a{display:none}", "Năm 2024 có 12 xã, đạt 5%.", " ",
    '<meta property="article:published_time" content="99/99/9999">',
    '<script type="application/ld+json">[[{"@type":"NewsArticle","datePublished":7}]]</script>',
)  # fmt: skip
MARKUP = st.lists(st.sampled_from(PIECES), max_size=60).map(lambda parts: "".join(parts).encode())


def article_or_none(body: bytes, declared: Source | None) -> Article | None:
    try:
        return clean(page(body), declared)
    except CleanError:
        return None


@pytest.mark.parametrize("declared", [source(), None], ids=["declared", "unknown"])
@settings(max_examples=100)
@given(body=st.one_of(st.binary(max_size=300), MARKUP))
def test_any_bytes_give_an_article_or_a_clean_error(body: bytes, declared: Source | None) -> None:
    article = article_or_none(body, declared)
    if article is None:
        return
    assert article.text
    for table in article.tables:
        assert 0 <= table.start <= table.end <= len(article.text)
        for cell in table.cells:
            assert cell.start == -1 or article.text[cell.start : cell.end] == cell.text
