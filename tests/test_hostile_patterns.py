"""No pattern hangs: each compiled one, of rule files and modules, on text made to let it backtrack."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from functools import cache
from types import ModuleType

import pytest
import regex

import crawler
import extract
import store
from extract import rules

SECONDS = 2.0  # far more than any pattern needs, far less than one takes that backtracks without bound
LENGTH = 1500

HOSTILE = {
    "digits": "1",
    "dotted digits": "1.",
    "digits and commas": "1,",
    "slashes": "1/",
    "hyphens": "12-",
    "percents": "12,5% ",
    "thousands": "000.",
    "spaced digits": "1 ",
    "letters": "a",
    "capitals": "A",
    "syllables": "hộ ",
    "capital syllables": "Hà ",
    "initials": "T.",
    "blanks": " ",
    "line ends": "\n",
    "tabs and line ends": " \n\t",
    "dots": ".",
    "commas": ", ",
    "brackets": "(",
    "closed brackets": "(a) ",
    "angles": "<",
    "tags": "<p a=",
    "entities": "&amp",
    "quotes": '"',
    "slashes of an address": "/a",
    "dots of an address": "a.",
    "colons": "a: ",
    "and": "và ",
    "hedges": "hơn gần khoảng ",
    "changes": "tăng giảm ",
    "years": "năm 2024 ",
    "months": "9 tháng ",
    "from and to": "từ đến ",
    "days": "ngày 1/2/",
    "compared": "so với năm ",
    "totals": "trên tổng số ",
    "indexes": "chỉ số cải cách ",
    "ranks": "xếp thứ 5 ",
    "magnitudes": "nghìn tỷ triệu ",
    "units": "đồng/người/",
    "plans": "kế hoạch chỉ tiêu ",
    "places": "huyện Trà Bồng, ",
    "agencies": "Sở Y tế và ",
    "firms": "Công ty Cổ phần ",
    "marks": "\u0301",
    "hyphens and blanks": " - ",
}


def modules() -> Iterator[ModuleType]:
    for package in (crawler, extract, store):
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            yield importlib.import_module(found.name)


def patterns_in(value: object, depth: int = 4) -> Iterator[regex.Pattern[str]]:
    """Yield the patterns of text in a value: itself, or what its items and fields hold."""
    if isinstance(value, regex.Pattern):
        if isinstance(value.pattern, str):
            yield value
    elif depth and isinstance(value, dict):
        for each in value.values():
            yield from patterns_in(each, depth - 1)
    elif depth and isinstance(value, (tuple, list, frozenset)):
        for each in value:
            yield from patterns_in(each, depth - 1)
    elif depth and is_dataclass(value) and not isinstance(value, type):
        for field in fields(value):
            yield from patterns_in(getattr(value, field.name), depth - 1)


def held(module: ModuleType) -> Iterator[object]:
    """Yield a module's constants and what its cached functions without arguments return."""
    for value in vars(module).values():
        own = getattr(value, "__module__", None) == module.__name__
        if own and hasattr(value, "cache_info") and value.__wrapped__.__code__.co_argcount == 0:
            yield value()
        elif not callable(value):
            yield value


@cache
def every_pattern() -> dict[str, regex.Pattern[str]]:
    found = {}
    for module in modules():
        for value in held(module):
            for pattern in patterns_in(value):
                found.setdefault(f"{module.__name__}: {pattern.pattern}", pattern)
    for path in sorted(rules.DIRECTORY.glob("*.toml")):
        for rule in rules.load_rules(path.stem):
            for pattern in patterns_in(rule):
                found.setdefault(f"{path.name}, {rule.name}: {pattern.pattern}", pattern)
    distinct = {(pattern.pattern, pattern.flags): name for name, pattern in found.items()}
    return {name: found[name] for name in distinct.values()}


def test_the_patterns_are_found() -> None:
    places = {name.split(":")[0].split(",")[0] for name in every_pattern()}
    assert {"times.toml", "guards.toml", "quantities.toml", "bounds.toml"} <= places
    assert {"extract.statuses", "extract.phrase.bases", "extract.place.gazetteer"} <= places


@pytest.mark.parametrize("name", HOSTILE)
def test_no_pattern_hangs(name: str) -> None:
    text = HOSTILE[name] * (LENGTH // len(HOSTILE[name]))
    slow = []
    for where, pattern in every_pattern().items():
        try:
            for _ in pattern.finditer(text, timeout=SECONDS):
                pass
            pattern.fullmatch(text, timeout=SECONDS)
        except TimeoutError:
            slow.append(where[:120])
    assert slow == []
