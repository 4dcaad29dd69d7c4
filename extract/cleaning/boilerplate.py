"""What stands on a page around and between an article's own paragraphs, told apart by data rules."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import regex
from lxml.html import HtmlElement

from extract.cleaning.markup import leaves, remove, remove_minor, select, text_of

_DATA = Path(__file__).parents[2] / "data" / "boilerplate.toml"
_SENTENCE_END = regex.compile(r"[.!?…;:][\"”’')\]]*+$")
_LONGEST_CAPTION = 400  # characters
_SPACED_STOP = regex.compile(r" (?=[.,;:!?])")
_LABEL_END = r"\s*[:.…»>]{0,3}"


@dataclass(frozen=True, slots=True)
class Rules:
    """data/boilerplate.toml, compiled."""

    tags: frozenset[str]
    names: frozenset[str]
    name_starts: tuple[str, ...]
    caption_tags: frozenset[str]
    captions: regex.Pattern[str]
    labels: regex.Pattern[str]
    lines: regex.Pattern[str]
    pointers: regex.Pattern[str]
    remains: regex.Pattern[str]
    agency: regex.Pattern[str]


@cache
def rules() -> Rules:
    """Return the rules; raises ValueError naming the file when one of them is broken."""
    data = tomllib.loads(_DATA.read_text(encoding="utf-8"))
    try:
        return Rules(
            tags=frozenset(data["tags"]),
            names=frozenset(data["names"]),
            name_starts=tuple(data["name_starts"]),
            caption_tags=frozenset(data["caption_tags"]),
            captions=regex.compile("|".join(map(regex.escape, data["captions"])), regex.IGNORECASE),
            labels=_any(data["labels"], _LABEL_END),
            lines=_any(data["lines"]),
            pointers=_any(data["pointers"]),
            remains=_any(data["remains"]),
            agency=regex.compile(data["agency"]),
        )
    except (KeyError, regex.error) as problem:
        raise ValueError(f"{_DATA.name}: {problem}") from problem


def _any(patterns: list[str], end: str = "") -> regex.Pattern[str]:
    joined = "|".join(f"(?:{pattern})" for pattern in patterns)
    return regex.compile(f"(?:{joined}){end}", regex.IGNORECASE)


def prune(root: HtmlElement, selectors: tuple[str, ...]) -> None:
    """Remove from `root` what the source's own `selectors` name."""
    for selector in selectors:
        for element in select(root, selector):
            if element is not root:
                remove(element)


def prune_general(root: HtmlElement) -> None:
    """Remove from `root` what is no article's own text on any site, and captions."""
    found, captions = [], []
    for element in root.iterdescendants():
        if element.tag in rules().tags or _named_apart(element):
            found.append(element)
        elif element.tag in rules().caption_tags or rules().captions.search(element.get("class") or ""):
            captions.append(element)
    remove_minor(root, found)
    for element in captions:
        if len(text_of(element)) <= _LONGEST_CAPTION:
            remove(element)


def _named_apart(element: HtmlElement) -> bool:
    names = f"{element.get('class') or ''} {element.get('id') or ''}".lower().split()
    return any(name in rules().names or name.startswith(rules().name_starts) for name in names)


def drop_pointers(root: HtmlElement) -> None:
    """Remove from a tidied tree what names other articles: labels, linked headlines, "Xem thêm: …"."""
    for leaf in leaves(root):
        text = text_of(leaf)
        if not text or leaf is root:
            continue
        if _points_away(text, linked_share(leaf, text)):
            remove(leaf)


def _points_away(text: str, linked: float) -> bool:
    """Whether a line of which the share `linked` is links only names other articles."""
    label = rules().labels.match(text)
    if label is not None and linked * len(text) >= 0.8 * (len(text) - label.end()):
        return True
    if linked > 0.5 and rules().pointers.fullmatch(text):
        return True
    return linked > 0.9 and not _SENTENCE_END.search(text)


def linked_share(leaf: HtmlElement, text: str) -> float:
    """Return the share of `text`, the text of `leaf`, that links to another page (0 to 1)."""
    holder = leaf.getparent()
    while holder is not None:
        if holder.tag == "a" and _leads_away(holder):
            return 1.0
        holder = holder.getparent()
    linked = sum(len(text_of(link)) for link in leaf.iter("a") if _leads_away(link))
    return linked / max(len(text), 1)


def _leads_away(link: HtmlElement) -> bool:
    address = (link.get("href") or "").strip().lower()
    return bool(address) and not address.startswith(("#", "javascript:", "mailto:", "tel:"))


def is_boilerplate(line: str) -> bool:
    """Whether the whole `line` is a player, a notice, a keyword list or a label, not the article's text."""
    return bool(rules().lines.fullmatch(line) or rules().labels.fullmatch(line))


def without_remains(text: str) -> str:
    """Return `text` without template leftovers such as "{{ title }}"."""
    cleared, count = rules().remains.subn(" ", text)
    return _SPACED_STOP.sub("", " ".join(cleared.split())) if count else text
