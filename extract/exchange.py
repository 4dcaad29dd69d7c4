"""The JSON forms in which documents come in and figures go out, one document a line."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterator
from dataclasses import asdict
from decimal import Decimal
from pathlib import Path
from typing import Any

from store.records import Article, Figure


class ExchangeError(Exception):
    """A line of a document file cannot be read; the message names the file and the line."""


def read_documents(path: Path) -> Iterator[Article]:
    """Yield the articles of a JSON Lines file whose lines hold `text` and, optionally, `id`, `url`, `title`,
    `site_province` and `published`.

    The text is brought to NFC, nothing more, so that offsets hold in the text as given. Raises ExchangeError.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        raise ExchangeError(f"{path}: not UTF-8 at byte {error.start}") from error
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            document = json.loads(line)
        except json.JSONDecodeError as error:
            raise ExchangeError(f"{path}, line {number}: not JSON ({error.msg})") from error
        if not isinstance(document, dict) or not isinstance(document.get("text"), str):
            raise ExchangeError(f"{path}, line {number}: an object with a text is wanted")
        yield article_of(document, fallback_id=f"{path.name}:{number}")


def article_of(document: dict[str, Any], *, fallback_id: str = "document") -> Article:
    """Return the article that a decoded JSON document describes."""
    return Article(
        id=str(document.get("id") or fallback_id),
        url=str(document.get("url") or ""),
        title=str(document.get("title") or ""),
        text=unicodedata.normalize("NFC", document["text"]),
        site_province=document.get("site_province") or None,
        published=str(document["published"]) if document.get("published") else None,
    )


def as_json(figure: Figure) -> dict[str, Any]:
    """Return a figure as JSON-ready values; whole numbers stay integers, others become floats."""
    return {name: plain(value) for name, value in asdict(figure).items()}


def plain(value: Any) -> Any:
    """Return `value` with a Decimal turned into int or float and a tuple into a list."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return list(value) if isinstance(value, tuple) else value
