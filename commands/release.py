"""`chiso export`, `chiso release`: the files that leave the house."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import Any

import click

from commands.asking import db_option, folder_type, for_people, json_option, releases_option
from commands.showing import progress_bar, show


@click.command()
@click.option("--out", type=folder_type, required=True, help="Folder for the files.")
@click.option(
    "--format",
    "formats",
    metavar="NAME,…",
    help="csv (the default), excel (CSV with BOM, CRLF and a guard against formulas), xlsx, parquet, ndjson, "
    "sqlite, and package: all files of the release in one ZIP, too.",
)
@click.option("--excel", is_flag=True, help="The same as --format excel.")
@click.option(
    "--shape",
    type=click.Choice(["long", "wide"]),
    default="long",
    show_default=True,
    help="long: a row per figure or observation; wide: places and periods by indicators.",
)
@click.option(
    "--harmonise",
    type=click.Choice(["34"]),
    help="Values as if there had always been the 34 provinces: in a table of their own, or in the wide one.",
)
@click.option(
    "--conflicts",
    type=click.Choice(["refuse", "leave-empty", "mark"]),
    default="refuse",
    show_default=True,
    help="What wide does with cells whose reports contradict each other.",
)
@click.option("--province", "provinces", multiple=True, help="Only this province; may be repeated.")
@click.option(
    "--indicator",
    "indicators",
    multiple=True,
    help="Only this indicator or theme, by its id; may be repeated.",
)
@click.option("--kind", "kinds", multiple=True, help="Only ratio, rank, percent, money, score, …")
@click.option("--status", "statuses", multiple=True, help="Only actual or target.")
@click.option("--unit", "units", multiple=True, help="Only this unit (%, VND, hộ, …); may be repeated.")
@click.option("--source", "sources", multiple=True, help="Only this source; may be repeated.")
@click.option("--from", "period_from", help="Periods from this year, month or day on.")
@click.option("--to", "period_to", help="Periods up to this year, month or day.")
@click.option(
    "--review",
    "reviews",
    multiple=True,
    help="Only confirmed, corrected, rejected or unreviewed figures; without it all but the rejected.",
)
@click.option("--search", "query", help="Words of sentence, title or indicator, with or without diacritics.")
@click.option(
    "--latest", is_flag=True, help="Only the newest period of each place, indicator, kind and status."
)
@click.option(
    "--canonical",
    "duplicates",
    flag_value="canon",
    help="Of the reports of one value only the one that is shown for it.",
)
@click.option("--min-confidence", type=click.FloatRange(0, 1), help="Leave out less certain figures.")
@db_option
@json_option
@for_people
def export(
    out: Path,
    formats: str | None,
    excel: bool,
    provinces: tuple[str, ...],
    indicators: tuple[str, ...],
    db: Path,
    as_json: bool,
    **asked: Any,
) -> None:
    """Write a release into a folder: tables, codebook, citation, README and a Frictionless data package.

    \b
    Example: chiso export --out nghe-an --province "Nghệ An" --indicator economy --from 2023 --format csv,xlsx
    """
    from extract.inputs import place_ids
    from store.release.selection import indicator_ids

    told = [name.strip().lower() for name in (formats or "").split(",") if name.strip()] + ["excel"] * excel
    chosen = {name: asked.pop(name) for name in ("shape", "conflicts")} | {
        "harmonise": asked.pop("harmonise") is not None
    }
    asked["latest"] = asked["latest"] or None
    filters = {"places": place_ids(provinces), "indicators": indicator_ids(indicators), **asked}
    run_export(out, db, formats=tuple(told) or ("csv",), as_json=as_json, chosen=chosen, **filters)


def run_export(
    out: Path,
    db: Path,
    *,
    formats: tuple[str, ...] = ("csv",),
    as_json: bool = False,
    chosen: dict[str, Any] | None = None,
    **filters: Any,
) -> None:
    """Write a release and say how many rows each file has; notes go to standard error."""
    from store.export import export as write_files
    from store.queries import Filters, open_readonly
    from store.release.edition import Choice
    from store.release.selection import checked

    with closing(open_readonly(db)) as connection:
        choice = Choice(filters=checked(connection, Filters(**filters)), **(chosen or {}))
        with progress_bar("Exporting") as advance:
            release = write_files(connection, out, choice, formats, progress=advance)
    files = [{"file": str(out / name), "rows": rows} for name, rows in release.files.items()]
    show(files, "Export", as_json=as_json)
    for note in release.notes:
        click.echo(note, err=True)


@click.command()
@releases_option
@db_option
@json_option
@for_people
def release(releases: Path, db: Path, as_json: bool) -> None:
    """Freeze the data as they are: a folder with every form of file, which the app serves and cites for good.

    Its name is the version of the data; a release that was made of the same data is left as it is.

    \b
    Example: chiso release --releases /srv/chiso/releases
    """
    from store.releases import freeze

    with progress_bar("Releasing") as advance:
        made, new = freeze(db, releases, progress=advance)
    row = {"release": made.id, "folder": str(made.folder), "built": made.created, "new": new}
    show([row], "Release", as_json=as_json)
