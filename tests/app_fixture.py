"""A database of known figures for the tests of the app, made through the store's own functions."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterator
from decimal import Decimal
from itertools import chain
from pathlib import Path
from typing import Any

import lxml.html
import pytest
from streamlit.testing.v1 import AppTest

from app_pages import data
from store.derived import open_derived, replace_article
from store.observations import merge
from store.records import Article, Figure

RATIO_ID = "a0000000000000a1"
HOSTILE_ID = "a0000000000000b1"
CONFLICT_ID = "a0000000000000c1"
UNSAFE_LINK_ID = "a0000000000000d1"
FIGURES = 54  # 14 told in app_figures.toml and two for each ranked province
RANKED = (
    ("01", "Hà Nội"),
    ("04", "Cao Bằng"),
    ("14", "Sơn La"),
    ("19", "Thái Nguyên"),
    ("22", "Quảng Ninh"),
    ("31", "Hải Phòng"),
    ("38", "Thanh Hóa"),
    ("40", "Nghệ An"),
    ("42", "Hà Tĩnh"),
    ("48", "Đà Nẵng"),
    ("51", "Quảng Ngãi"),
    ("56", "Khánh Hòa"),
    ("62", "Kon Tum"),
    ("64", "Gia Lai"),
    ("66", "Đắk Lắk"),
    ("68", "Lâm Đồng"),
    ("75", "Đồng Nai"),
    ("79", "Hồ Chí Minh"),
    ("89", "An Giang"),
    ("92", "Cần Thơ"),
)

_APP = Path(__file__).resolve().parent.parent / "app.py"
_TIMEOUT = 30
_TOLD = Path(__file__).with_name("app_figures.toml")
_FETCHED = "2025-11-02T03:00:00+00:00"
_VERSION = "fixture-1"


def run_page(page: str, path: Path, monkeypatch: pytest.MonkeyPatch, **params: Any) -> AppTest:
    """Run one page of the app on a database for an address; an exception fails the test."""
    monkeypatch.setenv(data.DATABASE_VARIABLE, str(path))
    app = AppTest.from_file(str(_APP), default_timeout=_TIMEOUT)
    for name, value in params.items():
        app.query_params[name] = value
    if page != "overview":
        app.switch_page(f"app_pages/{page}.py")
    app.run()
    assert not app.exception
    return app


def html(app: AppTest) -> str:
    """Return all HTML of a page."""
    return "\n".join(element.proto.body for element in app.get("html"))


def rows(app: AppTest) -> list[list[str]]:
    """Return the cells of the tables of a page, row by row."""
    tables = [element.proto.body for element in app.get("html") if "<table>" in element.proto.body]
    return [
        [cell.text_content() for cell in row.iter("th", "td")]
        for table in tables
        for row in lxml.html.fromstring(table).iter("tr")
    ]


def build(path: Path) -> Path:
    """Write the database and return its path."""
    db = open_derived(path)
    for article, figures in articles():
        replace_article(db, article, figures, fetched_at=_FETCHED, extractor_version=_VERSION)
    merge(db)
    db.close()
    return path


def articles() -> Iterator[tuple[Article, list[Figure]]]:
    """Yield every article with its figures."""
    told = tomllib.loads(_TOLD.read_text(encoding="utf-8"))["article"]
    return map(told_article, chain(told, _rankings()))


def _rankings() -> Iterator[dict[str, Any]]:
    """Yield an article a province about its administrative reform in 2023: a score and a rank of 63."""
    for place, (code, name) in enumerate(RANKED):
        score = Decimal("91.5") - Decimal(place) / 2
        written, rank = str(score).replace(".", ","), place + 1
        text = (
            f"Chỉ số cải cách hành chính năm 2023 của {name} đạt {written} điểm, xếp thứ {rank}/63 cả nước."
        )
        index = {"indicator": "Chỉ số cải cách hành chính", "indicator_id": "par_index"}
        figures = [
            {"surface": written, "kind": "score", "value": score, "unit": "điểm"},
            {"surface": f"{rank}/63", "kind": "rank", "value": rank, "denominator": 63, "unit": "tỉnh"},
        ]
        yield {
            "source": ("sample-onecms", "sample-zce", "sample-aid")[place % 3],
            "title": f"{name} và cải cách hành chính",
            "published": f"2024-04-{rank:02}",
            "about": {"place": name, "place_id": f"VN63-{code}", "period": "2023-01-01/2023-12-31", **index},
            "sentence": [{"text": text, "figures": figures}],
        }


def told_article(told: dict[str, Any]) -> tuple[Article, list[Figure]]:
    """Return an article of these sentences and its figures, each found in its sentence by its surface.

    `told` has the keys of an article of app_figures.toml.
    """
    key = hashlib.sha256(told["title"].encode()).hexdigest()[:16]
    text, figures = told["title"] + "\n", []
    for sentence in told["sentence"]:
        begin, done = len(text), 0
        text += sentence["text"] + " "
        for figure in sentence["figures"]:
            start = sentence["text"].index(figure["surface"], done)
            done = start + len(figure["surface"])
            known = {"id": f"{key[:12]}{begin + start:04}", "confidence": 0.9, **told["about"], **figure}
            if known.pop("restates", False):
                known["restates"] = figures[-1].start
            figures.append(
                Figure(
                    **known
                    | {name: tuple(known.get(name, ())) for name in ("flags", "rules")}
                    | _numbers(known),
                    article_id=key,
                    start=begin + start,
                    end=begin + done,
                    sentence=sentence["text"],
                    sentence_start=begin,
                    sentence_end=begin + len(sentence["text"]),
                    extractor_version=_VERSION,
                )
            )
    article = Article(
        id=key,
        url=told.get("url", f"http://{told['source']}.example/{key}.html"),
        title=told["title"],
        text=text.rstrip(),
        source=told["source"],
        published=told.get("published"),
        doubts=tuple(told.get("doubts", ())),
    )
    return article, figures


def _numbers(known: dict[str, Any]) -> dict[str, Decimal]:
    return {name: Decimal(known[name]) for name in ("value", "value_max", "denominator") if name in known}
