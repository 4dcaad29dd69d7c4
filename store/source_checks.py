"""What a declaration of data/sources/ must keep to, and what makes one doubtful."""

from __future__ import annotations

import csv
import functools
import ipaddress
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from string import Formatter

import regex
from cryptography.x509 import load_pem_x509_certificate
from cssselect import SelectorError
from parsel.csstranslator import HTMLTranslator

from store.domains import registrable_domain
from store.records import Source

PROVINCES_PATH = Path(__file__).resolve().parent.parent / "data" / "provinces.csv"

# How a part of a declaration is known, the surest first; data/README.md explains each word.
EVIDENCE = ("verified", "page", "crawler", "old", "list", "guess")
PARTS = (
    "host",
    "listings",
    "feeds",
    "sitemaps",
    "article_pattern",
    "body",
    "lead",
    "date",
    "sections",
    "validity",
    "tls",
)
TLS = ("legacy", "weak")
LARGEST_ATTACHMENT = 64 * 2**20  # bytes; larger reports are not read
LEAST_DELAY = {"newspaper": 1.0, "portal": 2.0, "sample": 0.0}  # seconds
_SELECTORS = (
    "link_selector",
    "next_selector",
    "title_selectors",
    "lead_selectors",
    "body_selectors",
    "author_selectors",
    "date_selectors",
    "drop_selectors",
)
_PATTERNS = ("article_pattern", "article_id_pattern")
_HOST = regex.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
# https://baonghean.vn/kinh-te
_ADDRESS = regex.compile(r"https?://(?P<host>[^/:?#@\s]+)(?::\d{1,5})?(?:[/?#]\S*)?")
_OFFSET = regex.compile(r"[+-](?:0\d|1[0-4]):[0-5]\d")  # +07:00
_NUMERIC_HOST = regex.compile(r"(?:0x[0-9a-f]+|\d+)(?:\.(?:0x[0-9a-f]+|\d+))*")  # 2130706433, 0x7f.1


class SourceError(ValueError):
    """A source declaration that cannot be used; the message names the file, the source and the key."""


def check_source(source: Source, where: str) -> None:
    """Raise SourceError, whose text begins with `where`, when a declaration cannot be used."""
    _check_hosts(source, where)
    _check_patterns(source, where)
    _check_json_link(source, where)
    _check_selectors(source, where)
    _check_provinces(source, where)
    _check_values(source, where)


def doubts(source: Source) -> Iterator[str]:
    """Yield a sentence for everything that would make a source find little, or ask too much."""
    if not source.enabled and not source.disabled_because:
        yield f"{source.id}: is not enabled and does not say why."
    if source.kind != "sample" and "host" not in source.evidence:
        yield f"{source.id}: evidence does not say how its host is known."
    for part, key in (("feeds", source.feeds), ("sitemaps", source.sitemaps)):
        if key and source.kind != "sample" and part not in source.evidence:
            yield f"{source.id}: evidence does not say how its {part} are known."
    if source.delay < LEAST_DELAY[source.kind] and not source.allow_private_addresses:
        owed = "second that papers are" if source.kind == "newspaper" else "two seconds that portals are"
        yield f"{source.id}: a delay of {source.delay:g} s is less than the {owed} owed."
    if source.enabled:
        yield from _would_find_little(source)


def _would_find_little(source: Source) -> Iterator[str]:
    if not source.start_urls and not source.feeds and not source.sitemaps:
        yield f"{source.id}: no start_urls, feeds or sitemaps: nothing would be found."
    if not source.article_pattern:
        yield f"{source.id}: no article_pattern: no link of a listing would be taken for an article."
    if not source.body_selectors and source.evidence.get("body") != "guess":
        yield f"{source.id}: no body_selectors: the text is left to the generic cleaner."
    if source.date_formats and not source.date_selectors:
        yield f"{source.id}: date_formats without date_selectors are never used."


