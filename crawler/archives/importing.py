"""Imports WARC files, saved pages and folders of both into the page database, as a run of its own."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import BinaryIO
from urllib.parse import urlsplit

from crawler.archives.intake import (
    LARGEST,
    Intake,
    Place,
    declared,
    place_of,
    place_of_answer,
    take,
    unwanted,
    write,
)
from crawler.archives.saved import address_by_place, addresses_in, files_below, is_html, open_file
from crawler.archives.segments import is_packed, is_warc, is_zstandard
from crawler.archives.warc import Answer, ArchiveError, read_warc
from crawler.attachments import kind_of
from store.pages import finish_run, open_pages, start_run
from store.records import Source

RUN = "import"  # recorded in the place of a source: an import says nothing of how a source is doing
_DAMAGE = ("broken", "truncated", "cut", "too_large", "unreadable")
_MAX_PROBLEMS = 20  # sentences
_TOLD = 200  # records between two reports of progress

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportSummary:
    """What came of an import; intake.COUNTERS and crawler/counters.py explain the names in `counters`."""

    run_id: int
    files: int
    stored: int
    known: int  # articles stored before
    foreign: int  # pages of hosts that no source declares
    left_out: int  # pages that are no articles, refusals, records of other kinds
    damaged: int  # records and files that could not be read in whole
    problems: tuple[str, ...]  # the first sentences about files
    by_source: Mapping[str, int]  # pages stored
    counters: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class _File:
    """A file to read."""

    path: Path
    below: Path  # what was named: the file itself, or a folder that holds it
    size: int


def import_files(
    paths: Iterable[Path],
    *,
    sources: Iterable[Source],
    pages_path: str | Path,
    now: datetime,
    base_url: str | None = None,
    progress: Progress | None = None,
) -> ImportSummary:
    """Store the articles of `sources` that files and folders hold, and return what came of it.

    A saved file that does not say where it comes from has the address that it would have below `base_url`;
    without one it is left out. `now` is aware, and nothing is later. `progress` is told how many bytes are
    done of how many. Done again, also after it was killed, it stores nothing twice. Raises ArchiveError when
    a path does not exist or no file can be read, and StoreError when the database cannot be used.
    """
    named = list(paths)
    for path in named:
        if not path.exists():
            raise ArchiveError(f"{_shown(path)}: there is no such file or folder.")
    by_host = declared(sources)
    if base_url is not None and _host(base_url) not in by_host:
        raise ArchiveError(f"{base_url!r} is not an http or https address of a host that a source declares.")
    with closing(open_pages(pages_path)) as db:
        intake = Intake(db, start_run(db, RUN, _iso(now)), by_host)
        reading = _Reading(intake, base_url, now, progress)
        outcome = "cancelled"
        try:
            _read_all(reading, [file for path in named for file in _files(intake, path)])
            outcome = "finished"
        finally:
            write(intake)
            said = {"problem": reading.problems[0]} if reading.problems else {}
            finish_run(
                db, intake.run_id, _iso(datetime.now(UTC)), {**intake.counters, **said}, outcome=outcome
            )
    return _summary(reading)


@dataclass(slots=True)
class _Reading:
    """The state of reading the files."""

    intake: Intake
    base_url: str | None
    now: datetime
    progress: Progress | None
    problems: list[str] = field(default_factory=list)
    files: int = 0


def _files(intake: Intake, path: Path) -> Iterator[_File]:
    for found in files_below(path):
        if isinstance(found, str):
            intake.counters[found] += 1
        else:
            yield _File(found, path, found.stat().st_size)


def _read_all(reading: _Reading, files: Sequence[_File]) -> None:
    """Read the files one after another; what cannot be read is told and does not keep the others."""
    total = sum(file.size for file in files)
    done = 0
    for file in files:
        try:
            with open_file(file.path, follow=file.path == file.below) as opened:
                _read_file(reading, file, opened, partial(_tell, reading, done, total))
            reading.files += 1
        except (ArchiveError, OSError) as problem:
            reason = problem.strerror if isinstance(problem, OSError) else str(problem)
            reading.problems.append(f"{_shown(file.path)}: {reason or 'it cannot be read'}.")
            reading.intake.counters["unreadable"] += 1
        done += file.size
        _tell(reading, done, total, 0)
    if files and not reading.files:
        write(reading.intake)
        raise ArchiveError(reading.problems[0])


def _tell(reading: _Reading, before: int, total: int, position: int) -> None:
    if reading.progress:
        reading.progress(before + position, total)


def _host(url: str) -> str | None:
    """Return the host of a web address; None when it is none."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return parts.hostname if parts.scheme in ("http", "https") else None


