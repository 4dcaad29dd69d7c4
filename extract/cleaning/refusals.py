"""Answers that look like pages and hold no article: captchas, firewalls, reloads, soft 404s."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import regex
from lxml.html import HtmlElement

from extract.cleaning.markup import text_of

_DATA = Path(__file__).parents[2] / "data" / "refusals.toml"


@dataclass(frozen=True, slots=True)
class Refusal:
    """One kind of page without an article; a pattern that is None is not looked for."""

    name: str
    title: regex.Pattern[str] | None
    text: regex.Pattern[str] | None
    source: regex.Pattern[str] | None
    longest: int


@cache
def refusals() -> tuple[Refusal, ...]:
    """Return the kinds in data/refusals.toml; raises ValueError naming the file when one is broken."""
    rows = tomllib.loads(_DATA.read_text(encoding="utf-8"))["refusal"]
    try:
        return tuple(
            Refusal(
                name=row["name"],
                title=_compiled(row.get("title")),
                text=_compiled(row.get("text")),
                source=_compiled(row.get("source")),
                longest=row["longest"],
            )
            for row in rows
        )
    except (KeyError, regex.error) as problem:
        raise ValueError(f"{_DATA.name}: {problem}") from problem


def _compiled(pattern: str | None) -> regex.Pattern[str] | None:
    return regex.compile(pattern, regex.IGNORECASE) if pattern else None


def find_refusal(source: str, root: HtmlElement, text: str, *, has_body: bool = False) -> str | None:
    """Return which refusal a page is, by HTML, tree and visible text; None for a page with something in it.

    With `has_body`, where the source's own selectors found an article, only the title can say otherwise.
    """
    titles = [text_of(element) for tag in ("title", "h1") if (element := root.find(f".//{tag}")) is not None]
    for kind in refusals():
        if kind.title is not None and any(kind.title.fullmatch(title) for title in (*titles, text)):
            return kind.name
        if has_body or len(text) > kind.longest:
            continue
        if kind.text is not None and kind.text.search(text):
            return kind.name
        if kind.source is not None and kind.source.search(source):
            return kind.name
    return None
