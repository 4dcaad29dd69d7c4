"""Articles that report one figure each, of several papers, and what they are merged to."""

from __future__ import annotations

import dataclasses
from typing import Any

from sqlite_utils import Database

from store import derived, observations
from store.records import Article, Figure
from tests.store_samples import SENTENCE, article, figure

OTHER_WORDS = SENTENCE.replace("Quý I/2024, tỉnh", "Theo báo cáo, tỉnh")


def printed(number: int, *, source: str, sentence: str = SENTENCE, **changes: Any) -> Article:
    """Return an article of a source around a sentence."""
    text = f"Tin số {number}\n{sentence}\nHết."
    return article(
        id=f"a{number}", url=f"https://{source}.example/{number}", text=text, source=source, **changes
    )


def report(db: Database, of: Article, **changes: Any) -> Figure:
    """Store an article with its figure, and return this."""
    told = figure(of=of, **changes)
    derived.replace_article(db, of, [told])
    return told


def merged(db: Database) -> list[dict[str, Any]]:
    """Merge, and return all observations."""
    observations.merge(db)
    return list(db["observations"].rows_where(order_by="id"))


WORDS = [f"tiếng{number}" for number in range(120)]


def told_at_length(number: int, *, source: str, cut: int = 120, **changes: Any) -> Article:
    """Return an article with the same long story around its figure, cut short after so many words."""
    of = printed(number, source=source, **changes)
    return dataclasses.replace(of, text=f"{of.text}\n{' '.join(WORDS[:cut])}")
