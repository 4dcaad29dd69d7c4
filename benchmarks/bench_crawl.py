"""What crawling costs and survives: `make bench-crawl` (ARGS="soak", "speed" or "memory" for one part).

soak: a crawl of 500 pages in a process that is killed (SIGKILL) 50 times at random moments. After one more
run the set of articles must be that of an undisturbed crawl, none kept twice, the database sound.

speed: pages per second on a site on this machine, politeness off: a bare Scrapy spider that keeps nothing;
this crawler to stored pages; Scrapy with trafilatura in the callback (default, with metadata); this crawler
with the same cleaning in warm worker processes. Each kind in turn, several times; medians and ratios count.
The first two also by processor time of their process; they alone with --no-cleaning.

memory: resident memory of the crawling process every 2,000 pages of 20,000.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.local_paper import Paper, serving
from crawler.run import crawl
from store.pages import get_page, newest_versions, open_pages, read_pages
from store.records import Page
from store.workers import note_of, run_in_order, start_worker

FAST = {"CHISO_OVERLOAD_PAUSE": 0, "DOWNLOAD_TIMEOUT": 20}
CROWDED = {**FAST, "CONCURRENT_REQUESTS": 16, "CONCURRENT_REQUESTS_PER_DOMAIN": 16}
STEP = 2000  # pages between two looks at the memory


@dataclass(frozen=True, slots=True, kw_only=True)
class Crawled:
    """What crawling so many pages took: seconds, and seconds of the process's processor time."""

    pages: int
    seconds: float
    busy: float


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    options.add_argument("part", nargs="?", choices=("soak", "speed", "memory"))
    options.add_argument("--kills", type=int, default=50)
    options.add_argument("--pages", type=int, default=500)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--no-cleaning", action="store_true", help="only bare against stored")
    options.add_argument("--memory-pages", type=int, default=20_000)
    chosen = options.parse_args()
    sound = True
    if chosen.part in (None, "soak"):
        sound = soak(chosen.pages, chosen.kills, chosen.seed)
    if chosen.part in (None, "speed"):
        speed(chosen.pages, chosen.rounds, cleaning=not chosen.no_cleaning)
    if chosen.part in (None, "memory"):
        memory(chosen.memory_pages)
    sys.exit(0 if sound else 1)


def soak(pages: int, kills: int, seed: int) -> bool:
    """Print what came of a crawl that was killed so often; return whether nothing was lost or doubled."""
    chance = random.Random(seed)
    with serving(Paper(articles=pages, wait=0.01)) as paper, tempfile.TemporaryDirectory() as folder:
        undisturbed, disturbed = Path(folder) / "undisturbed.db", Path(folder) / "disturbed.db"
        expected = _crawled(paper, undisturbed)
        paper.log.clear()
        grown = []
        for _ in range(kills):
            _killed(paper, disturbed, chance)
            grown.append(sum(_versions(disturbed).values()) if disturbed.exists() else 0)
        last = _crawled(paper, disturbed)
        asked = Counter(paper.asked("/tin-"))
        with closing(sqlite3.connect(disturbed)) as db:
            integrity = db.execute("PRAGMA integrity_check").fetchone()[0]
    twice = [url for url, versions in last.items() if versions > 1]
    print(f"kills: {kills}, pages stored after each: {grown}")
    print(f"missing: {len(expected.keys() - last.keys())}, unexpected: {len(last.keys() - expected.keys())}")
    print(
        f"kept twice: {len(twice)}, asked again: {sum(asked.values()) - len(asked)}, integrity: {integrity}"
    )
    return last == expected and not twice and integrity == "ok" and len(last) == pages


def speed(pages: int, rounds: int, *, cleaning: bool) -> None:
    """Print pages per second of each kind of crawl, in turn, and the ratios of the medians."""
    rates: dict[str, list[float]] = {"bare": [], "stored": []}
    if cleaning:
        rates |= {"inline": [], "together": []}
    cost: dict[str, list[float]] = {"bare": [], "stored": []}  # milliseconds of processor time per page
    with _site(pages) as port:
        for _ in range(rounds):
            for kind, crawled in (("bare", _bare(port)), ("stored", _stored(port, pages))):
                rates[kind].append(crawled.pages / crawled.seconds)
                cost[kind].append(1000 * crawled.busy / crawled.pages)
            if cleaning:
                told = _bare(port, "--clean")
                rates["inline"].append(told.pages / told.seconds)
                rates["together"].append(_together(port, pages))
            print({kind: round(found[-1]) for kind, found in rates.items()}, end=" ")
            print({kind: f"{found[-1]:.2f} ms" for kind, found in cost.items()}, flush=True)
    middle = {kind: median(found) for kind, found in rates.items()}
    spent = {kind: median(found) for kind, found in cost.items()}
    print(f"pages per second, medians of {rounds}: { {kind: round(rate) for kind, rate in middle.items()} }")
    ratio = middle["stored"] / middle["bare"]
    print(f"to stored pages: {ratio:.2f} of a bare spider (at least 0.7 is wanted)")
    ratio = spent["bare"] / spent["stored"]
    print(f"by processor time: {ratio:.2f} ({spent['bare']:.2f} and {spent['stored']:.2f} ms a page)")
    if cleaning:
        ratio = middle["together"] / middle["inline"]
        print(f"crawled and cleaned: {ratio:.2f} of inline cleaning (at least 1.3)")


