"""What one answer to a leased request gave, gathered on its way to the database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from scrapy.http import Request, Response

from store.records import Page

_LONGEST_VALIDATOR = 200  # characters


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Visit:
    """What one answer gave: pages to keep, requests to note, or the counter under which it was left."""

    number: int  # of the leased row
    pages: tuple[Page, ...] = ()
    requests: tuple[Request, ...] = ()
    left: str | None = None
    url: str  # that was asked
    etag: str | None = None
    last_modified: str | None = None

    def __repr__(self) -> str:
        """Return what a log should hold of it: never the pages."""
        return f"<Visit {self.url}: {len(self.pages)} pages, {len(self.requests)} requests>"


def visit_of(
    response: Response, pages: Sequence[Page], requests: Sequence[Request], left: str | None
) -> Visit:
    """Return what an answer to a leased request gave, with the validators that it carries."""
    return Visit(
        number=response.meta["lease"],
        pages=tuple(pages),
        requests=tuple(requests),
        left=left,
        url=response.meta["asked"],
        etag=_validator(response, "ETag"),
        last_modified=_validator(response, "Last-Modified"),
    )


def _validator(response: Response, name: str) -> str | None:
    """Return a validator as it came; None for one that could not be sent back unharmed."""
    value = (response.headers.get(name) or b"").decode("latin-1").strip()
    return (
        value
        if value and value.isascii() and value.isprintable() and len(value) <= _LONGEST_VALIDATOR
        else None
    )
