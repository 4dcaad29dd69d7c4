"""`chiso update` and `chiso status` as cron and people see them: exit codes, one line of JSON, sentences."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator
from configparser import ConfigParser
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from filelock import FileLock

import chiso
from benchmarks.local_paper import Paper, serving
from crawler.counters import FAILED, REFUSED
from store.frontier import Lead, add_leads, lease, mark_failed
from store.pages import finish_run, open_pages, start_run
from store.status import source_status
from tests.conftest import command

NOW = datetime(2026, 11, 22, 6, tzinfo=UTC)
REGISTRY = """
[family.local]
article_pattern = '^/tin-[\\w-]*a\\d+\\.html$'
article_id_pattern = '-a(\\d+)\\.html$'
body_selectors = ["article"]

[source.song-bo]
name = "Báo Sông Bờ"
kind = "sample"
family = "local"
hosts = ["127.0.0.1"]
start_urls = ["http://127.0.0.1:{port}/muc-0"]
delay = 0
allow_private_addresses = true
"""


@pytest.fixture(scope="module")
def paper() -> Iterator[Paper]:
    with serving(Paper(articles=3, sections=1)) as running:
        yield running


def test_an_update_is_one_line_for_machines_and_a_code_for_cron(paper: Paper, tmp_path: Path) -> None:
    registry = tmp_path / "sources.toml"
    registry.write_text(REGISTRY.replace("{port}", str(paper.port)), encoding="utf-8")
    pages, db = tmp_path / "pages.db", tmp_path / "chiso.db"
    words = ("song-bo", "--sources", registry, "--pages", pages)
    with FileLock(f"{db}.lock"):
        held = command("update", *words, "--db", db)
    assert held.exit_code == 2
    assert held.output == f"Error: Another update of {db} is running.\n"
    done = command("update", *words, "--db", db, "--budget", "10m", "--json")
    assert done.exit_code == 0, done.output
    (line,) = done.stdout.splitlines()
    told = json.loads(line)
    assert (told["exit_code"], told["sources"], told["outcomes"]) == (0, 1, {"finished": 1})
    assert (told["fetched"], told["articles"], told["look_at"]) == (3, 3, [])
    seen = command("status", *words, "--json")
    assert seen.exit_code == 0
    assert json.loads(seen.stdout)["last_article"].startswith("20")
    shown = " ".join(command("status", *words).stdout.split())
    assert "song-bo ok " in shown


def test_a_length_of_time_that_is_none_is_told(tmp_path: Path) -> None:
    wrong = command("update", "--budget", "soon", "--db", tmp_path / "chiso.db")
    assert wrong.exit_code == 2
    assert "write 90s, 30m or 2h" in wrong.output


def test_status_tells_what_broke_and_what_is_owed(tmp_path: Path) -> None:
    with closing(open_pages(tmp_path / "pages.db")) as db:
        for day in range(20, 3, -1):
            moment = NOW - timedelta(days=day)
            run = start_run(db, "bao", moment.isoformat())
            counters = {"fetched": 10, "listing_pages": 3, "timeout": 1, "captcha": 2, "requests": 20}
            finish_run(db, run, moment.isoformat(), counters)
        quiet = start_run(db, "bao", (NOW - timedelta(hours=1)).isoformat())
        finish_run(db, quiet, NOW.isoformat(), {"known": 9, "listing_pages": 3, "requests": 4})
        leads = [
            Lead(key=name, kind="article", url=f"https://bao.example/{name}", newest="2026-11-20")
            for name in ("cho", "hong")
        ]
        add_leads(db, "bao", leads, run=quiet)
        first = lease(db, "bao", run=quiet, owner="o", now=NOW.isoformat(), until="9", count=1)[0]
        mark_failed(db, first.number, now=NOW.isoformat(), reason="gone", weight=9, next_at=None)
        bao, moi = source_status(db, ["bao", "moi"], errors=FAILED, refusals=REFUSED, now=NOW)
    assert bao.state == "silent"
    assert bao.problem == "Nothing new for 4 days. It used to give 10 articles a day."
    assert (bao.per_day, bao.requests) == (round(40 / 7, 1), 17 * 20 + 4)
    assert (dict(bao.errors), dict(bao.refusals)) == ({"timeout": 17}, {"captcha": 34})
    assert (bao.waiting, bao.set_aside) == (1, 1)
    assert (moi.state, moi.last_run, moi.requests) == ("never", None, 0)


def test_what_deploy_starts_is_a_command_that_exists() -> None:
    folder = Path(chiso.__file__).parent / "deploy"
    service = ConfigParser(interpolation=None, strict=False)
    service.optionxform = str  # type: ignore[assignment,method-assign]
    service.read(folder / "chiso-update.service")
    cron = (folder / "crontab").read_text().splitlines()[-1]
    for line in (service["Service"]["ExecStart"], cron.partition("&& ")[2].partition(" >>")[0]):
        program, *words = shlex.split(line)
        assert program.endswith(".venv/bin/chiso")
        with chiso.main.make_context("chiso", words) as context:
            name, _, rest = chiso.main.resolve_command(context, words)
            update = chiso.main.get_command(context, str(name))
            assert update is not None
            with update.make_context(name, rest, parent=context) as parsed:
                assert parsed.params["budget"] == 2400
                assert parsed.params["as_json"]
