"""What is one value, who reports it, and when reports contradict each other."""

from __future__ import annotations

import dataclasses
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlite_utils import Database

from store import derived, observations, schema
from store.database import open_writable
from store.records import Article, Figure
from tests.merge_samples import OTHER_WORDS, merged, printed, report, told_at_length
from tests.store_samples import SENTENCE, figure


@pytest.fixture
def db(tmp_path: Path) -> Database:
    return derived.open_derived(tmp_path / "chiso.db")


def test_two_papers_report_one_observation(db: Database) -> None:
    report(db, printed(1, source="bao"))
    report(db, printed(2, source="cong", sentence=OTHER_WORDS))
    (row,) = merged(db)
    assert (row["figures"], row["articles"], row["sources"], row["conflict"]) == (2, 2, 2, 0)
    assert (row["place_id"], row["indicator_id"], row["period_end"]) == (
        "VN63-51",
        "online_dossiers",
        "2024-03-31",
    )


def test_a_copied_sentence_is_one_source(db: Database) -> None:
    report(db, printed(1, source="bao"))
    report(db, printed(2, source="cong", sentence=SENTENCE.upper()))
    (row,) = merged(db)
    assert (row["figures"], row["sources"]) == (2, 1)


def test_one_paper_that_repeats_itself_is_one_source(db: Database) -> None:
    report(db, printed(1, source="bao"))
    report(db, printed(2, source="bao", sentence=OTHER_WORDS))
    assert merged(db)[0]["sources"] == 1


def test_the_most_confident_figure_is_shown_then_the_newest(db: Database) -> None:
    days = {"a": "2024-04-01", "b": "2024-04-03"}
    same = {
        name: printed(number, source=name, published=day) for number, (name, day) in enumerate(days.items())
    }
    told = {name: report(db, of, confidence=0.7) for name, of in same.items()}
    assert merged(db)[0]["figure_id"] == told["b"].id
    report(db, dataclasses.replace(same["a"], published="2024-04-04"), confidence=0.7)
    assert merged(db)[0]["figure_id"] == told["a"].id
    surest = report(db, printed(3, source="c", published="2024-03-31"), confidence=0.8)
    (row,) = merged(db)
    assert (row["figure_id"], row["published_on"]) == (surest.id, "2024-04-04")


@pytest.mark.parametrize(
    "change",
    [
        {"place_id": "VN34-51"},
        {"locality": "huyện Bình Sơn"},
        {"indicator_id": "other"},
        {"period": "2024-01-01/2024-06-30"},
        {"status": "target"},
        {"kind": "count"},
        {"unit": "người"},
        {"measure": "difference"},
        {"negated": True},
        {"base": "cùng kỳ"},
        {"rules": ("percentage_points",)},
    ],
)
def test_what_differs_is_another_observation(db: Database, change: dict[str, Any]) -> None:
    report(db, printed(1, source="bao"))
    report(db, printed(2, source="cong"), **change)
    assert len(merged(db)) == 2


def test_phrases_without_a_canonical_id_meet_when_their_letters_do(db: Database) -> None:
    report(db, printed(1, source="bao"), indicator_id=None, indicator="Hồ sơ  trực tuyến", unit="Hồ sơ")
    report(db, printed(2, source="cong"), indicator_id=None, indicator="hồ sơ trực tuyến", base=None)
    assert [row["indicator_key"] for row in merged(db)] == ["~ho so truc tuyen"]


def test_figures_of_a_topic_meet_only_when_their_words_do(db: Database) -> None:
    cost: dict[str, Any] = {"kind": "money", "denominator": None, "unit": "VND"}
    cost["indicator_id"] = "project_investment"
    report(db, printed(1, source="bao"), indicator="tổng mức đầu tư cầu Trà Khúc", **cost)
    report(db, printed(2, source="cong"), indicator="Tổng mức đầu tư cầu Trà Khúc", **cost)
    report(db, printed(3, source="so"), indicator="tổng mức đầu tư kè Sa Huỳnh", **cost)
    assert sorted(row["figures"] for row in merged(db)) == [1, 2]


def test_a_longer_word_for_the_unit_of_a_known_indicator_is_the_same_unit(db: Database) -> None:
    poor = {"indicator_id": "poor_households", "kind": "count", "denominator": None}
    report(db, printed(1, source="bao"), unit="hộ", **poor)
    report(db, printed(2, source="cong"), unit="Hộ  nghèo", **poor)
    report(db, printed(3, source="so"), unit="hội", **poor)
    assert sorted(row["figures"] for row in merged(db)) == [1, 2]


def test_without_a_period_the_day_of_publication_counts(db: Database) -> None:
    report(db, printed(1, source="bao", published="2024-04-02T08:00:00+07:00"), period=None)
    report(db, printed(2, source="cong", published="2024-04-02"), period=None)
    report(db, printed(3, source="so", published="2024-04-09"), period=None)
    assert sorted((row["as_of"], row["figures"]) for row in merged(db)) == [
        ("2024-04-02", 2),
        ("2024-04-09", 1),
    ]


@pytest.mark.parametrize("change", [{"place_id": None}, {"indicator": " ", "indicator_id": None}])
def test_what_is_known_too_little_is_not_merged(db: Database, change: dict[str, Any]) -> None:
    report(db, printed(1, source="bao"), **change)
    assert merged(db) == []


def test_a_figure_without_any_date_is_not_merged(db: Database) -> None:
    report(db, printed(1, source="bao", published=None), period=None)
    assert merged(db) == []


