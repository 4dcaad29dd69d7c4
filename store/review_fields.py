"""What a reviewer may correct of a figure, and what a value must be to be taken."""

from __future__ import annotations

import dataclasses
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Any, get_args

import regex

from store.errors import StoreError
from store.indicators import indicators
from store.places import places
from store.records import Comparator, Figure, Kind, Measure, Status

LONGEST_REASON = 2000  # characters
LONGEST_NAME = 100  # characters of a reviewer's name
LONGEST_TEXT = 500  # characters of a corrected field

REVIEWED = (
    "kind",
    "value",
    "value_max",
    "denominator",
    "comparator",
    "unit",
    "measure",
    "status",
    "negated",
    "place",
    "place_id",
    "locality",
    "period",
    "indicator",
    "indicator_id",
    "base",
)  # the fields of a figure that a review vouches for

_NUMBERS = frozenset({"value", "value_max", "denominator"})
_BOUND = _NUMBERS | {"kind", "measure"}  # fields that must fit together
_NUMBER = regex.compile(r"-?\d{1,18}(?:\.\d{1,12})?")  # "78000", "-2.5"
_GROUPED = regex.compile(r"-?\d{1,3}\.\d{3}")  # "78.000": a Vietnamese reader means 78000
_UNSHOWN = regex.compile(r"[\p{Cc}\p{Cs}--[\n\t]]", regex.V1)  # escapes, NUL, half of a pair
_UNSHOWN_IN_LINE = regex.compile(r"[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]")


class ReviewError(StoreError):
    """A review cannot be made; the message is one sentence for the reviewer.

    `code` names what is wrong for those who say it in another language, with `told` filled in; "" for what no
    form leads to.
    """

    def __init__(self, message: str, code: str = "", **told: object) -> None:
        super().__init__(message)
        self.code = code
        self.told = told


class OvertakenError(ReviewError):
    """Somebody else has reviewed the figure since the reviewer looked at it."""


def checked_changes(figure: Figure, changes: Mapping[str, Any]) -> dict[str, Any]:
    """Return the corrected fields as they are kept: exact text for numbers, None for what is empty.

    `figure` is what was extracted; fields that are as extracted already are left out, and the place's name
    goes with its id. A value may be text as a person types it. Raises ReviewError for a field that cannot be
    corrected, a value that the field cannot have, and values that do not fit together.
    """
    kept: dict[str, Any] = {}
    for name, given in changes.items():
        if name not in _FIELDS:
            raise ReviewError(_no_field(name))
        kept[name] = _FIELDS[name](name, given)
    if "place_id" in kept:
        place = places().get(kept["place_id"] or "")
        kept["place"] = place.name_vi if place else None
    if not _BOUND.isdisjoint(kept):
        _check_together(dataclasses.replace(figure, **typed(kept)))
    was = fields_of(figure)
    return {name: value for name, value in kept.items() if not _same(name, value, was[name])}


def fields_of(figure: Figure) -> dict[str, Any]:
    """Return the reviewed fields of a figure as JSON can keep them, numbers as exact text."""
    found = {name: getattr(figure, name) for name in REVIEWED}
    return found | {
        name: None if found[name] is None else format(found[name], "f") for name in sorted(_NUMBERS)
    }


