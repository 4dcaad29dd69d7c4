"""What people hand in: files of several kinds, names of provinces, dates."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

from extract import documents, exchange, text
from extract.place import provinces
from store.records import Article


class InputError(Exception):
    """Something handed in cannot be used; the message is one sentence that says what and why."""


def articles(
    files: Sequence[Path], *, now: datetime, province: str | None = None, published: str | None = None
) -> Iterator[Article]:
    """Yield the articles of text, HTML, PDF, DOCX and .jsonl files.

    `province` and `published`, where given, go before what the files say; `now` is aware, and no date in a
    file after it counts. Raises InputError, CleanError or ExchangeError, each with the file's name, and
    OSError when a file cannot be read.
    """
    name, day = province_name(province), publication_date(published)
    for path in files:
        if path.suffix == ".jsonl":
            for article in exchange.read_documents(path):
                yield replace(
                    article,
                    site_province=name or article.site_province,
                    published=day or article.published,
                )
        else:
            yield documents.read_file(path, now=now, site_province=name, published=day)


def typed_text(words: str, *, province: str | None = None, published: str | None = None) -> Article:
    """Return text from the command line as an article. Raises InputError."""
    if not words.strip():
        raise InputError("There is no text.")
    return Article(
        id="text",
        url="",
        title="",
        text=text.normalise(words),
        site_province=province_name(province),
        published=publication_date(published),
    )


def province_name(words: str | None) -> str | None:
    """Return the short name of the province that a person means, None for None. Raises InputError."""
    if words is None:
        return None
    name = provinces.resolve(words)
    if name is None:
        near = provinces.suggest(words)
        hint = f"; did you mean {' or '.join(near)}?" if near else "."
        raise InputError(f"There is no province called {words!r}{hint}")
    return name


def place_ids(words: Sequence[str]) -> tuple[str, ...]:
    """Return the ids of all units, of the 63 and of the 34, that bear the names. Raises InputError."""
    names = {province_name(word) for word in words}
    found = [unit.id for unit in provinces.units().values() if unit.name in names]
    return (*found, *((provinces.COUNTRY_ID,) if provinces.COUNTRY in names else ()))


def publication_date(words: str | None) -> str | None:
    """Return an ISO date or a bare year; None for None. Raises InputError for anything else."""
    if words is None or (len(words) == 4 and words.isascii() and words.isdigit()):
        return words
    try:
        return date.fromisoformat(words).isoformat()
    except ValueError as error:
        raise InputError(f"{words!r} is not a date: write YYYY-MM-DD or YYYY.") from error
