"""The forms of a release: what was stored comes back from every one of them, and always in the same bytes."""

from __future__ import annotations

import csv
import dataclasses
import io
import json
import sqlite3
import zipfile
from collections.abc import Callable
from contextlib import closing
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl.utils.escape import unescape
from sqlite_utils import Database

from store import derived, observations, queries
from store.columns import Column, columns
from store.errors import StoreError
from store.export import export
from store.filters import Filters
from store.release.csv_form import csv_header, csv_lines, guarded
from store.release.edition import Choice
from store.release.forms import FORMATS
from store.release.ndjson_form import ndjson_lines
from store.release.parquet_form import parquet_file
from store.release.sqlite_form import sqlite_file
from store.release.tables import Table, Values
from store.release.xlsx_form import LONGEST_CELL, cut, workbook
from tests.release_samples import contents, fill, rank, read
from tests.store_samples import article, figure, percent

HOSTILE = [
    "=cmd|' /C calc'!A0",
    "-1+1",
    "+84 913",
    "@SUM(1)",
    "\t=1",
    "\r\n=2",
    "＝１＋１",
    'she said "=1", then;\nleft',
    "one\rtwo\r\nthree\nfour",
    "nul \0 bell \x07 escape \x1b[2J del \x7f next \x85",
    "_x0041_ \ufffe\uffff",
    "<r><t>bold</t></r>",
    "</script><script>alert(1)</script> & <!-- ]]>",
    "\u202eright to left\u202c \u2066x\u2069",
    "NA",
    "null",
    "007",
    "1e5",
    " blanks around ",
    "https://bao.example/=1",
    "ắ\u0103\u0301 🇻🇳 𝔘 \u2028 \u2029",
    "dài " * 2500,
]


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> Database:
    """An article for each hostile title, with the title for a sentence, too."""
    path = tmp_path_factory.mktemp("hostile") / "chiso.db"
    with derived.open_derived(path) as writable:
        for number, title in enumerate(HOSTILE):
            of = article(id=f"a{number:02d}", url=f"https://bao.example/{number}", title=title)
            told = dataclasses.replace(
                percent(str(Decimal(-number) / 8), of=of, measure="difference"),
                sentence=title,
                indicator=title,
                base=title,
                indicator_id="poor_households_rate" if number % 2 else None,
            )
            derived.replace_article(writable, of, [told])
        observations.merge(writable)
    return queries.open_readonly(path)


