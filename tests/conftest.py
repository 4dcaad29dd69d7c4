"""Fixtures that several test files share: what the demo builds from the sample site, the app in a browser."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from filelock import FileLock
from hypothesis import HealthCheck, settings

import chiso
from tests.browsing import CHROMIUM, FLAGS, PATIENCE, WIDE, served, settled

# A busy machine is no defect: tests say nothing about time.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")


@dataclass(frozen=True)
class Demo:
    """The files that `chiso demo` left in a folder, and what it printed. Tests share them and only read."""

    folder: Path

    @property
    def pages(self) -> Path:
        """Return the path of the raw pages."""
        return self.folder / "pages.db"

    @property
    def db(self) -> Path:
        """Return the path of the figures."""
        return self.folder / "chiso.db"

    @property
    def out(self) -> Path:
        """Return the folder of the release."""
        return self.folder / "export"

    @property
    def printed(self) -> str:
        """Return what the command printed."""
        return (self.folder / "printed").read_text(encoding="utf-8")


def command(*words: str | Path) -> Result:
    """Run `chiso` with these words."""
    return CliRunner().invoke(chiso.main, [str(word) for word in words], catch_exceptions=False)


def run_demo(folder: Path) -> Demo:
    """Run the demo without the app, on a free port; its files go to `folder`."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    demo = Demo(folder)
    result = command(
        *("demo", "--no-app", "--site-port", port),
        *("--pages", demo.pages, "--db", demo.db, "--out", demo.out),
    )
    assert result.exit_code == 0, result.output
    (folder / "printed").write_text(result.output, encoding="utf-8")
    return demo


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    """The whole path on the sample site, run once for all processes of a test run."""
    folder = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        folder = folder.parent  # each process has a folder of its own in it
    folder /= "demo"
    folder.mkdir(exist_ok=True)
    with FileLock(folder / "lock"):
        return Demo(folder) if (folder / "printed").exists() else run_demo(folder)


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the app, serving the figures of tests/app_fixture.py to one file of tests at a time."""
    from tests import app_fixture  # Streamlit, which few tests need

    folder = tmp_path_factory.mktemp("browser")
    with served(app_fixture.build(folder / "chiso.db"), folder) as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """A Chromium; the tests that ask for it are skipped where there is none.

    For one file at a time: Playwright keeps an event loop running, in which no other test can start its own.
    """
    sync_api = pytest.importorskip("playwright.sync_api")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def context(browser: Any) -> Iterator[Any]:
    """What the readers of one file share: the cache, so that the app's programs are fetched once."""
    context = browser.new_context()
    context.set_default_timeout(PATIENCE)
    yield context
    context.close()


@pytest.fixture
def visit(context: Any, address: str) -> Iterator[Callable[..., Any]]:
    """A function that opens an address of the app; every request off this machine fails the test.

    Each page that it opens is another session of the app.
    """
    strange: list[str] = []
    pages = []

    def run(path: str, *, viewport: dict[str, int] = WIDE, color_scheme: str = "light") -> Any:
        page = context.new_page()
        pages.append(page)
        page.set_viewport_size(viewport)
        page.emulate_media(color_scheme=color_scheme)
        page.on("request", lambda request: strange.append(request.url) if _is_strange(request.url) else None)
        page.goto(address + path)
        settled(page)
        return page

    def _is_strange(url: str) -> bool:
        return not url.startswith((address, address.replace("http", "ws"), "data:", "blob:"))

    yield run
    for page in pages:
        page.close()
    assert strange == []
