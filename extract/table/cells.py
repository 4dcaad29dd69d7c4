"""Table figures: one for every numeric cell, with what the headings of its row and column say of it.

A table's rows are no sentences. `set_aside` takes their numbers from the steps that read prose, and `read`
adds the figures of the cells, in text order, once those steps are done.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from extract.analysis import Analysis, Guarded, Link, Quantity, Sentence
from extract.phrase import catalogue
from extract.place.scene import Scene
from extract.table.cell_numbers import content_of
from extract.table.cell_periods import periods
from extract.table.cell_places import place_of, ranked_among, setting
from extract.table.cell_values import base_of, comparisons, with_unit
from extract.table.cell_words import indicator_of, negation_of, status_of
from extract.table.sheets import Sheet, read_sheet
from extract.table.table_captions import captions_of, unit_lines
from extract.text import fold
from extract.time.readings import published_on
from store.records import Table

Span = tuple[int, int]

_LONG, _LONG_WORDS = 60, 10  # characters and blanks above which a cell tells something in prose


@dataclass(frozen=True, slots=True)
class Read:
    """A quantity with its links."""

    quantity: Quantity
    indicator: Link
    indicator_id: str | None
    base: Link
    place: Link
    locality: Link
    period: Link
    status: Link
    negation: Link
    restates: int | None  # start of the quantity that is said again


def set_aside(analysis: Analysis) -> Analysis:
    """Return the analysis without quantities of tables, each table row one sentence.

    What a cell tells in prose stays, as sentences of its own. The unit of a table's numbers ("ĐVT: 1.000
    đồng") is no quantity.
    """
    tables = analysis.article.tables
    if not tables:
        return analysis
    told = [span for table in tables for span in _prose_cells(table)]
    spans = [(table.start, table.end) for table in tables]
    spans = sorted(
        {*spans, *(s for table in tables for s in unit_lines(analysis.article, analysis.text, table))}
    )
    kept = tuple(
        quantity
        for quantity in analysis.quantities
        if _inside(quantity.start, told) or not _inside(quantity.start, spans)
    )
    return replace(analysis, quantities=kept, sentences=tuple(_rows(analysis.sentences, told)))


def _prose_cells(table: Table) -> Iterator[Span]:
    """Yield the cells that hold sentences, of the rows that have nothing but them and their names."""
    rows = groupby((cell for cell in table.cells if cell.start >= 0), key=lambda cell: cell.row)
    for _, row in rows:
        cells = list(row)
        long = [cell for cell in cells if len(cell.text) > _LONG and cell.text.count(" ") >= _LONG_WORDS]
        if not any(content_of(fold(cell.text), "vietnamese") == "number" for cell in cells[1:]):
            yield from ((cell.start, cell.end) for cell in long)


def _inside(offset: int, spans: Sequence[Span]) -> bool:
    """Say whether one of the spans, which are in order and apart, holds the offset."""
    place = bisect_left(spans, (offset + 1, 0))
    return place > 0 and offset < spans[place - 1][1]


def _rows(sentences: Iterable[Sentence], told: Sequence[Span]) -> Iterator[Sentence]:
    """Yield the sentences with those of a table's row joined, cells of prose left out and on their own."""
    for (_, zone), group in groupby(sentences, key=lambda sentence: (sentence.paragraph, sentence.zone)):
        parts = list(group)
        if zone != "table":
            yield from parts
            continue
        position, end = parts[0].start, parts[-1].end
        for start, stop in told[bisect_left(told, (position, 0)) : bisect_left(told, (end, 0))]:
            if position < start:
                yield replace(parts[0], start=position, end=start)
            for part in parts:
                if max(part.start, start) < min(part.end, stop):
                    yield replace(part, start=max(part.start, start), end=min(part.end, stop), zone="body")
            position = stop
        if position < end:
            yield replace(parts[0], start=position, end=end)


def read(analysis: Analysis) -> Analysis:
    """Return the analysis with the figures of its tables' cells among those of its prose, in text order."""
    if not analysis.article.tables:
        return analysis
    scene = Scene(analysis)
    found: list[Read] = []
    before: _Sheet | None = None
    for table in analysis.article.tables:
        before = _read_table(analysis, table, before if _goes_on(before, table) else None)
        found += _figures(analysis, scene, before)
    return _merged(analysis, found)


