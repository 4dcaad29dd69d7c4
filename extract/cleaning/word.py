"""Word documents (.docx): paragraphs and tables in the order of the text."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import docx
from lxml import etree

from extract.cleaning.markup import one_line
from extract.cleaning.tables import MAX_CELLS, Grid, GridCell, grid_of_places, is_data
from extract.errors import CleanError

_MAX_UNPACKED = 200 * 1024 * 1024  # bytes of all members; a small file can unpack to gigabytes


def read_word(body: bytes) -> list[str | Grid]:
    """Return the paragraphs and tables of a .docx file; a table that only lays out the page as paragraphs.

    Raises CleanError for a broken file, one of another Office program, and one without text.
    """
    if body.startswith(b"\xd0\xcf\x11\xe0"):
        raise CleanError("an old Word or Office file: save it as .docx")
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            members = archive.infolist()
        if not any(member.filename == "word/document.xml" for member in members):
            raise CleanError("a ZIP or Office file that is not a .docx document")
        if sum(member.file_size for member in members) > _MAX_UNPACKED:
            raise CleanError("the Word file unpacks to too many bytes")
        document = docx.Document(io.BytesIO(body))
        parts = [part for block in document.iter_inner_content() for part in _parts(block)]
    except (
        zipfile.BadZipFile,
        etree.XMLSyntaxError,
        KeyError,
        ValueError,
        EOFError,
        NotImplementedError,
    ) as problem:
        if isinstance(problem, CleanError):
            raise
        raise CleanError("the Word file is broken") from None
    if not parts:
        raise CleanError("the Word file has no text")
    return parts


def _parts(block: Any) -> list[str | Grid]:
    if hasattr(block, "rows"):
        return _table(block)
    return [text for line in block.text.split("\n") if (text := one_line(line))]


def _table(table: Any) -> list[str | Grid]:
    places: dict[tuple[int, int], GridCell] = {}
    seen: set[Any] = set()
    for number, row in enumerate(table.rows):
        for column, cell in enumerate(row.cells, start=row.grid_cols_before):
            text = one_line(cell.text.replace("\n", " "))
            places[number, column] = GridCell(text, origin=cell._tc not in seen)
            seen.add(cell._tc)
        if len(places) > MAX_CELLS:
            raise CleanError("a table of the Word file has too many cells")
    grid = grid_of_places(places)
    if grid is not None and is_data(grid):
        return [grid]
    return [cell.text for place in sorted(places) if (cell := places[place]).origin and cell.text]
