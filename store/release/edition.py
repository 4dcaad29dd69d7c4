"""Which data a release is made of, and what was chosen from it: said in every file and in its citation."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from sqlite_utils import Database

from store.filters import EVERYTHING, Filters
from store.sources import SourceError, load_sources

Shape = Literal["long", "wide"]
Conflicts = Literal["refuse", "leave-empty", "mark"]

TITLE = "Figures reported by Vietnamese provincial newspapers and portals"

_NOT_CHOOSING = ("sort", "descending")
_LEFT_OUT = (
    frozenset(  # of the digits: what follows from other columns; an id tells address, sentence and surface
        (
            *(
                "number",
                "value",
                "value_max",
                "denominator",
                "surface",
                "sentence",
                "sentence_start",
                "sentence_end",
            ),
            *("start", "end", "rules", "indicator_key", "indicator_folded", "place_folded", "period_start"),
            *("period_end", "source", "published_on", "observation_key", "text", "page_starts", "text_hash"),
        )
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What is taken from the database, and in which shape."""

    filters: Filters = field(default_factory=Filters)
    shape: Shape = "long"
    harmonise: bool = False  # to the 34 provinces
    conflicts: Conflicts = "refuse"  # in the wide table
    address: str | None = None  # that gives the same choice again, of the app that made it


@dataclass(frozen=True, slots=True, kw_only=True)
class Publisher:
    """A newspaper or portal whose articles are in the release."""

    id: str
    name: str
    address: str | None  # of its front page; None where it is not declared
    invented: bool  # a paper of the sample site


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """The state of the database that a release shows."""

    version: str  # 2026.5.31+1a2b3c4d: day of the build, and digits that change with any figure or article
    built_at: str | None  # ISO date and time; None for a database that no build has finished
    made_by: Mapping[str, str]  # versions of cleaner, extractor with its rules, and merging
    publishers: tuple[Publisher, ...]
    newest: str | None  # day of the newest article


def edition(db: Database, condition: str, values: Mapping[str, Any]) -> Edition:
    """Return the state of the database, with the publishers of the figures that match a condition.

    Every figure and article is read once for the digits of the version. Raises StoreError.
    """
    meta = dict(db.execute("SELECT key, value FROM meta").fetchall())
    built_at = meta.get("built_at")
    year, month, day = (int(part) for part in (built_at or "0000-00-00")[:10].split("-"))
    chosen = "SELECT DISTINCT source FROM articles"
    if condition != EVERYTHING:
        chosen += f" WHERE id IN (SELECT article_id FROM figures WHERE {condition})"
    ids = sorted(row[0] for row in db.execute(chosen, dict(values)) if row[0] is not None)
    return Edition(
        version=f"{year}.{month}.{day}+{_fingerprint(db)}",
        built_at=built_at,
        made_by={
            name: meta[name] for name in ("cleaner_version", "extractor_version", "merged_by") if name in meta
        },
        publishers=tuple(_publishers(ids)),
        newest=db.execute("SELECT max(published_on) FROM articles").fetchone()[0],
    )


def told_filters(filters: Filters) -> dict[str, Any]:
    """Return the filters that choose something, values in one order whatever the order they came in."""
    return {
        name: sorted(set(value)) if isinstance(value, tuple) else value
        for name, value in asdict(filters).items()
        if name not in _NOT_CHOOSING and value != getattr(Filters(), name)
    }


def suffix(filters: Filters) -> str:
    """Return what file names say of the filters: "" without any, else "-filtered-" and 8 digits of them."""
    told = told_filters(filters)
    if not told:
        return ""
    return "-filtered-" + hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()[:8]


def _fingerprint(db: Database) -> str:
    """Return 8 hex digits that depend on the rows there are and not on their order."""
    total = 0
    for table in ("figures", "articles"):
        names = [
            f'"{row[1]}"' for row in db.execute(f"PRAGMA table_info({table})") if row[1] not in _LEFT_OUT
        ]
        for row in db.execute(f"SELECT {', '.join(names)} FROM {table}"):
            total += int.from_bytes(hashlib.blake2b(repr(row).encode(), digest_size=8).digest())
    return f"{total % 2**32:08x}"


def _publishers(ids: list[str]) -> list[Publisher]:
    try:
        declared = load_sources()
    except SourceError:
        declared = {}
    found = []
    for name in ids:
        source = declared.get(name)
        address = f"https://{source.hosts[0]}/" if source and source.kind != "sample" else None
        found.append(
            Publisher(
                id=name,
                name=source.name if source else name,
                address=address,
                invented=source is not None and source.kind == "sample",
            )
        )
    return found
