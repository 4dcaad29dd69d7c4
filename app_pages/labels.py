"""The words of the app in both languages, read from data/labels.toml."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

LANGUAGES = ("vi", "en")

_MANY = re.compile(r"\{(\w+)\} ((?:fetched |more )?[a-z]+s)\b")  # "{count} figures"
_TABLE = Path(__file__).resolve().parent.parent / "data" / "labels.toml"


@cache
def labels() -> MappingProxyType[str, dict[str, str]]:
    """Return every label by "section.name": its texts by language. Raises ValueError when one is missing."""
    tables = tomllib.loads(_TABLE.read_text(encoding="utf-8"))
    found = {f"{table}.{name}": texts for table, rows in tables.items() for name, texts in rows.items()}
    for key, texts in found.items():
        if tuple(texts) != LANGUAGES:
            raise ValueError(f"{_TABLE.name}: {key} needs exactly {', '.join(LANGUAGES)}.")
    return MappingProxyType(found)


def label(lang: str, key: str, **values: object) -> str:
    """Return the text of "section.name" with its braces filled in. Raises KeyError for an unknown key.

    English words of many are put into the singular behind a 1 that was filled in.
    """
    text = labels()[key][lang]
    if not values:
        return text
    if lang == "en" and "1" in map(str, values.values()):
        text = _MANY.sub(lambda found: _of_one(found, values), text)
    return text.format(**values)


def _of_one(found: re.Match[str], values: Mapping[str, object]) -> str:
    counted, many = found[1], found[2]
    one = labels().get(f"one.{many}")
    return f"{{{counted}}} {one['en']}" if one and str(values[counted]) == "1" else found[0]


def named(lang: str, section: str, name: str | None) -> str:
    """Return the text of a code such as a kind or a status; the code itself when it has none, "" for None."""
    texts = labels().get(f"{section}.{name}")
    return texts[lang] if texts else name or ""
