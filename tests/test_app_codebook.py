"""The codebook, its data dictionary and the page on method and accuracy, run without a browser."""

from __future__ import annotations

import pytest

from app_pages.accuracy import measures, slug
from app_pages.address import LISTS, SINGLES
from app_pages.labels import label, labels
from store.derived import open_derived
from tests import series_fixture
from tests.app_fixture import html, rows, run_page


@pytest.fixture(scope="module")
def database(tmp_path_factory):
    return series_fixture.build(tmp_path_factory.mktemp("codebook") / "chiso.db")


@pytest.fixture
def open_page(database, monkeypatch):
    return lambda page, path=database, **params: run_page(page, path, monkeypatch, **params)


def test_the_codebook_finds_without_diacritics(open_page):
    app = open_page("codebook", q="ho ngheo")
    found = [element.proto.label for element in app.get("page_link")]
    assert "Tỷ lệ hộ nghèo" in found
    assert "Chỉ số cải cách hành chính \\(PAR INDEX\\)" not in found


def test_an_entry_of_the_codebook(open_page):
    app = open_page("codebook", ind="poverty_rate", lang="en")
    shown = html(app)
    assert "<dt>Better is</dt><dd>lower</dd>" in shown
    assert "<dt>Known</dt><dd>11 figures, 3 provinces</dd>" in shown
    assert ["Quảng Ngãi (34, with Kon Tum)", "2025", "4.4%"] in rows(app)


@pytest.mark.parametrize(
    ("lang", "definition", "caveat"),
    [
        ("vi", "Tỷ lệ hộ nghèo theo chuẩn nghèo đang áp dụng.", "Chuẩn nghèo thay đổi"),
        ("en", "Share of households that are poor by the standard in force.", "The standard changed"),
    ],
)
def test_an_entry_is_told_in_the_language_of_the_page(open_page, lang, definition, caveat):
    shown = html(open_page("codebook", ind="poverty_rate", lang=lang))
    assert f'<p class="definition" lang="{lang}">{definition}</p>' in shown
    assert f'<p lang="{lang}">{caveat}' in shown


def test_the_dictionary_explains_every_column(open_page):
    names = {row[0] for row in rows(open_page("codebook", v="columns"))}
    assert {"place_id", "observation_id", "ratio_percent_mismatch", "target"} <= names


def test_the_dictionary_explains_every_parameter(open_page):
    shown = html(open_page("codebook", v="columns", lang="en"))
    for name in (*LISTS, *SINGLES, "reg", "rel"):
        assert f'<th scope="row">{name}</th>' in shown


def test_the_page_about_this_has_the_measures_of_the_readme(open_page):
    app = open_page("about")
    table = measures()
    assert [row[0] for row in rows(app)[1:]] == [
        label("vi", f"accuracy.{slug(name)}") for name, _ in table.rows
    ]
    assert [name for name in table.sets if f"accuracy.{slug(name)}" not in labels()] == []
    whole = dict(table.rows)["whole record (F1)"]
    assert rows(app)[-1][1:] == [cell.replace(".", ",") or "–" for cell in whole]


def test_codebook_and_about_need_no_figures(open_page, tmp_path):
    path = tmp_path / "empty.db"
    open_derived(path).close()
    assert "Tỷ lệ hộ nghèo" in html(open_page("codebook", path=path, ind="poverty_rate"))
    assert open_page("about", path=path).header
    assert "Tỷ lệ hộ nghèo" in html(open_page("codebook", path=tmp_path / "none.db", ind="poverty_rate"))
