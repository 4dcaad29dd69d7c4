"""How the commands show what they found: tables, JSON lines, progress bars."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any

import click
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.markup import escape
from rich.progress import Progress
from rich.table import Table

_STEERING = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]")  # control characters but line feeds

console = Console()
notes = Console(stderr=True)


@contextmanager
def progress_bar(label: str) -> Iterator[Callable[[int, int | None], None]]:
    """Yield a function that takes how many are done of how many; drawn where standard error is a terminal."""
    with Progress(console=notes, transient=True, disable=not notes.is_terminal) as bar:
        task = bar.add_task(label, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def show(
    rows: Iterable[Any], title: str, *, as_json: bool = False, columns: tuple[str, ...] | None = None
) -> None:
    """Print records as a table, or as one JSON object a line."""
    records = [row if isinstance(row, Mapping) else asdict(row) for row in rows]
    if as_json:
        for record in records:
            click.echo(json.dumps(record, ensure_ascii=False, default=str))
        return
    names = columns or [
        name for name, value in (records or [{}])[0].items() if not isinstance(value, Mapping)
    ]
    table = Table(title=title, title_justify="left", box=SIMPLE_HEAD)
    for name in names:
        table.add_column(name.replace("_", " "), overflow="fold")
    for record in records:
        table.add_row(*("" if record[name] is None else escape(_shown(str(record[name]))) for name in names))
    console.print(table)


def _shown(text: str) -> str:
    """Return text in which nothing steers the terminal: what was scraped may hold escape sequences."""
    return _STEERING.sub("\ufffd", text)
