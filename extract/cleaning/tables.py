"""Tables of a page: their cells read with merged ones spread out, and rendered as lines of text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import regex
from lxml.html import HtmlElement

from extract.cleaning.markup import MARKS, one_line, remove, text_of
from store.records import Cell, Table

MAX_CELLS = 20_000
_MAX_SPAN = 200
_LINK_LIST = 0.8  # share of linked text from which a table lists other articles
_LONGEST_CELL = 600  # characters; longer ones are paragraphs in a layout table
_MARK = regex.compile(f"{MARKS[0]}(\\d{{1,4}}){MARKS[1]}")
_NUMBER = regex.compile(r"[^\p{L}\d]*+\d[^\p{L}]*+(?:tỷ|tỉ|triệu|ha|tấn|km|m²|m³)?+[^\p{L}]*+")


@dataclass(frozen=True, slots=True)
class GridCell:
    """One place of a grid; `origin` is False where a merged cell is repeated."""

    text: str
    header: bool = False
    origin: bool = True


@dataclass(frozen=True, slots=True)
class Grid:
    """A table as rows of equal length."""

    rows: tuple[tuple[GridCell, ...], ...]
    caption: str | None = None
    page_number: int | None = None


def take_tables(root: HtmlElement) -> list[Grid]:
    """Return the data tables under `root`, each replaced there by a marked paragraph of its text.

    The paragraph keeps the table's place and weight while the main text is being found. Tables that only lay
    out the page, and pictures made as tables, become plain blocks; lists of links go.
    """
    grids: list[Grid] = []
    # Judged before anything changes: a table that holds another is layout, even when that became a block.
    tables = [(element, element is root or _is_layout(element)) for element in root.iter("table")]
    for element, layout in reversed(tables):
        if layout and element is not root and _linked(element) > _LINK_LIST:
            remove(element)
            continue
        grid = None if layout else read_grid(element)
        if grid is not None and is_data(grid):
            grids.append(grid)
            _mark(element, len(grids) - 1, grid)
        else:
            _flatten(element)
    return grids


def table_at(line: str) -> int | None:
    """Return the index of the table whose mark begins `line`; None when it has no mark."""
    match = _MARK.match(line)
    return int(match.group(1)) if match else None


def read_grid(table: HtmlElement) -> Grid | None:
    """Return the cells of `table`, merged ones spread out; None when empty or over `MAX_CELLS`."""
    places: dict[tuple[int, int], GridCell] = {}
    rows = [row for row in table.iter("tr") if _owner(row) is table]
    for number, row in enumerate(rows):
        column = 0
        in_head = _parent_tag(row) == "thead"
        for cell in row.iterchildren("td", "th"):
            while (number, column) in places:
                column += 1
            _spread(places, cell, number, column, in_head=in_head)
            if len(places) > MAX_CELLS:
                return None
    return grid_of_places(
        {place: cell for place, cell in places.items() if place[0] < len(rows)}, _caption(table)
    )


def grid_of_places(places: dict[tuple[int, int], GridCell], caption: str | None = None) -> Grid | None:
    """Return the rectangular grid of cells given by (row, column), holes empty; None when all is empty."""
    if not any(cell.text for cell in places.values()):
        return None
    height = 1 + max(row for row, _ in places)
    width = 1 + max(column for _, column in places)
    empty = GridCell("")
    rows = [tuple(places.get((row, column), empty) for column in range(width)) for row in range(height)]
    rows = [row for row in rows if any(cell.text for cell in row)]
    kept = [column for column in range(width) if any(row[column].text for row in rows)]
    return Grid(tuple(_with_headers([tuple(row[column] for column in kept) for row in rows])), caption)


def render(grid: Grid, start: int) -> tuple[str, Table]:
    """Return the lines of `grid`, one row a line, and the Table whose offsets count from `start`.

    A merged cell is written once, where it begins; its repetitions have the offsets -1.
    """
    lines: list[str] = []
    cells: list[Cell] = []
    position = start
    for number, row in enumerate(grid.rows):
        line, row_cells = _render_row(row, number, position)
        cells += row_cells
        if line:
            lines.append(line)
            position += len(line) + 1
    text = "\n".join(lines)
    table = Table(
        start=start,
        end=start + len(text),
        cells=tuple(cells),
        caption=grid.caption,
        page_number=grid.page_number,
    )
    return text, table


def _render_row(row: Sequence[GridCell], number: int, position: int) -> tuple[str, list[Cell]]:
    """Render one row; empty cells leave their "|" so that columns stay countable, without double blanks."""
    line = ""
    cells: list[Cell] = []
    for column, cell in enumerate(row):
        if column:
            line += " |" if line else "|"
        shown = cell.text if cell.origin else ""
        start = end = -1
        if shown:
            line += " " if line else ""
            start = position + len(line)
            line += shown
            end = position + len(line)
        cells.append(
            Cell(row=number, column=column, text=cell.text, start=start, end=end, header=cell.header)
        )
    return (line if line.strip(" |") else ""), cells


def _spread(
    places: dict[tuple[int, int], GridCell], cell: HtmlElement, row: int, column: int, *, in_head: bool
) -> None:
    made = GridCell(text_of(cell).replace("|", "/"), header=in_head or cell.tag == "th")
    for down in range(_span(cell, "rowspan")):
        for right in range(_span(cell, "colspan")):
            origin = down == 0 and right == 0
            places.setdefault((row + down, column + right), made if origin else replace(made, origin=False))


def _span(cell: HtmlElement, name: str) -> int:
    value = (cell.get(name) or "1").strip()
    return min(max(int(value), 1), _MAX_SPAN) if value.isascii() and value.isdigit() and len(value) < 5 else 1


def _with_headers(rows: list[tuple[GridCell, ...]]) -> Iterator[tuple[GridCell, ...]]:
    """Mark the first row as headings where the page marks none, it holds no number and a later row does."""
    marked = any(cell.header for row in rows for cell in row)
    numbers = [sum(bool(_NUMBER.fullmatch(cell.text)) for cell in row) for row in rows]
    heads = 0
    if not marked and len(rows) > 1 and any(numbers):
        while (
            heads < len(rows)
            and not numbers[heads]
            and (heads == 0 or not all(c.origin for c in rows[heads]))
        ):
            heads += 1
    for number, row in enumerate(rows):
        yield tuple(replace(cell, header=True) for cell in row) if number < heads else row


def _has_merged(row: Sequence[GridCell]) -> bool:
    return not all(cell.origin for cell in row)


def _is_layout(table: HtmlElement) -> bool:
    """Whether `table` holds another table, a picture with its caption, or mostly links."""
    if table.find(".//table") is not None or table.get("role") == "presentation":
        return True
    return _linked(table) > 0.5 or (
        table.find(".//img") is not None and len(list(table.iter("td", "th"))) <= 4
    )


def _linked(table: HtmlElement) -> float:
    links = sum(len(text_of(link)) for link in table.iter("a") if link.get("href"))
    return links / max(len(text_of(table)), 1)


def is_data(grid: Grid) -> bool:
    """Whether `grid` is a table of short cells, and not paragraphs laid out in columns."""
    width = len(grid.rows[0]) if grid.rows else 0
    if len(grid.rows) < 2 or width < 2:
        return False
    texts = [cell.text for row in grid.rows for cell in row if cell.origin and cell.text]
    return len(texts) >= 3 and max(map(len, texts)) <= _LONGEST_CELL


def _mark(table: HtmlElement, index: int, grid: Grid) -> None:
    figure = table.getparent()
    place = figure if figure is not None and figure.tag == "figure" and _only_table(figure) else table
    mark = place.makeelement("p")
    mark.text = f"{MARKS[0]}{index}{MARKS[1]} {render(grid, 0)[0].replace(chr(10), '. ')}"
    mark.tail = place.tail
    parent = place.getparent()
    if parent is not None:
        parent.replace(place, mark)


def _only_table(figure: HtmlElement) -> bool:
    return figure.find(".//img") is None and len(list(figure.iter("table"))) == 1


def _flatten(table: HtmlElement) -> None:
    """Turn a layout table into plain blocks."""
    parts = [
        part
        for part in table.iter("thead", "tbody", "tfoot", "tr", "td", "th", "caption")
        if _owner(part) is table
    ]
    for element in (table, *parts):
        element.tag = "div"


def _owner(element: HtmlElement) -> HtmlElement | None:
    """Return the table that `element` belongs to."""
    parent = element.getparent()
    while parent is not None and parent.tag != "table":
        parent = parent.getparent()
    return parent


def _parent_tag(element: HtmlElement) -> str:
    parent = element.getparent()
    return str(parent.tag) if parent is not None else ""


def _caption(table: HtmlElement) -> str | None:
    found = table.find("caption")
    parent = table.getparent()
    if found is None and parent is not None and parent.tag == "figure":
        found = parent.find("figcaption")
    return (one_line(text_of(found)) or None) if found is not None else None
