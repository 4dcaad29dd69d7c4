"""What crawling costs and survives: `make bench-crawl` (ARGS="soak", "speed" or "memory" for one part).

soak: a crawl of 500 pages in a process that is killed (SIGKILL) 50 times at random moments. After one more
run the set of articles must be that of an undisturbed crawl, none kept twice, the database sound.

speed: pages per second on a site on this machine, politeness off: a bare Scrapy spider that keeps nothing;
this crawler to stored pages; Scrapy with trafilatura in the callback (default, with metadata); this crawler
with the same cleaning in warm worker processes. Each kind in turn, several times; medians and ratios count.

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
import time
from collections import Counter
from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from typing import Any

from benchmarks.local_paper import Paper, serving
from crawler.run import crawl

FAST = {"CHISO_OVERLOAD_PAUSE": 0, "DOWNLOAD_TIMEOUT": 20}
AT_ONCE = 16


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    options.add_argument("part", nargs="?", choices=("soak", "speed", "memory"))
    options.add_argument("--kills", type=int, default=50)
    options.add_argument("--pages", type=int, default=500)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--memory-pages", type=int, default=20_000)
    chosen = options.parse_args()
    sound = True
    if chosen.part in (None, "soak"):
        sound = soak(chosen.pages, chosen.kills, chosen.seed)
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


def _child(paper: Paper, path: Path, **settings: Any) -> subprocess.Popen[str]:
    """Start the crawling process itself, without the program that usually asks for it."""
    source = paper.source()
    order = {
        "sources": [asdict(source)],
        "since": None,
        "limit": None,
        "ports": {source.id: paper.port},
        "settings": {**FAST, **settings, "CHISO_PAGES_PATH": str(path)},
    }
    child = subprocess.Popen(
        [sys.executable, "-m", "crawler.child"], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True
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
