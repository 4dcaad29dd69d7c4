"""`chiso report`: what there is, and what is doubtful."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from commands.asking import db_option, for_people, json_option, pages_option, path_type, registry_option
from commands.showing import console, progress_bar, show


@click.command()
@click.option("--out", type=path_type, help="Write the report as an HTML page to this file.")
@click.option("--lang", type=click.Choice(["vi", "en"]), default="vi", show_default=True, help="Language.")
@click.option("--most", type=click.IntRange(min=1), default=30, show_default=True, help="Rows of each list.")
@pages_option
@db_option
@registry_option
@json_option
@for_people
def report(
    out: Path | None, lang: Any, most: int, pages: Path, db: Path, registry: Path, as_json: bool
) -> None:
    """Show coverage by province, theme and year, conflicts, flags, unlinked phrases, silent sources.

    \b
    Example: chiso report --out report.html --lang en
    """
    from store.queries import open_readonly
    from store.report import make_report, report_lines
    from store.report_page import report_page
    from store.sources import load_sources

    with closing(open_readonly(db)) as connection, progress_bar("Reporting"):
        made = make_report(connection, pages, load_sources(registry), most=most)
    if out is not None:
        today = datetime.now(UTC).date().isoformat()
        out.write_text(report_page(made, lang, day=today), encoding="utf-8")
    if as_json:
        for line in report_lines(made):
            click.echo(line)
    elif out is None:
        show_tables(made, lang, most)
    else:
        console.print(f"The report is in {out}.", soft_wrap=True)


def show_tables(made: Any, lang: Any, most: int) -> None:
    """Print the sections of the report as tables."""
    from store.report_page import words

    def table(section: str, rows: Iterable[Mapping[str, Any]]) -> None:
        found = list(rows)
        title = words(lang, section)
        if not found:
            console.print(f"{title}: {words(lang, 'none')}")
            return
        show(found[:most], title)
        if len(found) > most:
            console.print(words(lang, "more", shown=most, total=len(found)))

    totals = {
        name: made.totals[name] for name in ("articles", "figures", "linked", "observations", "conflicts")
    }
    show([totals], words(lang, "title"))
    for section, rows in sections(made, lang).items():
        table(section, rows)


def sections(made: Any, lang: Any) -> dict[str, list[dict[str, Any]]]:
    """Return the rows of each section as a terminal shows them, with headings in the language."""
    from store.report_page import indicator_name, place_name, theme_name, words

    def headed(**cells: Any) -> dict[str, Any]:
        return {words(lang, name): value for name, value in cells.items()}

    def place(place_id: str) -> str:
        named = place_name(place_id, lang)
        return f"{named.name} {named.regime}".strip()

    years: dict[tuple[str, str], dict[str, int]] = {}
    for row in made.coverage:
        of_theme = years.setdefault((row["place_id"], row["theme"]), {})
        of_theme[row["year"] or "?"] = row["figures"]
    covered = sorted(years.items(), key=lambda item: (-sum(item[1].values()), item[0]))
    return {
        "coverage": [
            headed(
                place=place(place_id),
                theme=theme_name(theme, lang),
                count=sum(found.values()),
                years=" ".join(f"{year}:{count}" for year, count in sorted(found.items())),
            )
            for (place_id, theme), found in covered
        ],
        "conflicts": [
            headed(
                place=place(row["place_id"]),
                indicator=indicator_name(row["indicator_id"], lang) or row["indicator"],
                period=row["period"] or row["as_of"],
                reports="\n".join(
                    f"{told['surface']} ({told['source'] or told['url']}, {told['published_on']})"
                    for told in row["reports"]
                ),
            )
            for row in made.conflicts
        ],
        "flags": [
            headed(flag=row["flag"], count=row["figures"], example=row["example"]["sentence"])
            for row in made.flags
        ],
        "phrases": [
            headed(phrase=row["phrase"], kind=row["kind"], unit=row["unit"], count=row["figures"])
            for row in made.phrases
        ],
        "sources": [
            headed(source=row["id"], state=words(lang, f"state_{row['state']}"), reason=row["reason"])
            for row in made.sources
        ],
        "out_of_range": [
            headed(
                indicator=indicator_name(row["indicator_id"], lang),
                value=row["value"],
                range=f"{row['low']}–{row['high']}",
                sentence=row["sentence"],
            )
            for row in made.out_of_range
        ],
    }
