"""What the pages ask of the store, remembered until the database changes."""

from __future__ import annotations

import argparse
import os
import sys
from collections import Counter
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import streamlit as st

from store import conflicts, counting, headings, profiles, queries, review_queue, series
from store.conflicts import Disagreement
from store.errors import StoreError
from store.profiles import Entry
from store.queries import Filters
from store.releases import find_frozen
from store.review_queue import Reason
from store.series import Outline
from store.sources import SourceError, load_sources

DATABASE_VARIABLE = "CHISO_DB"
DEFAULT_DATABASE = "data/chiso.db"
RELEASES_VARIABLE = "CHISO_RELEASES"
DEFAULT_RELEASES = "data/releases"

# Modules that answer questions.
_PARTS = (queries, counting, series, profiles, conflicts, headings, review_queue)
_KEPT_SECONDS = 3600
_KEPT_ENTRIES = 512


def database_path() -> str:
    """Return the database that the page reads: that of the release in its address, else the newest."""
    return database_of(st.query_params.get("rel"))


def database_of(release: str | None) -> str:
    """Return the database of a frozen release, without one that of `--db`, else CHISO_DB, else data/chiso.db.

    Raises StoreError when there is no such release.
    """
    if release:
        return str(find_frozen(releases_folder(), release).database)
    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False, exit_on_error=False)
    parser.add_argument("--db", default=os.environ.get(DATABASE_VARIABLE) or DEFAULT_DATABASE)
    return parser.parse_known_args(sys.argv[1:])[0].db


def releases_folder() -> Path:
    """Return where frozen releases lie: CHISO_RELEASES, else data/releases."""
    return Path(os.environ.get(RELEASES_VARIABLE) or DEFAULT_RELEASES)


def freshness() -> dict[str, Any]:
    """Return the counts of articles, figures and sources, the newest date, the time of the last build."""
    return _ask("freshness")


def coverage() -> list[dict[str, Any]]:
    """Return how many figures there are of each place and indicator, and the newest period of each pair."""
    return _ask("coverage")


def place_counts() -> dict[str, int]:
    """Return how many figures there are of each place that has any."""
    return _ask("place_counts")


def place_facts(place: str) -> dict[str, Any]:
    """Return of one place how many figures, articles and indicators there are, and the newest day."""
    return _ask("place_facts", place)


def newest_figures(limit: int) -> list[dict[str, Any]]:
    """Return the figures of the newest articles, newest first."""
    return _ask("newest_figures", limit)


def count_figures(filters: Filters) -> int:
    """Return how many figures match."""
    return _ask("count_figures", filters)


def list_figures(filters: Filters, limit: int, offset: int) -> list[dict[str, Any]]:
    """Return one page of the figures that match, in the order that the filters name."""
    return _ask("list_figures", filters, limit, offset)


def facets(filters: Filters) -> dict[str, list[tuple[str, int]]]:
    """Return how many matching figures each value of each filter has."""
    return _ask("facets", filters)


def check_filters(filters: Filters) -> tuple[Filters, list[str]]:
    """Return the filters without the values that the database does not know, and those values."""
    return _ask("check_filters", filters)


def count_conflicts(filters: Filters, which: Disagreement) -> int:
    """Return how many observations with a matching figure have reports that disagree."""
    return _ask("count_conflicts", filters, which)


def list_conflicts(filters: Filters, limit: int, offset: int, *, which: Disagreement) -> list[dict[str, Any]]:
    """Return one page of these observations, each with its reports."""
    return _ask("list_conflicts", filters, limit, offset, which=which)


def conflict_counts(which: Disagreement) -> dict[str, Counter[str]]:
    """Return by "places" and "indicators" how many disagreements there are of each."""
    return _ask("conflict_counts", which)


def count_waiting(filters: Filters, reason: Reason) -> int:
    """Return how many figures that match wait for a review for this reason."""
    return _ask("count_waiting", filters, reason)


def list_waiting(filters: Filters, reason: Reason, limit: int, offset: int) -> list[dict[str, Any]]:
    """Return figures that wait for a review, the least certain first."""
    return _ask("list_waiting", filters, reason, limit, offset)


