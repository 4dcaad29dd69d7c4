"""The record types that the crawler, the extractor, the store and the app exchange.

Frozen and free of behaviour, so that every part may import this module and none needs another part's code.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

Kind = Literal["ratio", "rank", "percent", "money", "score", "multiple", "count"]
Comparator = Literal["eq", "approx", "gt", "ge", "lt", "le"]
Measure = Literal["level", "difference"]
Status = Literal["actual", "target"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One newspaper or portal of data/sources/: its family's settings with its own on top."""

    id: str  # key in data/sources/
    name: str
    kind: Literal["newspaper", "portal", "sample"]
    family: str  # CMS family
    province: str | None  # whose paper or portal it is; None for one that serves several provinces
    hosts: tuple[str, ...]  # the only hosts that may be asked, all of one registrable domain
    serves: tuple[str, ...] = ()  # former provinces whose older stories may stand there; () for its own only
    sections: Mapping[str, str] = field(default_factory=dict)  # start of a path → the province it is about
    languages: tuple[str, ...] = ("vi",)  # articles in others are refused
    valid_from: str | None = None  # ISO dates of the first and the last article there may be, inclusive
    valid_until: str | None = None
    start_urls: tuple[str, ...] = ()  # front page and section listings
    feeds: tuple[str, ...] = ()
    sitemaps: tuple[str, ...] = ()
    article_pattern: str = ""  # regular expression on the path and query of an article's address
    article_id_pattern: str | None = None  # its group is the id that routes; None: the path does
    keep_parameters: tuple[str, ...] = ()  # query parameters that belong to the identity
    link_selector: str = "a"  # CSS: links of a listing
    next_selector: str | None = None  # CSS: the link to the next page of a listing
    json_link: str | None = None  # an article's address by the fields of an entry, where lists are JSON
    max_listing_pages: int = 5
    title_selectors: tuple[str, ...] = ()  # CSS, first that matches
    lead_selectors: tuple[str, ...] = ()
    body_selectors: tuple[str, ...] = ()
    author_selectors: tuple[str, ...] = ()
    date_selectors: tuple[str, ...] = ()  # CSS; `meta[name="x"]::attr(content)` reads an attribute
    date_formats: tuple[str, ...] = ()  # strptime formats, tried in order on what date_selectors find
    drop_selectors: tuple[str, ...] = ()  # boilerplate inside the body
    utc_offset: str = "+07:00"  # of dates that carry no zone
    max_attachment_bytes: int = 20 * 2**20  # of a PDF or Word file; 0 leaves attachments alone
    delay: float = 1.5  # least seconds between requests to one domain
    tls: tuple[str, ...] = ()  # exceptions for old servers: "legacy" renegotiation, "weak" keys and ciphers
    intermediate_certificates: tuple[str, ...] = ()  # PEM; what a server forgets to send
    allow_private_addresses: bool = False  # only the sample site and test sites
    enabled: bool = True
    disabled_because: str | None = None
    evidence: Mapping[str, str] = field(default_factory=dict)  # part of this declaration → how it is known
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """What a page that is a file hangs on."""

    linked_from: str  # canonical address of the article, or address of the listing
    name: str | None = None  # as its server calls it: a text, never a path


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One fetched page, as it came: nothing decoded, nothing cleaned."""

    id: str  # first 16 hex digits of SHA-256 of `url`
    url: str  # canonical
    fetched_url: str  # as requested, after redirects
    source: str  # key in data/sources/
    fetched_at: str  # ISO 8601, UTC
    status: int
    content_type: str | None  # the header as sent; None when the server sent none
    body: bytes
    run_id: int | None = None  # None outside a recorded crawl run
    attachment: Attachment | None = None  # None for an article


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One table cell; `start` and `end` are offsets into the article's text, -1 where it is left out."""

    row: int
    column: int
    text: str
    start: int = -1
    end: int = -1
    header: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table of an article; merged cells are repeated in every row and column that they span."""

    start: int
    end: int
    cells: tuple[Cell, ...]
    caption: str | None = None
    page_number: int | None = None  # 1-based page of a PDF; None elsewhere


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """The cleaned text of a page. `text` is title, lead and body, a paragraph a line, NFC."""

    id: str
    url: str
    title: str
    text: str
    source: str | None = None
    site_province: str | None = None  # the province whose paper or portal printed it
    lead: str | None = None
    author: str | None = None
    published: str | None = None  # ISO date, date-time with zone, or a bare year; None when not trustworthy
    published_raw: str | None = None  # as the page says it
    tables: tuple[Table, ...] = ()
    page_starts: tuple[int, ...] = ()  # offsets where the pages of a PDF begin in `text`
    doubts: tuple[str, ...] = ()  # what is not certain about it; names of extract/cleaning/doubts.py
    cleaner_version: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One quantity mention with everything linked to it; `article.text[start:end] == surface`.

    The fields up to `restates` have the names and meanings of the annotation guideline. Numbers are exact
    and in base units; a ratio's value is its numerator, a rank's its position, a fall is negative.
    """

    id: str  # hash of article URL, sentence and surface: stable under re-extraction
    article_id: str
    start: int
    end: int
    surface: str
    kind: Kind
    value: Decimal
    value_max: Decimal | None = None
    denominator: Decimal | None = None
    comparator: Comparator = "eq"
    unit: str | None = None
    measure: Measure = "level"
    status: Status = "actual"
    negated: bool = False
    place: str | None = None
    locality: str | None = None
    period: str | None = None  # START/END in ISO dates, either side may be empty
    indicator: str = ""
    base: str | None = None
    restates: int | None = None  # `start` of the figure that this one says again
    indicator_id: str | None = None  # key in data/indicators.toml
    place_id: str | None = None  # VN63-51, VN34-51 or VN
    sentence: str = ""
    sentence_start: int = 0
    sentence_end: int = 0
    confidence: float = 0.0
    flags: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    extractor_version: str = ""
    page_number: int | None = None  # 1-based page of a PDF; None elsewhere