def _check_hosts(source: Source, where: str) -> None:
    if not source.hosts:
        raise SourceError(f"{where}: hosts is empty; it names the only hosts that may be asked.")
    for host in source.hosts:
        if not _HOST.fullmatch(host):
            raise SourceError(f"{where}: hosts: {host!r} is not a bare lower-case host name.")
        if not source.allow_private_addresses and (_is_address(host) or _NUMERIC_HOST.fullmatch(host)):
            raise SourceError(f"{where}: hosts: {host!r} is an address, not a name.")
    domains = {registrable_domain(host) for host in source.hosts}
    if len(domains) > 1 and not source.allow_private_addresses:
        raise SourceError(
            f"{where}: hosts are of several domains ({', '.join(sorted(domains))}): declare several sources."
        )
    for key in ("start_urls", "feeds", "sitemaps"):
        for url in getattr(source, key):
            found = _ADDRESS.fullmatch(url)
            if found is None:
                raise SourceError(f"{where}: {key}: {url!r} is not an http or https address.")
            if found["host"].lower() not in source.hosts:
                raise SourceError(f"{where}: {key}: the host of {url!r} is missing from hosts.")


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _check_patterns(source: Source, where: str) -> None:
    for key in _PATTERNS:
        pattern = getattr(source, key)
        if pattern is None:
            continue
        try:
            groups = regex.compile(pattern).groups
        except regex.error as error:
            raise SourceError(f"{where}: {key} is not a regular expression: {error}.") from error
        if key == "article_id_pattern" and groups < 1:
            raise SourceError(f"{where}: article_id_pattern has no group for the id.")


def _check_json_link(source: Source, where: str) -> None:
    if source.json_link is None:
        return
    try:
        names = [name for _, name, _, _ in Formatter().parse(source.json_link) if name is not None]
    except ValueError:
        names = []
    if not (names and all(map(str.isidentifier, names)) and source.json_link.startswith(("/", "http"))):
        raise SourceError(f"{where}: json_link must look like /tin/{{slug}}, not {source.json_link!r}.")


def _check_selectors(source: Source, where: str) -> None:
    for key in _SELECTORS:
        value = getattr(source, key)
        for selector in (value,) if isinstance(value, str) else value or ():
            try:
                HTMLTranslator().css_to_xpath(selector)
            except SelectorError as error:
                raise SourceError(f"{where}: {key}: {selector!r} is not a CSS selector: {error}.") from error


def _check_provinces(source: Source, where: str) -> None:
    named = [*source.serves, *source.sections.values()]
    if source.province is not None:
        named.append(source.province)
    for name in named:
        if name not in _province_names():
            raise SourceError(f"{where}: unknown province {name!r}; provinces.csv lists the names.")
    for path in source.sections:
        if not path.startswith("/"):
            raise SourceError(f"{where}: sections: {path!r} is no beginning of a path.")


def _check_values(source: Source, where: str) -> None:
    if not _OFFSET.fullmatch(source.utc_offset):
        raise SourceError(f"{where}: utc_offset must look like +07:00, not {source.utc_offset!r}.")
    if source.delay < 0 or source.max_listing_pages < 1:
        raise SourceError(f"{where}: delay must not be negative and max_listing_pages must be at least 1.")
    if not 0 <= source.max_attachment_bytes <= LARGEST_ATTACHMENT:
        raise SourceError(f"{where}: max_attachment_bytes must be 0 to {LARGEST_ATTACHMENT}.")
    if source.allow_private_addresses and source.kind != "sample":
        raise SourceError(f'{where}: allow_private_addresses is only for kind = "sample".')
    for exception in source.tls:
        if exception not in TLS:
            raise SourceError(f"{where}: tls: {exception!r} is none of {', '.join(TLS)}.")
    for pem in source.intermediate_certificates:
        try:
            load_pem_x509_certificate(pem.encode())
        except ValueError as error:
            raise SourceError(f"{where}: intermediate_certificates holds what is no certificate.") from error
    for part, how in source.evidence.items():
        if part not in PARTS or how not in EVIDENCE:
            raise SourceError(
                f"{where}: evidence: {part} = {how!r} is none of {', '.join(PARTS)} = {', '.join(EVIDENCE)}."
            )
    for key in ("valid_from", "valid_until"):
        _check_day(getattr(source, key), f"{where}: {key}")


def _check_day(value: str | None, where: str) -> None:
    try:
        if value is not None:
            date.fromisoformat(value)
    except ValueError as error:
        raise SourceError(f"{where} must be a date like 2025-06-30, not {value!r}.") from error


@functools.cache
def _province_names() -> frozenset[str]:
    with PROVINCES_PATH.open(encoding="utf-8", newline="") as file:
        return frozenset(row["name"] for row in csv.DictReader(file))
