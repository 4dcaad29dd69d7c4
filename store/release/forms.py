"""The forms of files: for each, what begins a table and gives a function that writes its rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from functools import partial
from pathlib import Path
from types import MappingProxyType

from store.citation import citation
from store.release.edition import TITLE, Choice, Edition, suffix
from store.release.stream import Form, header, lines
from store.release.tables import Table, Values

Sink = Callable[[Sequence[Values]], None]
Begin = Callable[[Table], Sink]

FORMATS = ("csv", "excel", "xlsx", "parquet", "ndjson", "sqlite", "package")
TOGETHER = MappingProxyType(
    {"xlsx": ".xlsx", "sqlite": ".sqlite", "package": ".zip"}
)  # all tables in one file

_ENDS = {"csv": ".csv", "excel": "-excel.csv", "parquet": ".parquet", "ndjson": ".ndjson"}


def file_name(table: Table, form: str, choice: Choice) -> str:
    """Return the name of the file that holds a table in a form."""
    if form in TOGETHER:
        return f"chiso{suffix(choice.filters)}{TOGETHER[form]}"
    return f"{table.name}{suffix(choice.filters)}{_ENDS[form]}"


@contextmanager
def open_forms(
    folder: Path, formats: Sequence[str], edition: Edition, choice: Choice
) -> Iterator[tuple[Begin, Begin]]:
    """Give two functions that begin a table: one in all forms, one where all share a file."""
    with ExitStack() as stack:
        opened = {
            form: stack.enter_context(_OPENERS[form](folder, edition, choice))
            for form in formats
            if form in _OPENERS
        }
        together = [begin for form, begin in opened.items() if form in TOGETHER]
        yield partial(_begin_all, list(opened.values())), partial(_begin_all, together)


def _begin_all(forms: Sequence[Begin], table: Table) -> Sink:
    sinks = [begin(table) for begin in forms]

    def write(rows: Sequence[Values]) -> None:
        for sink in sinks:
            sink(rows)

    return write


@contextmanager
def _lines_form(form: Form, folder: Path, _: Edition, choice: Choice) -> Iterator[Begin]:
    with ExitStack() as stack:

        def begin(table: Table) -> Sink:
            file = stack.enter_context((folder / file_name(table, form, choice)).open("wb"))
            file.write(header(table.columns, form))
            return lambda rows: file.writelines(lines(table.columns, rows, form))

        yield begin


@contextmanager
def _parquet(folder: Path, edition: Edition, choice: Choice) -> Iterator[Begin]:
    from store.release.parquet_form import parquet_file

    told = {"title": TITLE, "version": edition.version, "citation": citation(edition, choice)}
    with ExitStack() as stack:
        yield lambda table: stack.enter_context(
            parquet_file(folder / file_name(table, "parquet", choice), table, told)
        )


@contextmanager
def _xlsx(folder: Path, edition: Edition, choice: Choice) -> Iterator[Begin]:
    from store.release.xlsx_form import workbook

    with workbook(folder / f"chiso{suffix(choice.filters)}.xlsx", TITLE, edition.built_at) as begin:
        yield begin


@contextmanager
def _sqlite(folder: Path, _: Edition, choice: Choice) -> Iterator[Begin]:
    from store.release.sqlite_form import sqlite_file

    with sqlite_file(folder / f"chiso{suffix(choice.filters)}.sqlite") as begin:
        yield begin


_OPENERS: Mapping[str, Callable[[Path, Edition, Choice], AbstractContextManager[Begin]]] = {
    "csv": partial(_lines_form, "csv"),
    "excel": partial(_lines_form, "excel"),
    "ndjson": partial(_lines_form, "ndjson"),
    "parquet": _parquet,
    "xlsx": _xlsx,
    "sqlite": _sqlite,
}
