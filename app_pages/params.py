"""The address bar as the only memory of what a page shows: codes in, codes out, a history entry a change."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from urllib.parse import urlencode, urljoin

import streamlit as st

from app_pages.labels import LANGUAGES

_SESSION_LANGUAGE = "language"
_SESSION_VIEW = "view"
_SESSION_ADDRESS = "address"


def params() -> dict[str, list[str]]:
    """Return the parameters of the address, each with all of its values."""
    return {name: st.query_params.get_all(name) for name in st.query_params}


def put(changes: Mapping[str, object]) -> None:
    """Write changed parameters into the address, dropping those without a value: one entry in the history."""
    merged = params() | {name: _values(value) for name, value in changes.items()}
    st.query_params.from_dict({name: values for name, values in merged.items() if values})


def keep_address(page: str) -> None:
    """Write the parameters of a link into the address that leads from the page `page` to itself.

    Streamlit draws the page anew for such a link and leaves the address of the browser as it was. To be
    called once a run. Where the address is right already nothing comes of it, and no entry in the history.
    """
    before = st.session_state.get(_SESSION_ADDRESS)
    now = (page, params())
    st.session_state[_SESSION_ADDRESS] = now
    if before and before[0] == page and before != now:
        st.query_params.from_dict(now[1])


def release() -> str | None:
    """Return the id of the frozen release that the address names, None for the newest data."""
    return st.query_params.get("rel") or None


def put_filter(name: str, key: str) -> None:
    """Write what the filter widget `key` holds now into the address, and go back to the first page."""
    put({name: st.session_state[key], "pg": None})


def put_choice(name: str, key: str, default: object) -> None:
    """Write what the widget `key` holds now into the address; the default is left out, and so is nothing."""
    chosen = st.session_state[key]
    put({name: None if chosen == default else chosen})


def show(key: str, value: object) -> None:
    """Make the widget `key` show what the address says; to be called right before the widget."""
    st.session_state[key] = value


def language() -> str:
    """Return the language of the address, else the one chosen earlier in this session, else Vietnamese."""
    asked = st.query_params.get("lang")
    if asked in LANGUAGES:
        st.session_state[_SESSION_LANGUAGE] = asked
    return st.session_state.get(_SESSION_LANGUAGE, LANGUAGES[0])


def link_params(lang: str, **values: object) -> list[tuple[str, str]]:
    """Return the parameters of a link inside the app.

    The language goes along where it is not the default, and so does the release of this page.
    """
    spoken = {"lang": lang if lang != LANGUAGES[0] else None, "rel": release()}
    return [(name, value) for name, some in (values | spoken).items() for value in _values(some)]


def spelled(values: Mapping[str, object]) -> dict[str, list[str]]:
    """Return parameters as an address has them, without those that have no value."""
    return {name: some for name, value in values.items() if (some := _values(value))}


def _values(value: object) -> list[str]:
    if value is None or value == "" or value is False:
        return []
    if value is True:
        return ["1"]
    if isinstance(value, Iterable) and not isinstance(value, str):
        return [str(one) for one in value]
    return [str(value)]


def remember_view() -> None:
    """Keep what the browse page shows now, for the way back to it."""
    st.session_state[_SESSION_VIEW] = params()


def remembered_view() -> dict[str, list[str]]:
    """Return the parameters of the view of the browse page that was seen last; none when there was none."""
    seen = st.session_state.get(_SESSION_VIEW, {})
    return {name: values for name, values in seen.items() if name not in ("lang", "rel")}


def permalink(page: str, asked: Mapping[str, list[str]], lang: str) -> str:
    """Return the address of a page with these parameters, to be copied; the language is always part of it."""
    base = urljoin(st.context.url or "http://localhost:8501/", ".")
    pairs = [(name, value) for name, values in asked.items() if name != "lang" for value in values]
    return f"{base}{page}?{urlencode([*pairs, ('lang', lang)])}"
