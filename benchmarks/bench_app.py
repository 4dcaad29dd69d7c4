"""What the app costs on many figures: `make bench-app` (ARGS="--db big.db" for a database that exists).

Without --db, writes invented articles of 300,000 figures as bench_merge does (ARGS="--figures 1000000" for
more). Then the app is served and driven by a real browser: for each page the seconds until its first useful
content, for the browse page the seconds that changes of its filters take, with ten sessions open the memory
of the server, and what it takes to stream every figure as CSV. In brackets stand the seconds of processor
time of the server alone, which leave out the browser and whatever else the machine does. Nothing leaves it.
"""

from __future__ import annotations

import argparse
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from itertools import islice
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from benchmarks.bench_merge import stories
from store import observations
from store.database import writing
from store.derived import open_derived, replace_article
from store.queries import Filters, facets, list_figures, open_readonly

PROJECT = Path(__file__).resolve().parent.parent
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking")
SESSIONS = 10
PATIENCE = 120_000  # milliseconds
BATCH = 1000  # articles per transaction
# Changes the address as a filter does; answers when the app has run once and is at rest again.
CHANGE = """query => new Promise(done => {
    const app = document.querySelector("[data-testid='stApp']"), state = 'data-test-script-state';
    let ran = false;
    const watch = new MutationObserver(() => {
        ran ||= app.getAttribute(state) === 'running';
        if (ran && app.getAttribute(state) === 'notRunning') { watch.disconnect(); done(); }
    });
    watch.observe(app, { attributes: true, attributeFilter: [state] });
    history.pushState({}, '', '?' + query);
    dispatchEvent(new Event('popstate'));
})"""
_USEFUL = {  # page: what a reader came for
    "/": ".metrics dd",
    "/browse": ".total",
    "/compare": ".chart-title",
    "/map": ".chart-title",
    "/province": ".place",
    "/codebook": "[class*='st-key-entry-']",
    "/conflicts": ".total",
    "/review": ".head",
    "/download": ".st-key-downloads a",
    "/health": "[data-testid='stMain'] h1",
    "/about": ".prose",
}


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--db", type=Path)
    options.add_argument("--figures", type=int, default=300_000)
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        db = chosen.db or build(Path(folder) / "chiso.db", chosen.figures)
        with served(db, Path(folder)) as (address, process):
            measure(address, process, filters_of(db))


