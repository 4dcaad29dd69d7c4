"""`chiso extract`, `chiso figures`, `chiso explain`: from pages and texts to figures."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
from rich.text import Text

from commands.asking import (
    REGISTRY,
    build_options,
    for_people,
    json_option,
    path_type,
    province_option,
    published_option,
)
from commands.showing import console, progress_bar, show

EXTRACTED = ("pages", "articles", "figures", "failures", "observations")


@click.command()
@click.option("--all", "everything", is_flag=True, help="Every page again, not only new ones.")
@build_options
def extract(
    everything: bool, pages: Path, db: Path, registry: Path, reviews: Path | None, as_json: bool
) -> None:
    """Turn stored pages into articles, figures and observations.

    \b
    Example: chiso extract --all
    """
    built = run_build(pages, db, everything=everything, registry=registry, reviews=reviews)
    show([built], "Extract", as_json=as_json, columns=EXTRACTED)


@click.command()
@click.argument("files", nargs=-1, required=True, type=path_type, metavar="FILE...")
@province_option
@published_option
@click.option("--no-nlp", is_flag=True, help="Leave out word segmentation: faster, a little less exact.")
@for_people
def figures(files: tuple[Path, ...], province: str | None, published: str | None, no_nlp: bool) -> None:
    """Print the figures of text, HTML, PDF, DOCX or .jsonl files, one JSON document a line.

    \b
    Example: chiso figures report.pdf --province "Quảng Ngãi" --published 2024-12-10
    """
    from extract import exchange, inputs, pipeline

    for article in inputs.articles(files, now=datetime.now(UTC), province=province, published=published):
        found = [exchange.as_json(figure) for figure in pipeline.extract(article, nlp=not no_nlp)]
        click.echo(json.dumps({"id": article.id, "figures": found}, ensure_ascii=False))


@click.command()
@click.argument("text")
@province_option
@published_option
@json_option
@for_people
def explain(text: str, province: str | None, published: str | None, as_json: bool) -> None:
    """Say why each number of a sentence was or was not taken.

    \b
    Example: chiso explain "Theo Kế hoạch 57/KH-UBND, đến cuối năm có trên 80% hộ dùng nước sạch."
    """
    from extract import inputs
    from extract.explain import explain as explanations

    found = explanations(inputs.typed_text(text, province=province, published=published))
    if as_json:
        click.echo(json.dumps([asdict(item) for item in found], ensure_ascii=False))
        return
    for item in found:
        console.print(Text(item.surface, style="bold green" if item.taken else "bold"))
        for line in item.lines:
            console.print(Text(f"   {line}"))
    if not found:
        click.echo("There is no number in this text.")


def run_build(
    pages: Path,
    db: Path,
    *,
    everything: bool = False,
    registry: Path = REGISTRY,
    reviews: Path | None = None,
) -> Any:
    """Bring the derived database up to date; returns a summary."""
    from store.build import build
    from store.sources import load_sources

    update_schema(db)
    with progress_bar("Extracting") as advance:
        return build(
            pages,
            db,
            sources=load_sources(registry),
            everything=everything,
            progress=advance,
            reviews_path=reviews,
        )


def update_schema(db: Path) -> None:
    """Bring a database that an older version of the program wrote up to date, which may take a minute."""
    from store.derived import is_behind, open_derived

    if db.is_file() and is_behind(db):
        with progress_bar("Updating the database") as advance:
            open_derived(db, advance).close()
