"""The data behind the pages at addresses for programs: what a page filters, as CSV, JSON, XLSX and more.

The parameters are those of the browse page and are read by the same function, and the rows come from where
the screen's and the release's come from: `/browse?p=VN63-51` is `/api/figures.csv?p=VN63-51`.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Generator, Iterator, Mapping
from contextlib import closing
from functools import partial
from http import HTTPStatus
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urlencode

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from app_pages.address import HARMONISED
from app_pages.answers import RefusedError, attachment, explained, is_known
from app_pages.api_asked import (
    EXCEL,
    MEDIA_TYPES,
    SHAPES,
    WIDE,
    Asked,
    database_asked,
    filters_asked,
    given_of,
    language_asked,
    read_asked,
)
from app_pages.api_words import told_of_view
from app_pages.streams import stream
from store import queries
from store.database import database_path as path_of
from store.errors import StoreError
from store.errors import explained as in_words
from store.export import export
from store.release.edition import told_filters
from store.release.harmonised import (
    count_harmonised,
    harmonised_rows,
    harmonised_table,
    harmonised_values,
)
from store.release.json_form import json_document
from store.release.stream import as_bytes, chunks

_PIECE = 2**20  # bytes
_COUNTS = {"figures": queries.count_figures, "observations": queries.count_observations}


@explained
async def table(request: Request) -> Response:
    """Answer with figures or observations as a file."""
    asked = await run_in_threadpool(read_asked, request)
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
    given = given_of(request)
    made = {name: given.pop(name, [""])[-1] for name in (*SHAPES, *EXCEL)}  # how a file is made
    with closing(queries.open_readonly(database_asked(given))) as db:
        filters = filters_asked(db, given)
        address = f"{request.base_url}browse{'?' if given else ''}{urlencode(given, doseq=True)}"
        harmonised = made["reg"] == HARMONISED
        return told_of_view(db, filters, address, language_asked(given), harmonised=harmonised)


def _links(request: Request) -> str:
    """Return where citation and codebook are: a CSV file has no room for them."""
    cited = urlencode([pair for pair in request.query_params.multi_items() if pair[0] not in EXCEL])
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
    if asked.choice.harmonise:
        with harmonised_values(db, asked.filters):
            yield from _harmonised(db, asked)
    else:
        yield from _reported(db, asked)


def _harmonised(db: queries.Database, asked: Asked) -> Iterator[bytes]:
    form = "ndjson" if asked.form == "json" else "excel" if asked.excel else asked.form
    found = as_bytes(harmonised_table(), harmonised_rows(db), form)
    if asked.form != "json":
        return found
    told = {
        **told_of_view(db, asked.filters, asked.address, asked.lang, harmonised=True),
        "filters": told_filters(asked.filters),
        "reg": HARMONISED,
        "count": count_harmonised(db),
    }
    return json_document(told, "harmonised", found)


def _reported(db: queries.Database, asked: Asked) -> Iterator[bytes]:
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
            files = export(db, folder, asked.choice, (WIDE[asked.form],)).files
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
