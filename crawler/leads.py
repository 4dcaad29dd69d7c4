"""Scrapy's requests as rows of the frontier, and back.

Only what JSON can hold is kept of a request, never a pickle: its address, the name of its callback and
the callback's arguments.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

from scrapy.http import Request

from crawler.addresses import month
from store.frontier import Lead, Lease

CHANGING = frozenset({"listing", "feed", "sitemap"})  # kinds that are asked in every run
_CONDITIONAL = frozenset({"listing", "feed", "article"})  # a sitemap is read on where the last run left it
_META = ("download_maxsize", "day")  # what a request may carry through the database


def kind_of(request: Request) -> str:
    """Return what a request asks for, by its callback: "article" for `parse_article`."""
    return getattr(request.callback, "__name__", "parse").removeprefix("parse_")


def lead_of(request: Request, *, key: str, url: str, referrer: str | None, today: date) -> Lead:
    """Return a request as a row of the frontier; raises TypeError when JSON cannot hold its arguments.

    `url` is its address as it lasts, `referrer` the page that led to it, None for an entry point.
    """
    kind = kind_of(request)
    day = request.meta.get("day")
    own_month = month(url)
    details = {
        "callback": getattr(request.callback, "__name__", "parse"),
        "arguments": request.cb_kwargs,
        "meta": {name: request.meta[name] for name in _META if name in request.meta},
    }
    return Lead(
        key=key,
        kind=kind,
        url=url,
        newest=day or min(_end_of(own_month) if own_month else today, today).isoformat(),
        day=day,
        referrer=referrer,
        depth=request.cb_kwargs.get("depth", 0),
        priority=request.priority,
        details=json.dumps(details, ensure_ascii=False),
        again=kind in CHANGING,
    )


def request_of(lease: Lease, *, url: str, method: Callable[[str], Any], conditional: bool) -> Request:
    """Return the request of a leased row, asked at `url`; `method` gives the spider's methods by name.

    With `conditional` it carries the validators of the answer before, where its kind may.
    """
    details: Mapping[str, Any] = json.loads(lease.details)
    return Request(
        url,
        method(details.get("callback", f"parse_{lease.kind}")),
        errback=method("failed"),
        dont_filter=True,
        priority=lease.priority,
        headers=_conditions(lease) if conditional and lease.kind in _CONDITIONAL else None,
        meta={**details.get("meta", {}), "lease": lease.number, "asked": url},
        cb_kwargs=details.get("arguments", {}),
    )


def _conditions(lease: Lease) -> dict[str, str]:
    values = {"If-None-Match": lease.etag, "If-Modified-Since": lease.last_modified}
    return {name: value for name, value in values.items() if value}


def _end_of(first_of_month: date) -> date:
    return (first_of_month + timedelta(days=31)).replace(day=1) - timedelta(days=1)
