"""Charts as pictures to keep, PNG and SVG: the chart of the page on white paper, with its source and address.

The browser's own toolbar gives a PNG as wide as the screen. Here the same chart is drawn on the server,
when a reader asks for it, by vl-convert in a process that ends with it.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from textwrap import wrap
from threading import Lock
from typing import Any

import altair as alt
import pandas as pd
import regex
import streamlit as st

from app_pages.charts import INK, LINES, SHADES, source_text
from app_pages.labels import label
from app_pages.params import permalink, release, spelled
from store.search import fold

Draw = Callable[[str], Any]  # a theme: its chart

FORMS = {"png": "image/png", "svg": "image/svg+xml"}
MOST_BYTES = 8_000_000  # of a chart with its data
SECONDS = 40  # for one picture, on a busy machine

_PROCESS = Path(__file__).with_name("picture_process.py")
_ONE_AT_A_TIME = Lock()  # the largest takes 215 MB and four seconds
_LIGHT = "light"
_LINE = 13  # pixels
_LETTER = 5.6  # pixels, about, of a caption
_LONGEST_NAME = 100
_OTHER = regex.compile(r"[^A-Za-z0-9.]+")
_FONT = "Liberation Sans, Arial, Helvetica, sans-serif"  # the first comes with the renderer
_CONFIG: dict[str, Any] = {
    "background": "#ffffff",
    "font": _FONT,
    "view": {"stroke": None},
    "axis": {
        "gridColor": "#e3e6e5",
        "domainColor": "#b9bfbe",
        "tickColor": "#b9bfbe",
        "labelColor": INK[_LIGHT],
        "titleColor": INK[_LIGHT],
        "titleFontWeight": "normal",
        "labelFontSize": 12,
        "titleFontSize": 12,
    },
    "legend": {"labelColor": INK[_LIGHT], "titleColor": INK[_LIGHT], "titleFontWeight": "normal"},
    "header": {"labelColor": INK[_LIGHT], "labelFontWeight": "bold", "titleColor": INK[_LIGHT]},
    "range": {"category": LINES[_LIGHT], "heatmap": SHADES[_LIGHT], "ramp": SHADES[_LIGHT]},
}


class PictureError(Exception):
    """A chart that could not be drawn as a picture; the message is one sentence."""


def offer_pictures(
    draw: Draw,
    words: Sequence[str],
    lang: str,
    *,
    page: str,
    asked: Mapping[str, object],
    name: str = "",
    width: int = 720,
) -> None:
    """Offer a chart as PNG and SVG.

    `words` are sentences on what it shows, `asked` the parameters that ask its page for it, also where the
    address left some to the page; `name` tells charts of one page apart. `draw` is called with the light
    theme whatever the reader's: pictures go on white paper.
    """
    codes = spelled({**asked, "rel": release()})
    address = permalink("" if page == "overview" else page, codes, lang)
    drawn = draw(_LIGHT).properties(title=_caption([*words, source_text(lang), address], width))
    if isinstance(drawn, alt.LayerChart):  # panels have a width each
        drawn = drawn.properties(width=width)
    name = name or page
    with st.container(horizontal=True, key=f"pictures-{name}", gap="small"):
        for form, media_type in FORMS.items():
            st.download_button(
                form.upper(),
                partial(picture, drawn, form),
                file_name=picture_name(name, codes, form),
                mime=media_type,
                help=label(lang, f"chart.{form}_help"),
                icon=":material/image:",
                type="tertiary",
                key=f"{form}-{name}",
                on_click="ignore",
            )


def picture_name(chart: str, codes: Mapping[str, Sequence[str]], form: str) -> str:
    """Return the name of a file that tells what was chosen, in letters that every system takes."""
    told = json.dumps([chart, codes], ensure_ascii=False, sort_keys=True)
    values = [value if value.isascii() else fold(value) for some in codes.values() for value in some]
    words = _OTHER.sub("-", "-".join([chart, *values]))[:_LONGEST_NAME].strip("-.")
    return f"chiso-{words}-{hashlib.sha256(told.encode()).hexdigest()[:8]}.{form}"


def picture(chart: Any, form: str) -> bytes:
    """Return a chart as the bytes of a PNG or SVG. Raises PictureError."""
    spec = _inline(chart).to_dict()
    asked = json.dumps({"form": form, "spec": spec, "config": _CONFIG}).encode()
    if len(asked) > MOST_BYTES:
        raise PictureError("The chart has more points than a picture has room for; filter further.")
    with _ONE_AT_A_TIME:
        return _drawn(asked)


def _drawn(asked: bytes) -> bytes:
    command = [sys.executable, "-I", str(_PROCESS)]
    try:
        ended = subprocess.run(command, input=asked, capture_output=True, timeout=SECONDS, check=False)  # noqa: S603 - our own program
    except subprocess.TimeoutExpired as error:
        raise PictureError(f"The picture was not drawn within {SECONDS} seconds.") from error
    if ended.returncode or not ended.stdout:
        last = ended.stderr.decode(errors="replace").strip().splitlines()[-1:]
        raise PictureError(f"The picture could not be drawn: {' '.join(last)[:200]}.")
    return ended.stdout


def _inline(chart: Any) -> Any:
    """Return a chart that holds its data itself; altair would ask a setting that all sessions share."""
    parts = {alt.LayerChart: "layer", alt.ConcatChart: "concat"}.get(type(chart))
    copy = chart.copy(deep=True, ignore=["data", parts] if parts else ["data"])
    if isinstance(chart.data, pd.DataFrame):
        copy.data = alt.InlineData(values=json.loads(chart.data.to_json(orient="records")))
    if parts:
        copy[parts] = [_inline(part) for part in chart[parts]]
    return copy


def _caption(words: Sequence[str], width: int) -> alt.Title:
    """Return what stands below a picture: what it shows, where that is from, the address of its page."""
    lines = [line for text in words for line in wrap(text, int(width / _LETTER))]
    return alt.Title(
        lines,
        orient="bottom",
        anchor="start",
        offset=14,
        fontSize=11,
        fontWeight="normal",
        lineHeight=_LINE,
        color=INK[_LIGHT],
    )
