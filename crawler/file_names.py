"""Reads what a server calls a file. A name from outside is a text to show and never a path."""

from __future__ import annotations

import unicodedata
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from urllib.parse import unquote, unquote_to_bytes

import regex

_LONGEST_NAME = 200  # characters
_LONGEST_HEADER = 4096  # bytes that are looked at
_NAMED = regex.compile(
    rb'(?:^|;)\s*+filename(?P<extended>\*)?\s*+=\s*+(?:"(?P<quoted>(?:[^"\\]|\\.)*+)"|(?P<bare>[^;]*+))',
    regex.IGNORECASE,
)
_EXTENDED = regex.compile(rb"([\w.-]*+)'[^']*+'(.*+)", regex.DOTALL)  # UTF-8'vi'B%C3%A1o%20c%C3%A1o.pdf
_ENCODED_WORD = regex.compile(r"=\?([\w-]{1,20})\?([bq])\?([^?\s]{0,2000})\?=", regex.IGNORECASE)


def file_name(header: bytes | None) -> str | None:
    """Return the name that a Content-Disposition header gives a file, fit to be shown; None without one.

    `filename*` goes before `filename`. Of both, servers send UTF-8 as it is, percent-encoded, as an encoded
    word of mail, and Latin-1. The name is never more than a text: no folder, no control, no sign that
    turns the direction of writing.
    """
    names: dict[bool, str] = {}
    for found in _NAMED.finditer((header or b"")[:_LONGEST_HEADER]):
        extended = found["extended"] is not None
        raw = found["quoted"] if found["quoted"] is not None else found["bare"]
        names.setdefault(extended, _extended(raw) if extended else _plain(raw))
    shown = (clean_name(names[extended]) for extended in (True, False) if extended in names)
    return next((name for name in shown if name), None)


def clean_name(name: str) -> str:
    """Return a name without folders and without anything but visible signs and single blanks; "" for none."""
    last = regex.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    visible = "".join(sign if sign.isprintable() else " " for sign in last)
    return " ".join(visible.split()).lstrip(".")[:_LONGEST_NAME].strip()


def _extended(raw: bytes) -> str:
    found = _EXTENDED.fullmatch(raw.strip())
    return _decoded(unquote_to_bytes(found[2]), found[1].decode()) if found else _plain(raw)


def _plain(raw: bytes) -> str:
    text = _decoded(regex.sub(rb"\\(.)", rb"\1", raw.strip()), "utf-8")
    if _ENCODED_WORD.search(text):
        return _ENCODED_WORD.sub(_encoded_word, text)
    return unquote(text) if "%" in text else text


def _encoded_word(found: regex.Match[str]) -> str:
    try:
        return str(make_header(decode_header(found[0])))
    except (HeaderParseError, LookupError, UnicodeError, ValueError):
        return found[0]


def _decoded(raw: bytes, charset: str) -> str:
    for name in (charset or "utf-8", "utf-8", "latin-1"):
        try:
            return raw.decode(name)
        except (LookupError, UnicodeError):
            continue
    return ""
