"""The frontier of one source during one run: gives out what is to be asked and settles what came of it.

A request that was leased carries the number of its row in `meta["lease"]`, and so do its retries and
redirects.
"""

from __future__ import annotations

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

from crawler.addresses import identity, listing_address, page_id, with_port, without_port
from crawler.failures import pause_after, weight_of
from crawler.frozen import is_frozen
from crawler.leads import CHANGING, kind_of, lead_of, request_of
from crawler.visit import Visit
from store import frontier as rows
from store.adoption import adopt, adopt_pages
from store.database import writing
from store.errors import StoreError
from store.frontier import Lead, Lease
from store.pages import Packed, add_page
from store.records import Page, Source

LEASED_FOR = timedelta(hours=1)
AT_ONCE = 8  # addresses leased in one transaction
DECLARED = 20  # priority added to a source's own entry points: before anything that waits from earlier
RECENT = timedelta(days=14)  # articles that old are not looked at again

_WITH_PAGES = frozenset({"article", "attachment"})
_IDENTITY_RULES = ("hosts", "keep_parameters", "article_pattern", "article_id_pattern")


class Frontier:
    """Gives out requests one by one and settles each with what it gave, in one transaction."""

    def __init__(self, db: Database, spider: Any, run_id: int, *, revisit_hours: Sequence[float] = ()):
        self.db = db
        self.spider = spider
        self.source: Source = spider.source
        self.run_id = run_id
        self.owner = f"{socket.gethostname()} {os.getpid()} {run_id}"
        self.revisit_hours = revisit_hours
        self.frozen = is_frozen(self.source, datetime.now(UTC).date())
        self.windowed = bool(spider.since or spider.until)
        self.last_finished = rows.last_finished_run(db, self.source.id)
        self._leases: dict[int, Lease] = {}  # given out and not settled
        self._ahead: deque[Lease] = deque()  # leased and not given out
        self._returned: deque[Request] = deque()  # retries and redirects of what is given out
        self._met: set[str] = set()  # identities of requests on their way into the database
        self._identity = lru_cache(maxsize=4096)(partial(identity, source=self.source, port=spider.port))
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

    def commit(self, visit: Visit, packed: Sequence[Packed]) -> tuple[str, ...]:
        """Keep all of a visit or nothing; return for each of its pages fetched, revised or unchanged.

        `packed` are the bodies of its pages. Raises StoreError; the lease is then still held.
        """
        lease = self._leases[visit.number]
        leads = [
            self._lead(request, referrer=without_port(visit.url, self.source, self.spider.port))
            for request in visit.requests
        ]
        now = datetime.now(UTC)
        with writing(self.db):
            added = [self._keep(page, body, lease) for page, body in zip(visit.pages, packed, strict=True)]
            if leads:
                rows.add_leads(self.db, self.source.id, leads, run=self.run_id)
            if visit.left is not None:
                self._fail(lease, visit.left, now)
            else:
                self._settle(lease, visit, now)
        del self._leases[visit.number]
        self._met.difference_update(lead.key for lead in leads)
        new = "fetched" if lease.page_url is None else "revised"
        return tuple(new if each else "unchanged" for each in added)

    def unchanged(self, request: Request) -> None:
        """Record that an address answered 304: what it led to last time is asked as if it had been read."""
        lease = self._leases[request.meta["lease"]]
        now = datetime.now(UTC)
        with self._or_give_up(), writing(self.db):
            again = self._revisit_at(lease, now)
            rows.mark_done(self.db, lease.number, now=stamp(now), unchanged=True, revisit_at=again)
            if lease.kind in CHANGING:
                rows.again_from(self.db, self.source.id, lease.url, ("feed", "sitemap"), run=self.run_id)
        del self._leases[lease.number]

    def left(self, request: Request, counter: str) -> None:
        """Record under its counter why a leased request gave nothing, unless it is settled already."""
        lease = self._leases.get(request.meta.get("lease"))
        if lease is not None:
            with self._or_give_up():
                self._fail(lease, counter, datetime.now(UTC))
            del self._leases[lease.number]

    @contextmanager
    def _or_give_up(self) -> Iterator[None]:
        """End the crawl when the database refuses; the lease then stays there, for the next run."""
        try:
            yield
        except StoreError as error:
            self.spider.give_up(str(error))

    def close(self) -> None:
        """Give back what was leased and not settled; raises StoreError."""
        rows.give_back(self.db, self.source.id, self.owner)

    def _fail(self, lease: Lease, counter: str, now: datetime) -> None:
        weight = weight_of(counter)
        pause = pause_after(weight, lease.score)
        rows.mark_failed(
            self.db,
            lease.number,
            now=stamp(now),
            reason=counter,
            weight=weight,
            next_at=stamp(now + pause) if pause else None,
        )

    def _settle(self, lease: Lease, visit: Visit, now: datetime) -> None:
        own = [page.url for page in visit.pages if page.attachment or self._identity(page.url) == lease.key]
        # A window leaves links out: what was read through it must not pass for read.
        whole = lease.kind in _WITH_PAGES or not self.windowed
        rows.mark_done(
            self.db,
            lease.number,
            now=stamp(now),
            etag=visit.etag if whole else None,
            last_modified=visit.last_modified if whole else None,
            page_url=lease.page_url or (own[0] if own else None),
            revisit_at=self._revisit_at(lease, now) if visit.pages else None,
        )

    def _revisit_at(self, lease: Lease, now: datetime) -> str | None:
        """Return when an article is looked at again; None: no more, or an archive."""
        if lease.kind != "article" or lease.visits >= len(self.revisit_hours):
            return None
        if self.windowed or self.frozen:
            return None
        if lease.newest < (now - RECENT).date().isoformat():
            return None
        return stamp(now + timedelta(hours=self.revisit_hours[lease.visits]))

    def _keep(self, page: Page, packed: Packed, lease: Lease) -> bool:
        """Keep a page, under the address of its first version though its slug may have changed since."""
        page = replace(page, run_id=self.run_id)
        if page.attachment is not None:
            return add_page(self.db, page, packed=packed)
        key = self._identity(page.url)
        if key == lease.key and lease.page_url is not None:
            page = replace(page, url=lease.page_url, id=page_id(lease.page_url))
        elif key is not None and key != lease.key:
            adopt(self.db, self.source.id, key=key, url=page.url, fetched_at=page.fetched_at)
        return add_page(self.db, page, packed=packed)

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


def stamp(moment: datetime | None = None) -> str:
    """Return a moment, by default the present one, as it is kept: ISO 8601, UTC, milliseconds."""
    moment = moment or datetime.now(UTC)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _rules(source: Source) -> str:
    return json.dumps([getattr(source, name) for name in _IDENTITY_RULES])
