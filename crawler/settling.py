"""Writes what became of leased addresses: the pages they gave, when they are asked again, why they failed.

Every method belongs into the transaction of whoever calls it, so that a page and the `done` of its row are
one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from sqlite_utils import Database

from crawler.addresses import page_id
from crawler.failures import pause_after, weight_of
from crawler.leads import CHANGING
from crawler.visit import Visit
from store import frontier as rows
from store.adoption import adopt
from store.frontier import Lead, Lease
from store.frozen import is_frozen
from store.pages import Packed, add_page
from store.records import Page, Source

RECENT = timedelta(days=14)  # articles that old are not looked at again

_WITH_PAGES = frozenset({"article", "attachment"})


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Settled:
    """A visit on its way into the database."""

    lease: Lease
    visit: Visit
    packed: Sequence[Packed]  # the bodies of its pages
    leads: Sequence[Lead]  # what its requests ask for


class Settlement:
    """Settles the leases of one source during one run; `windowed` says that only some days are asked."""

    def __init__(
        self,
        db: Database,
        source: Source,
        run_id: int,
        *,
        identity: Callable[[str], str | None],
        revisit_hours: Sequence[float],
        windowed: bool,
    ):
        self.db = db
        self.source = source
        self.run_id = run_id
        self.identity = identity
        self.revisit_hours = revisit_hours
        self.windowed = windowed
        self.frozen = is_frozen(source, datetime.now(UTC).date())

    def visited(self, settled: Settled, now: datetime) -> tuple[str, ...]:
        """Write all of a visit; return for each of its pages fetched, revised or unchanged."""
        lease, visit = settled.lease, settled.visit
        added = [
            self._keep(page, body, lease) for page, body in zip(visit.pages, settled.packed, strict=True)
        ]
        if settled.leads:
            rows.add_leads(self.db, self.source.id, settled.leads, run=self.run_id)
        if visit.left is not None:
            self.failed(lease, visit.left, now)
        else:
            self._done(lease, visit, now)
        new = "fetched" if lease.page_url is None else "revised"
        return tuple(new if each else "unchanged" for each in added)

    def unchanged(self, lease: Lease, now: datetime) -> None:
        """Write that an address answered 304: what it led to last time is asked as if it had been read."""
        again = self._revisit_at(lease, now)
        rows.mark_done(self.db, lease.number, now=stamp(now), unchanged=True, revisit_at=again)
        if lease.kind in CHANGING:
            rows.again_from(self.db, self.source.id, lease.url, ("feed", "sitemap"), run=self.run_id)

    def failed(self, lease: Lease, counter: str, now: datetime) -> None:
        """Write under its counter why an address gave nothing."""
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

    def _done(self, lease: Lease, visit: Visit, now: datetime) -> None:
        own = [page.url for page in visit.pages if page.attachment or self.identity(page.url) == lease.key]
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
        key = self.identity(page.url)
        if key == lease.key and lease.page_url is not None:
            page = replace(page, url=lease.page_url, id=page_id(lease.page_url))
        elif key is not None and key != lease.key:
            adopt(self.db, self.source.id, key=key, url=page.url, fetched_at=page.fetched_at)
        return add_page(self.db, page, packed=packed)


def stamp(moment: datetime | None = None) -> str:
    """Return a moment, by default the present one, as it is kept: ISO 8601, UTC, milliseconds."""
    moment = moment or datetime.now(UTC)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
