"""Listings that answer JSON: the articles they name, and nothing that any other answer could break."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.json_listings import is_json, read_json_listing
from store.sources import SourceError, load_sources
from tests.warc_fixtures import PAPER

API = "https://bao.example.vn/api/news?category_slug=kinh-te"
BY_SLUG = replace(PAPER, json_link="/{slug}-a{id}.html")
VALUES = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=10,
)


def articles(told: Any, source: Any = PAPER) -> list[str]:
    body = told if isinstance(told, bytes) else json.dumps(told).encode()
    assert is_json(body)
    return [
        url.removeprefix("https://bao.example.vn") for url in read_json_listing(body, API, source).articles
    ]


@pytest.mark.parametrize(
    ("told", "found"),
    [
        (
            [{"url": "/tin-a1.html"}, {"link": "https://bao.example.vn/tin-a2.html"}],
            ["/tin-a1.html", "/tin-a2.html"],
        ),
        ({"data": {"list": [["/tin-a1.html", "/tin-a1.html"]]}}, ["/tin-a1.html"]),
        ({"url": "https://khac.example/tin-a1.html", "path": "tin-a2.html", "thumb": "/a.jpg"}, []),
        ({"slug": "tin-moi", "id": 7}, []),  # nothing says how its address is made
        (b"[" * 100_000, []),
        (b'{"cut": ["/tin-a1.html"', []),
        ([], []),
    ],
)
def test_addresses_in_the_answer_are_found(told: Any, found: list[str]) -> None:
    assert articles(told) == found


@pytest.mark.parametrize(
    ("entry", "found"),
    [
        ({"slug": "tin-moi", "id": 7}, ["/tin-moi-a7.html"]),
        ({"slug": "tin-moi", "id": None}, []),
        ({"slug": "tin-moi", "id": {"x": 1}}, []),
        ({"slug": "", "id": 7}, []),
        ({"slug": "../../x?", "id": 7}, []),
        ({"slug": "{id.__class__}", "id": 7}, []),
    ],
)
def test_addresses_are_made_of_fields(entry: dict[str, Any], found: list[str]) -> None:
    assert articles({"items": [entry]}, BY_SLUG) == found


@given(VALUES)
def test_whatever_is_answered_nothing_but_articles_of_the_host_comes_of_it(told: Any) -> None:
    assert all(url.startswith("/") for url in articles([told, {"id": told, "slug": told}], BY_SLUG))


def test_a_page_is_no_json() -> None:
    assert not is_json(b"<html>[1]</html>")
    assert not is_json(b"")
    assert is_json(b"\xef\xbb\xbf\n {}")


@pytest.mark.parametrize("link", ["/tin", "tin/{slug}", "/tin/{}", "/tin/{a.b}", "/tin/{slug"])
def test_a_template_that_makes_no_address_is_refused(tmp_path: Path, link: str) -> None:
    path = tmp_path / "sources.toml"
    path.write_text(
        '[family.f]\nkind = "newspaper"\n[source.s]\nname = "S"\nfamily = "f"\nhosts = ["bao.example.vn"]\n'
        f'json_link = "{link}"\n',
        encoding="utf-8",
    )
    with pytest.raises(SourceError, match="json_link must look like"):
        load_sources(path)
