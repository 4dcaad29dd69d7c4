"""A first polite visit to sources: does what is declared of them hold?"""

from __future__ import annotations

import json
import subprocess
import sys
from base64 import b64decode
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from crawler.addresses import canonical, page_id
from crawler.run import CrawlError, choose, user_agent
from store.records import Page, Source

_ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """What robots.txt, the front page and one article of a source showed."""

    source: str
    robots: str | None  # "rules", "none", "closed" (401, 403), "unreadable"; None when it was not asked
    crawl_delay: float | None  # seconds, as robots.txt asks
    requests: int
    front: str | None = None  # status of the front page; None when it did not answer
    feeds: tuple[str, ...] = ()  # announced on the front page
    sitemaps: tuple[str, ...] = ()  # named in robots.txt
    article_links: int = 0
    by_selector: bool = False  # whether the source's link_selector found them
    next_page: str | None = None
    article: Page | None = None  # the first article; None when none was linked or it did not answer
    article_refused: str | None = None  # the counter under which the article's answer is refused
    problem: str | None = None  # what kept the visit from its end; None when nothing did


def visit(
    source_ids: Iterable[str],
    *,
    sources: Mapping[str, Source],
    ports: Mapping[str, int] | None = None,
    contact: str | None = None,
    on_visit: Callable[[str], None] | None = None,
    settings: Mapping[str, Any] | None = None,
) -> list[Visit]:
    """Return what a visit to each named source showed, all enabled ones when none is named.

    At most three requests each: robots.txt, the front page, the first article linked there. Nothing is
    stored. Raises CrawlError as `crawler.run.crawl` does.
    """
    chosen = choose(source_ids, sources)
    order = {
        "sources": [asdict(source) for source in chosen],
        "ports": dict(ports or {}),
        "settings": {"USER_AGENT": user_agent(chosen, contact), **(settings or {})},
    }
    by_id = {source.id: source for source in chosen}
    visits = [_visit(event, by_id) for event in _events(order, on_visit)]
    turn = list(by_id)
    return sorted(visits, key=lambda each: turn.index(each.source))


def _events(order: Mapping[str, Any], on_visit: Callable[[str], None] | None) -> list[Mapping[str, Any]]:
    events = []
    with subprocess.Popen(
        [sys.executable, "-m", "crawler.check_child"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=_ROOT,
        text=True,
        encoding="utf-8",
    ) as child:
        if child.stdin is None or child.stdout is None:
            raise CrawlError("The visiting process has no pipes.")
        child.stdin.write(json.dumps(order))
        child.stdin.close()
        for line in child.stdout:
            events.append(json.loads(line))
            if on_visit:
                on_visit(events[-1]["source"])
    if child.returncode or len(events) < len(order["sources"]):
        raise CrawlError(f"The visiting process ended early (exit code {child.returncode}).")
    return events


def _visit(event: Mapping[str, Any], sources: Mapping[str, Source]) -> Visit:
    fields = {name: tuple(value) if isinstance(value, list) else value for name, value in event.items()}
    article = fields.pop("article", None)
    if article is None:
        return Visit(**fields)
    source = sources[event["source"]]
    url = canonical(article["url"], source) or article["url"]
    page = Page(
        id=page_id(url),
        url=url,
        fetched_url=article["url"],
        source=source.id,
        fetched_at=datetime.now(UTC).isoformat(timespec="milliseconds"),
        status=article["status"],
        content_type=article["content_type"],
        body=b64decode(article["body"]),
    )
    return Visit(**fields, article=page, article_refused=article["refused"])
