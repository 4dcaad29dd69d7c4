"""The fields of a figure in words, in the order in which a reader checks them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from app_pages.indicators import indicator_text
from app_pages.labels import label, labels, named
from app_pages.numbers import number, share_text, value_text
from app_pages.periods import period_text
from app_pages.places import place_text

Row = Mapping[str, Any]


def field_rows(figure: Row, lang: str) -> list[tuple[str, str]]:
    """Return the name and the words of every field that says something about this figure."""
    written = [(name, read(figure, lang)) for name, read in _FIELDS.items()]
    return [(label(lang, f"field.{name}"), text) for name, text in written if text]


def flag_sentences(figure: Row, lang: str) -> list[str]:
    """Return a sentence for each doubt about the figure; a flag without one is named."""
    return [
        label(lang, f"flag.{flag}") if f"flag.{flag}" in labels() else label(lang, "flag.unknown", name=flag)
        for flag in figure["flags"]
    ]


def doubt_sentences(figure: Row, lang: str) -> list[str]:
    """Return a sentence for each thing that is not certain about the figure's article."""
    return [named(lang, "doubt", doubt) for doubt in figure["article_doubts"]]


def _amount(name: str, *kinds: str) -> Callable[[Row, str], str]:
    """Return a reader of a number in full digits, empty where there is none or the kind is another."""

    def read(figure: Row, lang: str) -> str:
        if figure[name] is None or (kinds and figure["kind"] not in kinds):
            return ""
        return number(figure[name], lang)

    return read


def _rank(figure: Row, lang: str) -> str:
    if figure["kind"] != "rank" or figure["measure"] != "level":
        return ""
    key = "number.rank" if figure["denominator"] is None else "number.rank_of"
    whole = figure["denominator"] and number(figure["denominator"], lang)
    return label(lang, key, position=number(figure["value"], lang), whole=whole)


def _value(figure: Row, lang: str) -> str:
    """Return the value in base units; a ratio and a rank have rows of their own."""
    return (
        ""
        if figure["kind"] in ("ratio", "rank") and figure["measure"] == "level"
        else number(figure["value"], lang)
    )


def _indicator(figure: Row, lang: str) -> str:
    return indicator_text(figure["indicator_id"], lang) if figure["indicator_id"] else ""


def _restated(figure: Row, lang: str) -> str:
    """Return the value of the figure of the same sentence that this one says again."""
    said = (other for other in figure["same_sentence"] if other["start"] == figure["restates"])
    return next((value_text(other, lang) for other in said), "")


def _as_is(name: str) -> Callable[[Row, str], str]:
    """Return a reader of a field that is the same in both languages, empty where it is None."""
    return lambda figure, _: str(figure[name] or "")


def _coded(name: str) -> Callable[[Row, str], str]:
    """Return a reader of a field whose codes have words in the section of its name."""
    return lambda figure, lang: named(lang, name, figure[name])


_FIELDS: dict[str, Callable[[Row, str], str]] = {
    "indicator": _as_is("indicator"),
    "indicator_id": _indicator,
    "place": lambda figure, lang: place_text(figure["place_id"], lang, name=figure["place"]),
    "locality": _as_is("locality"),
    "period": lambda figure, lang: period_text(figure["period"], lang),
    "status": _coded("status"),
    "kind": _coded("kind"),
    "value": _value,
    "value_max": _amount("value_max"),
    "numerator": _amount("value", "ratio"),
    "rank": _rank,
    "denominator": _amount("denominator", "ratio"),
    "share": lambda figure, lang: share_text(figure, lang) or "",
    "unit": _as_is("unit"),
    "measure": _coded("measure"),
    "comparator": _coded("comparator"),
    "negated": lambda figure, lang: label(lang, "negated.yes") if figure["negated"] else "",
    "base": _as_is("base"),
    "restates": _restated,
    "surface": _as_is("surface"),
    "confidence": lambda figure, lang: number(round(figure["confidence"], 2), lang),
    "rules": lambda figure, _: ", ".join(figure["rules"]),
    "extractor_version": _as_is("extractor_version"),
    "page_number": _as_is("page_number"),
    "id": _as_is("id"),
}
