"""`chiso crawl`, `chiso update`: what asks the hosts."""

from __future__ import annotations

import json
import sys
from collections import Counter
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

import click

from commands.asking import (
    REGISTRY,
    Trouble,
    budget_option,
    build_options,
    for_people,
    json_option,
    pages_option,
    registry_option,
)
from commands.extraction import EXTRACTED, run_build
from commands.showing import progress_bar, show
from commands.watching import statuses

CRAWLED = ("source", "outcome", "fetched", "known", "refused", "failed", "problem")


@click.command()
@click.argument("source_ids", nargs=-1, metavar="[SOURCE]...")
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), help="Leave out what is certainly older.")
@click.option(
    "--until",
    type=click.DateTime(["%Y-%m-%d"]),
    help="Leave out what is certainly newer, and read listings on past what is known: a backfill.",
)
@click.option("--limit", type=click.IntRange(min=1), help="End each source after so many new pages.")
@budget_option
@click.option("--retry-failed", is_flag=True, help="Ask again for what was set aside after failures.")
@click.option("--dry-run", is_flag=True, help="Print what would be asked first; ask nothing.")
@pages_option
@registry_option
@json_option
@for_people
def crawl(
    source_ids: tuple[str, ...],
    since: Any,
    until: Any,
    limit: int | None,
    budget: float | None,
    retry_failed: bool,
    dry_run: bool,
    pages: Path,
    registry: Path,
    as_json: bool,
) -> None:
    """Fetch new articles of the named sources, or of all enabled ones.

    \b
    Example: CHISO_CONTACT=you@example.org chiso crawl baonghean --since 2025-01-01 --limit 50
    """
    if dry_run:
        show_plan(source_ids, registry, as_json=as_json)
        return
    if since and until and since > until:
        raise Trouble("--since is later than --until.")
    summaries = run_crawl(
        source_ids,
        pages,
        registry=registry,
        since=since.date() if since else None,
        until=until.date() if until else None,
        limit=limit,
        budget=budget,
        retry_failed=retry_failed,
    )
    show(summaries, "Crawl", as_json=as_json, columns=CRAWLED)


@click.command()
@click.argument("source_ids", nargs=-1, metavar="[SOURCE]...")
@budget_option
@build_options
def update(
    source_ids: tuple[str, ...],
    budget: float | None,
    pages: Path,
    db: Path,
    registry: Path,
    reviews: Path | None,
    as_json: bool,
) -> None:
    """Crawl, extract and merge, one run at a time; made for cron and systemd timers.

    Exit code 0: all is well; 1: done, and something should be looked at; 2: it could not be done. With
    --json one line sums everything up.

    \b
    Example: CHISO_CONTACT=you@example.org chiso update --budget 30m --json >> update.log
    """
    from filelock import FileLock, Timeout

    began = datetime.now(UTC)
    try:
        with FileLock(f"{db}.lock", timeout=0):
            crawled = run_crawl(source_ids, pages, registry=registry, budget=budget)
            built = run_build(pages, db, registry=registry, reviews=reviews)
    except Timeout as error:
        raise Trouble(f"Another update of {db} is running.") from error
    look_at = _look_at(crawled, pages, registry)
    if as_json:
        click.echo(json.dumps(_summed_up(began, crawled, built, look_at), ensure_ascii=False))
    else:
        show(crawled, "Crawl", columns=CRAWLED)
        show([built], "Extract", columns=EXTRACTED)
        for each in look_at:
            click.echo(f"{each['source']}: {each['problem']}")
    if look_at:
        sys.exit(1)


def _look_at(crawled: list[Any], pages: Path, registry: Path) -> list[dict[str, str | None]]:
    """Return the sources of an update that a person should look at, each with a sentence."""
    from store.sources import load_sources
    from store.status import LOOK_AT

    broke_off = {each.source: each.problem for each in crawled if each.outcome in ("gave_up", "error")}
    found = []
    declared = load_sources(registry)
    for each in statuses(pages, [declared[summary.source] for summary in crawled]):
        if each.state in LOOK_AT or each.source in broke_off:
            problem = each.problem or broke_off.get(each.source) or "The crawl broke off."
            found.append({"source": each.source, "state": each.state, "problem": problem})
    return found


def _summed_up(began: datetime, crawled: list[Any], built: Any, look_at: list[Any]) -> dict[str, Any]:
    """Return the summary of an update for machines: one flat object, and what to look at."""
    ended = datetime.now(UTC)
    return {
        "began": began.isoformat(timespec="seconds"),
        "seconds": round((ended - began).total_seconds(), 1),
        "exit_code": 1 if look_at else 0,
        "sources": len(crawled),
        "outcomes": dict(Counter(each.outcome for each in crawled)),
        **{name: sum(getattr(each, name) for each in crawled) for name in ("fetched", "refused", "failed")},
        "revised": sum(each.counters.get("revised", 0) for each in crawled),
        **{name: getattr(built, name) for name in ("articles", "changed_articles", "figures", "failures")},
        "observations": built.observations,
        "look_at": look_at,
    }


def show_plan(source_ids: tuple[str, ...], registry: Path, *, as_json: bool) -> None:
    """Print the requests that a crawl would begin with."""
    from crawler.plan import plan
    from store.sources import load_sources

    planned = plan(source_ids, sources=load_sources(registry))
    show(planned, "Would be asked", as_json=as_json, columns=("source", "what", "url", "delay"))


def run_crawl(
    source_ids: tuple[str, ...], pages: Path, *, registry: Path = REGISTRY, **options: Any
) -> list[Any]:
    """Crawl with a count of fetched pages; returns a summary per source."""
    from crawler.run import crawl as crawl_sources
    from store.sources import load_sources

    with progress_bar("Crawling") as advance:
        fetched = count(1)
        return crawl_sources(
            source_ids,
            sources=load_sources(registry),
            pages_path=pages,
            on_page=lambda _: advance(next(fetched), None),
            **options,
        )
