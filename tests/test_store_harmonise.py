"""Values of the 34 units: reported, added up from all parts, or told why they cannot be compared."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlite_utils import Database

from store import derived, harmonise, observations
from store.harmonise import Amount, Harmonised, add, harmonised
from tests.merge_samples import tell

# Quảng Ngãi of today is the old one and Kon Tum; Huế stayed; Phú Thọ is three.
NGAI, KON_TUM, NEW_NGAI, OLD_HUE, NEW_HUE = "VN63-51", "VN63-62", "VN34-51", "VN63-46", "VN34-46"


@pytest.fixture
def db(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Database:
    known = {"poor_households": {"additive": True}, "pci": {"additive": False}, "unsaid": {}}
    monkeypatch.setattr(harmonise, "catalogue", lambda: MappingProxyType(known))
    return derived.open_derived(tmp_path / "chiso.db")


def found(db: Database, **filters: Any) -> list[Harmonised]:
    observations.merge(db)
    return list(harmonised(db, **filters))


def only(db: Database) -> tuple[Any, ...]:
    (row,) = found(db)
    return (row.place_id, row.value, row.method, row.comparable, row.reason)


def test_counts_of_all_parts_are_added(db: Database) -> None:
    tell(db, (NGAI, "15.400", {}), (KON_TUM, "12.300", {"comparator": "gt"}))
    (row,) = found(db)
    assert (row.place_id, row.value, row.comparator) == (NEW_NGAI, Decimal(27700), "gt")
    assert (row.method, row.comparable, row.reason, row.missing) == ("summed", True, None, ())
    assert len(row.observations) == 2


def test_of_ratios_numerators_and_denominators_are_added(db: Database) -> None:
    ratio = {"kind": "ratio"}
    tell(
        db,
        (NGAI, "24/30", ratio | {"denominator": Decimal(30)}),
        (KON_TUM, "10/20", ratio | {"denominator": Decimal(20)}),
    )
    (row,) = found(db)
    assert (row.value, row.denominator, row.comparable) == (Decimal(34), Decimal(50), True)


def test_a_missing_part_is_named_and_nothing_is_added(db: Database) -> None:
    tell(db, (NGAI, "15.400", {}))
    (row,) = found(db)
    assert (row.value, row.method, row.comparable, row.reason) == (None, "none", False, "incomplete")
    assert row.missing == (KON_TUM,)


def test_three_parts_need_three_reports(db: Database) -> None:
    tell(db, ("VN63-17", "1.000", {}), ("VN63-25", "2.000", {}))
    assert only(db)[2:] == ("none", False, "incomplete")
    tell(db, ("VN63-26", "3.000", {}))
    assert only(db) == ("VN34-25", Decimal(6000), "summed", True, None)


def test_a_part_in_conflict_spoils_the_sum(db: Database) -> None:
    tell(db, (NGAI, "15.400", {}), (NGAI, "16.900", {}), (KON_TUM, "12.300", {}))
    assert only(db) == (NEW_NGAI, None, "none", False, "conflict")


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"kind": "percent", "unit": "%"}, "not_additive"),
        ({"kind": "score", "unit": "điểm"}, "not_additive"),
        ({"kind": "multiple", "unit": "lần"}, "not_additive"),
        ({"kind": "rank", "unit": None}, "rank_among_63"),
        ({"indicator_id": "pci"}, "not_additive"),
        ({"indicator_id": "unsaid"}, "not_additive"),
        ({"indicator_id": None}, "not_additive"),
        ({"kind": "ratio"}, "no_denominator"),
    ],
)
def test_what_cannot_be_added_is_not(db: Database, changes: dict[str, Any], reason: str) -> None:
    tell(db, (NGAI, "20", dict(changes)), (KON_TUM, "30", dict(changes)))
    assert only(db) == (NEW_NGAI, None, "none", False, reason)


@pytest.mark.parametrize(
    "change",
    [
        {"period": "2023-01-01/2023-12-31"},
        {"status": "target"},
        {"unit": "người"},
        {"base": "kế hoạch"},
        {"negated": True},
    ],
)
def test_parts_of_different_things_are_not_put_together(db: Database, change: dict[str, Any]) -> None:
    tell(db, (NGAI, "15.400", {}), (KON_TUM, "12.300", change))
    assert [row.reason for row in found(db)] == ["incomplete", "incomplete"]


def test_figures_of_a_topic_are_put_together_by_their_own_words(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(harmonise, "topics", lambda: frozenset({"poor_households"}))
    tell(
        db,
        (NGAI, "15.400", {"indicator": "hộ trồng quế"}),
        (KON_TUM, "12.300", {"indicator": "hộ trồng sâm"}),
    )
    assert [row.reason for row in found(db)] == ["incomplete", "incomplete"]


def test_a_unit_reports_its_own_times(db: Database) -> None:
    later = {"published": "2026-01-20", "period": "2025-01-01/2025-12-31"}
    tell(db, (NEW_NGAI, "26.000", later))
    assert only(db) == (NEW_NGAI, Decimal(26000), "reported", True, None)


@pytest.mark.parametrize(
    ("parts", "comparable", "reason"),
    [
        ((), False, "territory_unclear"),
        (((NGAI, "15.400", {}),), False, "territory_unclear"),
        (((NGAI, "15.400", {}), (KON_TUM, "12.300", {})), True, None),
        (((NGAI, "15.400", {}), (KON_TUM, "12.900", {})), False, "differs"),
    ],
)
def test_a_time_before_the_merger_told_after_it_needs_its_parts(
    db: Database, parts: Any, comparable: bool, reason: str | None
) -> None:
    tell(db, (NEW_NGAI, "27.700", {"published": "2025-09-01"}), *parts)
    assert only(db) == (NEW_NGAI, Decimal(27700), "reported", comparable, reason)


def test_a_territory_that_stayed_is_compared_across_the_merger(db: Database) -> None:
    tell(db, (OLD_HUE, "5,2%", {"kind": "percent", "unit": "%"}))
    assert only(db) == (NEW_HUE, Decimal("5.2"), "reported", True, None)
    tell(db, (NEW_HUE, "5,4%", {"kind": "percent", "unit": "%", "published": "2025-09-01"}))
    assert only(db) == (NEW_HUE, Decimal("5.4"), "reported", False, "conflict")


@pytest.mark.parametrize(
    ("place", "whole", "reason"),
    [
        (OLD_HUE, 63, "rank_among_63"),
        (OLD_HUE, None, "rank_among_63"),
        (NEW_HUE, 63, "rank_among_63"),
        (NEW_HUE, 34, None),
        (NEW_HUE, None, None),
    ],
)
def test_ranks_of_two_lists_are_not_compared(
    db: Database, place: str, whole: int | None, reason: str | None
) -> None:
    rank = {"kind": "rank", "unit": None, "denominator": whole and Decimal(whole)}
    tell(db, (place, "12", rank))
    assert only(db)[2:] == ("reported", reason is None, reason)


def test_a_conflict_of_reports_of_the_unit_is_told(db: Database) -> None:
    later = {"published": "2026-01-20", "period": "2025-01-01/2025-12-31"}
    tell(db, (NEW_NGAI, "26.000", dict(later)), (NEW_NGAI, "29.000", dict(later)))
    assert only(db)[2:] == ("reported", False, "conflict")


def test_localities_and_the_country_are_left_out(db: Database) -> None:
    tell(db, (NGAI, "400", {"locality": "huyện Trà Bồng"}), ("VN", "900.000", {}))
    assert found(db) == []


def test_only_what_is_named(db: Database) -> None:
    tell(
        db,
        (NGAI, "15.400", {}),
        (KON_TUM, "12.300", {}),
        (OLD_HUE, "7.100", {}),
        (OLD_HUE, "61", {"indicator_id": "pci"}),
    )
    assert [row.place_id for row in found(db, places=[KON_TUM])] == [NEW_NGAI]
    assert [row.value for row in found(db, places=[NEW_HUE], indicators=["poor_households"])] == [7100]
    assert len(found(db)) == 3
    assert found(db, kinds=["money"]) == found(db, statuses=["target"]) == []


AMOUNTS = st.builds(
    lambda value, most, whole, comparator: Amount(
        Decimal(value),
        most and Decimal(value + most),
        whole and Decimal(whole),
        comparator,
        (Decimal(value - 1), Decimal(value + 1)),
    ),
    st.integers(-1000, 1000),
    st.none() | st.integers(1, 50),
    st.none() | st.integers(1, 5000),
    st.sampled_from(["eq", "approx", "gt", "ge", "lt", "le"]),
)


@given(st.lists(AMOUNTS, min_size=2, max_size=5), st.randoms())
def test_sums_do_not_depend_on_the_order_and_bracket_their_parts(amounts: list[Amount], chance: Any) -> None:
    shuffled = list(amounts)
    chance.shuffle(shuffled)
    total = add(amounts)
    assert total == add(shuffled)
    assert total.bounds[0] <= total.value <= total.bounds[1]
    assert (total.denominator is None) is any(amount.denominator is None for amount in amounts)
    assert total.value_max is None or total.value_max >= total.value


@pytest.mark.parametrize(
    ("parts", "whole"),
    [
        (("eq", "eq"), "eq"),
        (("eq", "gt"), "gt"),
        (("ge", "gt"), "gt"),
        (("eq", "ge"), "ge"),
        (("lt", "le"), "lt"),
        (("gt", "lt"), "approx"),
        (("approx", "gt"), "approx"),
    ],
)
def test_how_a_sum_is_bounded(parts: tuple[str, ...], whole: str) -> None:
    one = Decimal(1)
    assert add([Amount(one, None, None, part, (one, one)) for part in parts]).comparator == whole
