"""Reads PDF and Word files in a process that may not take more time and memory than it is given.

Their parsers are large, some are written in C, and the files come from anybody: one that hangs, eats all
memory or crashes its parser is one report that cannot be read. A process that has loaded the parsers waits
for files and forks for each, so that a limit is that of one file and loading is paid for once.
"""

from __future__ import annotations

import atexit
import struct
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from extract.cleaning.report_pages import Pages, from_json
from extract.errors import CleanError

ORDER = struct.Struct("!4sddQQ")  # kind, processor seconds, seconds, bytes of memory, bytes of the file
ANSWER = struct.Struct("!?Q")  # whether it is pages or a reason, bytes that follow
_ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Limits:
    """What reading one file may take."""

    processor_seconds: float = 30.0
    seconds: float = 45.0  # on a busy machine; less than the worker has that waits for it
    memory: int = 2 * 2**30  # bytes of address space, the parsers themselves included


@dataclass(slots=True)
class _Parser:
    """The process of this one that reads files, None before the first."""

    lock: threading.Lock
    process: subprocess.Popen[bytes] | None = None


_PARSER = _Parser(threading.Lock())


def read_apart(kind: str, body: bytes, limits: Limits | None = None) -> Pages:
    """Return the pages of a file of kind "pdf" or "word", read in another process.

    Raises CleanError with the parser's reason, or when it took more than `limits` or died.
    """
    limits = limits or Limits()
    order = ORDER.pack(kind.encode(), limits.processor_seconds, limits.seconds, limits.memory, len(body))
    with _PARSER.lock:
        try:
            good, data = _ask(_process(), order, body)
        except (OSError, EOFError):  # the waiting process itself is gone; the next file gets a new one
            _end()
            raise CleanError("the program that reads reports ended unexpectedly") from None
    if not good:
        raise CleanError(data.decode("utf-8", "replace"))
    try:
        return from_json(data)
    except (ValueError, KeyError, TypeError):
        raise CleanError("the program that reads reports gave no answer that makes sense") from None


def _process() -> subprocess.Popen[bytes]:
    if _PARSER.process is None or _PARSER.process.poll() is not None:
        _PARSER.process = subprocess.Popen(
            [sys.executable, "-m", "extract.cleaning.parser_process"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=_ROOT,
        )
    return _PARSER.process


def _ask(process: subprocess.Popen[bytes], order: bytes, body: bytes) -> tuple[bool, bytes]:
    if process.stdin is None or process.stdout is None:
        raise EOFError
    process.stdin.write(order + body)
    process.stdin.flush()
    good, size = ANSWER.unpack(_exactly(process.stdout, ANSWER.size))
    return good, _exactly(process.stdout, size)


def _exactly(stream: IO[bytes], size: int) -> bytes:
    data = stream.read(size)
    if len(data) < size:
        raise EOFError
    return data


def _end() -> None:
    """Let the process go; closing its input ends it."""
    process, _PARSER.process = _PARSER.process, None
    if process is not None:
        process.kill()
        process.communicate()


atexit.register(_end)
