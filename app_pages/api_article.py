"""The stored text of one article as plain text: a copy for checking a sentence, not a reading room.

The rights in an article stay with its publisher. Pages and files therefore quote single sentences; the text
as a whole is given one article at a time, to a reader who asks for it, marked as a copy with its address and
day. No list leads to the texts, no exported file holds them, search engines are told to leave them alone, and
whoever runs the app can leave them out altogether (`chiso app --no-texts`).
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import closing
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import regex
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app_pages.answers import RefusedError, explained
from app_pages.crawls import pages_path
from app_pages.data import database_of, source_names
from app_pages.labels import LANGUAGES, label
from store import queries
from store.article_text import StoredText, sentence_span, stored_text
from store.errors import StoreError
from store.pages import body_hash, read_pages

TEXTS_VARIABLE = "CHISO_TEXTS"

_STEERING = regex.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")  # what could steer a terminal
_QUOTED_WORDS = 6  # of a sentence, at either end, by which a browser finds it
_HEADERS = {"x-robots-tag": "noindex, noarchive", "cache-control": "private, no-store"}


def offers_texts() -> bool:
    """Return whether this app gives out stored texts: unless CHISO_TEXTS is 0."""
    return os.environ.get(TEXTS_VARIABLE) != "0"


def text_address(figure: Mapping[str, Any], lang: str, release: str | None) -> str:
    """Return the address of the text behind a figure; browsers that can go to the sentence and mark it."""
    more = f"&rel={quote(release, safe='')}" if release else ""
    words = figure["sentence"].split()
    ends = [" ".join(words[:_QUOTED_WORDS]), " ".join(words[-_QUOTED_WORDS:])]
    sought = ends if len(words) > 2 * _QUOTED_WORDS else [" ".join(words)]
    found = ",".join(quote(part, safe="").replace("-", "%2D") for part in sought)
    article, figure_id = quote(figure["article_id"], safe=""), quote(figure["id"], safe="")
    return f"api/article/{article}.txt?figure={figure_id}&lang={lang}{more}#:~:text={found}"


@explained
async def article(request: Request) -> Response:
    """Answer with the stored text of an article."""
    if not offers_texts():
        raise RefusedError(HTTPStatus.NOT_FOUND, "The texts of articles are not given out here.")
    text = await run_in_threadpool(_told, request)
    return Response(text, media_type="text/plain; charset=utf-8", headers=_HEADERS)


def _told(request: Request) -> str:
    article_id, figure_id = request.path_params["article_id"], request.query_params.get("figure")
    release = request.query_params.get("rel")
    try:
        path = database_of(release)
    except StoreError as error:
        raise RefusedError(HTTPStatus.NOT_FOUND, str(error)) from error
    with closing(queries.open_readonly(path)) as db:
        found = stored_text(db, article_id)
        span = sentence_span(db, article_id, figure_id) if found and figure_id else None
    if found is None:
        raise RefusedError(HTTPStatus.NOT_FOUND, f"There is no article {article_id[:40]!r}.")
    if figure_id and span is None:
        raise RefusedError(HTTPStatus.NOT_FOUND, f"The article has no figure {figure_id[:40]!r}.")
    asked = request.query_params.get("lang", LANGUAGES[0])
    lang = asked if asked in LANGUAGES else LANGUAGES[0]
    return _STEERING.sub("\ufffd", f"{_head(found, span, lang)}\n{'-' * 72}\n\n{found.text}\n")


def _head(found: StoredText, span: tuple[int, int] | None, lang: str) -> str:
    rows = [
        ("field.title", found.title),
        ("field.publisher", source_names().get(found.source or "", found.source)),
        ("copy.author", found.author),
        ("copy.address", found.url),
        ("field.published", found.published),
        ("field.fetched", found.fetched_at),
        ("copy.page_hash", _page_hash(found)),
        ("copy.text_hash", found.text_sha256),
    ]
    lines = [f"{label(lang, key)}: {' '.join(text.split())}" for key, text in rows if text]
    if span is not None:
        line = found.text.count("\n", 0, span[0]) + 1
        lines.append(label(lang, "copy.sentence", line=line, start=span[0], end=span[1]))
    return "\n".join([label(lang, "copy.notice"), "", *lines])


def _page_hash(found: StoredText) -> str | None:
    """Return the SHA-256 of the page as it came, None where the pages are not kept here."""
    if found.fetched_at is None:
        return None
    try:
        with closing(read_pages(pages_path())) as db:
            return body_hash(db, found.article_id, found.fetched_at)
    except StoreError:
        return None


ROUTES = (Route("/api/article/{article_id}.txt", article),)
