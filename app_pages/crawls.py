"""What the pages ask about crawling: how each source is doing, by the database of raw pages."""

from __future__ import annotations

import os
from contextlib import closing
from datetime import UTC, datetime

import streamlit as st

from app_pages.data import source_names, stamp
from crawler.counters import FAILED, REFUSED
from store.pages import read_pages
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
    return _status(path, stamp(path), tuple(source_names()))


@st.cache_data(ttl=_KEPT_SECONDS, max_entries=4, show_spinner=False)
def _status(
    path: str,
    made_of: tuple[int, ...],  # noqa: ARG001 part of the key
    source_ids: tuple[str, ...],
) -> list[SourceStatus]:
    with closing(read_pages(path)) as db:
        found = source_status(db, source_ids, errors=FAILED, refusals=REFUSED, now=datetime.now(UTC))
    return [each for each in found if each.state != "never"]
