"""The description of a release for machine learning: Croissant 1.0, a schema.org Dataset in JSON-LD."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from store.citation import bibtex
from store.columns import Column
from store.datapackage import RIGHTS, TableFile, hash_of, resource_name
from store.release.edition import TITLE, Choice, Edition

NAME = "croissant.json"

_STANDARD = "http://mlcommons.org/croissant/1.0"
# As the standard prescribes it.
_CONTEXT = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "cr": "http://mlcommons.org/croissant/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "equivalentProperty": "cr:equivalentProperty",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileProperty": "cr:fileProperty",
    "fileObject": "cr:fileObject",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "parentField": "cr:parentField",
    "path": "cr:path",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "samplingRate": "cr:samplingRate",
    "sc": "https://schema.org/",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}
_TYPES = {
    "id": "sc:Text",
    "text": "sc:Text",
    "list": "sc:Text",  # its parts stand in one cell, with ";" between them
    "integer": "sc:Integer",
    "number": "sc:Float",
    "boolean": "sc:Boolean",
    "date": "sc:Text",  # may be a year alone
    "datetime": "sc:Text",
}


def describe(edition: Edition, choice: Choice, tables: Sequence[TableFile]) -> dict[str, Any]:
    """Return the description of the CSV files of a release, those for Excel left out."""
    plain = [file for file in tables if file.profile == "plain"]
    names = {file.table.name for file in plain}
    told = {
        "@context": _CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": _STANDARD,
        "name": "chiso-figures",
        "alternateName": TITLE,
        "description": "One row per reported figure, with the sentence that says so. README.md tells more.",
        "version": edition.version,
        "license": RIGHTS,
        "citeAs": bibtex(edition, choice),
        "inLanguage": ["vi", "en"],
        "keywords": ["Viet Nam", "provinces", "statistics", "news"],
        "distribution": [_file(file) for file in plain],
        "recordSet": [_records(file, names) for file in plain],
    }
    return told | ({"datePublished": edition.built_at[:10]} if edition.built_at else {})


def _file(file: TableFile) -> dict[str, str]:
    return {
        "@type": "cr:FileObject",
        "@id": file.name,
        "name": file.name,
        "contentUrl": file.name,
        "contentSize": f"{file.path.stat().st_size} B",
        "encodingFormat": "text/csv",
        "sha256": hash_of(file.path),
    }


def _records(file: TableFile, names: set[str]) -> dict[str, Any]:
    table, name = file.table, resource_name(file)
    references = {column: other for column, other in table.references.items() if other in names}
    told = {
        "@type": "cr:RecordSet",
        "@id": name,
        "name": name,
        "field": [_field(column, name, file.name, references) for column in table.columns],
    }
    return told | ({"key": {"@id": f"{name}/{table.key}"}} if table.key else {})


def _field(column: Column, records: str, file: str, references: Mapping[str, str]) -> dict[str, Any]:
    told = {
        "@type": "cr:Field",
        "@id": f"{records}/{column.name}",
        "name": column.name,
        "description": column.en,
        "dataType": _TYPES[column.type],
        "source": {"fileObject": {"@id": file}, "extract": {"column": column.name}},
    }
    if column.name in references:
        told["references"] = {"field": {"@id": f"{references[column.name]}/{column.name}"}}
    return told
