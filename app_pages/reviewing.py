"""Writing reviews from the pages: who reviews, what came of it, and what is said when it is refused."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import partial
from typing import Any, Literal

import streamlit as st

from app_pages.data import database_path
from app_pages.labels import label, labels
from app_pages.params import language, put, release
from store.errors import StoreError
from store.review_fields import CORRECTABLE, OvertakenError, ReviewError
from store.reviews import Statement, Written, confirm, correct, reject, undo

Action = Literal["confirm", "reject", "correct"]

REVIEW_VARIABLE = "CHISO_REVIEW"
REVIEWS_VARIABLE = "CHISO_REVIEWS"
REVIEW_PAGE = "app_pages/review.py"
REASON, NAME = "review-reason", "review-name"  # widgets

_SESSION_NAME, _SESSION_TOLD, _SESSION_WRITTEN = "reviewer", "review-told", "review-written"


def is_reviewing() -> bool:
    """Return whether this app was started for reviewing: CHISO_REVIEW=1, or --review after the program.

    Not where the page shows a frozen release.
    """
    started = os.environ.get(REVIEW_VARIABLE) == "1" or "--review" in sys.argv[1:]
    return started and not release()


def reviews_path() -> str | None:
    """Return the database of reviews: CHISO_REVIEWS, None for the one beside the figures."""
    return None if release() else os.environ.get(REVIEWS_VARIABLE) or None


def field_key(figure_id: str, name: str) -> str:
    """Return the key of the widget that corrects a field."""
    return f"review-{figure_id}-{name}"


def reviewer_name() -> str:
    """Return the name that this session reviews under, "" before it is told."""
    return st.session_state.get(_SESSION_NAME, "")


def decide(action: Action, figure_id: str, seen: int, shown: Mapping[str, Any]) -> None:
    """Write what the form says of a figure; `seen` and `shown` are what it showed when it was drawn.

    To be called before the page is drawn again: `review_told` then says what came of it.
    """
    lang = language()
    reason = st.session_state.get(REASON, "").strip()
    if not reason and action == "confirm":
        reason = label(lang, "review.as_printed")
    said = _statement(reason, seen)
    calls = {
        "confirm": partial(confirm, said=said),
        "reject": partial(reject, said=said),
        "correct": partial(correct, changes=_changes(figure_id, shown), said=said),
    }
    if _write(partial(calls[action], database_path(), figure_id, reviews_path=reviews_path()), reason, lang):
        st.session_state[REASON] = ""
        put({"id": None})


def take_back(review_id: int) -> None:
    """Undo a review, with the reason of the form or the usual one."""
    lang = language()
    reason = st.session_state.get(REASON, "").strip() or label(lang, "review.taken_back")
    call = partial(undo, database_path(), review_id, _statement(reason, None), reviews_path=reviews_path())
    _write(call, reason, lang)


def review_told() -> tuple[str, bool, Written | None]:
    """Return what came of the last decision: a sentence, "" for none, whether it is bad, what was written."""
    text, bad = st.session_state.pop(_SESSION_TOLD, ("", False))
    return text, bad, st.session_state.pop(_SESSION_WRITTEN, None)


def _statement(reason: str, seen: int | None) -> Statement:
    name = st.session_state.get(NAME, reviewer_name()).strip()
    st.session_state[_SESSION_NAME] = name
    return Statement(reason=reason, reviewer=name, at=datetime.now(UTC), seen=seen)


def _write(call: Any, reason: str, lang: str) -> bool:
    if not reason or not reviewer_name():
        _tell(label(lang, "review.needs_reason" if not reason else "review.needs_name"), bad=True)
        return False
    try:
        written: Written = call()
    except OvertakenError as error:
        _tell(label(lang, "review.overtaken", message=error), bad=True)
    except ReviewError as error:
        known = f"refusal.{error.code}" in labels()
        said = label(lang, f"refusal.{error.code}", **error.told) if known else error
        _tell(label(lang, "review.refused", field=_field_of(error, lang), message=said), bad=True)
    except StoreError as error:
        _tell(label(lang, "review.not_written", message=error), bad=True)
    else:
        st.session_state[_SESSION_WRITTEN] = written
        _tell(label(lang, f"review.done_{written.review.action}" if written.applied else "review.waits"))
        return True
    return False


def _field_of(error: ReviewError, lang: str) -> str:
    """Return the name of the field that a refusal is about, "" where it names none."""
    first = str(error).split(" ", 1)[0]
    return (
        f" ({label(lang, f'field.{first}')})" if first in CORRECTABLE and f"field.{first}" in labels() else ""
    )


def _tell(text: str, *, bad: bool = False) -> None:
    st.session_state[_SESSION_TOLD] = (text, bad)


def _changes(figure_id: str, shown: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields that the form says otherwise than it was drawn with."""
    keys = {name: field_key(figure_id, name) for name in shown}
    return {
        name: st.session_state[key]
        for name, key in keys.items()
        if key in st.session_state and (st.session_state[key] or None) != (shown[name] or None)
    }
