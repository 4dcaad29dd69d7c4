"""Records as rows of `data/chiso.db` and back: exact numbers as text beside REAL, lists as JSON."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import fields
from decimal import Decimal
from typing import Any

from store.records import Article, Cell, Figure, Table
from store.search import fold

Row = dict[str, Any]

_NUMBERS = ("value", "value_max", "denominator")
_LISTS = ("flags", "rules")
_FIGURE_FIELDS = tuple(field.name for field in fields(Figure))
_ARTICLE_FIELDS = tuple(
    field.name for field in fields(Article) if field.name not in ("tables", "page_starts", "doubts")
)


def article_row(article: Article) -> Row:
    """Return the row of an article, without its tables and without what only the page knows."""
    row = {name: getattr(article, name) for name in _ARTICLE_FIELDS}
    text_hash = hashlib.sha256(fold(article.text).encode("utf-8", "surrogatepass")).hexdigest()[:16]
    return row | {
        "page_starts": json.dumps(article.page_starts),
        "doubts": json.dumps(article.doubts),
        "published_on": article.published[:10] if article.published else None,
        "text_hash": text_hash,
    }


def table_rows(article: Article) -> list[Row]:
    """Return the rows of an article's tables, numbered from 0."""
    return [
        {
            "article_id": article.id,
            "number": number,
            "start": table.start,
            "end": table.end,
            "caption": table.caption,
            "page_number": table.page_number,
            "cells": json.dumps(
                [
                    [cell.row, cell.column, cell.text, cell.start, cell.end, cell.header]
                    for cell in table.cells
                ],
                ensure_ascii=False,
            ),
        }
        for number, table in enumerate(article.tables)
    ]


def article_from(row: Mapping[str, Any], tables: list[Row]) -> Article:
    """Return the article of a row and of the rows of its tables."""
    return Article(
        **{name: row[name] for name in _ARTICLE_FIELDS},
        page_starts=tuple(json.loads(row["page_starts"])),
        doubts=tuple(json.loads(row["doubts"])),
        tables=tuple(
            Table(
                start=table["start"],
                end=table["end"],
                caption=table["caption"],
                page_number=table["page_number"],
                cells=tuple(
                    Cell(row=row, column=column, text=text, start=start, end=end, header=header)
                    for row, column, text, start, end, header in json.loads(table["cells"])
                ),
            )
            for table in tables
        ),
    )


def figure_row(figure: Figure) -> Row:
    """Return the row of a figure, without what is carried over from its article."""
    row = {name: getattr(figure, name) for name in _FIGURE_FIELDS}
    for name in _NUMBERS:
        number: Decimal | None = row[name]
        row[name] = None if number is None else float(number)
        row[f"{name}_text"] = None if number is None else format(number, "f")
    for name in _LISTS:
        row[name] = json.dumps(row[name], ensure_ascii=False)
    start, _, end = (figure.period or "/").partition("/")
    return row | {
        "negated": int(figure.negated),
        "period_start": start or None,
        "period_end": end or None,
        "indicator_key": indicator_key(figure.indicator_id, figure.indicator),
        "indicator_folded": fold(figure.indicator),
        "place_folded": None if figure.place is None else fold(figure.place),
    }


def figure_from(row: Mapping[str, Any]) -> Figure:
    """Return the figure of a row, its numbers exact."""
    known = {name: row[name] for name in _FIGURE_FIELDS}
    for name in _NUMBERS:
        exact = row[f"{name}_text"]
        known[name] = None if exact is None else Decimal(exact)
    for name in _LISTS:
        known[name] = tuple(json.loads(known[name]))
    return Figure(**known | {"negated": bool(known["negated"])})


def indicator_key(indicator_id: str | None, phrase: str) -> str | None:
    """Return what figures are grouped by: the canonical id, else `~` and the folded phrase, else None."""
    words = " ".join(fold(phrase).split())
    return indicator_id or (f"~{words}" if words else None)
