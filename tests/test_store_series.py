"""Values over places and times: what shares an axis, what joins into a line, what is newest."""

from __future__ import annotations

from decimal import Decimal

import pytest

from store import counting, profiles, queries, series
from store.forms import Slot, form_of, percentile, slot_of, step_of
from tests import series_fixture
from tests.series_fixture import KON_TUM, NEW_NGAI, NGAI, NGHE_AN, POVERTY, tell


@pytest.fixture(scope="module")
def db(tmp_path_factory):
    path = series_fixture.build(tmp_path_factory.mktemp("series") / "chiso.db")
    opened = queries.open_readonly(path)
    yield opened
    opened.close()


def row(**known):
    """An observation's row with only what its form needs."""
    usual = {"indicator_id": None, "indicator": "x", "place_id": NGAI, "base": None, "negated": False}
    return usual | {"kind": "count", "unit": None, "value": Decimal(1), "denominator": None} | known


@pytest.mark.parametrize(
    ("known", "code"),
    [
        ({"unit": "Hộ"}, "count~ho"),
        ({"kind": "percent", "unit": "%"}, "percent"),
        ({"kind": "percent", "unit": "%", "base": "Kế hoạch"}, "percent~~ke hoach"),
        ({"kind": "percent", "unit": "%", "negated": True}, "percent~~~not"),
        ({"kind": "rank", "denominator": Decimal(63)}, "rank~63"),
        ({"kind": "rank", "denominator": Decimal(34), "unit": "tỉnh"}, "rank~34"),
        ({"kind": "rank"}, "rank~?63"),
        ({"kind": "rank", "place_id": NEW_NGAI}, "rank~?34"),
        ({"indicator_id": "poor_households", "unit": "hộ nghèo"}, "count~ho"),
        (
            {"indicator_id": "crop_area", "unit": "ha", "indicator": "diện tích lúa"},
            "count~ha~~~dien tich lua",
        ),
    ],
)
def test_what_shares_an_axis_has_one_code(known, code):
    assert form_of(row(**known)).code == code


@pytest.mark.parametrize(
    ("period", "as_of", "slot"),
    [
        ("2024-01-01/2024-12-31", None, Slot("year", "2024", "2024-07-02")),
        ("2024-07-01/2024-09-30", None, Slot("quarter", "2024-Q3", "2024-08-16")),
        ("2024-02-01/2024-02-29", None, Slot("month", "2024-M02", "2024-02-15")),
        ("2024-01-01/2024-06-30", None, Slot("half", "2024-H1", "2024-04-01")),
        ("2024-01-01/2024-09-30", None, Slot("m9", "2024", "2024-09-30")),
        ("/2024-12-03", None, Slot("moment", "2024", "2024-12-03")),
        ("2024-12-03/2024-12-03", None, Slot("moment", "2024", "2024-12-03")),
        (None, "2024-12-05", Slot("moment", "2024", "2024-12-05")),
        ("2021-01-01/2025-12-31", None, Slot("other", "2021/2025", "2025-12-31")),
        ("2024-03-03/", None, Slot("other", "2024-03-03/..", "2024-03-03")),
        (None, None, Slot("moment", "", None)),
    ],
)
def test_when_a_value_holds(period, as_of, slot):
    assert slot_of(period, as_of) == slot


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("2023-01-01/2023-12-31", "2024-01-01/2024-12-31"),
        ("2023-10-01/2023-12-31", "2024-01-01/2024-03-31"),
        ("2023-12-01/2023-12-31", "2024-01-01/2024-01-31"),
        ("2023-07-01/2023-12-31", "2024-01-01/2024-06-30"),
        ("2023-01-01/2023-09-30", "2024-01-01/2024-09-30"),
    ],
)
def test_neighbouring_periods_differ_by_one(before, after):
    assert step_of(slot_of(after, None)) - step_of(slot_of(before, None)) == 1


def test_the_top_is_ahead_of_all_the_others_and_the_last_of_none():
    ranks = [row(kind="rank", value=Decimal(value), denominator=Decimal(63)) for value in (1, 32, 63)]
    assert [percentile(one) for one in ranks] == [100, 50, 0]
    assert percentile(row(kind="rank", value=Decimal(70), denominator=Decimal(63))) is None
    assert percentile(row(kind="rank")) is None


