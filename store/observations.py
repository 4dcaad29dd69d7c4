"""Merging figures into observations: one value per place, indicator, period and status.

A figure takes part when its place and what it measures are known, and either its period or the day its
article was published; without a period it is a value "as of" that day, and is only merged with reports
of the same day, copies of an article being of the day of the first. Two figures report one observation when
place, locality, indicator (canonical, else the folded phrase), period, status, kind, unit, measure, negation
and base are equal, a unit of a canonical indicator up to what follows the catalogue's; of a topic, its words
too. Another form of a value (the percent beside a ratio) is an observation of its own.

An article that gives several values for one observation (the cells of a table, the items of a list) says
more than its figures tell; they are left out. A conflict is between articles. Which value is shown, and
when a later one takes the place of an earlier one, is told in store/choice.py; the rule that chose is kept.

Only the observations of figures that changed are merged again, and the result depends on the figures that
there are, not on the order in which they came.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlite_utils import Database

from store.agreement import Reported, agree
from store.choice import Choice, Report, choose
from store.copies import find_copies
from store.database import column, upsert, writing
from store.figure_columns import refresh
from store.keys import rekey, words_of
from store.merge_words import TABLE, is_correction, is_estimate

Row = dict[str, Any]

MERGE_VERSION = "4"  # raised when other rules choose: all is merged again

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

_CHUNK = 10_000  # observations per transaction
_OF_FIGURES = (
    "id",
    "number",
    "article_id",
    "observation_id",
    "observation_role",
    "published_on",
    "surface",
    "sentence",
    "source",
)
_READ = f"""
    SELECT observation_key, start - sentence_start AS "offset", clusters.cluster, clusters.corrects,
        clusters.first_on,
        {", ".join(f"figures.{name}" for name in (*_OF_FIGURES, *_SHARED))}
    FROM figures LEFT JOIN article_clusters AS clusters ON clusters.article_id = figures.article_id
    WHERE observation_key IN (SELECT value FROM json_each(?))
    ORDER BY observation_key, figures.id
