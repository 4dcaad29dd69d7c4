"""HTML made into a tree, and a tree into blocks of text.

Real pages end the document early, nest whole documents and leave blocks open. The tree made here holds all of
it, and every piece of text stands in a leaf block of its own, so that no two paragraphs are ever glued.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from unicodedata import is_normalized

import regex
from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring, fragments_fromstring
from parsel.csstranslator import HTMLTranslator

from extract.errors import CleanError
from extract.text import normalise

MAX_ELEMENTS = 250_000
MAX_DEPTH = 512  # where browsers stop
_BLOCK_NAMES = """
address article aside blockquote body caption center dd details div dl dt fieldset figcaption figure footer
form h1 h2 h3 h4 h5 h6 header hr li main nav ol p pre section summary table tbody td tfoot th thead tr ul
"""
BLOCKS = frozenset(_BLOCK_NAMES.split())
_SILENT = ("style", "noscript", "template", "svg", "math", "iframe", "object", "select", "textarea", "button")
_HIDDEN = etree.XPath("descendant::*[@hidden or contains(translate(@style, ' ', ''), 'display:none')]")
# Of style sheets only plain rules such as ".preview{display:none}", outside of media queries.
_MEDIA = regex.compile(r"@[a-z-]+[^{};]{0,200}+\{(?:[^{}]*+\{[^{}]*+\})*+[^{}]*+\}")
_HIDING = regex.compile(r"(?:^|[}\s])([.#][A-Za-z][\w-]{2,60})\s*+\{[^{}]{0,300}?display\s*+:\s*+none")
_TOO_DEEP = etree.XPath(f"boolean(//*[count(ancestor::*) > {MAX_DEPTH}])")
_UNTIDY = regex.compile(r"[\p{Cf}ÐƉð]")  # what `normalise` changes besides blanks and composition
_MINOR_HIDDEN = 300  # characters that may always go
_UNREAD = frozenset(("script", "style"))
_STRUCTURE = regex.compile(r"</?(?:html|head|body)(?:\s[^>]*+)?>|<!doctype[^>]*+>", regex.IGNORECASE)
# Around the number of a table, and for <br>. Printable, or trafilatura would drop them; no page keeps them.
MARKS = "⟦⟧⏎"
_BREAK = MARKS[2]
_BREAKS = regex.compile(rf"\s*+{_BREAK}[\s{_BREAK}]*+")
_SUPERSCRIPTS = str.maketrans("0123456789+-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻")


def parse_html(text: str) -> HtmlElement:
    """Return the root of the page `text`: all of it under one html element, ids without blanks around.

    Raises CleanError when there is no element, or they are too many or nested too deep to be a page.
    """
    # libxml2 drops whatever follows an early </html>; without these tags it makes one document of all parts.
    source = "<html>" + _STRUCTURE.sub(" ", _without_marks(text))
    parser = HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True)
    try:
        root = document_fromstring(source.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        raise CleanError("no readable HTML") from None
    count = 0
    for element in root.iter():
        count += 1
        if (name := element.get("id")) is not None:
            element.set("id", name.strip())
        if element.tag == "sup" and element.text:  # "m²", not "m2"; a note's mark must not lengthen a number
            element.text = element.text.translate(_SUPERSCRIPTS)
    if count > MAX_ELEMENTS:
        raise CleanError(f"the page has more than {MAX_ELEMENTS:,} elements")
    if _TOO_DEEP(root) or any(entry.type_name == "ERR_RESOURCE_LIMIT" for entry in parser.error_log):
        raise CleanError(f"elements are nested more than {MAX_DEPTH} deep")
    return root


def _without_marks(text: str) -> str:
    for mark in MARKS:
        text = text.replace(mark, " ")
    return text


def parse_fragment(text: str) -> list[HtmlElement]:
    """Return the elements of the HTML fragment `text`, leading text in a paragraph; [] when it has none."""
    parser = HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True)
    source = "<div>" + _STRUCTURE.sub(" ", _without_marks(text)) + "</div>"
    try:
        found = fragments_fromstring(source.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return []
    return [element for element in found if not isinstance(element, str)]


@cache
def _compiled(selector: str) -> tuple[etree.XPath, str | None]:
    path, _, pseudo = selector.partition("::")
    attribute = pseudo.removeprefix("attr(").removesuffix(")").strip() if pseudo.startswith("attr(") else None
    return etree.XPath(HTMLTranslator().css_to_xpath(path.strip())), attribute


def select(root: HtmlElement, selector: str) -> list[HtmlElement]:
    """Return the elements under `root` that the CSS `selector` matches, in document order."""
    return _elements(_compiled(selector)[0](root))


def with_class(root: HtmlElement, names: Sequence[str]) -> list[HtmlElement]:
    """Return the elements under `root` with a class word of `names`: by name, then in document order."""
    found: list[tuple[int, HtmlElement]] = []
    for element in root.iterdescendants():
        classes = (element.get("class") or "").split()
        found += [(names.index(name), element) for name in classes if name in names]
    return [element for _, element in sorted(found, key=lambda pair: pair[0])]


def _elements(found: object) -> list[HtmlElement]:
    return (
        [element for element in found if isinstance(element, HtmlElement)] if isinstance(found, list) else []
    )


def select_texts(root: HtmlElement, selectors: Iterable[str]) -> Iterator[str]:
    """Yield the texts (attributes, for `…::attr(name)`) that the selectors match, empty ones left out."""
    for selector in selectors:
        attribute = _compiled(selector)[1]
        for element in select(root, selector):
            text = (element.get(attribute) or "") if attribute else text_of(element)
            if text := one_line(text):
                yield text


def one_line(text: str) -> str:
    """Return `text` normalised, on one line, blanks single."""
    if _UNTIDY.search(text) or not is_normalized("NFC", text):
        text = normalise(text)
    return " ".join(text.split())


def text_of(element: HtmlElement) -> str:
    """Return all text under `element` on one line, a blank between blocks."""
    return one_line("".join(_pieces(element)).replace(_BREAK, " "))


def remove(element: HtmlElement) -> None:
    """Take `element` out of its tree, leaving the text after it."""
    parent = element.getparent()
    if parent is None:
        return
    previous, tail = element.getprevious(), " " + (element.tail or "")
    if previous is not None:
        previous.tail = (previous.tail or "") + tail
    else:
        parent.text = (parent.text or "") + tail
    element.tail = None
    parent.remove(element)


def drop_silent(root: HtmlElement) -> None:
    """Remove from `root` what a reader never sees: scripts, styles, form controls, small hidden elements."""
    styles = _MEDIA.sub(" ", " ".join(style.text or "" for style in root.iter("style")))
    names = {match[1] for match in _HIDING.finditer(styles)}
    for element in list(root.iter("script", *_SILENT)):
        if element is not root:
            remove(element)
    groups = [_elements(_HIDDEN(root)), *(select(root, name) for name in sorted(names))]
    whole = len(text_of(root))
    for group in groups:
        # Not a draft or a template when it is this much: a paywall or "read more" hides the article itself.
        size = sum(len(text_of(element)) for element in group)
        if size <= _MINOR_HIDDEN or size * 8 <= whole:
            for element in group:
                remove(element)


def remove_minor(root: HtmlElement, elements: Iterable[HtmlElement]) -> None:
    """Remove the `elements` under `root`, sparing one with more than half of the text.

    Some pages call the whole article "share".
    """
    whole: int | None = None
    for element in elements:
        if element is root:
            continue
        size = len(text_of(element))
        if size > 300:
            whole = len(text_of(root)) if whole is None else whole
            if size * 2 > whole:
                continue
        remove(element)


def tidy(root: HtmlElement) -> None:
    """Wrap loose text beside blocks under `root` in paragraphs of its own."""
    holders: set[HtmlElement] = set()
    for element in root.iter(*BLOCKS):
        parent = element.getparent() if element is not root else None
        while parent is not None and parent not in holders:
            holders.add(parent)
            parent = parent.getparent() if parent is not root else None
    for holder in holders:
        _wrap_runs(holder, holders)


def flatten_leaves(root: HtmlElement) -> None:
    """Turn the leaf blocks of a tidied tree into plain paragraphs and <br> into a mark."""
    for leaf in leaves(root):
        if leaf.tag in ("div", "center", "td", "span", "section", "dd", "dt", "address"):
            leaf.tag = "p"
            leaf.attrib.pop("align", None)
    for line_break in list(root.iter("br")):
        line_break.tail = _BREAK + (line_break.tail or "")
        remove(line_break)


def _wrap_runs(holder: HtmlElement, holders: set[HtmlElement]) -> None:
    run: HtmlElement | None = None
    text, holder.text = holder.text, None
    children = list(holder)
    if text and text.strip():
        run = _paragraph(holder, text)
        holder.insert(0, run)
    for child in children:
        if child.tag in BLOCKS or child in holders:
            run = None
            tail, child.tail = child.tail, None
            if tail and tail.strip():
                run = _paragraph(holder, tail)
                child.addnext(run)
            continue
        if run is None:
            run = _paragraph(holder, "")
            child.addprevious(run)
        run.append(child)


def _paragraph(near: HtmlElement, text: str) -> HtmlElement:
    element = near.makeelement("p")
    element.text = text
    return element


def leaves(root: HtmlElement) -> list[HtmlElement]:
    """Return the blocks of a tidied tree that hold no other block, in document order."""
    holders: set[HtmlElement] = set()
    blocks = [root, *(element for element in root.iter(*BLOCKS) if element is not root)]
    for element in blocks[1:]:
        parent = element.getparent()
        while parent is not None and parent not in holders:
            holders.add(parent)
            parent = parent.getparent() if parent is not root else None
    return [element for element in blocks if element not in holders]


def lines_of(leaf: HtmlElement) -> list[str]:
    """Return the lines of one leaf block; <br> ends a line unless the sentence plainly goes on."""
    lines: list[str] = []
    for part in _BREAKS.split("".join(_pieces(leaf))):
        line = one_line(part)
        if lines and line and (lines[-1][-1] in ",;(-–" or line[0].islower() or line[0] in ",;)"):
            lines[-1] += " " + line
        elif line:
            lines.append(line)
    return lines


def _pieces(element: HtmlElement) -> Iterator[str]:
    """Yield the text under `element`: <br> as a mark, a blank around blocks."""
    for event, node in etree.iterwalk(element, events=("start", "end")):
        if event == "start":
            if node.tag in ("br", "hr"):
                yield _BREAK
            elif node.tag in BLOCKS and node is not element:
                yield " "
            if node.text and node.tag not in _UNREAD:
                yield node.text
        elif node is not element:
            if node.tag in BLOCKS:
                yield " "
            if node.tail:
                yield node.tail
