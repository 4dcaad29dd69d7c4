"""`chiso export`: the files that leave the house."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import Any

import click

from commands.asking import Trouble, db_option, folder_type, for_people, json_option
from commands.showing import progress_bar, show


@click.command()
@click.option("--out", type=folder_type, required=True, help="Folder for the files.")
@click.option("--province", "provinces", multiple=True, help="Only this province; may be repeated.")
@click.option("--kind", "kinds", multiple=True, help="Only ratio, rank, percent, money, score, …")
@click.option("--status", "statuses", multiple=True, help="Only actual or target.")
@click.option("--source", "sources", multiple=True, help="Only this source; may be repeated.")
@click.option("--from", "period_from", help="Periods from this year, month or day on.")
@click.option("--to", "period_to", help="Periods up to this year, month or day.")
@click.option("--search", "query", help="Words of sentence, title or indicator, with or without diacritics.")
@click.option("--min-confidence", type=click.FloatRange(0, 1), help="Leave out less certain figures.")
@click.option("--excel", is_flag=True, help="For spreadsheets: BOM, CRLF and a guard against formulas.")
@db_option
@json_option
@for_people
def export(
    out: Path, provinces: tuple[str, ...], excel: bool, db: Path, as_json: bool, **filters: Any
) -> None:
    """Write figures.csv, observations.csv and articles.csv.

    \b
    Example: chiso export --out export --province "Quảng Ngãi" --from 2023 --to 2024 --excel
    """
    from extract.inputs import place_ids

    run_export(out, db, excel=excel, as_json=as_json, places=place_ids(provinces), **filters)


def run_export(out: Path, db: Path, *, excel: bool, as_json: bool, **filters: Any) -> None:
    """Write the CSV files and say how many rows each has."""
    from store.export import export as write_files
    from store.queries import Filters, check_filters, open_readonly

    out.mkdir(parents=True, exist_ok=True)
    with closing(open_readonly(db)) as connection:
        chosen, unknown = check_filters(connection, Filters(**filters))
        if unknown:
            raise Trouble(f"Nothing here is called so: {'; '.join(unknown)}.")
        with progress_bar("Exporting") as advance:
            written = write_files(
                connection, out, chosen, profile="excel" if excel else "plain", progress=advance
            )
    show(
        [{"file": str(out / name), "rows": rows} for name, rows in written.items()], "Export", as_json=as_json
    )
