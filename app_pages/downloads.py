"""The figures of the filtered view as files, from the same addresses that programs use."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

import streamlit as st

from app_pages.address import HARMONISED, LISTS, SINGLES
from app_pages.labels import label
from app_pages.numbers import number
from app_pages.params import link_params
from store.queries import Filters

# Label of a file: form, and the parameters that choose its profile.
FILES: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "csv": ("csv", {}),
    "csv_excel": ("csv", {"bom": "1", "guard": "1"}),
    "xlsx": ("xlsx", {}),
    "json": ("json", {}),
    "wide": ("xlsx", {"shape": "wide", "conflicts": "mark"}),
    "zip": ("zip", {}),
}


def show_downloads(filters: Filters, total: int, lang: str, *, regime: str = "asis") -> None:
    """Offer all figures that match, not only the rows on the screen; of h34 the values put together."""
    harmonised = regime == HARMONISED
    said = "browse.download_harmonised" if harmonised else "browse.download"
    table, shared = ("observations", {"reg": HARMONISED}) if harmonised else ("figures", {})
    st.caption(label(lang, said, total=number(total, lang)))
    with st.container(
        horizontal=True, key=f"downloads-{HARMONISED}" if harmonised else "downloads", gap="small"
    ):
        for name, (form, profile) in FILES.items():
            st.link_button(
                label(lang, f"browse.{name}"),
                api_address(table, form, filters, {**profile, **shared}, lang),
                help=label(lang, f"browse.{name}_help"),
                icon=":material/download:",
            )


def api_address(
    table: str, form: str, filters: Filters, profile: Mapping[str, str] | None = None, lang: str = "vi"
) -> str:
    """Return the address of the rows that match as a file, relative to the pages."""
    asked = {name: getattr(filters, field) for name, field in {**LISTS, **SINGLES}.items()}
    query = urlencode(link_params(lang, **asked, **(profile or {})))
    return f"api/{table}.{form}{'?' if query else ''}{query}"
