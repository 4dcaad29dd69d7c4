from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pytest
import regex

from crawler.addresses import is_article
from store.source_checks import LEAST_DELAY, PROVINCES_PATH
from store.sources import SourceError, check_sources, list_sources, load_sources

FAMILY = """
[family.plain]
kind = "newspaper"
article_pattern = '-\\d+\\.html$'
body_selectors = ["#content"]
"""
PAPER = """
[source.paper]
name = "Báo"
family = "plain"
hosts = ["bao.example"]
start_urls = ["https://bao.example/"]
"""


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "sources.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_source_takes_its_family_and_puts_its_own_on_top(tmp_path: Path) -> None:
    sources = load_sources(written(tmp_path, FAMILY + PAPER + 'body_selectors = ["article"]\ndelay = 3\n'))
    paper = sources["paper"]
    assert paper.article_pattern == r"-\d+\.html$"
    assert paper.body_selectors == ("article",)
    assert paper.delay == 3.0
    assert paper.province is None


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("colour = 'red'", "unknown key 'colour'"),
        ("article_pattern = '(a'", "article_pattern is not a regular expression"),
        ("article_id_pattern = 'a'", "has no group"),
        ("body_selectors = ['div[']", "body_selectors: 'div\\[' is not a CSS selector"),
        ("link_selector = '>>'", "link_selector: '>>' is not a CSS selector"),
        ("province = 'Atlantis'", "unknown province 'Atlantis'"),
        ("feeds = ['https://khac.example/rss']", "feeds: the host of 'https://khac.example/rss' is missing"),
        ("sitemaps = ['file:///etc/passwd']", "is not an http or https address"),
        ("kind = 'blog'", "kind must be one of newspaper, portal, sample"),
        ("delay = 'slow'", "delay must be of type float, not str"),
        ("delay = true", "delay must be of type float, not bool"),
        ("delay = -1", "delay must not be negative"),
        ("max_attachment_bytes = -1", "max_attachment_bytes must be 0 to"),
        ("enabled = 1", "enabled must be of type bool, not int"),
        ("keep_parameters = 'id'", "keep_parameters must be a list of strings"),
        ("utc_offset = '7'", "utc_offset must look like"),
        ("allow_private_addresses = true", "only for kind"),
        ("serves = ['Atlantis']", "unknown province 'Atlantis'"),
        ("sections = { '/a/' = 'Atlantis' }", "unknown province 'Atlantis'"),
        ("sections = { a = 'Kon Tum' }", "sections: 'a' is no beginning of a path"),
        ("sections = { '/a' = 3 }", "sections must be a table of strings"),
        ("evidence = { body = 'sure' }", "evidence: body = 'sure' is none of"),
        ("evidence = { weather = 'page' }", "evidence: weather = 'page' is none of"),
        ("tls = ['none']", "tls: 'none' is none of legacy, weak"),
        (
            "intermediate_certificates = ['-----BEGIN']",
            "holds what is no certificate",
        ),
        ("valid_until = '30.6.2025'", "valid_until must be a date like 2025-06-30"),
    ],
)
def test_what_cannot_be_used_is_said_with_file_source_and_key(
    tmp_path: Path, line: str, sentence: str
) -> None:
    with pytest.raises(SourceError, match=rf"^sources\.toml: source paper: .*{sentence}"):
        load_sources(written(tmp_path, FAMILY + PAPER + line + "\n"))


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            "[source.a]\nname = 'A'\nkind = 'portal'\nfamily = 'none'\nhosts = ['a.example']\n",
            "unknown family 'none'",
        ),
        (FAMILY + PAPER.replace('hosts = ["bao.example"]', ""), "hosts is missing"),
        (FAMILY + PAPER.replace('["bao.example"]', "[]"), "hosts is empty"),
        (
            FAMILY + PAPER.replace('["bao.example"]', '["https://bao.example"]'),
            "is not a bare lower-case host name",
        ),
        (FAMILY + "name = 'x'\n" + PAPER, "family plain: unknown key 'name'"),
        ("[sauce.a]\n", r"unknown table \[sauce"),
        ("[source.a\n", "not valid TOML"),
        ("source = 3\n", "source must hold tables"),
    ],
)
def test_a_broken_file_is_refused_as_a_whole(tmp_path: Path, text: str, sentence: str) -> None:
    with pytest.raises(SourceError, match=sentence):
        load_sources(written(tmp_path, text))


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"nothing\.toml: cannot be read"):
        load_sources(tmp_path / "nothing.toml")


