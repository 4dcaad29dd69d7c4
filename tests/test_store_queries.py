"""What the app asks: filters, counts, pages, one figure, and how it goes wrong."""

from __future__ import annotations

import threading
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlite_utils import Database

from store import derived, observations, queries
from store.errors import StoreError
from store.queries import Filters
from store.records import Figure
from tests.store_samples import article, figure, percent

DAKLAK = "Năm 2023, tỉnh Đắk Lắk xếp thứ 36/63 về chuyển đổi số với 61,2 điểm."


def fill(db: Database) -> list[Figure]:
    """Write three articles of two papers and return their five figures."""
    first = article()
    copy = article(id="a2", url="https://cong.example/2", source="cong", published="2024-04-05")
    daklak = article(
        id="a3",
        url="https://bao.example/3",
        title="Chuyển đổi số",
        text=f"Chuyển đổi số\n{DAKLAK}\nHết.",
        published="2023",
    )
    rank = {"place": "Đắk Lắk", "place_id": "VN63-66", "period": "/2023-12-31", "indicator": "chuyển đổi số"}
    told = [
        (first, [figure(), percent(confidence=0.5, restates=50, indicator_id=None)]),
        (copy, [figure(of=copy, value=Decimal(79000), status="target", confidence=0.4)]),
        (
            daklak,
            [
                figure(
                    "36/63",
                    of=daklak,
                    kind="rank",
                    value=Decimal(36),
                    denominator=Decimal(63),
                    **rank,
                    indicator_id="dti",
                ),
                figure(
                    "61,2",
                    of=daklak,
                    kind="score",
                    value=Decimal("61.2"),
                    denominator=None,
                    **rank | {"period": None},
                ),
            ],
        ),
    ]
    for of, figures in told:
        derived.replace_article(db, of, figures, fetched_at="2024-05-01T00:00:00+00:00")
    observations.merge(db)
    return [told_figure for _, figures in told for told_figure in figures]


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("queries") / "chiso.db"
    with derived.open_derived(path) as db:
        fill(db)
    return path


@pytest.fixture(scope="module")
def db(path: Path) -> Database:
    return queries.open_readonly(path)


def surfaces(db: Database, **filters: object) -> list[str]:
    return [row["surface"] for row in queries.list_figures(db, Filters(**filters), 50)]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("filters", "wanted"),
    [
        ({}, 5),
        ({"places": ("VN63-51",)}, 3),
        ({"places": ("VN63-51", "VN63-66")}, 5),
        ({"places": ("VN63-51",), "kinds": ("percent", "rank")}, 1),
        ({"indicators": ("online_dossiers",)}, 3),
        ({"indicators": ("~giai quyet ho so truc tuyen",)}, 1),
        ({"statuses": ("target",)}, 1),
        ({"sources": ("cong",)}, 1),
        ({"sources": ("nobody",)}, 0),
        ({"min_confidence": 0.5}, 4),
        ({"period_from": "2024"}, 3),
        ({"period_to": "2023"}, 1),
        ({"period_from": "2023-12-31", "period_to": "2023-12-31"}, 1),
        ({"period_from": "2024-03", "period_to": "2024-03"}, 3),
        ({"period_from": "2024-04-01"}, 0),
        ({"query": "quang ngai"}, 3),
        ({"query": "QUẢNG NGÃI 65,5"}, 3),
        ({"query": "36/63"}, 2),
        ({"query": "dak lak diem"}, 2),
        ({"query": "chuyen doi"}, 2),
        ({"query": "  "}, 5),
        ({"query": '"'}, 0),
    ],
)
def test_filters_choose(db: Database, filters: dict[str, object], wanted: int) -> None:
    assert len(surfaces(db, **filters)) == wanted
    assert queries.count_figures(db, Filters(**filters)) == wanted  # type: ignore[arg-type]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(text=st.text(), limit=st.integers(-5, 5), offset=st.integers(-5, 10))
