"""The process that reads PDF and Word files for extract/cleaning/parsing.py: waits, and forks for each.

It reads an order from standard input, answers on standard output, and ends when its input does.
"""

from __future__ import annotations

import os
import resource
import select
import signal
import sys
import time
from collections.abc import Callable
from contextlib import suppress

from extract.cleaning.parsing import ANSWER, ORDER, Limits
from extract.cleaning.pdf import read_pdf
from extract.cleaning.report_pages import Pages, as_json
from extract.cleaning.word import read_word
from extract.errors import CleanError

_MOST = 128 * 2**20  # bytes of an answer
_BLOCK = 2**20
_READERS: dict[bytes, Callable[[bytes], Pages]] = {
    b"pdf\0": read_pdf,
    b"word": lambda body: Pages(tuple(read_word(body))),
}


def main() -> None:
    """Answer orders until standard input ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; who gave the order decides
    while len(head := sys.stdin.buffer.read(ORDER.size)) == ORDER.size:
        kind, processor_seconds, seconds, memory, size = ORDER.unpack(head)
        body = sys.stdin.buffer.read(size)
        if len(body) < size:
            return
        good, data = _read_forked(kind, body, Limits(processor_seconds, seconds, memory))
        sys.stdout.buffer.write(ANSWER.pack(good, len(data)) + data)
        sys.stdout.buffer.flush()


def _read_forked(kind: bytes, body: bytes, limits: Limits) -> tuple[bool, bytes]:
    """Return whether a file could be read, and its pages as JSON or the reason why not."""
    ours, theirs = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.close(ours)
            _read_limited(kind, body, limits, theirs)
        finally:
            os._exit(0)
    os.close(theirs)
    answer, overdue = _collect(ours, time.monotonic() + limits.seconds)
    os.close(ours)
    if overdue:
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    if overdue:
        return False, overdue.encode()
    if os.WIFSIGNALED(status):
        return False, _end_in_words(os.WTERMSIG(status), limits).encode()
    return (answer[:1] == b"+", answer[1:]) if answer else (False, b"the file's parser gave no answer")


def _collect(pipe: int, deadline: float) -> tuple[bytes, str]:
    """Return what comes through a pipe to its end, and a reason to stop whoever writes; "" for none."""
    parts: list[bytes] = []
    while True:
        ready, _, _ = select.select([pipe], [], [], max(0.0, deadline - time.monotonic()))
        if not ready:
            return b"", "reading the file took too long"
        data = os.read(pipe, _BLOCK)
        if not data:
            return b"".join(parts), ""
        parts.append(data)
        if sum(map(len, parts)) > _MOST:
            return b"", "the file holds too much text"


def _read_limited(kind: bytes, body: bytes, limits: Limits, pipe: int) -> None:
    """Read a file within limits and write the answer; runs in a process that is not used again."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):  # whatever a parser prints is no answer
        os.dup2(nowhere, standard)
    processor_seconds = max(1, round(limits.processor_seconds))
    for kind_of_limit, most in (
        (resource.RLIMIT_AS, limits.memory),
        (resource.RLIMIT_CPU, processor_seconds),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        _, hard = resource.getrlimit(kind_of_limit)
        resource.setrlimit(kind_of_limit, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))
    try:
        answer = b"+" + as_json(_READERS[kind](body))
    except CleanError as problem:
        answer = b"-" + str(problem).encode()
    except MemoryError:
        answer = b"-reading the file takes too much memory"
    except Exception as problem:  # whatever a parser stumbles over
        answer = b"-the file's parser failed: " + type(problem).__name__.encode()
    while answer:
        answer = answer[os.write(pipe, answer) :]


def _end_in_words(number: int, limits: Limits) -> str:
    if number == signal.SIGXCPU:
        return f"reading the file took more than {limits.processor_seconds:g} seconds of processor time"
    return f"the file's parser was ended by {signal.Signals(number).name}"


if __name__ == "__main__":
    with suppress(BrokenPipeError):  # who gave the order is gone
        main()