def test_forms_of_an_indicator_are_told_apart(db):
    forms = {outline.form.code: outline.values for outline in series.outlines(db, "poverty_rate")}
    assert forms == {"percent": 9, "percent~~ke hoach": 1}
    ranks = {outline.form.code: outline.values for outline in series.outlines(db, "par_index")}
    assert ranks == {"rank~63": 6, "rank~34": 1, "percentile": 7}
    assert series.outlines(db, "unheard_of") == []


def test_a_line_breaks_where_a_year_is_missing_and_never_joins_a_target(db):
    rows = series.values(db, "poverty_rate", "percent", "year", places=[NGAI])
    assert [(row["status"], row["slot"], row["level"], row["run"]) for row in rows] == [
        ("actual", "2021", 9.5, 1),
        ("actual", "2022", 8.25, 1),
        ("actual", "2024", 5.1, 2),
        ("target", "2025", 4.2, 1),
    ]


def test_a_contradicted_value_says_so(db):
    rows = series.values(db, "poverty_rate", "percent", "year", places=[NGHE_AN], slot="2023")
    assert [row["conflict"] for row in rows] == [True]


def test_the_newest_value_of_each_place(db):
    newest = series.newest_values(db, "poverty_rate", "percent", "year")
    assert {row["place_id"]: row["slot"] for row in newest} == {
        NGHE_AN: "2024",
        NGAI: "2024",
        NEW_NGAI: "2025",
    }
    then = series.newest_values(db, "poverty_rate", "percent", "year", slot="2022")
    assert {row["place_id"]: row["level"] for row in then} == {NGHE_AN: 6.0, NGAI: 8.25}


def test_ranks_of_two_lists_meet_as_percentiles_only(db):
    rows = series.values(db, "par_index", "rank~63", "year")
    assert {row["denominator"] for row in rows} == {63}
    together = series.values(db, "par_index", "percentile", "year", places=[NGAI, NEW_NGAI])
    assert [round(row["level"], 1) for row in together] == [69.7, 43.5, 69.4]


def test_values_of_the_34_are_added_up_or_say_why_not(db):
    homes = {
        row["place_id"]: row for row in series.harmonised_values(db, "poor_households", "count~ho", "year")
    }
    assert homes[NEW_NGAI]["level"] == 27_700
    assert homes[NEW_NGAI]["method"] == "summed"
    assert homes["VN34-40"]["level"] == 30_000
    ranks = {row["place_id"]: row for row in series.harmonised_values(db, "par_index", "rank~63", "year")}
    assert ranks["VN34-40"]["reason"] == "rank_among_63"
    assert not ranks["VN34-40"]["comparable"]


def test_the_sentence_behind_a_value(db):
    (point,) = series.values(db, "poverty_rate", "percent", "year", places=[NEW_NGAI])
    said = series.evidence(db, [point["figure_id"], "unknown"])
    assert list(said) == [point["figure_id"]]
    found = said[point["figure_id"]]
    assert found["sentence"][found["start"] : found["end"]] == "4,4"


def test_the_profile_of_a_province(db):
    entries = {entry.indicator_id: entry for entry in profiles.place_entries(db, NGAI)}
    assert sorted(entries) == ["par_index", "poor_households", "poverty_rate"]
    poverty = entries["poverty_rate"]
    assert (poverty.newest["value"], poverty.newest["slot"]) == (Decimal("3.9"), "2024")
    assert poverty.target["value"] == Decimal("4.2")
    assert [point["level"] for point in poverty.line] == [9.5, 8.25, 5.1]
    assert entries["par_index"].rank["value"] == 20
    assert profiles.place_entries(db, "VN63-01") == []


def test_how_much_there_is_of_an_indicator(db):
    counts = counting.indicator_counts(db)["poverty_rate"]
    assert counts == {"figures": 11, "places": 3, "first": "2021-12-31", "last": "2025-12-31"}


def test_who_reports_of_a_province(db):
    sources = {row["source"]: row["figures"] for row in profiles.place_sources(db, NGHE_AN)}
    assert sources == {"sample-zce": 6, "sample-aid": 1}


def test_days_of_two_years_are_not_joined(tmp_path):
    path = tmp_path / "chiso.db"
    writable = series_fixture.open_derived(path)
    for day in ("2023-06-30", "2023-12-31", "2024-06-30"):
        tell(writable, KON_TUM, "4,5", period=f"/{day}", **POVERTY)
    series_fixture.merge(writable)
    rows = series.values(writable, "poverty_rate", "percent", "moment")
    assert [row["run"] for row in rows] == [1, 1, 2]
    writable.close()
