"""Parts of a WARC file that can be read apart, so that a broken one does not take what follows with it.

In a compressed file that is each gzip member, as a rule one record; an uncompressed file is one part,
which begins anew after whatever cannot be read.
"""

from __future__ import annotations

import re
import zlib
from typing import BinaryIO

MAX_RECORD = 32 * 2**20  # bytes, unpacked; twice what a page may have
_BLOCK = 2**16
_GZIP = b"\x1f\x8b"
_ZSTANDARD = b"\x28\xb5\x2f\xfd"
_MEMBER = re.compile(rb"(\x1f\x8b\x08)")
_RECORD = re.compile(rb"\n\r?\n(WARC/1\.[01]\r?\n)")  # an empty line, then a record
_OVERLAP = 16  # bytes; no match is longer
_SNIFFED = b"WARC/"


class Segment:
    """A part of the file as a stream, unpacked; ends early, and says why, rather than go on for ever.

    `problem` is None, "broken", "truncated" (the file ends inside) or "too_large" (`granted` bytes were not
    enough); `delivered` counts the bytes handed out.
    """

    def __init__(self, file: BinaryIO, start: int):
        self.start = start
        self.problem: str | None = None
        self.delivered = 0
        self.granted = MAX_RECORD
        self._file = file
        self._file.seek(start)

    def grant(self) -> None:
        """Allow the bytes of another record, because one has begun."""
        self.granted = self.delivered + MAX_RECORD

    def read(self, size: int = _BLOCK) -> bytes:
        """Return up to `size` bytes; b"" at the end of the segment, also at an early one."""
        data = self._file.read(size)
        self.delivered += len(data)
        return data

    def tell(self) -> int:
        """Return the bytes read so far, which is all that a stream without a way back can tell."""
        return self.delivered

    def finish(self) -> int | None:
        """Read on to the end and return where the next segment begins; None when it cannot be told."""
        while self.read():
            pass
        return None if self.problem else self._file.tell()


class Member(Segment):
    """A gzip member."""

    def __init__(self, file: BinaryIO, start: int):
        super().__init__(file, start)
        self._unpacker = zlib.decompressobj(wbits=31)
        self._packed = b""

    def read(self, size: int = _BLOCK) -> bytes:
        """Return up to `size` bytes, none once `granted` are exceeded or the data make no sense."""
        data = b""
        while not data and not self.problem and not self._unpacker.eof:
            if not self._packed:
                self._packed = self._file.read(_BLOCK)
                if not self._packed:
                    self.problem = "truncated"
                    break
            try:
                data = self._unpacker.decompress(self._packed, min(size, _BLOCK))
            except zlib.error:
                self.problem = "broken"
                break
            self._packed = self._unpacker.unconsumed_tail
        self.delivered += len(data)
        if self.delivered > self.granted:
            self.problem = "too_large"
        return data

    def finish(self) -> int | None:
        """Read on to the end and return where the next member begins; None when it cannot be told."""
        while self.read():
            pass
        return None if self.problem else self._file.tell() - len(self._unpacker.unused_data)


def is_packed(file: BinaryIO) -> bool:
    """Return whether a file begins as gzip does."""
    file.seek(0)
    return file.read(2) == _GZIP


def is_zstandard(file: BinaryIO) -> bool:
    """Return whether a file begins as Zstandard does, with which some archives are packed."""
    file.seek(0)
    return file.read(4) == _ZSTANDARD


def is_warc(file: BinaryIO) -> bool:
    """Return whether a file, unpacked where it is gzip, begins as a WARC file does."""
    packed = is_packed(file)
    file.seek(0)
    return _begins_record(file, 0) if packed else file.read(len(_SNIFFED)) == _SNIFFED


def segment(file: BinaryIO, start: int, *, packed: bool) -> Segment:
    """Return the segment that begins at a byte of the file."""
    return Member(file, start) if packed else Segment(file, start)


def next_start(file: BinaryIO, after: int, *, packed: bool) -> int | None:
    """Return the first byte at or behind `after` where a record begins again; None when there is no more."""
    block, place = b"", after
    while True:
        file.seek(place + len(block))
        more = file.read(_BLOCK)
        if not more:
            return None
        block += more
        for found in (_MEMBER if packed else _RECORD).finditer(block):
            if not packed or _begins_record(file, place + found.start(1)):
                return place + found.start(1)
        place += max(len(block) - _OVERLAP, 0)
        block = block[-_OVERLAP:]


def _begins_record(file: BinaryIO, start: int) -> bool:
    """Return whether the gzip member at a byte of the file unpacks to the beginning of a record."""
    member = Member(file, start)
    head = b""
    while len(head) < len(_SNIFFED) and (data := member.read()):
        head += data
    return head.startswith(_SNIFFED)
