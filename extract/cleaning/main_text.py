"""An article's paragraphs and tables: of the declared body, of one kept in a script, or the main text found.

A declared body is read block by block, and nothing of it can get lost. On other pages trafilatura finds the
main text; it gets a tree whose paragraphs are already apart (it would glue the text of nested divs: "300 hộ"
and "400 hộ" to "300 hộ400 hộ") and whose tables are marked (it shifts their columns). Never call it in
threads: it crashes there.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator

import regex
import trafilatura
from lxml.html import HtmlElement

from extract.cleaning.boilerplate import drop_pointers, is_boilerplate, prune, prune_general, without_remains
from extract.cleaning.markup import flatten_leaves, leaves, lines_of, select, text_of, tidy
from extract.cleaning.tables import Grid, render, table_at, take_tables
from extract.errors import CleanError
from store.records import Source

MIN_BODY = 50  # characters; a page with less is a photo page or no article
_HTML_TAGS = {
    "head": "h2",
    "list": "ul",
    "item": "li",
    "quote": "blockquote",
    "lb": "br",
    "row": "div",
    "cell": "div",
    "ref": "a",
}
_DOCUMENT = regex.compile(r"\.(?:pdf|docx?|xlsx?)(?:$|[?#])|/documents/\d", regex.IGNORECASE)
# They report on stderr what CleanError says here.
logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
logging.getLogger("htmldate").setLevel(logging.CRITICAL)


def read_body(
    root: HtmlElement, source: Source | None, body: HtmlElement | None, scripted: HtmlElement | None
) -> list[str | Grid]:
    """Return the paragraphs and tables of the declared body, of a script, or of what trafilatura finds.

    A declared body that is there but all but empty is not looked for elsewhere: the page around a photo story
    is full of other articles. Raises CleanError when there is too little text.
    """
    if body is not None and len(text_of(body)) < MIN_BODY and scripted is not None:
        body = scripted
    place = root if body is None else body
    pictures, attached = _pictures(place), _attachment(place)
    if body is not None:
        parts = _parts(body, source)
    else:
        parts = _parts(root, source, find_main=True)
        if scripted is not None and _length(parts) < min(4 * MIN_BODY, len(text_of(scripted))):
            parts = _parts(scripted, source)
    length = _length(parts)
    if length >= MIN_BODY:
        return parts
    if attached:
        raise CleanError("no body, only an attached document")
    if pictures and length:
        raise CleanError(f"photo page: {length} characters of text beside its pictures")
    raise CleanError(f"no body: {length} characters of text")


def declared_body(root: HtmlElement, source: Source | None) -> HtmlElement | None:
    """Return the longest element of the first body selector that finds any text; None when none matches."""
    best: HtmlElement | None = None
    for selector in source.body_selectors if source else ():
        found = select(root, selector)
        if not found:
            continue
        longest = max(found, key=lambda element: len(text_of(element)))
        if len(text_of(longest)) >= MIN_BODY:
            return longest
        best = longest if best is None else best
    return best


def _parts(root: HtmlElement, source: Source | None, *, find_main: bool = False) -> list[str | Grid]:
    prune(root, source.drop_selectors if source else ())
    grids = take_tables(root)
    prune_general(root)
    tidy(root)
    return list(_filled(_main_lines(root) if find_main else _lines(root), grids))


def _lines(root: HtmlElement) -> Iterator[str]:
    drop_pointers(root)
    for leaf in leaves(root):
        yield from lines_of(leaf)


def _main_lines(root: HtmlElement) -> Iterator[str]:
    """Yield the lines of what trafilatura takes for the main text; nothing when it finds none."""
    flatten_leaves(root)
    # With its links: lists of other articles are found by them, and the headlines among the text afterwards.
    document = trafilatura.bare_extraction(root, include_comments=False, include_links=True)
    if document is None or document.body is None:
        return
    main = document.body
    for element in main.iter():
        element.tag = _HTML_TAGS.get(element.tag, element.tag)
        if element.tag == "a":
            element.set("href", element.get("target") or "")
    tidy(main)
    yield from _lines(main)


def _filled(lines: Iterable[str], grids: list[Grid]) -> Iterator[str | Grid]:
    """Yield the lines without boilerplate, a grid in the place of its mark."""
    for line in lines:
        index = table_at(line)
        if index is not None and index < len(grids):
            yield grids[index]
        elif (text := without_remains(line)) and not is_boilerplate(text):
            yield text


def _length(parts: list[str | Grid]) -> int:
    return sum(len(part) if isinstance(part, str) else len(render(part, 0)[0]) for part in parts)


def _pictures(root: HtmlElement) -> bool:
    return root.find(".//img") is not None or root.find(".//video") is not None


def _attachment(root: HtmlElement) -> bool:
    return any(_DOCUMENT.search(link.get("href") or "") for link in root.iter("a"))
