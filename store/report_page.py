"""The report as one HTML page that asks nothing of the network: words and page in `data/report/`.

Scraped text is escaped, kept from changing the direction of what stands around it, and linked only where
its address is one of the web.
"""

from __future__ import annotations

import tomllib
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, partial
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from store.indicators import indicators, themes
from store.places import COUNTRY, places
from store.report import Report

Language = Literal["vi", "en"]

_DATA = Path(__file__).resolve().parent.parent / "data"
_SECTIONS = ("coverage", "conflicts", "flags", "phrases", "sources", "out_of_range")
_COUNTS = (
    ("articles", "articles"),
    ("figures", "figures"),
    ("linked", "linked"),
    ("observations", "observations"),
    ("conflicts", "conflicts_count"),
    ("sources", "sources_count"),
    ("failures", "failures"),
    ("confirmed", "confirmed"),
    ("corrected", "corrected"),
    ("rejected", "rejected"),
)
_WAITING = ("never_crawled", "disabled")  # sources of which there is no more to tell than their names
_FIRST_YEAR = 2010  # earlier years share a column
_LEVELS = 4  # shades of a grid
_SEPARATORS = {"vi": (".", ","), "en": (",", ".")}  # of thousands and of decimals


@dataclass(frozen=True, slots=True)
class PlaceName:
    """A place as a row names it."""

    name: str
    regime: str  # 63 or 34; "" for the country


@dataclass(frozen=True, slots=True)
class Grid:
    """Counts by place and something else; `levels` is the greatest count."""

    name: str
    columns: Sequence[str]
    rows: Sequence[tuple[PlaceName, Sequence[int], int]]
    levels: int


