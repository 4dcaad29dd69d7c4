"""What pandas and R read of a release, as its README.md says, is what the database holds."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from contextlib import chdir
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from sqlite_utils import Database

from store.columns import columns
from store.export import export
from store.filters import Filters
from store.release.tables import rows
from tests.release_samples import TITLES, odd_titles


@pytest.fixture
def db(tmp_path: Path) -> Database:
    return odd_titles(tmp_path / "chiso.db")


def snippet(folder: Path) -> str:
    (found,) = re.findall(
        r"```python\n(.*?)```", (folder / "README.md").read_text(encoding="utf-8"), flags=re.DOTALL
    )
    return found


def test_pandas_reads_what_the_database_holds_as_the_readme_says(tmp_path: Path, db: Database) -> None:
    out = tmp_path / "out"
    export(db, out)
    names: dict[str, Any] = {}
    with chdir(out):
        exec(compile(snippet(out), "README.md", "exec"), names)
    frame: pd.DataFrame = names["figures"]
    stored = list(rows(db, "figures", Filters()))
    assert len(frame) == len(stored) == 3 * len(TITLES)
    for place, column in enumerate(columns()["figures"]):
        found = frame[column.name]
        wanted = [row[place] for row in stored]
        missing = [value in (None, "", ()) for value in wanted]
        assert found.isna().tolist() == missing, column.name
        told = [value for value in found.tolist() if not pd.isna(value)]
        known = [value for value, none in zip(wanted, missing, strict=True) if not none]
        if column.type == "list":
            known = [";".join(value) for value in known]
        if column.type in ("integer", "number"):
            assert told == [float(value) for value in known]
        else:
            assert told == known, column.name
    assert frame["article_title"].drop_duplicates().tolist() == TITLES
    assert frame["article_id"].drop_duplicates().tolist() == ["000", "001", "002", "003", "004"]
    assert frame["value"].dtype == "float64"


def test_pandas_reads_the_other_forms(tmp_path: Path, db: Database) -> None:
    out = tmp_path / "out"
    export(db, out, formats=("parquet", "ndjson", "xlsx"))
    stored = list(rows(db, "figures", Filters()))
    values = [float(row[[column.name for column in columns()["figures"]].index("value")]) for row in stored]
    parquet = pd.read_parquet(out / "figures.parquet")
    lines = pd.read_json(out / "figures.ndjson", lines=True, dtype={"article_id": str})
    sheet = pd.read_excel(
        out / "chiso.xlsx", "figures", keep_default_na=False, na_values=[""], dtype={"article_id": str}
    )
    for frame in (parquet, lines, sheet):
        assert frame["value"].tolist() == values
        assert frame["article_title"].drop_duplicates().tolist() == TITLES
        assert frame["article_id"].iloc[-1] == "004"
    assert str(parquet["period_start"].iloc[0]) == "2024-01-01"


def records_as_r_reads_them(text: str) -> Iterator[list[str | None]]:
    """Split CSV as R's read.csv does with na.strings = "": a quote toggles, two within quotes are one."""
    fields: list[str | None] = []
    cell, quoted, was_quoted = "", False, False
    for place, sign in enumerate(text):
        if sign == '"':
            doubled = not quoted and was_quoted and text[place - 1] == '"'
            cell += '"' if doubled else ""
            quoted, was_quoted = not quoted, True
        elif sign in ",\n" and not quoted:
            fields.append(cell or None)
            cell, was_quoted = "", False
            if sign == "\n":
                yield fields
                fields = []
        else:
            cell += sign
    assert not quoted
    assert not fields
    assert not cell


def test_r_reads_every_record_whole(tmp_path: Path, db: Database) -> None:
    export(db, tmp_path / "out")
    readme = (tmp_path / "out" / "README.md").read_text(encoding="utf-8")
    assert 'read.csv("figures.csv", na.strings = "",' in readme
    for table in ("figures", "observations", "articles"):
        text = (tmp_path / "out" / f"{table}.csv").read_bytes().decode("utf-8")
        names, *found = records_as_r_reads_them(text)
        assert {len(row) for row in found} == {len(names)}
        titles = [row[names.index("article_title")] for row in found]
        assert set(titles) == set(TITLES)
        as_csv = [
            [cell or None for cell in row] for row in csv.reader(text.splitlines(keepends=True), strict=True)
        ]
        assert [names, *found] == as_csv
