"""What the address of the browse page asks for: parameters to filters and back."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from app_pages.data import source_name
from app_pages.labels import label, labels
from app_pages.numbers import number
from app_pages.places import place_text
from app_pages.indicators import indicator_text
from extract.provinces import COUNTRY_ID, units
from store.queries import Filters

FIRST_YEAR, LAST_YEAR = 1975, 2100
# Code in the address: column of the store's order, and whether the largest comes first.
SORTS = {
    "published": ("published", True),
    "period": ("period", True),
    "value": ("value", True),
    "confidence": ("confidence", True),
    "place": ("place", False),
    "indicator": ("indicator", False),
}
VIEWS = ("list", "table")
# Parameter of the address: field of the store's filters.
LISTS = {"p": "places", "ind": "indicators", "kind": "kinds", "st": "statuses", "src": "sources"}
SINGLES = {"from": "period_from", "to": "period_to", "q": "query", "minc": "min_confidence"}
_NOT_FILTERS = {"sort", "v", "pg", "lang", "id"}
_SECTIONS = {"kind": "kind", "st": "status"}  # parameters whose codes are words of data/labels.toml


@dataclass(frozen=True, slots=True)
class Request:
    """A view of the browse page: what to show, and what of its address was not understood."""

    filters: Filters
    sort: str
    view: str
    page: int  # 1-based
    unknown: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Condition:
    """One filter in force, as a chip shows it: its words, and what to write to the address to drop it."""

    text: str
    without: Mapping[str, object]
    filters: Filters  # what is left when it is dropped


def read_request(params: Mapping[str, list[str]], known: Mapping[str, Iterable[str]]) -> Request:
    """Return what an address asks for; `known` has the values that the database has of `ind` and `src`.

    Values that mean nothing are left out and named in `unknown`.
    """
    unknown: list[str] = []
    fields: dict[str, object] = {}
    for name, field in LISTS.items():
        allowed = _allowed(name, known)
        given = list(dict.fromkeys(params.get(name, [])))
        fields[field] = tuple(value for value in given if value in allowed)
        unknown += [f"{name}={value}" for value in given if value not in allowed]
    for name, read in _READERS.items():
        given = params.get(name, [])[-1:]
        value = read(given[0]) if given else None
        fields[SINGLES[name]] = value
        unknown += [f"{name}={text}" for text in given if value is None and text.strip()]
    sort = _one_of(SORTS, "sort", params, unknown)
    view = _one_of(VIEWS, "v", params, unknown)
    unknown += [name for name in params if name not in {*LISTS, *SINGLES, *_NOT_FILTERS}]
    page = params.get("pg", ["1"])[-1]
    column, descending = SORTS[sort]
    return Request(
        filters=Filters(**fields, sort=column, descending=descending),  # type: ignore[arg-type]
        sort=sort,
        view=view,
        page=max(1, int(page)) if page.isdecimal() and len(page) < 8 else 1,
        unknown=tuple(unknown),
    )


def conditions(filters: Filters, lang: str) -> list[Condition]:
    """Return the filters in force, one by one, in the order of the address."""
    found: list[Condition] = []
    for name, field in LISTS.items():
        chosen = getattr(filters, field)
        for value in chosen:
            rest = tuple(other for other in chosen if other != value)
            left = dataclasses.replace(filters, **{field: rest})
            found.append(Condition(value_text(name, value, lang), {name: rest, "pg": None}, left))
    for name, field in SINGLES.items():
        value = getattr(filters, field)
        if value is not None:
            left = dataclasses.replace(filters, **{field: None})
            found.append(Condition(_single_text(name, value, lang), {name: None, "pg": None}, left))
    return found


def filter_params(filters: Filters) -> dict[str, object]:
    """Return the parameters that ask for these filters, for links; empty ones are None or ()."""
    lists = {name: getattr(filters, field) for name, field in LISTS.items()}
    singles = {name: getattr(filters, field) for name, field in SINGLES.items()}
    return lists | singles | {name: singles[name] and singles[name][:4] for name in ("from", "to")}


def value_text(name: str, value: str, lang: str) -> str:
    """Return the words for one value of a list filter: the name of a province, an indicator, a source, a kind."""
    if name == "p":
        return place_text(value, lang)
    if name == "ind":
        return indicator_text(value, lang)
    if name == "src":
        return source_name(value)
    return label(lang, f"{_SECTIONS[name]}.{value}")


def _single_text(name: str, value: object, lang: str) -> str:
    if name == "q":
        return label(lang, "field.query", query=value)
    if name == "minc":
        return label(lang, "field.min_confidence", value=number(value, lang))
    return label(lang, f"field.{name}", year=str(value)[:4])


def _allowed(name: str, known: Mapping[str, Iterable[str]]) -> set[str]:
    if name == "p":
        return {*units(), COUNTRY_ID}
    if name in _SECTIONS:
        section = _SECTIONS[name] + "."
        return {key.removeprefix(section) for key in labels() if key.startswith(section)}
    return set(known.get(name, ()))


def _one_of(allowed: Iterable[str], name: str, params: Mapping[str, list[str]], unknown: list[str]) -> str:
    first, *_ = allowed
    given = params.get(name, [first])[-1]
    if given in allowed:
        return given
    unknown.append(f"{name}={given}")
    return first


def _first_day(text: str) -> str | None:
    return f"{text}-01-01" if _is_year(text) else None


def _last_day(text: str) -> str | None:
    return f"{text}-12-31" if _is_year(text) else None


def _is_year(text: str) -> bool:
    return text.isdecimal() and len(text) == 4 and FIRST_YEAR <= int(text) <= LAST_YEAR


def _words(text: str) -> str | None:
    return " ".join(text.split())[:200] or None


def _share(text: str) -> float | None:
    try:
        share = float(text)
    except ValueError:
        return None
    return share if 0 < share <= 1 else None


_READERS: dict[str, Callable[[str], str | float | None]] = {
    "from": _first_day,
    "to": _last_day,
    "q": _words,
    "minc": _share,
}
