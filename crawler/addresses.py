"""Addresses of articles: one canonical form, one identity per article, one stable page id.

The same article answers under http and https, with and without www, under `/print/`, with tracking
parameters, and on many sites under any slug in front of the right id.
"""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Iterable
from datetime import date
from urllib.parse import SplitResult, parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

import regex
from courlan import normalize_url
from w3lib.url import safe_url_string

from store.records import Source

_DEFAULT_PORTS = frozenset({None, 80, 443})
_COPIES = ("www.", "m.")  # host prefixes under which papers repeat themselves
# An address in which there is nothing to escape: most are, and escaping is slow on sitemaps of 150,000.
_PLAIN = regex.compile(
    r"https?://[a-z0-9-]++(?:\.[a-z0-9-]++)*+(?::(?:[1-5]\d{4}|[1-9]\d{1,3}))?/[A-Za-z0-9_~-]*+(?:[./][A-Za-z0-9_~-]++)*+/?"
)
_SLASHES = regex.compile(r"/{2,}")
_SESSION = regex.compile(r";(?:jsessionid|phpsessid|sid)=[^/;]*", regex.IGNORECASE)  # /tin.html;jsessionid=1A
_MONTH = regex.compile(r"/((?:19|20)\d\d)(0[1-9]|1[0-2])/")  # /kinh-te/202409/slug-1a2b3c4/
_PRINT = regex.compile(r"/print(?=/)")


def canonical(url: str, source: Source, *, port: int | None = None) -> str | None:
    """Return the one form of an article's address under which it is kept; None when it is no web address.

    Scheme and host are those that the source declares; fragment, user, tracking parameters and default
    ports fall away, a parameter stays only when `keep_parameters` names it. `port` is the port that a
    site on this machine was given for this run: in an address the declared one stands for it.
    """
    return _canonical(
        url, port, source.hosts, source.keep_parameters, source.article_pattern, _declared(source)
    )


@functools.lru_cache(maxsize=4096)  # a link is looked at several times on its way into the database
def _canonical(
    url: str,
    port: int | None,
    hosts: tuple[str, ...],
    keep_parameters: tuple[str, ...],
    article_pattern: str,
    declared: tuple[str, ...],
) -> str | None:
    parts = _split(url)
    if parts is None or parts.hostname is None:
        return None
    host = _preferred_host(parts.hostname.rstrip("."), hosts)
    lasting = _port_of(declared) if parts.port == port else parts.port
    shown = "" if lasting in _DEFAULT_PORTS else f":{lasting}"
    plain = _SESSION.sub("", _SLASHES.sub("/", f"/{parts.path}"))
    if "/." in plain:
        plain = urlsplit(urljoin("http:/", plain)).path
    path = _without_print(plain, article_pattern)
    query = _kept_query(parts.query, keep_parameters)
    return urlunsplit((_scheme(declared), host + shown, path, query, ""))


def declared_port(source: Source) -> int | None:
    """Return the port that the source's first address names; None when it names none."""
    return _port_of(_declared(source))


def identity(url: str, source: Source, *, port: int | None = None) -> str | None:
    """Return what two addresses of one article have in common; None when `url` is no web address.

    That is the host with the id where `article_id_pattern` finds one (the slug is decoration), else the
    canonical address without scheme and trailing slash.
    """
    address = canonical(url, source, port=port)
    if address is None:
        return None
    parts = urlsplit(address)
    if source.article_id_pattern:
        found = _compiled(source.article_id_pattern).search(_path_and_query(parts))
        if found and found[1]:
            return f"{parts.netloc} {found[1]}"
    return urlunsplit(("", parts.netloc, parts.path.rstrip("/"), parts.query, ""))


def page_id(url: str) -> str:
    """Return the id of the page kept under a canonical address: 16 hex digits of its SHA-256."""
    return hashlib.sha256(url.encode()).hexdigest()[:16]


def is_article(url: str, source: Source, *, port: int | None = None) -> bool:
    """Return whether an address on a declared host has the form of an article's; print copies have it too."""
    parts = _split(url)
    if parts is None or parts.hostname is None or parts.hostname.rstrip(".") not in source.hosts:
        return False
    address = canonical(url, source, port=port)
    return address is not None and _matches(_path_and_query(urlsplit(address)), source.article_pattern)


