"""Which of several reports is shown, and by what rule; never a mean."""

from __future__ import annotations

import itertools
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.agreement import Reported
from store.choice import Report, choose
from store.merge_words import corrects, is_correction, is_estimate


def report(
    name: str,
    value: str,
    surface: str,
    day: str = "2024-04-02",
    *,
    source: str | None = None,
    comparator: str = "eq",
    whole: str | None = None,
    **changes: object,
) -> Report:
    said = Reported(
        value=Decimal(value),
        value_max=None,
        denominator=None if whole is None else Decimal(whole),
        comparator=comparator,
        surface=surface,
    )
    known = {"confidence": 0.8, "canonical": True, "corrects": False, "estimate": False, "cluster": name}
    return Report(figure_id=name, source=source or name, published_on=day, said=said, **(known | changes))  # type: ignore[arg-type]


BIG, BIGGER = ("16800000000", "16,8 tỷ"), ("15634000000", "15,634 tỷ")
REPORTS = {
    found.figure_id: found
    for found in (
        report("exact", "15234000000", "15,234 tỷ"),
        report("exact_again", "15234000000", "15,234 tỷ", confidence=0.9),
        report("rounded", "15000000000", "15 tỷ", confidence=0.95),
        report("over", "78000", "78.000", comparator="gt"),
        report("all", "78412", "78.412"),
        report("part", "24", "24"),
        report("ratio", "24", "24/29", whole="29"),
        report("other", *BIG),
        report("other_later", *BIG, "2024-06-01"),
        report("correction", *BIG, "2024-04-03", corrects=True),
        report("correction_same_day", *BIG, corrects=True),
        report("estimate", "8.1", "8,1%", estimate=True),
        report("estimate_later", "8.1", "8,1%", "2024-05-01", estimate=True),
        report("final", "7.9", "7,9%"),
        report("final_later", "7.9", "7,9%", "2024-05-01"),
        report("bao_first", "120", "120", source="bao"),
        report("bao_next", "125", "125", "2024-04-20", source="bao"),
        report("bao_first_copied", "120", "120", "2024-04-30", cluster="bao_first"),
        report("bao_undated", "120", "120", "", source="bao"),
        report("bao_phrase", "120", "120", source="bao", canonical=False),
        report("bao_next_phrase", "125", "125", "2024-04-20", source="bao", canonical=False),
        report("bao_exact", *BIGGER, source="bao"),
        report("bao_rounded_later", "15000000000", "15 tỷ", "2024-04-20", source="bao"),
        report("against", "140", "140", "2024-04-21"),
    )
}


@pytest.mark.parametrize(
    ("names", "shown", "rule", "conflict", "revised"),
    [
        ("exact", "exact", "only", False, False),
        ("exact exact_again", "exact_again", "same", False, False),
        ("rounded exact", "exact", "most_exact", False, False),
        ("over all", "all", "most_exact", False, False),
        ("part ratio", "ratio", "most_exact", False, False),
        ("exact other", "exact", "unresolved", True, False),
        ("exact other_later", "other_later", "unresolved", True, False),
        ("exact correction", "correction", "correction", False, True),
        ("exact correction_same_day", "correction_same_day", "unresolved", True, False),
        ("estimate final_later", "final_later", "final_over_estimate", False, True),
        ("final estimate_later", "estimate_later", "unresolved", True, False),
        ("bao_first bao_next", "bao_next", "later_edition", False, True),
        ("bao_first bao_first_copied bao_next", "bao_next", "later_edition", False, True),
        ("bao_phrase bao_next_phrase", "bao_next_phrase", "unresolved", True, False),
        ("bao_exact bao_rounded_later", "bao_rounded_later", "unresolved", True, False),
        ("bao_first bao_next against", "against", "unresolved", True, True),
        ("bao_undated bao_next", "bao_next", "unresolved", True, False),
    ],
)
def test_the_rule_that_chooses(names: str, shown: str, rule: str, conflict: bool, revised: bool) -> None:
    for order in itertools.permutations(names.split()):
        choice = choose([REPORTS[name] for name in order])
        found = (choice.shown.figure_id, choice.rule, choice.conflict, choice.revised)
        assert found == (shown, rule, conflict, revised)


def test_every_report_has_a_role() -> None:
    first = report("first", "120", "120", source="bao")
    later = report("later", "125", "125", "2024-04-20", source="bao")
    same = report("same", "125", "125", "2024-04-19", confidence=0.7)
    against = report("against", "140", "140", "2024-04-21", confidence=0.5)
    assert choose([first, later, same]).roles == {"first": "superseded", "later": "shown", "same": "agrees"}
    assert choose([first, later, same, against]).roles == {
        "first": "superseded",
        "later": "shown",
        "same": "agrees",
        "against": "differs",
    }


def test_without_a_report_there_is_nothing_to_choose() -> None:
    with pytest.raises(ValueError, match="no report"):
        choose([])


_REPORTS = st.builds(
    lambda number, value, day, source, estimate, right: report(
        f"f{number}",
        str(value),
        f"{value}",
        f"2024-04-0{day}",
        source=source,
        estimate=estimate,
        corrects=right,
    ),
    st.integers(0, 999),
    st.sampled_from([100, 105, 110, 2000]),
    st.integers(1, 4),
    st.sampled_from(["bao", "cong", "so"]),
    st.booleans(),
    st.booleans(),
)


@given(st.lists(_REPORTS, min_size=1, max_size=6, unique_by=lambda found: found.figure_id), st.randoms())
def test_the_order_of_the_reports_does_not_matter(reports: list[Report], chance: object) -> None:
    shuffled = list(reports)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    one, other = choose(reports), choose(shuffled)
    assert one == other
    assert one.shown in reports  # a value that somebody reported
    assert one.roles.keys() == {found.figure_id for found in reports}


@pytest.mark.parametrize(
    ("before", "wanted"),
    [
        ("GRDP cả năm ước tăng ", True),
        ("Theo số liệu sơ bộ, toàn tỉnh thu ", True),
        ("Ước tính cả vụ đạt ", True),
        ("Tỉnh đã nước hóa ", False),
        ("Các xã ký quy ước với ", False),
        ("Hiện thực hóa ước mơ của ", False),
        ("Tỉnh thu được ", False),
    ],
)
def test_estimates_are_told_by_words_before_the_number(before: str, wanted: bool) -> None:
    assert is_estimate(before) is wanted


def test_corrections_are_told_by_words() -> None:
    assert corrects("ĐÍNH CHÍNH: số hộ nghèo của tỉnh")
    assert not corrects("Điều chỉnh quy hoạch chung của thành phố")
    assert is_correction("Sau khi rà soát, tỉnh còn 4.120 hộ nghèo, thay vì 4.210 hộ.")
    assert not is_correction("Tỉnh rà soát 4.120 hộ nghèo.")
