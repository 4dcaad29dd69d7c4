"""`chiso app`, `chiso demo`: the app, and the whole path that ends in it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterable, Mapping
from contextlib import closing, suppress
from pathlib import Path

import click

from commands.asking import (
    DATA,
    ROOT,
    Trouble,
    app_port_option,
    db_option,
    folder_type,
    for_people,
    pages_option,
    port_type,
    releases_option,
    reviews_option,
)
from commands.crawling import CRAWLED, run_crawl
from commands.extraction import EXTRACTED, run_build, update_schema
from commands.release import run_export
from commands.showing import console, show


@click.command()
@app_port_option
@db_option
@pages_option
@click.option(
    "--export",
    "release",
    type=folder_type,
    envvar="CHISO_EXPORT",
    default=DATA / "export",
    show_default="data/export",
    help="Folder of an export to offer for download.",
)
@releases_option
@reviews_option
@click.option(
    "--texts/--no-texts",
    default=True,
    show_default=True,
    help="Whether a figure's page leads to the stored text of its article, a copy for checking.",
)
@click.option("--review", is_flag=True, help="Let whoever opens the app review figures.")
@for_people
def app(
    port: int,
    db: Path,
    pages: Path,
    release: Path,
    releases: Path,
    reviews: Path | None,
    texts: bool,
    review: bool,
) -> None:
    """Open the app on this machine.

    \b
    Example: chiso app --port 8600 --review
    """
    paths = {
        "CHISO_DB": db,
        "CHISO_PAGES": pages,
        "CHISO_EXPORT": release,
        "CHISO_RELEASES": releases,
        "CHISO_REVIEWS": reviews,
    }
    open_app(
        port, {name: path for name, path in paths.items() if path is not None}, review=review, texts=texts
    )


@click.command()
@click.option("--no-app", is_flag=True, help="End before the app opens.")
@app_port_option
@click.option("--site-port", type=port_type, default=8470, show_default=True, help="Port of the sample site.")
@click.option(
    "--out",
    type=folder_type,
    default=DATA / "export",
    show_default="data/export",
    help="Folder for the release, in all forms.",
)
@pages_option
@db_option
@for_people
def demo(no_app: bool, port: int, site_port: int, out: Path, pages: Path, db: Path) -> None:
    """Run the whole path on the bundled sample site, offline, and open the app.

    \b
    Example: chiso demo --no-app
    """
    from crawler.sample_site import serve
    from store.release.forms import FORMATS

    samples = sample_ids()
    refuse_real_data(pages, samples)
    with serve(port=site_port) as address:
        console.print(f"Sample site at {address}: every figure in it is invented.")
        show(run_crawl(samples, pages, ports=dict.fromkeys(samples, site_port)), "Crawl", columns=CRAWLED)
        show([run_build(pages, db)], "Extract", columns=EXTRACTED)
        show_contents(db)
        run_export(out, db, formats=FORMATS)
        if not no_app:
            open_app(port, {"CHISO_DB": db, "CHISO_PAGES": pages, "CHISO_EXPORT": out})


def sample_ids() -> tuple[str, ...]:
    """Return the ids of the sample site's papers."""
    from store.sources import load_sources

    return tuple(name for name, source in load_sources().items() if source.kind == "sample")


def refuse_real_data(pages: Path, samples: Iterable[str]) -> None:
    """Raise Trouble when the page database holds real papers: invented figures may not stand among theirs."""
    from store.pages import list_runs, read_pages

    if not pages.exists():
        return
    with closing(read_pages(pages)) as db:
        real = {run["source"] for run in list_runs(db, limit=10_000)} - set(samples)
    if real:
        raise Trouble(
            f"{pages} holds pages of {', '.join(sorted(real))}, and the demo's figures are invented: "
            "name other files, as in chiso demo --pages demo-pages.db --db demo.db"
        )


def open_app(port: int, paths: Mapping[str, Path], *, review: bool = False, texts: bool = True) -> None:
    """Run the app until it is stopped; raises StoreError when there is nothing to show.

    `paths` are what it reads, by the variables that name them to it; CHISO_DB is always among them.
    """
    from store.errors import StoreError
    from store.queries import open_readonly

    with suppress(StoreError):  # a database that cannot be written now is read as it is, if it can be
        update_schema(paths["CHISO_DB"])
    open_readonly(paths["CHISO_DB"]).close()
    command = [
        sys.executable,
        "-m",
        "streamlit",
        "run",
        str(ROOT / "app_pages" / "server.py"),
        "--server.port",
        str(port),
    ]
    console.print(f"The app is at http://127.0.0.1:{port} (Ctrl-C ends it).")
    environment = {
        **os.environ,
        **{name: str(path.resolve()) for name, path in paths.items()},
        "CHISO_REVIEW": "1" if review else "",
        "CHISO_TEXTS": "1" if texts else "0",
    }
    with suppress(KeyboardInterrupt):
        ended = subprocess.run(command, cwd=ROOT, env=environment, check=False)  # noqa: S603 - our own program
        if ended.returncode > 0:
            raise Trouble(f"The app did not start on port {port}; name a free one with --port.")


def show_contents(db: Path) -> None:
    """Print what the database holds per province, and its newest figures."""
    from store.places import places
    from store.queries import newest_figures, open_readonly, summary_by_place

    with closing(open_readonly(db)) as connection:
        names = {place_id: place.name_vi for place_id, place in places().items()}
        rows = [{"province": names[row["place_id"]], **row} for row in summary_by_place(connection)]
        show(rows, "Provinces", columns=("province", "place_id", "articles", "figures", "newest_published"))
        newest = newest_figures(connection, 12)
        show(newest, "Newest figures", columns=("surface", "kind", "indicator", "place", "period", "status"))
