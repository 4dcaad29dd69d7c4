"""Table figures: one for every numeric cell, with what the headings of its row and column say of it.

A table's rows are no sentences. `set_aside` takes their numbers from the steps that read prose, and `read`
adds the figures of the cells, in text order, once those steps are done.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import groupby

from extract import catalogue
from extract.analysis import Analysis, Guarded, Link, Quantity, Sentence
from extract.cell_periods import periods
from extract.cell_places import place_of, setting
from extract.cell_values import base_of, comparisons, with_unit
from extract.cell_words import indicator_of, negation_of, status_of
from extract.readings import published_on
from extract.scene import Scene
from extract.sheets import read_sheet
from extract.table_captions import captions_of, unit_lines
from store.records import Table


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
    """Return the analysis without quantities inside tables, each table row one sentence.

    Nor is the unit of a table's numbers ("ĐVT: 1.000 đồng") a quantity.
    """
    tables = analysis.article.tables
    if not tables:
        return analysis
    spans = [(table.start, table.end) for table in tables]
    spans += [span for table in tables for span in unit_lines(analysis.article, analysis.text, table)]
    kept = tuple(q for q in analysis.quantities if not any(s <= q.start < e for s, e in spans))
    return replace(analysis, quantities=kept, sentences=tuple(_rows(analysis.sentences)))


def _rows(sentences: Iterable[Sentence]) -> Iterator[Sentence]:
    for (_, zone), group in groupby(sentences, key=lambda sentence: (sentence.paragraph, sentence.zone)):
        parts = list(group)
        if zone == "table":
            yield replace(parts[0], end=parts[-1].end)
        else:
            yield from parts


def read(analysis: Analysis) -> Analysis:
    """Return the analysis with the figures of its tables' cells among those of its prose, in text order."""
    if not analysis.article.tables:
        return analysis
    scene = Scene(analysis)
    found = [each for table in analysis.article.tables for each in _of_table(analysis, scene, table)]
    return _merged(analysis, found)


def _of_table(analysis: Analysis, scene: Scene, table: Table) -> Iterator[Read]:
    """Yield the figures of one table; none for a table without numbers under headings."""
    sheet = read_sheet(table, analysis.text)
    if not sheet.entries:
        return
    captions = captions_of(analysis.article, analysis.text, table, sheet)
    compared = comparisons(sheet)
    where = setting(sheet, captions, scene)
    when = periods(sheet, compared, captions, published_on(analysis.article.published))
    for entry, period in zip(sheet.entries, when, strict=True):
        placed = place_of(entry, where)
        status = status_of(entry, captions, period, analysis.article.published)
        for number, raw in enumerate(entry.quantities):
            comparison = compared.get(entry.cell.column) if number == 0 else None
            quantity = with_unit(raw, entry, comparison, captions)
            indicator = indicator_of(entry, captions, placed.headings)
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
