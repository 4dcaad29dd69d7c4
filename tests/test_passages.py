"""The invented annotated texts that the choosers learn from are sound."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import regex

from extract.place import provinces

PASSAGES = Path(__file__).resolve().parents[1] / "data" / "passages"
KINDS = {"count", "ratio", "percent", "money", "rank", "score", "multiple"}
PERIOD = regex.compile(r"(?=.*\d)(?:\d{4}-\d\d-\d\d)?/(?:\d{4}-\d\d-\d\d)?")
SYLLABLE = regex.compile(r"[^\W_]+")


def documents() -> Iterator[Any]:
    for path in sorted(PASSAGES.glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            document = json.loads(line)
            yield pytest.param(document, id=document["id"])


@pytest.mark.parametrize("document", list(documents()))
def test_figures_are_of_their_text(document: dict[str, Any]) -> None:
    text, figures = document["text"], document["figures"]
    syllables = set(SYLLABLE.findall(text.lower()))
    starts = [figure["start"] for figure in figures]
    assert starts == sorted(set(starts))
    for figure in figures:
        assert text[figure["start"] : figure["end"]] == figure["surface"]
        assert figure["kind"] in KINDS
        assert figure["status"] in ("actual", "target")
        assert set(SYLLABLE.findall(figure["indicator"].lower())) <= syllables
        assert figure.get("restates", starts[0]) in starts
        assert PERIOD.fullmatch(figure.get("period", "/2000-01-01"))
        assert provinces.resolve(figure.get("place", "Việt Nam")) or figure["place"] == "Việt Nam"


def test_no_text_stands_twice() -> None:
    texts = [parameters.values[0] for parameters in documents()]
    assert len(texts) == len({text["id"] for text in texts}) == len({text["text"] for text in texts})


def test_there_are_figures_of_every_sort() -> None:
    figures = [figure for parameters in documents() for figure in parameters.values[0]["figures"]]
    assert set(Counter(figure["kind"] for figure in figures)) == KINDS
    assert any("period" not in figure for figure in figures)
    assert any("place" not in figure for figure in figures)
