"""The data package and its documents: valid for the tool of the standard, complete, dated by their data."""

from __future__ import annotations

import csv
import hashlib
import json
import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import frictionless
import pytest
import yaml
from jsonschema import Draft202012Validator
from sqlite_utils import Database

from store.columns import columns
from store.datapackage import LICENCE
from store.export import export
from store.filters import Filters
from store.release.edition import Choice
from store.release.forms import FORMATS
from tests.release_samples import fill, odd_titles, read
from tests.store_samples import figure, percent


@pytest.fixture
def db(tmp_path: Path) -> Database:
    return odd_titles(tmp_path / "chiso.db")


def package_of(folder: Path) -> dict[str, Any]:
    return json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    "choice",
    [
        Choice(filters=Filters(kinds=("percent",), query="giải quyết")),
        Choice(filters=Filters(query="khong co gi")),
        Choice(harmonise=True),
        Choice(shape="wide"),
        Choice(shape="wide", harmonise=True),
    ],
    ids=["filtered", "nothing", "harmonised", "wide", "wide harmonised"],
)
def test_the_package_is_valid_for_frictionless(tmp_path: Path, db: Database, choice: Choice) -> None:
    export(db, tmp_path / "out", choice)
    validate(tmp_path / "out" / "datapackage.json")


@pytest.mark.parametrize("choice", [Choice(), Choice(harmonise=True), Choice(shape="wide")])
def test_croissant_names_the_columns_and_bytes_that_there_are(
    tmp_path: Path, db: Database, choice: Choice
) -> None:
    out = tmp_path / "out"
    export(db, out, choice, formats=("csv", "excel"))
    told = json.loads((out / "croissant.json").read_text(encoding="utf-8"))
    assert told["conformsTo"] == "http://mlcommons.org/croissant/1.0"
    assert {"name", "description", "license", "version", "datePublished", "citeAs"} <= set(told)
    for file in told["distribution"]:
        assert hashlib.sha256((out / file["contentUrl"]).read_bytes()).hexdigest() == file["sha256"]
    fields = {field["@id"]: field for records in told["recordSet"] for field in records["field"]}
    for records in told["recordSet"]:
        sources = [field["source"] for field in records["field"]]
        [file] = {source["fileObject"]["@id"] for source in sources}
        with (out / file).open(encoding="utf-8", newline="") as lines:
            assert next(csv.reader(lines)) == [source["extract"]["column"] for source in sources]
        assert "key" not in records or records["key"]["@id"] in fields
    assert {field["references"]["field"]["@id"] for field in fields.values() if "references" in field} <= set(
        fields
    )


def test_all_forms_in_one_archive_are_valid_for_frictionless(tmp_path: Path, db: Database) -> None:
    export(db, tmp_path / "out", formats=FORMATS)
    validate(tmp_path / "out" / "datapackage.json")
    validate(tmp_path / "out" / "chiso.zip")


def validate(path: Path) -> None:
    report = frictionless.validate(str(path), type="package")
    assert report.valid, report.flatten(["rowNumber", "fieldName", "type", "message"])
    assert len(report.tasks) == len(package_of(path.parent)["resources"])


@pytest.mark.parametrize(
    ("before", "after", "why"),
    [
        ("-0.50", "minus", "type-error"),
        (",ratio,", ",ration,", "constraint-error"),
        ("online_dossiers", "no_such", "foreign-key"),
        ("-0.50", "-0.51", "hash-count"),
    ],
)
def test_frictionless_finds_what_is_spoiled(
    tmp_path: Path, db: Database, before: str, after: str, why: str
) -> None:
    out = tmp_path / "out"
    export(db, out)
    spoiled = (out / "figures.csv").read_text(encoding="utf-8").replace(before, after).encode()
    (out / "figures.csv").write_bytes(spoiled)
    package = package_of(out)
    if why != "hash-count":
        figures = package["resources"][0]
        figures |= {"bytes": len(spoiled), "hash": f"sha256:{hashlib.sha256(spoiled).hexdigest()}"}
        (out / "datapackage.json").write_text(json.dumps(package), encoding="utf-8")
    report = frictionless.validate(str(out / "datapackage.json"), type="package")
    assert {kind for (kind,) in report.flatten(["type"])} == {why}


def test_the_package_says_where_the_data_come_from(tmp_path: Path, db: Database) -> None:
    out = tmp_path / "out"
    chosen = Filters(places=("VN63-51",), min_confidence=0.25)
    export(db, out, Choice(filters=chosen), ("csv", "parquet"))
    package = package_of(out)
    assert package["filters"] == {"places": ["VN63-51"], "min_confidence": 0.25}
    assert re.fullmatch(r"2026\.5\.31\+[0-9a-f]{8}", package["version"])
    assert package["created"] == "2026-05-31T08:00:00+00:00"
    assert package["sources"] == [{"title": "Báo Nghệ An", "path": "https://baonghean.vn/"}]
    assert package["citation"].startswith("Chỉ số (2026). ")
    assert "licenses" not in package
    for resource in package["resources"]:
        content = (out / resource["path"]).read_bytes()
        assert (resource["bytes"], resource["hash"]) == (
            len(content),
            f"sha256:{hashlib.sha256(content).hexdigest()}",
        )
        assert len(read(out / resource["path"])) == resource["rows"]
        assert resource.get("licenses") == (
            [LICENCE] if resource["name"] in ("codebook", "indicators") else None
        )
    assert {file["path"] for file in package["files"]} == {path.name for path in out.glob("*.parquet")}