def test_a_contradiction_is_marked_and_goes_with_its_cause(db: Database) -> None:
    report(db, printed(1, source="bao"))
    second = printed(2, source="cong")
    report(db, second, value=Decimal(87000))
    (row,) = merged(db)
    assert row["conflict"] == 1
    report(db, second)
    assert [(again["id"], again["conflict"]) for again in merged(db)] == [(row["id"], 0)]


def test_the_order_of_writing_does_not_matter(tmp_path: Path) -> None:
    articles = [printed(number, source=f"s{number}", published=f"2024-04-0{number}") for number in (1, 2, 3)]
    found = []
    for name, order in (("one", articles), ("two", articles[::-1])):
        db = derived.open_derived(tmp_path / f"{name}.db")
        for of in order:
            report(db, of)
        found.append(merged(db))
    assert found[0] == found[1]


def test_an_article_with_several_values_reports_none_of_them(db: Database) -> None:
    listed = printed(1, source="bao", sentence="Xã Ba Tơ: 12 hộ; 30 hộ.")
    told = {"kind": "count", "denominator": None, "unit": "hộ"}
    twelve = figure("12", of=listed, value=Decimal(12), **told)
    thirty = figure("30", of=listed, value=Decimal(30), **told)
    derived.replace_article(db, listed, [twelve, thirty])
    assert merged(db) == []
    other = printed(2, source="cong", sentence="Xã Ba Tơ có 12 hộ.")
    one = report(db, other, surface="12", value=Decimal(12), **told)
    (row,) = merged(db)
    assert (row["figure_id"], row["figures"], row["conflict"]) == (one.id, 1, 0)
    assert db.execute("SELECT id FROM figures WHERE observation_id IS NOT NULL").fetchall() == [(one.id,)]
    derived.replace_article(db, listed, [twelve])
    (row,) = merged(db)
    assert (row["figures"], row["sources"], row["conflict"]) == (2, 2, 0)


def test_a_figure_that_can_no_longer_be_merged_leaves_its_observation(db: Database) -> None:
    of = printed(1, source="bao")
    report(db, of)
    assert len(merged(db)) == 1
    report(db, of, place_id=None)
    assert merged(db) == []
    assert db.execute("SELECT observation_key, observation_id FROM figures").fetchall() == [(None, None)]


def test_the_rules_that_merged_are_noted_and_other_ones_merge_again(db: Database) -> None:
    report(db, printed(1, source="bao"))
    assert observations.merge(db) == 1
    before = db.conn.total_changes
    assert observations.merge(db) == 0
    assert db.conn.total_changes == before
    db.execute("UPDATE meta SET value = 'other' WHERE key = 'merged_by'")
    assert observations.merge(db) == 1


PLANNED = [
    told_at_length(1, source="bao", published="2024-04-02"),
    told_at_length(2, source="cong", published="2024-04-03", sentence=OTHER_WORDS, cut=90),
    printed(3, source="so", published="2024-04-09", sentence=OTHER_WORDS),
    printed(4, source="bao", published="2024-04-12"),
    printed(5, source="dai", published="2024-04-12", title="Đính chính"),
]
VALUES = {"a1": 78000, "a2": 78000, "a3": 78900, "a4": 78500, "a5": 78600}


@settings(max_examples=25)
@given(st.permutations(PLANNED), st.sets(st.integers(0, 4)), st.sampled_from(PLANNED))
def test_the_order_of_articles_and_mergings_does_not_matter(
    order: list[Article], mergings: set[int], changed: Article
) -> None:
    found = []
    for articles, when in ((PLANNED, set()), (order, mergings)):
        db = Database(memory=True)
        db.execute("PRAGMA foreign_keys=ON")
        derived.FIGURES.apply(db)
        for place, of in enumerate(articles):
            value = 1 if of == changed and when else VALUES[of.id]  # replaced below
            derived.replace_article(db, of, told_by(of, value))
            if place in when:
                observations.merge(db)
        derived.replace_article(db, changed, told_by(changed, VALUES[changed.id]))
        found.append((merged(db), roles_of(db)))
        db.close()
    assert found[0] == found[1]
    assert (
        len(found[0][0]) == 4
    )  # the planned one; without a period: of two copies, of one article, of two of one day


def told_by(of: Article, value: int) -> list[Figure]:
    """Return a figure with a period and one without."""
    undated = {"kind": "percent", "denominator": None, "period": None, "unit": "%"}
    return [figure(of=of, value=Decimal(value)), figure("65,5%", of=of, value=Decimal("65.5"), **undated)]


def roles_of(db: Database) -> list[tuple[Any, ...]]:
    return db.execute("SELECT id, observation_id, observation_role FROM figures ORDER BY id").fetchall()


def test_a_database_of_an_older_schema_is_merged_again_by_the_new_rules(tmp_path: Path) -> None:
    new = derived.open_derived(tmp_path / "new.db")
    report(new, printed(1, source="bao", published="2024-04-02"))
    report(new, printed(2, source="bao", published="2024-04-09"), value=Decimal(78500))
    wanted = merged(new)
    old = open_writable(
        tmp_path / "old.db",
        schema.migrations("figures", [schema.m001_articles, schema.m002_figures, schema.m003_observations]),
    )
    for table in ("articles", "figures", "observations"):
        known = list(old[table].columns_dict)
        for row in new[table].rows:
            old[table].insert({name: row[name] for name in known})
    old.execute("UPDATE observations SET id = 'older'")
    old.execute("UPDATE figures SET observation_key = 'older', observation_id = 'older'")
    old.conn.commit()
    old.close()
    assert merged(derived.open_derived(tmp_path / "old.db")) == wanted
