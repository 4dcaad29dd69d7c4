"""Why each number of a text was taken as a figure or not, in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import regex

from extract import pipeline
from extract.analysis import Analysis, Guarded, Link
from extract.exchange import plain
from store.records import Article, Figure

DIGITS = regex.compile(r"\d+(?:[.,/\-–]\d+)*+")

UNREAD = "not a figure: no rule reads it as a quantity"

BOUNDS = {
    "eq": "exactly",
    "approx": "about",
    "gt": "more than",
    "ge": "at least",
    "lt": "less than",
    "le": "at most",
}


@dataclass(frozen=True, slots=True)
class Explanation:
    """One number of the text: where it stands, whether it is a figure, and one line per decision."""

    start: int
    end: int
    surface: str
    taken: bool
    lines: tuple[str, ...]


def explain(article: Article, *, nlp: bool = True) -> list[Explanation]:
    """Return an explanation for every number of the article's text, in the order of the text."""
    analysis = pipeline.analyse(article, nlp=nlp)
    found = [taken(analysis, index, figure) for index, figure in enumerate(pipeline.figures(analysis))]
    found += [left_out(article.text, guarded) for guarded in analysis.guarded]
    covered = [(item.start, item.end) for item in found]
    found += [
        Explanation(
            *match.span(), match.group(), taken=False, lines=("not a figure: no rule reads it as a quantity",)
        )
        for match in DIGITS.finditer(article.text)
        if not any(start < match.end() and match.start() < end for start, end in covered)
    ]
    return sorted(found, key=lambda item: (item.start, item.end))


def left_out(text: str, guarded: Guarded) -> Explanation:
    """Return why a number that a guard recognised is no figure."""
    what = guarded.what.replace("_", " ")
    line = f"not a figure: it is part of a {what} (rule {guarded.rule})"
    return Explanation(
        guarded.start, guarded.end, text[guarded.start : guarded.end], taken=False, lines=(line,)
    )


def taken(analysis: Analysis, index: int, figure: Figure) -> Explanation:
    """Return what was decided about one figure, a line per field."""
    quantity = analysis.quantities[index]
    links = {
        "indicator": analysis.indicators[index],
        "base": analysis.bases[index],
        "period": analysis.periods[index],
        "place": analysis.places[index],
        "locality": analysis.localities[index],
        "status": analysis.statuses[index],
        "negated": analysis.negations[index],
    }
    lines = [f"value: {reading(figure)}{by(quantity.rules)}"]
    lines += [line for name, link in links.items() for line in decided(analysis.text, name, link)]
    if figure.restates is not None:
        again = analysis.quantities[analysis.restates[index] or 0]
        lines.append(f"restates: the same value as {analysis.text[again.start : again.end]}")
    if figure.flags:
        lines.append("doubts: " + ", ".join(flag.replace("_", " ") for flag in figure.flags))
    lines.append(f"confidence: {figure.confidence:.2f}")
    return Explanation(figure.start, figure.end, figure.surface, taken=True, lines=tuple(lines))


def reading(figure: Figure) -> str:
    """Return the number as it was understood: kind, bound, value, unit, level or difference."""
    number = str(plain(figure.value))
    if figure.value_max is not None:
        number += f" to {plain(figure.value_max)}"
    if figure.denominator is not None:
        number += f" out of {plain(figure.denominator)}"
    unit = f" {figure.unit}" if figure.unit else ""
    return f"{figure.kind}, {BOUNDS[figure.comparator]} {number}{unit}, a {figure.measure}"


def decided(text: str, name: str, link: Link) -> Iterator[str]:
    """Yield the line for one linked field; nothing for an optional field that stayed empty without a rule."""
    if link.value is None and (not link.rules or name in {"base", "locality", "negated"}):
        return
    value = "none" if link.value is None else link.value
    seen = f', read at "{text[link.span[0] : link.span[1]]}"' if link.span else ""
    yield f"{name}: {value}{seen}{by(link.rules)}"


def by(rules: tuple[str, ...]) -> str:
    """Return the rules in brackets; nothing when there are none."""
    return f" (rules: {', '.join(rules)})" if rules else ""
