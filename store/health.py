"""Tells from the record of crawl runs how each source is doing, above all when one has gone silent."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import median
from typing import Any, Literal

State = Literal["ok", "never", "failing", "closed", "blind", "silent", "thin", "stale", "resting"]

_RUNNING = timedelta(days=1)  # a run without an end that began longer ago was killed
_PATIENCE = 3.0  # times the usual gap between runs with new pages
_SHORTEST, _UNKNOWN = timedelta(days=3), timedelta(days=7)
_DAYS = timedelta(days=28)  # over which it is taken what a source usually gives
_MISSED = 10  # articles that usually come in a time in which none has: silence, not chance
_LULL = timedelta(days=1.5)  # a holiday is no silence
_WEEK = timedelta(days=7)
_THIN, _MUCH = 0.2, 2.0  # share of the usual in the last week; articles a day from which that is judged
_READ = ("listing_pages", "feeds", "sitemaps")
_ENDED = ("finished", "limit", "budget")  # as it should
_LINKS = ("fetched", "unchanged", "known", "duplicate", "before_since")


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceHealth:
    """How one source is doing; times are ISO 8601 in UTC, None where there was no such run."""

    source: str
    state: State
    problem: str | None  # one sentence; None when there is none
    last_run: str | None  # when the newest run began
    last_success: str | None  # when the newest run began that came to its end
    last_new: str | None  # when the newest run began that stored a new page
    fetched: int  # new pages of the runs looked at


def source_health(
    source_ids: Iterable[str], runs: Iterable[Mapping[str, Any]], *, now: datetime
) -> list[SourceHealth]:
    """Return the health of each source by its runs (rows as `store.pages.list_runs` returns them).

    "failing": the newest run broke off; "closed": robots.txt forbids it; "blind": pages were read and none
    links an article, as after a change of layout; "silent": nothing new for much longer than usual; "thin":
    a fifth of the usual in the last week; "stale": not crawled for a week.
    """
    by_source: dict[str, list[Mapping[str, Any]]] = {}
    for run in runs:
        by_source.setdefault(run["source"], []).append(run)
    return [_health(source, by_source.get(source, []), now) for source in source_ids]


def _health(source: str, runs: list[Mapping[str, Any]], now: datetime) -> SourceHealth:
    newest_first = sorted(runs, key=lambda run: (run["started_at"], run["id"]), reverse=True)
    state, problem = _judge(newest_first, now)
    return SourceHealth(
        source=source,
        state=state,
        problem=problem,
        last_run=_first(newest_first),
        last_success=_first([run for run in newest_first if run["outcome"] in _ENDED]),
        last_new=_first(_with_new(newest_first)),
        fetched=sum(_count(run, ("fetched",)) for run in runs),
    )


def _judge(runs: Sequence[Mapping[str, Any]], now: datetime) -> tuple[State, str | None]:
    """Return the state of a source with its runs, newest first, and a sentence on what is wrong."""
    ended = [run for run in runs if run["outcome"] or now - _moment(run) > _RUNNING]
    if not ended:
        return "never", None
    last = ended[0]
    if _count(last, ("robots_denied",)) and not _count(last, (*_READ, "not_modified")):
        return "closed", "Its robots.txt forbids what is declared."
    if last["outcome"] not in (*_ENDED, "shutdown"):
        reason = last["counters"].get("problem") or last["outcome"] or "it was killed"
        return "failing", f"The newest crawl broke off: {reason}."
    if _count(last, _READ) and not _count(last, _LINKS):
        return "blind", "Its pages were read and link to no article; its layout may have changed."
    return _judge_news(ended, now)


def _judge_news(ended: Sequence[Mapping[str, Any]], now: datetime) -> tuple[State, str | None]:
    """Return whether a source whose crawls succeed gives what it used to give."""
    quiet, patience = _quiet(ended, now)
    usual = _a_day(ended, now - max(quiet, _WEEK))
    used_to = f" It used to give {usual:.0f} articles a day." if usual >= 1 else ""
    if quiet > patience or (quiet > _LULL and usual * (quiet / timedelta(days=1)) >= _MISSED):
        return "silent", f"Nothing new for {quiet.days} days.{used_to}"
    if now - _moment(ended[0]) > _WEEK:
        return "stale", f"Not crawled for {(now - _moment(ended[0])).days} days."
    lately = sum(_count(run, ("fetched",)) for run in ended if now - _moment(run) <= _WEEK) / _WEEK.days
    if usual >= _MUCH and lately < _THIN * usual:
        return "thin", f"Only {lately:.1f} articles a day in the last week.{used_to}"
    return "ok", None


def _a_day(runs: Sequence[Mapping[str, Any]], until: datetime) -> float:
    """Return how many new articles a day came in the weeks before a moment; 0 where too few runs tell."""
    before = [run for run in runs if until - _DAYS <= _moment(run) <= until]
    days = {_moment(run).date() for run in before}
    if len(days) < 4:
        return 0.0
    span = (max(days) - min(days)).days + 1
    return sum(_count(run, ("fetched",)) for run in before) / span


def _quiet(runs: Sequence[Mapping[str, Any]], now: datetime) -> tuple[timedelta, timedelta]:
    """Return for how long nothing new came, and how long that may be: by the gaps between earlier news."""
    news = [_moment(run) for run in _with_new(runs)]
    since = news[0] if news else _moment(runs[-1])
    gaps = [(later - earlier).total_seconds() for later, earlier in pairwise(news)]
    if len(gaps) < 3:
        return now - since, _UNKNOWN
    return now - since, max(timedelta(seconds=_PATIENCE * median(gaps)), _SHORTEST)


def _with_new(runs: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    return [run for run in runs if _count(run, ("fetched",))]


def _first(runs: Sequence[Mapping[str, Any]]) -> str | None:
    return str(runs[0]["started_at"]) if runs else None


def _count(run: Mapping[str, Any], names: Iterable[str]) -> int:
    return sum(run["counters"].get(name, 0) for name in names)


def _moment(run: Mapping[str, Any]) -> datetime:
    return datetime.fromisoformat(run["started_at"])
