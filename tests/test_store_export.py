"""The CSV files: every column described, every value back as it was, nothing half written."""

from __future__ import annotations

import csv
import dataclasses
import hashlib
import json
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlite_utils import Database

from store import derived, observations, queries
from store.columns import columns
from store.errors import StoreError
from store.export import csv_lines, export, guarded
from store.periods import period_label, period_type
from store.queries import Filters
from store.records import Figure
from tests.store_samples import SENTENCE, article, figure, percent

TABLES = ("figures", "observations", "articles")


def read(path: Path, encoding: str = "utf-8") -> list[dict[str, str]]:
    with path.open(encoding=encoding, newline="") as file:
        return list(csv.DictReader(file))


def fill(path: Path, *found: Figure, **changes: Any) -> Database:
    """Write one article with figures, and return a connection that reads them."""
    with derived.open_derived(path) as db:
        of = article(**changes)
        derived.replace_article(db, of, found, fetched_at="2024-05-01T00:00:00+00:00", extractor_version="1")
        observations.merge(db)
    return queries.open_readonly(path)


def rank(**changes: Any) -> Figure:
    told = {"kind": "rank", "value": Decimal(36), "denominator": Decimal(63), "unit": "tỉnh"} | changes
    return figure("2024", **told)


@pytest.fixture
def db(tmp_path: Path) -> Database:
    return fill(
        tmp_path / "chiso.db", figure(flags=("a", "b")), percent("-0.50", measure="difference"), rank()
    )


def test_every_file_has_the_columns_that_are_described(tmp_path: Path, db: Database) -> None:
    written = export(db, tmp_path, Filters())
    assert written == {"figures.csv": 3, "observations.csv": 3, "articles.csv": 1}
    for table in TABLES:
        rows = read(tmp_path / f"{table}.csv")
        assert list(rows[0]) == [column.name for column in columns()[table]]
    for described in columns().values():
        assert len({column.name for column in described}) == len(described)
        for column in described:
            assert column.type in ("id", "text", "list", "integer", "number", "boolean", "date", "datetime")
            assert column.vi
            assert column.en


def test_codes_and_labels_numbers_and_dates_stand_side_by_side(tmp_path: Path, db: Database) -> None:
    export(db, tmp_path, Filters())
    ratio, share, place = read(tmp_path / "figures.csv")
    assert (ratio["place_id"], ratio["province_vi"], ratio["unit_regime"]) == ("VN63-51", "Quảng Ngãi", "63")
    assert (ratio["value"], ratio["ratio_num"], ratio["ratio_den"], ratio["pct"]) == (
        "78000",
        "78000",
        "119000",
        "",
    )
    assert (share["value"], share["pct"], share["ratio_num"], share["measure"]) == (
        "-0.50",
        "-0.50",
        "",
        "difference",
    )
    assert (place["rank"], place["rank_of"], place["value_max"]) == ("36", "63", "")
    assert (ratio["period_start"], ratio["period_end"]) == ("2024-01-01", "2024-03-31")
    assert (ratio["period_type"], ratio["period_label"]) == ("quarter", "2024-Q1")
    assert (ratio["negated"], ratio["conflict"], ratio["flags"]) == ("false", "false", "a;b")
    assert (ratio["sentence"], ratio["publisher"], ratio["published_at"]) == (SENTENCE, "bao", "2024-04-02")
    text = article().text
    assert text[int(ratio["span_start"]) : int(ratio["span_end"])] == ratio["surface"]
    assert {row["record_id"] for row in read(tmp_path / "observations.csv")} == {
        row["record_id"] for row in (ratio, share, place)
    }
    assert read(tmp_path / "articles.csv")[0]["figures"] == "3"


def test_a_step_up_a_ranking_is_no_rank(tmp_path: Path) -> None:
    db = fill(tmp_path / "chiso.db", rank(measure="difference", value=Decimal(5), unit="bậc"))
    export(db, tmp_path, Filters())
    (row,) = read(tmp_path / "figures.csv")
    assert (row["value"], row["rank"], row["rank_of"]) == ("5", "", "")


def test_filters_choose_figures_and_what_belongs_to_them(tmp_path: Path, db: Database) -> None:
    assert export(db, tmp_path, Filters(kinds=("percent",))) == {
        "figures.csv": 1,
        "observations.csv": 1,
        "articles.csv": 1,
    }
    none = export(db, tmp_path, Filters(query="khong co"))
    assert set(none.values()) == {0}
    assert (tmp_path / "figures.csv").read_text(encoding="utf-8").count("\n") == 1


def test_articles_without_figures_are_listed_only_when_nothing_is_chosen(tmp_path: Path) -> None:
    db = fill(tmp_path / "chiso.db")
    assert export(db, tmp_path, Filters())["articles.csv"] == 1
    assert export(db, tmp_path, Filters(min_confidence=0.1))["articles.csv"] == 0


def test_the_excel_profile_differs_in_marks_ends_and_guards_only(tmp_path: Path) -> None:
    db = fill(tmp_path / "chiso.db", percent("-3", base='=HYPERLINK("x")'), title="+84 \nhai dòng")
    export(db, tmp_path, Filters())
    plain = (tmp_path / "figures.csv").read_bytes()
    (before,) = read(tmp_path / "figures.csv")
    export(db, tmp_path, Filters(), "excel")
    excel = (tmp_path / "figures.csv").read_bytes()
    (after,) = read(tmp_path / "figures.csv", "utf-8-sig")
    assert not plain.startswith(b"\xef\xbb\xbf")
    assert b"\r" not in plain
    assert excel.startswith(b"\xef\xbb\xbf")
    assert excel.count(b"\r\n") == 2
    changed = {name: (before[name], after[name]) for name in before if before[name] != after[name]}
    assert changed == {
        "base": ('=HYPERLINK("x")', '\'=HYPERLINK("x")'),
        "article_title": ("+84 \nhai dòng", "'+84 \nhai dòng"),
    }
    assert after["value"] == "-3"


