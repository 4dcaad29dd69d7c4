"""Articles that report one figure each, of several papers, and what they are merged to."""

from __future__ import annotations

import dataclasses
from decimal import Decimal
from typing import Any

from sqlite_utils import Database

from store import derived, observations
from store.records import Article, Figure
from tests.store_samples import SENTENCE, article, figure

COUNT = {"kind": "count", "denominator": None, "unit": "hộ", "base": None, "indicator_id": "poor_households"}
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


def tell(db: Database, *reports: tuple[str, str, dict[str, Any]], source: str = "bao") -> None:
    """Write a paper's article for each report: place, number as written, how its figure differs."""
    for place, written, changes in reports:
        number = db["articles"].count
        of = article(
            id=f"a{number}",
            url=f"https://{source}{number}.example/{number}",
            text=f"Tin\nToàn tỉnh có {written} hộ, theo báo cáo {number}.\nHết.",
            source=f"{source}{number}",
            published=changes.get("published", "2025-02-01"),
        )
        value = Decimal(written.partition("/")[0].replace(".", "").replace(",", ".").rstrip("%"))
        known = COUNT | {"value": value, "place_id": place, "period": "2024-01-01/2024-12-31"} | changes
        known.pop("published", None)
        derived.replace_article(db, of, [figure(written, of=of, **known)])
