"""Merging figures into observations: one value per place, indicator, period and status.

A figure takes part when its place and what it measures are known, and either its period or the day its
article was published; without a period it is a value "as of" that day, and is only merged with reports
of the same day. Two figures report one observation when place, locality, indicator (canonical, else the
folded phrase), period, status, kind, unit, measure, negation and base are equal; of a topic, its words too.
Another form of a value (the percent beside a ratio) is an observation of its own.

An article that gives several values for one observation (the cells of a table, the items of a list) says
more than its figures tell; they are left out. A conflict is between articles.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from sqlite_utils import Database

from store.agreement import Reported, agree
from store.database import upsert, writing
from store.indicators import topics
from store.search import fold

_SHARED = (
    "place_id",
    "locality",
    "indicator_id",
    "indicator",
    "indicator_key",
    "period",
    "period_start",
    "period_end",
    "status",
    "kind",
    "unit",
    "measure",
    "negated",
    "base",
    "comparator",
    "value",
    "value_text",
    "value_max",
    "value_max_text",
    "denominator",
    "denominator_text",
    "confidence",
)  # of the figure that is shown for an observation
_CHUNK = 500  # observations per transaction


def observation_key(figure: Mapping[str, Any]) -> str | None:
    """Return the id of the observation that a figure's row may report, None when too little is known."""
    when = figure["period"] or (figure["published_on"] and f"as of {figure['published_on']}")
    if not (figure["place_id"] and figure["indicator_key"] and when):
        return None
    key = [
        figure["place_id"],
        _words(figure["locality"]),
        figure["indicator_key"],
        when,
        figure["status"],
        figure["kind"],
        _words(figure["unit"]),
        figure["measure"],
        str(figure["negated"]),
        _words(figure["base"]),
    ]
    if figure["indicator_id"] in topics():
        key.append(_words(figure["indicator"]))
    return hashlib.sha256("\n".join(key).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def merge(db: Database) -> int:
    """Merge again all observations whose figures changed, and return how many there were."""
    done = 0
    while True:
        with writing(db):
            stale = db.execute("SELECT id FROM stale_observations ORDER BY id LIMIT ?", [_CHUNK]).fetchall()
            for (observation,) in stale:
                _merge_one(db, observation)
            db.conn.executemany("DELETE FROM stale_observations WHERE id = ?", stale)
        if not stale:
            return done
        done += len(stale)


def _merge_one(db: Database, observation: str) -> None:
    """Bring one observation, and what its figures say of it, in line with the figures there are."""
    best_first = "confidence DESC, published_on DESC, id"
    found = db["figures"].rows_where("observation_key = ?", [observation], order_by=best_first)
    figures = _consistent(list(found))
    db.execute("UPDATE figures SET observation_id = NULL WHERE observation_id = ?", [observation])
    db.conn.executemany("UPDATE figures SET observation_id = observation_key WHERE id = :id", figures)
    if not figures:
        db.execute("DELETE FROM observations WHERE id = ?", [observation])
        return
    shown = figures[0]
    row = {name: shown[name] for name in _SHARED} | {
        "id": observation,
        "as_of": None if shown["period"] else shown["published_on"],
        "published_on": max(figure["published_on"] or "" for figure in figures) or None,
        "figure_id": shown["id"],
        "figures": len(figures),
        "articles": len({figure["article_id"] for figure in figures}),
        "sources": count_sources(figures),
        "conflict": int(not agree(map(_reported, figures))),
    }
    upsert(db, "observations", "id", [row])


def _consistent(figures: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Leave out the figures of articles that give several values: their words do not tell these apart."""
    of_article: dict[str, list[dict[str, Any]]] = {}
    for figure in figures:
        of_article.setdefault(figure["article_id"], []).append(figure)
    return [figure for figure in figures if agree(map(_reported, of_article[figure["article_id"]]))]


def count_sources(figures: list[dict[str, Any]]) -> int:
    """Return how many independent reports the figures are.

    Copies count once: no more than there are newspapers and portals, and no more than there are
    different sentences, so that an agency report which ten papers print is one source.
    """
    sources = {figure["source"] or figure["article_id"] for figure in figures}
    sentences = {_words(figure["sentence"]) for figure in figures}
    return min(len(sources), len(sentences))


def _reported(figure: Mapping[str, Any]) -> Reported:
    exact = {name: figure[f"{name}_text"] for name in ("value", "value_max", "denominator")}
    numbers = {name: None if text is None else Decimal(text) for name, text in exact.items()}
    return Reported(
        value=Decimal(figure["value_text"]),
        value_max=numbers["value_max"],
        denominator=numbers["denominator"],
        comparator=figure["comparator"],
        surface=figure["surface"],
    )


def _words(text: str | None) -> str:
    """Return the folded words of `text`, blanks evened out; "" for None."""
    return " ".join(fold(text or "").split())
