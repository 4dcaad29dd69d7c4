"""Names what went wrong with a request that brought no usable answer."""

from __future__ import annotations

from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
)
from scrapy.spidermiddlewares.httperror import HttpError

_KINDS: tuple[tuple[type[Exception], str], ...] = (
    (DownloadTimeoutError, "timeout"),
    (DownloadCancelledError, "too_large"),
    (DownloadConnectionRefusedError, "refused_connection"),
    (CannotResolveHostError, "guard_unresolved"),
    (ResponseDataLossError, "dropped"),
    (DownloadFailedError, "dropped"),
)
_WORDS = {
    "timeout": "no answer in time",
    "refused_connection": "the connection was refused",
    "guard_unresolved": "its name does not resolve",
    "too_large": "its answer is too large",
    "redirect_loop": "it redirects without end",
}


def counter_of(error: BaseException) -> str:
    """Return the counter for an error that reached the spider."""
    if isinstance(error, HttpError):
        return _status_counter(error.response.status)
    if isinstance(error, IgnoreRequest):
        return "redirect_loop" if "redirection" in str(error) else "failed"
    return next((name for kind, name in _KINDS if isinstance(error, kind)), "failed")


def in_words(error: BaseException) -> str:
    """Return for people why a host did not answer."""
    if "certificate verify failed" in str(error):
        return "its certificate cannot be verified"
    return _WORDS.get(counter_of(error), f"{type(error).__name__}: {error}")


def _status_counter(status: int) -> str:
    if status in (404, 410):
        return "gone"
    return "denied" if status in (401, 403, 451) else "http_error"
