"""The `chiso` command: crawl, extract, explain, export and browse the figures of provincial news."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import asdict
from datetime import UTC, datetime
from functools import wraps
from itertools import count
from pathlib import Path
from typing import Any

import click
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.markup import escape
from rich.progress import Progress
from rich.table import Table
from rich.text import Text

ROOT = Path(__file__).resolve().parent
DATA = ROOT / "data"

console = Console()
notes = Console(stderr=True)

path_type = click.Path(path_type=Path, dir_okay=False)
folder_type = click.Path(path_type=Path, file_okay=False)
port_type = click.IntRange(1024, 65535)
pages_option = click.option(
    "--pages",
    type=path_type,
    envvar="CHISO_PAGES",
    default=DATA / "pages.db",
    show_default="data/pages.db",
    help="Database of raw pages.",
)
db_option = click.option(
    "--db",
    type=path_type,
    envvar="CHISO_DB",
    default=DATA / "chiso.db",
    show_default="data/chiso.db",
    help="Database of articles, figures and observations.",
)
CRAWLED = ("source", "outcome", "fetched", "known", "refused", "failed", "problem")
DECLARED = ("id", "name", "family", "province", "enabled")
EXTRACTED = ("pages", "articles", "figures", "failures", "observations")

json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON for machines.")
province_option = click.option("--province", help="Whose paper or report it is, spelled as you like.")
published_option = click.option("--published", help="Publication date, YYYY-MM-DD or YYYY.")
app_port_option = click.option(
    "--port", type=port_type, default=8501, show_default=True, help="Port of the app."
)


class Trouble(click.ClickException):
    """A problem that a person can mend: one sentence, exit code 2."""

    exit_code = 2


def for_people(command: Callable[..., Any]) -> Callable[..., Any]:
    """Let a command end in one clear sentence and exit code 2 where it would end in a traceback."""

    @wraps(command)
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        from crawler.run import CrawlError
        from extract.errors import CleanError
        from extract.exchange import ExchangeError
        from extract.inputs import InputError
        from store.errors import StoreError
        from store.sources import SourceError

        try:
            return command(*args, **kwargs)
        except (CleanError, CrawlError, ExchangeError, InputError, SourceError, StoreError) as error:
            raise Trouble(str(error)) from error
        except OSError as error:
            where = f"{error.filename}: " if error.filename else ""
            raise Trouble(f"{where}{error.strerror or error}.") from error

    return wrapped


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="chiso")
def main() -> None:
    """Turn what Vietnamese provincial news reports in prose into a table with a sentence behind every number.

    \b
    Example: chiso explain "Đến nay, 24/29 nhiệm vụ đã hoàn thành, đạt 82,8%."
    """


@main.command()
@click.argument("source_ids", nargs=-1, metavar="[SOURCE]...")
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), help="Leave out what is certainly older.")
@click.option("--limit", type=click.IntRange(min=1), help="End each source after so many new pages.")
@pages_option
@json_option
@for_people
def crawl(source_ids: tuple[str, ...], since: Any, limit: int | None, pages: Path, as_json: bool) -> None:
    """Fetch new articles of the named sources, or of all enabled ones.

    \b
    Example: CHISO_CONTACT=you@example.org chiso crawl baonghean --since 2025-01-01 --limit 50
    """
    summaries = run_crawl(source_ids, pages, since=since.date() if since else None, limit=limit)
    show(summaries, "Crawl", as_json=as_json, columns=CRAWLED)


@main.command()
@click.option("--all", "everything", is_flag=True, help="Every page again, not only new ones.")
@pages_option
@db_option
@json_option
@for_people
def extract(everything: bool, pages: Path, db: Path, as_json: bool) -> None:
    """Turn stored pages into articles, figures and observations.

    \b
    Example: chiso extract --all
    """
    show([run_build(pages, db, everything=everything)], "Extract", as_json=as_json, columns=EXTRACTED)


@main.command()
@click.argument("source_ids", nargs=-1, metavar="[SOURCE]...")
@pages_option
@db_option
@json_option
@for_people
def update(source_ids: tuple[str, ...], pages: Path, db: Path, as_json: bool) -> None:
    """Crawl, extract and merge, one run at a time; made for cron and systemd timers.

    \b
    Example: CHISO_CONTACT=you@example.org chiso update --json >> update.log
    """
    from filelock import FileLock, Timeout

    try:
        with FileLock(f"{db}.lock", timeout=0):
            crawled = run_crawl(source_ids, pages)
            built = run_build(pages, db)
    except Timeout as error:
        raise Trouble(f"Another update of {db} is running.") from error
    show(crawled, "Crawl", as_json=as_json, columns=CRAWLED)
    show([built], "Extract", as_json=as_json, columns=EXTRACTED)


@main.command()
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


@main.command()
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


@main.command()
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


@main.group(invoke_without_command=True)
@json_option
@click.pass_context
@for_people
def sources(context: click.Context, as_json: bool) -> None:
    """List the newspapers and portals that are declared.

    \b
    Example: chiso sources
    """
    from store.sources import list_sources

    if context.invoked_subcommand is None:
        show(
            list_sources(),
            "Sources",
            as_json=as_json,
            columns=("id", "name", "family", "province", "enabled"),
        )


@sources.command()
@for_people
def check() -> None:
    """Check data/sources.toml without asking any host; exit code 1 when something would find little.

    \b
    Example: chiso sources check
    """
    from store.sources import check_sources, list_sources

    doubts = check_sources()
    for sentence in doubts:
        click.echo(sentence)
    click.echo(f"{len(list_sources())} sources, {len(doubts)} doubts.")
    if doubts:
        sys.exit(1)


@main.command()
@app_port_option
@db_option
@for_people
def app(port: int, db: Path) -> None:
    """Open the app on this machine.

    \b
    Example: chiso app --port 8600
    """
    open_app(db, port)


@main.command()
@click.option("--no-app", is_flag=True, help="End before the app opens.")
@app_port_option
@click.option("--site-port", type=port_type, default=8470, show_default=True, help="Port of the sample site.")
@click.option(
    "--out", type=folder_type, default=DATA / "export", show_default="data/export", help="Folder for CSV."
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

    samples = sample_ids()
    refuse_real_data(pages, samples)
    with serve(port=site_port) as address:
        console.print(f"Sample site at {address}: every figure in it is invented.")
        show(run_crawl(samples, pages, ports=dict.fromkeys(samples, site_port)), "Crawl", columns=CRAWLED)
        show([run_build(pages, db)], "Extract", columns=EXTRACTED)
        show_contents(db)
        run_export(out, db, excel=False, as_json=False)
        if not no_app:
            open_app(db, port)


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


@contextmanager
def progress_bar(label: str) -> Iterator[Callable[[int, int | None], None]]:
    """Yield a function that takes how many are done of how many; drawn where standard error is a terminal."""
    with Progress(console=notes, transient=True, disable=not notes.is_terminal) as bar:
        task = bar.add_task(label, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def run_crawl(source_ids: tuple[str, ...], pages: Path, **options: Any) -> list[Any]:
    """Crawl with a count of fetched pages; returns a summary per source."""
    from crawler.run import crawl as crawl_sources
    from store.sources import load_sources

    with progress_bar("Crawling") as advance:
        fetched = count(1)
        return crawl_sources(
            source_ids,
            sources=load_sources(),
            pages_path=pages,
            on_page=lambda _: advance(next(fetched), None),
            **options,
        )


def run_build(pages: Path, db: Path, *, everything: bool = False) -> Any:
    """Bring the derived database up to date; returns a summary."""
    from store.build import build
    from store.sources import load_sources

    with progress_bar("Extracting") as advance:
        return build(pages, db, sources=load_sources(), everything=everything, progress=advance)


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


def open_app(db: Path, port: int) -> None:
    """Run the app until it is stopped; raises StoreError when there is nothing to show."""
    from store.queries import open_readonly

    open_readonly(db).close()
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
    environment = {**os.environ, "CHISO_DB": str(db.resolve())}
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


def show(
    rows: Iterable[Any], title: str, *, as_json: bool = False, columns: tuple[str, ...] | None = None
) -> None:
    """Print records as a table, or as one JSON object a line."""
    records = [row if isinstance(row, Mapping) else asdict(row) for row in rows]
    if as_json:
        for record in records:
            click.echo(json.dumps(record, ensure_ascii=False, default=str))
        return
    names = columns or [
        name for name, value in (records or [{}])[0].items() if not isinstance(value, Mapping)
    ]
    table = Table(title=title, title_justify="left", box=SIMPLE_HEAD)
    for name in names:
        table.add_column(name.replace("_", " "), overflow="fold")
    for record in records:
        table.add_row(*("" if record[name] is None else escape(str(record[name])) for name in names))
    console.print(table)


if __name__ == "__main__":
    main()
