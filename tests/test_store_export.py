"""The export and its CSV files: every column described, every value back as it was, nothing half written."""

from __future__ import annotations

import dataclasses
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlite_utils import Database

from store.columns import columns
from store.errors import StoreError
from store.export import export
from store.filters import Filters
from store.periods import period_label, period_type
from store.release.csv_form import guarded
from store.release.edition import Choice
from store.release.selection import checked, indicator_ids
from store.release.stream import chunks
from tests.release_samples import DESCRIPTIONS, TABLES, fill, rank, read, rows_of, three_figures
from tests.store_samples import SENTENCE, article, figure, percent


@pytest.fixture
def db(tmp_path: Path) -> Database:
    return three_figures(tmp_path / "chiso.db")


def test_every_file_has_the_columns_that_are_described(tmp_path: Path, db: Database) -> None:
    out = tmp_path / "out"
    assert rows_of(export(db, out)) == {"figures.csv": 3, "observations.csv": 3, "articles.csv": 1}
    assert {path.name for path in out.iterdir()} == {*(f"{table}.csv" for table in TABLES), *DESCRIPTIONS}
    for table in TABLES:
        rows = read(out / f"{table}.csv")
        assert list(rows[0]) == [column.name for column in columns()[table]]
    for described in columns().values():
        assert len({column.name for column in described}) == len(described)
        for column in described:
            assert column.type in ("id", "text", "list", "integer", "number", "boolean", "date", "datetime")
            assert column.vi
            assert column.en


def test_codes_and_labels_numbers_and_dates_stand_side_by_side(tmp_path: Path, db: Database) -> None:
    export(db, tmp_path / "out")
    ratio, share, place = read(tmp_path / "out" / "figures.csv")
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
    assert {row["article_doubts"] for row in (ratio, share, place)} == {"more_pages;cut_off"}
    text = article().text
    assert text[int(ratio["span_start"]) : int(ratio["span_end"])] == ratio["surface"]
    shown = read(tmp_path / "out" / "observations.csv")
    assert {row["record_id"] for row in shown} == {row["record_id"] for row in (ratio, share, place)}
    assert {row["article_doubts"] for row in shown} == {"more_pages;cut_off"}
    assert {(row["sources"], row["chosen_by"]) for row in shown} == {("1", "only")}
    assert all(row["record_ids"] == row["record_id"] for row in shown)
    assert read(tmp_path / "out" / "articles.csv")[0]["figures"] == "3"


def test_a_step_up_a_ranking_is_no_rank(tmp_path: Path) -> None:
    db = fill(tmp_path / "chiso.db", rank(measure="difference", value=Decimal(5), unit="bậc"))
    export(db, tmp_path / "out")
    (row,) = read(tmp_path / "out" / "figures.csv")
    assert (row["value"], row["rank"], row["rank_of"]) == ("5", "", "")


def test_filters_choose_figures_and_what_belongs_to_them(tmp_path: Path, db: Database) -> None:
    one = rows_of(export(db, tmp_path / "one", Choice(filters=Filters(kinds=("percent",)))))
    assert set(one.values()) == {1}
    none = rows_of(export(db, tmp_path / "none", Choice(filters=Filters(query="khong co"))))
    assert set(none.values()) == {0}
    (table,) = (tmp_path / "none").glob("figures-*.csv")
    assert table.read_text(encoding="utf-8").count("\n") == 1


def test_articles_without_figures_are_listed_only_when_nothing_is_chosen(tmp_path: Path) -> None:
    db = fill(tmp_path / "chiso.db")
    assert rows_of(export(db, tmp_path / "all"))["articles.csv"] == 1
    some = rows_of(export(db, tmp_path / "some", Choice(filters=Filters(min_confidence=0.1))))
    assert set(some.values()) == {0}


def test_the_excel_profile_differs_in_marks_ends_and_guards_only(tmp_path: Path) -> None:
    db = fill(tmp_path / "chiso.db", percent("-3", base='=HYPERLINK("x")'), title="+84 \nhai dòng")
    export(db, tmp_path / "out", formats=("csv", "excel"))
    plain = (tmp_path / "out" / "figures.csv").read_bytes()
    excel = (tmp_path / "out" / "figures-excel.csv").read_bytes()
    (before,) = read(tmp_path / "out" / "figures.csv")
    (after,) = read(tmp_path / "out" / "figures-excel.csv", "utf-8-sig")
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


def test_what_is_streamed_is_what_is_in_the_file(tmp_path: Path, db: Database) -> None:
    filters = Filters(statuses=("actual",))
    export(db, tmp_path / "out", Choice(filters=filters), ("csv", "excel", "ndjson"))
    for table in TABLES:
        for form, end in (("csv", ".csv"), ("excel", "-excel.csv"), ("ndjson", ".ndjson")):
            (path,) = (path for path in (tmp_path / "out").glob(f"{table}-filtered-????????{end}"))
            assert b"".join(chunks(db, table, filters, form)) == path.read_bytes()  # type: ignore[arg-type]


TEXTS = st.text(st.characters(exclude_categories=["Cs"])) | st.text(alphabet=" ,;\"'\n\r\t\0=-+@aă")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(texts=st.tuples(TEXTS, TEXTS, TEXTS))
def test_any_text_comes_back(tmp_path: Path, texts: tuple[str, str, str]) -> None:
    title, sentence, indicator = texts
    told = dataclasses.replace(figure(), sentence=sentence, indicator=indicator)
    db = fill(tmp_path / "chiso.db", told, title=title)
    (tmp_path / "rows.csv").write_bytes(b"".join(chunks(db, "figures", Filters(), "csv")))
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


def test_themes_stand_for_their_indicators_and_unknown_words_are_refused(db: Database) -> None:
    named = indicator_ids(("governance", "poor_households"))
    assert "poor_households" in named
    assert set(indicator_ids(("procedures",))) < set(named)
    assert checked(db, Filters(indicators=named, kinds=("ratio",))).indicators == named
    with pytest.raises(StoreError, match=r"^No indicator or theme is called nothing, nowhere; .*\.$"):
        indicator_ids(("governance", "nothing", "nowhere"))
    with pytest.raises(
        StoreError, match=r"^Nothing here is called so: kinds: f; sources: x y; .* and 1 more\.$"
    ):
        checked(db, Filters(sources=("x\ny", "b", "c", "d", "e"), kinds=("f",)))


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


def test_points_of_percent_are_told_from_percents(tmp_path: Path) -> None:
    told = percent("2", id="points", rules=("percentage_points",), measure="difference")
    db = fill(tmp_path / "chiso.db", told, percent("3", start=40, end=42, id="percent"))
    export(db, tmp_path / "out")
    for table in ("figures", "observations"):
        rows = {row["value"]: row["unit"] for row in read(tmp_path / "out" / f"{table}.csv")}
        assert rows == {"2": "điểm phần trăm", "3": "%"}
