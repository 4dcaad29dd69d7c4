"""A release as it lies in its folder: its files with their sizes, rows and checksums."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from store.errors import StoreError

PACKAGE = "datapackage.json"
_ABOUT = ("README.md", "codebook.md", "CITATION.bib", "CITATION.cff", PACKAGE, "croissant.json")  # no tables


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseFile:
    """One file of a release."""

    name: str
    size: int  # bytes
    rows: int | None  # None where it holds several tables or none
    sha256: str  # hex digits


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundRelease:
    """What a folder of a release holds."""

    version: str
    created: str | None  # when the database that it shows was built; ISO date and time
    filtered: bool
    citation: str
    bibtex: str
    files: tuple[ReleaseFile, ...]  # tables first, then what tells about them


def read_release(folder: str | Path) -> FoundRelease | None:
    """Return the release in a folder, None when there is none; files that its package does not name are left.

    Raises StoreError when the description cannot be read.
    """
    folder = Path(folder)
    if not (folder / PACKAGE).is_file():
        return None
    package = read_description(folder)
    try:
        told = [*package["resources"], *package.get("files", [])]
        rows = {one["path"]: one.get("rows") for one in told}
        archives = sorted(one.name for one in folder.glob("chiso*.zip"))
        names = [name for name in (*rows, *archives, *_ABOUT) if _is_plain(folder, name)]
        return FoundRelease(
            version=package["version"],
            created=package.get("created"),
            filtered=bool(package["filters"]),
            citation=package["citation"],
            bibtex=package["bibtex"],
            files=tuple(_file(folder / name, rows.get(name)) for name in names),
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise _damaged(folder) from error


def read_description(folder: Path) -> dict[str, Any]:
    """Return the data package of a release. Raises StoreError when it cannot be read."""
    try:
        found = json.loads((folder / PACKAGE).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise _damaged(folder) from error
    if not isinstance(found, dict):
        raise _damaged(folder)
    return found


def _damaged(folder: Path) -> StoreError:
    return StoreError(f"The release in {folder} cannot be read: {PACKAGE} is damaged.")


def _is_plain(folder: Path, name: Any) -> bool:
    """Return whether a name is that of a file right in the folder, whatever a description says."""
    return isinstance(name, str) and Path(name).name == name and (folder / name).is_file()


def _file(path: Path, rows: int | None) -> ReleaseFile:
    state = path.stat()
    digits = _sha256(path, state.st_mtime_ns, state.st_size)
    return ReleaseFile(name=path.name, size=state.st_size, rows=rows, sha256=digits)


@lru_cache(maxsize=256)
def _sha256(path: Path, changed: int, size: int) -> str:  # noqa: ARG001 they tell a file that was replaced
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
