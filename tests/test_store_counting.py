"""Counts on columns are those of the figures that there are, refreshed or not, whatever the filters."""

from __future__ import annotations

from collections import Counter
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlite_utils import Database

from store import counting, figure_columns, queries
from store.derived import open_derived
from store.filters import REVIEWS, SORTS, Filters, order_sql, where_sql
from store.keys import POINTS, POINTS_RULE, TOLD_UNIT
from tests import app_fixture

FILTERS = st.builds(
    Filters,
    places=st.lists(st.sampled_from(["VN63-51", "VN34-51", "VN63-40", "VN", "zzz"]), max_size=2).map(tuple),
    indicators=st.lists(
        st.sampled_from(["par_index", "poor_household_homes", "~ho so", "x"]),
        max_size=2,
    ).map(tuple),
    kinds=st.lists(st.sampled_from(["ratio", "rank", "count", "money"]), max_size=2).map(tuple),
    statuses=st.lists(st.sampled_from(["actual", "target"]), max_size=2).map(tuple),
    units=st.lists(st.sampled_from(["%", "hộ", "tỉnh", POINTS, "hải lý"]), max_size=2).map(tuple),
    sources=st.lists(st.sampled_from(["sample-aid", "sample-zce", "none"]), max_size=2).map(tuple),
    reviews=st.lists(st.sampled_from(REVIEWS), max_size=2).map(tuple),
    period_from=st.sampled_from([None, "2023", "2023-12", "2024-06-30", "2025"]),
    period_to=st.sampled_from([None, "2022", "2023-01", "2023-12-31", "2024"]),
    query=st.sampled_from([None, "", "ho so", "truc tuyen", "quang ngai 2023", "!!"]),
    min_confidence=st.sampled_from([None, 0.5, 0.9, 1.0]),
    latest=st.sampled_from([None, True]),
    duplicates=st.sampled_from([None, "canon"]),
)


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with fresh chunks, figures written since, and reviews of each sort."""
    path = app_fixture.build(tmp_path_factory.mktemp("counting") / "chiso.db")
    with closing(open_derived(path)) as db:
        for number, review in enumerate((*REVIEWS[1:], "rejected"), start=3):
            db.execute("UPDATE figures SET review = ? WHERE number = ?", [review, number])
        db.conn.commit()
        figure_columns.refresh(db)
        db.execute("UPDATE figures SET confidence = 0.4, source = 'new paper' WHERE number % 5 = 0")
        db.execute("DELETE FROM figures WHERE number = 7")
        db.execute(
            "UPDATE figures SET rules = json_array(?) WHERE number IN"
            " (SELECT number FROM figures WHERE unit = '%' LIMIT 2)",
            [POINTS_RULE],
        )
        db.conn.commit()
    return path


def rows(db: Database, filters: Filters) -> list[dict[str, object]]:
    condition, values = where_sql(filters)
    found = db.query(f"SELECT *, {TOLD_UNIT} AS told_unit FROM figures WHERE {condition}", values)
    return [{**row, "unit": row["told_unit"]} for row in found]


@given(FILTERS)
def test_columns_count_what_the_filters_find(path: Path, filters: Filters) -> None:
    with closing(queries.open_readonly(path)) as db:
        found = rows(db, filters)
        assert counting.count_figures(db, filters) == len(found)
        waiting = [row for row in found if row["review"] is None and float(str(row["confidence"])) < 0.7]
        numbers, _ = counting.doubtful(db, filters, below=0.7)
        assert sorted(numbers) == sorted(row["number"] for row in waiting)
        counted = counting.facets(db, filters)
        for name, field in counting.FACETS.items():
            left = rows(db, Filters(**{**as_dict(filters), name: ()}))
            assert dict(counted[name]) == Counter(row[field] for row in left if row[field] is not None)
        for year, count in counted["years"]:
            assert counting.count_figures(db, replace(filters, period_from=year, period_to=year)) == count


def as_dict(filters: Filters) -> dict[str, object]:
    return {name: getattr(filters, name) for name in Filters.__dataclass_fields__}


def test_a_chunk_is_stale_from_a_change_to_the_next_refresh(tmp_path: Path) -> None:
    with closing(open_derived(app_fixture.build(tmp_path / "chiso.db"))) as db:
        assert db["stale_chunks"].count == 0
        before = counting.count_figures(db, Filters(kinds=("rank",)))
        for change in (
            "UPDATE figures SET kind = 'score'",
            "DELETE FROM figures",
        ):
            change += " WHERE number = (SELECT min(number) FROM figures WHERE kind = 'rank')"
            db.execute(change)
            assert db["stale_chunks"].count == 1
            before -= 1
            assert counting.count_figures(db, Filters(kinds=("rank",))) == before
            figure_columns.refresh(db)
            assert db["stale_chunks"].count == 0
            assert counting.count_figures(db, Filters(kinds=("rank",))) == before
        db.execute("UPDATE figures SET surface = 'x'")  # is not counted by
        assert db["stale_chunks"].count == 0


def test_a_transaction_that_is_given_up_leaves_the_columns_right(tmp_path: Path) -> None:
    with closing(open_derived(app_fixture.build(tmp_path / "chiso.db"))) as db:
        db.execute("BEGIN")
        db.execute("DELETE FROM figures")
        figure_columns.refresh(db)
        assert counting.count_figures(db, Filters()) == 0
        db.execute("ROLLBACK")
        assert counting.count_figures(db, Filters()) == app_fixture.FIGURES


@pytest.mark.parametrize("day", ["2024-05-31", "2024-05", "2024", None])
def test_days_as_numbers_come_back(day: str | None) -> None:
    assert figure_columns.day_of(figure_columns.day_number(day)) == day


def test_numbers_of_days_sort_as_their_texts() -> None:
    days = ["2023", "2023-12", "2023-12-31", "2024", "2024-01-01"]
    assert sorted(days, key=figure_columns.day_number) == sorted(days)
    assert figure_columns.day_number("2024", last=True) > figure_columns.day_number("2024-12-31")
    assert figure_columns.day_number("20x4") == 0


@given(FILTERS, st.sampled_from(sorted(SORTS)), st.booleans(), st.integers(-1, 60), st.integers(-1, 60))
def test_a_page_is_the_one_that_sql_would_give(
    path: Path, filters: Filters, sort: str, descending: bool, limit: int, offset: int
) -> None:
    filters = replace(filters, sort=sort, descending=descending)
    condition, values = where_sql(filters)
    sql = f"SELECT id FROM figures WHERE {condition} ORDER BY {order_sql(filters)}"
    with closing(queries.open_readonly(path)) as db:
        whole = [row["id"] for row in db.query(sql, values)]
        found = queries.list_figures(db, filters, limit, offset)
    first = max(0, offset)
    assert [row["id"] for row in found] == whole[first : first + max(0, limit)]
