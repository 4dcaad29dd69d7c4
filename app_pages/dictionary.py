"""The columns of the exported files, the codes that stand in them, the parameters of addresses."""

from __future__ import annotations

import streamlit as st

from app_pages.address import LISTS, SINGLES
from app_pages.labels import label, labels
from app_pages.tables import show_rows
from store.columns import columns

_CODES = (
    "kind",
    "status",
    "measure",
    "comparator",
    "flag",
    "doubt",
)  # sections of the labels that explain codes
_COLUMNS = {"flag": "flags", "doubt": "article_doubts"}  # where the column is called otherwise
_UNEXPLAINED = {"unknown"}
# Of browsing and downloading, in addresses of pages and for programs.
PARAMETERS = (*LISTS, *SINGLES, "sort", "dir", "rel", "lang", "reg", "shape", "conflicts", "bom")


def show_dictionary(lang: str) -> None:
    """Draw a table for each file, one of codes for each column that has them, and one of parameters."""
    header = [label(lang, f"codebook.column_{name}") for name in ("name", "what", "type", "unit")]
    for table, told in columns().items():
        rows = [[column.name, getattr(column, lang), column.type, column.unit or "–"] for column in told]
        show_rows(f"{table}.csv", header, rows, numbers=len(header))
    st.header(label(lang, "codebook.codes"), anchor=False)
    header = [label(lang, "codebook.code"), label(lang, "codebook.column_what")]
    for section in _CODES:
        rows = [
            [key.partition(".")[2], texts[lang]]
            for key, texts in labels().items()
            if key.startswith(f"{section}.") and key.partition(".")[2] not in _UNEXPLAINED
        ]
        show_rows(_COLUMNS.get(section, section), header, rows, numbers=len(header))
    st.header(label(lang, "codebook.parameters"), anchor=False)
    header = [label(lang, "codebook.parameter"), label(lang, "codebook.column_what")]
    rows = [[name, label(lang, f"parameter.{name}")] for name in PARAMETERS]
    show_rows(label(lang, "codebook.parameters_of"), header, rows, numbers=len(header))
