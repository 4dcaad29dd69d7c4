"""What a reviewer fills in: the reason, the name, and the fields that are wrong."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, get_args

import streamlit as st

from app_pages.indicators import indicator_option
from app_pages.labels import label, named
from app_pages.places import place_option
from app_pages.reviewing import NAME, REASON, decide, field_key, reviewer_name
from store.indicators import indicators
from store.places import places
from store.records import Comparator, Kind, Measure, Status
from store.review_fields import LONGEST_NAME, LONGEST_REASON, LONGEST_TEXT

_CHOICES: Mapping[str, tuple[str, ...]] = {
    "kind": get_args(Kind),
    "comparator": get_args(Comparator),
    "measure": get_args(Measure),
    "status": get_args(Status),
}
_FIRST = ("value", "denominator", "unit", "status")
_LONG = ("indicator", "indicator_id", "place_id", "period")  # a row each
_RARE = ("kind", "value_max", "comparator", "measure", "locality", "base", "negated")


def show_form(figure: Mapping[str, Any], seen: int, lang: str) -> None:
    """Draw the form for a figure; `seen` is the newest review that the reviewer can see here, 0 for none."""
    shown = {name: _shown(figure[name]) for name in (*_FIRST, *_LONG, *_RARE)}
    figure_id = figure["id"]
    st.session_state.setdefault(NAME, reviewer_name())
    st.session_state.setdefault(REASON, "")
    with st.form("review", border=True, enter_to_submit=False):
        st.text_input(label(lang, "review.name"), key=NAME, max_chars=LONGEST_NAME, autocomplete="name")
        st.text_area(
            label(lang, "review.reason"),
            key=REASON,
            height=70,
            max_chars=LONGEST_REASON,
            placeholder=label(lang, "review.reason_hint"),
        )
        with st.container(horizontal=True, gap="small", key="verdicts"):
            for action, icon in (("confirm", "check"), ("reject", "close")):
                st.form_submit_button(
                    label(lang, f"review.{action}"),
                    key=f"review-{action}",
                    icon=f":material/{icon}:",
                    on_click=decide,
                    args=(action, figure_id, seen, shown),
                )
        st.caption(label(lang, "review.fields_note"))
        _fields(_FIRST, shown, figure_id, lang)
        for name in _LONG:
            _field(name, shown[name], field_key(figure_id, name), lang)
        with st.expander(label(lang, "review.more_fields")):
            _fields(_RARE, shown, figure_id, lang)
        st.form_submit_button(
            label(lang, "review.correct"),
            key="review-correct",
            icon=":material/edit:",
            type="primary",
            on_click=decide,
            args=("correct", figure_id, seen, shown),
        )


def _fields(names: tuple[str, ...], shown: Mapping[str, Any], figure_id: str, lang: str) -> None:
    for first in range(0, len(names), 2):
        for name, column in zip(names[first : first + 2], st.columns(2), strict=False):
            with column:
                _field(name, shown[name], field_key(figure_id, name), lang)


def _field(name: str, value: Any, key: str, lang: str) -> None:
    title = label(lang, f"field.{'place' if name == 'place_id' else name}")
    if name in _CHOICES:
        options, told = _CHOICES[name], _coded(name, lang)
    elif name == "place_id":
        options, told = (None, *places()), lambda one: place_option(one, lang) if one else "–"
    elif name == "indicator_id":
        options, told = (None, *indicators()), lambda one: indicator_option(one, lang) if one else "–"
    elif name == "negated":
        st.checkbox(label(lang, "negated.yes"), value, key=key)
        return
    else:
        hint = label(lang, f"review.hint_{name}") if name in ("value", "period") else None
        st.text_input(title, value or "", key=key, max_chars=LONGEST_TEXT, help=hint)
        return
    chosen = options.index(value) if value in options else None
    st.selectbox(title, options, index=chosen, format_func=told, key=key)


def _shown(value: Any) -> Any:
    """Return a field's value as a reviewer types it: numbers with a decimal point and without grouping."""
    return format(value, "f") if isinstance(value, Decimal) else value


def _coded(name: str, lang: str) -> Callable[[str], str]:
    return lambda one: named(lang, name, one)
