"""What the address of a chart page asks for: one indicator, one form of its values, one sort of period."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import streamlit as st

from app_pages import data
from app_pages.forms import form_text, span_text
from app_pages.indicators import indicator_option, indicator_text
from app_pages.labels import label
from app_pages.numbers import number
from app_pages.params import put, put_choice, show
from store.forms import MOMENT, OTHER, PERCENTILE, REGULAR, Form
from store.indicators import indicators, topics
from store.series import Outline

STATUSES = ("actual", "target")

_INDICATOR, _FORM, _SPAN = "widget-ind", "widget-form", "widget-per"
_DEPENDENT = ("form", "per", "period")  # parameters that mean nothing for another indicator
_USEFUL = (*REGULAR, MOMENT)  # sorts of period of which one is shown first where two have as many values

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Selection:
    """What to draw. `outline` is None where nothing is known of the indicator, and then so is `span`."""

    indicator: str
    outlines: tuple[Outline, ...]
    outline: Outline | None
    span: str
    unknown: tuple[str, ...]  # of the address, as it writes it

    @property
    def form(self) -> Form | None:
        """The form of the values, None where there are none."""
        return self.outline.form if self.outline else None


def read_selection(asked: Mapping[str, list[str]], names: Iterable[str]) -> Selection:
    """Return what an address asks for, with the most usual form and sort of period where it names none.

    `names` are the other parameters that the page knows; `unknown` is what neither understands.
    """
    known = {*names, "ind", "form", "per", "lang", "rel"}
    unknown = [name for name in asked if name not in known]
    indicator = _indicator(asked, unknown)
    outlines = tuple(data.outlines(indicator)) if indicator else ()
    forms = {outline.form.code: outline for outline in outlines}
    outline = _pick(forms, "form", asked, unknown) or next(iter(outlines), None)
    span = _pick({span: span for span in outline.slots}, "per", asked, unknown) if outline else None
    if outline and span is None:
        span = usual_span(outline)
    return Selection(indicator, outlines, outline, span or "", tuple(unknown))


def usual_span(outline: Outline) -> str:
    """Return the sort of period that has most values of a form."""
    sizes = {span: slots.total() for span, slots in outline.slots.items()}
    return max(sizes, key=lambda span: (span != OTHER, sizes[span], span in _USEFUL, span))


def one_of(allowed: Sequence[T], name: str, asked: Mapping[str, list[str]], unknown: list[str]) -> T:
    """Return the value of a parameter, the first of `allowed` where it has none or one that means nothing."""
    by_text = {str(value): value for value in allowed}
    return _pick(by_text, name, asked, unknown) or allowed[0]


def show_pickers(selection: Selection, lang: str) -> None:
    """Draw the choice of indicator, form and sort of period; each writes itself to the address."""
    counts = {name: count["figures"] for name, count in data.indicator_counts().items()}
    names = sorted(
        {selection.indicator, *counts} - {""}, key=lambda name: indicator_text(name, lang).casefold()
    )
    show(_INDICATOR, selection.indicator)
    st.selectbox(
        label(lang, "browse.indicator"),
        names,
        format_func=lambda name: f"{indicator_option(name, lang)} ({number(counts.get(name, 0), lang)})",
        key=_INDICATOR,
        on_change=_put_indicator,
    )
    if selection.outline is None:
        return
    forms = {outline.form.code: outline for outline in selection.outlines}
    left, right = st.columns([7, 5], gap="small")
    show(_FORM, selection.outline.form.code)
    left.selectbox(
        label(lang, "chart.form"),
        forms,
        format_func=lambda code: f"{form_text(forms[code].form, lang)} ({number(forms[code].values, lang)})",
        key=_FORM,
        on_change=_put_form,
    )
    spans = dict(sorted(selection.outline.slots.items(), key=lambda pair: -pair[1].total()))
    show(_SPAN, selection.span)
    right.selectbox(
        label(lang, "chart.span"),
        spans,
        format_func=lambda span: f"{span_text(span, lang)} ({number(spans[span].total(), lang)})",
        key=_SPAN,
        on_change=put_choice,
        args=("per", _SPAN, None),
    )


def selection_text(selection: Selection, lang: str) -> str:
    """Return what a chart shows in words, for its title and its citation."""
    form = selection.form
    parts = [indicator_text(selection.indicator, lang)]
    if form is not None:
        parts += [form_text(form, lang), span_text(selection.span, lang)]
    return ", ".join(parts)


def is_rank(selection: Selection) -> bool:
    """Return whether the values are places in a list, 1 being the top."""
    form = selection.form
    return form is not None and form.kind == "rank" and form.code != PERCENTILE


def _indicator(asked: Mapping[str, list[str]], unknown: list[str]) -> str:
    given = asked.get("ind", [""])[-1]
    if given in indicators() or (given and data.outlines(given)):
        return given
    if given:
        unknown.append(f"ind={given}")
    return best_covered()


def best_covered() -> str:
    """Return the indicator with figures of the most provinces, topics last; "" when there is none."""
    places = Counter({name: count["places"] for name, count in data.indicator_counts().items()})
    return min(places, key=lambda name: (name in topics(), -places[name], name), default="")


def _pick(
    allowed: Mapping[str, T], name: str, asked: Mapping[str, list[str]], unknown: list[str]
) -> T | None:
    given = asked.get(name, [""])[-1]
    if given in allowed:
        return allowed[given]
    if given:
        unknown.append(f"{name}={given}")
    return None


def _put_indicator() -> None:
    put({"ind": st.session_state[_INDICATOR], **dict.fromkeys(_DEPENDENT)})


def _put_form() -> None:
    put({"form": st.session_state[_FORM], "per": None, "period": None})
