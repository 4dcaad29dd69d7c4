"""Draws one chart as a picture, in a process of its own: what the renderer takes of memory goes with it.

Standard input holds `form` (png or svg), `spec` (Vega-Lite) and `config`; standard output gets the picture.
"""

from __future__ import annotations

import json
import sys

import vl_convert

_PIXELS = 2  # of a PNG to a point, so that letters are sharp in print


def main() -> None:
    """Read, draw, write."""
    asked = json.load(sys.stdin)
    shared = {"config": asked["config"], "allowed_base_urls": []}  # nothing is fetched from anywhere
    if asked["form"] == "svg":
        drawn = vl_convert.vegalite_to_svg(asked["spec"], **shared).encode()
    else:
        drawn = vl_convert.vegalite_to_png(asked["spec"], scale=_PIXELS, **shared)
    sys.stdout.buffer.write(drawn)


if __name__ == "__main__":
    main()
