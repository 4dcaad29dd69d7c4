from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.addresses import (
    base_address,
    canonical,
    identity,
    is_article,
    join,
    listing_address,
    month,
    page_id,
    with_port,
)
from store.records import Source
from store.sources import load_sources

SOURCES = load_sources()
VIEWER = Source(
    id="viewer",
    name="viewer",
    kind="newspaper",
    family="query",
    province=None,
    hosts=("bao.example",),
    start_urls=("http://bao.example/",),
    article_pattern=r"^/viewer\.aspx\?mabb=\d+$",
    keep_parameters=("mabb",),
)


@pytest.mark.parametrize(
    ("source", "url", "expected"),
    [
        # scheme, www, default port, fragment, tracking
        ("baocantho", "http://www.baocantho.com.vn:80/lua-a1.html#top", "https://baocantho.com.vn/lua-a1.html"),
        ("baocantho", "HTTPS://BaoCanTho.com.vn:443/lua-a1.html?utm_source=zalo&fbclid=2", "https://baocantho.com.vn/lua-a1.html"),
        ("baocantho", "https://reader:secret@baocantho.com.vn/lua-a1.html", "https://baocantho.com.vn/lua-a1.html"),
        # doubled slashes and dot segments
        ("baocantho", "https://baocantho.com.vn//kinh-te/../lua-a1.html", "https://baocantho.com.vn/lua-a1.html"),
        # a print copy whose remaining path is an article's
        ("baocantho", "https://baocantho.com.vn/print/lua-a1.html", "https://baocantho.com.vn/lua-a1.html"),
        # a print copy that only has the id keeps its address; its identity tells
        ("baonghean", "https://baonghean.vn/print/10310234.html", "https://baonghean.vn/print/10310234.html"),
        # mobile host, declared beside the others
        (
            "baotuyenquang",
            "http://m.baotuyenquang.com.vn/kinh-te/202410/che-shan-1a2b3c4/",
            "https://baotuyenquang.com.vn/kinh-te/202410/che-shan-1a2b3c4/",
        ),
        # letter case of the path is the site's business
        ("baocaobang", "https://baocaobang.vn/Thoi-su/hat-de-3158742.html", "https://baocaobang.vn/Thoi-su/hat-de-3158742.html"),
        # a host that is not declared is left as it is
        ("baocantho", "https://www.khac.example/lua-a1.html", "https://www.khac.example/lua-a1.html"),
        ("baocantho", "https://baocantho.com.vn", "https://baocantho.com.vn/"),
        ("baocantho", "https://baocantho.com.vn:8443/lua-a1.html", "https://baocantho.com.vn:8443/lua-a1.html"),
        ("baocantho", "https://baocantho.com.vn/lúa-a1.html", "https://baocantho.com.vn/l%C3%BAa-a1.html"),
        ("baocantho", "ftp://baocantho.com.vn/lua-a1.html", None),
        ("baocantho", "javascript:void(0)", None),
        ("baocantho", "https://baocantho.com.vn:port/", None),
        ("baocantho", "http://[::1/", None),
        ("baocantho", "", None),
    ],
)  # fmt: skip
def test_canonical(source: str, url: str, expected: str | None) -> None:
    assert canonical(url, SOURCES[source]) == expected


def test_only_declared_parameters_belong_to_an_address() -> None:
    assert (
        canonical("http://bao.example/viewer.aspx?x=1&mabb=7&sid=9", VIEWER)
        == "http://bao.example/viewer.aspx?mabb=7"
    )
    assert is_article("http://bao.example/viewer.aspx?sid=9&mabb=7", VIEWER)
    assert identity("http://bao.example/viewer.aspx?mabb=7", VIEWER) != identity(
        "http://bao.example/viewer.aspx?mabb=8", VIEWER
    )


def test_the_declared_port_stands_for_the_port_of_a_run() -> None:
    sample = SOURCES["sample-aid"]
    url = "http://127.0.0.1:40123/cao-nguyen/ca-phe-a3.html"
    assert canonical(url, sample, port=40123) == "http://127.0.0.1:8470/cao-nguyen/ca-phe-a3.html"
    assert canonical(url, sample, port=1) == url
    assert with_port("http://127.0.0.1:8470/cao-nguyen/", 40123) == "http://127.0.0.1:40123/cao-nguyen/"
    assert with_port("http://127.0.0.1:8470/cao-nguyen/", None) == "http://127.0.0.1:8470/cao-nguyen/"


