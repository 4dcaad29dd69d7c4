"""`chiso sources`: what is declared of the papers and portals, and what a first polite visit finds of it."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from commands.asking import for_people, json_option, registry_option
from commands.showing import progress_bar, show

if TYPE_CHECKING:
    from crawler.check import Visit
    from store.records import Source

VISITED = ("source", "robots", "front", "feeds", "sitemaps", "article_links", "body", "published", "problem")
LISTED = ("id", "name", "family", "province", "enabled")


@click.group(invoke_without_command=True)
@click.option("--province", help="Only those of this province, former ones included, spelled as you like.")
@click.option("--family", help="Only those of this CMS family.")
@click.option("--enabled/--disabled", default=None, help="Only those that are crawled, or that are not.")
@registry_option
@json_option
@click.pass_context
@for_people
def sources(
    context: click.Context,
    province: str | None,
    family: str | None,
    enabled: bool | None,
    registry: Path,
    as_json: bool,
) -> None:
    """List the newspapers and portals that are declared, and with --json how each part is known.

    \b
    Example: chiso sources --province "Quảng Trị" --enabled
    """
    from extract.inputs import province_name
    from store.sources import list_sources

    if context.invoked_subcommand is None:
        place = province_name(province) if province else None
        rows = list_sources(registry, province=place, family=family, enabled=enabled)
        show(rows, "Sources", as_json=as_json, columns=LISTED)


@sources.command()
@registry_option
@for_people
def lint(registry: Path) -> None:
    """Read the registry without asking any host; exit code 1 when something would find little.

    \b
    Example: chiso sources lint --sources my-sources.toml
    """
    from store.sources import check_sources, list_sources

    doubts = check_sources(registry)
    for sentence in doubts:
        click.echo(sentence)
    click.echo(f"{len(list_sources(registry))} sources, {len(doubts)} doubts.")
    if doubts:
        sys.exit(1)


@sources.command()
@click.argument("source_ids", nargs=-1, metavar="[SOURCE]...")
@registry_option
@json_option
@for_people
def check(source_ids: tuple[str, ...], registry: Path, as_json: bool) -> None:
    """Visit the named sources, or all enabled ones: robots.txt, the front page and one article, each once.

    Says what robots.txt allows, which feeds and sitemaps are announced, how many article links the front page
    shows, and whether body and date of the first article are found. Keeps nothing; exit code 1 when
    something is not found.

    \b
    Example: CHISO_CONTACT=you@example.org chiso sources check baonghean
    """
    from crawler.check import visit
    from store.sources import load_sources

    declared = load_sources(registry)
    with progress_bar("Visiting") as advance:
        visited = count(1)
        visits = visit(source_ids, sources=declared, on_visit=lambda _: advance(next(visited), None))
    rows = [_row(each, declared[each.source]) for each in visits]
    if not as_json:
        rows = [row | {key: len(row[key]) for key in ("feeds", "sitemaps")} for row in rows]
    show(rows, "Visits", as_json=as_json, columns=VISITED)
    if any(row["problem"] for row in rows):
        sys.exit(1)


def _row(visit: Visit, source: Source) -> dict[str, Any]:
    """Return what is shown of a visit; `body` is its length in characters."""
    article = _article(visit, source)
    problems = [visit.problem, article.get("problem")]
    if visit.front and not visit.article_links:
        problems.append("no link of the front page looks like an article")
    elif visit.article_links and not visit.by_selector:
        problems.append("link_selector finds no article")
    return {
        "source": visit.source,
        "robots": visit.robots,
        "crawl_delay": visit.crawl_delay,
        "requests": visit.requests,
        "front": visit.front,
        "feeds": visit.feeds,
        "sitemaps": visit.sitemaps,
        "article_links": visit.article_links,
        "next_page": visit.next_page,
        "article": visit.article.url if visit.article else None,
        "title": article.get("title"),
        "body": article.get("body"),
        "published": article.get("published"),
        "doubts": article.get("doubts", []),
        "problem": "; ".join(filter(None, problems)) or None,
    }


def _article(visit: Visit, source: Source) -> Mapping[str, Any]:
    """Return what cleaning makes of the article that a visit brought."""
    from extract.clean import CleanError, clean

    if visit.article is None:
        return {}
    if visit.article_refused:
        return {"problem": f"the article is refused as an answer ({visit.article_refused})"}
    try:
        article = clean(visit.article, source)
    except CleanError as error:
        return {"problem": f"the article cannot be cleaned: {error}"}
    undated = None if article.published else "no trustworthy date in the article"
    return {
        "title": article.title,
        "body": len(article.text),
        "published": article.published,
        "doubts": list(article.doubts),
        "problem": undated,
    }
