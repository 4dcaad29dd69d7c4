"""The corpus is the specification: sentences with what must be read in them, and sentences that hold nothing.

A case compares the fields it gives; `nulls` names, figure by figure, those that must be empty. Cases that
give only what steps 1 to 4 settle run those, others all. A case is negative when it holds no figure, names an
empty field, or says in `trap` what stands in it that must not be read.
"""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from extract.analysis import Analysis, Time
from extract.confidence_training import overlap
from store.records import Article, Figure
from tests.steps import read_numbers

CORPUS = Path(__file__).parent / "corpus"
ORIGINS = {"written with the rule", "fresh sample", "bug seen in the wild"}
NUMBER_FIELDS = {
    "surface",
    "kind",
    "value",
    "value_max",
    "denominator",
    "comparator",
    "unit",
    "measure",
    "flags",
}
TIME_FIELDS = ("form", "first", "last", "cue", "anchor", "part")


def cases() -> Iterator[Any]:
    for path in sorted(CORPUS.glob("*.toml")):
        for number, case in enumerate(tomllib.loads(path.read_text(encoding="utf-8"))["case"], start=1):
            marks = [pytest.mark.xfail(reason=case["xfail"], strict=True)] if "xfail" in case else []
            yield pytest.param(case, id=f"{path.stem}-{number}", marks=marks)


@pytest.mark.parametrize("case", list(cases()))
def test_case(case: dict[str, Any]) -> None:
    assert case["origin"] in ORIGINS
    fields = {field for figure in case["figures"] for field in figure}
    nulls = case.get("nulls", [[]] * len(case["figures"]))
    if fields <= NUMBER_FIELDS and not any(nulls):
        analysis = read_numbers(case["text"])
        found = [_fields_of_quantity(analysis, index) for index in range(len(analysis.quantities))]
        if "times" in case:
            assert _times(analysis, case["times"]) == case["times"]
        if "guarded" in case:
            whats = [stretch.what for stretch in analysis.guarded if stretch.what not in ("date", "duration")]
            assert whats == case["guarded"]
    else:
        found = [_fields_of_figure(figure) for figure in _extract(case)]
    surfaces = [figure.get("surface") for figure in found]
    assert len(found) == len(case["figures"]), f"found {surfaces}"
    for figure, expected, empty in zip(found, case["figures"], nulls, strict=True):
        found_fields = {field: _said(field, figure.get(field), value) for field, value in expected.items()}
        assert found_fields == expected
        assert {field: figure[field] for field in empty if figure[field] is not None} == {}


def test_a_third_of_the_corpus_is_negative() -> None:
    """Most numbers of a real page are no figures, and most cue words near one say nothing of it."""
    written = [parameters.values[0] for parameters in cases()]
    negative = [
        case for case in written if not case["figures"] or "trap" in case or any(case.get("nulls", ()))
    ]
    assert 3 * len(negative) >= len(written)


def test_no_sentence_stands_twice() -> None:
    written = Counter((case["text"], case.get("published")) for (case,) in (each.values for each in cases()))
    assert [text for (text, _), times in written.items() if times > 1] == []


def _said(field: str, found: Any, expected: Any) -> Any:
    """Return what was found; for a phrase, what was expected when both share most of their syllables."""
    if field in ("indicator", "base") and overlap(str(found or ""), expected) >= 0.6:
        return expected
    return found


def _fields_of_quantity(analysis: Analysis, index: int) -> dict[str, Any]:
    quantity = analysis.quantities[index]
    fields = {field: getattr(quantity, field) for field in NUMBER_FIELDS - {"surface", "flags"}}
    surface = analysis.article.text[quantity.start : quantity.end]
    return _comparable({**fields, "flags": list(quantity.flags), "surface": surface})


def _fields_of_figure(figure: Figure) -> dict[str, Any]:
    fields = {name: getattr(figure, name) for name in figure.__dataclass_fields__}
    return _comparable({**fields, "flags": list(figure.flags)})


def _comparable(fields: dict[str, Any]) -> dict[str, Any]:
    numbers = {
        name: fields[name] for name in ("value", "value_max", "denominator") if fields[name] is not None
    }
    return {**fields, **{name: float(number) for name, number in numbers.items()}}


def _times(analysis: Analysis, expected: list[dict[str, str]]) -> list[dict[str, str]]:
    return [_time(analysis, time, wanted) for time, wanted in zip(analysis.times, expected, strict=True)]


def _time(analysis: Analysis, time: Time, wanted: dict[str, str]) -> dict[str, str]:
    """Return the dates of a time, and its other fields where they are wanted."""
    names = [name for name in TIME_FIELDS if name in wanted or name in ("form", "first", "last")]
    fields: dict[str, str | None] = {name: getattr(time, name) for name in names}
    fields["surface"] = analysis.article.text[time.start : time.end]
    return {name: value for name, value in fields.items() if value is not None}


def _extract(case: dict[str, Any]) -> list[Figure]:
    pipeline = pytest.importorskip("extract.pipeline")
    article = Article(
        id="corpus",
        url="https://example.test/corpus",
        title=case.get("title", ""),
        text=case["text"],
        site_province=case.get("province"),
        published=case.get("published"),
    )
    return list(pipeline.extract(article))
