"""`chiso sources`: what is declared of the papers and portals, and what a first polite visit finds of it."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from commands.asking import for_people, json_option, registry_option
from commands.showing import show

LISTED = ("id", "name", "family", "province", "valid_until", "enabled", "disabled_because")


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
    """List the newspapers and portals that are declared, with how each part is known (--json).

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
