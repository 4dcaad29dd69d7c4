"""What the catalogue does not know yet."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlite_utils import Database

from store import derived
from store.unlinked import frequent_runs, unlinked_phrases
from tests.store_samples import article, figure, percent


@pytest.fixture
def db(tmp_path: Path) -> Database:
    db = derived.open_derived(tmp_path / "chiso.db")
    for number, phrase in enumerate(("chợ hạng ba", "Chợ  hạng ba", "bến đò ngang")):
        of = article(id=f"a{number}", url=f"https://bao.example/{number}")
        words = {"of": of, "indicator": phrase, "indicator_id": None}
        derived.replace_article(db, of, [figure(**words), percent(of=of)])
    return db


def test_the_most_frequent_phrase_comes_first_and_linked_figures_are_left_out(db: Database) -> None:
    rows = unlinked_phrases(db, 10)
    assert [(row["figures"], row["articles"], row["places"], row["kind"]) for row in rows] == [
        (2, 2, 1, "ratio"),
        (1, 1, 1, "ratio"),
    ]
    assert rows[0]["phrase"].lower().split() == ["chợ", "hạng", "ba"]
    (example,) = db["figures"].rows_where("id = ?", [rows[1]["example"]])
    assert example["indicator"] == "bến đò ngang"


def test_there_are_no_more_rows_than_asked_for(db: Database) -> None:
    assert len(unlinked_phrases(db, 1)) == 1


def test_runs_that_come_back_are_found_inside_other_phrases() -> None:
    phrases = ["số chợ hạng ba", "chợ hạng ba ở huyện", "chợ hạng nhất", "bến đò ngang"]
    assert frequent_runs(phrases, 10) == [("chợ hạng", 3), ("chợ hạng ba", 2)]