def figure(figure_id: str) -> dict[str, Any] | None:
    """Return one figure with its article, None when no figure has this id."""
    return _ask("get_figure", figure_id)


def outlines(indicator: str) -> list[Outline]:
    """Return the forms in which an indicator is told, the most usual first; [] when it is not known."""
    return _ask("outlines", indicator)


def values(
    indicator: str, form: str, span: str, places: tuple[str, ...], statuses: tuple[str, ...]
) -> list[dict[str, Any]]:
    """Return an indicator's values of one form and sort of period by place and time; of all places for ()."""
    return _ask("values", indicator, form, span, places=places, statuses=statuses)


def newest_values(
    indicator: str, form: str, span: str, slot: str | None, status: str
) -> list[dict[str, Any]]:
    """Return the newest value of each province, of one period or of all."""
    return _ask("newest_values", indicator, form, span, slot=slot, status=status)


def harmonised_values(
    indicator: str, form: str, span: str, slot: str | None, status: str
) -> list[dict[str, Any]]:
    """Return the newest value of each of the 34, put together from old provinces where that is right."""
    return _ask("harmonised_values", indicator, form, span, slot=slot, status=status)


def harmonised_lines(
    indicator: str, form: str, span: str, places: tuple[str, ...], statuses: tuple[str, ...]
) -> list[dict[str, Any]]:
    """Return values of units of the 34 over time, put together from old provinces where that is right."""
    return _ask("harmonised_lines", indicator, form, span, places=places, statuses=statuses)


def evidence(figure_ids: tuple[str, ...]) -> dict[str, dict[str, Any]]:
    """Return the sentence and the article of each of these figures."""
    return _ask("evidence", figure_ids)


def cell_headings(figure_ids: tuple[str, ...]) -> dict[str, str]:
    """Return the heading of the column of each of these figures that stands in a table."""
    return _ask("cell_headings", figure_ids)


def indicator_counts() -> dict[str, dict[str, Any]]:
    """Return by indicator how many figures there are of how many provinces, and of what days."""
    return _ask("indicator_counts")


def place_entries(place: str) -> list[Entry]:
    """Return what is known of a province, indicator by indicator."""
    return _ask("place_entries", place)


def place_sources(place: str) -> list[dict[str, Any]]:
    """Return the sources that report of a place, most figures first."""
    return _ask("place_sources", place)


@st.cache_data(ttl=_KEPT_SECONDS, show_spinner=False)
def source_names() -> dict[str, str]:
    """Return the name of each declared source by its id; empty when the declarations cannot be read."""
    try:
        return {source.id: source.name for source in load_sources().values()}
    except SourceError:
        return {}


def source_name(source_id: str | None) -> str:
    """Return the name of a source, its id when it is not declared, "" for None."""
    return source_names().get(source_id or "", source_id or "")


def _ask(question: str, *values: Any, **options: Any) -> Any:
    path = database_path()
    return _answer(path, stamp(path), question, values, options)


@st.cache_data(ttl=_KEPT_SECONDS, max_entries=_KEPT_ENTRIES, show_spinner=False)
def _answer(
    path: str,
    made_of: tuple[int, ...],  # noqa: ARG001 part of the key
    question: str,
    values: tuple[Any, ...],
    options: dict[str, Any],
) -> Any:
    asked = next(part for part in _PARTS if hasattr(part, question))
    with closing(queries.open_readonly(path)) as db:
        return getattr(asked, question)(db, *values, **options)


def stamp(path: str) -> tuple[int, ...]:
    """Return what changes whenever the database does: size and time of the file and of its write-ahead log.

    Raises StoreError when there is no such file.
    """
    if not Path(path).is_file():
        raise StoreError(f"The database {path} does not exist.")
    stats = [Path(path).stat()]
    with suppress(FileNotFoundError):
        log = Path(f"{path}-wal").stat()
        stats += [log] if log.st_size else []  # the first reader makes an empty one
    return tuple(number for stat in stats for number in (stat.st_mtime_ns, stat.st_size))
