"""A release: the tables of figures, observations and articles in one folder, in the forms that are asked for.

Everything is read in one transaction, row by row, written into a folder beside its place and moved there when
all is done. The same database and the same choice give the same bytes.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import regex
from sqlite_utils import Database

from store import croissant
from store.citation import bibtex, cff
from store.database import database_path
from store.datapackage import NAME, TableFile, describe
from store.errors import StoreError, explained
from store.release.archive import write_archive
from store.release.codebook import as_markdown, codebook
from store.release.content import Content, content_of
from store.release.csv_form import Profile, csv_header, csv_lines
from store.release.edition import Choice
from store.release.forms import FORMATS, TOGETHER, file_name, open_forms
from store.release.readme import about, readme
from store.release.tables import Table, Values

Progress = Callable[[int, int], None]

_PACKAGE = "datapackage.json"
_DESCRIPTIONS = frozenset(
    (
        *("README.md", "CITATION.bib", "CITATION.cff", "codebook.md", "codebook.csv", "indicators.csv"),
        *(croissant.NAME, _PACKAGE),
    )
)
_PROFILES: Mapping[str, Profile] = {"csv": "plain", "excel": "excel"}
# figures.csv, figures-filtered-1a2b3c4d-excel.csv, chiso-filtered-1a2b3c4d.xlsx
_OURS = regex.compile(
    r"(?:figures|observations|articles|harmonised|wide|wide_harmonised|chiso)(?:-filtered-[0-9a-f]{8})?"
    r"(?:-excel)?\.(?:csv|ndjson|parquet|xlsx|sqlite|zip)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """What was written: the rows of each file, None of those that hold several tables or none, and notes."""

    files: Mapping[str, int | None]
    notes: tuple[str, ...]  # what was left out and why


def export(
    db: Database,
    out_dir: str | Path,
    choice: Choice | None = None,
    formats: Sequence[str] = ("csv",),
    progress: Progress | None = None,
) -> Release:
    """Write a release into a folder, which is made where missing; returns what was written.

    The figures are those that match, the observations and articles those with such a figure; without
    filters also articles that have none. `progress` is told how many rows are done of how many. Raises
    StoreError, leaving what was there, when the folder cannot be written or holds files of another export
    that this one would leave beside its own, when a format is unknown, and when the wide table has conflicts.
    """
    chosen = _known(formats)
    out = Path(out_dir)
    with explained(database_path(db)), db.atomic(), content_of(db, choice or Choice()) as content:
        names = {
            file_name(table, form, content.choice): None if form in TOGETHER else content.counts[table.name]
            for form in chosen
            for table in content.tables
        }
        _refuse_mixing(out, names)
        with _moved_to(out) as work:
            _write_tables(work, content, chosen, progress)
            names |= _write_descriptions(work, content, chosen, names)
            if "package" in chosen:
                last = work / file_name(content.tables[0], "package", content.choice)
                write_archive(last, sorted(work.iterdir()))
    return Release(files=names, notes=content.notes)


def _known(formats: Sequence[str]) -> tuple[str, ...]:
    """Return the formats in their usual order; a package alone is one of CSV files."""
    unknown = sorted(set(formats) - set(FORMATS))
    if unknown or not formats:
        what = repr(unknown[0]) if unknown else "without a name"
        raise StoreError(f"There is no export format {what}; choose of {', '.join(FORMATS)}.")
    chosen = {*formats} if set(formats) - {"package"} else {*formats, "csv"}
    return tuple(form for form in FORMATS if form in chosen)


def _write_tables(work: Path, content: Content, formats: Sequence[str], progress: Progress | None) -> None:
    edition, choice = content.edition, content.choice
    total, done = sum(content.counts.values()), 0
    with open_forms(work, formats, edition, choice) as (begin, begin_together):
        for table in content.tables:
            write = begin(table)
            for rows in content.rows[table.name]():
                write(rows)
                done += len(rows)
                if progress is not None:
                    progress(done, total)
        for extra, rows in (*_words(content), about(edition, choice, content.counts, content.notes)):
            begin_together(extra)(rows)


def _write_descriptions(
    work: Path, content: Content, formats: Sequence[str], names: Mapping[str, int | None]
) -> dict[str, None]:
    """Write codebook, citation, README and data package; returns their names."""
    edition, choice = content.edition, content.choice
    files = [
        TableFile(path=work / name, name=name, table=table, profile=profile, rows=content.counts[table.name])
        for form, profile in _PROFILES.items()
        if form in formats
        for table in content.tables
        for name in [file_name(table, form, choice)]
    ]
    for table, rows in _words(content):
        name = f"{table.name}.csv"
        lines = [csv_header(table.columns, "plain"), *csv_lines(table.columns, rows, "plain")]
        (work / name).write_bytes(b"".join(lines))
        files.append(TableFile(path=work / name, name=name, table=table, profile="plain", rows=len(rows)))
    others = {work / name: rows for name, rows in names.items() if not name.endswith((".csv", ".zip"))}
    package = describe(edition, choice, files, others)
    example = next(file for file in files if file.profile == "plain")
    texts = {
        "README.md": readme(
            edition, choice, content.counts, content.notes, [*names], (example.table, example.name)
        ),
        "CITATION.bib": bibtex(edition, choice),
        "CITATION.cff": cff(edition, choice),
        "codebook.md": as_markdown(content.tables, content.indicators[1]),
        croissant.NAME: json.dumps(croissant.describe(edition, choice, files), ensure_ascii=False, indent=2)
        + "\n",
        _PACKAGE: json.dumps(package, ensure_ascii=False, indent=2) + "\n",
    }
    for name, text in texts.items():
        (work / name).write_text(text, encoding="utf-8", newline="\n")
    return dict.fromkeys([*(f"{table.name}.csv" for table, _ in _words(content)), *texts])


def _words(content: Content) -> list[tuple[Table, list[Values]]]:
    """Return the tables that explain the others: indicators and codebook."""
    return [content.indicators, codebook([*content.tables, content.indicators[0]])]


def _refuse_mixing(folder: Path, names: Mapping[str, int | None]) -> None:
    """Raise StoreError when a folder holds what is no export, or tables of another one.

    A README.md of something else would be overwritten, the description of the other tables be lost.
    """
    known = sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []
    foreign = [name for name in known if name in names or name in _DESCRIPTIONS]
    if foreign and not _is_release(folder):
        raise StoreError(
            f"The folder {folder} holds {foreign[0]}, which is not of an export and would be overwritten; "
            "name another folder."
        )
    left = [name for name in known if _OURS.fullmatch(name) and name not in names]
    if left:
        raise StoreError(
            f"The folder {folder} holds {left[0]} of another export, which would stay there without its "
            "description; name another folder, or remove it first."
        )


def _is_release(folder: Path) -> bool:
    try:
        package = json.loads((folder / _PACKAGE).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return False
    return isinstance(package, dict) and package.get("name") == NAME


@contextmanager
def _moved_to(folder: Path) -> Iterator[Path]:
    """Give a folder to write to, and put all files in their places when the block ends well."""
    try:
        made = not folder.exists()
        folder.mkdir(parents=True, exist_ok=True)
        try:
            with tempfile.TemporaryDirectory(dir=folder, prefix=".export-") as name:
                work = Path(name)
                yield work
                for path in sorted(work.iterdir(), key=lambda path: (path.name == _PACKAGE, path.name)):
                    path.replace(folder / path.name)
        except BaseException:
            if made:
                with suppress(OSError):
                    folder.rmdir()
            raise
    except OSError as error:
        raise StoreError(f"The export cannot be written to {folder}: {error.strerror or error}.") from error
