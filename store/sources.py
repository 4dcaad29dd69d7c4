"""Reads data/sources/: what is declared of every paper and portal, checked before anything is asked."""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import MISSING, dataclass, field, fields
from pathlib import Path
from typing import Any, get_args, get_type_hints

from store.records import Source
from store.source_checks import SourceError, check_source, doubts

__all__ = ["SOURCES_PATH", "SourceError", "SourceRow", "check_sources", "list_sources", "load_sources"]

DATA = Path(__file__).resolve().parent.parent / "data"
SOURCES_PATH = DATA / "sources"

_OWN_KEYS = frozenset({"name", "family"})  # of one site, never of a family


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceRow:
    """What `chiso sources` lists of one source."""

    id: str
    name: str
    kind: str
    family: str
    province: str | None
    serves: tuple[str, ...]
    hosts: tuple[str, ...]
    languages: tuple[str, ...]
    valid_from: str | None
    valid_until: str | None
    delay: float
    enabled: bool
    disabled_because: str | None
    evidence: Mapping[str, str]
    note: str | None


@dataclass(slots=True)
class _Declared:
    """The tables of all files, and the file that each source stands in."""

    families: dict[str, dict[str, Any]] = field(default_factory=dict)
    sources: dict[str, dict[str, Any]] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)


def load_sources(path: Path = SOURCES_PATH) -> dict[str, Source]:
    """Return every declared source by its id, in the order of the file, or of the files of a folder by name.

    Raises SourceError when a file is missing, is not TOML or declares something that cannot be used.
    """
    declared = _Declared()
    for file in _files(path):
        _collect(declared, _read(file), file.name)
    return {
        key: _source(key, table, declared.families, f"{declared.files[key]}: source {key}")
        for key, table in declared.sources.items()
    }


def list_sources(
    path: Path = SOURCES_PATH,
    *,
    province: str | None = None,
    family: str | None = None,
    enabled: bool | None = None,
) -> list[SourceRow]:
    """Return one row per declared source in the order of the files, of those that fit. Raises SourceError.

    `province` fits a source's own, the former ones that it serves, and those of its sections.
    """
    return [
        SourceRow(**{field.name: getattr(source, field.name) for field in fields(SourceRow)})
        for source in load_sources(path).values()
        if province is None or province in (source.province, *source.serves, *source.sections.values())
        if family is None or source.family == family
        if enabled is None or source.enabled == enabled
    ]


def check_sources(path: Path = SOURCES_PATH) -> list[str]:
    """Return a sentence for every source that loads but would find little; none when all is well.

    Asks no host. Raises SourceError when a file cannot be used at all.
    """
    sources = load_sources(path)
    return [sentence for source in sources.values() for sentence in doubts(source)]


def _files(path: Path) -> Iterable[Path]:
    if not path.is_dir():
        return [path]
    files = sorted(path.glob("*.toml"))
    if not files:
        raise SourceError(f"{path}: holds no .toml file.")
    return files


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SourceError(f"{path}: cannot be read ({error.strerror or error}).") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SourceError(f"{path.name}: not valid TOML: {error}.") from error


def _collect(declared: _Declared, document: Mapping[str, Any], file: str) -> None:
    for key in document.keys() - {"family", "source"}:
        raise SourceError(f"{file}: unknown table [{key}]; only [family.…] and [source.…] are read.")
    for name, settings in _tables(document, "family", file).items():
        for key in settings:
            if key not in _types() or key in _OWN_KEYS:
                raise SourceError(f"{file}: family {name}: unknown key {key!r}.")
        if name in declared.families:
            raise SourceError(f"{file}: family {name} is declared twice.")
        declared.families[name] = settings
    for key, table in _tables(document, "source", file).items():
        if key in declared.sources:
            raise SourceError(f"{file}: source {key} is declared in {declared.files[key]}, too.")
        declared.sources[key] = table
        declared.files[key] = file


def _tables(document: Mapping[str, Any], kind: str, file: str) -> dict[str, dict[str, Any]]:
    tables = document.get(kind, {})
    if not isinstance(tables, dict) or not all(isinstance(table, dict) for table in tables.values()):
        raise SourceError(f"{file}: {kind} must hold tables, as in [{kind}.name].")
    return tables


def _source(key: str, table: dict[str, Any], families: Mapping[str, dict[str, Any]], where: str) -> Source:
    family = table.get("family")
    if family is not None and family not in families:
        raise SourceError(f"{where}: unknown family {family!r}.")
    settings = {**families.get(str(family), {}), **table}
    values: dict[str, Any] = {"id": key, "province": None}
    for name, value in settings.items():
        if name not in _types():
            raise SourceError(f"{where}: unknown key {name!r}.")
        values[name] = _typed(value, _types()[name], f"{where}: {name}")
    for declared in fields(Source):
        missing = declared.default is MISSING and declared.default_factory is MISSING
        if missing and declared.name not in values:
            raise SourceError(f"{where}: {declared.name} is missing.")
    source = Source(**values)
    check_source(source, where)
    return source


@functools.cache
def _types() -> dict[str, Any]:
    return {name: kind for name, kind in get_type_hints(Source).items() if name != "id"}


def _typed(value: Any, kind: Any, where: str) -> Any:
    if kind == tuple[str, ...]:
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise SourceError(f"{where} must be a list of strings.")
        return tuple(value)
    if kind == Mapping[str, str]:
        if not isinstance(value, dict) or not all(isinstance(item, str) for item in value.values()):
            raise SourceError(f"{where} must be a table of strings.")
        return value
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
