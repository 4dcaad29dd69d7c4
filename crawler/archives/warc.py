"""Reads WARC files record by record: what servers answered, and a word for every record that is no answer.

FastWARC reads the headers. What it does not do is done here: a broken record, a wrong length, a bomb or
a cut end costs that record and not the ones behind it, and no record of whose bytes there is any doubt is
handed on.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import BinaryIO

from fastwarc.warc import ArchiveIterator, WarcRecord, WarcRecordType

from crawler.archives.http_bodies import whole_body
from crawler.archives.segments import MAX_RECORD, Segment, is_packed, next_start, segment

MAX_BROKEN = 1000  # records; a file with more is left
_HEADERS = 2**16  # bytes of HTTP headers that a record may have beside its body
_FIRST = datetime(1996, 1, 1, tzinfo=UTC)  # nobody archived the web before

Skip = Callable[[str], str | None]


class ArchiveError(Exception):
    """An archive that cannot be read; the message is one sentence that names it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a server once answered with status 200; the body unpacked and in one piece."""

    url: str
    fetched_at: str  # ISO 8601, UTC
    content_type: str | None
    body: bytes


def read_warc(file: BinaryIO, *, skip: Skip, largest: int, now: datetime) -> Iterator[Answer | str]:
    """Yield every answer of a WARC file, and a counter's name for every record that is left out.

    `skip` is asked with an address before the body is read: it returns the name of a counter, None where the
    answer is wanted. No body has more than `largest` bytes. Raises ArchiveError for a file with more than
    MAX_BROKEN broken records.
    """
    packed = is_packed(file)
    start: int | None = 0
    broken = 0
    while start is not None:
        part = segment(file, start, packed=packed)
        doubtful = yield from _read_segment(part, skip, largest, now)
        following = part.finish() if doubtful is None else None
        if following is not None:
            file.seek(following)
            start = following if file.read(1) else None
            continue
        start = next_start(file, start + (0 if packed else doubtful or 0) + 1, packed=packed)
        problem = part.problem or "broken"
        yield "broken" if problem == "truncated" and start is not None else problem
        broken += 1
        if broken > MAX_BROKEN:
            raise ArchiveError(f"it has more than {MAX_BROKEN:,} broken records, and the rest was left")


@dataclass(frozen=True, slots=True)
class _Held:
    """A record that waits for the next one to prove where it ends."""

    record: WarcRecord
    left_out: str | None  # the counter of a record that is not wanted; None for one that is
    start: int  # in the segment
    claimed: int  # bytes that it says it has
    complete: bool  # whether a wanted one has them

    @property
    def end(self) -> int:
        """Where the record ends at the earliest, its headers not counted."""
        return self.start + self.claimed


def _read_segment(
    part: Segment, skip: Skip, largest: int, now: datetime
) -> Generator[Answer | str, None, int | None]:
    """Yield what a segment holds; returns where a record begins that cannot be trusted, None without one.

    A record is trusted when the next one begins, or the segment ends, where it says that it ends itself, or
    when its digest is right.
    """
    records = iter(ArchiveIterator(part, parse_http=False, stream_detect=False))
    held: _Held | None = None
    while True:
        try:
            record = next(records, None)
            sound = part.problem is None
        except OSError:  # no header where one should be
            record, sound = None, False
        if held is not None:
            if not held.complete or held.end > part.delivered:
                part.problem = part.problem or "truncated"
                return held.start
            if not sound and not _has_right_digest(held):
                return held.start
            yield held.left_out or _answer(held.record, largest)
        if record is None:
            return None if sound else held.end if held else 0
        if record.content_length > MAX_RECORD:
            part.problem = "too_large"
            return int(record.stream_pos)
        part.grant()
        held = _hold(record, _left_out(record, skip, largest, now))


def _hold(record: WarcRecord, left_out: str | None) -> _Held:
    """Read a record that is wanted; one that is not needs no memory."""
    start, claimed = record.stream_pos, record.content_length
    if left_out is None:
        record.freeze()
    return _Held(record, left_out, start, claimed, left_out is not None or record.content_length == claimed)


def _has_right_digest(held: _Held) -> bool:
    return held.left_out is None and bool(held.record.verify_block_digest())


def _left_out(record: WarcRecord, skip: Skip, largest: int, now: datetime) -> str | None:
    """Return why a record is not wanted, judged by its WARC headers; None when it is."""
    if record.record_type != WarcRecordType.response or not record.is_http:
        return "revisit" if record.record_type == WarcRecordType.revisit else "other_record"
    url = _address(record)
    if not url:
        return "no_address"
    if _moment(record, now) is None:
        return "no_date"
    if record.headers.get("WARC-Truncated"):
        return "cut"
    return skip(url) or ("too_large" if record.content_length > largest + _HEADERS else None)


def _answer(record: WarcRecord, largest: int) -> Answer | str:
    """Return what the server answered, or the counter under which the record is left out."""
    if record.headers.get("WARC-Block-Digest") and not record.verify_block_digest():
        return "broken"
    try:
        record.parse_http(auto_decode="none")
    except OSError:
        return "broken"
    headers = record.http_headers
    if headers is None or headers.status_code != 200:
        return "broken" if headers is None or headers.status_code is None else "not_ok"
    unpacked = whole_body(headers, record.reader.read(record.content_length), largest)
    if isinstance(unpacked, str):
        return unpacked
    if len(unpacked) > largest:
        return "too_large"
    return Answer(
        url=_address(record),
        fetched_at=record.record_date.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
        content_type=headers.get("Content-Type"),
        body=unpacked,
    )


def _address(record: WarcRecord) -> str:
    return (record.headers.get("WARC-Target-URI") or "").strip().removeprefix("<").removesuffix(">")


def _moment(record: WarcRecord, now: datetime) -> datetime | None:
    """Return when the record was made; None where it does not say, or says what cannot be."""
    try:
        moment = record.record_date
    except (OverflowError, ValueError):
        return None
    return moment if moment is not None and _FIRST <= moment <= now else None
