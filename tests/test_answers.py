"""Answers that are no articles: walls, error pages, other articles, bombs."""

from __future__ import annotations

import gzip
import zlib

import pytest

from crawler.answers import COUNTER_OF, kinds, refusal
from crawler.counters import COUNTERS, FAILED, REFUSED
from crawler.unpacking import Damaged, TooLarge
from crawler.unpacking import unpack as unpack_answer
from store.sources import load_sources
from tests.local_site import COOKIE_PAGE, article

PAPER = load_sources()["baocantho"]
ASKED = "https://baocantho.com.vn/lua-a1.html"


def judged(body: bytes, final: str = ASKED) -> str | None:
    return refusal(body, asked=ASKED, final=final, source=PAPER)


def test_every_kind_of_refusal_has_its_counter() -> None:
    assert {kind.counter for kind in kinds()} == set(COUNTER_OF.values())
    assert set(COUNTER_OF.values()) <= set(REFUSED)


@pytest.mark.parametrize(
    ("page", "counter"),
    [
        ("<title>Just a moment...</title><body>Please wait", "captcha"),
        ("<form>Nhập mã xác nhận<input></form>", "captcha"),
        ("<title>Request Rejected</title><p>Your support ID is: 18</p>", "blocked"),
        ("<h1>Không tìm thấy trang</h1>", "soft_404"),
        ("<body><p>Vui lòng đăng nhập để đọc tiếp.</p>", "login"),
        ("<title>502 Bad Gateway</title><body>nginx", "server_error"),
    ],
)
def test_refusals_told_by_what_they_say(page: str, counter: str) -> None:
    assert judged(f"<html>{page}</html>".encode()) == counter


def test_a_refusal_inside_the_frame_of_the_site() -> None:
    menu = "".join(f"<li><a href='/muc-{number}'>Chuyên mục số {number}</a></li>" for number in range(90))
    page = f"<html><title>Báo Lúa</title><ul>{menu}</ul><p>Trang bạn tìm không tồn tại.</p></html>"
    assert judged(page.encode()) == "soft_404"
    assert judged(page.replace("không tồn tại", "ở đây").encode()) is None


def test_refusals_that_look_like_answers() -> None:
    assert len(COOKIE_PAGE) == 177
    assert judged(COOKIE_PAGE) == "reload"
    assert judged(b" \n") == "empty"
    assert judged(b"<html><body><script>1</script></body></html>") == "empty"
    assert judged(b"%PDF-1.7 ...") is None
    assert judged(b"PK\x03\x04") == "not_a_page"
    assert judged(article(1), "https://baocantho.com.vn/") == "home"
    assert judged(article(1), "https://baocantho.com.vn/kinh-te") == "home"
    assert judged(article(1), "https://baocantho.com.vn/lien-he") == "elsewhere"
    assert judged(article(1), "https://baocantho.com.vn/tom-a2.html") is None


def test_an_article_may_speak_of_captchas_and_missing_pages() -> None:
    story = "Nhiều người già không nhập mã xác nhận được, báo lỗi không tìm thấy trang. " * 5
    page = (
        f'<title>Captcha</title><div id="newscontents">{story}</div><div class="g-recaptcha"></div>'.encode()
    )
    assert judged(page) is None
    assert judged(page.replace(b'id="newscontents"', b"")) == "captcha"


def test_a_page_that_calls_itself_another_article() -> None:
    def named(address: str) -> bytes:
        story = "Giá lúa tại ruộng tăng 300 đồng mỗi ký so với tuần trước. " * 8
        return f'<link rel="canonical" href="{address}"><div id="newscontents">{story}</div>'.encode()

    assert judged(named("/tom-a2.html")) == "other_article"
    assert judged(named("/lua-vu-moi-a1.html")) is None
    assert (
        judged(named("https://bao-cu.example/tom-a2.html")) is None
    )  # an archive still names its old domain
    assert judged(named("/")) is None


@pytest.mark.parametrize("encoding", ["gzip", "x-gzip", "deflate"])
def test_answers_are_unpacked_to_the_cap_and_no_further(encoding: str) -> None:
    packed = gzip.compress(bytes(1000)) if encoding != "deflate" else zlib.compress(bytes(1000))
    assert unpack_answer(packed, encoding, 1000) == bytes(1000)
    with pytest.raises(TooLarge):
        unpack_answer(packed, encoding, 999)
    with pytest.raises(Damaged, match="cut off"):
        unpack_answer(packed[:-5], encoding, 1000)


def test_what_is_not_packed_as_its_header_says_is_left_alone() -> None:
    assert unpack_answer(b"<html>", "gzip", 10) == b"<html>"
    assert unpack_answer(b"<html>", "utf-8", 10) == b"<html>"
    assert unpack_answer(b"\x03\x00", "deflate", 10) == b""  # without its head
    with pytest.raises(Damaged):
        unpack_answer(b"\x1f\x8b rubbish", "gzip", 10)
    twice = gzip.compress(b"a") + gzip.compress(b"b") + b"\0\0"
    assert unpack_answer(twice, "gzip", 10) == b"ab"


def test_sums_are_made_of_known_counters() -> None:
    assert {*REFUSED, *FAILED} <= COUNTERS.keys()
    assert not {*REFUSED} & {*FAILED}