def test_a_source_that_would_find_nothing_is_reported(tmp_path: Path) -> None:
    text = FAMILY + PAPER.replace('start_urls = ["https://bao.example/"]', "delay = 0.2")
    assert check_sources(written(tmp_path, text)) == [
        "paper: evidence does not say how its host is known.",
        "paper: a delay of 0.2 s is less than the second that papers are owed.",
        "paper: no start_urls, feeds or sitemaps: nothing would be found.",
    ]


def test_the_declared_papers_are_sound() -> None:
    assert check_sources() == []
    rows = [row for row in list_sources() if row.kind != "sample"]
    assert Counter(row.kind for row in rows) == {"newspaper": 68, "portal": 64}
    assert all((row.province and row.disabled_because is None) or not row.enabled for row in rows)
    assert all(row.delay >= LEAST_DELAY[row.kind] for row in rows)


def test_every_province_has_its_paper_and_its_portal() -> None:
    with PROVINCES_PATH.open(encoding="utf-8", newline="") as file:
        former = {row["name"] for row in csv.DictReader(file) if row["list"] == "63"}
    for kind in ("newspaper", "portal"):
        assert {row.province for row in list_sources() if row.kind == kind} == former


def test_nothing_is_called_verified_that_was_not_asked() -> None:
    """Nobody has visited a live site yet: README.md says so, and so does every declaration."""
    for row in list_sources():
        assert "verified" not in row.evidence.values(), row.id
        assert row.kind == "sample" or {"host", "listings"} <= row.evidence.keys(), row.id


def test_sources_are_found_by_province_family_and_state() -> None:
    ids = {row.id for row in list_sources(province="Quảng Bình")}
    assert ids == {"baoquangbinh", "baoquangtri", "quangbinh-portal", "quangtri-portal"}
    assert {row.id for row in list_sources(family="onecms", enabled=False)} == {"baohaiduong"}


def test_a_folder_is_read_as_one_registry(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text(FAMILY, encoding="utf-8")
    (tmp_path / "b.toml").write_text(PAPER, encoding="utf-8")
    assert list(load_sources(tmp_path)) == ["paper"]
    (tmp_path / "c.toml").write_text(PAPER, encoding="utf-8")
    with pytest.raises(SourceError, match=r"^c\.toml: source paper is declared in b\.toml, too"):
        load_sources(tmp_path)
    (tmp_path / "c.toml").write_text(FAMILY, encoding="utf-8")
    with pytest.raises(SourceError, match=r"^c\.toml: family plain is declared twice"):
        load_sources(tmp_path)


def test_an_empty_folder_is_no_registry(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"holds no \.toml file"):
        load_sources(tmp_path)


@pytest.mark.parametrize("host", ["127.0.0.1", "2130706433", "0x7f.1", "0177.0.0.1", "127.1"])
def test_hosts_of_real_sources_are_names(tmp_path: Path, host: str) -> None:
    with pytest.raises(SourceError, match="is an address, not a name"):
        load_sources(written(tmp_path, FAMILY + PAPER.replace("bao.example", host)))


def test_a_source_asks_one_domain(tmp_path: Path) -> None:
    two = '["bao.example", "bao.test"]'
    with pytest.raises(SourceError, match="hosts are of several domains"):
        load_sources(written(tmp_path, FAMILY + PAPER.replace('["bao.example"]', two)))


def test_no_front_page_or_section_looks_like_an_article() -> None:
    for source in load_sources().values():
        for url in (*source.start_urls, *source.feeds, *source.sitemaps):
            assert not is_article(url, source), url


def test_patterns_are_tied_to_the_shape_of_a_path() -> None:
    """A pattern that matches the empty path would take every link for an article."""
    for source in load_sources().values():
        assert not source.article_pattern or not regex.search(source.article_pattern, "/"), source.id
        assert source.article_pattern or not is_article(source.start_urls[0], source), source.id
