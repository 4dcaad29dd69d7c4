"""The profile of a province: what it is, the newest value of every indicator, and who reports of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from html import escape
from typing import Any

import streamlit as st

from app_pages import data
from app_pages.address import HARMONISED
from app_pages.compare_chart import full_value, when_text
from app_pages.evidence import plain_label
from app_pages.figure_list import FIGURE_PAGE
from app_pages.foot import describe_view
from app_pages.forms import form_text
from app_pages.indicators import indicator_text, theme_text, themes_of
from app_pages.labels import label
from app_pages.notices import show_unknown
from app_pages.numbers import number, value_text
from app_pages.panels import WIDTH, Panel, panels_chart
from app_pages.params import language, link_params, params, put_choice, show
from app_pages.periods import day_text
from app_pages.pictures import offer_pictures
from app_pages.places import place_option, place_text
from app_pages.selection import one_of
from app_pages.sparkline import sparkline
from app_pages.tables import show_rows
from store.places import COUNTRY, parts_of, places, unit_of_34
from store.profiles import Entry

PAGE, BROWSE_PAGE, COMPARE_PAGE = (f"app_pages/{name}.py" for name in ("province", "browse", "compare"))

_PLACE, _THEME = "widget-p", "widget-theme"
_ALL = "all"
MOST_AT_ONCE = 60  # indicators; of more only a theme is drawn at first


def main() -> None:
    """Draw the profile of the province that the address names, else of that with most figures."""
    lang, asked = language(), params()
    unknown = [name for name in asked if name not in ("p", "theme", "lang", "rel")]
    counts = data.place_counts()
    place = one_of((_most_told(counts), *places()), "p", asked, unknown)
    st.title(label(lang, "page.province"), anchor=False)
    show_unknown(unknown, lang)
    show(_PLACE, place)
    st.selectbox(
        label(lang, "province.choose"),
        [one for one in places() if one != COUNTRY.id],
        format_func=lambda one: f"{place_option(one, lang)} ({number(counts.get(one, 0), lang)})",
        key=_PLACE,
        on_change=put_choice,
        args=("p", _PLACE, None),
    )
    describe_view(f"{label(lang, 'page.province')}: {place_text(place, lang)}", p=place)
    _head(place, data.place_facts(place) if place in counts else None, lang)
    entries = data.place_entries(place)
    if entries:
        _entries(place, entries, asked, lang)
    else:
        st.text(label(lang, "province.none"))
    with st.container(key="more"):
        st.page_link(
            BROWSE_PAGE, label=label(lang, "province.browse"), query_params=link_params(lang, p=place)
        )
    _sources(place, lang)


def _most_told(counts: Mapping[str, int]) -> str:
    first = next(place for place in places() if place != COUNTRY.id)
    told = [place for place in counts if place != COUNTRY.id]
    return max(told, key=lambda place: (counts[place], place), default=first)


def _head(place: str, facts: Mapping[str, Any] | None, lang: str) -> None:
    unit = places()[place]
    name = place_text(place, lang)
    what = label(lang, f"province.list_{unit.unit_regime}") if place != COUNTRY.id else ""
    counts = ""
    if facts is not None:
        shown = [(name, number(facts[name], lang)) for name in ("figures", "articles", "indicators")]
        shown.append(("newest", day_text(facts["newest"], lang) or "–"))
        items = "".join(
            f"<div><dt>{escape(label(lang, f'province.{key}'))}</dt><dd>{escape(value)}</dd></div>"
            for key, value in shown
        )
        counts = f'<dl class="metrics">{items}</dl>'
    st.html(
        f'<header class="place"><h2>{escape(name)}</h2><p class="note">{escape(what)}</p></header>{counts}'
    )
    _relatives(place, lang)


def _relatives(place: str, lang: str) -> None:
    """Link an old province to the one that it became part of, and a new one to those that it was made of."""
    unit = places()[place]
    if place == COUNTRY.id:
        return
    others = parts_of(place) or tuple(filter(None, [unit.merged_into]))
    stayed = len(parts_of(unit_of_34(place) or "")) == 1
    with st.container(key="relatives", horizontal=True, gap="small", vertical_alignment="center"):
        st.html(f"<p>{escape(label(lang, 'province.made_of' if parts_of(place) else 'province.became'))}</p>")
        for other in others:
            st.page_link(PAGE, label=place_text(other, lang), query_params=link_params(lang, p=other))
    st.html(f'<p class="note">{escape(label(lang, "province.stayed" if stayed else "province.changed"))}</p>')


def _entries(place: str, entries: Sequence[Entry], asked: Mapping[str, list[str]], lang: str) -> None:
    """Draw the indicators by their widest theme, those that are told most often first."""
    by_theme: dict[str, list[Entry]] = {}
    for entry in sorted(entries, key=lambda entry: (-entry.values, entry.indicator_id)):
        by_theme.setdefault((themes_of(entry.indicator_id) or ("",))[0], []).append(entry)
    options = (_ALL, *by_theme) if len(entries) <= MOST_AT_ONCE else (*by_theme, _ALL)
    theme = one_of(options, "theme", asked, [])
    st.header(label(lang, "province.what"), anchor=False)
    st.html(f'<p class="note">{escape(label(lang, "province.how"))}</p>')
    show(_THEME, theme)
    st.pills(
        label(lang, "codebook.theme"),
        options,
        format_func=lambda one: (
            label(lang, "codebook.all") if one == _ALL else f"{theme_text(one, lang)} ({len(by_theme[one])})"
        ),
        key=_THEME,
        required=True,
        label_visibility="collapsed",
        on_change=put_choice,
        args=("theme", _THEME, options[0]),
    )
    for shown, found in by_theme.items():
        if theme in (_ALL, shown):
            st.subheader(theme_text(shown, lang), anchor=False)
            for entry in found:
                _entry(place, entry, lang)
    shown = [entry for one, found in by_theme.items() if theme in (_ALL, one) for entry in found]
    _pictures(place, [entry for entry in shown if len(entry.line) > 1], theme, lang)


def _pictures(place: str, entries: Sequence[Entry], theme: str, lang: str) -> None:
    """Offer the small lines together as a picture, each with its own scale."""
    panels = [
        Panel(
            f"{indicator_text(entry.indicator_id, lang)}, {form_text(entry.form, lang)}",
            entry.line,
            entry.form.kind == "rank",
        )
        for entry in entries[:MOST_AT_ONCE]
    ]
    if panels:
        words = (
            f"{label(lang, 'page.province')}: {place_text(place, lang)}",
            label(lang, "province.picture"),
        )
        draw = partial(panels_chart, panels, lang)
        offer_pictures(draw, words, lang, page="province", asked={"p": place, "theme": theme}, width=WIDTH)


def _entry(place: str, entry: Entry, lang: str) -> None:
    leading = entry.newest or entry.target or entry.rank
    if leading is None:
        return
    joined = len(parts_of(place)) > 1  # with what its parts reported it has a past
    with st.container(key=f"figure-profile-{entry.indicator_id}", gap=None):
        st.page_link(
            FIGURE_PAGE,
            label=plain_label(value_text(leading, lang)),
            query_params=link_params(lang, id=leading["figure_id"]),
        )
        st.html(f'<div class="profile">{_about_html(entry, leading, lang)}{_line_html(entry, lang)}</div>')
        st.page_link(
            COMPARE_PAGE,
            label=label(lang, "province.compare_harmonised" if joined else "province.compare"),
            query_params=link_params(
                lang,
                ind=entry.indicator_id,
                form=entry.form.code,
                p=place,
                reg=HARMONISED if joined else None,
            ),
            icon=":material/show_chart:",
        )


def _about_html(entry: Entry, leading: Mapping[str, Any], lang: str) -> str:
    facts = [escape(when_text(leading, lang))]
    if leading is entry.target:
        facts.append(f'<span class="status target">{escape(label(lang, "province.only_target"))}</span>')
    elif entry.target is not None:
        facts.append(escape(_with_time("province.target", entry.target, lang)))
    if entry.rank is not None and leading is not entry.rank:
        facts.append(escape(_with_time("province.rank", entry.rank, lang)))
    if leading["conflict"]:
        facts.append(f'<span class="doubt">{escape(label(lang, "chart.conflict"))}</span>')
    what = f"{indicator_text(entry.indicator_id, lang)}, {form_text(entry.form, lang)}"
    dot = ' <span aria-hidden="true">·</span> '
    return (
        f'<div class="figure"><p class="what">{escape(what)}</p><p class="facts">{dot.join(facts)}</p></div>'
    )


def _with_time(key: str, row: Mapping[str, Any], lang: str) -> str:
    return label(lang, key, value=value_text(row, lang), when=when_text(row, lang))


def _line_html(entry: Entry, lang: str) -> str:
    if len(entry.line) < 2:
        return ""
    values = "; ".join(f"{when_text(row, lang)} {full_value(row, entry.form, lang)}" for row in entry.line)
    said = label(lang, "province.line", indicator=indicator_text(entry.indicator_id, lang), values=values)
    return f'<div class="line">{sparkline(entry.line, said, ranks=entry.form.kind == "rank")}</div>'


def _sources(place: str, lang: str) -> None:
    found = data.place_sources(place)
    if not found:
        return
    header = [label(lang, f"field.{name}") for name in ("publisher", "newest_article", "articles", "figures")]
    rows = [
        [
            data.source_name(row["source"]) or "–",
            day_text(row["newest"], lang) or "–",
            number(row["articles"], lang),
            number(row["figures"], lang),
        ]
        for row in found
    ]
    show_rows(label(lang, "province.sources"), header, rows, numbers=2)


main()
