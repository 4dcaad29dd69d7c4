"""Which reports agree, and which copies, editions and corrections decide what is shown."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from sqlite_utils import Database

from store import derived
from store.agreement import Reported, agree
from tests.merge_samples import OTHER_WORDS, merged, printed, report, told_at_length
from tests.store_samples import SENTENCE, figure


@pytest.fixture
def db(tmp_path: Path) -> Database:
    return derived.open_derived(tmp_path / "chiso.db")


def said(
    value: str, surface: str, comparator: str = "eq", most: str | None = None, whole: str | None = None
) -> Reported:
    return Reported(
        value=Decimal(value),
        value_max=most and Decimal(most),  # type: ignore[arg-type]
        denominator=whole and Decimal(whole),  # type: ignore[arg-type]
        comparator=comparator,
        surface=surface,
    )


@pytest.mark.parametrize(
    ("one", "other", "wanted"),
    [
        (said("15000000000", "15 tỷ"), said("15234000000", "15,234 tỷ"), True),
        (said("15000000000", "15 tỷ"), said("15634000000", "15,634 tỷ"), False),
        (said("65.1", "65,1%"), said("65", "65%"), True),
        (said("65.1", "65,1%"), said("65.5", "65,5%"), False),
        (said("60", "60%"), said("60.4", "60,4%"), True),
        (said("100", "100"), said("103", "103"), False),
        (said("1E+2", "100"), said("103", "103"), False),
        (said("334000", "334 nghìn", "gt"), said("334900", "334.900"), True),
        (said("334000", "334 nghìn", "gt"), said("335900", "335.900"), False),
        (said("78000", "78.000", "gt"), said("78412", "78.412"), True),
        (said("15000000000", "15 tỷ", "approx"), said("14300000000", "14,3 tỷ"), True),
        (said("90", "90-100%", most="100"), said("96", "96%"), True),
        (said("-20", "20-40%", most="-40"), said("-31", "31%"), True),
        (said("24", "24/29", whole="29"), said("24", "24"), True),
        (said("24", "24/29", whole="29"), said("24", "24/30", whole="30"), False),
        (said("0", "0"), said("0.0", "0,0"), True),
    ],
)
def test_reports_agree_as_far_as_they_are_exact(one: Reported, other: Reported, wanted: bool) -> None:
    assert agree([one, other]) is wanted
    assert agree([other, one]) is wanted
    assert agree([one])


def test_copies_of_an_article_are_one_report_even_when_a_paper_rewords_the_sentence(db: Database) -> None:
    report(db, told_at_length(1, source="bao"))
    report(db, told_at_length(2, source="cong", sentence=OTHER_WORDS, cut=90))
    report(db, printed(3, source="so", sentence=SENTENCE.replace("giải quyết", "đã xử lý")))
    (row,) = merged(db)
    assert (row["figures"], row["articles"], row["sources"]) == (3, 3, 2)
    derived.remove_article(db, "a1")
    assert [(row["figures"], row["sources"]) for row in merged(db)] == [(2, 2)]


def test_without_a_period_copies_are_of_the_day_of_the_first(db: Database) -> None:
    days = {1: "2024-04-05", 2: "2024-04-02", 3: "2024-04-03"}
    for number, day in days.items():
        report(db, told_at_length(number, source=f"s{number}", published=day), period=None)
    report(db, printed(4, source="so", published="2024-04-03", sentence=OTHER_WORDS), period=None)
    assert sorted((row["as_of"], row["figures"], row["sources"]) for row in merged(db)) == [
        ("2024-04-02", 3, 1),
        ("2024-04-03", 1, 1),
    ]
    again = told_at_length(1, source="s1", published=days[1])
    assert not derived.replace_article(db, again, [figure(of=again, period=None)])  # nothing new
    derived.remove_article(db, "a2")
    assert sorted((row["as_of"], row["figures"], row["sources"]) for row in merged(db)) == [
        ("2024-04-03", 3, 2),
    ]


def test_reports_that_share_a_paper_or_a_sentence_are_one(db: Database) -> None:
    report(db, printed(1, source="bao"))
    report(db, printed(2, source="bao", sentence=OTHER_WORDS))
    report(db, printed(3, source="cong", sentence=OTHER_WORDS))
    report(db, printed(4, source="so", sentence=SENTENCE.replace("giải quyết", "đã xử lý")))
    assert [(row["figures"], row["sources"]) for row in merged(db)] == [(4, 2)]


def test_a_later_edition_takes_the_place_of_an_earlier_one_and_both_are_kept(db: Database) -> None:
    first = report(db, printed(1, source="bao", published="2024-04-02"))
    later = report(db, printed(2, source="bao", published="2024-04-09"), value=Decimal(78500))
    (row,) = merged(db)
    assert (row["figure_id"], row["chosen_by"], row["revised"], row["conflict"]) == (
        later.id,
        "later_edition",
        1,
        0,
    )
    roles = dict(db.execute("SELECT id, observation_role FROM figures"))
    assert roles == {first.id: "superseded", later.id: None}
    derived.remove_article(db, "a2")
    (row,) = merged(db)
    assert (row["figure_id"], row["chosen_by"], row["revised"]) == (first.id, "only", 0)


def test_a_title_or_a_sentence_that_corrects_decides(db: Database) -> None:
    report(db, printed(1, source="bao", published="2024-04-02"))
    right = report(
        db,
        printed(2, source="cong", published="2024-04-09", title="Đính chính về hồ sơ trực tuyến"),
        value=Decimal(78500),
    )
    assert [(row["figure_id"], row["chosen_by"]) for row in merged(db)] == [(right.id, "correction")]