def memory(pages: int) -> None:
    """Print the resident memory of the crawling process as it goes through many pages."""
    with _site(pages) as port, tempfile.TemporaryDirectory() as folder:
        paper = Paper(articles=pages, port=port)
        with _child(paper, Path(folder) / "pages.db", stdout=subprocess.PIPE, **CROWDED) as child:
            assert child.stdout
            told = 0
            for line in child.stdout:
                told += json.loads(line)["event"] == "page"
                if told % STEP == 0:
                    print(f"{told} pages: {_resident(child.pid):.0f} MB", flush=True)


@contextmanager
def _site(pages: int) -> Iterator[int]:
    """Run the paper in a process of its own; yields its port."""
    command = [sys.executable, "-m", "benchmarks.local_paper", "--articles", str(pages)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as site:
        assert site.stdin
        assert site.stdout
        yield int(site.stdout.readline())
        site.stdin.close()


def _bare(port: int, *words: str) -> Crawled:
    command = [sys.executable, "-m", "benchmarks.bare_spiders", str(port), *words]
    return Crawled(**json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout))


def _stored(port: int, pages: int) -> Crawled:
    """Return what it took from the first page that was stored to the last."""
    paper = Paper(articles=pages, port=port)
    moments: list[float] = []
    busy: list[float] = []
    with (
        tempfile.TemporaryDirectory() as folder,
        _child(paper, Path(folder) / "pages.db", stdout=subprocess.PIPE, **CROWDED) as child,
    ):
        assert child.stdout
        for line in child.stdout:
            if json.loads(line)["event"] == "page":
                moments.append(time.monotonic())
                busy.append(_processor_time(child.pid))
    return Crawled(pages=len(moments) - 1, seconds=moments[-1] - moments[0], busy=busy[-1] - busy[0])


def _together(port: int, pages: int) -> float:
    """Return pages per second from the first that was stored to the last that was cleaned."""
    moments: list[float] = []
    worker = start_worker(load_cleaning)
    note_of(worker)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "pages.db"
        open_pages(path).close()
        crawling = threading.Thread(target=_crowded, args=(port, pages, path, moments))
        crawling.start()
        results = run_in_order(load_cleaning, _arriving(path, crawling), first=worker, count=1, seconds=60)
        cleaned = sum(isinstance(result, int) and result > 0 for result in results)
        ended = time.monotonic()
        crawling.join()
    if cleaned != pages:
        raise SystemExit(f"Only {cleaned} of {pages} pages were cleaned.")
    return (cleaned - 1) / (ended - moments[0])


def load_cleaning() -> tuple[Any, None]:
    """Import the cleaner; runs in a worker process, which returns the length of each text."""
    from extract.clean import clean

    source = Paper(articles=0).source()
    return lambda page: len(clean(page, source).text), None


def _arriving(path: Path, crawling: threading.Thread) -> Iterator[Page]:
    """Yield pages as they are stored, until the crawl has ended."""
    after = 0
    with closing(read_pages(path)) as db:
        while True:
            ended = not crawling.is_alive()
            found = False
            for version in newest_versions(db, after=after):
                after, found = version.number, True
                page = get_page(db, version.id)
                if page is not None:
                    yield page
            if ended and not found:
                return
            if not found:
                time.sleep(0.01)


def _crowded(port: int, pages: int, path: Path, moments: list[float]) -> None:
    """Crawl many at once, as no real host would be asked, noting the moment of each page."""
    source = Paper(articles=pages).source()
    crawl(
        [source.id],
        sources={source.id: source},
        pages_path=path,
        ports={source.id: port},
        settings=CROWDED,
        on_page=lambda _: moments.append(time.monotonic()),
    )


def _processor_time(pid: int) -> float:
    """Return the processor time that a process has spent, in seconds."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _resident(pid: int) -> float:
    """Return the resident memory of a process in MB."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def _killed(paper: Paper, path: Path, chance: random.Random) -> None:
    """Crawl in a process that is killed: mostly while it fetches, one time in five at any moment at all."""
    before = len(paper.log)
    with _child(paper, path, CONCURRENT_REQUESTS=4) as child:
        if chance.random() < 0.2:
            time.sleep(chance.uniform(0, 2))
        else:
            while len(paper.log) == before and child.poll() is None:
                time.sleep(0.002)
            time.sleep(chance.uniform(0, 0.3))
        os.kill(child.pid, signal.SIGKILL)


def _child(
    paper: Paper, path: Path, *, stdout: int = subprocess.DEVNULL, **settings: Any
) -> subprocess.Popen[str]:
    """Start the crawling process itself, without the program that usually asks for it."""
    order = paper.order(path, {**FAST, **settings})
    child = subprocess.Popen(
        [sys.executable, "-m", "crawler.child"], stdin=subprocess.PIPE, stdout=stdout, text=True
    )
    assert child.stdin
    child.stdin.write(json.dumps(order))
    child.stdin.close()
    return child


def _crawled(paper: Paper, path: Path) -> Counter[str]:
    """Crawl to the end and return how many versions of each address are kept."""
    source = paper.source()
    crawl(
        [source.id],
        sources={source.id: source},
        pages_path=path,
        ports={source.id: paper.port},
        settings=FAST,
    )
    return _versions(path)


def _versions(path: Path) -> Counter[str]:
    with closing(sqlite3.connect(path)) as db:
        try:
            return Counter(url for (url,) in db.execute("SELECT url FROM pages"))
        except sqlite3.OperationalError:  # killed before its tables were made
            return Counter()


if __name__ == "__main__":
    main()
