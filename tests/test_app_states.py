"""Every page without anything to show: no database, an empty one, one being written, a broken address."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from app_pages.crawls import PAGES_VARIABLE
from app_pages.menu import listed
from app_pages.release_files import FOLDER_VARIABLE
from store.derived import open_derived
from tests import app_fixture

PAGES = (*dict.fromkeys((*listed(), "figure", "review")),)
NEED_NO_FIGURES = ("codebook", "about", "health", "download")
WORDS = "p ind form per period st reg v sort which why theme id src rev unit"
NONSENSE = dict.fromkeys(WORDS.split(), "zzz") | {"from": "abc", "to": "-1", "pg": "-7", "minc": "7"}


@pytest.fixture(scope="module")
def database(tmp_path_factory):
    return app_fixture.build(tmp_path_factory.mktemp("states") / "chiso.db")


@pytest.fixture
def open_page(tmp_path, monkeypatch):
    """Return a function that runs one page of an app that never crawled and made no release."""
    monkeypatch.setenv(PAGES_VARIABLE, str(tmp_path / "pages.db"))
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path / "export"))

    def run(page: str, path: Path, **params: str) -> str:
        return told(app_fixture.run_page(page, path, monkeypatch, **params))

    return run


def told(app: AppTest) -> str:
    """Return all that a page says, and nothing of which may be a program's own words."""
    words = [one.value for kind in (app.text, app.info, app.title, app.header, app.caption) for one in kind]
    return "\n".join([app_fixture.html(app), *words])


@pytest.mark.parametrize("page", PAGES)
def test_no_database(open_page, tmp_path, page):
    shown = open_page(page, tmp_path / "none.db")
    if page not in ("about", "health", "codebook"):
        assert "chiso demo" in shown
    assert "Traceback" not in shown


@pytest.mark.parametrize("page", PAGES)
def test_a_database_without_figures(open_page, tmp_path, page):
    path = tmp_path / "empty.db"
    open_derived(path).close()
    shown = open_page(page, path)
    if page not in NEED_NO_FIGURES:
        assert "còn trống" in shown


@pytest.mark.parametrize("page", PAGES)
def test_a_database_that_is_being_written(open_page, database, page):
    with closing(sqlite3.connect(database)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        writer.execute("DELETE FROM figures")
        shown = open_page(page, database, p="VN63-51")
        writer.rollback()
    assert "không đọc được" not in shown.casefold()
    if page not in ("figure", "about"):
        assert len(shown) > 200


@pytest.mark.parametrize("page", PAGES)
def test_an_address_that_means_nothing(open_page, database, page):
    shown = open_page(page, database, **NONSENSE)
    if page in ("browse", "compare", "map", "province", "conflicts", "download", "codebook"):
        assert "zzz" in shown  # what was not understood is named
    if page == "figure":
        assert "Không có số liệu nào mang mã này" in shown
