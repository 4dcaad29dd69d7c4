"""Crawls sources in a child process and sums up what came of it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping
from contextlib import closing
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from crawler.counters import FAILED, REFUSED, total
from crawler.settings import USER_AGENT
from store.errors import StoreError
from store.frozen import at_rest
from store.pages import last_started, open_pages
from store.records import Source

CONTACT_VARIABLE = "CHISO_CONTACT"
_ROOT = Path(__file__).resolve().parent.parent


class CrawlError(Exception):
    """A crawl that cannot be made; the message is one sentence for people."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CrawlSummary:
    """What came of crawling one source; crawler/counters.py explains the names in `counters`."""

    source: str
    run_id: int | None
    outcome: str  # "finished", "limit", "budget", "gave_up", "unreachable", "shutdown", "error"
    fetched: int = 0  # new pages stored
    known: int = 0  # article links passed over because their page is stored
    refused: int = 0  # answers that were no articles, requests that may not be sent
    failed: int = 0  # requests without a usable answer
    problem: str | None = None  # why the source was left early; None when it was not
    counters: dict[str, int] = field(default_factory=dict)


def crawl(
    source_ids: Iterable[str],
    *,
    sources: Mapping[str, Source],
    pages_path: str | Path,
    since: date | None = None,
    until: date | None = None,
    limit: int | None = None,
    budget: float | None = None,
    retry_failed: bool = False,
    ports: Mapping[str, int] | None = None,
    contact: str | None = None,
    on_page: Callable[[str], None] | None = None,
    settings: Mapping[str, Any] | None = None,
    today: date | None = None,
) -> list[CrawlSummary]:
    """Return a summary per source after crawling; all enabled newspapers and portals when none is named.

    Of those that nobody named, frozen archives that are read through are left out (store/frozen.py).
    `since` leaves out what is certainly older and `until` what is certainly newer, listings then being read
    on past what is known; `limit` ends each source after so many new pages and `budget` all of them after
    so many seconds, those last whose turn was last. `retry_failed` asks again for what was set aside.
    `ports` gives the port of a site on this machine by source id, `on_page` is told the source of each page.
    `contact` (by default the environment's CHISO_CONTACT) goes into the user agent. `settings` go on top
    of crawler/settings.py. Raises CrawlError for an unknown source, an unwritable database, a missing
    contact, a crawl process that died, and when no host could be reached at all.
    """
    named = list(source_ids)
    chosen = choose(named, sources)
    agent = user_agent(chosen, contact)
    pages_path = Path(pages_path).resolve()
    try:
        with closing(open_pages(pages_path)) as db:
            began = last_started(db)
            if not named:
                today = today or datetime.now(UTC).date()
                chosen = [source for source in chosen if not at_rest(db, source, today)]
    except StoreError as error:
        raise CrawlError(str(error)) from error
    order = {
        "sources": [asdict(source) for source in sorted(chosen, key=lambda source: began.get(source.id, ""))],
        "since": since.isoformat() if since else None,
        "until": until.isoformat() if until else None,
        "limit": limit,
        "budget": budget,
        "ports": dict(ports or {}),
        "settings": {
            "USER_AGENT": agent,
            **(settings or {}),
            "CHISO_PAGES_PATH": str(pages_path),
            "CHISO_RETRY_FAILED": retry_failed,
        },
    }
    turn = [source.id for source in chosen]
    summaries = sorted(
        _in_child(order, on_page) if chosen else [], key=lambda summary: turn.index(summary.source)
    )
    if summaries and all(summary.outcome == "unreachable" for summary in summaries):
        raise CrawlError(f"Nothing could be crawled: {'; '.join(str(each.problem) for each in summaries)}.")
    return summaries


def choose(source_ids: Iterable[str], sources: Mapping[str, Source]) -> list[Source]:
    """Return the named sources, each once, or all enabled papers and portals; raises CrawlError for none."""
    named = list(dict.fromkeys(source_ids))
    for source_id in named:
        if source_id not in sources:
            raise CrawlError(f"There is no source {source_id!r}; `chiso sources` lists them.")
    if named:
        return [sources[source_id] for source_id in named]
    chosen = [source for source in sources.values() if source.enabled and source.kind != "sample"]
    if not chosen:
        raise CrawlError("No source of the registry is enabled.")
    return chosen


def user_agent(chosen: Iterable[Source], contact: str | None = None) -> str:
    """Return the user agent with the contact, by default the environment's CHISO_CONTACT.

    Raises CrawlError where real hosts would be asked without one, and for one that cannot be sent.
    """
    contact = contact or os.environ.get(CONTACT_VARIABLE)
    if not contact and any(source.kind != "sample" for source in chosen):
        raise CrawlError(
            f"Say who is crawling: set {CONTACT_VARIABLE} to an address under which the papers can reach you."
        )
    if contact and not (contact.isascii() and contact.isprintable()):
        raise CrawlError(f"{CONTACT_VARIABLE} must be an e-mail or web address in plain ASCII.")
    return f"{USER_AGENT[:-1]}; contact: {contact})" if contact else USER_AGENT


def _in_child(order: Mapping[str, Any], on_page: Callable[[str], None] | None) -> list[CrawlSummary]:
    child = subprocess.Popen(
        [sys.executable, "-m", "crawler.child"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=_ROOT,
        start_new_session=True,  # Ctrl-C reaches this process, which passes it on once
        text=True,
        encoding="utf-8",
    )
    summaries = []
    with child:
        if child.stdin is None or child.stdout is None:
            raise CrawlError("The crawl process has no pipes.")
        child.stdin.write(json.dumps(order))
        child.stdin.close()
        try:
            for line in child.stdout:
                event = json.loads(line)
                if event["event"] == "page":
                    if on_page:
                        on_page(event["source"])
                elif event["event"] == "refused":
                    raise CrawlError(event["problem"])
                else:
                    summaries.append(_summary(event))
        except KeyboardInterrupt:
            child.send_signal(signal.SIGINT)  # what is on its way is still stored
            child.wait()
            raise
    if child.returncode or len(summaries) < len(order["sources"]):
        raise CrawlError(
            f"The crawl process ended early (exit code {child.returncode}); what was fetched is kept."
        )
    return summaries


def _summary(event: Mapping[str, Any]) -> CrawlSummary:
    counters = event.get("counters", {})
    return CrawlSummary(
        source=event["source"],
        run_id=event.get("run_id"),
        outcome=event.get("outcome", "error"),
        fetched=counters.get("fetched", 0),
        known=counters.get("known", 0),
        refused=total(counters, REFUSED),
        failed=total(counters, FAILED) + event.get("errors", 0),
        problem=event.get("problem"),
        counters=counters,
    )
