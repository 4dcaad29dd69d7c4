"""The wide shape and the harmonised values: nothing is put into one cell that does not belong together."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from sqlite_utils import Database

from store import derived, observations, queries
from store.errors import StoreError
from store.export import Release, export
from store.filters import Filters
from store.release import stream
from store.release.edition import Choice, Conflicts, Shape
from tests.conftest import command
from tests.merge_samples import COUNT, tell
from tests.release_samples import contents, read

# Quảng Ngãi of today is the old one and Kon Tum.
NGAI, KON_TUM, NEW_NGAI = "VN63-51", "VN63-62", "VN34-51"
YEAR = "2024-01-01/2024-12-31"
SCORE = COUNT | {"kind": "score", "unit": "điểm", "indicator_id": "pci"}
RANK = COUNT | {"kind": "rank", "unit": None, "indicator_id": "pci"}


def reported(path: Path, *reports: tuple[str, str, dict[str, Any]]) -> Database:
    """Write a report each, merge them, and return a connection that reads them."""
    with derived.open_derived(path) as db:
        tell(db, *reports)
        observations.merge(db)
    return queries.open_readonly(path)


def wide(db: Database, out: Path, conflicts: Conflicts = "refuse", **chosen: Any) -> list[dict[str, str]]:
    release = export(db, out, Choice(shape="wide", conflicts=conflicts, **chosen))
    return read(out / next(iter(release.files)))


def cells(row: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in row.items() if "__" in name and value}


def test_places_and_periods_are_rows_and_indicators_columns(tmp_path: Path) -> None:
    db = reported(
        tmp_path / "chiso.db",
        (NGAI, "15.400", {}),
        (NGAI, "61,25", SCORE),
        (KON_TUM, "12.300", {}),
        (KON_TUM, "11.000", {"period": "2023-01-01/2023-12-31"}),
    )
    rows = wide(db, tmp_path / "out")
    told = [
        (row["place_id"], row["province_vi"], row["period_label"], row["status"], cells(row)) for row in rows
    ]
    assert told == [
        (
            NGAI,
            "Quảng Ngãi",
            "2024",
            "actual",
            {"poor_households__count_ho": "15400", "pci__score_diem": "61.25"},
        ),
        (KON_TUM, "Kon Tum", "2023", "actual", {"poor_households__count_ho": "11000"}),
        (KON_TUM, "Kon Tum", "2024", "actual", {"poor_households__count_ho": "12300"}),
    ]


def test_actual_and_target_are_never_in_one_row(tmp_path: Path) -> None:
    db = reported(tmp_path / "chiso.db", (NGAI, "15.400", {}), (NGAI, "14.000", {"status": "target"}))
    assert [(row["status"], cells(row)) for row in wide(db, tmp_path / "out")] == [
        ("actual", {"poor_households__count_ho": "15400"}),
        ("target", {"poor_households__count_ho": "14000"}),
    ]


def test_ranks_among_63_and_34_are_never_in_one_column(tmp_path: Path) -> None:
    db = reported(
        tmp_path / "chiso.db",
        (NGAI, "36/63", RANK | {"denominator": Decimal(63)}),
        (KON_TUM, "41", RANK),
        (NEW_NGAI, "20/34", RANK | {"denominator": Decimal(34)}),
        (NEW_NGAI, "21", RANK | {"period": "2025-01-01/2025-12-31"}),
        ("VN", "5", RANK),
    )
    assert [cells(row) for row in wide(db, tmp_path / "out")] == [
        {"pci__rank_unstated_country": "5"},
        {"pci__rank_of_34": "20"},
        {"pci__rank_unstated_34": "21"},
        {"pci__rank_of_63": "36"},
        {"pci__rank_unstated_63": "41"},
    ]


def test_forms_of_an_indicator_have_columns_of_their_own(tmp_path: Path) -> None:
    db = reported(
        tmp_path / "chiso.db",
        (NGAI, "24/30", {"kind": "ratio", "denominator": Decimal(30)}),
        (NGAI, "80", {"kind": "percent", "unit": "%"}),
        (NGAI, "3,5", {"kind": "percent", "unit": "%", "measure": "difference", "base": "cùng kỳ"}),
        (NGAI, "4,5", {"kind": "percent", "unit": "%", "measure": "difference", "base": "kế hoạch"}),
        (NGAI, "100", {"negated": True}),
        (NGAI, "9.000", {"comparator": "gt"}),
        (NGAI, "50", {"unit": "thôn", "value_max": Decimal(60)}),
        (NGAI, "70", {"locality": "huyện Trà Bồng"}),
    )
    whole, locality = wide(db, tmp_path / "out")
    assert cells(whole) == {
        "poor_households__ratio_ho__num": "24",
        "poor_households__ratio_ho__den": "30",
        "poor_households__percent": "80",
        "poor_households__percent_change__vs_cung_ky": "3.5",
        "poor_households__percent_change__vs_ke_hoach": "4.5",
        "poor_households__count_ho_not": "100",
        "poor_households__count_ho": "9000",
        "poor_households__count_ho__comparator": "gt",
        "poor_households__count_thon": "50",
        "poor_households__count_thon__max": "60",
    }
    assert (locality["locality"], cells(locality)["poor_households__count_ho"]) == ("huyện Trà Bồng", "70")


def test_conflicts_are_refused_left_empty_or_marked_as_is_chosen(tmp_path: Path) -> None:
    db = reported(
        tmp_path / "chiso.db",
        (NGAI, "15.400", {}),
        (NGAI, "16.900", {"confidence": 0.95}),
        (KON_TUM, "12.300", {}),
    )
    out = tmp_path / "out"
    with pytest.raises(StoreError) as refused:
        wide(db, out)
    assert str(refused.value) == (
        "Reports contradict each other in 1 cell of the wide table (Quảng Ngãi (VN63-51) 2024 actual "
        "poor_households__count_ho): choose --conflicts leave-empty or --conflicts mark, or the long shape, "
        "which has them all."
    )
    assert not out.exists()
    name = "poor_households__count_ho"
    assert [cells(row) for row in wide(db, tmp_path / "empty", "leave-empty")] == [{}, {name: "12300"}]
    assert [cells(row) for row in wide(db, tmp_path / "marked", "mark")] == [
        {name: "16900", f"{name}__conflict": "true"},
        {name: "12300"},
    ]
    readme = (tmp_path / "marked" / "README.md").read_text(encoding="utf-8")
    assert "contradict each other, filled with the surer report and marked: 1." in readme


def test_observations_whose_words_differ_do_not_slip_into_one_cell(tmp_path: Path) -> None:
    # Two bases that are one in letters without diacritics have two columns.
    change = {"kind": "percent", "unit": "%", "measure": "difference"}
    db = reported(
        tmp_path / "chiso.db",
        (NGAI, "3", change | {"base": "số - cũ"}),
        (NGAI, "4", change | {"base": "số cũ"}),
        (NGAI, "5", change | {"base": "SỐ CŨ", "period": "2023-01-01/2023-12-31"}),
    )
    name = "poor_households__percent_change__vs_so_cu"
    assert [cells(row) for row in wide(db, tmp_path / "out")] == [
        {f"{name}_2": "5"},
        {name: "3", f"{name}_2": "4"},
    ]


def test_what_is_left_out_is_counted(tmp_path: Path) -> None:
    from store.indicators import topics

    db = reported(
        tmp_path / "chiso.db",
        (NGAI, "15.400", {}),
        (NGAI, "7", {"indicator_id": None}),
        (NGAI, "8", {"indicator_id": min(topics())}),
    )
    release: Release = export(db, tmp_path / "out", Choice(shape="wide"))
    assert release.notes == (
        "Left out of the wide table: 1 observations without an indicator of the catalogue.",
        "Left out of the wide table: 1 observations of topics, which measure several things.",
    )
    assert release.files["wide.csv"] == 1
    assert all(note in (tmp_path / "out" / "README.md").read_text(encoding="utf-8") for note in release.notes)


def test_harmonised_values_stand_beside_those_reported(tmp_path: Path) -> None:
    db = reported(
        tmp_path / "chiso.db", (NGAI, "15.400", {}), (KON_TUM, "12.300", {}), (NGAI, "61,25", SCORE)
    )
    release = export(db, tmp_path / "out", Choice(harmonise=True))
    assert [
        release.files[f"{name}.csv"] for name in ("figures", "observations", "harmonised", "articles")
    ] == [
        3,
        3,
        2,
        3,
    ]
    score, count = sorted(
        read(tmp_path / "out" / "harmonised.csv"), key=lambda row: row["kind"], reverse=True
    )
    known = {row["observation_id"] for row in read(tmp_path / "out" / "observations.csv")}
    assert (count["place_id"], count["unit_regime"], count["value"]) == (NEW_NGAI, "34", "27700")
    assert (count["method"], count["comparable"], count["reason"]) == ("summed", "true", "")
    assert len(set(count["observation_ids"].split(";")) & known) == 2
    assert (score["value"], score["method"], score["reason"]) == ("", "none", "not_additive")


def test_harmonised_values_in_wide_shape(tmp_path: Path) -> None:
    db = reported(
        tmp_path / "chiso.db",
        (NGAI, "15.400", {}),
        (KON_TUM, "12.300", {}),
        (NGAI, "61,25", SCORE),
        (NGAI, "9.000", {"period": "2022-01-01/2022-12-31"}),
    )
    (row,) = wide(db, tmp_path / "out", harmonise=True)
    assert (row["place_id"], row["period_label"], cells(row)) == (
        NEW_NGAI,
        "2024",
        {"poor_households__count_ho": "27700"},
    )
    readme = (tmp_path / "out" / "README.md").read_text(encoding="utf-8")
    assert "because they cannot be compared: incomplete 1, not_additive 1." in readme
    chosen = Filters(places=(NGAI,), period_from="2024", period_to="2024")
    (again,) = wide(db, tmp_path / "chosen", harmonise=True, filters=chosen)
    assert cells(again) == cells(row)


def test_a_part_of_the_reports_is_not_added_up(tmp_path: Path) -> None:
    db = reported(tmp_path / "chiso.db", (NGAI, "15.400", {}))
    with pytest.raises(StoreError, match=r"need all reports: leave out the filter 'sources'\."):
        export(db, tmp_path / "out", Choice(harmonise=True, filters=Filters(sources=("bao0",))))
    export(db, tmp_path / "out", Choice(harmonise=True))  # and the connection is as good as before


@pytest.mark.parametrize("shape", ["long", "wide"])
def test_an_export_that_is_stopped_can_be_done_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, shape: Shape
) -> None:
    years = [{"period": f"{year}-01-01/{year}-12-31"} for year in range(1990, 2005)]
    reports = [(place, "15.400", year) for year in years for place in (NGAI, KON_TUM)]
    db = reported(tmp_path / "chiso.db", *reports)
    choice = Choice(shape=shape, harmonise=True)
    steps: list[int] = []

    def stop(done: int, total: int) -> None:
        steps.append(done)
        if total - done < 42:
            raise KeyboardInterrupt

    monkeypatch.setattr(stream, "_BATCH", 7)  # so that it is stopped within a table
    with pytest.raises(KeyboardInterrupt):
        export(db, tmp_path / "out", choice, progress=stop)
    assert steps
    assert not (tmp_path / "out").exists()
    release = export(db, tmp_path / "out", choice)
    assert release.files["harmonised.csv" if shape == "long" else "wide_harmonised.csv"] == len(years)


def test_the_wide_table_has_every_form_and_the_same_bytes(tmp_path: Path) -> None:
    db = reported(tmp_path / "chiso.db", (NGAI, "15.400", {}), (NGAI, "61,25", SCORE), (NGAI, "36", RANK))
    formats = ("csv", "excel", "xlsx", "parquet", "ndjson", "sqlite", "package")
    for name in ("one", "two"):
        export(db, tmp_path / name, Choice(shape="wide", conflicts="mark"), formats)
    assert contents(tmp_path / "one") == contents(tmp_path / "two")
    book = openpyxl.load_workbook(tmp_path / "one" / "chiso.xlsx")
    assert book.sheetnames == ["wide", "indicators", "codebook", "about"]


def test_the_command_refuses_conflicts_with_exit_code_2(tmp_path: Path) -> None:
    reported(tmp_path / "chiso.db", (NGAI, "15.400", {}), (NGAI, "16.900", {})).close()
    asked = ("export", "--out", tmp_path / "out", "--db", tmp_path / "chiso.db", "--shape", "wide")
    refused = command(*asked)
    assert refused.exit_code == 2
    assert "Quảng Ngãi (VN63-51) 2024 actual poor_households__count_ho" in refused.output
    taken = command(
        *asked, "--conflicts", "leave-empty", "--harmonise", "34", "--indicator", "poverty", "--json"
    )
    assert taken.exit_code == 0
