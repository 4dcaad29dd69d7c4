"""Work in processes that may hang or die: a time limit each, a new process for a lost one, results in order.

Processes, never threads: the cleaner's parser crashes when threads share it.
"""

from __future__ import annotations

import gc
import multiprocessing
import signal
import time
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Any

from store.errors import StoreError

Work = Callable[[Any], Any]  # from a task to its result, in the worker
Load = Callable[[], tuple[Work, Any]]  # pickled by name; the second part is a note for the parent

START_SECONDS = 300.0  # to load models on a busy machine
_AHEAD = 8  # tasks per worker that may be finished before the oldest is
_TRIES = 2  # a worker may die of something outside, such as a lack of memory


@dataclass(frozen=True, slots=True)
class Lost:
    """What became of a task whose worker did not answer."""

    reason: str


@dataclass(slots=True)
class Worker:
    """A process, and the task that it works on: its number, None while it loads or waits for one."""

    process: BaseProcess
    connection: Connection
    deadline: float
    loaded: bool = False
    number: int | None = None


@dataclass(slots=True)
class _Desk:
    """The state of one run: who works, what is on the way, what is finished before its turn."""

    load: Load
    count: int
    seconds: float
    workers: list[Worker]
    tasks: Iterator[tuple[int, Any]]
    on_the_way: dict[int, Any] = field(default_factory=dict)
    losses: dict[int, int] = field(default_factory=dict)
    again: deque[int] = field(default_factory=deque)
    finished: dict[int, Any] = field(default_factory=dict)
    turn: int = 0  # the task whose result is due next


def start_worker(load: Load) -> Worker:
    """Start a process that loads and then waits for tasks."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(load, theirs), daemon=True)
    process.start()
    theirs.close()  # so that the pipe ends when the process does
    return Worker(process, ours, time.monotonic() + START_SECONDS)


def note_of(worker: Worker) -> Any:
    """Wait until a new worker has loaded and return its note; raises StoreError when it cannot load."""
    if not worker.connection.poll(max(0.0, worker.deadline - time.monotonic())):
        raise StoreError("A worker process did not load in time.")
    try:
        loaded, note = worker.connection.recv()
    except EOFError:
        raise StoreError(f"A worker process {_end_of(worker)} while it loaded.") from None
    if not loaded:
        raise StoreError(f"A worker process could not load: {note}.")
    worker.loaded = True
    return note


def stop_workers(workers: Iterable[Worker]) -> None:
    """End processes at once, whatever they do."""
    for worker in workers:
        worker.process.kill()
        worker.process.join()
        worker.connection.close()


def run_in_order(
    load: Load, tasks: Iterable[Any], *, first: Worker, count: int, seconds: float
) -> Generator[Any]:
    """Yield the result of every task in the order of the tasks, Lost where a worker gave none.

    `first` has loaded; up to `count` processes are started beside and in the place of it, and all are
    stopped at the end. A task may take `seconds`; one whose worker died is tried once more. Raises
    StoreError when a new worker cannot load.
    """
    desk = _Desk(load, count, seconds, [first], enumerate(tasks))
    try:
        while _hand_out(desk):
            if desk.turn not in desk.finished:
                _collect(desk)
            while desk.turn in desk.finished:
                yield desk.finished.pop(desk.turn)
                desk.turn += 1
    finally:
        stop_workers(desk.workers)


def _hand_out(desk: _Desk) -> bool:
    """Give tasks to idle workers, starting one where all are busy; False when all work is done."""
    while (number := _next_task(desk)) is not None:
        idle = next((worker for worker in desk.workers if worker.loaded and worker.number is None), None)
        if idle is None:
            desk.again.appendleft(number)
            if len(desk.workers) < min(desk.count, len(desk.on_the_way)):
                desk.workers.append(start_worker(desk.load))
            break
        idle.number, idle.deadline = number, time.monotonic() + desk.seconds
        try:
            idle.connection.send(desk.on_the_way[number])
        except OSError:
            _lose(desk, idle, f"its worker process {_end_of(idle)}")
    return bool(desk.on_the_way or desk.finished)


def _next_task(desk: _Desk) -> int | None:
    """Return the number of a task that nobody works on, None when there is none to hand out now."""
    if desk.again:
        return desk.again.popleft()
    if len(desk.on_the_way) + len(desk.finished) >= _AHEAD * desk.count:
        return None
    number, task = next(desk.tasks, (None, None))
    if number is not None:
        desk.on_the_way[number] = task
    return number


def _collect(desk: _Desk) -> None:
    """Wait for the next answer or the next deadline, and note what came of it."""
    busy = [worker for worker in desk.workers if worker.number is not None or not worker.loaded]
    nearest = min((worker.deadline for worker in busy), default=0.0)
    ready = wait([worker.connection for worker in busy], timeout=max(0.0, nearest - time.monotonic()))
    now = time.monotonic()
    for worker in busy:
        if worker.connection in ready or (not worker.loaded and worker.deadline <= now):
            _receive(desk, worker)
        elif worker.deadline <= now:
            _lose(desk, worker, f"it took more than {desk.seconds:g} seconds", final=True)


def _receive(desk: _Desk, worker: Worker) -> None:
    number = worker.number
    if number is None:
        note_of(worker)
        return
    try:
        result = worker.connection.recv()
    except (EOFError, OSError):
        _lose(desk, worker, f"its worker process {_end_of(worker)}")
        return
    worker.number = None
    del desk.on_the_way[number]
    desk.finished[number] = result


def _lose(desk: _Desk, worker: Worker, reason: str, *, final: bool = False) -> None:
    """Give up a worker; its task is lost too when that is final or has happened before."""
    number = worker.number
    desk.workers.remove(worker)
    stop_workers([worker])
    if number is None:
        return
    desk.losses[number] = desk.losses.get(number, 0) + 1
    if final or desk.losses[number] >= _TRIES:
        del desk.on_the_way[number]
        desk.finished[number] = Lost(reason)
    else:
        desk.again.append(number)


def _end_of(worker: Worker) -> str:
    """Return how a process ended, in words."""
    worker.process.join()
    code = worker.process.exitcode
    if code is not None and code < 0:
        return f"was ended by {signal.Signals(-code).name}"
    return f"ended with exit code {code}"


def _serve(load: Load, connection: Connection) -> None:
    """Load, then answer tasks until the parent goes away."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; the parent decides
    try:
        work, note = load()
    except Exception as error:  # whatever keeps it from loading is told to the parent
        connection.send((False, f"{type(error).__name__}: {error}"))
        return
    gc.freeze()  # models and rules stay: the collector need not look at them again
    connection.send((True, note))
    try:
        while True:
            connection.send(work(connection.recv()))
    except (EOFError, OSError):
        return
