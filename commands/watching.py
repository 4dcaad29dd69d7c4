"""`chiso status`: how the crawl of each source is doing."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from commands.asking import Trouble, for_people, json_option, pages_option, registry_option
from commands.showing import show

if TYPE_CHECKING:
    from store.records import Source

STATUS = ("source", "state", "success", "article", "a_day", "asked", "owed")


@click.command()
@click.argument("source_ids", nargs=-1, metavar="[SOURCE]...")
@click.option("--all", "everything", is_flag=True, help="Also sources that were never crawled.")
@pages_option
@registry_option
@json_option
@for_people
def status(source_ids: tuple[str, ...], everything: bool, pages: Path, registry: Path, as_json: bool) -> None:
    """Show how the crawl of each source is doing; exit code 1 when something should be looked at.

    \b
    Example: chiso status --json
    """
    from store.sources import load_sources
    from store.status import LOOK_AT

    declared = load_sources(registry)
    for source_id in source_ids:
        if source_id not in declared:
            raise Trouble(f"There is no source {source_id!r}; `chiso sources` lists them.")
    found = statuses(pages, [declared[name] for name in source_ids or declared])
    if not (everything or source_ids):
        found = [each for each in found if each.state != "never"]
    if as_json:
        show(found, "Status", as_json=True)
    else:
        show([_row(each) for each in found], "Status", columns=STATUS)
        for sentence in _sentences(found):
            click.echo(sentence)
        if not found:
            click.echo("Nothing has been crawled yet.")
    if any(each.state in LOOK_AT for each in found):
        sys.exit(1)


def statuses(pages: Path, sources: list[Source]) -> list[Any]:
    """Return the status of each source now."""
    from crawler.counters import FAILED, REFUSED
    from store.frozen import is_frozen
    from store.pages import read_pages
    from store.status import source_status

    now = datetime.now(UTC)
    frozen = {source.id for source in sources if is_frozen(source, now.date())}
    ids = [source.id for source in sources]
    with closing(read_pages(pages)) as db:
        return source_status(db, ids, errors=FAILED, refusals=REFUSED, now=now, frozen=frozen)


def _row(status: Any) -> dict[str, Any]:
    """Return a status as a table of eighty columns shows it: days without their clock."""
    return {
        "source": status.source,
        "state": status.state,
        "success": (status.last_success or "")[:10],
        "article": (status.last_article or "")[:10],
        "a_day": status.per_day,
        "asked": status.requests,
        "owed": status.waiting,
    }


def _sentences(found: list[Any]) -> Iterator[str]:
    """Yield what is wrong with each source, its kinds of errors and refusals, and what was set aside."""
    for status in found:
        if status.problem:
            yield f"{status.source}: {status.problem}"
        for name, kinds in (("errors", status.errors), ("refusals", status.refusals)):
            if kinds:
                told = ", ".join(f"{kind} {number}" for kind, number in kinds.items())
                yield f"{status.source}: {name} of the last weeks: {told}."
        if status.set_aside:
            again = f"chiso crawl {status.source} --retry-failed"
            yield f"{status.source}: {status.set_aside} addresses set aside after failures (`{again}`)."