def typed(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return kept fields as a figure has them, numbers as Decimals."""
    return {
        name: Decimal(value) if name in _NUMBERS and value is not None else value
        for name, value in fields.items()
    }


def checked_reason(reason: str) -> str:
    """Return the reason without blanks around it; raises ReviewError when it cannot be kept."""
    reason = reason.strip()
    if not reason:
        raise ReviewError("A review needs a reason.")
    if len(reason) > LONGEST_REASON:
        raise ReviewError(
            f"The reason is longer than {LONGEST_REASON} characters.", "long_reason", most=LONGEST_REASON
        )
    if _UNSHOWN.search(reason):
        raise ReviewError("The reason has control characters that cannot be shown.", "reason_signs")
    return reason


def checked_reviewer(reviewer: str) -> str:
    """Return the reviewer's name; raises ReviewError when it is empty, too long or more than a line."""
    reviewer = reviewer.strip()
    if not reviewer:
        raise ReviewError("A review needs the name of its reviewer.")
    if len(reviewer) > LONGEST_NAME or _UNSHOWN_IN_LINE.search(reviewer):
        raise ReviewError(
            f"The reviewer's name must be one line of at most {LONGEST_NAME} characters.",
            "name",
            most=LONGEST_NAME,
        )
    return reviewer


def _no_field(name: str) -> str:
    if name == "place":
        return "The place is corrected by its id, as place_id=VN63-51; its name follows."
    return f"{name[:40]!r} is not a field that can be corrected; those are {', '.join(sorted(_FIELDS))}."


def _same(name: str, value: Any, was: Any) -> bool:
    if name in _NUMBERS and value is not None and was is not None:
        return Decimal(value) == Decimal(was)
    return bool(value == was)


def _number(name: str, given: Any) -> str:
    said = format(given, "f") if isinstance(given, Decimal) else str(given).strip()
    if isinstance(given, str) and _GROUPED.fullmatch(said):
        plain = said.replace(".", "")
        raise ReviewError(
            f"{name} {said} may mean {plain} or {said}0; write one of these.",
            "grouped",
            given=said,
            plain=plain,
        )
    if isinstance(given, bool | float) or not _NUMBER.fullmatch(said):
        raise ReviewError(
            f"{name} must be a plain number such as 78000 or 65.5, not {said[:40]!r}.",
            "number",
            given=said[:40],
        )
    return said


def _or_none(parse: Callable[[str, Any], Any]) -> Callable[[str, Any], Any]:
    return lambda name, given: None if given is None or str(given).strip() == "" else parse(name, given)


def _one_of(allowed: tuple[str, ...]) -> Callable[[str, Any], str]:
    def parse(name: str, given: Any) -> str:
        if given not in allowed:
            raise ReviewError(f"{name} must be one of {', '.join(allowed)}, not {str(given)[:40]!r}.")
        return str(given)

    return parse


def _truth(name: str, given: Any) -> bool:
    known = {"true": True, "false": False}.get(str(given).strip().lower())
    if known is None:
        raise ReviewError(f"{name} must be true or false, not {str(given)[:40]!r}.")
    return known


def _line(name: str, given: Any) -> str:
    text = unicodedata.normalize("NFC", str(given).strip())
    if not text:
        raise ReviewError(f"{name} must not be empty.", "empty")
    if len(text) > LONGEST_TEXT or _UNSHOWN_IN_LINE.search(text):
        raise ReviewError(
            f"{name} must be one line of at most {LONGEST_TEXT} characters.", "line", most=LONGEST_TEXT
        )
    return text


def _place(_: str, given: Any) -> str:
    if str(given) not in places():
        raise ReviewError(
            f"There is no place {str(given)[:40]!r}; ids look like VN63-51, VN34-51 and, for the country, VN."
        )
    return str(given)


def _indicator(_: str, given: Any) -> str:
    if str(given) not in indicators():
        raise ReviewError(f"There is no indicator {str(given)[:40]!r} in the catalogue.")
    return str(given)


def _period(name: str, given: Any) -> str:
    text = str(given).strip()
    ends = text.split("/")
    try:
        days = [date.fromisoformat(end) if regex.fullmatch(r"\d{4}-\d\d-\d\d", end) else None for end in ends]
    except ValueError:
        days = []
    known = [day for day in days if day is not None]
    if len(days) != 2 or len(known) != sum(map(bool, ends)) or not known or known != sorted(known):
        raise ReviewError(
            f"{name} must be START/END in ISO dates, one of which may be empty,"
            f" as 2024-01-01/2024-12-31 or /2024-09-30, not {text[:40]!r}.",
            "period",
            given=text[:40],
        )
    return text


_FIELDS: Mapping[str, Callable[[str, Any], Any]] = MappingProxyType(
    {
        "kind": _one_of(get_args(Kind)),
        "value": _number,
        "value_max": _or_none(_number),
        "denominator": _or_none(_number),
        "comparator": _one_of(get_args(Comparator)),
        "unit": _or_none(_line),
        "measure": _one_of(get_args(Measure)),
        "status": _one_of(get_args(Status)),
        "negated": _truth,
        "place_id": _or_none(_place),
        "locality": _or_none(_line),
        "period": _or_none(_period),
        "indicator": _line,
        "indicator_id": _or_none(_indicator),
        "base": _or_none(_line),
    }
)
CORRECTABLE = tuple(_FIELDS)


def _check_together(figure: Figure) -> None:
    """Raise ReviewError where the fields of a corrected figure contradict each other."""
    whole, most = figure.denominator, figure.value_max
    if whole is not None and figure.kind not in ("ratio", "rank"):
        raise ReviewError(
            f"A {figure.kind} has no denominator; set denominator= to take it away.", "no_denominator"
        )
    if figure.kind == "ratio" and whole is None:
        raise ReviewError("A ratio needs its denominator.", "needs_denominator")
    if whole is not None and whole <= 0:
        raise ReviewError("The denominator must be greater than 0.", "low_denominator")
    if most is not None and abs(most) <= abs(figure.value):
        raise ReviewError(
            "value_max must lie farther from 0 than value, of which it is the other end.", "range"
        )
    if figure.kind == "rank" and figure.measure == "level":
        _check_position(figure)


def _check_position(figure: Figure) -> None:
    if figure.value < 1 or figure.value != int(figure.value):
        raise ReviewError("The position of a rank must be a whole number from 1 on.", "rank")
    if figure.denominator is not None and figure.value > figure.denominator:
        raise ReviewError("The position of a rank must not be greater than its denominator.", "beyond")
