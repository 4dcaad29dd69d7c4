"""Undoes what HTTP did to a body on its way: chunks, then compression."""

from __future__ import annotations

import re
from io import BytesIO

from fastwarc.stream_io import BrotliReader, ZstdReader
from fastwarc.warc import HeaderMap

from crawler.unpacking import Damaged, TooLarge, unpack

_READERS = {"br": BrotliReader, "zstd": ZstdReader}
_PLAIN = re.compile(rb"\s*+(?:<|%PDF-|\xef\xbb\xbf|PK\x03\x04)")  # not packed, whatever the header says
_CHUNK = re.compile(rb"([0-9a-fA-F]{1,8})[ \t]*+(?:;[^\r\n]*+)?\r?\n")  # 1ff8;name=value


def whole_body(headers: HeaderMap, body: bytes, largest: int) -> bytes | str:
    """Return a body without its encodings, or the counter of one that is not whole.

    Nothing is unpacked beyond `largest` bytes. Many archives keep the headers of what they have undone.
    """
    encodings = [name.strip().lower() for name in (headers.get("Content-Encoding") or "").split(",")]
    if "chunked" in (headers.get("Transfer-Encoding") or "").lower():
        joined = _joined(body)
        if joined is None:
            return "cut"
        body = joined
    elif encodings == [""] and len(body) < _number(headers.get("Content-Length")):
        return "cut"
    for encoding in reversed(encodings):
        if encoding in ("", "identity", "none") or not body or _PLAIN.match(body):
            continue
        try:
            body = _unpacked(body, encoding, largest)
        except TooLarge:
            return "too_large"
        except (Damaged, OSError):
            return "broken"
    return body


def _unpacked(packed: bytes, encoding: str, largest: int) -> bytes:
    """Return what `packed` packs; raises TooLarge, Damaged, and OSError, as FastWARC calls damage."""
    if encoding in ("gzip", "x-gzip", "deflate"):
        return unpack(packed, encoding, largest)
    if encoding not in _READERS:
        raise Damaged(f"packed in an unknown way: {encoding}")
    data = bytes(_READERS[encoding](BytesIO(packed)).read(largest + 1))
    if len(data) > largest:
        raise TooLarge(f"unpacks to more than {largest} bytes")
    return data


def _joined(body: bytes) -> bytes | None:
    """Return a chunked body in one piece, as it is when it was joined before; None when it has no end."""
    parts, place = [], 0
    while found := _CHUNK.match(body, place):
        size = int(found[1], 16)
        if size == 0:
            return b"".join(parts)
        parts.append(body[found.end() : found.end() + size])
        place = found.end() + size
        place += 2 if body[place : place + 2] == b"\r\n" else 1
    return None if parts else body


def _number(header: str | None) -> int:
    return int(header) if header and header.isascii() and header.isdigit() and len(header) < 12 else 0
