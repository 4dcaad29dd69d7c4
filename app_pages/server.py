"""The app behind its web server: pages say their language, and browsers load nothing from elsewhere.

streamlit run app_pages/server.py -- --db data/chiso.db
"""

from __future__ import annotations

from pathlib import Path
from urllib.parse import parse_qs

import streamlit as st
from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app_pages import api, api_article, api_records, release_files
from app_pages.labels import LANGUAGES

POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self' 'unsafe-inline' 'wasm-unsafe-eval'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "connect-src 'self'",
        "worker-src 'self' blob:",
        "object-src 'none'",
        "base-uri 'self'",
        "frame-ancestors 'self'",
    )
)
HEADERS = {
    "content-security-policy": POLICY,
    "referrer-policy": "same-origin",
    "x-content-type-options": "nosniff",
}

_WRITTEN = b'<html lang="en"'  # in Streamlit's page, whatever it shows


class Answers:
    """Middleware that adds the headers to every answer and the language to every page."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and its answer back with headers and language."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        page = b"text/html" in dict(scope["headers"]).get(b"accept", b"") and scope["method"] == "GET"
        held: list[Message] = []  # the start of a page, kept until its length is known

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update(HEADERS)
                if page and headers.get("content-type", "").startswith("text/html"):
                    held.append(message)
                    return
            elif held:
                held.append(message)
                if message.get("more_body"):
                    return
                start, body = held[0], b"".join(part.get("body", b"") for part in held[1:])
                body = body.replace(_WRITTEN, f'<html lang="{_language(scope)}"'.encode(), 1)
                MutableHeaders(scope=start)["content-length"] = str(len(body))
                await send(start)
                message = {"type": "http.response.body", "body": body}
            await send(message)

        await self.app(_unpacked(scope) if page else scope, receive, answer)


def _unpacked(scope: Scope) -> Scope:
    """Return a request that does not ask for compression, so that the page comes as it is written."""
    kept = [(name, value) for name, value in scope["headers"] if name != b"accept-encoding"]
    return {**scope, "headers": kept}


def _language(scope: Scope) -> str:
    asked = parse_qs(scope["query_string"].decode("latin-1")).get("lang", [""])[-1]
    return asked if asked in LANGUAGES else LANGUAGES[0]


ROUTES = (*api_records.ROUTES, *api_article.ROUTES, *api.ROUTES, *api_records.LAST, *release_files.ROUTES)

app = st.App(
    Path(__file__).resolve().parent.parent / "app.py",
    routes=ROUTES,
    middleware=[Middleware(Answers)],
)
