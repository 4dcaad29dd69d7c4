"""The browse page: filters with counts, one page of figures, the way to share and to download them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

import streamlit as st

from app_pages import data
from app_pages.address import DESCENDING, DIRECTIONS, VIEWS, Request, read_request
from app_pages.conditions import Condition, conditions
from app_pages.downloads import show_downloads
from app_pages.evidence import plain_label
from app_pages.facets import show_facets
from app_pages.figure_list import show_figures
from app_pages.figure_table import show_table
from app_pages.foot import describe_view
from app_pages.labels import label, named
from app_pages.notices import show_unknown
from app_pages.numbers import number
from app_pages.params import language, params, put, put_choice, put_filter, remember_view, show

ON_A_PAGE = {"list": 25, "table": 50}  # figures by view

_REVERSED = "~"  # behind the sort that an option goes by the other way
_SEARCH, _SORT, _VIEW, _PAGER = "widget-q", "widget-sort", "widget-view", "widget-page"


def main() -> None:
    """Draw the browse page for what the address asks."""
    lang = language()
    request = read_request(params(), data.check_filters)
    remember_view()
    chosen = conditions(request.filters, lang)
    describe_view(_words(chosen, lang))
    show_facets(request.filters, lang)
    st.title(label(lang, "page.browse"), anchor=False)
    show(_SEARCH, request.filters.query or "")
    st.text_input(
        label(lang, "browse.search"),
        key=_SEARCH,
        type="search",
        placeholder=label(lang, "overview.search_hint"),
        label_visibility="collapsed",
        on_change=put_filter,
        args=("q", _SEARCH),
    )
    show_unknown(request.unknown, lang)
    _chips(chosen, lang)
    total = data.count_figures(request.filters)
    if total:
        _results(request, total, lang)
    else:
        _empty(chosen, lang)


def _words(chosen: Sequence[Condition], lang: str) -> str:
    return ": ".join(filter(None, [label(lang, "page.browse"), ", ".join(one.text for one in chosen)]))


def _chips(chosen: Sequence[Condition], lang: str) -> None:
    if not chosen:
        return
    with st.container(horizontal=True, key="chips", gap="small"):
        for place, condition in enumerate(chosen):
            st.button(
                plain_label(condition.text),
                key=f"chip-{place}",
                icon=":material/close:",
                icon_position="right",
                help=plain_label(label(lang, "browse.remove", name=condition.text)),
                on_click=put,
                args=(condition.changes,),
            )
        st.button(
            label(lang, "browse.clear"), key="clear", type="tertiary", on_click=put, args=(_dropping(chosen),)
        )


def _dropping(chosen: Sequence[Condition]) -> Mapping[str, object]:
    """Return the changes to the address that drop every filter."""
    return dict.fromkeys(name for condition in chosen for name in condition.changes)


def _results(request: Request, total: int, lang: str) -> None:
    rows = ON_A_PAGE[request.view]
    pages = -(-total // rows)
    page = min(request.page, pages)
    offset = (page - 1) * rows
    figures = data.list_figures(request.filters, rows, offset)
    _result_bar(request, (offset + 1, offset + len(figures), total), lang)
    if request.view == "table":
        show_table(figures, lang)
    else:
        show_figures(figures, lang, key="list")
    if pages > 1:
        show(_PAGER, page)
        with st.container(horizontal_alignment="center"):
            st.pagination(pages, key=_PAGER, on_change=put_choice, args=("pg", _PAGER, 1))
    st.divider()
    show_downloads(request.filters, total, lang)


def _result_bar(request: Request, rows: tuple[int, int, int], lang: str) -> None:
    first, last, total = (number(row, lang) for row in rows)
    key = "browse.result" if rows[:2] == (1, rows[2]) else "browse.result_of"
    found = escape(label(lang, key, total=total, first=first, last=last))
    with st.container(horizontal=True, key="results", vertical_alignment="center", gap="small"):
        st.html(f'<p class="total" role="status">{found}</p>')
        sort = request.filters.sort
        show(_SORT, sort if request.filters.descending == DESCENDING[sort] else f"{sort}{_REVERSED}")
        st.selectbox(
            label(lang, "browse.sort"),
            [*DESCENDING, *(f"{sort}{_REVERSED}" for sort in DESCENDING)],
            format_func=lambda sort: named(
                lang, "reversed" if sort.endswith(_REVERSED) else "sort", sort.removesuffix(_REVERSED)
            ),
            key=_SORT,
            label_visibility="collapsed",
            width=240,
            on_change=_put_sort,
        )
        show(_VIEW, request.view)
        st.segmented_control(
            label(lang, "browse.view"),
            VIEWS,
            format_func=lambda view: label(lang, f"browse.{view}"),
            key=_VIEW,
            required=True,
            label_visibility="collapsed",
            on_change=_put_view,
        )


def _put_sort() -> None:
    """Write the order into the address, and its direction where that is not the usual one."""
    chosen = st.session_state[_SORT]
    sort = chosen.removesuffix(_REVERSED)
    direction = DIRECTIONS[not DESCENDING[sort]] if chosen.endswith(_REVERSED) else None
    put({"sort": None if sort == next(iter(DESCENDING)) else sort, "dir": direction, "pg": None})


def _put_view() -> None:
    """Write the view into the address; the other one's pages are of another length."""
    put({"v": None if st.session_state[_VIEW] == VIEWS[0] else st.session_state[_VIEW], "pg": None})


def _empty(chosen: Sequence[Condition], lang: str) -> None:
    """Say that nothing matches and offer each filter whose removal alone brings figures, best first."""
    st.text(label(lang, "browse.empty"))
    counted = sorted(((data.count_figures(one.left), one) for one in chosen), key=lambda pair: -pair[0])
    helping = [(count, one) for count, one in counted if count]
    if not helping:
        st.text(label(lang, "browse.nothing_helps"))
        return
    st.text(label(lang, "browse.empty_hint"))
    for place, (count, condition) in enumerate(helping):
        st.button(
            plain_label(label(lang, "browse.relax", name=condition.text, count=number(count, lang))),
            key=f"relax-{place}",
            on_click=put,
            args=(condition.changes,),
        )


main()
