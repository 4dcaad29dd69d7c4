"""What the app says when it cannot read its data."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from app_pages.data import database_path
from app_pages.labels import LANGUAGES, label
from store.errors import StoreError


def show_problem(error: Exception, lang: str) -> None:
    """Explain on the page why there is no data, and what to do; the store's own sentence stands below."""
    st.title(label(lang, "problem.title"), anchor=False)
    try:
        path = database_path()
    except StoreError:  # of a release that is not here
        st.text(label(lang, "problem.no_release", id=st.query_params["rel"][:40]))
        st.page_link(
            "app_pages/overview.py",
            label=label(lang, "frozen.to_newest"),
            query_params={"lang": lang} if lang != LANGUAGES[0] else {},
        )
        return
    if Path(path).is_file():
        st.text(label(lang, "problem.unreadable"))
    else:
        st.text(label(lang, "problem.missing", path=path))
        st.text(label(lang, "problem.missing_hint"))
    st.text(label(lang, "problem.details", message=error))