def build(path: Path, figures: int) -> Path:
    """Write invented articles with so many figures, five to each, and merge them."""
    with closing(open_derived(path)) as db:
        invented = stories(figures // 5, 5)
        while batch := list(islice(invented, BATCH)):
            with writing(db):
                for article, found in batch:
                    replace_article(db, article, found)
        observations.merge(db)
    return path


def filters_of(path: Path) -> list[tuple[str, str]]:
    """Return changes of one filter after the other, as parameters of the browse page."""
    with closing(open_readonly(path)) as db:
        counts = facets(db, Filters())
        word = list_figures(db, Filters(), 1)[0]["indicator"].split()[0]
    place, indicator, source, unit = (
        counts[name][0][0] for name in ("places", "indicators", "sources", "units")
    )
    return [
        ("place", f"p={place}"),
        ("place and year", f"p={place}&from=2023&to=2023"),
        ("indicator", f"ind={indicator}"),
        ("status", "st=actual"),
        ("year", "from=2023&to=2023"),
        ("confidence", "minc=0.8"),
        ("source", f"src={source}"),
        ("unit", urlencode({"unit": unit})),
        ("unit and place", urlencode({"unit": unit, "p": place})),
        ("words", f"q={word}"),
        ("value first", "sort=value"),
        ("indicators in order", "sort=indicator"),
        ("last page", "pg=40000"),
        ("no filter", ""),
    ]


@contextmanager
def served(db: Path, folder: Path) -> Iterator[tuple[str, int]]:
    """Serve the app while the block runs; gives its address and the number of its process."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {**os.environ, "CHISO_DB": str(db.resolve()), "CHISO_REVIEW": "1"}
    command = [sys.executable, "-m", "streamlit", "run", "app_pages/server.py", "--server.port", str(port)]
    with (folder / "log").open("w") as log:
        server = subprocess.Popen(command, cwd=PROJECT, env=environment, stdout=log, stderr=subprocess.STDOUT)
        try:
            address = f"http://127.0.0.1:{port}"
            while server.poll() is None and not is_up(address):
                time.sleep(0.3)
            yield address, server.pid
        finally:
            server.terminate()
            server.wait()


def is_up(address: str) -> bool:
    """Return whether the app answers."""
    try:
        with urllib.request.urlopen(f"{address}/_stcore/health", timeout=5) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def measure(address: str, process: int, changes: list[tuple[str, str]]) -> None:
    from playwright.sync_api import sync_playwright

    print(f"server before the first page: {memory(process):.0f} MB")
    browser_path = next(filter(None, map(shutil.which, ("chromium", "google-chrome"))), None)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path, args=FLAGS)
        pages = [browser.new_context().new_page() for _ in range(SESSIONS)]
        first = pages[0]
        show(first, f"{address}/about", _USEFUL["/about"])  # the browser's own start
        for path, css in _USEFUL.items():
            passed, worked = timed(process, lambda path=path, css=css: show(first, address + path, css))
            print(f"  {path:12} first useful content after {passed:.2f} s ({worked:.2f} s)")
        taken = []
        show(first, f"{address}/browse", ".total")
        for name, query in changes:
            passed, worked = timed(process, lambda query=query: change(first, query))
            taken.append((passed, worked))
            print(f"  filter: {name:16} {passed:.2f} s ({worked:.2f} s)")
        passed, worked = (statistics.median(values) for values in zip(*taken, strict=True))
        print(f"a filter change takes {passed:.2f} s ({worked:.2f} s) at the median")
        for page in pages[1:]:
            show(page, f"{address}/browse", ".total")
        print(f"server with {SESSIONS} sessions open: {memory(process):.0f} MB")
        browser.close()
    before = memory(process)
    size, first_byte, seconds, most = streamed(f"{address}/api/figures.csv", process)
    print(f"CSV of all: {size / 2**20:.0f} MB in {seconds:.1f} s, first byte after {first_byte:.2f} s")
    print(f"server while streaming: {most:.0f} MB at most, {before:.0f} MB before")


def show(page: Any, address: str, css: str) -> None:
    """Open a page and wait for what a reader came for."""
    page.goto(address, timeout=PATIENCE)
    page.locator(css).first.wait_for(timeout=PATIENCE)


def change(page: Any, query: str) -> None:
    """Change the address as a filter does, and wait until the figures on the page are the new ones."""
    page.evaluate(CHANGE, query)


def streamed(address: str, process: int) -> tuple[int, float, float, float]:
    """Read an address to its end: bytes, seconds to the first, seconds in all, most memory of the server."""
    size, first, most, started = 0, 0.0, 0.0, time.perf_counter()
    with urllib.request.urlopen(address, timeout=600) as answer:
        while piece := answer.read(2**20):
            first = first or time.perf_counter() - started
            size += len(piece)
            most = max(most, memory(process))
    return size, first, time.perf_counter() - started, most


def memory(process: int) -> float:
    """Return the resident memory of a process in MB."""
    status = Path(f"/proc/{process}/status").read_text(encoding="utf-8")
    return int(status.partition("VmRSS:")[2].split()[0]) / 1024


def processor(process: int) -> float:
    """Return the seconds of processor time that a process has taken."""
    fields = Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def timed(process: int, work: Callable[[], None]) -> tuple[float, float]:
    """Return the seconds that passed, and those of processor time that the server took."""
    started, worked = time.perf_counter(), processor(process)
    work()
    return time.perf_counter() - started, processor(process) - worked


if __name__ == "__main__":
    main()