@pytest.mark.parametrize(
    ("source", "one", "other", "same"),
    [
        ("baocantho", "https://baocantho.com.vn/lua-a1.html", "http://baocantho.com.vn/tom-a1.html", True),
        ("baocantho", "https://baocantho.com.vn/lua-a1.html", "https://baocantho.com.vn/lua-a11.html", False),
        (
            "baonghean",
            "https://baonghean.vn/a-10310234.html",
            "https://baonghean.vn/print/10310234.html",
            True,
        ),
        (
            "baodaklak",
            "https://baodaklak.vn/a/202405/c-1a2b3c4",
            "https://baodaklak.vn/a/202405/c-1a2b3c4/",
            True,
        ),
        (
            "baodaklak",
            "https://baodaklak.vn/a/202405/c-1a2b3c4",
            "https://baodaklak.vn/a/202405/c-1a2b3c5",
            False,
        ),
    ],
)
def test_identity(source: str, one: str, other: str, same: bool) -> None:
    assert (identity(one, SOURCES[source]) == identity(other, SOURCES[source])) is same


@pytest.mark.parametrize(
    ("source", "url", "expected"),
    [
        ("baonghean", "https://baonghean.vn/vu-cam-duoc-mua-10310234.html", True),
        ("baonghean", "https://baonghean.vn/chuyen-doi-so-event1234.html", False),
        ("baonghean", "https://baonghean.vn/en/orange-harvest-10310234.html", False),
        ("baonghean", "https://baonghean.vn/kinh-te", False),
        ("baonghean", "https://khac.example/vu-cam-duoc-mua-10310234.html", False),
        ("baohatinh", "https://baohatinh.vn/buoi-phuc-trach-post281234.html", True),
        ("baohatinh", "https://baohatinh.vn/chu-de/buoi-post281234.html", False),
        ("baothainguyen", "https://baothainguyen.vn/kinh-te/202409/che-tan-cuong-1a2b3c4/", True),
        ("baothainguyen", "https://baothainguyen.vn/kinh-te/", False),
        ("baotuyenquang", "https://baotuyenquang.com.vn/che-shan-tuyet-123456.html", True),
        ("sample-zce", "http://127.0.0.1/mien-trung/ca-post12.html", False),
    ],
)
def test_articles_are_told_by_their_address(source: str, url: str, expected: bool) -> None:
    assert is_article(url, SOURCES[source]) is expected


_PATHS = st.text("ab1-/.%ă ?=&#", max_size=30)


@given(path=_PATHS, source=st.sampled_from(sorted(SOURCES)), www=st.booleans())
def test_canonical_addresses_are_stable(path: str, source: str, www: bool) -> None:
    declared = SOURCES[source]
    url = f"http://{declared.hosts[-1 if www else 0]}/{path}"
    address = canonical(url, declared)
    assert address is not None
    assert canonical(address, declared) == address
    assert identity(address, declared) == identity(url, declared)
    assert is_article(address, declared) == is_article(url, declared)


@given(url=st.text(max_size=60))
def test_no_text_is_too_strange_for_an_address(url: str) -> None:
    for source in (SOURCES["baocantho"], VIEWER):
        address = canonical(url, source)
        assert address is None or address.startswith(("http://", "https://"))
    listing_address(url)
    join("https://baocantho.com.vn/", url)


@pytest.mark.parametrize(
    ("href", "expected"),
    [
        (None, "https://baocantho.com.vn/thoi-su"),
        ("https://baocantho.com.vn/", "https://baocantho.com.vn/"),
        ("/", "https://baocantho.com.vn/"),
        ("https://baocantho.com.vn/static/templates/version1/homepage/", "https://baocantho.com.vn/thoi-su"),
        ("https://images.baocantho.com.vn/", "https://baocantho.com.vn/thoi-su"),
        ("javascript:void(0)", "https://baocantho.com.vn/thoi-su"),
    ],
)
def test_only_a_base_at_the_root_is_heeded(href: str | None, expected: str) -> None:
    hosts = replace(SOURCES["baocantho"]).hosts
    assert base_address("https://baocantho.com.vn/thoi-su", href, hosts) == expected


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://b.example/tin?p=2&utm_source=x#y", "https://b.example/tin?p=2"),
        ("https://b.example/Thoi-su/", "https://b.example/Thoi-su/"),
        ("mailto:a@b.example", None),
    ],
)
def test_listing_address(url: str, expected: str | None) -> None:
    assert listing_address(url) == expected


def test_page_ids_are_the_hash_of_the_address() -> None:
    assert page_id("https://baocantho.com.vn/") == "8a0ef0d96ea04c92"


def test_month() -> None:
    assert month("https://b.example/kinh-te/202409/che-1a2b3c4/") == date(2024, 9, 1)
    assert month("https://b.example/kinh-te/202413/che-1a2b3c4/") is None
    assert month("https://b.example/che-post202409.html") is None
