"""What the app says when it cannot read its data."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from app_pages.data import database_path
from app_pages.labels import label


def show_problem(error: Exception, lang: str) -> None:
    """Explain on the page why there is no data, and what to do; the store's own sentence stands below."""
    path = database_path()
    st.title(label(lang, "problem.title"), anchor=False)
    if Path(path).is_file():
        st.text(label(lang, "problem.unreadable"))
    else:
        st.text(label(lang, "problem.missing", path=path))
        st.text(label(lang, "problem.missing_hint"))
    st.text(label(lang, "problem.details", message=error))
