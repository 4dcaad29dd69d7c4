"""What is not certain about an article, by fixed names, so that nothing is guessed in silence."""

from __future__ import annotations

from urllib.parse import urljoin, urlsplit

import regex
from lxml.html import HtmlElement

from extract.cleaning.fields import meta
from extract.cleaning.markup import select
from store.domains import registrable_domain
from store.records import Page, Source

DOUBTS = {
    "province_unclear": "the source holds stories of several former provinces; nothing says which this is",
    "date_unclear": "the page states dates, and none of them can be trusted",
    "date_of_article": "the report bears no date; the day is that of the article on which it hangs",
    "outside_archive": "it is dated outside the days that its source's archive covers",
    "other_domain": "the page calls itself by an address of another domain",
    "more_pages": "the article goes on on another page, which is not read",
    "cut_off": "the page ends without the end of its document",
}
_END = regex.compile(rb"</\s*(?:html|body)\s*>", regex.IGNORECASE)
_VIETNAMESE = frozenset("ăâđêôơưàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ")
_LEAST_LETTERS = 200  # below it a text is too short to tell its language
_LEAST_SHARE = 0.05  # of letters with marks; Vietnamese prose has 0.25 and more, other languages next to none


def is_vietnamese(text: str) -> bool | None:
    """Return whether a text is in Vietnamese, by its letters; None when it is too short to tell."""
    letters = [letter for letter in text.lower() if letter.isalpha()]
    if len(letters) < _LEAST_LETTERS:
        return None
    return sum(letter in _VIETNAMESE for letter in letters) >= _LEAST_SHARE * len(letters)


def doubts_around(root: HtmlElement, page: Page) -> set[str]:
    """Return what the page says of itself that raises a doubt; `root` with its head and its links."""
    found = {
        "other_domain": _names_other_domain(root, page),
        "more_pages": _has_more_pages(root, page),
        "cut_off": not _END.search(page.body),
    }
    return {name for name, holds in found.items() if holds}


def doubts_of_day(day: str | None, source: Source | None, *, unclear: bool) -> set[str]:
    """Return what is doubtful about a day; `unclear` when none that is stated can be trusted."""
    found = {"date_unclear"} if unclear else set()
    if source is not None and day is not None and len(day) >= 10:
        on = day[:10]
        if on < (source.valid_from or on) or on > (source.valid_until or on):
            found.add("outside_archive")
    return found


def in_order(found: set[str]) -> tuple[str, ...]:
    """Return doubts in the order of DOUBTS; raises ValueError for one that is not among them."""
    return tuple(sorted(found, key=list(DOUBTS).index))


def _names_other_domain(root: HtmlElement, page: Page) -> bool:
    links = [link.get("href") for link in select(root, 'link[rel="canonical"]')]
    named = (links[0] if links else None) or meta(root, "canonical") or meta(root, "og:url")
    try:
        host = urlsplit((named or "").strip()).hostname
    except ValueError:
        return False
    own = urlsplit(page.fetched_url).hostname or ""
    return bool(host) and registrable_domain(str(host)) != registrable_domain(own)


def _has_more_pages(root: HtmlElement, page: Page) -> bool:
    """Return whether an article names a next page under its own path: "?trang=2", "?p=2"."""
    own = urlsplit(page.fetched_url)
    for link in select(root, 'link[rel~="next"], a[rel~="next"]'):
        try:
            following = urlsplit(urljoin(page.fetched_url, link.get("href") or ""))
        except ValueError:
            continue
        if following.path == own.path and following.query != own.query:
            return True
    return False
