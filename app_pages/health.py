"""How crawling goes: which sources are read, which have gone silent, what they refuse and what fails."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path

import streamlit as st

from app_pages.crawls import crawl_status, pages_path
from app_pages.data import freshness, source_name
from app_pages.labels import label, named
from app_pages.numbers import number
from app_pages.params import language
from app_pages.periods import day_text
from app_pages.tables import show_rows
from store.errors import StoreError
from store.status import DAYS, LOOK_AT, SourceStatus

COLUMNS = ("source", "state", "success", "article", "a_day", "requests", "errors", "refusals", "waiting")
_WORDS = 4  # columns of words before those of numbers


def main() -> None:
    """Draw the state of every source that was crawled."""
    lang = language()
    st.title(label(lang, "page.health"), anchor=False)
    st.html(f'<p class="note">{escape(label(lang, "health.note", days=DAYS))}</p>')
    try:
        found = crawl_status()
    except StoreError as error:
        st.text(label(lang, "health.unreadable" if Path(pages_path()).is_file() else "health.nothing"))
        st.text(label(lang, "problem.details", message=error))
        return
    if not found:
        st.text(label(lang, "health.nothing"))
        return
    bad = [each for each in found if each.state in LOOK_AT]
    st.html(_counts_html(found, bad, lang))
    if bad:
        st.header(label(lang, "health.look"), anchor=False)
        st.html("".join(_trouble_html(each, lang) for each in bad))
    order = sorted(found, key=lambda each: (each.state not in LOOK_AT, source_name(each.source)))
    show_rows(
        label(lang, "health.all"),
        [_heading(label(lang, f"health.{column}")) for column in COLUMNS],
        [_row(each, lang) for each in order],
        numbers=_WORDS,
    )
    _kinds(found, lang)
    failures = freshness()["failures"]
    if failures:
        st.text(label(lang, "health.failures", count=number(failures, lang)))


def _counts_html(found: Sequence[SourceStatus], bad: Sequence[SourceStatus], lang: str) -> str:
    rows = [
        ("sources", number(len(found), lang)),
        ("look", number(len(bad), lang)),
        ("a_day", number(round(sum(each.per_day for each in found), 1), lang)),
        ("waiting", number(sum(each.waiting for each in found), lang)),
    ]
    items = "".join(
        f"<div><dt>{escape(label(lang, f'health.{name}'))}</dt><dd>{escape(value)}</dd></div>"
        for name, value in rows
    )
    return f'<dl class="metrics">{items}</dl>'


def _trouble_html(status: SourceStatus, lang: str) -> str:
    last = day_text(status.last_success, lang) or label(lang, "health.never")
    said = [label(lang, f"health.why_{status.state}"), label(lang, "health.last_good", day=last)]
    if status.set_aside:
        said.append(label(lang, "health.set_aside", count=number(status.set_aside, lang)))
    kinds = _told({**status.errors, **status.refusals}, lang)
    if kinds:
        said.append(f"{kinds}.")
    head = f"{source_name(status.source)}: {named(lang, 'crawl_state', status.state)}"
    return f'<section class="flags trouble"><h3>{escape(head)}</h3><p>{escape(" ".join(said))}</p></section>'


def _heading(words: str) -> str:
    return words[:1].upper() + words[1:]


def _row(status: SourceStatus, lang: str) -> list[str]:
    usual = label(
        lang, "health.per_day", now=number(status.per_day, lang), usual=number(status.usual_per_day, lang)
    )
    return [
        source_name(status.source),
        named(lang, "crawl_state", status.state),
        day_text(status.last_success, lang) or "–",
        day_text(status.last_article, lang) or "–",
        usual,
        number(status.requests, lang),
        number(sum(status.errors.values()), lang),
        number(sum(status.refusals.values()), lang),
        number(status.waiting, lang),
    ]


def _kinds(found: Sequence[SourceStatus], lang: str) -> None:
    """Draw how often each kind of failure and refusal came, over all sources."""
    for name in ("errors", "refusals"):
        total: dict[str, int] = {}
        for each in found:
            for kind, count in getattr(each, name).items():
                total[kind] = total.get(kind, 0) + count
        if total:
            rows = sorted(total.items(), key=lambda pair: -pair[1])
            st.subheader(label(lang, f"health.kinds_{name}"), anchor=False)
            show_rows(
                label(lang, f"health.kinds_{name}"),
                [label(lang, "health.kind"), label(lang, "health.count")],
                [[named(lang, "crawl_kind", kind), number(count, lang)] for kind, count in rows],
            )


def _told(kinds: Mapping[str, int], lang: str) -> str:
    parts = (f"{named(lang, 'crawl_kind', kind)} {number(count, lang)}" for kind, count in kinds.items())
    return ", ".join(parts)


main()
