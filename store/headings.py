"""Under which headings the cells of tables stand that figures were read from."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from sqlite_utils import Database

from store.database import database_path
from store.errors import explained

_BETWEEN = " › "


def cell_headings(db: Database, figure_ids: Sequence[str]) -> dict[str, str]:
    """Return the heading of the column of each of these figures that stands in the cell of a table.

    Headings above one another are joined by " › ". Figures of prose, and of columns without one, are absent.
    """
    sql = """
        SELECT figures.id, figures.start, cells FROM figures JOIN article_tables AS tables
            ON tables.article_id = figures.article_id AND figures.start BETWEEN tables.start AND tables."end"
        WHERE figures.id IN (SELECT value FROM json_each(?))
    """
    with explained(database_path(db)):
        rows = db.execute(sql, [json.dumps(list(figure_ids))]).fetchall()
    found = {figure: _heading(json.loads(cells), start) for figure, start, cells in rows}
    return {figure: heading for figure, heading in found.items() if heading}


def _heading(cells: Sequence[Sequence[Any]], at: int) -> str:
    """Return the heading of the cell that the character `at` stands in; "" where there is none.

    A cell is a list of row, column, text, start, end and whether it is a heading.
    """
    column = next((cell[1] for cell in cells if cell[3] <= at < cell[4]), None)
    above = dict.fromkeys(cell[2] for cell in cells if cell[1] == column and cell[5] and cell[4] <= at)
    return _BETWEEN.join(above)