def listing_address(url: str) -> str | None:
    """Return a listing's address without fragment and tracking parameters; None when it is no web address."""
    parts = _split(url)
    if parts is None or not parts.hostname:
        return None
    return str(normalize_url(urlunsplit(parts._replace(fragment=""))))


def base_address(page_url: str, href: str | None, hosts: Iterable[str]) -> str:
    """Return the address that a page's relative links are resolved against.

    `<base href>` is heeded only when it names the root of a declared host: papers point it at image
    hosts and template folders where no article answers.
    """
    if not href:
        return page_url
    base = _split(urljoin(page_url, href.strip()))
    if base is None or base.hostname not in set(hosts) or base.path not in ("", "/"):
        return page_url
    return urlunsplit(base)


def join(base: str, href: str) -> str | None:
    """Return a link's address made absolute and safe to send; None when it leads to no web page."""
    link = href.strip()
    if _PLAIN.fullmatch(link):
        return link
    try:
        joined = safe_url_string(urljoin(base, link))
    except ValueError:
        return None
    return joined if _split(joined) else None


def month(url: str) -> date | None:
    """Return the first day of the month that a path of the YYYYMM form names; None for other addresses."""
    found = _MONTH.search(url)
    return date(int(found[1]), int(found[2]), 1) if found else None


def with_port(url: str, port: int | None) -> str:
    """Return an address as it is asked on this machine: with the port of this run, if there is one."""
    if port is None:
        return url
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=f"{parts.hostname}:{port}"))


def without_port(url: str, source: Source, port: int | None) -> str:
    """Return an address as it lasts: with the port that the source declares in the place of this run's."""
    parts = urlsplit(url)
    if port is None or parts.port != port:
        return url
    lasting = declared_port(source)
    shown = "" if lasting in _DEFAULT_PORTS else f":{lasting}"
    return urlunsplit(parts._replace(netloc=f"{parts.hostname}{shown}"))


@functools.lru_cache(maxsize=4096)
def _split(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(url if _PLAIN.fullmatch(url) else safe_url_string(url.strip()))
        parts.port  # noqa: B018  (reading it is what raises)
    except ValueError:
        return None
    return parts if parts.scheme in ("http", "https") and parts.hostname else None


def _path_and_query(parts: SplitResult) -> str:
    return parts.path + (f"?{parts.query}" if parts.query else "")


@functools.cache
def _compiled(pattern: str) -> regex.Pattern[str]:
    return regex.compile(pattern)


def _matches(path_and_query: str, article_pattern: str) -> bool:
    """Whether an address has the declared form; where none is known, nothing is taken for an article."""
    return bool(article_pattern and _compiled(article_pattern).search(path_and_query))


@functools.cache
def _scheme(declared: tuple[str, ...]) -> str:
    return "http" if declared and all(url.startswith("http:") for url in declared) else "https"


@functools.cache
def _port_of(declared: tuple[str, ...]) -> int | None:
    return next((urlsplit(url).port for url in declared), None)


def _declared(source: Source) -> tuple[str, ...]:
    return (*source.start_urls, *source.feeds, *source.sitemaps)


def _preferred_host(host: str, hosts: tuple[str, ...]) -> str:
    if host not in hosts:
        return host
    return next(declared for declared in hosts if _bare(declared) == _bare(host))


def _bare(host: str) -> str:
    for prefix in _COPIES:
        host = host.removeprefix(prefix)
    return host


def _without_print(path: str, article_pattern: str) -> str:
    """Return the path of the article that a print copy repeats, where its shape gives it away."""
    if _matches(path, article_pattern):
        return path
    article = _PRINT.sub("", path, count=1)
    return article if article != path and _matches(article, article_pattern) else path


def _kept_query(query: str, names: tuple[str, ...]) -> str:
    if not query or not names:
        return ""
    return urlencode(sorted((key, value) for key, value in parse_qsl(query) if key in names))
