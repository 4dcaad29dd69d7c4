"""Small tables as HTML: read by screen readers, scrolled on a phone, every cell escaped."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

import streamlit as st


def show_rows(
    caption: str, header: Sequence[str], rows: Iterable[Sequence[str]], *, numbers: int = 1
) -> None:
    """Draw a table whose first columns are words and whose columns from `numbers` on are numbers.

    The first cell of a row is its heading; `caption` names the table for those who do not see it.
    """
    st.html(rows_html(caption, header, rows, numbers=numbers))


def rows_html(caption: str, header: Sequence[str], rows: Iterable[Sequence[str]], *, numbers: int = 1) -> str:
    """Return the table as safe HTML."""
    heads = "".join(
        f'<th scope="col"{_side(place, numbers)}>{escape(name)}</th>' for place, name in enumerate(header)
    )
    body = "".join(_row(row, numbers) for row in rows)
    return (
        f'<div class="rows" role="region" tabindex="0" aria-label="{escape(caption)}"><table>'
        f"<caption>{escape(caption)}</caption><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _row(cells: Sequence[str], numbers: int) -> str:
    first, *others = cells
    rest = "".join(
        f"<td{_side(place, numbers)}>{escape(cell)}</td>" for place, cell in enumerate(others, start=1)
    )
    return f'<tr><th scope="row">{escape(first)}</th>{rest}</tr>'


def _side(place: int, numbers: int) -> str:
    return ' class="number"' if place >= numbers else ""
