"""Reviews outlive builds: of the same figures, of others, of none."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from store import derived, queries
from store.errors import StoreError
from store.filters import Filters
from store.review_history import list_reviews
from store.review_log import reviews_beside
from store.reviews import confirm, correct, reject, undo
from tests.build_site import Site, page
from tests.review_samples import lan, shown, states
from tests.stand_ins import load, load_other


@pytest.fixture
def site(tmp_path: Path) -> Site:
    made = Site(tmp_path)
    made.add(page("one", "12 hồ sơ"), page("two", "30 hồ sơ"))
    made.build()
    return made


def of_value(site: Site, value: int) -> str:
    with queries.open_readonly(site.db) as db:
        return next(row["id"] for row in queries.list_figures(db, Filters(), 9) if row["value"] == value)


def rejected_and_corrected(site: Site) -> tuple[str, str]:
    twelve, thirty = of_value(site, 12), of_value(site, 30)
    reject(site.db, twelve, lan())
    correct(site.db, thirty, {"value": "31"}, lan())
    return twelve, thirty


def test_reviews_survive_extracting_everything_again(site: Site) -> None:
    twelve, thirty = rejected_and_corrected(site)
    before = site.dump()
    done = site.build(everything=True, load=load)
    assert (done.pages, done.changed_articles, done.observations) == (2, 0, 0)
    assert site.dump() == before
    assert (shown(site.db, twelve)["review"], shown(site.db, thirty)["value"]) == ("rejected", Decimal(31))


def test_reviews_survive_the_deletion_of_the_figures(site: Site) -> None:
    rejected_and_corrected(site)
    before, seen = contents(site), list_reviews(site.db)
    site.db.unlink()
    assert list_reviews(site.db) == seen
    site.build()
    assert contents(site) == before
    assert list_reviews(site.db) == seen


def contents(site: Site) -> list[Any]:
    with derived.open_derived(site.db) as db:
        return [sorted(map(str, db[name].rows)) for name in ("figures", "observations", "standing_reviews")]


def test_a_confirmation_of_other_values_counts_no_more(site: Site) -> None:
    twelve, thirty = of_value(site, 12), of_value(site, 30)
    confirm(site.db, twelve, lan())
    correct(site.db, thirty, {"locality": "xã Sơn Mỹ"}, lan())
    site.build(load=load_other)
    seen = shown(site.db, twelve), shown(site.db, thirty)
    assert [(one["value"], one["review"]) for one in seen] == [(24, None), (60, "corrected")]
    assert states(site.db) == ["outdated", "outdated"]
    site.build(load=load)
    assert shown(site.db, twelve)["review"] == "confirmed"
    assert states(site.db) == ["holds", "holds"]


def test_a_review_without_its_figure_is_kept_and_listed(site: Site) -> None:
    twelve, _ = rejected_and_corrected(site)
    site.add(page("one", "captcha", fetched_at="2024-05-01T00:00:00+00:00"))
    site.build()
    assert states(site.db) == ["orphaned", "holds"]
    undo(site.db, 1, lan())
    assert states(site.db) == ["undone", "holds", "undo"]
    site.add(page("one", "12 hồ sơ", fetched_at="2024-06-01T00:00:00+00:00"))
    site.build()
    assert shown(site.db, twelve)["review"] is None


def test_a_build_carries_out_what_waits_and_misses_a_lost_file(site: Site, tmp_path: Path) -> None:
    twelve, _ = rejected_and_corrected(site)
    kept = reviews_beside(site.db).rename(tmp_path / "kept.db")
    with pytest.raises(StoreError, match=r"2 reviews were applied .* is gone"):
        site.build()
    confirm(tmp_path / "chiso.db", twelve, lan(), reviews_path=kept)
    site.build(reviews_path=kept)
    assert shown(site.db, twelve)["review"] == "confirmed"
