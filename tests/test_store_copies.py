"""Which articles are copies of one another: equal, nearly equal, shortened; and which only look like it."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlite_utils import Database

from store import derived
from store.copies import find_copies
from store.likeness import alike, words_of_text
from tests.store_samples import article

_SYLLABLES = [f"{first}{rest}" for first in ("b", "ch", "ng", "tr", "x") for rest in ("a", "en", "ôi", "ưng")]
DAY = "2024-05-02"


def story(seed: int, *, words: int = 220, numbers: int = 12) -> str:
    """Return an invented text: its words and numbers depend on the seed alone."""
    chosen = random.Random(seed)
    told = chosen.choices(_SYLLABLES, k=words)
    for place in range(numbers):
        told[place * words // numbers] = str(chosen.randrange(1000, 99999))
    return " ".join(told)


def edited(text: str, *, every: int) -> str:
    """Return the text with each so many-th word exchanged for another; numbers stay."""
    words = text.split()
    return " ".join(
        "khác" if place % every == 1 and not word.isdigit() else word for place, word in enumerate(words)
    )


def renumbered(text: str) -> str:
    return " ".join(str(int(word) + 7) if word.isdigit() else word for word in text.split())


@pytest.fixture
def db(tmp_path: Path) -> Database:
    return derived.open_derived(tmp_path / "chiso.db")


def put(db: Database, number: int, text: str, published: str | None = DAY) -> None:
    of = article(id=f"a{number}", url=f"https://b{number}.example/", text=text, published=published)
    derived.replace_article(db, of, [])


def groups(db: Database) -> list[list[str]]:
    find_copies(db)
    found: dict[str, list[str]] = {}
    for article_id, cluster in db.execute("SELECT article_id, cluster FROM article_clusters"):
        found.setdefault(cluster, []).append(article_id)
    assert all(cluster == min(members) for cluster, members in found.items())
    return sorted(sorted(members) for members in found.values())


@pytest.mark.parametrize(
    ("other", "wanted"),
    [
        (story(1), True),
        (story(1).upper(), True),
        (edited(story(1), every=25), True),
        (" ".join(story(1).split()[:120]), True),  # cut short by another paper
        (f"{story(9, words=40)} {story(1)}", True),  # with an introduction of its own
        (edited(story(1), every=6), False),
        (renumbered(story(1)), False),  # next month's report in the words of this one
        (story(2), False),
    ],
)
def test_near_copies_share_most_runs_of_words_and_most_numbers(other: str, wanted: bool) -> None:
    assert alike(words_of_text(story(1)), words_of_text(other)) is wanted
    assert alike(words_of_text(other), words_of_text(story(1))) is wanted


def test_copies_come_into_one_group_under_the_least_id(db: Database) -> None:
    put(db, 3, story(1))
    put(db, 1, edited(story(1), every=25))
    put(db, 2, story(2))
    put(db, 4, story(1), "2024-05-20")
    assert groups(db) == [["a1", "a3", "a4"], ["a2"]]


def test_short_texts_are_copies_only_when_equal(db: Database) -> None:
    put(db, 1, "Tỉnh có 12 xã đạt chuẩn nông thôn mới trong năm nay.")
    put(db, 2, "Tỉnh có 12 xã đạt chuẩn nông thôn mới trong năm nay.", "2021-01-01")
    put(db, 3, "Tỉnh có 12 xã đạt chuẩn nông thôn mới trong năm rồi.")
    assert groups(db) == [["a1", "a2"], ["a3"]]


def test_a_text_that_comes_again_after_a_month_is_no_near_copy(db: Database) -> None:
    put(db, 1, story(1), "2024-05-02")
    put(db, 2, edited(story(1), every=25), "2024-06-30")
    put(db, 3, edited(story(1), every=30), None)  # an unknown day forbids nothing
    assert groups(db) == [["a1", "a2", "a3"]]
    derived.remove_article(db, "a3")
    assert groups(db) == [["a1"], ["a2"]]


def test_a_group_falls_apart_when_the_copy_between_changes(db: Database) -> None:
    words = story(1, words=300).split()
    put(db, 1, " ".join(words[:200]))
    put(db, 2, " ".join(words))
    put(db, 3, " ".join(words[100:]))
    assert groups(db) == [["a1", "a2", "a3"]]
    put(db, 2, story(5))
    assert groups(db) == [["a1"], ["a2"], ["a3"]]


def test_nothing_new_changes_nothing(db: Database) -> None:
    put(db, 1, story(1))
    put(db, 2, edited(story(1), every=25))
    assert groups(db) == [["a1", "a2"]]
    before = db.conn.total_changes
    assert find_copies(db) == 0
    assert db.conn.total_changes == before


@settings(max_examples=20)
@given(st.permutations(range(6)), st.integers(0, 5))
def test_the_order_of_arrival_does_not_matter(order: list[int], again: int) -> None:
    texts = [
        story(1),
        edited(story(1), every=25),
        " ".join(story(1).split()[:120]),
        story(2),
        story(2),
        renumbered(story(2)),
    ]
    db = Database(memory=True)
    db.execute("PRAGMA foreign_keys=ON")
    derived.FIGURES.apply(db)
    for place, number in enumerate(order):
        put(db, number, texts[number])
        if place == again:
            find_copies(db)
            derived.remove_article(db, f"a{order[0]}")
    put(db, order[0], texts[order[0]])
    assert groups(db) == [["a0", "a1", "a2"], ["a3", "a4"], ["a5"]]
