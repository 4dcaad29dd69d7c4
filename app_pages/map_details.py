"""What stands beside the map in words: the province that was clicked, and the table of all of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

import streamlit as st

from app_pages import data
from app_pages.address import HARMONISED
from app_pages.compare_table import DISPUTED
from app_pages.downloads import show_downloads
from app_pages.figure_list import show_evidence
from app_pages.labels import label
from app_pages.map_values import MapRequest, Told
from app_pages.params import link_params, put
from app_pages.places import place_text
from app_pages.selection import is_rank
from app_pages.tables import show_rows
from store.filters import Filters

PROVINCE_PAGE, COMPARE_PAGE, CODEBOOK_PAGE = (
    f"app_pages/{name}.py" for name in ("province", "compare", "codebook")
)


def show_chosen(
    found: Sequence[Told], ordered: Sequence[Told], request: MapRequest, chosen: str | None, lang: str
) -> None:
    """Show the province that was clicked: its value, its place among the others, its sentence."""
    one = next((one for one in found if one.place_id == chosen), None)
    if one is None:
        return
    with st.container(key="chosen", border=True):
        facts = [place_text(one.place_id, lang), one.when]
        if one in ordered and not is_rank(request.selection):
            facts.append(label(lang, "map.position", position=ordered.index(one) + 1, known=len(ordered)))
        if _is_disputed(one):
            facts.append(f"{DISPUTED} {label(lang, 'chart.conflict')}")
        row = one.row
        if row is not None and "figure_id" in row:
            said = data.evidence((row["figure_id"],))
            show_evidence(row["figure_id"], one.value, row["status"], facts, said, lang)
        else:
            st.html(f'<p class="what">{escape(one.value)}</p><p class="note">{escape(" · ".join(facts))}</p>')
            _parts(row, lang)
        with st.container(horizontal=True, vertical_alignment="center", gap="medium", key="chosen-links"):
            st.page_link(
                PROVINCE_PAGE,
                label=label(lang, "map.profile"),
                query_params=link_params(lang, p=one.place_id),
                icon=":material/location_on:",
            )
            st.button(
                label(lang, "map.unchoose"),
                type="tertiary",
                on_click=put,
                args=({"p": None},),
                key="unchoose",
            )


def _parts(row: Mapping[str, Any] | None, lang: str) -> None:
    """Say how a harmonised value was made."""
    if row is None:
        return
    sentences = [label(lang, f"method.{row['method']}")]
    if row["missing"]:
        names = ", ".join(place_text(place, lang, short=True) for place in row["missing"])
        sentences.append(label(lang, "map.parts_missing", places=names))
    st.html(f'<p class="note">{escape(" ".join(sentences))}</p>')


def show_table(found: Sequence[Told], ordered: Sequence[Told], words: str, lang: str) -> None:
    """Draw the table of all provinces, those with a value in order first."""
    rest = [one for one in found if one.level is None]
    header = [label(lang, f"field.{name}") for name in ("place", "period")] + [
        label(lang, "map.order"),
        label(lang, "field.value"),
    ]
    rows = [
        [one.name, one.when, str(place + 1) if one.level is not None else "–", _marked(one)]
        for place, one in enumerate([*ordered, *rest])
    ]
    with st.expander(label(lang, "map.table", all=len(found))):
        show_rows(words, header, rows, numbers=2)
        if any(_is_disputed(one) for one in found):
            st.caption(f"{DISPUTED} {label(lang, 'chart.conflict')}")


def show_beyond(request: MapRequest, lang: str) -> None:
    """Link to where the same indicator is shown in other ways."""
    selection = request.selection
    shared = {"ind": selection.indicator, "form": selection.form.code if selection.form else None}
    with st.container(key="beyond", horizontal=True, gap="medium"):
        st.page_link(
            COMPARE_PAGE,
            label=label(lang, "chart.compare"),
            query_params=link_params(lang, **shared, per=selection.span),
            icon=":material/show_chart:",
        )
        st.page_link(
            CODEBOOK_PAGE,
            label=label(lang, "chart.in_codebook"),
            query_params=link_params(lang, ind=selection.indicator),
            icon=":material/menu_book:",
        )


def show_files(request: MapRequest, lang: str) -> None:
    """Offer the figures of the indicator, of all places and times, as files."""
    filters = Filters(indicators=(request.selection.indicator,), statuses=(request.status,))
    regime = HARMONISED if request.regime == HARMONISED else "asis"
    show_downloads(filters, data.count_figures(filters), lang, regime=regime)


def _is_disputed(one: Told) -> bool:
    return one.row is not None and bool(one.row.get("conflict"))


def _marked(one: Told) -> str:
    return f"{one.value} {DISPUTED}" if _is_disputed(one) else one.value
