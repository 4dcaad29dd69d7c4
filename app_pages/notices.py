"""What a page says of an address that it does not wholly understand."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import streamlit as st

from app_pages.labels import label


def show_unknown(unknown: Sequence[str], lang: str) -> None:
    """Name the parts of the address that were left out; nothing where there are none."""
    if unknown:
        show_notice(label(lang, "browse.unknown", values=", ".join(unknown)))


def show_notice(text: str) -> None:
    """Draw a sentence that the reader must not miss."""
    st.html(f'<p class="notice" role="status">{escape(text)}</p>')
