"""What ends every page: the address of exactly this view, how to cite it, and how new the data are."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from datetime import date
from html import escape
from typing import Any

import streamlit as st

from app_pages import data
from app_pages.citation import today
from app_pages.labels import label
from app_pages.numbers import number
from app_pages.params import params, permalink, spelled
from app_pages.periods import day_text
from store.errors import StoreError

_SESSION_WORDS, _SESSION_SHOWN = "view-words", "view-parameters"
_TEX = re.compile(r"[\\{}$&#^_~%]")  # characters that mean something to BibTeX


def describe_view(words: str = "", **shown: object) -> None:
    """Keep in words what the page shows now, for its citation; pages that say nothing are cited by title.

    `shown` are parameters that the address left to the page, which chooses by the data there are: the
    permalink names them, so that it shows the same when there are more.
    """
    st.session_state[_SESSION_WORDS] = words
    st.session_state[_SESSION_SHOWN] = spelled(shown)


def show_foot(page: str, lang: str) -> None:
    """Draw the citation, the permalink and the stamp; nothing where there are no data to cite."""
    try:
        facts = data.freshness()
    except StoreError:
        return
    asked = params() | st.session_state.get(_SESSION_SHOWN, {})
    address = permalink("" if page == "overview" else page, asked, lang)
    words = st.session_state.get(_SESSION_WORDS) or label(lang, f"page.{page}")
    with st.container(key="foot"):
        with st.expander(label(lang, "foot.cite"), icon=":material/format_quote:"):
            st.caption(label(lang, "foot.cite_note"))
            st.code(view_citation(words, address, facts, lang, today()), language=None, wrap_lines=True)
            st.code(bibtex(words, address, facts, lang, today()), language=None, wrap_lines=True)
        st.caption(label(lang, "foot.permalink"))
        st.code(address, language=None, wrap_lines=True)
        st.html(f'<p class="stamp">{escape(freshness_text(facts, lang))}</p>')


def freshness_text(facts: Mapping[str, Any], lang: str) -> str:
    """Return how much there is and how new, in one or two sentences."""
    counts = {"figures": number(facts["figures"], lang), "sources": number(facts["sources"], lang)}
    newest = day_text(facts["newest_published"], lang) or "–"
    text = label(lang, "overview.freshness", newest=newest, **counts)
    if facts["built_at"]:
        text += " " + label(lang, "overview.built", day=day_text(facts["built_at"], lang))
    return text


def view_citation(words: str, address: str, facts: Mapping[str, Any], lang: str, accessed: date) -> str:
    """Return the citation of a view: what it shows, the state of the data, its address and the day."""
    return label(
        lang,
        "foot.citation",
        words=words,
        built=day_text(facts["built_at"], lang) or "–",
        newest=day_text(facts["newest_published"], lang) or "–",
        figures=number(facts["figures"], lang),
        url=address,
        today=day_text(accessed.isoformat(), lang),
    )


def bibtex(words: str, address: str, facts: Mapping[str, Any], lang: str, accessed: date) -> str:
    """Return a view as a BibTeX entry; its key is the same for the same view."""
    key = hashlib.sha256(address.encode()).hexdigest()[:8]
    built = (facts["built_at"] or accessed.isoformat())[:10]
    note = label(lang, "foot.bibtex_note", figures=number(facts["figures"], lang), built=built)
    rows = {
        "title": f"{{{_tex(words)}}}",
        "author": "{Chỉ số}",
        "year": built[:4],
        "url": address,
        "urldate": accessed.isoformat(),
        "note": _tex(note),
    }
    body = ",\n".join(f"  {name} = {{{value}}}" for name, value in rows.items())
    return f"@misc{{chiso-{key},\n{body}\n}}"


def _tex(text: str) -> str:
    escaped = _TEX.sub(
        lambda sign: {"\\": "\\textbackslash{}", "^": "\\^{}", "~": "\\~{}"}.get(sign[0], f"\\{sign[0]}"),
        text,
    )
    return " ".join(escaped.split())
