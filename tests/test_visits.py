"""`chiso sources check` and `chiso crawl --dry-run`: a polite visit to local sites, and none at all."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from chiso import main
from crawler.plan import plan
from store.sources import load_sources
from tests.fault_site import FaultServer, fault_servers

STORY = (
    "<p>Chín tháng đầu năm 2024, toàn huyện trồng mới 1.250 ha rừng, đạt 83% kế hoạch năm.</p>"
    "<p>Đến nay, 14/17 xã đã hoàn thành giao đất, giao rừng cho 3.480 hộ nhận khoán bảo vệ.</p>"
)
PAGE = (
    "<html><head><title>Huyện trồng thêm rừng</title></head><body><h1>Huyện trồng thêm rừng</h1>"
    "<time class='date'>06/11/2024 14:39</time><div id='content'>" + STORY + "</div></body></html>"
)
FRONT = (
    "<html><body><h3><a href='/rung-a1.html'>Rừng</a></h3>"
    "<h3><a href='/lua-a2.html'>Lúa</a></h3></body></html>"
)
FEED = "<link rel='alternate' type='application/rss+xml' href='/rss/home'>"
Visited = tuple[dict[str, Any], dict[str, FaultServer]]
SITES: dict[str, dict[str, Any]] = {
    "sound": {
        "/": [{"body": FRONT.replace("<body>", f"<head>{FEED}</head><body>")}],
        "/rung-a1.html": [{"body": PAGE}],
        "/robots.txt": [{"body": "Sitemap: {base}/sitemap.xml\nUser-agent: *\nCrawl-delay: 0\n"}],
    },
    "undated": {"/": [{"body": FRONT}], "/rung-a1.html": [{"body": PAGE.replace("06/11/2024 14:39", "")}]},
    "bodiless": {"/": [{"body": FRONT}], "/rung-a1.html": [{"body": "<html><title>Ảnh</title></html>"}]},
    "linkless": {"/": [{"body": "<html><body><a href='/lien-he'>Liên hệ</a> Báo điện tử</body></html>"}]},
    "walled": {"/": [{"body": "cookie wall"}]},
    "closed": {"/robots.txt": [{"status": 403}]},
    "forbidden": {"/robots.txt": [{"body": "User-agent: *\nDisallow: /\n"}]},
    "busy": {"/": [{"status": 503}]},
    "broken": {"/robots.txt": [{"raw": ""}]},
    "gone": {"/": [{"body": FRONT}], "/rung-a1.html": [{"status": 404}]},
}
TEMPLATE = """
[source.{name}]
name = "{name}"
family = "local"
kind = "sample"
hosts = ["{host}"]
start_urls = ["{base}/"]
delay = 0
allow_private_addresses = true
"""
FAMILY = """
[family.local]
article_pattern = '-a\\d+\\.html$'
link_selector = "h3 a"
body_selectors = ["#content"]
date_selectors = [".date"]
date_formats = ["%d/%m/%Y %H:%M"]
"""


def registry(path: Path, servers: list[FaultServer]) -> Path:
    sources = [TEMPLATE.format(name=each.name, host=each.host, base=each.base) for each in servers]
    file = path / "local.toml"
    file.write_text(FAMILY + "".join(sources), encoding="utf-8")
    return file


@pytest.fixture(scope="module")
def visited(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[dict[str, Any], dict[str, FaultServer]]]:
    servers = [FaultServer(name, paths) for name, paths in SITES.items()]
    with fault_servers(servers):
        file = registry(tmp_path_factory.mktemp("registry"), servers)
        names = [server.name for server in servers]
        done = CliRunner().invoke(main, ["sources", "check", *names, "--sources", str(file), "--json"])
        assert done.exit_code == 1, done.output
        rows = [json.loads(line) for line in done.stdout.splitlines()]
        assert [row["source"] for row in rows] == names
        yield {row["source"]: row for row in rows}, {server.name: server for server in servers}


def test_a_sound_source_is_seen_in_three_requests(visited: Any) -> None:
    rows, servers = visited
    row, base = rows["sound"], servers["sound"].base
    assert row["problem"] is None
    assert (row["robots"], row["front"], row["article_links"]) == ("rules", "200", 2)
    assert row["feeds"] == [f"{base}/rss/home"]
    assert row["sitemaps"] == [f"{base}/sitemap.xml"]
    assert row["title"] == "Huyện trồng thêm rừng"
    assert row["published"] == "2024-11-06T14:39:00+07:00"
    assert row["body"] > 150
    assert row["doubts"] == []
    assert servers["sound"].asked == {"/robots.txt": 1, "/": 1, "/rung-a1.html": 1}


@pytest.mark.parametrize(
    ("name", "problem", "robots"),
    [
        ("undated", "no trustworthy date in the article", "rules"),
        ("bodiless", "the article is refused as an answer (empty)", "rules"),
        ("linkless", "no link of the front page looks like an article", "rules"),
        ("walled", "the front page is refused as an answer (reload)", "rules"),
        ("closed", "robots.txt forbids", "closed"),
        ("forbidden", "robots.txt forbids", "rules"),
        ("busy", "answered 503", "rules"),
        ("broken", "the connection broke off", "unreadable"),
        ("gone", "answered 404", "rules"),
    ],
)
def test_what_is_not_found_is_said(visited: Any, name: str, problem: str, robots: str) -> None:
    rows, servers = visited
    assert problem in rows[name]["problem"]
    assert rows[name]["robots"] == robots
    assert max(servers[name].asked.values()) == 1
    assert sum(servers[name].asked.values()) <= 3


def test_a_dry_run_asks_nothing(tmp_path: Path) -> None:
    servers = [FaultServer("sound", SITES["sound"])]
    with fault_servers(servers):
        file = registry(tmp_path, servers)
        command = ["crawl", "sound", "--dry-run", "--json", "--sources", str(file)]
        done = CliRunner().invoke(main, [*command, "--pages", str(tmp_path / "pages.db")])
    assert done.exit_code == 0, done.output
    planned = [json.loads(line) for line in done.stdout.splitlines()]
    base = servers[0].base
    assert [(row["what"], row["url"]) for row in planned] == [
        ("robots", f"{base}/robots.txt"),
        ("listing", f"{base}/"),
    ]
    assert not servers[0].asked
    assert not (tmp_path / "pages.db").exists()


def test_real_hosts_are_not_visited_without_a_contact(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CHISO_CONTACT", raising=False)
    done = CliRunner().invoke(main, ["sources", "check", "baonghean"])
    assert done.exit_code == 2
    assert "CHISO_CONTACT" in done.output


def test_a_dry_run_of_all_needs_no_contact_and_keeps_to_declared_hosts(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("CHISO_CONTACT", raising=False)
    sources = load_sources()
    planned = plan([], sources=sources)
    assert {each.source for each in planned} == {
        name for name, source in sources.items() if source.enabled and source.kind != "sample"
    }
    for each in planned:
        assert any(f"//{host}/" in each.url for host in sources[each.source].hosts), asdict(each)
        assert each.delay >= (2.0 if sources[each.source].kind == "portal" else 1.0)


def test_the_registry_is_listed_with_filters_for_machines() -> None:
    done = CliRunner().invoke(main, ["sources", "--province", "quang binh", "--json"])
    assert done.exit_code == 0, done.output
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert sorted(row["id"] for row in rows) == [
        "baoquangbinh",
        "baoquangtri",
        "quangbinh-portal",
        "quangtri-portal",
    ]
    (paper,) = [row for row in rows if row["enabled"]]
    assert paper["evidence"]["article_pattern"] == "crawler"
    done = CliRunner().invoke(main, ["sources", "--family", "onecms", "--disabled"])
    assert "baohaiduong" in done.output
    assert "baonghean" not in done.output


def test_another_registry_is_read_everywhere(tmp_path: Path) -> None:
    broken = tmp_path / "broken.toml"
    broken.write_text("[sauce.x]\n", encoding="utf-8")
    for command in (
        ["sources"],
        ["sources", "lint"],
        ["sources", "check"],
        ["crawl"],
        ["crawl", "--dry-run"],
        ["update"],
        ["extract"],
    ):
        paths = ["--pages", str(tmp_path / "p.db")] if command[0] in ("crawl", "update", "extract") else []
        paths += ["--db", str(tmp_path / "f.db")] if command[0] in ("update", "extract") else []
        done = CliRunner().invoke(main, [*command, "--sources", str(broken), *paths])
        assert done.exit_code == 2, (command, done.output)
        assert "broken.toml: unknown table [sauce]" in done.output.replace("\n", " "), command


def test_lint_tells_doubts_by_its_exit_code(tmp_path: Path) -> None:
    assert CliRunner().invoke(main, ["sources", "lint"]).exit_code == 0
    file = tmp_path / "own.toml"
    file.write_text(
        '[source.a]\nname="A"\nkind="portal"\nfamily="f"\nhosts=["a.example"]\n[family.f]\n', encoding="utf-8"
    )
    done = CliRunner().invoke(main, ["sources", "lint", "--sources", str(file)])
    assert done.exit_code == 1
    assert "a: no article_pattern" in done.output
