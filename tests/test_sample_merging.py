"""The copies, revisions and contradictions that were planted in the sample site come out as planned."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import Any

import pytest

from tests.conftest import Demo


def rows(demo: Demo, sql: str, *values: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(demo.db)) as db:
        return db.execute(sql, values).fetchall()


def slug_of(url: str) -> str:
    return url.rpartition("/")[2].rpartition("-")[0]


def test_a_copy_and_a_shortened_copy_are_the_only_ones(demo: Demo) -> None:
    groups: dict[str, set[str]] = {}
    sql = "SELECT cluster, url FROM article_clusters JOIN articles ON articles.id = article_id"
    for cluster, url in rows(demo, sql):
        groups.setdefault(cluster, set()).add(slug_of(url))
    several = sorted((sorted(group) for group in groups.values() if len(group) > 1), key=str)
    assert several == [
        ["an-giang-bao-hiem-y-te-cuoi-nam-2025", "bao-hiem-y-te-an-giang-nhin-tu-ngoai-tinh"],
        ["kon-tum-giam-ngheo-ban-in-lai", "kon-tum-ho-ngheo-cuoi-nam-2023"],
    ]


@pytest.mark.parametrize(
    ("place", "indicator", "period", "expected"),
    [  # value, figures, sources, conflict, revised, rule
        ("VN63-62", "poor_households", "/2023-12-31", ("9912", 4, 2, 0, 1, "later_edition")),
        ("VN63-62", "near_poor_households", "/2023-12-31", ("7210", 3, 2, 1, 0, "unresolved")),
        ("VN34-91", "health_insured", "/2025-12-15", ("3648000", 3, 1, 0, 1, "correction")),
        ("VN63-64", "poverty_rate", "/2024-12-31", ("4.73", 2, 2, 0, 1, "final_over_estimate")),
        ("VN34-40", "poverty_rate", "/2025-12-31", ("1.79", 2, 2, 1, 0, "unresolved")),
        ("VN63-38", "grdp_growth", "2024-01-01/2024-12-31", ("6.17", 3, 2, 0, 1, "correction")),
    ],
)
def test_planted_observations(
    demo: Demo, place: str, indicator: str, period: str, expected: tuple[Any, ...]
) -> None:
    sql = """
        SELECT value_text, figures, sources, conflict, revised, chosen_by FROM observations
        WHERE place_id = ? AND indicator_id = ? AND period = ? AND measure = 'level'
    """
    assert rows(demo, sql, place, indicator, period) == [expected]


def test_the_part_of_each_report_is_kept(demo: Demo) -> None:
    sql = """
        SELECT articles.url, value_text, observation_role
        FROM figures JOIN articles ON articles.id = article_id
        WHERE place_id = 'VN63-62' AND indicator_id = ? AND period = '/2023-12-31'
            AND measure = 'level'
    """
    told = {slug_of(url): (value, role) for url, value, role in rows(demo, sql, "poor_households")}
    assert told == {
        "kon-tum-ho-ngheo-cuoi-nam-2023": ("9870", "superseded"),
        "kon-tum-giam-ngheo-ban-in-lai": ("9870", "superseded"),
        "ghi-chep-bac-tay-nguyen": ("9900", "agrees"),
        "kon-tum-ra-soat-lai-ho-ngheo": ("9912", None),
    }
    told = {slug_of(url): (value, role) for url, value, role in rows(demo, sql, "near_poor_households")}
    assert told == {
        "kon-tum-ho-ngheo-cuoi-nam-2023": ("7210", "agrees"),
        "kon-tum-giam-ngheo-ban-in-lai": ("7210", None),
        "ghi-chep-bac-tay-nguyen": ("7450", "differs"),
    }


def test_a_value_that_only_copies_repeat_has_one_source(demo: Demo) -> None:
    sql = """
        SELECT DISTINCT sources FROM observations WHERE figures = 2 AND indicator_id IS NULL
        AND place_id IN ('VN63-62', 'VN34-91') AND chosen_by = 'same'
    """
    assert rows(demo, sql) == [(1,)]
