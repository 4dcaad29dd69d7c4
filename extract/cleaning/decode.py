"""Bytes of a page or text file, decoded to text.

UTF-8 that decodes without an error is UTF-8 whatever the page declares: Vietnamese text in another encoding
is never valid UTF-8 by accident, while declaring the wrong one is common.
"""

from __future__ import annotations

import codecs
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

import charset_normalizer
import regex

from extract.errors import CleanError

MAX_BYTES = 5 * 1024 * 1024  # the crawler's cap on one HTML body
_SIGNATURES = (
    (b"%PDF-", "PDF"),
    (b"PK\x03\x04", "ZIP or Office"),
    (b"\xd0\xcf\x11\xe0", "old Office"),
    (b"\x1f\x8b", "gzip"),
    (b"\x89PNG", "PNG"),
    (b"GIF8", "GIF"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"\x7fELF", "program"),
    (b"RIFF", "RIFF"),
)
_BOMS = (  # UTF-32 before UTF-16: its mark begins with the other's
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CHARSET = regex.compile(rb"charset\s*+=\s*+[\"']?\s*+([A-Za-z0-9_.:-]{2,40})", regex.IGNORECASE)
_CONTROLS = regex.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f\x80-\x84\x86-\x9f\ufdd0-\ufdef\ufffe\uffff]")
_LINE_ENDS = regex.compile(r"\r\n?|[\x0c\x85\u2028\u2029]")
# The commonest words of Vietnamese prose that carry a diacritic: one of them stands in every few lines.
_VIETNAMESE = regex.compile(
    r"\b(?:và|của|các|được|có|năm|tỉnh|người|đã|với|những|không|này|đến|là)\b", regex.IGNORECASE
)
_MOJIBAKE = regex.compile(r"á»|áº|Ã[\x80-\xbf¡-¿]|Ä‘|Æ°")


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text, the encoding it was read with, and what had to be replaced (None when nothing was)."""

    text: str
    encoding: str
    warning: str | None = None


def decode(body: bytes, content_type: str | None = None) -> Decoded:
    """Return the text of `body` with "\\n" line ends and without control characters.

    Raises CleanError when `body` is empty, binary, over `MAX_BYTES`, or in an encoding that cannot be told.
    """
    if not body.strip():
        raise CleanError("empty file")
    if len(body) > MAX_BYTES:
        raise CleanError(f"the page has {len(body):,} bytes, more than the {MAX_BYTES:,} that are read")
    decoded = _by_mark(body) or _by_guess(body, content_type)
    text = _CONTROLS.sub("", _LINE_ENDS.sub("\n", decoded.text))
    if not text.strip():
        raise CleanError("empty file")
    return Decoded(text, decoded.encoding, decoded.warning)


def _by_mark(body: bytes) -> Decoded | None:
    """Read `body` by its byte order mark; None without one."""
    for mark, encoding in _BOMS:
        if body.startswith(mark):
            try:
                return Decoded(body.decode(encoding), encoding)
            except UnicodeDecodeError:
                if encoding == "utf-8-sig":
                    return None
                raise CleanError(f"the text is marked as {encoding} but is not {encoding}") from None
    return None


def _by_guess(body: bytes, content_type: str | None) -> Decoded:
    _refuse_binary(body)
    try:
        return Decoded(body.decode("utf-8"), "utf-8")
    except UnicodeDecodeError:
        pass
    for encoding in _declared(body, content_type):
        text = _strict(body, encoding)
        if text is not None and plausible(text):
            return Decoded(text, encoding)
    return _damaged_utf8(body) or _detected(body)


def _refuse_binary(body: bytes) -> None:
    for signature, name in _SIGNATURES:
        if body.startswith(signature):
            raise CleanError(f"binary file ({name}), not HTML or text")
    if b"\x00" in body[:4096] and not _utf16_without_mark(body):
        raise CleanError("binary file, not HTML or text")


def _utf16_without_mark(body: bytes) -> bool:
    """Whether NULs stand where UTF-16 puts them: in one of the two halves of nearly every Latin letter."""
    head = body[:4096]
    even, odd = head[0::2].count(0), head[1::2].count(0)
    return max(even, odd) > len(head) // 5 and min(even, odd) < max(even, odd) // 10


def _declared(body: bytes, content_type: str | None) -> Iterator[str]:
    """Yield the encodings that the header, then the page itself, name and that Python can read."""
    found = [_CHARSET.search((content_type or "").encode("utf-8", "replace")), _CHARSET.search(body[:4096])]
    for match in found:
        if match is None:
            continue
        try:
            yield codecs.lookup(match.group(1).decode("ascii")).name
        except LookupError:
            continue


def _strict(body: bytes, encoding: str) -> str | None:
    try:
        return unicodedata.normalize("NFC", body.decode(encoding))
    except (UnicodeError, LookupError):  # a codec such as "hex" is no text encoding: LookupError
        return None


def plausible(text: str) -> bool:
    """Whether `text` is Vietnamese, or has hardly any letter outside ASCII."""
    if _MOJIBAKE.search(text) or "\x00" in text:
        return False
    foreign = sum(1 for character in text if character > "\x7f")
    return bool(_VIETNAMESE.search(text)) or foreign * 50 < len(text)


def _damaged_utf8(body: bytes) -> Decoded | None:
    """Read UTF-8 with a few broken bytes, such as a cut at the end; None when too much of it is broken."""
    text = body.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    whole = sum(1 for character in text if character > "\x7f") - broken
    if broken > max(2, whole // 100) or not whole:
        return None
    return Decoded(text, "utf-8", f"{broken} broken bytes in UTF-8 text were replaced")


def _detected(body: bytes) -> Decoded:
    candidates = ["cp1258", "utf_16_le", "utf_16_be", "cp1252"]
    best = charset_normalizer.from_bytes(body[:200_000], cp_isolation=candidates).best()
    ordered = ([best.encoding] if best is not None else []) + candidates[:3]
    for encoding in ordered:
        text = _strict(body, encoding)
        if text is not None and plausible(text):
            return Decoded(text, encoding, f"the text is not UTF-8; it was read as {encoding}")
    raise CleanError(
        "the text is not UTF-8, and no other encoding reads it as Vietnamese (TCVN3 or VNI fonts?)"
    )