"""


def merge(db: Database) -> int:
    """Merge again all observations whose figures changed, and return how many there were.

    Copies of articles are found first: they make one report of several.
    """
    _mark_all_of_other_rules(db)
    find_copies(db)
    done = 0
    while True:
        with writing(db):
            stale = column(db, "SELECT id FROM stale_observations LIMIT ?", [_CHUNK])
            _merge_some(db, stale)
            db.conn.executemany("DELETE FROM stale_observations WHERE id = ?", [[key] for key in stale])
        if not stale:
            refresh(db)
            return done
        done += len(stale)


def merge_only(db: Database, ids: Sequence[str]) -> None:
    """Merge again these observations and no other, whatever else waits; copies stay as last found."""
    with writing(db):
        _merge_some(db, list(ids))
        db.conn.executemany("DELETE FROM stale_observations WHERE id = ?", [[key] for key in ids])
        refresh(db)


def _mark_all_of_other_rules(db: Database) -> None:
    """Mark everything for merging, by new keys, when it was merged by another edition of the rules."""
    edition = f"{MERGE_VERSION}+{hashlib.sha256(TABLE.read_bytes()).hexdigest()[:8]}"
    with writing(db):
        known = db.execute("SELECT value FROM meta WHERE key = 'merged_by'").fetchone()
        if known == (edition,):
            return
        if db.execute("SELECT 1 FROM observations LIMIT 1").fetchone():
            db.execute("INSERT OR IGNORE INTO stale_articles SELECT id FROM articles")
            db.execute("INSERT OR IGNORE INTO stale_observations SELECT id FROM observations")
            for article_id in column(db, "SELECT id FROM articles"):
                rekey(db, article_id)
        upsert(db, "meta", "key", [{"key": "merged_by", "value": edition}])


def _merge_some(db: Database, stale: list[str]) -> None:
    """Bring some observations, and what their figures say of them, in line with the figures there are."""
    cursor = db.execute(_READ, [json.dumps(stale)])
    names = [described[0] for described in cursor.description]
    figures = (dict(zip(names, values, strict=True)) for values in cursor.fetchall())
    observations: list[Row] = []
    roles: list[tuple[str | None, str | None, int]] = []
    for observation, found in groupby(figures, key=itemgetter("observation_key")):
        merged, row = _merge_one(observation, list(found))
        roles += merged
        observations += row
    db.conn.executemany("UPDATE figures SET observation_id = ?, observation_role = ? WHERE number = ?", roles)
    gone = set(stale).difference(row["id"] for row in observations)
    db.conn.executemany("DELETE FROM observations WHERE id = ?", [[key] for key in gone])
    upsert(db, "observations", "id", observations)


def _merge_one(
    observation: str, figures: list[Row]
) -> tuple[list[tuple[str | None, str | None, int]], list[Row]]:
    """Return the observation id, role and number of the figures where these changed, and the row or none."""
    said = {figure["id"]: _reported(figure) for figure in figures}
    kept = _consistent(figures, said)
    alone = len(kept) == 1
    reports = [_report(figure, said[figure["id"]], alone=alone) for figure in kept]
    choice = choose(reports) if reports else None
    roles = choice.roles if choice else {}
    changed = [
        (part, role, figure["number"])
        for figure in figures
        for part, role in [_part(observation, roles.get(figure["id"]))]
        if (part, role) != (figure["observation_id"], figure["observation_role"])
    ]
    return changed, [_row(observation, kept, choice)] if choice else []


def _part(observation: str, role: str | None) -> tuple[str | None, str | None]:
    if role is None:
        return None, "several_values"
    return observation, None if role == "shown" else role


def _row(observation: str, figures: list[Row], choice: Choice) -> Row:
    shown = next(figure for figure in figures if figure["id"] == choice.shown.figure_id)
    return {name: shown[name] for name in _SHARED} | {
        "id": observation,
        "as_of": None if shown["period"] else shown["first_on"] or shown["published_on"],
        "published_on": max(figure["published_on"] or "" for figure in figures) or None,
        "figure_id": shown["id"],
        "figures": len(figures),
        "articles": len({figure["article_id"] for figure in figures}),
        "sources": count_sources(figures),
        "conflict": int(choice.conflict),
        "revised": int(choice.revised),
        "chosen_by": choice.rule,
    }


def _consistent(figures: list[Row], said: Mapping[str, Reported]) -> list[Row]:
    """Leave out the figures of articles that give several values: their words do not tell these apart."""
    if len(figures) == 1:
        return figures
    of_article: dict[str, list[Reported]] = {}
    for figure in figures:
        of_article.setdefault(figure["article_id"], []).append(said[figure["id"]])
    certain = {article for article, reports in of_article.items() if len(reports) == 1 or agree(reports)}
    return [figure for figure in figures if figure["article_id"] in certain]


def count_sources(figures: Sequence[Row]) -> int:
    """Return how many independent reports the figures are.

    Figures of one newspaper or portal, of articles that are copies of one another, or with the same sentence
    are one report, and so are reports that share a figure: an agency report which ten papers print is one.
    """
    groups: list[set[tuple[str, str]]] = []
    for figure in figures:
        marks = {
            ("source", figure["source"] or figure["article_id"]),
            ("cluster", figure["cluster"] or figure["article_id"]),
        }
        if len(figures) > 1:
            marks.add(("sentence", words_of(figure["sentence"])))
        joined = [group for group in groups if group & marks]
        groups = [group for group in groups if not group & marks]
        groups.append(marks.union(*joined))
    return len(groups)


def _report(figure: Row, said: Reported, *, alone: bool) -> Report:
    """Return what the choice asks of a figure; of one `alone` in its observation its words do not matter."""
    before = figure["sentence"][: max(0, figure["offset"])]
    return Report(
        figure_id=figure["id"],
        source=figure["source"],
        cluster=figure["cluster"] or figure["article_id"],
        published_on=figure["published_on"] or "",
        confidence=figure["confidence"],
        canonical=figure["indicator_id"] is not None,
        corrects=not alone and (bool(figure["corrects"]) or is_correction(figure["sentence"])),
        estimate=not alone and is_estimate(before),
        said=said,
    )


def _reported(figure: Mapping[str, Any]) -> Reported:
    most, whole = figure["value_max_text"], figure["denominator_text"]
    return Reported(
        value=Decimal(figure["value_text"]),
        value_max=None if most is None else Decimal(most),
        denominator=None if whole is None else Decimal(whole),
        comparator=figure["comparator"],
        surface=figure["surface"],
    )
