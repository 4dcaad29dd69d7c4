"""The description of an export for machines: a Frictionless Data Package, version 2."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from store.columns import Column, columns
from store.filters import Filters

_PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"
_KEYS = {"figures": "record_id", "observations": "observation_id", "articles": "article_id"}
_REFERENCES = {"figures": {"observation_id": "observations", "article_id": "articles"}}
_TYPES = {"id": "string", "text": "string"}  # the others are called the same there


def describe(
    parts: Mapping[str, Path],
    rows: Mapping[str, int],
    filters: Filters,
    *,
    built_at: str | None,
    line_end: str,
) -> dict[str, Any]:
    """Return the data package of exported files, given by table with their rows.

    `built_at` is the time of the build that the export shows. Only filters that are set are named.
    """
    package: dict[str, Any] = {
        "$schema": _PROFILE,
        "name": "chiso-figures",
        "title": "Figures reported by Vietnamese provincial newspapers and portals",
        "filters": {
            name: value for name, value in asdict(filters).items() if value != getattr(Filters(), name)
        },
        "resources": [_resource(table, path, rows[table], line_end) for table, path in parts.items()],
    }
    return package | ({"created": built_at} if built_at else {})


def _resource(table: str, path: Path, rows: int, line_end: str) -> dict[str, Any]:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    schema: dict[str, Any] = {
        "fields": [_field(column) for column in columns()[table]],
        "missingValues": [""],
        "primaryKey": [_KEYS[table]],
    }
    if table in _REFERENCES:
        schema["foreignKeys"] = [
            {"fields": [column], "reference": {"resource": other, "fields": [column]}}
            for column, other in _REFERENCES[table].items()
        ]
    return {
        "name": table,
        "type": "table",
        "path": path.name,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": path.stat().st_size,
        "hash": f"sha256:{digest}",
        "rows": rows,
        "dialect": {"delimiter": ",", "lineTerminator": line_end},
        "schema": schema,
    }


def _field(column: Column) -> dict[str, Any]:
    field = {
        "name": column.name,
        "type": _TYPES.get(column.type, column.type),
        "description": column.en,
        "description_vi": column.vi,
    }
    if column.unit:
        field["unit"] = column.unit
    return field | ({"delimiter": ";"} if column.type == "list" else {})
