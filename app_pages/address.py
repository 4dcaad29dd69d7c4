"""What the address of the browse page asks for, as filters of the store."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from store.queries import Filters

FIRST_YEAR, LAST_YEAR = 1975, 2100
LONGEST_QUERY = 200  # characters
# What may stand in `sort`, the default first, and whether the largest comes first.
DESCENDING = {
    "published": True,
    "period": True,
    "value": True,
    "confidence": True,
    "place": False,
    "indicator": False,
}
DIRECTIONS = ("asc", "desc")  # of `dir`; without it as the sort usually goes
VIEWS = ("list", "table")
HARMONISED = "h34"  # values put together as if there had always been the 34 provinces
REGIMES = ("asis", HARMONISED)
# Parameter of the address: field of the filters.
LISTS = {
    "p": "places",
    "ind": "indicators",
    "kind": "kinds",
    "st": "statuses",
    "unit": "units",
    "src": "sources",
    "rev": "reviews",
}
SINGLES = {
    "from": "period_from",
    "to": "period_to",
    "q": "query",
    "minc": "min_confidence",
    "mrv": "latest",
    "dup": "duplicates",
}

_OTHERS = ("sort", "dir", "v", "pg", "lang", "rel")
_LONGEST_PAGE = 6  # digits
_USUAL = {"dup": "all"}  # what an address may say and need not


@dataclass(frozen=True, slots=True)
class Request:
    """A view of the browse page: what to show, and what of its address was not understood."""

    filters: Filters
    view: str
    page: int  # 1-based
    unknown: tuple[str, ...]  # as the address writes it: "p=VN63-99"


def read_request(
    params: Mapping[str, list[str]],
    check: Callable[[Filters], tuple[Filters, list[str]]],
    *,
    own: Iterable[str] = (),
) -> Request:
    """Return what an address asks for, without the values that mean nothing; those are in `unknown`.

    `check` is the store's: it takes out values that the database does not know. `own` are parameters that
    the page reads itself.
    """
    unknown = [name for name in params if name not in {*LISTS, *SINGLES, *_OTHERS, *own}]
    lists = {field: tuple(dict.fromkeys(params.get(name, ()))) for name, field in LISTS.items()}
    singles = {SINGLES[name]: _single(name, params, unknown) for name in SINGLES}
    sort = _one_of(DESCENDING, "sort", params, unknown)
    view = _one_of(VIEWS, "v", params, unknown)
    usual = DIRECTIONS[DESCENDING[sort]]
    direction = _one_of((usual, *DIRECTIONS), "dir", params, unknown)
    asked = Filters(**lists, **singles, sort=sort, descending=direction == "desc")
    filters, _ = check(asked)
    for name, field in LISTS.items():
        kept = getattr(filters, field)
        unknown += [f"{name}={value}" for value in lists[field] if value not in kept]
    return Request(filters=filters, view=view, page=_page(params), unknown=tuple(unknown))


def without(filters: Filters, name: str, value: object) -> Filters:
    """Return the filters without one value of the parameter `name`."""
    if name in LISTS:
        rest = tuple(other for other in getattr(filters, LISTS[name]) if other != value)
        return replace(filters, **{LISTS[name]: rest})
    return replace(filters, **{SINGLES[name]: None})


def year_of(name: str, params: Mapping[str, list[str]], unknown: list[str]) -> int | None:
    """Return the year that a parameter names, None when absent or meaningless."""
    year = _single(name, params, unknown)
    return None if year is None else int(year)


def _single(name: str, params: Mapping[str, list[str]], unknown: list[str]) -> str | float | bool | None:
    """Return the last value of a parameter that has only one, None when absent or meaningless."""
    text = " ".join(params.get(name, [""])[-1].split())
    if text == _USUAL.get(name):
        return None
    value = _READERS[name](text) if text else None
    if text and value is None:
        unknown.append(f"{name}={text}")
    return value


def _one_of(allowed: Iterable[str], name: str, params: Mapping[str, list[str]], unknown: list[str]) -> str:
    first, *_ = allowed
    given = params.get(name, [first])[-1]
    if given in allowed:
        return given
    unknown.append(f"{name}={given}")
    return first


def _page(params: Mapping[str, list[str]]) -> int:
    text = params.get("pg", ["1"])[-1]
    return max(1, int(text)) if text.isascii() and text.isdecimal() and len(text) <= _LONGEST_PAGE else 1


def _year(text: str) -> str | None:
    whole = text.isascii() and text.isdecimal() and len(text) == 4
    return text if whole and FIRST_YEAR <= int(text) <= LAST_YEAR else None


def _share(text: str) -> float | None:
    try:
        share = float(text)
    except ValueError:
        return None
    return share if 0 < share <= 1 else None


_READERS: dict[str, Callable[[str], str | float | bool | None]] = {
    "from": _year,
    "to": _year,
    "q": lambda text: text[:LONGEST_QUERY],
    "minc": _share,
    "mrv": lambda text: True if text == "1" else None,
    "dup": lambda text: text if text == "canon" else None,
}
