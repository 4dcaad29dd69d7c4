"""What a release says about itself: README.md, and the table "about" of the files that stand alone."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, StrictUndefined, Template

from store.citation import citation
from store.columns import columns
from store.datapackage import RIGHTS
from store.release.edition import TITLE, Choice, Edition, told_filters
from store.release.tables import Table, Values

_TEMPLATE = Path(__file__).resolve().parents[2] / "data" / "release" / "README.md.j2"
_TEXT = ("id", "text", "list", "date", "datetime")


def readme(
    edition: Edition,
    choice: Choice,
    counts: Mapping[str, int],
    notes: Sequence[str],
    files: Sequence[str],
    example: tuple[Table, str],
) -> str:
    """Return README.md; `example` is the table and the CSV file that the snippets read."""
    table, file = example
    text = [column.name for column in table.columns if column.type in _TEXT]
    places = [number for number, column in enumerate(table.columns, start=1) if column.type in _TEXT]
    return _template().render(
        title=TITLE,
        edition=edition,
        choice=choice,
        counts=counts,
        notes=notes,
        files=files,
        address=choice.address and _told(choice.address),
        filters={name: _told(value) for name, value in told_filters(choice.filters).items()},
        invented=[publisher.name for publisher in edition.publishers if publisher.invented],
        reviewed=any(column.name == "review_status" for column in columns()["figures"]),
        citation=citation(edition, choice),
        rights=RIGHTS,
        example=table.name,
        example_file=file,
        text_columns=f"dict.fromkeys({text!r}, str)".replace("'", '"'),
        r_columns=", ".join(f'{name} = "character"' for name in text),
        stata_columns=" ".join(map(str, places)),
    )


def about(
    edition: Edition, choice: Choice, counts: Mapping[str, int], notes: Sequence[str]
) -> tuple[Table, list[Values]]:
    """Return the table "about" and its rows: name and value of what a reader must know."""
    return Table(name="about", columns=columns()["about"]), list(_about(edition, choice, counts, notes))


def _about(
    edition: Edition, choice: Choice, counts: Mapping[str, int], notes: Sequence[str]
) -> Iterator[Values]:
    yield "title", TITLE
    yield "citation", citation(edition, choice)
    yield "release", edition.version
    yield "built_at", edition.built_at
    yield "newest_article", edition.newest
    yield from edition.made_by.items()
    yield "shape", choice.shape
    for name, value in told_filters(choice.filters).items():
        yield f"filter {name}", json.dumps(value, ensure_ascii=False)
    if choice.address:
        yield "address", choice.address
    for name, rows in counts.items():
        yield f"rows of {name}", str(rows)
    for note in notes:
        yield "note", note
    for publisher in edition.publishers:
        yield "publisher", f"{publisher.name} (invented)" if publisher.invented else publisher.name
    yield "rights", RIGHTS
    yield "licence of codes, names and definitions", "Apache-2.0"


def _told(value: Any) -> str:
    words = json.dumps(value, ensure_ascii=False).replace("`", "'")
    return f"`{words}`"


@cache
def _template() -> Template:
    environment = Environment(  # noqa: S701 - Markdown, read by people as text
        undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True
    )
    return environment.from_string(_TEMPLATE.read_text(encoding="utf-8"))
