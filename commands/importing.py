"""`chiso import`: pages from archives and saved files instead of requests."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

import click

from commands.asking import Trouble, for_people, json_option, pages_option, registry_option
from commands.showing import notes, progress_bar, show

IMPORTED = ("files", "stored", "known", "foreign", "left_out", "damaged")


@click.command("import")
@click.argument("paths", nargs=-1, required=True, metavar="FILE...", type=click.Path(path_type=Path))
@click.option("--source", "source_id", metavar="SOURCE", help="Take pages of this source only.")
@click.option("--base-url", metavar="URL", help="Where a saved file that does not say it came from.")
@pages_option
@registry_option
@json_option
@for_people
def import_command(
    paths: tuple[Path, ...],
    source_id: str | None,
    base_url: str | None,
    pages: Path,
    registry: Path,
    as_json: bool,
) -> None:
    """Store articles and reports from WARC files, saved HTML or PDF files, and folders; no host is asked.

    Only pages of declared hosts are taken, by the rules by which a crawl keeps them, and none twice. With
    --base-url a file that does not name its address has the one it would have in a copy of that site.
    Exit code 1 when something was damaged, and the rest was stored.

    \b
    Example: chiso import CC-NEWS-20250601-00123.warc.gz --source baonghean
    """
    from crawler.archives.importing import import_files
    from crawler.archives.warc import ArchiveError
    from store.sources import load_sources

    sources = load_sources(registry)
    if source_id is not None and source_id not in sources:
        raise Trouble(f"There is no source {source_id!r}; `chiso sources` lists them.")
    chosen = [source for source in sources.values() if source_id in (None, source.id)]
    try:
        with progress_bar("Importing") as advance:
            summary = import_files(
                paths,
                sources=chosen,
                pages_path=pages,
                now=datetime.now(UTC),
                base_url=base_url,
                progress=advance,
            )
    except ArchiveError as error:
        raise Trouble(str(error)) from error
    show([summary], "Import", as_json=as_json, columns=IMPORTED)
    if not as_json:
        for problem in summary.problems:
            notes.print(problem, markup=False, highlight=False)
    if summary.damaged:
        sys.exit(1)
