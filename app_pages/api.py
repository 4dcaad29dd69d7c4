"""The data behind the pages at addresses for programs: what a page filters, as CSV, JSON, XLSX and more.

The parameters are those of the browse page and are read by the same function, and the rows come from where
the screen's and the release's come from: `/browse?p=VN63-51` is `/api/figures.csv?p=VN63-51`.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Generator, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType
from typing import Any
from urllib.parse import urlencode

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from app_pages.address import LISTS, SINGLES, read_request
from app_pages.answers import RefusedError, attachment, explained, is_known, tag
from app_pages.api_words import told_of_view
from app_pages.data import database_of, stamp
from app_pages.labels import LANGUAGES
from app_pages.streams import stream
from store import queries
from store.database import database_path as path_of
from store.errors import StoreError
from store.errors import explained as in_words
from store.export import export
from store.queries import Filters
from store.release.edition import Choice, suffix, told_filters
from store.release.json_form import json_document
from store.release.stream import chunks

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

_PACKED = MappingProxyType({"xlsx": "xlsx", "zip": "package"})  # form: what the export calls it
_WIDE = MappingProxyType({"csv": "csv", **_PACKED})  # forms of a table with a column an indicator
_SHAPES = {"shape": ("long", "wide"), "conflicts": ("refuse", "leave-empty", "mark")}
_EXCEL = ("bom", "guard")
_PIECE = 2**20  # bytes
_COUNTS = {"figures": queries.count_figures, "observations": queries.count_observations}


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
        return self.form in _PACKED or self.choice.shape == "wide"

    @property
    def file_name(self) -> str:
        """The name under which a browser keeps the answer: it says whether and how rows were chosen."""
        table = "wide" if self.choice.shape == "wide" else self.table
        name = "chiso" if self.form in _PACKED and table != "wide" else f"chiso-{table}"
        return f"{name}{suffix(self.filters)}{'-excel' if self.excel else ''}.{self.form}"


@explained
async def table(request: Request) -> Response:
    """Answer with figures or observations as a file."""
    asked = await run_in_threadpool(_asked, request)
    kept = "inline" if asked.form == "json" else attachment(asked.file_name)
    headers = {
        "etag": asked.tag,
        "cache-control": "no-cache",
        "content-disposition": kept,
        "link": _links(request),
    }
    if is_known(request, asked.tag):
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    if request.method == "HEAD":
        return Response(headers=headers, media_type=MEDIA_TYPES[asked.form])
    pieces: AsyncIterator[bytes] = await stream(partial(_pieces, asked))
    return StreamingResponse(pieces, headers=headers, media_type=MEDIA_TYPES[asked.form])


@explained
async def citation(request: Request) -> Response:
    """Answer with how to cite a view: as text, or as BibTeX."""
    told = await run_in_threadpool(_told_citation, request)
    form = request.path_params["form"]
    if form == "bib":
        return Response(told["bibtex"] + "\n", media_type="application/x-bibtex")
    if form == "txt":
        return Response(told["citation"] + "\n", media_type="text/plain")
    raise RefusedError(HTTPStatus.NOT_FOUND, "A citation comes as citation.txt or citation.bib.")


def _told_citation(request: Request) -> Mapping[str, Any]:
    given = _given(request)
    with closing(queries.open_readonly(_database(given))) as db:
        filters = _filters(db, given)
        address = f"{request.base_url}browse{'?' if given else ''}{urlencode(given, doseq=True)}"
        return told_of_view(db, filters, address, _language(given))


def _asked(request: Request) -> Asked:
    """Return what a request asks for; raises RefusedError where it means nothing, StoreError without data."""
    name, form = request.path_params["table"], request.path_params["form"]
    if name not in TABLES or form not in MEDIA_TYPES:
        forms = ", ".join(MEDIA_TYPES)
        raise RefusedError(HTTPStatus.NOT_FOUND, f"There are {' and '.join(TABLES)} as {forms}.")
    given = _given(request)
    excel = _excel(given, form)
    shape = {key: _one_of(given, key, allowed) for key, allowed in _SHAPES.items()}
    if shape["shape"] == "wide" and (form not in _WIDE or excel):
        raise RefusedError(
            HTTPStatus.BAD_REQUEST, f"shape=wide is for {', '.join(_WIDE)}, without bom and guard."
        )
    path = _database(given)
    made_of = stamp(path)
    with closing(queries.open_readonly(path)) as db:
        filters = _filters(db, given)
        made_before = form in _PACKED or shape["shape"] == "wide"
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
        choice=Choice(filters=filters, **shape),
        lang=_language(given),
        address=str(request.url),
        path=path,
        tag=tag(
            path, made_of, name, form, excel, shape, sorted(told_filters(filters).items()), _language(given)
        ),
    )


def _given(request: Request) -> dict[str, list[str]]:
    return {name: request.query_params.getlist(name) for name in request.query_params}


def _database(given: Mapping[str, list[str]]) -> str:
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
    switches = {name: given.pop(name, ["0"])[-1] for name in _EXCEL}
    if set(switches.values()) - {"0", "1"} or len(set(switches.values())) > 1:
        raise RefusedError(
            HTTPStatus.BAD_REQUEST, "CSV for Excel is asked for with bom=1&guard=1, both of them."
        )
    excel = switches["bom"] == "1"
    if excel and form != "csv":
        raise RefusedError(HTTPStatus.BAD_REQUEST, "bom and guard are for CSV only.")
    return excel


def _filters(db: queries.Database, given: Mapping[str, list[str]]) -> Filters:
    read = read_request(given, partial(queries.check_filters, db))
    if read.unknown:
        known = ", ".join([*LISTS, *SINGLES])
        raise RefusedError(
            HTTPStatus.BAD_REQUEST,
            f"Not understood: {', '.join(one[:80] for one in read.unknown[:5])}; "
            f"the parameters are {known}, with the codes of the pages' addresses.",
        )
    return read.filters


def _language(given: Mapping[str, list[str]]) -> str:
    asked = given.get("lang", [LANGUAGES[0]])[-1]
    return asked if asked in LANGUAGES else LANGUAGES[0]


def _links(request: Request) -> str:
    """Return where citation and codebook are: a CSV file has no room for them."""
    cited = urlencode([pair for pair in request.query_params.multi_items() if pair[0] not in _EXCEL])
    query = f"?{cited}" if cited else ""
    base = request.base_url
    return ", ".join(
        (
            f'<{base}api/citation.txt{query}>; rel="cite-as"; type="text/plain"',
            f'<{base}api/citation.bib{query}>; rel="cite-as"; type="application/x-bibtex"',
            f'<{base}codebook>; rel="describedby"',
        )
    )


def _pieces(asked: Asked) -> Generator[bytes, None, None]:
    """Yield the answer in pieces; all of it is read from one state of the database."""
    with closing(queries.open_readonly(asked.path)) as db, in_words(path_of(db)):
        db.execute("BEGIN")
        yield from _packed(db, asked) if asked.is_made_before else _rows(db, asked)


def _rows(db: queries.Database, asked: Asked) -> Iterator[bytes]:
    if asked.form == "json":
        told = {
            **told_of_view(db, asked.filters, asked.address, asked.lang),
            "filters": told_filters(asked.filters),
            "count": _COUNTS[asked.table](db, asked.filters),
        }
        return json_document(told, asked.table, chunks(db, asked.table, asked.filters, "ndjson"))
    return chunks(db, asked.table, asked.filters, "excel" if asked.excel else asked.form)


def _packed(db: queries.Database, asked: Asked) -> Iterator[bytes]:
    with TemporaryDirectory(prefix="chiso-") as folder:
        try:
            files = export(db, folder, asked.choice, (_WIDE[asked.form],)).files
        except StoreError as error:
            if asked.choice.shape != "wide":
                raise
            said = str(error).replace("--conflicts ", "conflicts=")  # as addresses write it
            raise RefusedError(HTTPStatus.CONFLICT, said) from error
        made = next(name for name in files if name.endswith(f".{asked.form}"))
        with (Path(folder) / made).open("rb") as file:
            while piece := file.read(_PIECE):
                yield piece


ROUTES = (
    Route("/api/citation.{form}", citation),
    Route("/api/{table}.{form}", table),
)
