"""From words that a person types to filters: themes for their indicators, and what nobody knows refused."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from sqlite_utils import Database

from store.errors import StoreError
from store.filters import Filters, check_filters
from store.indicators import indicators, themes

_MOST_NAMED = 5


def indicator_ids(words: Sequence[str]) -> tuple[str, ...]:
    """Return the ids of indicators, and for a theme those of all indicators in it and its parts.

    A word that starts with `~` is taken as it is: a folded phrase without an indicator. Raises StoreError
    for a word that is none of these.
    """
    unknown = [
        word for word in words if word not in indicators() and word not in themes() and word[:1] != "~"
    ]
    if unknown:
        raise StoreError(
            f"No indicator or theme is called {', '.join(unknown[:_MOST_NAMED])}; "
            "data/indicators.toml lists their ids."
        )
    found = dict.fromkeys(one for word in words for one in (_of_theme(word) if word in themes() else [word]))
    return tuple(found)


def checked(db: Database, filters: Filters) -> Filters:
    """Return the filters; raises StoreError when they name anything that means nothing here.

    An indicator that the catalogue has and no figure is of finds nothing, which is no mistake.
    """
    asked = tuple(one for one in filters.indicators if one not in indicators())
    _, unknown = check_filters(db, replace(filters, indicators=asked))
    if unknown:
        told = "; ".join(_in_one_line(unknown[:_MOST_NAMED]))
        more = len(unknown) - _MOST_NAMED
        raise StoreError(f"Nothing here is called so: {told}{f' and {more} more' if more > 0 else ''}.")
    return filters


def _of_theme(theme: str) -> list[str]:
    within = {theme}
    while more := {one for one, told in themes().items() if told.get("parent") in within} - within:
        within |= more
    return [one for one, entry in indicators().items() if entry["theme"] in within]


def _in_one_line(unknown: Iterable[str]) -> Iterable[str]:
    return (" ".join(word.split()) for word in unknown)
