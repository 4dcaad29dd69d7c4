"""Reads data/sources.toml: what is declared of every paper and portal, checked before anything is asked."""

from __future__ import annotations

import csv
import functools
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, dataclass, fields
from pathlib import Path
from typing import Any, get_args, get_type_hints

import regex
from cssselect import SelectorError
from parsel.csstranslator import HTMLTranslator

from store.records import Source

DATA = Path(__file__).resolve().parent.parent / "data"
SOURCES_PATH = DATA / "sources.toml"

_OWN_KEYS = frozenset({"name", "family"})  # of one site, never of a family
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
_HOST = regex.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
# https://baonghean.vn/kinh-te
_ADDRESS = regex.compile(r"https?://(?P<host>[^/:?#@\s]+)(?::\d{1,5})?(?:[/?#]\S*)?")
_OFFSET = regex.compile(r"[+-](?:0\d|1[0-4]):[0-5]\d")  # +07:00


class SourceError(ValueError):
    """A source declaration that cannot be used; the message names the file, the source and the key."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceRow:
    """What `chiso sources` lists of one source."""

    id: str
    name: str
    kind: str
    family: str
    province: str | None
    hosts: tuple[str, ...]
    enabled: bool
    note: str | None


def load_sources(path: Path = SOURCES_PATH) -> dict[str, Source]:
    """Return every declared source by its id, in the order of the file.

    Raises SourceError when the file is missing, is not TOML or declares something that cannot be used.
    """
    document = _read(path)
    families = _tables(document, "family", path)
    declared = _tables(document, "source", path)
    for key in document.keys() - {"family", "source"}:
        raise SourceError(f"{path.name}: unknown table [{key}]; only [family.…] and [source.…] are read.")
    for name, settings in families.items():
        for key in settings:
            if key not in _types() or key in _OWN_KEYS:
                raise SourceError(f"{path.name}: family {name}: unknown key {key!r}.")
    return {key: _source(key, table, families, path) for key, table in declared.items()}


def list_sources(path: Path = SOURCES_PATH) -> list[SourceRow]:
    """Return one row per declared source, in the order of the file. Raises SourceError."""
    return [
        SourceRow(**{field.name: getattr(source, field.name) for field in fields(SourceRow)})
        for source in load_sources(path).values()
    ]


def check_sources(path: Path = SOURCES_PATH) -> list[str]:
    """Return a sentence for every source that loads but would find little; none when all is well.

    Asks no host. Raises SourceError when the file cannot be used at all.
    """
    return [sentence for source in load_sources(path).values() for sentence in _doubts(source)]


def _doubts(source: Source) -> Iterator[str]:
    if not source.start_urls and not source.feeds and not source.sitemaps:
        yield f"{source.id}: no start_urls, feeds or sitemaps: nothing would be found."
    if not source.article_pattern:
        yield f"{source.id}: no article_pattern: every link of a listing would be taken for an article."
    if not source.body_selectors:
        yield f"{source.id}: no body_selectors: the text is left to the generic cleaner."
    if source.date_formats and not source.date_selectors:
        yield f"{source.id}: date_formats without date_selectors are never used."
    if source.delay < 1 and not source.allow_private_addresses:
        yield f"{source.id}: a delay of {source.delay:g} s is less than the second that papers are owed."


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SourceError(f"{path}: cannot be read ({error.strerror or error}).") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SourceError(f"{path.name}: not valid TOML: {error}.") from error


def _tables(document: Mapping[str, Any], kind: str, path: Path) -> dict[str, dict[str, Any]]:
    tables = document.get(kind, {})
    if not isinstance(tables, dict) or not all(isinstance(table, dict) for table in tables.values()):
        raise SourceError(f"{path.name}: {kind} must hold tables, as in [{kind}.name].")
    return tables


def _source(key: str, table: dict[str, Any], families: Mapping[str, dict[str, Any]], path: Path) -> Source:
    where = f"{path.name}: source {key}"
    family = table.get("family")
    if family is not None and family not in families:
        raise SourceError(f"{where}: unknown family {family!r}.")
    settings = {**families.get(str(family), {}), **table}
    values: dict[str, Any] = {"id": key, "province": None}
    for name, value in settings.items():
        if name not in _types():
            raise SourceError(f"{where}: unknown key {name!r}.")
        values[name] = _typed(value, _types()[name], f"{where}: {name}")
    for field in fields(Source):
        if field.name not in values and field.default is MISSING:
            raise SourceError(f"{where}: {field.name} is missing.")
    source = Source(**values)
    _check_addresses(source, where)
    _check_patterns(source, where)
    _check_values(source, where)
    return source


@functools.cache
def _types() -> dict[str, Any]:
    return {name: kind for name, kind in get_type_hints(Source).items() if name != "id"}


def _typed(value: Any, kind: Any, where: str) -> Any:
    if kind == tuple[str, ...]:
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise SourceError(f"{where} must be a list of strings.")
        return tuple(value)
    if kind is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if kind in (str, int, float, bool):
        if type(value) is not kind:
            raise SourceError(f"{where} must be of type {kind.__name__}, not {type(value).__name__}.")
        return value
    choices = get_args(kind)  # Literal["newspaper", …], or (str, NoneType)
    if str in choices:
        return _typed(value, str, where)
    if value not in choices:
        raise SourceError(f"{where} must be one of {', '.join(choices)}, not {value!r}.")
    return value


def _check_addresses(source: Source, where: str) -> None:
    if not source.hosts:
        raise SourceError(f"{where}: hosts is empty; it names the only hosts that may be asked.")
    for host in source.hosts:
        if not _HOST.fullmatch(host):
            raise SourceError(f"{where}: hosts: {host!r} is not a bare lower-case host name.")
    for key in ("start_urls", "feeds", "sitemaps"):
        for url in getattr(source, key):
            found = _ADDRESS.fullmatch(url)
            if found is None:
                raise SourceError(f"{where}: {key}: {url!r} is not an http or https address.")
            if found["host"].lower() not in source.hosts:
                raise SourceError(f"{where}: {key}: the host of {url!r} is missing from hosts.")


def _check_patterns(source: Source, where: str) -> None:
    for key, pattern in (
        ("article_pattern", source.article_pattern),
        ("article_id_pattern", source.article_id_pattern),
    ):
        if pattern is None:
            continue
        try:
            groups = regex.compile(pattern).groups
        except regex.error as error:
            raise SourceError(f"{where}: {key} is not a regular expression: {error}.") from error
        if key == "article_id_pattern" and groups < 1:
            raise SourceError(f"{where}: article_id_pattern has no group for the id.")
    for key in _SELECTORS:
        value = getattr(source, key)
        for selector in (value,) if isinstance(value, str) else value or ():
            try:
                HTMLTranslator().css_to_xpath(selector)
            except SelectorError as error:
                raise SourceError(f"{where}: {key}: {selector!r} is not a CSS selector: {error}.") from error


def _check_values(source: Source, where: str) -> None:
    if source.province is not None and source.province not in _province_names():
        raise SourceError(f"{where}: unknown province {source.province!r}; provinces.csv lists the names.")
    if not _OFFSET.fullmatch(source.utc_offset):
        raise SourceError(f"{where}: utc_offset must look like +07:00, not {source.utc_offset!r}.")
    if source.delay < 0 or source.max_listing_pages < 1:
        raise SourceError(f"{where}: delay must not be negative and max_listing_pages must be at least 1.")
    if source.allow_private_addresses and source.kind != "sample":
        raise SourceError(f'{where}: allow_private_addresses is only for kind = "sample".')


@functools.cache
def _province_names() -> frozenset[str]:
    with (DATA / "provinces.csv").open(encoding="utf-8", newline="") as file:
        return frozenset(row["name"] for row in csv.DictReader(file))
