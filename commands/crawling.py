"""`chiso crawl`, `chiso update`: what asks the hosts."""

from __future__ import annotations

from itertools import count
from pathlib import Path
from typing import Any

import click

from commands.asking import (
    REGISTRY,
    Trouble,
    db_option,
    for_people,
    json_option,
    pages_option,
    registry_option,
    reviews_option,
)
from commands.extraction import EXTRACTED, run_build
from commands.showing import progress_bar, show

CRAWLED = ("source", "outcome", "fetched", "known", "refused", "failed", "problem")


@click.command()
@click.argument("source_ids", nargs=-1, metavar="[SOURCE]...")
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), help="Leave out what is certainly older.")
@click.option("--limit", type=click.IntRange(min=1), help="End each source after so many new pages.")
@click.option("--dry-run", is_flag=True, help="Print what would be asked first; ask nothing.")
@pages_option
@registry_option
@json_option
@for_people
def crawl(
    source_ids: tuple[str, ...],
    since: Any,
    limit: int | None,
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
    summaries = run_crawl(
        source_ids, pages, registry=registry, since=since.date() if since else None, limit=limit
    )
    show(summaries, "Crawl", as_json=as_json, columns=CRAWLED)


@click.command()
@click.argument("source_ids", nargs=-1, metavar="[SOURCE]...")
@pages_option
@db_option
@registry_option
@reviews_option
@json_option
@for_people
def update(
    source_ids: tuple[str, ...], pages: Path, db: Path, registry: Path, reviews: Path | None, as_json: bool
) -> None:
    """Crawl, extract and merge, one run at a time; made for cron and systemd timers.

    \b
    Example: CHISO_CONTACT=you@example.org chiso update --json >> update.log
    """
    from filelock import FileLock, Timeout

    try:
        with FileLock(f"{db}.lock", timeout=0):
            crawled = run_crawl(source_ids, pages, registry=registry)
            built = run_build(pages, db, registry=registry, reviews=reviews)
    except Timeout as error:
        raise Trouble(f"Another update of {db} is running.") from error
    show(crawled, "Crawl", as_json=as_json, columns=CRAWLED)
    show([built], "Extract", as_json=as_json, columns=EXTRACTED)


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
