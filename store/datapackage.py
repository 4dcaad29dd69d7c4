"""The description of a release for machines: a Frictionless Data Package, version 2."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from store.citation import bibtex, citation
from store.columns import Column
from store.release.csv_form import LINE_ENDS, Profile
from store.release.edition import TITLE, Choice, Edition, told_filters
from store.release.tables import Table

NAME = "chiso-figures"
RIGHTS = (
    "The figures, places, periods and codes are facts and their arrangement. Titles of articles, names of "
    "authors and the sentences that the figures stand in are quoted, with publisher and address, so that "
    "every number can be checked; the rights in them stay with their publishers. This release grants none in "
    "them: quote single sentences as your law allows, name the article, and ask the publisher before you "
    "republish the texts as a collection."
)
LICENCE = {
    "name": "Apache-2.0",
    "title": "Apache License 2.0",
    "path": "https://www.apache.org/licenses/LICENSE-2.0",
}

_PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"
_TYPES = {"id": "string", "text": "string"}  # the others are called the same there
_OURS = ("codebook", "indicators")  # tables that hold nothing of an article
_MEDIA_TYPES = {
    ".ndjson": "application/x-ndjson",
    ".parquet": "application/vnd.apache.parquet",
    ".sqlite": "application/vnd.sqlite3",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class TableFile:
    """A CSV file of a release: where it is for now, what it will be called, what is in it."""

    path: Path
    name: str
    table: Table
    profile: Profile
    rows: int


def describe(
    edition: Edition, choice: Choice, tables: Sequence[TableFile], others: Mapping[Path, int | None]
) -> dict[str, Any]:
    """Return the data package of written files; `others` are those that are no CSV, with their rows."""
    names = {resource_name(file) for file in tables}
    package: dict[str, Any] = {
        "$schema": _PROFILE,
        "name": NAME,
        "title": TITLE,
        "description": "One row per reported figure, with the sentence that says so. README.md tells more.",
        "version": edition.version,
        "keywords": ["Viet Nam", "provinces", "statistics", "news"],
        "sources": list(_sources(edition)),
        "rights": RIGHTS,
        "citation": citation(edition, choice),
        "bibtex": bibtex(edition, choice),
        "made_by": dict(edition.made_by),
        "shape": choice.shape,
        "harmonised": choice.harmonise,
        "filters": told_filters(choice.filters),
        "resources": [_table_resource(file, names) for file in tables],
    }
    if others:  # resources are tables here: readers of packages would read each of these for one
        package["files"] = [_other_file(path, rows) for path, rows in others.items()]
    return package | ({"created": edition.built_at} if edition.built_at else {})


def _sources(edition: Edition) -> Iterator[dict[str, str]]:
    for publisher in edition.publishers:
        title = f"{publisher.name} (invented)" if publisher.invented else publisher.name
        yield {"title": title} | ({"path": publisher.address} if publisher.address else {})


def _table_resource(file: TableFile, names: set[str]) -> dict[str, Any]:
    table, mark = file.table, _mark(file)
    schema: dict[str, Any] = {
        "fields": [_field(column, table.key) for column in table.columns],
        "missingValues": [""],
    }
    if table.key:
        schema["primaryKey"] = [table.key]
    keys = [
        {"fields": [column], "reference": {"resource": f"{other}{mark}", "fields": [column]}}
        for column, other in table.references.items()
        if f"{other}{mark}" in names
    ]
    if keys:
        schema["foreignKeys"] = keys
    told = {
        "name": resource_name(file),
        "type": "table",
        "path": file.name,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        **_bytes_of(file.path),
        "rows": file.rows,
        "dialect": {"delimiter": ",", "lineTerminator": LINE_ENDS[file.profile]},
        "schema": schema,
    }
    return told | ({"licenses": [LICENCE]} if table.name in _OURS else {})


def _other_file(path: Path, rows: int | None) -> dict[str, Any]:
    told = {
        "path": path.name,
        "format": path.suffix[1:],
        "mediatype": _MEDIA_TYPES[path.suffix],
        **_bytes_of(path),
    }
    return told if rows is None else told | {"rows": rows}


def resource_name(file: TableFile) -> str:
    """Return what a CSV file is called in descriptions: the name of its table, and of its profile."""
    return f"{file.table.name}{_mark(file)}"


def _mark(file: TableFile) -> str:
    return "" if file.profile == "plain" else "-excel"


def _bytes_of(path: Path) -> dict[str, Any]:
    return {"bytes": path.stat().st_size, "hash": f"sha256:{hash_of(path)}"}


def hash_of(path: Path) -> str:
    """Return the SHA-256 of a file in hex digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _field(column: Column, key: str | None) -> dict[str, Any]:
    field = {
        "name": column.name,
        "type": _TYPES.get(column.type, column.type),
        "description": column.en,
        "description_vi": column.vi,
    }
    if column.unit:
        field["unit"] = column.unit
    if column.type == "list":
        field["delimiter"] = ";"
    constraints: dict[str, Any] = {}
    if column.required or column.name == key:
        constraints["required"] = True
    if column.name == key:
        constraints["unique"] = True
    if column.enum:
        constraints["enum"] = list(column.enum)
    for name in ("minimum", "maximum"):
        if (bound := getattr(column, name)) is not None:
            constraints[name] = bound
    return field | ({"constraints": constraints} if constraints else {})
