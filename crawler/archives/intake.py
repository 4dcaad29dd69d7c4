"""What of an archive is kept: the crawler's rules on answers that nobody had to be asked for.

Declared hosts only, articles by their address, one page an article, refusals left out, each counted.
"""

from __future__ import annotations

import ipaddress
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from sqlite_utils import Database

from crawler.addresses import canonical, identity, is_article, page_id
from crawler.answers import refusal
from crawler.archives.warc import Answer
from crawler.attachments import address, is_file, kind_of
from crawler.guards import is_public, unfit
from crawler.settings import DOWNLOAD_MAXSIZE
from store.database import writing
from store.pages import add_page, known_urls, pack
from store.records import Page, Source

LARGEST = 20 * 2**20  # bytes; of reports no source takes more, of HTML the crawler's own limit holds
COUNTERS = {  # beside those of refusals, which crawler/counters.py explains
    "stored": "pages stored",
    "known": "pages left out because the article is stored already, or came earlier in this import",
    "foreign": "pages of hosts that no source declares",
    "not_article": "pages of declared hosts whose address is not that of an article",
    "guard_private": "pages of private, loopback or link-local addresses",
    "guard_port": "pages of a port that is not a web server's",
    "no_address": "saved files and records that do not say where they come from",
    "no_date": "records without a believable WARC-Date",
    "not_ok": "answers with another status than 200",
    "revisit": "records that only say that a page had not changed",
    "other_record": "records of other kinds: requests, metadata, whatever is not HTTP",
    "cut": "answers that the archive holds only in part",
    "broken": "records that cannot be read, or whose length or digest is wrong",
    "truncated": "archives that end inside a record",
    "too_large": "pages larger than the limit",
    "link": "links inside folders, which are not followed",
    "special": "things inside folders that are neither file nor folder",
    "unreadable": "files that cannot be read",
}
_BATCH_PAGES, _BATCH_BYTES = 64, 16 * 2**20  # written together: a crawl beside this one waits that long


@dataclass(frozen=True, slots=True)
class Place:
    """Where an address belongs."""

    source: Source
    url: str  # canonical
    identity: str | None


@dataclass(slots=True)
class Intake:
    """The state of one import: what is known, what waits to be written, what was counted."""

    db: Database
    run_id: int
    by_host: Mapping[str, tuple[Source, ...]]
    counters: Counter[str] = field(default_factory=Counter)
    by_source: Counter[str] = field(default_factory=Counter)
    known: dict[str, set[str | None]] = field(default_factory=dict)
    waiting: list[Page] = field(default_factory=list)


def declared(sources: Iterable[Source]) -> dict[str, tuple[Source, ...]]:
    """Return the sources that declare each host."""
    by_host: dict[str, tuple[Source, ...]] = {}
    for source in sources:
        for host in source.hosts:
            by_host[host] = (*by_host.get(host, ()), source)
    return by_host


def place_of(intake: Intake, url: str, *, report: bool = False) -> Place | str:
    """Return where an address belongs, or the counter under which a page of it is left out.

    A `report`, a PDF or Word file, may have any address on a declared host.
    """
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").rstrip(".")
        parts.port  # noqa: B018  (reading it is what raises)
    except ValueError:
        return "no_address"
    sources = intake.by_host.get(host)
    if not sources or parts.scheme not in ("http", "https"):
        return "foreign"
    reason = "not_article"
    for source in sources:
        unfitness = "guard_private" if _is_private(host, source) else unfit(parts, source, None)
        if unfitness is None and is_article(url, source):
            return Place(source, canonical(url, source) or url, identity(url, source))
        if unfitness is None and report:
            own = address(url, source)
            return Place(source, own, own)
        reason = unfitness or reason
    return reason


def unwanted(intake: Intake, url: str) -> str | None:
    """Return the counter under which an answer of this address is left out unread; None for one to read.

    Beside articles, what looks like a file is read where its source takes files: whether it is a report,
    its bytes say.
    """
    place = place_of(intake, url)
    if place == "not_article" and is_file(url):
        of_file = place_of(intake, url, report=True)
        place = of_file if isinstance(of_file, Place) and of_file.source.max_attachment_bytes else place
    if isinstance(place, str):
        return place
    return "known" if place.identity in _known(intake, place.source) else None


def place_of_answer(intake: Intake, answer: Answer) -> Place | str:
    """Return where an answer belongs, or the counter under which it is left out: a report may be anywhere."""
    return place_of(intake, answer.url, report=kind_of(answer.body) in ("pdf", "word"))


def take(intake: Intake, answer: Answer, place: Place) -> None:
    """Keep an answer as the page of its article unless it is a refusal or known; counted in any case."""
    known = _known(intake, place.source)
    if place.identity in known:
        intake.counters["known"] += 1
        return
    refused = _refused(answer, place.source)
    if refused:
        intake.counters[refused] += 1
        return
    known.add(place.identity)
    intake.waiting.append(
        Page(
            id=page_id(place.url),
            url=place.url,
            fetched_url=answer.url,
            source=place.source.id,
            fetched_at=answer.fetched_at,
            status=200,
            content_type=answer.content_type,
            body=answer.body,
            run_id=intake.run_id,
        )
    )
    size = sum(len(page.body) for page in intake.waiting)
    if len(intake.waiting) >= _BATCH_PAGES or size >= _BATCH_BYTES:
        write(intake)


def _refused(answer: Answer, source: Source) -> str | None:
    """Return the counter under which an answer is not kept; None for an article or a report."""
    if kind_of(answer.body) in ("pdf", "word"):
        return "too_large" if len(answer.body) > (source.max_attachment_bytes or LARGEST) else None
    if len(answer.body) > DOWNLOAD_MAXSIZE:
        return "too_large"
    return refusal(answer.body, asked=answer.url, final=answer.url, source=source)


def write(intake: Intake) -> None:
    """Write the pages that wait, all or none; raises StoreError when the database refuses."""
    bodies = [pack(page.body) for page in intake.waiting]
    with writing(intake.db):
        added = [
            (page.source, add_page(intake.db, page, packed=body))
            for page, body in zip(intake.waiting, bodies, strict=True)
        ]
    intake.waiting.clear()
    for source, new in added:
        intake.counters["stored" if new else "known"] += 1
        intake.by_source[source] += new


def _known(intake: Intake, source: Source) -> set[str | None]:
    if source.id not in intake.known:
        urls = known_urls(intake.db, source.id)
        intake.known[source.id] = {*urls, *(identity(url, source) for url in urls)}
    return intake.known[source.id]


def _is_private(host: str, source: Source) -> bool:
    """Return whether a host is an address, or a name, that is not of the public internet and not allowed."""
    if source.allow_private_addresses:
        return False
    try:
        return not is_public(str(ipaddress.ip_address(host)))
    except ValueError:
        return "." not in host or host.endswith((".localhost", ".local", ".internal"))