def report_page(report: Report, lang: Language, *, day: str | None = None) -> str:
    """Return the report as an HTML page in one language; `day` is that of the report, None leaves it out."""
    environment = Environment(
        loader=FileSystemLoader(_DATA / "report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {
        "number": partial(number, lang=lang),
        "day": partial(day_text, lang=lang),
        "place": partial(place_name, lang=lang),
        "indicator": partial(indicator_name, lang=lang),
        "flag": partial(_named, lang=lang, section="flag"),
        "kind": partial(_named, lang=lang, section="kind"),
        "web_address": web_address,
        "marked": _marked,
        "shade": _shade,
    }
    say = partial(words, lang)
    return environment.get_template("report.html").render(
        lang=lang,
        say=say,
        day=day,
        period=partial(_period, lang),
        report=report,
        totals=report.totals,
        counts=_COUNTS,
        sections=_SECTIONS,
        grid=_themes_grid(report.coverage, lang),
        grids=_years_grids(report.coverage, lang, say),
        missing=_missing(report.coverage, lang),
        reached=[row for row in report.sources if row["state"] not in _WAITING],
        waiting=[
            (state, rows)
            for state in _WAITING
            if (rows := [row for row in report.sources if row["state"] == state])
        ],
    )


@cache
def _labels() -> Mapping[str, Mapping[str, str]]:
    return tomllib.loads((_DATA / "report" / "labels.toml").read_text(encoding="utf-8"))


def words(lang: Language, name: str, /, **values: object) -> str:
    """Return a text of the report with its braces filled in; raises KeyError for an unknown name."""
    text = _labels()[name][lang]
    return text.format(**values) if values else text


def number(value: float | Decimal, lang: Language) -> str:
    """Return a number with the language's separators: 1.234,5 or 1,234.5."""
    thousands, decimals = _SEPARATORS[lang]
    text = format(Decimal(str(value)), ",f")
    return text.translate({ord(","): thousands, ord("."): decimals})


def day_text(day: str | None, lang: Language) -> str:
    """Return a day, or that of a moment, as the language writes it; "" for None."""
    parts = (day or "")[:10].split("-")
    return "/".join(reversed(parts)) if lang == "vi" and len(parts) > 1 else "-".join(parts)


def _period(lang: Language, period: str | None) -> str:
    start, _, end = (period or "").partition("/")
    if start and end:
        return f"{day_text(start, lang)} – {day_text(end, lang)}"
    if start or end:
        return words(lang, "since" if start else "until", day=day_text(start or end, lang))
    return ""


def place_name(place_id: str | None, lang: Language) -> PlaceName:
    """Return the name of a place and the list that it belongs to; the id where it is not known."""
    place = places().get(place_id or "")
    if place is None:
        return PlaceName(place_id or "", "")
    regime = "" if place.unit_regime == COUNTRY.unit_regime else place.unit_regime
    return PlaceName(place.name_vi if lang == "vi" else place.name_en, regime)


def theme_name(theme: str, lang: Language) -> str:
    """Return the name of a theme, the id where the catalogue has none."""
    return str(themes().get(theme, {}).get(f"name_{lang}", theme))


def web_address(url: str | None) -> str | None:
    """Return the address where a browser may follow it, None for any other scheme."""
    try:
        known = urlsplit(url or "").scheme.lower() in ("http", "https")
    except ValueError:
        return None
    return url if known else None


def indicator_name(indicator_id: str | None, lang: Language) -> str:
    """Return the name of a canonical indicator, the id where the catalogue has none, "" for None."""
    return str(indicators().get(indicator_id or "", {}).get(f"name_{lang}", indicator_id or ""))


def _named(name: str, lang: Language, section: str) -> str:
    """Return what the app calls a code; the code itself where it has no name."""
    return str(_app_labels().get(section, {}).get(name, {}).get(lang, name))


@cache
def _app_labels() -> Mapping[str, Any]:
    return tomllib.loads((_DATA / "labels.toml").read_text(encoding="utf-8"))


def _marked(row: Mapping[str, Any]) -> Markup:
    """Return the sentence of a figure with the number marked."""
    sentence, start, end = row["sentence"], row["offset"], row["offset"] + len(row["surface"])
    if sentence[start:end] != row["surface"]:
        return escape(sentence)
    return Markup("{}<mark>{}</mark>{}").format(sentence[:start], sentence[start:end], sentence[end:])


def _shade(count: int, greatest: int) -> int:
    """Return the shade of a count, 1 to 4, each four times the one before."""
    return next((_LEVELS - step for step in range(_LEVELS) if count * 4**step >= greatest), 1)


def _themes_grid(coverage: Iterable[Mapping[str, Any]], lang: Language) -> Grid:
    found = [(row["place_id"], row["group"], row["figures"]) for row in coverage]
    order = list(themes())
    used = sorted({group for _, group, _ in found}, key=lambda group: (_at(order, group), group))
    return _grid("", found, used, lambda group: theme_name(group, lang), lang)


def _years_grids(
    coverage: Iterable[Mapping[str, Any]], lang: Language, say: Callable[..., str]
) -> list[Grid]:
    found: dict[str, list[tuple[str, str, int]]] = defaultdict(list)
    for row in coverage:
        year = row["year"] or ""
        column = "" if not year else max(year, str(_FIRST_YEAR - 1))
        found[row["group"]].append((row["place_id"], column, row["figures"]))

    def heading(year: str) -> str:
        if not year:
            return say("undated")
        return year if year >= str(_FIRST_YEAR) else say("before", year=_FIRST_YEAR)

    order = list(themes())
    return [
        _grid(theme_name(group, lang), rows, sorted({year for _, year, _ in rows}), heading, lang)
        for group, rows in sorted(found.items(), key=lambda item: (_at(order, item[0]), item[0]))
    ]


def _grid(
    name: str,
    found: Iterable[tuple[str, str, int]],
    columns: Sequence[str],
    heading: Callable[[str], str],
    lang: Language,
) -> Grid:
    counts: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for place_id, column, figures in found:
        counts[place_id][column] += figures
    order = list(places())
    rows = [
        (place_name(place_id, lang), [row.get(column, 0) for column in columns], sum(row.values()))
        for place_id, row in sorted(counts.items(), key=lambda item: (_at(order, item[0]), item[0]))
    ]
    greatest = max((count for _, row, _ in rows for count in row), default=0)
    return Grid(name, [heading(column) for column in columns], rows, greatest)


def _missing(coverage: Iterable[Mapping[str, Any]], lang: Language) -> list[tuple[str, str]]:
    """Return for each list of provinces the names of those without a figure; none where all have some."""
    covered = {row["place_id"] for row in coverage}
    found = []
    for regime in ("63", "34"):
        names = [
            place_name(place.id, lang).name
            for place in places().values()
            if place.unit_regime == regime and place.id not in covered
        ]
        if names:
            found.append((regime, ", ".join(names)))
    return found


def _at(order: Sequence[str], name: str) -> int:
    return order.index(name) if name in order else len(order)
