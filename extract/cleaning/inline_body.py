"""The body of pages that keep it in a script, read as a string and never run.

var outputData = "<p>Đến nay, \\u0074oàn tỉnh …<\\/p>";
$('#content').html(`<p>…</p>`);
"""

from __future__ import annotations

import html

import regex
from lxml.html import HtmlElement

from extract.cleaning.markup import parse_fragment, text_of

_MAX_SCRIPT = 3_000_000  # characters of all scripts read
_STRING = regex.compile(
    r"""
    (?: (?<![=!<>])=(?!=) | (?:\.html|\.append|\.innerHTML|JSON\.parse)\( | : ) \s*+
    (?: "(?P<body>(?:[^"\\\n]|\\.)*+)" | '(?P<body>(?:[^'\\\n]|\\.)*+)' | `(?P<body>(?:[^`\\]|\\.)*+)` )
    """,
    regex.VERBOSE | regex.DOTALL,
)
_ESCAPE = regex.compile(
    r"\\(?:u\{(?P<brace>[0-9A-Fa-f]{1,6})\}|u(?P<u>[0-9A-Fa-f]{4})|x(?P<x>[0-9A-Fa-f]{2})|(?P<one>.))",
    regex.DOTALL,
)
_SINGLE = {"n": "\n", "r": "\n", "t": " ", "b": "", "f": "", "v": "", "0": "", "\n": ""}
_BLOCK_TAG = regex.compile(r"<\s*(?:p|div|h[2-6]|table|ul|ol|span|br)\b", regex.IGNORECASE)


def script_body(root: HtmlElement) -> HtmlElement | None:
    """Return the longest HTML that a script of the page holds as a string, in a new div; None without any."""
    best, size, read = None, 0, 0
    for script in root.iter("script"):
        source = script.text or ""
        read += len(source)
        if "json" in (script.get("type") or "") or read > _MAX_SCRIPT:
            continue
        for match in _STRING.finditer(source):
            if len(match["body"]) <= size:
                continue
            holder = _holder(root, unescape(match["body"]))
            length = len(text_of(holder)) if holder is not None else 0
            if length > size:
                best, size = holder, length
    return best


def unescape(literal: str) -> str:
    """Return the text that the inside of a JavaScript string literal stands for."""
    text = _ESCAPE.sub(_character, literal)
    # Letters beyond the first plane are written as two halves.
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _character(match: regex.Match[str]) -> str:
    code = match["brace"] or match["u"] or match["x"]
    if code is not None:
        number = int(code, 16)
        return chr(number) if number <= 0x10FFFF else "\ufffd"
    return _SINGLE.get(match["one"], match["one"])


def _holder(root: HtmlElement, text: str) -> HtmlElement | None:
    if not _BLOCK_TAG.search(text):
        text = html.unescape(text)
        if not _BLOCK_TAG.search(text):
            return None
    found = parse_fragment(text)
    if not found:
        return None
    holder = root.makeelement("div")
    holder.extend(found)
    return holder