@pytest.fixture(scope="module")
def out(db: Database, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The release of that database in all forms."""
    folder = tmp_path_factory.mktemp("release")
    export(db, folder, formats=FORMATS)
    return folder


def from_xlsx(folder: Path) -> list[str | None]:
    book = openpyxl.load_workbook(folder / "chiso.xlsx", read_only=True)
    rows = book["articles"].iter_rows(values_only=True)
    at = next(rows).index("article_title")
    return [unescape(str(row[at])) for row in rows]


def from_sqlite(folder: Path) -> list[str]:
    with closing(sqlite3.connect(folder / "chiso.sqlite")) as written:
        return [row[0] for row in written.execute("SELECT article_title FROM articles ORDER BY article_id")]


def from_ndjson(folder: Path) -> list[str]:
    lines = (folder / "articles.ndjson").read_bytes().decode().split("\n")
    return [json.loads(line)["article_title"] for line in lines if line]


READERS: dict[str, Callable[[Path], list[Any]]] = {
    "csv": lambda folder: [row["article_title"] for row in read(folder / "articles.csv")],
    "ndjson": from_ndjson,
    "parquet": lambda folder: pq.read_table(folder / "articles.parquet")["article_title"].to_pylist(),
    "sqlite": from_sqlite,
    "xlsx": from_xlsx,
}


@pytest.mark.parametrize("form", READERS)
def test_hostile_titles_pass_unharmed(out: Path, form: str) -> None:
    assert READERS[form](out) == HOSTILE


def test_hostile_titles_are_guarded_for_spreadsheets(out: Path) -> None:
    rows = read(out / "articles-excel.csv", "utf-8-sig")
    assert [row["article_title"] for row in rows] == [guarded(title) for title in HOSTILE]
    assert [row["article_title"][0] for row in rows[:7]] == ["'"] * 7
    numbers = [row["value"] for row in read(out / "figures-excel.csv", "utf-8-sig")]
    assert numbers[1] == "-0.125"


def test_no_cell_of_a_workbook_is_a_formula_or_a_link(out: Path) -> None:
    book = openpyxl.load_workbook(out / "chiso.xlsx")
    names = ["figures", "observations", "articles", "indicators", "codebook", "about"]
    assert book.sheetnames == names
    for sheet in book:
        assert sheet.freeze_panes == "A2"
        for row in sheet.iter_rows():
            assert all(cell.data_type != "f" and cell.hyperlink is None for cell in row)
    first = dict(zip([cell.value for cell in book["figures"][1]], book["figures"][3], strict=True))
    assert (first["value"].value, first["value"].data_type) == (-0.125, "n")
    assert first["period_start"].value == datetime(2024, 1, 1)  # noqa: DTZ001 - a day of Excel has no zone
    assert first["negated"].value is False
    about = {row[0].value: row[1].value for row in book["about"].iter_rows(min_row=2)}
    assert about["rows of figures"] == str(len(HOSTILE))
    assert about["citation"].startswith("Chỉ số (")
    with zipfile.ZipFile(out / "chiso.xlsx") as parts:
        assert not any("external" in name.lower() for name in parts.namelist())


def test_the_same_database_gives_the_same_bytes(db: Database, out: Path, tmp_path: Path) -> None:
    export(db, tmp_path / "again", formats=FORMATS[::-1])
    assert contents(tmp_path / "again") == contents(out)


def test_the_package_holds_all_other_files(out: Path) -> None:
    with zipfile.ZipFile(out / "chiso.zip") as package:
        packed = {name: package.read(name) for name in package.namelist()}
    assert packed == {name: content for name, content in contents(out).items() if name != "chiso.zip"}


def test_columns_of_parquet_have_types(tmp_path: Path) -> None:
    told = [figure(flags=("a", "b")), percent("-0.50", measure="difference"), rank()]
    db = fill(tmp_path / "chiso.db", *told)
    export(db, tmp_path / "out", formats=("parquet",))
    table = pq.read_table(tmp_path / "out" / "figures.parquet")
    kinds = {name: table.schema.field(name).type for name in table.schema.names}
    assert list(kinds) == [column.name for column in columns()["figures"]]
    assert (kinds["value"], kinds["rank"], kinds["negated"]) == (pa.float64(), pa.int64(), pa.bool_())
    assert (kinds["period_start"], kinds["flags"]) == (pa.date32(), pa.list_(pa.string()))
    first, second, third = table.to_pylist()
    assert (first["period_start"], first["flags"], first["surface"]) == (
        date(2024, 1, 1),
        ["a", "b"],
        "78.000/119.000",
    )
    assert (second["value"], second["ratio_num"], third["rank"], third["rank_of"]) == (-0.5, None, 36, 63)
    assert first["crawled_at"].isoformat() == "2024-05-01T00:00:00+00:00"
    assert table.schema.metadata[b"version"]
    assert b"pandas" not in table.schema.metadata


def test_a_day_that_no_calendar_has_is_missing_and_not_the_end(tmp_path: Path) -> None:
    db = fill(tmp_path / "chiso.db", figure(period="2024-02-01/2024-02-30"))
    export(db, tmp_path / "out", formats=("parquet", "xlsx", "csv"))
    (row,) = pq.read_table(tmp_path / "out" / "figures.parquet").to_pylist()
    assert (row["period_start"], row["period_end"]) == (date(2024, 2, 1), None)
    assert row["period"] == "2024-02-01/2024-02-30"
    assert read(tmp_path / "out" / "figures.csv")[0]["period_end"] == "2024-02-30"


def test_sqlite_is_whole_typed_and_indexed(out: Path) -> None:
    with closing(sqlite3.connect(out / "chiso.sqlite")) as written:
        assert written.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert written.execute("PRAGMA foreign_key_check").fetchall() == []
        kinds = {row[1]: row[2] for row in written.execute("PRAGMA table_info(figures)")}
        assert (kinds["value"], kinds["negated"], kinds["record_id"]) == ("REAL", "INTEGER", "TEXT")
        plan = written.execute(
            "EXPLAIN QUERY PLAN SELECT * FROM figures WHERE place_id = 'VN63-51'"
        ).fetchall()
        assert "figures_by_place_id" in plan[0][-1]
        told = dict(written.execute("SELECT name, value FROM about"))
        assert told["rows of articles"] == str(len(HOSTILE))


def test_every_line_of_ndjson_has_every_key_and_exact_numbers(tmp_path: Path) -> None:
    digits = "12345678901234567890.10"
    db = fill(tmp_path / "chiso.db", figure(value=Decimal(digits)))
    export(db, tmp_path / "out", formats=("ndjson",))
    text = (tmp_path / "out" / "figures.ndjson").read_text(encoding="utf-8")
    (row,) = (json.loads(line, parse_float=Decimal) for line in text.splitlines())
    assert list(row) == [column.name for column in columns()["figures"]]
    assert (row["value"], row["flags"], row["rank"], row["negated"]) == (Decimal(digits), [], None, False)


def test_a_table_that_is_too_long_goes_on_in_another_sheet(tmp_path: Path) -> None:
    table = Table(name="figures", columns=(Column(name="n", type="integer", vi="số", en="number"),))
    with workbook(tmp_path / "long.xlsx", "", None, most_rows=3) as begin:
        write = begin(table)
        write([(1,), (2,), (3,)])
        write([(4,), (5,)])
    book = openpyxl.load_workbook(tmp_path / "long.xlsx")
    found = {sheet.title: [cell.value for cell in sheet["A"]] for sheet in book}
    assert found == {"figures": ["n", 1, 2], "figures 2": ["n", 3, 4], "figures 3": ["n", 5]}


@pytest.mark.parametrize("letter", ["x", "ệ", "🇻"])
def test_a_cell_that_is_too_long_is_cut_and_says_so(letter: str) -> None:
    def units(text: str) -> int:
        return len(text.encode("utf-16-le")) // 2

    fits = letter * (LONGEST_CELL // units(letter))
    assert cut(fits) == fits
    cell = cut(fits + letter)
    assert LONGEST_CELL - 2 <= units(cell) <= LONGEST_CELL
    assert cell.endswith(f"{letter} […cut: {len(fits) + 1} characters]")


def test_too_many_columns_for_a_sheet_are_refused(tmp_path: Path) -> None:
    many = tuple(Column(name=f"c{number}", type="text", vi="x", en="x") for number in range(16_385))
    with pytest.raises(StoreError, match="16384"), workbook(tmp_path / "wide.xlsx", "", None) as begin:
        begin(Table(name="wide", columns=many))


ONE = Table(name="one", columns=(Column(name="t", type="text", vi="x", en="x"),))
ANY = st.text(st.characters(exclude_categories=["Cs"]), min_size=1) | st.sampled_from(HOSTILE)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(texts=st.lists(ANY, min_size=1, max_size=5))
def test_any_text_passes_every_form(tmp_path: Path, texts: list[str]) -> None:
    rows: list[Values] = [(text,) for text in texts]
    for name in ("one.xlsx", "one.sqlite", "one.parquet"):
        (tmp_path / name).unlink(missing_ok=True)
    with workbook(tmp_path / "one.xlsx", "", None) as begin:
        begin(ONE)(rows)
    book = openpyxl.load_workbook(tmp_path / "one.xlsx")
    assert [unescape(str(cell.value)) for cell in book["one"]["A"][1:]] == texts
    with sqlite_file(tmp_path / "one.sqlite") as begin:
        begin(ONE)(rows)
    with closing(sqlite3.connect(tmp_path / "one.sqlite")) as written:
        assert [row[0] for row in written.execute("SELECT t FROM one ORDER BY rowid")] == texts
    with parquet_file(tmp_path / "one.parquet", ONE, {}) as write:
        write(rows)
    assert pq.read_table(tmp_path / "one.parquet")["t"].to_pylist() == texts
    lines = b"".join(ndjson_lines(ONE.columns, rows)).decode().split("\n")
    assert [json.loads(line)["t"] for line in lines if line] == texts
    for profile in ("plain", "excel"):
        written_csv = csv_header(ONE.columns, profile) + b"".join(csv_lines(ONE.columns, rows, profile))
        found = list(csv.reader(io.StringIO(written_csv.decode("utf-8-sig"), newline=""), strict=True))
        wanted = texts if profile == "plain" else [guarded(text) for text in texts]
        assert [row[0] for row in found[1:]] == wanted


def test_filters_stand_in_every_file_that_stands_alone(db: Database, tmp_path: Path) -> None:
    chosen = Filters(places=("VN63-51",), query="`=1`\nhai")
    export(db, tmp_path / "out", Choice(filters=chosen), ("xlsx", "sqlite"))
    (book,) = (tmp_path / "out").glob("chiso-filtered-????????.xlsx")
    about = {row[0]: row[1] for row in openpyxl.load_workbook(book)["about"].iter_rows(values_only=True)}
    assert json.loads(about["filter places"]) == ["VN63-51"]
    readme = (tmp_path / "out" / "README.md").read_text(encoding="utf-8")
    assert '- places: `["VN63-51"]`\n- query: `"\'=1\'\\nhai"`\n' in readme
