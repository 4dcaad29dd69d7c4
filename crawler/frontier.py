"""The frontier of one source during one run: gives out what is to be asked and settles what came of it.

A request that was leased carries the number of its row in `meta["lease"]`, and so do its retries and
redirects.
"""

from __future__ import annotations

import asyncio
import json
import os
import socket
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache, lru_cache, partial
from typing import Any

from scrapy.http import Request
from sqlite_utils import Database

from crawler.addresses import identity, listing_address, with_port, without_port
from crawler.leads import CHANGING, kind_of, lead_of, request_of
from crawler.settling import Settled, Settlement, stamp
from crawler.visit import Visit
from store import frontier as rows
from store.adoption import adopt_pages
from store.database import writing
from store.errors import StoreError
from store.frontier import Lead, Lease
from store.pages import Packed
from store.records import Source

LEASED_FOR = timedelta(hours=1)
AT_ONCE = 8  # addresses leased in one transaction
DECLARED = 20  # priority added to a source's own entry points: before anything that waits from earlier
TOGETHER = 8  # visits written in one transaction, at most
WITHIN = 0.1  # seconds after which a visit is written, alone if need be

_IDENTITY_RULES = ("hosts", "keep_parameters", "article_pattern", "article_id_pattern")


class Frontier:
    """Gives out requests one by one and settles each with what it gave, in one transaction."""

    def __init__(self, db: Database, spider: Any, run_id: int, *, revisit_hours: Sequence[float] = ()):
        self.db = db
        self.spider = spider
        self.source: Source = spider.source
        self.run_id = run_id
        self.owner = f"{socket.gethostname()} {os.getpid()} {run_id}"
        self.windowed = bool(spider.since or spider.until)
        self.last_finished = rows.last_finished_run(db, self.source.id)
        self._leases: dict[int, Lease] = {}  # given out and not settled
        self._ahead: deque[Lease] = deque()  # leased and not given out
        self._returned: deque[Request] = deque()  # retries and redirects of what is given out
        self._met: set[str] = set()  # identities of requests on their way into the database
        self._identity = lru_cache(maxsize=4096)(partial(identity, source=self.source, port=spider.port))
        self._visited: list[tuple[Settled, asyncio.Future[tuple[str, ...]]]] = []  # to be written
        self._timer: asyncio.TimerHandle | None = None  # set while they wait
        self._settlement = Settlement(
            db,
            self.source,
            run_id,
            identity=self._identity,
            revisit_hours=revisit_hours,
            windowed=self.windowed,
        )
        # Scrapy looks into the source of each callback it has not met: the same object every time.
        self._method = cache(partial(getattr, spider))

    def open(self, *, exclusive: bool) -> None:
        """Take back leases of runs that died, and note pages that came another way; raises StoreError.

        `exclusive` says that no other crawl can be running: then every lease is of a dead one.
        """
        now = stamp()
        with writing(self.db):
            rows.take_back(self.db, self.source.id, expired_by=None if exclusive else now)
            adopt_pages(self.db, self.source.id, rules=_rules(self.source), key_of=self._identity)
            if not self.windowed:
                rows.revisit_due(self.db, self.source.id, now=now)

    def put(self, request: Request) -> None:
        """Take a request in: a retry or redirect of a leased one, or an entry point. Raises StoreError."""
        if request.meta.get("lease") in self._leases:
            self._returned.append(request)
            return
        lead = self._lead(request, referrer=None)
        declared = replace(lead, declared=True, priority=lead.priority + DECLARED)
        rows.add_leads(self.db, self.source.id, [declared], run=self.run_id)

    def next(self) -> Request | None:
        """Return what is to be asked next, None when there is nothing; raises StoreError."""
        if self._returned:
            return self._returned.popleft()
        if not self._ahead:
            if any(settled.leads for settled, _ in self._visited):
                self._write()  # what was found may be what comes next
            now = datetime.now(UTC)
            self._ahead.extend(
                rows.lease(
                    self.db,
                    self.source.id,
                    run=self.run_id,
                    owner=self.owner,
                    now=stamp(now),
                    until=stamp(now + LEASED_FOR),
                    count=AT_ONCE,
                    **self._window(),
                )
            )
        if not self._ahead:
            return None
        lease = self._ahead.popleft()
        self._leases[lease.number] = lease
        return self._request(lease)

    def waiting(self) -> bool:
        """Return whether `next` would return something; raises StoreError."""
        return bool(self._returned or self._ahead) or rows.may_lease(
            self.db, self.source.id, run=self.run_id, now=stamp(), **self._window()
        )

    def holds(self, request: Request) -> bool:
        """Return whether a request is leased and not settled."""
        return request.meta.get("lease") in self._leases

    def standing(self, key: str | None) -> rows.Standing:
        """Return how an article's identity stands; a new one is on its way from now on."""
        if key is None:
            return "new"
        if key in self._met:
            return "duplicate"
        found = rows.standing(self.db, self.source.id, key, run=self.run_id)
        if found == "new":
            self._met.add(key)
        return found

    def knows(self, key: str | None) -> bool:
        """Return whether an identity has a row, whatever became of it."""
        return key is not None and rows.standing(self.db, self.source.id, key, run=self.run_id) != "new"

    def key_of(self, url: str, kind: str) -> str:
        """Return what tells an address from others: an article's identity, else its kind and its form."""
        lasting = without_port(url, self.source, self.spider.port)
        key = self._identity(url) if kind == "article" else None
        return key or f"{kind} {listing_address(lasting) or lasting}"

    def found_before(self, keys: Iterable[str | None]) -> set[str]:
        """Return which identities earlier runs had found, up to the newest that came to its end."""
        known = [key for key in keys if key is not None]
        return rows.found_before(self.db, self.source.id, known, run=self.last_finished)

    def commit(self, visit: Visit, packed: Sequence[Packed]) -> asyncio.Future[tuple[str, ...]]:
        """Keep all of a visit or nothing; the future tells of each page: fetched, revised or unchanged.

        `packed` are the bodies of its pages. Some visits share a transaction; until then the address is
        leased, and asked again should the crawl die. The future raises StoreError.
        """
        referrer = without_port(visit.url, self.source, self.spider.port)
        leads = [self._lead(request, referrer=referrer) for request in visit.requests]
        loop = asyncio.get_running_loop()
        kept: asyncio.Future[tuple[str, ...]] = loop.create_future()
        lease = self._leases.pop(visit.number)
        self._visited.append((Settled(lease=lease, visit=visit, packed=packed, leads=leads), kept))
        # What it found may be all that there is to ask; what found nothing waits for visits under way.
        busy = self._ahead or (self._leases and not leads)
        if len(self._visited) >= TOGETHER or not busy:
            self._write()
        elif self._timer is None:
            self._timer = loop.call_later(WITHIN, self._write)
        return kept

    def unchanged(self, request: Request) -> None:
        """Record that an address answered 304."""
        lease = self._leases[request.meta["lease"]]
        with self._or_give_up(), writing(self.db):
            self._settlement.unchanged(lease, datetime.now(UTC))
        del self._leases[lease.number]

    def left(self, request: Request, counter: str) -> None:
        """Record under its counter why a leased request gave nothing, unless it is settled already."""
        lease = self._leases.get(request.meta.get("lease"))
        if lease is not None:
            with self._or_give_up():
                self._settlement.failed(lease, counter, datetime.now(UTC))
            del self._leases[lease.number]

    def _write(self) -> None:
        """Write the visits that wait; where they cannot be kept together, each by itself."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        waiting, self._visited = self._visited, []
        if waiting and not self._settle(waiting) and len(waiting) > 1:
            for each in waiting:
                self._settle([each])

    def _settle(self, visits: Sequence[tuple[Settled, asyncio.Future[tuple[str, ...]]]]) -> bool:
        """Write visits in one transaction and tell who waits; False where several could not be written."""
        now = datetime.now(UTC)
        try:
            with writing(self.db):
                told = [self._settlement.visited(settled, now) for settled, _ in visits]
        except StoreError as error:
            if len(visits) == 1 and not visits[0][1].done():
                visits[0][1].set_exception(error)
            return False
        for (settled, kept), became in zip(visits, told, strict=True):
            self._met.difference_update(lead.key for lead in settled.leads)
            if not kept.done():
                kept.set_result(became)
        return True

    @contextmanager
    def _or_give_up(self) -> Iterator[None]:
        """End the crawl when the database refuses; the lease then stays there, for the next run."""
        try:
            yield
        except StoreError as error:
            self.spider.give_up(str(error))

    def close(self) -> None:
        """Write what waits, and give back what was leased and not settled; raises StoreError."""
        self._write()
        rows.give_back(self.db, self.source.id, self.owner)

    def _lead(self, request: Request, *, referrer: str | None) -> Lead:
        url = without_port(request.url, self.source, self.spider.port)
        key = self.key_of(request.url, kind_of(request))
        return lead_of(request, key=key, url=url, referrer=referrer, today=datetime.now(UTC).date())

    def _request(self, lease: Lease) -> Request:
        url = with_port(lease.url, self.spider.port)
        conditional = not (self.windowed and lease.kind in CHANGING)
        return request_of(lease, url=url, method=self._method, conditional=conditional)

    def _window(self) -> dict[str, str]:
        """Return the days between which a dated address is asked, with a day of grace for lost zones."""
        window = {}
        if self.spider.since:
            window["first"] = (self.spider.since - timedelta(days=1)).isoformat()
        if self.spider.until:
            window["last"] = (self.spider.until + timedelta(days=1)).isoformat()
        return window


def _rules(source: Source) -> str:
    return json.dumps([getattr(source, name) for name in _IDENTITY_RULES])
