"""The app in a real browser: a server on a known database, pages that may load nothing from elsewhere."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

try:
    from playwright.sync_api import expect
except ImportError:  # then no test asks for it
    expect = None

PATIENCE = 60_000  # milliseconds for the page to show something: a busy machine is no defect
if expect:
    expect.set_options(timeout=PATIENCE)
PROJECT = Path(__file__).resolve().parent.parent
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
SERIOUS = """async () => (await axe.run({ resultTypes: ['violations'] })).violations
    .filter(one => ['serious', 'critical'].includes(one.impact)).map(one => [one.id, one.nodes[0].html])"""
FITS = """() => [document.documentElement, document.querySelector('[data-testid="stMain"]')]
    .every(part => part.scrollWidth === part.clientWidth)"""
START_SECONDS = 90
WIDE, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}


@contextmanager
def served(database: Path, folder: Path, **environment: str) -> Iterator[str]:
    """Serve the app on a database at a free port while the block runs; yield its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    run = [sys.executable, "-m", "streamlit", "run", "app_pages/server.py", "--server.port", str(port)]
    with (folder / "log").open("w") as log:
        server = subprocess.Popen(
            [*run, "--", "--db", str(database)],
            cwd=PROJECT,
            env={**os.environ, **environment},
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        try:
            _wait_until_healthy(server, f"http://127.0.0.1:{port}/_stcore/health")
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()
            server.wait(timeout=20)


def _wait_until_healthy(server: subprocess.Popen, health: str) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        try:
            server.wait(timeout=0.2)
        except subprocess.TimeoutExpired:
            pass
        else:
            pytest.fail(f"the app ended with {server.returncode}")
        try:
            with urllib.request.urlopen(health, timeout=5) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, TimeoutError):
            continue
    pytest.fail("the app did not start")


def settled(page: Any) -> None:
    """Wait until the app has drawn the page."""
    page.wait_for_selector('[data-testid="stApp"][data-test-script-state="notRunning"]')
    expect(page.get_by_test_id("stSkeleton")).to_have_count(0, timeout=PATIENCE)


def sees(page: Any, css: str, words: str) -> None:
    """Wait until an element shows these words and the app has taken away what it showed before."""
    expect(page.locator(css, has_text=words).first).to_be_visible(timeout=PATIENCE)
    settled(page)
    expect(page.locator(css, has_text=words)).to_have_count(1, timeout=PATIENCE)


def keeps_nobody_out(page: Any, addresses: Iterable[str]) -> None:
    """Open pages one by one: axe finds nothing serious, light or dark, and a phone shows them whole."""
    axe = pytest.importorskip("axe_playwright_python")
    script = (Path(axe.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
    wrong = []
    for address in addresses:
        page.goto(address)
        settled(page)
        page.evaluate(script)
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            expect(page.get_by_test_id("stApp")).to_have_css("color-scheme", scheme, timeout=PATIENCE)
            wrong += [(address, scheme, *violation) for violation in page.evaluate(SERIOUS)]
        page.set_viewport_size(PHONE)
        page.wait_for_function(FITS)  # charts are drawn anew for the width
        page.set_viewport_size(WIDE)
    assert wrong == []


# Whether the part that has the focus looks otherwise than without it: itself, what is around and beside it.
RINGED = """async () => {
    const at = document.activeElement, near = [at, ...at.parentElement.children];
    for (let part = at; part.parentElement && near.length < 12; part = part.parentElement) {
        near.push(part.parentElement);
    }
    const look = () => near.map(part => {
        const style = getComputedStyle(part);
        return [style.outline, style.boxShadow, style.borderColor, style.backgroundColor, style.left].join();
    }).join(";");
    const drawn = () => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
    await drawn();
    const focused = look();
    at.blur();
    await drawn();
    const plain = look();
    at.focus({ preventScroll: true });
    await drawn();
    return focused !== plain;
}"""
AT = """() => {
    const at = document.activeElement, words = at.cloneNode(true);
    words.querySelectorAll('[data-testid="stIconMaterial"]').forEach(icon => icon.remove());
    return [at.tagName, (at.getAttribute("aria-label") || words.textContent).trim()];
}"""
STILL = "*, *::before, *::after { transition: none !important; animation: none !important; }"
FURTHEST = 90  # stops of the keyboard on the way to something


def tab_to(page: Any, words: str) -> None:
    """Press Tab until something that begins with these words has the focus; each stop shows that it has it.

    The cells of a table draw their own mark on its canvas.
    """
    page.add_style_tag(content=STILL)
    passed = []
    for _ in range(FURTHEST):
        page.keyboard.press("Tab")
        tag, name = page.evaluate(AT)
        if tag in ("BODY", "MAIN"):
            continue
        assert tag == "TD" or page.evaluate(RINGED), (tag, name, "looks as it does without the focus")
        if name.startswith(words):
            return
        passed.append(name[:40])
    pytest.fail(f"{words!r} is not reached: {passed}")
