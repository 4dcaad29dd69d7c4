"""Names what went wrong with a request that brought no usable answer."""

from __future__ import annotations

from datetime import timedelta

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

from crawler.unpacking import Damaged, TooLarge

_KINDS: tuple[tuple[type[Exception], str], ...] = (
    (DownloadTimeoutError, "timeout"),
    (DownloadCancelledError, "too_large"),
    (TooLarge, "too_large"),
    (Damaged, "damaged"),
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
    "damaged": "its answer is damaged",
    "redirect_loop": "it redirects without end",
    "dropped": "the connection broke off",
    "bad_answer": "its answer is no HTTP",
}
_TLS_SIGNS = ("SSL routines", "VerificationError", "service_identity", "certificate verify failed")
_TLS_WORDS = {  # part of OpenSSL's or service_identity's message → for people
    "VerificationError": "its certificate is for another name",
    "certificate has expired": "its certificate has expired",
    "unsafe legacy renegotiation": 'it renegotiates in the old way (a source may allow it: tls = ["legacy"])',
    "dh key too small": 'its keys are too short (a source may allow it: tls = ["weak"])',
    "ee key too small": 'its keys are too short (a source may allow it: tls = ["weak"])',
    "unsupported protocol": 'it only speaks old TLS (a source may allow it: tls = ["weak"])',
    "protocol version": 'it only speaks old TLS (a source may allow it: tls = ["weak"])',
    "certificate verify failed": "its certificate cannot be verified",
}
_NO_HTTP_SIGNS = ("ParseError", "InvalidHeaderName", "MalformedChunked", "ValueError ValueError(")

# How much a failure says about the address that was asked; what says nothing about it is not listed.
_WEIGHTS = {
    **dict.fromkeys(("timeout", "dropped", "damaged", "bad_answer", "http_error", "server_error"), 0.25),
    **dict.fromkeys(("captcha", "reload", "blocked", "login", "denied", "robots_denied"), 0.5),
    **dict.fromkeys(
        ("forward", "no_article", "soft_404", "empty", "home", "elsewhere", "other_article"), 1.0
    ),
    **dict.fromkeys(("not_a_page", "attachment_other", "too_large", "redirect_loop", "failed"), 1.0),
    **dict.fromkeys(("gone", "guard_scheme", "guard_host", "guard_port"), 1.5),
}
_LONGEST_PAUSE = timedelta(days=7)
_FIRST_PAUSE = timedelta(hours=6)  # after a failure of weight 1


def weight_of(counter: str) -> float:
    """Return how much a failure counts towards setting its address aside; 0 when it is not to blame."""
    return _WEIGHTS.get(counter, 0.0)


def pause_after(weight: float, score: float) -> timedelta | None:
    """Return how long to leave an address alone, by its score before the failure; None: to the next run."""
    if weight <= 0.25 and score == 0:
        return None
    return min(_FIRST_PAUSE * (weight * 4**score), _LONGEST_PAUSE)


def counter_of(error: BaseException) -> str:
    """Return the counter for an error that reached the spider."""
    if isinstance(error, HttpError):
        return _status_counter(error.response.status)
    told = _told(error)
    if any(sign in told for sign in _TLS_SIGNS):
        return "tls"
    if any(sign in told for sign in _NO_HTTP_SIGNS):
        return "bad_answer"
    if isinstance(error, IgnoreRequest) and "redirection" in str(error):
        return "redirect_loop"
    return next((name for kind, name in _KINDS if isinstance(error, kind)), "failed")


def in_words(error: BaseException) -> str:
    """Return for people why a host did not answer."""
    name = counter_of(error)
    if name == "tls":
        told = _told(error)
        return next((words for sign, words in _TLS_WORDS.items() if sign in told), "no secure connection")
    return _WORDS.get(name, f"{type(error).__name__}: {error}")


def _told(error: BaseException) -> str:
    """Return what an error and those behind it say of themselves."""
    reasons = getattr(error, "reasons", None) or getattr(error.__cause__, "reasons", None) or ()
    inner = [getattr(reason, "value", reason) for reason in reasons]
    return " ".join(f"{type(each).__name__} {each!r}" for each in (error, error.__cause__, *inner) if each)


def _status_counter(status: int) -> str:
    if status in (404, 410):
        return "gone"
    return "denied" if status in (401, 403, 451) else "http_error"
