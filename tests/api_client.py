"""Asks the addresses for programs, without a server, and reads the tables that come."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.testclient import TestClient

from app_pages import data, server

FORMS = ("csv", "json", "ndjson", "xlsx", "zip")


@contextmanager
def api_client(database: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    """Let a client ask for the data of a database while the block runs."""
    monkeypatch.setenv(data.DATABASE_VARIABLE, str(database))
    app = Starlette(routes=list(server.ROUTES), middleware=[Middleware(server.Answers)])
    with TestClient(app) as client:
        yield client


def table(answer: Any) -> list[dict[str, str]]:
    """Return the rows of a CSV file."""
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))
