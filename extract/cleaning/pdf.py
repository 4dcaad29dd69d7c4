"""PDF reports: text by pdfium, tables with ruled lines by pdfplumber, both in reading order."""

from __future__ import annotations

import io
import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import pdfplumber
import pypdfium2
import regex
from pypdfium2 import raw

from extract.cleaning.decode import plausible
from extract.cleaning.markup import one_line
from extract.cleaning.paragraphs import full_width, goes_on, join_lines, without_running_lines
from extract.cleaning.report_pages import Pages
from extract.cleaning.tables import Grid, GridCell, grid_of_places
from extract.errors import CleanError

logging.getLogger("pdfminer").setLevel(logging.ERROR)  # it warns of every odd font
MAX_PAGES = 500
_MIN_TEXT = 20  # characters a page, on average; scanned pages have none
_RULES = 6  # drawn paths; fewer make no table
_CONTROLS = regex.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class _Band:
    """A table of a page with the height where it begins and ends, counted from the top."""

    top: float
    bottom: float
    grid: Grid


def read_pdf(body: bytes) -> Pages:
    """Return the paragraphs and tables of a PDF.

    Raises CleanError for one that is broken, locked, too long, only images, or in an unknown font encoding.
    """
    try:
        document = pypdfium2.PdfDocument(body)
    except pypdfium2.PdfiumError as problem:
        locked = "password" in str(problem).lower() or "security" in str(problem).lower()
        raise CleanError("the PDF is locked by a password" if locked else "the PDF is broken") from None
    try:
        if len(document) > MAX_PAGES:
            raise CleanError(f"the PDF has {len(document)} pages, more than the {MAX_PAGES} that are read")
        pages = [_read_page(document, number, body) for number in range(len(document))]
        _require_text(
            pages,
            images=any(_count(document, number, raw.FPDF_PAGEOBJ_IMAGE) for number in range(len(document))),
        )
    except pypdfium2.PdfiumError:
        raise CleanError("the PDF is broken") from None
    finally:
        document.close()
    return _assemble(pages)


def _read_page(document: Any, number: int, body: bytes) -> list[list[str] | Grid]:
    """Return the runs of text lines of a page and the tables between them, from top to bottom."""
    page = document[number]
    width, height = page.get_size()
    text = page.get_textpage()
    bands = _tables(body, number) if _count(document, number, raw.FPDF_PAGEOBJ_PATH) >= _RULES else []
    found: list[list[str] | Grid] = []
    top = 0.0
    for band in bands:
        found += [_lines(text.get_text_bounded(0, height - band.top, width, height - top)), band.grid]
        top = band.bottom
    found.append(
        _lines(text.get_text_bounded(0, 0, width, height - top) if bands else text.get_text_bounded())
    )
    return found


def _lines(text: str) -> list[str]:
    text = text.replace("\r\n", "\n").replace("\ufffe\n", "").replace("\r", "\n")
    return [one_line(_CONTROLS.sub("", line)) for line in text.split("\n")]


def _count(document: Any, number: int, kind: int) -> int:
    return sum(1 for _ in document[number].get_objects(filter=[kind], max_depth=3))


def _tables(body: bytes, number: int) -> list[_Band]:
    """Return the ruled tables of a page, from the top; [] where pdfplumber cannot read the page."""
    try:
        with pdfplumber.open(io.BytesIO(body), pages=[number + 1]) as document:
            found = [_band(table, number) for table in document.pages[0].find_tables()]
    except Exception:  # pdfminer raises whatever its parser stumbles over; the text is read without it
        return []
    bands: list[_Band] = []
    for band in sorted((band for band in found if band is not None), key=lambda band: band.top):
        if not bands or band.top >= bands[-1].bottom - 2:
            bands.append(band)
    return bands


def _band(table: Any, number: int) -> _Band | None:
    rows = table.extract()
    boxes = [row.cells for row in table.rows]
    places = {
        (row, column): GridCell(one_line(text or ""))
        for row, texts in enumerate(rows)
        for column, text in enumerate(texts)
        if boxes[row][column] is not None
    }
    grid = grid_of_places(places)
    if grid is None or len(grid.rows) < 2 or len(grid.rows[0]) < 2:
        return None
    _, top, _, bottom = table.bbox
    return _Band(top, bottom, replace(grid, page_number=number + 1))


def _require_text(pages: Sequence[list[list[str] | Grid]], *, images: bool) -> None:
    text = " ".join(line for page in pages for run in page if isinstance(run, list) for line in run)
    tables = any(isinstance(run, Grid) for page in pages for run in page)
    if len(text.strip()) < _MIN_TEXT * len(pages) and not tables:
        if images:
            raise CleanError("the PDF holds only images of its pages: their text was not recognised")
        if not text.strip():
            raise CleanError("the PDF has no text")
    if not plausible(text):
        raise CleanError("the PDF's fonts do not say which letters they show (TCVN3 or VNI fonts?)")


def _assemble(pages: Sequence[list[list[str] | Grid]]) -> Pages:
    """Join the lines of all pages to paragraphs, also over the end of a page."""
    edges = without_running_lines(
        [[line for run in page if isinstance(run, list) for line in run if line] for page in pages]
    )
    width = full_width([line for lines in edges for line in lines])
    parts: list[str | Grid] = []
    starts: list[tuple[int, int]] = []
    for page, kept in zip(pages, edges, strict=True):
        new: list[str | Grid] = []
        for run in page:
            if isinstance(run, Grid):
                new.append(run)
            else:
                new += join_lines(_kept(run, kept), width)
        first, last = (new[0] if new else None), (parts[-1] if parts else None)
        if isinstance(first, str) and isinstance(last, str) and goes_on(last, first):
            parts[-1] = f"{last} {first}"
            starts.append((len(parts) - 1, len(last) + 1))
            new = new[1:]
        else:
            starts.append((len(parts), 0))
        parts += new
    return Pages(tuple(parts), tuple(starts))


def _kept(run: list[str], kept: list[str]) -> list[str]:
    """Return the lines of `run` that are still in `kept`, its empty lines with them."""
    remaining = set(kept)
    return [line for line in run if not line or line in remaining]
