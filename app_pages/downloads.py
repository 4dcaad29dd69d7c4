"""The figures of the filtered view as files."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from functools import partial

import streamlit as st

from app_pages import data
from app_pages.labels import label
from app_pages.numbers import number
from store.queries import Filters

MOST_ROWS = 200_000  # a download is built in memory; larger ones are for `chiso export`

_PROFILES = {"plain": "csv", "excel": "csv_excel"}  # profile of the export: its label


def show_downloads(filters: Filters, total: int, lang: str) -> None:
    """Offer all figures that match, not only the rows on the screen, as CSV for programs and for Excel."""
    st.caption(label(lang, "browse.download", total=number(total, lang)))
    if total > MOST_ROWS:
        st.text(label(lang, "browse.too_many", most=number(MOST_ROWS, lang)))
        return
    with st.container(horizontal=True, key="downloads", gap="small"):
        for profile, name in _PROFILES.items():
            st.download_button(
                label(lang, f"browse.{name}"),
                partial(data.figures_csv, filters, profile),
                file_name=file_name(filters, profile),
                mime="text/csv",
                key=f"download-{profile}",
                help=label(lang, f"browse.{name}_help"),
                icon=":material/download:",
                on_click="ignore",
            )


def file_name(filters: Filters, profile: str) -> str:
    """Return a name that says whether filters were in force, the same for the same ones."""
    unordered = replace(filters, sort=Filters().sort, descending=Filters().descending)
    parts = ["chiso-figures"]
    if unordered != Filters():
        parts += ["filtered", hashlib.sha256(repr(unordered).encode()).hexdigest()[:8]]
    return "-".join([*parts, *(["excel"] if profile == "excel" else [])]) + ".csv"
