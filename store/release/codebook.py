"""What a reader needs to understand a release: a row for each column and each indicator."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from sqlite_utils import Database

from store.columns import columns
from store.indicators import indicators, themes
from store.release.tables import Table, Values, in_columns

_MEANT = (
    "definition",
    "definition_vi",
    "unit",
    "direction",
    "additive",
    "producer",
    "caveats",
    "caveats_vi",
    "theme",
)


def codebook(tables: Iterable[Table]) -> tuple[Table, list[Values]]:
    """Return the table of columns of other tables, and its rows."""
    return Table(name="codebook", columns=columns()["codebook"]), [
        (
            table.name,
            column.name,
            column.type,
            column.unit,
            column.enum or None,
            column.required,
            column.vi,
            column.en,
        )
        for table in tables
        for column in table.columns
    ]


def used_indicators(db: Database, condition: str, values: Mapping[str, Any]) -> tuple[Table, list[Values]]:
    """Return the table of canonical indicators that figures under a condition are of, and its rows."""
    described = columns()["indicators"]
    counted = db.execute(
        f"SELECT indicator_id, count(*) FROM figures WHERE indicator_id IS NOT NULL AND {condition}"
        " GROUP BY indicator_id ORDER BY indicator_id",
        dict(values),
    )
    found = (_entry(indicator_id, figures) for indicator_id, figures in counted.fetchall())
    table = Table(name="indicators", columns=described, key="indicator_id")
    return table, list(in_columns(described, found))


def as_markdown(tables: Sequence[Table], entries: Sequence[Values]) -> str:
    """Return the codebook as a document: a table for each table, and a section for each indicator."""
    return "\n".join(_document(tables, entries)) + "\n"


def _document(tables: Sequence[Table], entries: Sequence[Values]) -> Iterator[str]:
    yield "# Codebook"
    for table in tables:
        yield f"\n## {table.name}\n"
        yield "| column | type | meaning | nghĩa |"
        yield "| --- | --- | --- | --- |"
        for column in table.columns:
            kind = f"{column.type}, {column.unit}" if column.unit else column.type
            values = f" Values: {', '.join(f'`{value}`' for value in column.enum)}." if column.enum else ""
            yield f"| `{column.name}` | {kind} | {_cell(column.en)}.{values} | {_cell(column.vi)}. |"
    yield "\n## Indicators in this release\n"
    if not entries:
        yield "None of the figures has an indicator of the catalogue."
    names = [column.name for column in columns()["indicators"]]
    for entry in entries:
        yield from _indicator(dict(zip(names, entry, strict=True)))


def _indicator(entry: Mapping[str, Any]) -> Iterator[str]:
    name = entry["indicator_en"] or "not in the catalogue any more"
    yield f"### `{entry['indicator_id']}`: {_cell(name)}\n"
    yield f"{_cell(entry['definition'] or '')}\n"
    yield f"{_cell(entry['indicator_vi'] or '')}. {_cell(entry['definition_vi'] or '')}\n"
    told = {
        "Unit": entry["unit"],
        "Direction": entry["direction"],
        "Sums over provinces make sense": {True: "yes", False: "no"}.get(entry["additive"]),
        "A topic": "compare only where the words of the articles agree" if entry["topic"] else None,
        "Producer": entry["producer"],
        "Caveats": entry["caveats"],
        "Lưu ý": entry["caveats_vi"],
        "Figures": entry["figures"],
    }
    for what, value in told.items():
        if value is not None:
            yield f"- {what}: {_cell(str(value))}"
    yield ""


def _cell(text: str) -> str:
    return " ".join(text.replace("|", "\\|").split())


def _entry(indicator_id: str, figures: int) -> dict[str, Any]:
    entry = indicators().get(indicator_id, {})
    theme = themes().get(entry.get("theme", ""), {})
    return {
        **{name: entry.get(name) for name in _MEANT},
        "indicator_id": indicator_id,
        "indicator_vi": entry.get("name_vi"),
        "indicator_en": entry.get("name_en"),
        "theme_vi": theme.get("name_vi"),
        "theme_en": theme.get("name_en"),
        "topic": bool(entry.get("topic")) if entry else None,
        "figures": figures,
    }
