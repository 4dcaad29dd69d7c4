"""Which edition of the word lists, rules and models made a figure: they change without the program."""

from __future__ import annotations

import hashlib
from pathlib import Path

DATA = Path(__file__).resolve().parent.parent / "data"

_KINDS = (".csv", ".json", ".toml")
_NOT_RULES = {
    "columns.toml",
    "labels.toml",
    "merging.toml",
    "sources",
    "sample_site",
}  # read by other parts


def ruleset(folder: Path = DATA) -> str:
    """Return 8 hex digits that change whenever a data file that cleaning or extraction may read changes."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        within = path.relative_to(folder)
        if path.suffix in _KINDS and within.parts[0] not in _NOT_RULES:
            digest.update(within.as_posix().encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:8]
