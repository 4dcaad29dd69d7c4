"""What the routes beside the pages have in common: problems as one JSON sentence, tags, names of files."""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable, Mapping
from functools import wraps
from http import HTTPStatus
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from app_pages.streams import BusyError
from store.errors import StoreError

Handler = Callable[[Request], Awaitable[Response]]

_AGAIN_SECONDS = 20


class RefusedError(Exception):
    """A request that is not answered as asked; the message is one sentence for people."""

    def __init__(self, status: HTTPStatus, message: str) -> None:
        super().__init__(message)
        self.status = status


def problem(status: HTTPStatus, message: str, headers: Mapping[str, str] | None = None) -> Response:
    """Return an answer that says in one sentence what is wrong, as JSON."""
    return JSONResponse({"error": message}, status_code=status, headers=dict(headers or {}))


def explained(handler: Handler) -> Handler:
    """Let a route end in one clear sentence where it would end in a traceback."""

    @wraps(handler)
    async def answered(request: Request) -> Response:
        try:
            return await handler(request)
        except RefusedError as refused:
            return problem(refused.status, str(refused))
        except BusyError:
            again = {"retry-after": str(_AGAIN_SECONDS)}
            return problem(
                HTTPStatus.SERVICE_UNAVAILABLE,
                "Too many files are being read at the moment; try again soon.",
                again,
            )
        except StoreError as error:
            return problem(HTTPStatus.SERVICE_UNAVAILABLE, str(error))

    return answered


def tag(*parts: object) -> str:
    """Return a weak entity tag: the same as long as all of its parts are."""
    return f'W/"{hashlib.sha256(repr(parts).encode()).hexdigest()[:20]}"'


def is_known(request: Request, entity_tag: str) -> bool:
    """Return whether the reader has this state already."""
    given = request.headers.get("if-none-match", "")
    return entity_tag in (one.strip() for one in given.split(",")) or given.strip() == "*"


def attachment(name: str) -> str:
    """Return the header that makes a browser keep an answer as a file of this name."""
    plain = name.encode("ascii", "replace").decode().replace('"', "'").replace("\\", "_")
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name)}"
