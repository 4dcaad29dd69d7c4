"""What the extraction steps know of one article so far, and the records that they pass on.

All offsets are half-open code-point offsets into `Analysis.text`, which has the length of `Article.text`.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

from store.records import Article, Comparator, Kind, Measure, Status

if TYPE_CHECKING:
    from extract.phrase.lines import Layout

Zone = Literal["title", "heading", "body", "table", "boilerplate"]


@dataclass(frozen=True, slots=True)
class Sentence:
    start: int
    end: int
    paragraph: int  # ordinal of its paragraph in the text
    zone: Zone


@dataclass(frozen=True, slots=True)
class Time:
    """An expression of time, read as far as its own words go.

    `first` and `last` are ISO dates, possibly with a year still open as `????-10-31`; None on a side means
    open or unknown. `anchor` names what a relative one hangs on.
    """

    start: int
    end: int
    form: str  # day, month, quarter, half, year, years, months_of_year, term, season, relative, now, …
    first: str | None
    last: str | None
    anchor: str | None = None  # this_year, last_year, this_month, same_period, now, …; None when absolute
    cue: str | None = None  # the word that frames it: trong, tính đến, đến, từ, so với, …
    rule: str = ""
    part: str | None = None  # start, middle or end when only that part of it is meant ("cuối năm 2019")


@dataclass(frozen=True, slots=True)
class Guarded:
    """A number that measures nothing: what it is instead, and which rule says so."""

    start: int
    end: int
    what: str  # date, clock, document, name, age, ordinal, duration, list_number, phone, address, slogan, …
    rule: str


@dataclass(frozen=True, slots=True)
class Quantity:
    """A parsed number with unit and bound at a span, before anything is linked to it."""

    start: int
    end: int
    kind: Kind
    value: Decimal
    value_max: Decimal | None = None
    denominator: Decimal | None = None
    comparator: Comparator = "eq"
    unit: str | None = None
    measure: Measure = "level"
    unit_end: int = 0  # end of the unit's words right of the span; `end` when there are none
    left: int = 0  # start of hedges and verbs of change left of the number ("tăng hơn"); `start` when none
    change: str | None = None  # the verb of change, when one governs it
    flags: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Mention:
    """A name found by the gazetteers: a province, district, commune, agency, programme or the country."""

    start: int
    end: int
    label: str  # province, own_province, country, central_body, locality, own_locality, agency, region, …
    name: str  # canonical name; of a province the guideline's short name
    role: str = "mention"  # subject, locative, possessive, oblique, mention


@dataclass(frozen=True, slots=True)
class Link:
    """One linked field of one quantity: its value, how sure the step is (0 to 1), and the rules behind it."""

    value: str | None
    confidence: float = 1.0
    rules: tuple[str, ...] = ()
    span: tuple[int, int] | None = None  # where the value was read, when it is one stretch of text


@dataclass(frozen=True, slots=True, kw_only=True)
class Analysis:
    """The article and what each step found. Link tuples run parallel to `quantities`."""

    article: Article
    text: str
    nlp: bool = True
    sentences: tuple[Sentence, ...] = ()
    times: tuple[Time, ...] = ()
    guarded: tuple[Guarded, ...] = ()
    quantities: tuple[Quantity, ...] = ()
    mentions: tuple[Mention, ...] = ()
    indicators: tuple[Link, ...] = ()
    indicator_ids: tuple[str | None, ...] = ()
    bases: tuple[Link, ...] = ()
    places: tuple[Link, ...] = ()
    localities: tuple[Link, ...] = ()
    periods: tuple[Link, ...] = ()
    statuses: tuple[Link, ...] = ()
    negations: tuple[Link, ...] = ()  # value "negated" or None
    restates: tuple[int | None, ...] = ()  # index of the quantity that is said again
    flags: tuple[tuple[str, ...], ...] = ()
    layout: Layout | None = None  # of the quantities that the indicators were chosen for


__all__ = ["Analysis", "Guarded", "Link", "Mention", "Quantity", "Sentence", "Status", "Time", "Zone"]
