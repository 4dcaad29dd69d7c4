"""Writes docs/screenshots, and the picture of the README: `make screenshots` (ARGS: the folder of a demo).

Every page of the app in both languages, on a wide screen and on a phone, in the light and in the dark, from
the figures of the bundled sample site. Look at them after a change of the pages: what is cut, cramped or
in the wrong language no test says. Without a folder (with chiso.db, pages.db and export in it) the
demo is built first.
"""

from __future__ import annotations

import io
import sqlite3
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, closing
from itertools import product
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Browser, Page, expect, sync_playwright

from app_pages.labels import LANGUAGES
from tests.browsing import CHROMIUM, FLAGS, PATIENCE, PHONE, PROJECT, WIDE, served, settled
from tests.conftest import run_demo

FOLDER = PROJECT / "docs" / "screenshots"
WIDTHS = {"phone": PHONE, "wide": WIDE}
IN_README = FOLDER.parent / "screenshot.png"  # of the English map: from its title to its last tile
TALLEST = {"phone": 1800, "wide": 1400}  # pixels of a page that are shown
FLAT, RARE = 32, 16  # colours kept: the most frequent ones as they are, and some that span all hues
THEMES = ("light", "dark")
# Name of the picture: the address that it shows.
PAGES = {
    "overview": "/",
    "browse": "/browse?kind=ratio",
    "browse-table": "/browse?v=table",
    "figure": "/figure?id={figure}",
    "compare": "/compare?ind=grdp_growth&p=VN63-51&p=VN63-38&p=VN63-40&p=VN34-51",
    "map-63": "/map?ind=poverty_rate&reg=63",
    "map-34": "/map?ind=poverty_rate&reg=34&p=VN34-51",
    "map-ranks": "/map?ind=par_index&form=rank~63&v=lines&p=VN63-51",
    "province": "/province?p=VN63-51",
    "codebook": "/codebook",
    "codebook-entry": "/codebook?ind=poverty_rate",
    "conflicts": "/conflicts",
    "download": "/download",
    "health": "/health",
    "about": "/about",
}
REVIEWING = {"review": "/review"}  # of an app that was started for reviewing
CHARTS = '[data-testid="stVegaLiteChart"], [data-testid="stDataFrame"]:visible'  # tables may be folded away
BOTTOM = "part => part.getBoundingClientRect().bottom"


def main() -> None:
    """Write all pictures and take away those of pages that are no more."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        built = Path(sys.argv[1]) if len(sys.argv) > 1 else run_demo(folder).folder
        files = {"CHISO_PAGES": str(built / "pages.db"), "CHISO_EXPORT": str(built / "export")}
        figure = _a_figure(built / "chiso.db")
        chromium = stack.enter_context(sync_playwright()).chromium
        browser = chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        stack.callback(browser.close)
        written: set[str] = set()
        for pages, reviewing in ((PAGES, ""), (REVIEWING, "1")):
            with served(built / "chiso.db", folder, **files, CHISO_REVIEW=reviewing) as address:
                addresses = {name: address + path.format(figure=figure) for name, path in pages.items()}
                written.update(_write(browser, addresses))
                if not reviewing:
                    IN_README.write_bytes(_small(_of_map(browser, addresses["map-34"] + "&lang=en")))
    for old in FOLDER.glob("*.png"):
        if old.name not in written:
            old.unlink()


def _a_figure(database: Path) -> str:
    """Return the id of a figure that has much to say: a ratio of a known time, often reported."""
    with closing(sqlite3.connect(database)) as db:
        (found,) = db.execute(
            "SELECT figures.id FROM figures JOIN observations ON observations.id = observation_id"
            " WHERE figures.kind = 'ratio' AND figures.period IS NOT NULL"
            " AND figures.indicator_id IS NOT NULL"
            " ORDER BY observations.articles DESC, figures.confidence DESC, figures.id"
        ).fetchone()
    return str(found)


def _write(browser: Browser, addresses: dict[str, str]) -> Iterator[str]:
    """Write the pictures of these pages; yield the names of the files."""
    for (width, size), theme in product(WIDTHS.items(), THEMES):
        context = browser.new_context(
            viewport={**size, "height": TALLEST[width]}, color_scheme=theme, reduced_motion="reduce"
        )
        context.set_default_timeout(PATIENCE)
        page = context.new_page()
        for (name, address), lang in product(addresses.items(), LANGUAGES):
            page.goto(f"{address}{'&' if '?' in address else '?'}lang={lang}")
            file = f"{name}-{lang}-{width}-{theme}.png"
            (FOLDER / file).write_bytes(_small(_picture(page, size, TALLEST[width])))
            yield file
        context.close()


def _picture(page: Page, size: dict[str, Any], tallest: int) -> bytes:
    settled(page)
    for chart in page.locator(CHARTS).all():
        expect(chart.locator("canvas, svg.marks").first).to_be_attached(timeout=PATIENCE)
    settled(page)
    bottom = page.get_by_test_id("stMainBlockContainer").evaluate(BOTTOM)
    height = min(tallest, max(size["height"], round(bottom)))
    return page.screenshot(clip={"x": 0, "y": 0, "width": size["width"], "height": height})


def _of_map(browser: Browser, address: str) -> bytes:
    """Return a picture of a map with what it says of the chosen province, without the page around them."""
    page = browser.new_page(viewport={**WIDE, "height": TALLEST["phone"]}, color_scheme="light")
    page.goto(address)
    settled(page)
    expect(page.locator(CHARTS).locator("canvas, svg.marks").first).to_be_attached(timeout=PATIENCE)
    settled(page)
    top = page.locator(".chart-title").evaluate("part => part.getBoundingClientRect().top")
    bottom = page.get_by_test_id("stVegaLiteChart").first.evaluate(BOTTOM)
    picture = page.screenshot(clip={"x": 80, "y": top - 16, "width": 1120, "height": bottom - top + 24})
    page.close()
    return picture


def _small(picture: bytes) -> bytes:
    """Return a picture with few colours."""
    full = Image.open(io.BytesIO(picture)).convert("RGB")
    counts = sorted(full.getcolors(full.width * full.height), reverse=True)
    kept = [channel for _, colour in counts[:FLAT] for channel in colour]
    kept += full.quantize(RARE, Image.Quantize.MAXCOVERAGE).getpalette()[: 3 * RARE]
    palette = Image.new("P", (1, 1))
    palette.putpalette(kept)
    few = full.quantize(palette=palette, dither=Image.Dither.NONE)
    written = io.BytesIO()
    few.save(written, "PNG", optimize=True)
    return written.getvalue()


if __name__ == "__main__":
    main()
