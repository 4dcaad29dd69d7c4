"""Blocking iterators as answers: each runs in a thread of its own, piece by piece as the reader takes them.

SQLite's connections belong to the thread that opened them, and the event loop must not wait for a disk.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Generator
from concurrent.futures import ThreadPoolExecutor
from threading import BoundedSemaphore

MOST_STREAMS = 8  # at one time; more readers are asked to come again

_places = BoundedSemaphore(MOST_STREAMS)


class BusyError(Exception):
    """All streams are taken."""


async def stream(pieces: Callable[[], Generator[bytes, None, None]]) -> AsyncIterator[bytes]:
    """Return an iterator over what `pieces` yields, its first piece already read.

    Whatever goes wrong up to there is raised here, before an answer has begun. The generator is closed in
    its thread when the answer ends, also when its reader goes away. Raises BusyError when too many are open.
    """
    if not _places.acquire(blocking=False):
        raise BusyError
    answer = _in_a_thread(pieces())
    await anext(answer)
    return answer


async def _in_a_thread(pieces: Generator[bytes, None, None]) -> AsyncIterator[bytes]:
    """Yield an empty piece once the first has been read, then all of them."""
    loop = asyncio.get_running_loop()
    thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="answer")
    try:
        piece: bytes | None = await loop.run_in_executor(thread, next, pieces, None)
        yield b""
        while piece is not None:
            yield piece
            piece = await loop.run_in_executor(thread, next, pieces, None)
    finally:
        thread.submit(pieces.close)  # after the piece that is being read, if one is
        thread.shutdown(wait=False)
        _places.release()
