"""What an export may overwrite, and what it leaves when it cannot write."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from sqlite_utils import Database

from store.errors import StoreError
from store.export import export
from store.filters import Filters
from store.release.edition import Choice
from tests.release_samples import DESCRIPTIONS, TABLES, contents, rows_of, three_figures


@pytest.fixture
def db(tmp_path: Path) -> Database:
    return three_figures(tmp_path / "chiso.db")


def test_file_names_tell_filtered_files_apart(tmp_path: Path, db: Database) -> None:
    def names(filters: Filters) -> set[str]:
        out = tmp_path / str(len(list(tmp_path.iterdir())))
        return set(rows_of(export(db, out, Choice(filters=filters))))

    some = names(Filters(kinds=("percent", "ratio")))
    assert all("-filtered-" in name for name in some)
    assert names(Filters(kinds=("ratio", "percent", "ratio"), sort="value")) == some
    assert names(Filters(kinds=("ratio",))).isdisjoint(some)
    assert names(Filters(sort="value")) == {f"{table}.csv" for table in TABLES}


def test_an_export_beside_another_is_refused(tmp_path: Path, db: Database) -> None:
    out = tmp_path / "out"
    export(db, out, formats=("csv", "ndjson"))
    before = contents(out)
    with pytest.raises(StoreError, match=r"holds articles.csv of another export"):
        export(db, out, Choice(filters=Filters(kinds=("ratio",))))
    with pytest.raises(StoreError, match=r"holds articles.ndjson of another export"):
        export(db, out)
    (out / "my-notes.csv").write_text("mine")
    export(db, out, formats=("csv", "ndjson"))
    assert contents(out) == before | {"my-notes.csv": b"mine"}


def test_what_is_not_of_an_export_is_not_overwritten(tmp_path: Path, db: Database) -> None:
    for number, name in enumerate([*sorted(DESCRIPTIONS), "figures.csv"]):
        out = tmp_path / str(number)
        out.mkdir()
        (out / name).write_text("mine")
        for package in (None, "[" * 100_000, '{"name": "other"}', "[1]"):
            if package is not None:
                (out / "datapackage.json").write_text(package)
            before = contents(out)
            with pytest.raises(StoreError, match="is not of an export and would be overwritten"):
                export(db, out)
            assert contents(out) == before


def test_progress_counts_rows_of_all_files(tmp_path: Path, db: Database) -> None:
    steps: list[tuple[int, int]] = []
    export(db, tmp_path / "out", progress=lambda done, total: steps.append((done, total)))
    assert steps == [(3, 7), (6, 7), (7, 7)]


def test_an_export_that_fails_leaves_the_old_files(tmp_path: Path, db: Database) -> None:
    out = tmp_path / "out"
    formats = ("csv", "xlsx", "parquet", "sqlite", "package")
    export(db, out, formats=formats)
    before = contents(out)

    def stop(done: int, total: int) -> None:
        if done == 6:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        export(db, out, Choice(), formats, stop)
    assert contents(out) == before
    with pytest.raises(KeyboardInterrupt):
        export(db, tmp_path / "new", Choice(), formats, stop)
    assert not (tmp_path / "new").exists()


def test_what_can_not_be_written_is_named(tmp_path: Path, db: Database) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StoreError, match=r"cannot be written to .*file/nowhere"):
        export(db, tmp_path / "file" / "nowhere")
    with pytest.raises(StoreError, match="no export format 'pdf'"):
        export(db, tmp_path, formats=("csv", "pdf"))


LIMITED = """
import resource, sys
import chiso
resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000))
for form in ("csv", "xlsx", "parquet", "ndjson", "sqlite"):
    try:
        chiso.main(["export", "--out", "out", "--db", "chiso.db", "--format", form])
    except SystemExit as end:
        print(form, end.code)
"""


def test_a_full_disk_gives_one_sentence(tmp_path: Path, db: Database) -> None:
    root = Path(__file__).resolve().parent.parent
    ended = subprocess.run(
        [sys.executable, "-c", LIMITED],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(root)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert ended.stdout.split() == ["csv", "2", "xlsx", "2", "parquet", "2", "ndjson", "2", "sqlite", "2"]
    told = ended.stderr.splitlines()
    assert len(told) == 5
    assert all(line.startswith("Error: The export cannot be written to out: ") for line in told)
    assert not (tmp_path / "out").exists()
