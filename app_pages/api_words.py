"""What an answer of the API says about itself in words: its citation, its address, the state of the data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlite_utils import Database

from app_pages.citation import citation, today
from app_pages.conditions import conditions
from app_pages.foot import bibtex, view_citation
from app_pages.labels import label
from app_pages.numbers import value_text
from store.queries import Filters, freshness


def told_of_view(
    db: Database, filters: Filters, address: str, lang: str, *, harmonised: bool = False
) -> dict[str, Any]:
    """Return the citation of the figures that match, as text and BibTeX, and of what state they are."""
    facts = freshness(db)
    chosen = ", ".join(condition.text for condition in conditions(filters, lang))
    words = chosen or label(lang, "api.everything")
    if harmonised:
        words += f", {label(lang, 'map.reg_h34')}"
    return {
        "citation": view_citation(words, address, facts, lang, today()),
        "bibtex": bibtex(words, address, facts, lang, today()),
        "url": address,
        "built_at": facts["built_at"],
        "newest_article": facts["newest_published"],
    }


def told_of_figure(figure: Mapping[str, Any], address: str, lang: str) -> dict[str, Any]:
    """Return the citation of one figure, as text and BibTeX, and the address of its page."""
    words = f"{value_text(figure, lang)}, {figure['indicator']}, {figure['title']}"
    facts = {"figures": 1, "built_at": figure["fetched_at"]}
    return {
        "citation": citation(figure, lang, today()),
        "bibtex": bibtex(words, address, facts, lang, today()),
        "url": address,
    }
