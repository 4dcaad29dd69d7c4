"""Single records at addresses for programs: a figure with its evidence, the indicators, the places."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from contextlib import closing
from http import HTTPStatus
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app_pages.answers import RefusedError, explained, is_known, problem, tag
from app_pages.api_words import told_of_figure
from app_pages.data import database_of, stamp
from app_pages.labels import LANGUAGES
from app_pages.reviewing import REVIEWS_VARIABLE
from store import counting, queries
from store.indicators import indicators
from store.places import places
from store.release.json_form import object_start
from store.release.ndjson_form import ndjson_lines
from store.release.tables import figure_record, table_of
from store.review_history import list_reviews

Make = Callable[[Request, str], str]

_TOLD = (
    "name_vi",
    "name_en",
    "theme",
    "unit",
    "direction",
    "additive",
    "definition",
    "definition_vi",
    "producer",
    "caveats",
    "caveats_vi",
)


def _figure(request: Request, path: str) -> str:
    """Return a figure as JSON: the columns of the files, and what stands around it."""
    figure_id = request.path_params["figure_id"]
    frozen = request.query_params.get("rel")
    reviews = None if frozen else os.environ.get(REVIEWS_VARIABLE) or None
    with closing(queries.open_readonly(path)) as db:
        row, found = figure_record(db, figure_id), queries.get_figure(db, figure_id)
    if row is None or found is None:
        raise RefusedError(HTTPStatus.NOT_FOUND, f"There is no figure {figure_id[:40]!r}.")
    told = told_of_figure(found, f"{request.base_url}figure?id={figure_id}", _language(request)) | {
        "before": found["before"],
        "after": found["after"],
        "same_sentence": [other["id"] for other in found["same_sentence"]],
        "same_observation": [other["id"] for other in found["same_observation"]],
        "reviews": [
            {
                "id": said.review.id,
                "action": said.review.action,
                "state": said.state,
                "changes": said.review.changes,
                "reason": said.review.reason,
                "reviewer": said.review.reviewer,
                "reviewed_at": said.review.reviewed_at,
            }
            for said in list_reviews(path, figure_id=figure_id, reviews_path=reviews)
        ],
    }
    line = next(ndjson_lines(table_of("figures").columns, [row])).decode()
    return f'{object_start(told)}"figure": {line.rstrip()}}}\n'


def _indicators(_: Request, path: str) -> str:
    """Return the catalogue with counts as JSON."""
    with closing(queries.open_readonly(path)) as db:
        counts = counting.indicator_counts(db)
    nothing = {"figures": 0, "places": 0, "first": None, "last": None}
    found = [
        {"indicator_id": known, **{name: entry.get(name) for name in _TOLD}, **counts.get(known, nothing)}
        for known, entry in indicators().items()
    ]
    return _list("indicators", found)


def _places(_: Request, path: str) -> str:
    """Return the country, the 63 and the 34 with counts as JSON."""
    with closing(queries.open_readonly(path)) as db:
        counts = {row["place_id"]: row for row in queries.summary_by_place(db)}
    found = [
        {
            "place_id": place.id,
            "name_vi": place.name_vi,
            "name_en": place.name_en,
            "unit_regime": place.unit_regime,
            "valid_from": place.valid_from,
            "valid_to": place.valid_to,
            "merged_into": place.merged_into,
            "figures": counts.get(place.id, {}).get("figures", 0),
            "newest_published": counts.get(place.id, {}).get("newest_published"),
        }
        for place in places().values()
    ]
    return _list("places", found)


def _list(name: str, found: list[dict[str, Any]]) -> str:
    return json.dumps({name: found}, ensure_ascii=False) + "\n"


def _answering(make: Make) -> Callable[[Request], Any]:
    """Return a route for an answer that is made as a whole."""

    @explained
    async def answered(request: Request) -> Response:
        path = database_of(request.query_params.get("rel"))
        made_of = tag(path, await run_in_threadpool(stamp, path), str(request.url))
        headers = {"etag": made_of, "cache-control": "no-cache"}
        if is_known(request, made_of):
            return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
        text = await run_in_threadpool(make, request, path)
        return Response(text, media_type="application/json", headers=headers)

    return answered


def _language(request: Request) -> str:
    asked = request.query_params.get("lang", LANGUAGES[0])
    return asked if asked in LANGUAGES else LANGUAGES[0]


async def _nothing(_: Request) -> Response:
    return problem(
        HTTPStatus.NOT_FOUND,
        "Nothing is kept at this address; there are /api/figures, /api/observations (.csv, .json, .ndjson, "
        ".xlsx, .zip), /api/figure/ID.json, /api/article/ID.txt, /api/indicators.json, /api/places.json and "
        "/api/citation.bib.",
    )


ROUTES = (
    Route("/api/figure/{figure_id}.json", _answering(_figure)),
    Route("/api/indicators.json", _answering(_indicators)),
    Route("/api/places.json", _answering(_places)),
)
LAST = (Route("/api", _nothing), Route("/api/{rest:path}", _nothing))
