"""How to cite a figure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

from app_pages.data import source_name
from app_pages.labels import label
from app_pages.numbers import value_text
from app_pages.periods import day_text

_VIET_NAM = timezone(timedelta(hours=7))


def today() -> date:
    """Return today's date in Viet Nam."""
    return datetime.now(UTC).astimezone(_VIET_NAM).date()


def citation(figure: Mapping[str, Any], lang: str, accessed: date) -> str:
    """Return the citation of a figure: publisher, article, day, address, value, id, version and day."""
    return label(
        lang,
        "figure.citation",
        publisher=source_name(figure["source"]),
        title=figure["title"],
        published=day_text(figure["published"], lang) or label(lang, "figure.undated"),
        url=figure["url"],
        value=value_text(figure, lang),
        indicator=figure["indicator"],
        id=figure["id"],
        version=figure["extractor_version"],
        today=day_text(accessed.isoformat(), lang),
    )
