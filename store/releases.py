"""Frozen releases: folders that are made once, each with all files of an export and the database behind them.

`<folder>/<id>/` has the files of store/export.py and `chiso.db`, which the app reads for `rel=<id>`. The id
is the version of the data, so that the same data make the same release, and nothing in it is written again.
"""

from __future__ import annotations

import tempfile
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import regex

from store.errors import StoreError, explained
from store.export import Progress, export
from store.queries import open_readonly
from store.release.folder import PACKAGE, read_description
from store.release.forms import FORMATS

DATABASE = "chiso.db"

_ID = regex.compile(r"\d{1,4}\.\d{1,2}\.\d{1,2}-[0-9a-f]{8}")
_READ_ONLY = 0o444


@dataclass(frozen=True, slots=True, kw_only=True)
class Frozen:
    """A release that does not change any more."""

    id: str  # its version, "-" in the place of "+", which addresses read as a space
    created: str | None  # when its database was built; ISO date and time
    folder: Path

    @property
    def database(self) -> Path:
        """The figures that it shows, to be read by the app."""
        return self.folder / DATABASE


def freeze(db_path: str | Path, folder: str | Path, progress: Progress | None = None) -> tuple[Frozen, bool]:
    """Make a release of all that there is, and return it and whether it is new.

    One that was made of the same data before is left as it is. Raises StoreError.
    """
    folder = Path(folder)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder, prefix=".release-") as name:
            work = Path(name) / "files"
            work.mkdir()
            made = folder / _fill(db_path, work, progress)
            if known := _read(made):
                return known, False
            for file in work.iterdir():
                file.chmod(_READ_ONLY)
            work.rename(made)
    except OSError as error:
        raise StoreError(f"The release cannot be written to {folder}: {error.strerror or error}.") from error
    return find_frozen(folder, made.name), True


def _fill(db_path: str | Path, work: Path, progress: Progress | None) -> str:
    """Copy the database into a folder and export the copy beside it, so that both are of one moment."""
    with closing(open_readonly(db_path)) as db, explained(db_path):
        db.execute("VACUUM INTO ?", [str(work / DATABASE)])
    with closing(open_readonly(work / DATABASE)) as copy:
        export(copy, work, formats=FORMATS, progress=progress)
    return str(read_description(work)["version"]).replace("+", "-")


def list_frozen(folder: str | Path) -> list[Frozen]:
    """Return the releases in a folder, the newest first; what cannot be read is left out."""
    folder = Path(folder)
    names = sorted(folder.iterdir()) if folder.is_dir() else []
    found = [release for path in names if (release := _read(path))]
    return sorted(found, key=lambda release: (release.created or "", release.id), reverse=True)


def find_frozen(folder: str | Path, release_id: str) -> Frozen:
    """Return one release. Raises StoreError when there is none of this id."""
    found = _read(Path(folder) / release_id) if _ID.fullmatch(release_id) else None
    if found is None:
        raise StoreError(f"There is no release {release_id[:40]!r} here.")
    return found


def _read(folder: Path) -> Frozen | None:
    if (
        not _ID.fullmatch(folder.name)
        or not (folder / DATABASE).is_file()
        or not (folder / PACKAGE).is_file()
    ):
        return None
    try:
        return Frozen(id=folder.name, created=read_description(folder).get("created"), folder=folder)
    except StoreError:
        return None
