"""What has been said of a figure: every review, what it changed and what became of it."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from typing import Any

import streamlit as st

from app_pages.data import database_path
from app_pages.indicators import indicator_text
from app_pages.labels import label, labels, named
from app_pages.periods import day_text, period_text
from app_pages.places import place_text
from app_pages.reviewing import reviews_path
from store.review_history import Listed, list_reviews


def past_reviews(figure_id: str) -> list[Listed]:
    """Return the reviews of a figure, the oldest first; never remembered, so that none is missed."""
    return list_reviews(database_path(), figure_id=figure_id, reviews_path=reviews_path())


def show_past(past: list[Listed], lang: str, *, take_back: Callable[[int], None] | None = None) -> None:
    """Draw the reviews; with `take_back` the one that holds has a button that undoes it."""
    st.html(f'<ol class="past">{"".join(_item(listed, lang) for listed in past)}</ol>')
    holding = next((listed for listed in past if listed.state in ("holds", "outdated")), None)
    if holding and take_back:
        st.button(
            label(lang, "review.undo", id=holding.review.id),
            key=f"undo-{holding.review.id}",
            icon=":material/undo:",
            on_click=take_back,
            args=(holding.review.id,),
        )


def _item(listed: Listed, lang: str) -> str:
    review = listed.review
    head = label(
        lang,
        f"review.did_{review.action}",
        reviewer=review.reviewer,
        day=day_text(review.reviewed_at, lang),
        undoes=review.undoes,
    )
    changes = "".join(
        _change(_field(name, lang), _text(name, review.extracted.get(name), lang), _text(name, value, lang))
        for name, value in review.changes.items()
        if review.action == "correct" and name != "place"
    )
    state = named(lang, "review_state", listed.state)
    return (
        f"<li><strong>{escape(head)}</strong> <span>{escape(state)}</span>"
        f"<p>{escape(review.reason)}</p>{f'<ul>{changes}</ul>' if changes else ''}</li>"
    )


def _change(name: str, before: str, after: str) -> str:
    return f"<li>{escape(name)}: <del>{escape(before)}</del> → <ins>{escape(after)}</ins></li>"


def _field(name: str, lang: str) -> str:
    key = {"place_id": "place"}.get(name, name)
    return label(lang, f"field.{key}") if f"field.{key}" in labels() else name


def _text(name: str, value: Any, lang: str) -> str:
    """Return the words for a field's value as it is kept in a review."""
    if value is None:
        return "–"
    if name == "place_id":
        return place_text(value, lang)
    if name == "indicator_id":
        return indicator_text(value, lang)
    if name == "period":
        return period_text(value, lang)
    if name in ("kind", "status", "measure", "comparator"):
        return named(lang, name, value)
    return str(value)