@dataclass(frozen=True, slots=True)
class _Sheet:
    """A table with what was read of it and the lines that head it."""

    table: Table
    sheet: Sheet
    captions: tuple[str, ...]


def _goes_on(before: _Sheet | None, table: Table) -> bool:
    """Say whether a table may go on with the one before it: on the next page of a PDF."""
    if before is None or before.table.page_number is None or table.page_number is None:
        return False
    return table.page_number - before.table.page_number <= 1


def _read_table(analysis: Analysis, table: Table, before: _Sheet | None) -> _Sheet:
    sheet = read_sheet(table, analysis.text, before.sheet if before else None)
    captions = captions_of(analysis.article, analysis.text, table, sheet)
    if before is not None and sheet.headings == before.sheet.headings:
        captions = (*captions, *before.captions)
    return _Sheet(table, sheet, captions)


def _figures(analysis: Analysis, scene: Scene, read: _Sheet) -> Iterator[Read]:
    """Yield the figures of one table; none for a table without numbers under headings."""
    sheet, captions = read.sheet, read.captions
    compared = comparisons(sheet)
    # "Mục tiêu đến năm 2030" over the rows' names is said of all figures, but names none of them.
    over = (*((sheet.label_heading,) if sheet.label_heading else ()), *captions)
    where = setting(sheet, captions, scene)
    when = periods(sheet, compared, over, published_on(analysis.article.published))
    for entry, period in zip(sheet.entries, when, strict=True):
        placed = place_of(entry, where)
        status = status_of(entry, over, period, analysis.article.published)
        indicator = indicator_of(entry, captions, placed.headings)
        for number, raw in enumerate(entry.quantities):
            comparison = compared.get(entry.cell.column) if number == 0 else None
            quantity = ranked_among(with_unit(raw, entry, comparison, over), where, placed)
            yield Read(
                quantity,
                indicator,
                catalogue.indicator_id(indicator.value or "", quantity),
                base_of(quantity, comparison),
                placed.place,
                placed.locality,
                period,
                status,
                negation_of(indicator.value or ""),
                entry.quantities[0].start if number else None,
            )


def _of_prose(analysis: Analysis, number: int) -> Read:
    again = analysis.restates[number]
    return Read(
        analysis.quantities[number],
        analysis.indicators[number],
        analysis.indicator_ids[number],
        analysis.bases[number],
        analysis.places[number],
        analysis.localities[number],
        analysis.periods[number],
        analysis.statuses[number],
        analysis.negations[number],
        None if again is None else analysis.quantities[again].start,
    )


def _merged(analysis: Analysis, cells: list[Read]) -> Analysis:
    """Return the analysis with the figures of cells in their places; what is said again keeps its index."""
    prose = [_of_prose(analysis, number) for number in range(len(analysis.quantities))]
    every = sorted([*prose, *cells], key=lambda each: each.quantity.start)
    index = {each.quantity.start: number for number, each in enumerate(every)}
    return replace(
        analysis,
        quantities=tuple(each.quantity for each in every),
        indicators=tuple(each.indicator for each in every),
        indicator_ids=tuple(each.indicator_id for each in every),
        bases=tuple(each.base for each in every),
        places=tuple(each.place for each in every),
        localities=tuple(each.locality for each in every),
        periods=tuple(each.period for each in every),
        statuses=tuple(each.status for each in every),
        negations=tuple(each.negation for each in every),
        restates=tuple(None if each.restates is None else index[each.restates] for each in every),
        guarded=_guarded(analysis, [each.quantity for each in cells]),
    )


def _guarded(analysis: Analysis, quantities: list[Quantity]) -> tuple[Guarded, ...]:
    """Return the numbers that measure nothing in prose and are no figures of a cell either."""
    figures = [(quantity.start, quantity.end) for quantity in quantities]

    def is_figure(start: int, end: int) -> bool:
        place = bisect_left(figures, (end, 0))
        return place > 0 and figures[place - 1][1] > start

    return tuple(stretch for stretch in analysis.guarded if not is_figure(stretch.start, stretch.end))
