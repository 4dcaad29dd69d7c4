"""Files to articles: HTML, plain text, PDF and Word, told apart by what they hold and not by their names."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from extract.clean import clean
from extract.cleaning.reports import MAX_REPORT_BYTES
from extract.errors import CleanError
from store.records import Article, Page


def read_file(
    path: Path,
    *,
    now: datetime,
    site_province: str | None = None,
    published: str | None = None,
) -> Article:
    """Return the article in the file at `path`; its url is the file's, its id comes from its bytes.

    `published` (an ISO date or a year) goes before a date found in the file. `now` is aware, and
    nothing after it counts. Raises CleanError, in one sentence that begins with the file's name, when there
    is no article in it.
    """
    try:
        size = path.stat().st_size
        if size > MAX_REPORT_BYTES:
            raise CleanError(f"{size:,} bytes, more than the {MAX_REPORT_BYTES:,} that are read")
        body = path.read_bytes()
        article = clean(_page(path, body, now))
    except OSError as problem:
        raise CleanError(f"{path.name}: {problem.strerror or 'cannot be read'}") from None
    except CleanError as problem:
        raise CleanError(f"{path.name}: {problem}") from None
    return replace(
        article,
        source=None,
        site_province=site_province or article.site_province,
        published=published or article.published,
    )


def _page(path: Path, body: bytes, now: datetime) -> Page:
    url = path.resolve().as_uri()
    return Page(
        id=hashlib.sha256(body).hexdigest()[:16],
        url=url,
        fetched_url=url,
        source="",
        fetched_at=now.astimezone(UTC).isoformat(timespec="seconds"),
        status=200,
        content_type=None,
        body=body,
    )
