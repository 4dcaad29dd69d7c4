"""Frozen releases: made once, read and fetched by their id, and never written again."""

from __future__ import annotations

import csv
import io
import json
from contextlib import closing
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from app_pages import data, release_files, server
from store.derived import open_derived
from store.errors import StoreError
from store.releases import find_frozen, freeze, list_frozen
from tests import app_fixture
from tests.app_fixture import FIGURES, RATIO_ID, html, run_page
from tests.conftest import command


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return app_fixture.build(tmp_path / "chiso.db")


@pytest.fixture
def releases(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(data.RELEASES_VARIABLE, str(tmp_path / "releases"))
    monkeypatch.setenv(release_files.FOLDER_VARIABLE, str(tmp_path / "none"))
    return tmp_path / "releases"


def lose_a_figure(database: Path, built: str = "2026-06-01T08:00:00+00:00") -> None:
    with closing(open_derived(database)) as db:
        db.execute("DELETE FROM figures WHERE id = ?", [RATIO_ID])
        db.execute("INSERT OR REPLACE INTO meta VALUES ('built_at', ?)", [built])
        db.conn.commit()


def test_the_same_data_are_released_once(database, releases):
    words = ("release", "--db", database, "--releases", releases, "--json")
    first, again = (json.loads(command(*words).output) for _ in range(2))
    assert [one["new"] for one in (first, again)] == [True, False]
    assert first["release"] == again["release"]
    lose_a_figure(database)
    second, new = freeze(database, releases)
    assert new
    assert [one.id for one in list_frozen(releases)] == [second.id, first["release"]]
    assert all(not file.stat().st_mode & 0o222 for file in second.folder.iterdir())
    with pytest.raises(StoreError, match="no release"):
        find_frozen(releases, "../..")
    assert list_frozen(releases / "nowhere") == []


def test_a_release_that_cannot_be_written_leaves_nothing(database, tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(StoreError, match="cannot be written"):
        freeze(database, tmp_path / "file" / "releases")
    with pytest.raises(StoreError, match="does not exist"):
        freeze(tmp_path / "none.db", tmp_path / "releases")
    assert list((tmp_path / "releases").iterdir()) == []


def test_pages_and_files_of_a_release_stay_as_they_were(database, releases, monkeypatch):
    frozen, _ = freeze(database, releases)
    lose_a_figure(database)
    newer, _ = freeze(database, releases)
    shown = html(run_page("browse", database, monkeypatch, rel=frozen.id))
    assert f"{FIGURES} số liệu" in shown
    assert f"bản phát hành {frozen.id}" in shown
    assert f"bản mới hơn: {newer.id}" in shown
    assert f"{FIGURES - 1} số liệu" in html(run_page("browse", database, monkeypatch))
    told = html(run_page("download", database, monkeypatch, rel=frozen.id, lang="en"))
    assert f'href="download/{frozen.id}/figures.csv"' in told
    assert f'href="download?rel={newer.id}&amp;lang=en"' in told
    missing = run_page("browse", database, monkeypatch, rel="2020.1.1-00000000")
    assert any("không có bản phát hành 2020.1.1-00000000" in text.value for text in missing.text)

    monkeypatch.setenv(data.DATABASE_VARIABLE, str(database))
    with TestClient(Starlette(routes=list(server.ROUTES))) as client:
        for rel, count in ((frozen.id, FIGURES), (newer.id, FIGURES - 1)):
            rows = csv.DictReader(io.StringIO(client.get("/api/figures.csv", params={"rel": rel}).text))
            assert len(list(rows)) == count
        assert client.get(f"/api/figure/{RATIO_ID}.json").status_code == 404
        assert client.get(f"/api/figure/{RATIO_ID}.json", params={"rel": frozen.id}).status_code == 200
        assert client.get("/api/figures.csv?rel=x").status_code == 404
        file = f"/download/{frozen.id}/figures.csv"
        assert client.get(file, headers={"range": "bytes=0-8"}).content == b"record_id"
        assert client.get(f"/download/{frozen.id}/chiso.db").status_code == 404
        assert client.get("/download/2020.1.1-00000000/figures.csv").status_code == 404
