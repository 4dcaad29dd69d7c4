"""How the crawl of each source is doing: its health with what it asked, got, was refused and still owes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlite_utils import Database

from store.database import database_path
from store.errors import explained
from store.frontier import frontier_counts
from store.frozen import AGAIN
from store.health import SourceHealth, State, source_health
from store.pages import list_runs

DAYS = 28  # that counts and rates are taken over
LOOK_AT: tuple[State, ...] = ("failing", "blind", "silent", "thin", "stale")  # what a person should see
_RUNS = 100_000
_DELAY = timedelta(days=7)  # by which an archive's turn may be late


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceStatus:
    """How one source is doing; times are ISO 8601 in UTC, None where there was none."""

    source: str
    state: State
    problem: str | None  # one sentence; None when there is none
    last_run: str | None
    last_success: str | None
    last_article: str | None  # when the newest page was fetched
    per_day: float  # new articles a day in the last week
    usual_per_day: float  # in the weeks before
    requests: int  # of the last weeks, like the next two
    errors: Mapping[str, int]  # by kind, see crawler/counters.py
    refusals: Mapping[str, int]
    waiting: int  # addresses still to be asked
    set_aside: int  # addresses given up after repeated failures; `chiso crawl --retry-failed`


def source_status(
    db: Database,
    source_ids: Iterable[str],
    *,
    errors: Collection[str],
    refusals: Collection[str],
    now: datetime,
    frozen: Collection[str] = (),
) -> list[SourceStatus]:
    """Return the status of each source by the runs, pages and frontier of a page database.

    `errors` and `refusals` name the counters that are told as such. `frozen` are archives that get no new
    articles: of them nothing new is expected, and they are "resting". Raises StoreError.
    """
    wanted = list(source_ids)
    runs: dict[str, list[dict[str, Any]]] = {source: [] for source in wanted}
    for run in list_runs(db, limit=_RUNS):
        if run["source"] in runs:
            runs[run["source"]].append(run)
    health = source_health(wanted, [run for rows in runs.values() for run in rows], now=now)
    newest = _newest_pages(db)
    waiting, aside = _frontier(db)
    week, month = now - timedelta(days=7), now - timedelta(days=DAYS)
    status = []
    for found in health:
        told = _of_archive(found, now) if found.source in frozen else (found.state, found.problem)
        recent = [run for run in runs[found.source] if _moment(run) >= month]
        lately = [run for run in recent if _moment(run) >= week]
        new, new_lately = (_total(each)["fetched"] for each in (recent, lately))
        total = _total(recent)
        status.append(
            SourceStatus(
                source=found.source,
                state=told[0],
                problem=told[1],
                last_run=found.last_run,
                last_success=found.last_success,
                last_article=newest.get(found.source),
                per_day=round(new_lately / 7, 1),
                usual_per_day=round((new - new_lately) / (DAYS - 7), 1),
                requests=total["requests"],
                errors={name: total[name] for name in errors if total[name]},
                refusals={name: total[name] for name in refusals if total[name]},
                waiting=waiting[found.source],
                set_aside=aside[found.source],
            )
        )
    return status


def _of_archive(archive: SourceHealth, now: datetime) -> tuple[State, str | None]:
    """Return state and problem of an archive: that it gives nothing new is none, unless it is never asked."""
    if archive.state not in ("silent", "thin", "stale") or archive.last_run is None:
        return archive.state, archive.problem
    unasked = now - datetime.fromisoformat(archive.last_run)
    if unasked <= AGAIN + _DELAY:
        return "resting", None
    return "stale", f"An archive that was not asked for {unasked.days} days."


def _total(runs: Iterable[Mapping[str, Any]]) -> Counter[str]:
    total: Counter[str] = Counter()
    for run in runs:
        total.update({name: value for name, value in run["counters"].items() if isinstance(value, int)})
    return total


def _newest_pages(db: Database) -> dict[str, str]:
    with explained(database_path(db)):
        return dict(db.execute("SELECT source, max(fetched_at) FROM pages GROUP BY source").fetchall())


def _frontier(db: Database) -> tuple[Counter[str], Counter[str]]:
    waiting: Counter[str] = Counter()
    aside: Counter[str] = Counter()
    for row in frontier_counts(db):
        if row.state in ("pending", "leased"):
            waiting[row.source] += row.addresses
        elif row.state == "quarantined":
            aside[row.source] += row.addresses
    return waiting, aside


def _moment(run: Mapping[str, Any]) -> datetime:
    return datetime.fromisoformat(run["started_at"])
