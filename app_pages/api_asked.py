"""What an address for programs asks for: which table, in which form and shape, of which figures."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from types import MappingProxyType
from typing import Any

from starlette.requests import Request

from app_pages.address import HARMONISED, LISTS, REGIMES, SINGLES, read_request
from app_pages.answers import RefusedError, tag
from app_pages.data import database_of, stamp
from app_pages.labels import LANGUAGES
from store import queries
from store.errors import StoreError
from store.queries import Filters
from store.release.edition import Choice, suffix, told_filters
from store.release.harmonised import partial_filter

TABLES = ("figures", "observations")
MEDIA_TYPES = MappingProxyType(
    {
        "csv": "text/csv; charset=utf-8; header=present",
        "json": "application/json",
        "ndjson": "application/x-ndjson",
        "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "zip": "application/zip",
    }
)
MOST_PACKED = 100_000  # figures of a workbook or a data package, which are made before they are sent

PACKED = MappingProxyType({"xlsx": "xlsx", "zip": "package"})  # form: what the export calls it
WIDE = MappingProxyType({"csv": "csv", **PACKED})  # forms of a table with a column an indicator
SHAPES = {
    "shape": ("long", "wide"),
    "conflicts": ("refuse", "leave-empty", "mark"),
    "reg": REGIMES,
}
EXCEL = ("bom", "guard")


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address asks for."""

    table: str
    form: str
    excel: bool  # the profile of CSV that Excel reads and that runs no formula
    choice: Choice
    lang: str
    address: str  # of this answer, to be cited
    path: str  # of the database
    tag: str

    @property
    def filters(self) -> Filters:
        """Which figures to take."""
        return self.choice.filters

    @property
    def is_made_before(self) -> bool:
        """Whether the answer is written to a file before it is sent, not row by row."""
        return self.form in PACKED or self.choice.shape == "wide"

    @property
    def file_name(self) -> str:
        """The name under which a browser keeps the answer: it says whether and how rows were chosen."""
        table = "wide" if self.choice.shape == "wide" else "" if self.form in PACKED else self.table
        if self.choice.harmonise:
            table = "wide-harmonised" if table == "wide" else "harmonised"
        name = f"chiso-{table}" if table else "chiso"
        return f"{name}{suffix(self.filters)}{'-excel' if self.excel else ''}.{self.form}"


def read_asked(request: Request) -> Asked:
    """Return what a request asks for; raises RefusedError where it means nothing, StoreError without data."""
    name, form = request.path_params["table"], request.path_params["form"]
    if name not in TABLES or form not in MEDIA_TYPES:
        forms = ", ".join(MEDIA_TYPES)
        raise RefusedError(HTTPStatus.NOT_FOUND, f"There are {' and '.join(TABLES)} as {forms}.")
    given = given_of(request)
    excel = _excel(given, form)
    shape = {key: _one_of(given, key, allowed) for key, allowed in SHAPES.items()}
    if shape["shape"] == "wide" and (form not in WIDE or excel):
        raise RefusedError(
            HTTPStatus.BAD_REQUEST, f"shape=wide is for {', '.join(WIDE)}, without bom and guard."
        )
    harmonise = shape["reg"] == HARMONISED
    if harmonise and name == "figures" and shape["shape"] == "long" and form not in PACKED:
        raise RefusedError(
            HTTPStatus.BAD_REQUEST,
            f"reg={HARMONISED} is for observations and for shape=wide: a figure is what one article says.",
        )
    path = database_asked(given)
    made_of = stamp(path)
    with closing(queries.open_readonly(path)) as db:
        filters = filters_asked(db, given)
        if harmonise and (partial_name := partial_filter(filters)):
            raise RefusedError(
                HTTPStatus.BAD_REQUEST,
                f"Values of the 34 provinces need all reports: leave out {_parameter(partial_name)}.",
            )
        made_before = form in PACKED or shape["shape"] == "wide" or harmonise
        if made_before and queries.count_figures(db, filters) > MOST_PACKED:
            raise RefusedError(
                HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
                f"More than {MOST_PACKED} figures do not fit into a file of this kind here; "
                "ask for CSV, or filter further.",
            )
    return Asked(
        table=name,
        form=form,
        excel=excel,
        choice=Choice(
            filters=filters,
            shape=shape["shape"],
            conflicts=shape["conflicts"],
            harmonise=harmonise,
            address=str(request.url),
        ),
        lang=language_asked(given),
        address=str(request.url),
        path=path,
        tag=tag(
            path,
            made_of,
            name,
            form,
            excel,
            shape,
            sorted(told_filters(filters).items()),
            language_asked(given),
        ),
    )


def given_of(request: Request) -> dict[str, list[str]]:
    """Return the parameters of a request, each with all of its values."""
    return {name: request.query_params.getlist(name) for name in request.query_params}


def database_asked(given: Mapping[str, list[str]]) -> str:
    """Return the database of the release that is asked for, of none the newest."""
    release = given.get("rel", [""])[-1]
    try:
        return database_of(release)
    except StoreError as error:
        if not release:
            raise
        raise RefusedError(HTTPStatus.NOT_FOUND, str(error)) from error


def _one_of(given: dict[str, list[str]], name: str, allowed: tuple[str, ...]) -> Any:
    """Take a parameter out of those given; the first of the allowed values where it has none."""
    value = given.pop(name, [allowed[0]])[-1]
    if value not in allowed:
        raise RefusedError(HTTPStatus.BAD_REQUEST, f"{name} is one of {', '.join(allowed)}.")
    return value


def _excel(given: dict[str, list[str]], form: str) -> bool:
    """Take the profile out of the parameters; its two switches come together."""
    switches = {name: given.pop(name, ["0"])[-1] for name in EXCEL}
    if set(switches.values()) - {"0", "1"} or len(set(switches.values())) > 1:
        raise RefusedError(
            HTTPStatus.BAD_REQUEST, "CSV for Excel is asked for with bom=1&guard=1, both of them."
        )
    excel = switches["bom"] == "1"
    if excel and form != "csv":
        raise RefusedError(HTTPStatus.BAD_REQUEST, "bom and guard are for CSV only.")
    return excel


def filters_asked(db: queries.Database, given: Mapping[str, list[str]]) -> Filters:
    """Return which figures are asked for; raises RefusedError naming what means nothing."""
    read = read_request(given, partial(queries.check_filters, db))
    if read.unknown:
        known = ", ".join([*LISTS, *SINGLES, *SHAPES])
        raise RefusedError(
            HTTPStatus.BAD_REQUEST,
            f"Not understood: {', '.join(one[:80] for one in read.unknown[:5])}; "
            f"the parameters are {known}, with the codes of the pages' addresses.",
        )
    return read.filters


def _parameter(field: str) -> str:
    return next(name for name, known in {**LISTS, **SINGLES}.items() if known == field)


def language_asked(given: Mapping[str, list[str]]) -> str:
    """Return the language that is asked for, the first where it is none."""
    asked = given.get("lang", [LANGUAGES[0]])[-1]
    return asked if asked in LANGUAGES else LANGUAGES[0]