TEXTS = st.text(st.characters(exclude_categories=["Cs"])) | st.text(alphabet=" ,;\"'\n\r\t\0=-+@aă")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(texts=st.tuples(TEXTS, TEXTS, TEXTS))
def test_any_text_comes_back(tmp_path: Path, texts: tuple[str, str, str]) -> None:
    title, sentence, indicator = texts
    told = dataclasses.replace(figure(), sentence=sentence, indicator=indicator)
    db = fill(tmp_path / "chiso.db", told, title=title)
    (tmp_path / "rows.csv").write_text(
        "".join(csv_lines(db, "figures", Filters())), encoding="utf-8", newline=""
    )
    (row,) = read(tmp_path / "rows.csv")
    assert (row["article_title"], row["sentence"], row["indicator"]) == (title, sentence, indicator)
    db.close()


@pytest.mark.parametrize(
    "start",
    ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", " =", "\u200b=", "\ufeff @", "\xa0-"],
)
def test_what_starts_like_a_formula_is_guarded(start: str) -> None:
    assert guarded(f"{start}1") == f"'{start}1"


@given(st.text())
def test_the_guard_adds_one_mark_or_nothing(text: str) -> None:
    assert guarded(text) in (text, f"'{text}")
    assert guarded(f"xã {text}") == f"xã {text}"
    assert guarded(guarded(text)) == guarded(text)


def test_progress_counts_rows_of_all_files(tmp_path: Path, db: Database) -> None:
    steps: list[tuple[int, int]] = []
    export(db, tmp_path, Filters(), progress=lambda done, total: steps.append((done, total)))
    assert steps == [(number, 7) for number in range(1, 8)]


def test_an_export_that_fails_leaves_the_old_files(tmp_path: Path, db: Database) -> None:
    out = tmp_path / "out"
    out.mkdir()
    export(db, out, Filters())
    before = {path.name: path.read_bytes() for path in out.iterdir()}

    def stop(done: int, total: int) -> None:
        if done == 5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        export(db, out, Filters(kinds=()), "excel", stop)
    assert {path.name: path.read_bytes() for path in out.iterdir()} == before


def test_what_can_not_be_written_is_named(tmp_path: Path, db: Database) -> None:
    with pytest.raises(StoreError, match=r"cannot be written to .*nowhere"):
        export(db, tmp_path / "nowhere", Filters())
    with pytest.raises(StoreError, match="no export profile 'pdf'"):
        export(db, tmp_path, Filters(), "pdf")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("period", "form", "label"),
    [
        (None, None, None),
        ("/", None, None),
        ("2024-01-01/2024-12-31", "year", "2024"),
        ("2024-07-01/2024-12-31", "half", "2024-H2"),
        ("2024-01-01/2024-06-30", "half", "2024-H1"),
        ("2023-07-01/2023-09-30", "quarter", "2023-Q3"),
        ("2024-10-01/2024-12-31", "quarter", "2024-Q4"),
        ("2024-02-01/2024-02-29", "month", "2024-M02"),
        ("2024-02-01/2024-02-28", "span", "2024-02-01/2024-02-28"),
        ("2024-02-01/2024-04-30", "span", "2024-02-01/2024-04-30"),
        ("2024-01-01/2024-10-31", "span", "2024-01-01/2024-10-31"),
        ("2021-01-01/2025-12-31", "span", "2021/2025"),
        ("2024-05-31/2024-05-31", "day", "2024-05-31"),
        ("/2024-12-03", "until", "../2024-12-03"),
        ("2020-01-01/", "since", "2020-01-01/.."),
        ("2024-02-30/2024-02-31", "span", "2024-02-30/2024-02-31"),
    ],
)
def test_periods_have_short_names(period: str | None, form: str | None, label: str | None) -> None:
    assert (period_type(period), period_label(period)) == (form, label)


READERS = {
    "string": str,
    "list": lambda text: text.split(";"),
    "integer": int,
    "number": Decimal,
    "boolean": {"true": True, "false": False}.__getitem__,
    "date": date.fromisoformat,
    "datetime": datetime.fromisoformat,
}


@pytest.mark.parametrize("profile", ["plain", "excel"])
def test_the_data_package_describes_the_files(tmp_path: Path, db: Database, profile: Any) -> None:
    export(db, tmp_path, Filters(places=("VN63-51",)), profile)
    package = json.loads((tmp_path / "datapackage.json").read_text(encoding="utf-8"))
    assert package["filters"] == {"places": ["VN63-51"]}
    tables = {}
    for resource in package["resources"]:
        content = (tmp_path / resource["path"]).read_bytes()
        assert resource["bytes"] == len(content)
        assert resource["hash"] == f"sha256:{hashlib.sha256(content).hexdigest()}"
        rows = tables[resource["name"]] = read(tmp_path / resource["path"], "utf-8-sig")
        fields = resource["schema"]["fields"]
        assert list(rows[0]) == [field["name"] for field in fields]
        assert resource["rows"] == len(rows)
        for field in fields:
            for row in rows:
                if row[field["name"]]:
                    READERS[field["type"]](row[field["name"]])
        (key,) = resource["schema"]["primaryKey"]
        assert len({row[key] for row in rows}) == len(rows)
    for resource in package["resources"]:
        for reference in resource["schema"].get("foreignKeys", []):
            (column,) = reference["fields"]
            known = {row[column] for row in tables[reference["reference"]["resource"]]} | {""}
            assert {row[column] for row in tables[resource["name"]]} <= known