def test_no_text_breaks_a_filter(db: Database, text: str, limit: int, offset: int) -> None:
    chosen = Filters(places=(text,), sources=(text, text), query=text, period_from=text, period_to=text)
    assert len(queries.list_figures(db, chosen, limit, offset)) <= max(0, limit)
    queries.facets(db, chosen)
    assert queries.get_figure(db, text) is None


@pytest.mark.parametrize("sort", queries.SORTS)
@pytest.mark.parametrize("descending", [False, True])
def test_pages_are_one_order_cut_up_with_unknown_values_last(
    db: Database, sort: str, descending: bool
) -> None:
    filters = Filters(sort=sort, descending=descending)
    whole = [row["id"] for row in queries.list_figures(db, filters, 50)]
    pages = [row["id"] for offset in range(5) for row in queries.list_figures(db, filters, 1, offset)]
    assert pages == whole
    assert len(set(whole)) == 5
    if sort == "period":
        assert queries.list_figures(db, filters, 1, 4)[0]["period"] is None


def test_a_negative_page_is_empty(db: Database) -> None:
    assert queries.list_figures(db, Filters(), -1) == []
    assert len(queries.list_figures(db, Filters(), 1, -1)) == 1


def test_values_sort_as_numbers(db: Database) -> None:
    assert surfaces(db, sort="value", descending=False) == [
        "36/63",
        "61,2",
        "65,5%",
        "78.000/119.000",
        "78.000/119.000",
    ]
    assert surfaces(db, sort="place", descending=False)[:2] == ["36/63", "61,2"]


def test_an_unknown_sort_is_named(db: Database) -> None:
    with pytest.raises(StoreError, match="cannot be sorted by 'value; DROP'"):
        queries.list_figures(db, Filters(sort="value; DROP"), 1)


def test_unknown_values_are_left_out_and_named(db: Database) -> None:
    asked = Filters(
        places=("VN63-51", "zzz"),
        indicators=("dti", "x"),
        kinds=("rank", "colour"),
        sources=("nobody",),
        period_from="last year",
        period_to="2024-05",
        min_confidence=7,
        sort="x",
    )
    kept, unknown = queries.check_filters(db, asked)
    assert kept == Filters(places=("VN63-51",), indicators=("dti",), kinds=("rank",), period_to="2024-05")
    assert unknown == [
        "places: zzz",
        "indicators: x",
        "kinds: colour",
        "sources: nobody",
        "period_from: last year",
        "min_confidence: 7",
        "sort: x",
    ]
    assert queries.check_filters(db, kept) == (kept, [])


def test_rows_are_exact_and_carry_their_article(db: Database) -> None:
    (row,) = queries.list_figures(db, Filters(kinds=("score",)), 5)
    assert (row["value"], row["denominator"], row["negated"]) == (Decimal("61.2"), None, False)
    assert (row["rules"], row["flags"]) == (["ratio", "counted_right"], [])
    assert (row["title"], row["url"], row["published"]) == ("Chuyển đổi số", "https://bao.example/3", "2023")


def test_facets_count_what_a_choice_would_show(db: Database) -> None:
    for filters in (Filters(), Filters(places=("VN63-51",)), Filters(query="dak lak", min_confidence=0.6)):
        for field, values in queries.facets(db, filters).items():
            for value, figures in values:
                chosen = {"period_from": value, "period_to": value} if field == "years" else {field: (value,)}
                assert queries.count_figures(db, replace(filters, **chosen)) == figures
    assert queries.facets(db, Filters(places=("VN63-51",)))["places"] == [("VN63-51", 3), ("VN63-66", 2)]


def test_a_figure_comes_with_what_stands_around_it(db: Database) -> None:
    shown = queries.list_figures(db, Filters(kinds=("ratio",), statuses=("actual",)), 1)[0]
    found = queries.get_figure(db, shown["id"])
    assert found is not None
    assert (found["before"], found["after"]) == ("Đẩy mạnh dịch vụ công\n", "\nHội nghị kết thúc.")
    assert [other["surface"] for other in found["same_sentence"]] == ["65,5%"]
    assert (found["same_observation"], found["observation_figures"]) == ([], 1)
    assert found["observation_conflict"] is False
    assert shown == {name: found[name] for name in shown}


