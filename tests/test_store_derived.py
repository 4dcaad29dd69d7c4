"""Articles and figures come back exactly, and writing them again changes nothing."""

from __future__ import annotations

import dataclasses
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlite_utils import Database

from store import derived, observations
from store.errors import StoreError
from store.records import Cell, Table
from tests.store_samples import article, figure, percent


@pytest.fixture
def db(tmp_path: Path) -> Database:
    return derived.open_derived(tmp_path / "chiso.db")


def dump(db: Database) -> list[str]:
    return list(db.conn.iterdump())


def search(db: Database, words: str) -> int:
    return int(
        db.execute("SELECT count(*) FROM figures_fts WHERE figures_fts MATCH ?", [words]).fetchone()[0]
    )


def test_an_article_and_its_figures_come_back_as_they_were(db: Database) -> None:
    cells = (
        Cell(row=0, column=0, text="Huyện", header=True),
        Cell(row=1, column=0, text="Trà Bồng", start=3, end=8),
    )
    whole = article(
        lead="Tóm tắt",
        author="An",
        published="2024-04-02T08:00:00+07:00",
        published_raw="2/4/2024",
        tables=(Table(start=0, end=8, cells=cells, caption="Bảng 1", page_number=2),),
        page_starts=(0, 20),
        cleaner_version="3",
    )
    figures = [
        figure(
            value=Decimal("0.1"), value_max=Decimal("12345678901234567890.123"), flags=("pp_or_relative",)
        ),
        percent(
            negated=True,
            restates=60,
            base="tổng số",
            locality="huyện Trà Bồng",
            page_number=2,
            period="/2024-03-31",
        ),
    ]
    assert derived.replace_article(db, whole, figures)
    assert derived.get_article(db, "a1") == whole
    assert derived.get_figures(db, "a1") == figures
    assert (derived.get_article(db, "b"), derived.get_figures(db, "b")) == (None, [])


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    value=st.decimals(allow_nan=False, allow_infinity=False),
    period=st.sampled_from([None, "/", "2024-01-01/"]),
)
def test_every_number_comes_back_exact(db: Database, value: Decimal, period: str | None) -> None:
    derived.replace_article(db, article(), [figure(value=value, period=period)])
    (back,) = derived.get_figures(db, "a1")
    assert (back.value, back.period) == (value, period)


def test_writing_again_changes_nothing(db: Database) -> None:
    assert derived.replace_article(db, article(), [figure(), percent()])
    observations.merge(db)
    before = dump(db)
    assert not derived.replace_article(db, article(), [percent(), figure()])
    assert observations.merge(db) == 0
    assert dump(db) == before


def test_what_is_no_longer_extracted_goes_and_the_rest_keeps_its_row(db: Database) -> None:
    derived.replace_article(db, article(), [figure(), percent()])
    observations.merge(db)
    number = db.execute("SELECT number FROM figures WHERE kind = 'percent'").fetchone()
    assert derived.replace_article(db, article(), [percent("65.4")])
    assert db.execute("SELECT number, value_text FROM figures").fetchall() == [(*number, "65.4")]
    assert observations.merge(db) == 2
    assert db.execute("SELECT kind, value_text FROM observations").fetchall() == [("percent", "65.4")]
    assert search(db, "ngai") == 1


def test_of_two_figures_with_one_id_the_first_is_kept(db: Database) -> None:
    second = dataclasses.replace(percent(), id=figure().id)
    derived.replace_article(db, article(), [figure(), second])
    assert derived.get_figures(db, "a1") == [figure()]


def test_a_removed_article_leaves_nothing_behind(db: Database) -> None:
    table = Table(start=0, end=1, cells=(Cell(row=0, column=0, text="x"),))
    derived.replace_article(db, article(tables=(table,)), [figure()])
    observations.merge(db)
    assert derived.remove_article(db, "a1")
    assert not derived.remove_article(db, "a1")
    observations.merge(db)
    for name in (
        "articles",
        "article_tables",
        "figures",
        "figures_fts",
        "observations",
        "stale_observations",
    ):
        assert db[name].count == 0, name


def test_search_follows_a_changed_title(db: Database) -> None:
    derived.replace_article(db, article(), [figure()])
    assert search(db, "dich vu cong") == 1
    derived.replace_article(db, article(title="Cải cách hành chính"), [figure()])
    assert (search(db, "title: dich"), search(db, "cai cach")) == (0, 1)


def test_copies_of_a_text_have_one_hash(db: Database) -> None:
    other = article(id="a2", url="https://cong.example/1", text=article().text.upper())
    derived.replace_article(db, article(), [])
    derived.replace_article(db, other, [])
    assert db.execute("SELECT count(DISTINCT text_hash) FROM articles").fetchone() == (1,)


def test_a_failed_write_leaves_the_article_as_it_was(db: Database) -> None:
    derived.replace_article(db, article(), [figure()])
    before = dump(db)
    broken = dataclasses.replace(percent(), sentence=None)
    with pytest.raises(StoreError, match=r"chiso\.db.*sentence"):
        derived.replace_article(db, article(title="Khác"), [figure(), broken])
    with pytest.raises(StoreError, match="not valid Unicode"):
        derived.replace_article(db, article(title="\ud800"), [figure()])
    assert dump(db) == before
