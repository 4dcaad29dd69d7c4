"""PDF and Word files that take too much: each is one report that cannot be read, and the next one can."""

from __future__ import annotations

import os
import signal
import zlib
from collections.abc import Iterator

import pytest

from extract.cleaning import parsing
from extract.cleaning.parsing import Limits, read_apart
from extract.cleaning.report_pages import Pages, as_json, from_json
from extract.cleaning.tables import Grid, GridCell
from extract.errors import CleanError
from tests.pdf_fixtures import pdf, table, text

LINE = "Năm 2024, toàn tỉnh trồng mới 4.512 ha rừng, đạt 112,8% kế hoạch."


@pytest.fixture(autouse=True)
def next_report_is_read() -> Iterator[None]:
    yield
    assert read_apart("pdf", pdf([text([LINE])])).parts == (LINE,)


def heavy() -> bytes:
    """Return a PDF whose ruled lines keep the finder of tables busy for minutes."""
    rows = [[f"{row}.{column}" for column in range(12)] for row in range(60)]
    return pdf([text([LINE]) + table(rows, top=800, width=8) * 3] * 6)


def test_a_file_that_takes_too_long() -> None:
    with pytest.raises(CleanError, match="more than 1 seconds of processor time"):
        read_apart("pdf", heavy(), Limits(processor_seconds=1))
    with pytest.raises(CleanError, match="took too long"):
        read_apart("pdf", heavy(), Limits(seconds=0.2))


def test_a_file_that_takes_too_much_memory() -> None:
    packed = zlib.compress(b"q Q\n" * 2**25, 1)
    bomb = pdf(["@"]).replace(
        b"<< /Length 1 >>\nstream\n@",
        b"<< /Length %d /Filter /FlateDecode >>\nstream\n" % len(packed) + packed,
    )
    with pytest.raises(CleanError, match=r"was ended by SIG|too much memory"):
        read_apart("pdf", bomb, Limits(memory=256 * 2**20))


def test_a_parser_that_is_killed() -> None:
    read_apart("pdf", pdf([text([LINE])]))
    waiting = parsing._PARSER.process
    assert waiting is not None
    os.kill(waiting.pid, signal.SIGKILL)
    waiting.wait()
    assert read_apart("pdf", pdf([text([LINE])])).parts == (LINE,)
    assert parsing._PARSER.process is not waiting


def test_pages_come_back_as_they_were() -> None:
    grid = Grid(((GridCell("a", True), GridCell("b\ud800", False, False)),), caption="c", page_number=2)
    pages = Pages(("one", grid, "hai"), ((0, 0), (2, 5)))
    assert from_json(as_json(pages)) == pages
