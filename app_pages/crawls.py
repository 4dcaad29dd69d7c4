"""What the pages ask about crawling: how each source is doing, by the database of raw pages."""

from __future__ import annotations

import os
from contextlib import closing
from datetime import UTC, datetime

import streamlit as st

from app_pages.data import stamp
from crawler.counters import FAILED, REFUSED
from store.frozen import is_frozen
from store.pages import read_pages
from store.records import Source
from store.sources import SourceError, load_sources
from store.status import SourceStatus, source_status

PAGES_VARIABLE = "CHISO_PAGES"
DEFAULT_PAGES = "data/pages.db"

_KEPT_SECONDS = 60  # what is silent depends on the time, too


def pages_path() -> str:
    """Return the database of raw pages: CHISO_PAGES, else data/pages.db."""
    return os.environ.get(PAGES_VARIABLE) or DEFAULT_PAGES


def crawl_status() -> list[SourceStatus]:
    """Return how each declared source that was ever crawled is doing; raises StoreError."""
    path = pages_path()
    return _status(path, stamp(path))


@st.cache_data(ttl=_KEPT_SECONDS, max_entries=4, show_spinner=False)
def _status(
    path: str,
    made_of: tuple[int, ...],  # noqa: ARG001 part of the key
) -> list[SourceStatus]:
    now = datetime.now(UTC)
    declared = _declared()
    frozen = {source.id for source in declared if is_frozen(source, now.date())}
    ids = [source.id for source in declared]
    with closing(read_pages(path)) as db:
        found = source_status(db, ids, errors=FAILED, refusals=REFUSED, now=now, frozen=frozen)
    return [each for each in found if each.state != "never"]


def _declared() -> list[Source]:
    """Return the declared sources; none when the declarations cannot be read."""
    try:
        return list(load_sources().values())
    except SourceError:
        return []
