"""How far the figures can be believed: the table of measures in the README, which is where it is kept."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_README = Path(__file__).resolve().parent.parent / "README.md"
_HEADING = "## How far it can be believed"
_MARKS = re.compile(r"[*`]")


@dataclass(frozen=True, slots=True)
class Measures:
    """The table: names of the sets, and of each row its name and what was reached on them, as written."""

    sets: tuple[str, ...]
    rows: tuple[tuple[str, tuple[str, ...]], ...]


@cache
def measures() -> Measures | None:
    """Return the measures, None where this copy of the program has no README or no such table."""
    try:
        _, _, section = _README.read_text(encoding="utf-8").partition(_HEADING)
    except OSError:
        return None
    lines = [line for line in section.partition("\n## ")[0].splitlines() if line.startswith("|")]
    header, rows = lines[:1], lines[2:]
    if not rows:
        return None
    first, *others = (_cells(line) for line in (*header, *rows))
    return Measures(sets=tuple(first[1:]), rows=tuple((name, tuple(cells)) for name, *cells in others))


def slug(name: str) -> str:
    """Return a row's or a set's name as the key of its words in data/labels.toml: "figures_found"."""
    words: Sequence[str] = re.findall(r"[a-z]+", name.partition("(")[0].partition(",")[0].lower())
    return "_".join(words)


def _cells(line: str) -> list[str]:
    return [_MARKS.sub("", cell).strip() for cell in line.strip().strip("|").split("|")]