def test_constraints_and_references_are_told(tmp_path: Path, db: Database) -> None:
    export(db, tmp_path / "out")
    tables = {resource["name"]: resource["schema"] for resource in package_of(tmp_path / "out")["resources"]}
    fields = {field["name"]: field for field in tables["figures"]["fields"]}
    assert fields["status"]["constraints"] == {"required": True, "enum": ["actual", "target"]}
    assert fields["confidence"]["constraints"] == {"required": True, "minimum": 0, "maximum": 1}
    assert fields["record_id"]["constraints"] == {"required": True, "unique": True}
    assert fields["flags"]["type"] == "list"
    referred = {key["fields"][0]: key["reference"]["resource"] for key in tables["figures"]["foreignKeys"]}
    assert referred == {
        "observation_id": "observations",
        "article_id": "articles",
        "indicator_id": "indicators",
    }


CFF = {
    "type": "object",
    "required": ["cff-version", "message", "title", "authors"],
    "properties": {
        "cff-version": {"const": "1.2.0"},
        "message": {"type": "string", "minLength": 1},
        "type": {"enum": ["dataset", "software"]},
        "title": {"type": "string", "minLength": 1},
        "version": {"type": "string"},
        "authors": {"type": "array", "minItems": 1, "items": {"required": ["name"]}},
    },
}


def test_citations_can_be_read_by_machines(tmp_path: Path, db: Database) -> None:
    export(db, tmp_path / "out", Choice(filters=Filters(kinds=("rank",)), harmonise=True))
    told = yaml.safe_load((tmp_path / "out" / "CITATION.cff").read_text(encoding="utf-8"))
    Draft202012Validator(CFF).validate(told)
    assert str(told["date-released"]) == "2026-05-31"
    entry = (tmp_path / "out" / "CITATION.bib").read_text(encoding="utf-8")
    assert entry.startswith("@misc{chiso_")
    assert entry.count("{") == entry.count("}")
    assert f"version = {{{told['version']}}}" in entry
    assert "harmonised to the 34 provinces" in entry


def test_the_codebook_explains_every_column_and_indicator(tmp_path: Path, db: Database) -> None:
    out = tmp_path / "out"
    export(db, out)
    words = read(out / "codebook.csv")
    tables = ("figures", "observations", "articles", "indicators")
    assert [(row["table"], row["column"]) for row in words] == [
        (table, column.name) for table in tables for column in columns()[table]
    ]
    assert all(row["meaning_vi"] and row["meaning_en"] for row in words)
    (kind,) = (row["values"] for row in words if (row["table"], row["column"]) == ("figures", "kind"))
    assert kind == "ratio;rank;percent;money;score;multiple;count"
    told = {row["indicator_id"]: row for row in read(out / "indicators.csv")}
    assert told["pci"]["theme_en"] == "Indices and rankings"
    assert (told["pci"]["figures"], told["pci"]["additive"], told["pci"]["direction"]) == ("5", "false", "up")
    assert told["pci"]["definition"].startswith("Score or rank in the Provincial Competitiveness Index")
    assert told["pci"]["definition_vi"].startswith("Điểm số hoặc thứ hạng theo Chỉ số năng lực")
    document = (out / "codebook.md").read_text(encoding="utf-8")
    assert "### `pci`: Provincial Competitiveness Index (PCI)" in document
    assert told["pci"]["definition"] in document
    assert told["pci"]["definition_vi"] in document
    assert "| `place_id` | id |" in document


def test_the_version_changes_with_the_data_and_not_with_their_order(tmp_path: Path) -> None:
    def version(name: str, **changes: Any) -> str:
        db = fill(tmp_path / name, figure(**changes), percent())
        export(db, tmp_path / f"{name}.out")
        return package_of(tmp_path / f"{name}.out")["version"]

    assert version("a.db") == version("b.db")
    assert version("c.db", value=Decimal(78001)) != version("a2.db")
    assert version("d.db", status="target") != version("a3.db")


def test_a_release_of_invented_figures_says_so(tmp_path: Path) -> None:
    db = fill(tmp_path / "chiso.db", figure(), source="sample-zce")
    export(db, tmp_path / "out")
    assert "**The figures are invented.**" in (tmp_path / "out" / "README.md").read_text(encoding="utf-8")
    (source,) = package_of(tmp_path / "out")["sources"]
    assert source == {"title": "Báo Phù Sa (mẫu) (invented)"}
