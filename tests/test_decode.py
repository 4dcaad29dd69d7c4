"""Decoding: the declared charset, the real one, and what is refused."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract.cleaning.decode import decode
from extract.errors import CleanError

TEXT = "Đến nay, tỉnh có 24/29 chỉ tiêu đạt và vượt kế hoạch của năm."


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
@pytest.mark.parametrize("declared", [None, "text/html; charset=iso-8859-1", "text/html; charset=nonsense"])
def test_unicode_is_read_whatever_is_declared(encoding: str, declared: str | None) -> None:
    assert decode(TEXT.encode(encoding), declared).text.lstrip("\ufeff") == TEXT


def test_utf16_without_a_mark() -> None:
    assert decode(TEXT.encode("utf-16-le")).text == TEXT


@pytest.mark.parametrize("declaration", ["", "<meta charset='windows-1258'>"])
def test_windows_1258(declaration: str) -> None:
    body = declaration + _decomposed_tones(TEXT)
    decoded = decode(body.encode("cp1258"), None if declaration else "text/html; charset=windows-1258")
    assert decoded.text == declaration + TEXT
    assert decoded.encoding == "cp1258"


def test_windows_1258_undeclared_is_read_with_a_warning() -> None:
    decoded = decode((_decomposed_tones(TEXT) + " ").encode("cp1258") * 20)
    assert decoded.text.startswith(TEXT)
    assert decoded.warning is not None
    assert "not UTF-8" in decoded.warning


def _decomposed_tones(text: str) -> str:
    """Return `text` with letters composed and tones apart, as Windows-1258 stores Vietnamese."""
    out = ""
    for character in unicodedata.normalize("NFC", text):
        parts = unicodedata.normalize("NFD", character)
        tones = "".join(part for part in parts[1:] if part in "\u0300\u0301\u0303\u0309\u0323")
        out += unicodedata.normalize("NFC", "".join(part for part in parts if part not in tones)) + tones
    return out


def test_a_cut_character_is_replaced_with_a_warning() -> None:
    decoded = decode((TEXT * 9).encode()[:-1] + "ệ".encode()[:2])
    assert decoded.text.startswith(TEXT)
    assert decoded.warning is not None
    assert "broken bytes" in decoded.warning


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "empty file"),
        (b" \r\n\t", "empty file"),
        (b"\xef\xbb\xbf", "empty file"),
        (b"\x89PNG\r\n", r"binary file \(PNG\), not HTML or text"),
        (b"PK\x03\x04rest", r"binary file \(ZIP or Office\)"),
        (b"abc\x00def\x00\x00\x01", "binary file, not HTML or text"),
        ("§Õn nay, tØnh cã 24/29 chØ tiªu ®¹t vµ v­ît kÕ ho¹ch.".encode("latin-1"), "the text is not UTF-8"),
        (b"\xff\xfeabc", "marked as utf-16 but is not"),
    ],
)
def test_refusals(body: bytes, reason: str) -> None:
    with pytest.raises(CleanError, match=reason):
        decode(body)


def test_line_ends_and_controls() -> None:
    assert decode(b"a\r\nb\rc\x0cd\x01e\x7f").text == "a\nb\nc\nde"


@given(
    st.binary(max_size=400),
    st.sampled_from([None, "text/html; charset=utf-16", "charset=hex", "charset=cp1258"]),
)
def test_any_bytes(body: bytes, content_type: str | None) -> None:
    try:
        text = decode(body, content_type).text
    except CleanError:
        return
    assert text.strip()
    assert "\x00" not in text
