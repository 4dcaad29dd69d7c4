"""Where a page shows the date of its article: beside the title, and not in a block about something else."""

from __future__ import annotations

from collections.abc import Iterator

import regex
from lxml.html import HtmlElement

from extract.cleaning.date_forms import read_dates
from extract.cleaning.markup import one_line

_LONGEST = 90  # characters of an element that shows a date and nothing else
_AFTER = 80  # elements after the title that may show it
_BEFORE = 12  # elements before it
_PARAGRAPH = 150  # characters; behind two of these the body has begun
_APART_TAGS = frozenset(["header", "footer", "nav", "aside", "ul", "ol", "form", "table"])
_APART_NAME = regex.compile(
    r"(?:^|\s)(?:(?:site|page|top|main)[-_]?)?(?:header|footer|top|head)(?:\s|$)"
    r"|(?:^|[\s_-])(?:relat\w*|sidebar|menu|nav|navbar|topbar|weather|clock|today|current|lienquan|lien-?quan|tin-?khac|"
    r"other|others|latest|most|comment\w*|breadcrumb\w*|copyright)(?:[\s_-]|$)",
    regex.IGNORECASE,
)
_LETTERS = regex.compile(r"\p{L}+")
_DATE_WORDS_TEXT = """
thứ hai ba tư năm sáu bảy chủ nhật cn ngày tháng giờ phút gmt utc am pm sa ch đăng lúc cập nhật xuất bản h g t
z th một bốn tám chín mười giêng chạp monday tuesday wednesday thursday friday saturday sunday mon tue wed thu
fri sat sun january february march april may june july august september october november december jan feb mar
apr jun jul aug sep sept oct nov dec
"""
_DATE_WORDS = frozenset(_DATE_WORDS_TEXT.split())
_OTHER_WORDS = 4  # a pen name or a section may stand beside the date
_CHANGED = regex.compile(r"cập nhật|sửa đổi|updated?|modified", regex.IGNORECASE)


def shown_dates(root: HtmlElement, title: HtmlElement | None) -> Iterator[str]:
    """Yield the texts around `title` that show a date: after it, before it, dates of changes last."""
    if title is None:
        return
    above = set(title.iterancestors())
    changed: list[str] = []
    for element in _around(root, title):
        text = _short_text(element)
        if text is None or not shows_date(text) or _set_apart(element, above):
            continue
        if _CHANGED.search(text):
            changed.append(text)
        else:
            yield text
    yield from changed


def shows_date(text: str) -> bool:
    """Whether `text` is a date with few other words, as "Thứ Hai, 06/11/2023 | 14:39" is."""
    if len(text) > _LONGEST or not any(map(str.isdigit, text)):
        return False
    words = [word for word in _LETTERS.findall(text.lower()) if word not in _DATE_WORDS]
    return len(words) <= _OTHER_WORDS and bool(read_dates(text))


def _around(root: HtmlElement, title: HtmlElement) -> Iterator[HtmlElement]:
    order = list(root.iter())
    place = order.index(title)
    inside = sum(1 for _ in title.iter())
    paragraphs = 0
    for element in order[place + inside : place + inside + _AFTER]:
        yield element
        paragraphs += element.tag == "p" and sum(map(len, element.itertext())) > _PARAGRAPH
        if paragraphs == 2:
            break
    yield from reversed(order[max(0, place - _BEFORE) : place])


def _short_text(element: HtmlElement) -> str | None:
    """Return the text of an element, or its `datetime`; None when it is empty or long."""
    if not isinstance(element.tag, str) or element.tag in (
        "meta",
        "script",
        "style",
        "title",
        "link",
        "head",
    ):
        return None
    text = ""
    for piece in element.itertext():
        text += piece + " "
        if len(text) > 4 * _LONGEST:
            return None
    text = one_line(text)
    if not text and element.tag == "time":
        text = one_line(element.get("datetime") or "")
    return text if 0 < len(text) <= _LONGEST else None


def _set_apart(element: HtmlElement, above: set[HtmlElement]) -> bool:
    """Whether the element stands in a header, a list or a block that links to other articles."""
    for holder in (element, *element.iterancestors()):
        if holder in above:
            return False
        names = f"{holder.get('class') or ''} {holder.get('id') or ''}"
        if holder.tag in _APART_TAGS or _APART_NAME.search(names):
            return True
        if any(len("".join(link.itertext()).strip()) > 25 for link in holder.iter("a")):
            return True
    return False