def test_context_is_cut_between_words(tmp_path: Path) -> None:
    path = tmp_path / "chiso.db"
    long = article(text="Tiêu đề\nXã có 5 trường.\n" + "một hai ba " * 60)
    with derived.open_derived(path) as db:
        derived.replace_article(
            db, long, [figure("5", of=long, value=Decimal(5), denominator=None, kind="count")]
        )
    db = queries.open_readonly(path)
    found = queries.get_figure(db, queries.list_figures(db, Filters(), 1)[0]["id"])
    assert found is not None
    assert found["after"].startswith("\nmột hai")
    assert found["after"].removesuffix("…").split()[-1] in ("một", "hai", "ba")
    assert len(found["after"]) <= queries.CONTEXT + 1


def test_observations_follow_the_filters(db: Database) -> None:
    assert queries.count_observations(db, Filters()) == 5
    assert queries.count_observations(db, Filters(sources=("cong",))) == 1
    assert queries.count_observations(db, Filters(), conflicts=True) == 0
    assert queries.list_observations(db, Filters(), 50, conflicts=True) == []
    rows = queries.list_observations(db, Filters(places=("VN63-66",)), 50)
    assert {(row["kind"], row["value"], row["as_of"]) for row in rows} == {
        ("rank", Decimal(36), None),
        ("score", Decimal("61.2"), "2023"),
    }
    assert queries.get_observation(db, rows[0]["id"]) == rows[0]
    assert queries.get_observation(db, None) is None


def test_summaries_agree_with_the_figures(db: Database) -> None:
    fresh = queries.freshness(db)
    assert (fresh["articles"], fresh["figures"], fresh["sources"]) == (3, 5, 2)
    assert (fresh["newest_published"], fresh["built_at"], fresh["failures"]) == ("2024-04-05", None, 0)
    covered = {
        (row["place_id"], row["indicator_id"]): (row["figures"], row["newest"])
        for row in queries.coverage(db)
    }
    assert covered["VN63-51", "online_dossiers"] == (2, "2024-01-01/2024-03-31")
    assert sum(figures for figures, _ in covered.values()) == 4
    assert [row["figures"] for row in queries.summary_by_place(db)] == [3, 2]
    assert [row["article_id"] for row in queries.newest_figures(db, 2)] == ["a2", "a1"]


def test_an_empty_database_answers(tmp_path: Path) -> None:
    derived.open_derived(tmp_path / "chiso.db").close()
    db = queries.open_readonly(tmp_path / "chiso.db")
    assert queries.list_figures(db, Filters(query="a"), 5) == []
    lists = {"places", "indicators", "kinds", "statuses", "sources", "units", "years"}
    assert set(queries.facets(db, Filters())) == lists
    assert (queries.coverage(db), queries.summary_by_place(db)) == ([], [])
    assert queries.freshness(db)["newest_published"] is None


def test_a_reader_can_not_write(db: Database) -> None:
    with pytest.raises(StoreError, match="read-only"):
        derived.replace_article(db, article(), [])


def test_every_thread_reads_with_its_own_connection(path: Path) -> None:
    counts: list[int] = []
    threads = [
        threading.Thread(
            target=lambda: counts.append(queries.count_figures(queries.open_readonly(path), Filters()))
        )
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert counts == [5, 5, 5, 5]


def test_pages_and_figures_are_not_mistaken_for_each_other(tmp_path: Path) -> None:
    from store import pages

    pages.open_pages(tmp_path / "pages.db").close()
    with pytest.raises(StoreError, match=r"pages\.db is not a figures database"):
        queries.open_readonly(tmp_path / "pages.db")