def _shown(path: Path) -> str:
    """Return a file's name fit for a terminal, whoever chose it."""
    name = os.fsencode(path).decode("utf-8", "replace")
    return "".join(sign if sign.isprintable() else "?" for sign in name)


def _read_file(reading: _Reading, file: _File, opened: BinaryIO, tell: Callable[[int], None]) -> None:
    if is_warc(opened):
        _read_records(reading, opened, tell)
    elif is_packed(opened):
        raise ArchiveError("it is packed and holds no WARC records")
    elif is_zstandard(opened):
        raise ArchiveError("it is packed with Zstandard, which is not read: unpack it first")
    elif file.size == 0:
        raise ArchiveError("it is empty")
    else:
        _read_page(reading, file, opened)


def _read_records(reading: _Reading, opened: BinaryIO, tell: Callable[[int], None]) -> None:
    """Take the records of a WARC file; one that names no wanted address is passed over unread."""
    intake = reading.intake
    records = read_warc(opened, skip=partial(unwanted, intake), largest=LARGEST, now=reading.now)
    for number, record in enumerate(records):
        if isinstance(record, str):
            intake.counters[record] += 1
        else:
            place = place_of_answer(intake, record)
            if isinstance(place, Place):
                take(intake, record, place)
            else:
                intake.counters[place] += 1
        if number % _TOLD == 0:
            tell(opened.tell())


def _read_page(reading: _Reading, file: _File, opened: BinaryIO) -> None:
    """Take a saved page under the first of its addresses that is an article's, a report under any."""
    intake = reading.intake
    opened.seek(0)
    body = opened.read(LARGEST + 1)
    if len(body) > LARGEST:
        intake.counters["too_large"] += 1
        return
    kind = kind_of(body)
    report = kind in ("pdf", "word")
    if not report and not is_html(body):
        intake.counters["attachment_unsupported" if kind == "unsupported" else "not_a_page"] += 1
        return
    urls = [] if report else addresses_in(body)
    if reading.base_url:
        urls.append(address_by_place(file.path, file.below, reading.base_url))
    places = [(url, place_of(intake, url, report=report)) for url in urls]
    for url, place in places:
        if isinstance(place, Place):
            saved_at = _saved_at(opened, reading.now)
            take(intake, Answer(url=url, fetched_at=saved_at, content_type=None, body=body), place)
            return
    intake.counters[next((place for _, place in places if isinstance(place, str)), "no_address")] += 1


def _saved_at(opened: BinaryIO, now: datetime) -> str:
    """Return when a file was last written, `now` where its time lies ahead."""
    return _iso(min(datetime.fromtimestamp(max(os.fstat(opened.fileno()).st_mtime, 0), UTC), now))


def _summary(reading: _Reading) -> ImportSummary:
    intake = reading.intake
    counters = {name: number for name, number in sorted(intake.counters.items()) if number}
    told = {name: counters.get(name, 0) for name in ("stored", "known", "foreign")}
    damaged = sum(counters.get(name, 0) for name in _DAMAGE)
    return ImportSummary(
        run_id=intake.run_id,
        files=reading.files,
        **told,
        left_out=sum(counters.values()) - sum(told.values()) - damaged,
        damaged=damaged,
        problems=tuple(reading.problems[:_MAX_PROBLEMS]),
        by_source={source: number for source, number in sorted(intake.by_source.items()) if number},
        counters=counters,
    )


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
