"""Charts as pictures: drawn on this machine alone, with their source, named after what was chosen."""

from __future__ import annotations

import http.server
import io
import threading
from xml.etree import ElementTree

import altair as alt
import pandas as pd
import pytest
from PIL import Image

from app_pages import pictures
from app_pages.panels import Panel, panels_chart
from app_pages.pictures import PictureError, picture, picture_name
from tests import app_fixture

WORDS = "Tỷ lệ hộ nghèo ở Đắk Lắk: đặt, ữ, ỵ <b>&</b> $x$"
ROWS = [{"day": "2023-12-31", "level": 3.5, "span": "year"}, {"day": "2024-12-31", "level": None}]


def chart(**changes: object) -> alt.LayerChart:
    frame = pd.DataFrame({"place": ["Đắk Lắk", "Huế"], "level": [1.5, float("nan")]})
    bars = alt.Chart(frame).mark_bar().encode(x="level:Q", y="place:N", tooltip="place:N")
    return alt.layer(bars, bars.mark_text()).properties(width=200, height=80, title=WORDS, **changes)


def words_of(svg: bytes) -> str:
    return " ".join(part.text or "" for part in ElementTree.fromstring(svg).iter() if part.text)


def test_a_vector_picture_has_its_words_as_words() -> None:
    drawn = picture(chart(), "svg")
    said = words_of(drawn)
    assert WORDS in said
    assert "Đắk Lắk" in said
    assert b"http" not in drawn.replace(b"http://www.w3.org/", b"")


def test_a_pixel_picture_is_twice_as_large_as_its_points_and_white() -> None:
    image = Image.open(io.BytesIO(picture(chart(), "png"))).convert("RGB")
    assert image.width > 400
    assert image.getpixel((1, 1)) == (255, 255, 255)


def test_panels_are_drawn_together() -> None:
    panels = [Panel("Huế", ROWS, ranks=False), Panel("Thứ hạng", ROWS[:1], ranks=True)]
    said = words_of(picture(panels_chart(panels, "vi", "light", days=("2023-01-01", "2025-01-01")), "svg"))
    assert all(word in said for word in ("Huế", "Thứ hạng", "2023", "2025"))


def test_nothing_is_fetched_for_a_picture() -> None:
    asked = []

    class Listening(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_error(404)

    with http.server.HTTPServer(("127.0.0.1", 0), Listening) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        spec = {"data": {"url": f"http://127.0.0.1:{server.server_port}/secret.json"}, "mark": "bar"}
        with pytest.raises(PictureError):
            picture(alt.Chart.from_dict(spec), "svg")
        server.shutdown()
    assert asked == []


def test_what_cannot_be_drawn_ends_in_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "MOST_BYTES", 100)
    with pytest.raises(PictureError, match="more points"):
        picture(chart(), "svg")
    monkeypatch.undo()
    monkeypatch.setattr(pictures, "SECONDS", 0.01)
    with pytest.raises(PictureError, match="not drawn within"):
        picture(chart(), "png")


@pytest.mark.parametrize(
    ("codes", "name"),
    [
        ({"ind": ["par_index"], "p": ["VN63-51", "VN63-40"]}, "chiso-map-par-index-VN63-51-VN63-40-"),
        ({"form": ["count~hộ nghèo"]}, "chiso-map-count-ho-ngheo-"),
        ({"ind": ["../../<b>"]}, "chiso-map-..-..-b-"),
        ({}, "chiso-map-"),
    ],
)
def test_a_name_tells_what_was_chosen(codes: dict[str, list[str]], name: str) -> None:
    found = picture_name("map", codes, "svg")
    assert found.startswith(name)
    assert found.endswith(".svg")
    assert "/" not in found
    assert found == picture_name("map", dict(reversed(codes.items())), "svg") or len(codes) > 1
    assert len(picture_name("map", {"p": ["VN63-51"] * 90}, "svg")) < 130


@pytest.mark.parametrize(
    ("page", "params", "offered"),
    [
        ("overview", {}, ["png-coverage", "svg-coverage"]),
        ("compare", {"ind": "par_index"}, ["png-compare", "svg-compare"]),
        ("compare", {"lang": "en", "from": "2020", "drawn": "x"}, ["png-compare", "svg-compare"]),
        ("map", {"ind": "par_index"}, ["png-map", "svg-map", "png-ranking", "svg-ranking"]),
        ("map", {"ind": "par_index", "v": "lines"}, ["png-lines", "svg-lines"]),
        ("map", {"ind": "par_index", "v": "small", "lang": "en"}, ["png-provinces", "svg-provinces"]),
    ],
)
def test_every_chart_is_offered_as_a_picture(database, monkeypatch, page, params, offered) -> None:
    app = app_fixture.run_page(page, database, monkeypatch, **params)
    buttons = app.get("download_button")
    assert [button.key for button in buttons] == offered


@pytest.fixture(scope="module")
def database(tmp_path_factory):
    return app_fixture.build(tmp_path_factory.mktemp("pictures") / "chiso.db")
