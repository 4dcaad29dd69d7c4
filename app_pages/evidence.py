"""Scraped text as safe HTML: everything escaped, the number marked by its offsets."""

from __future__ import annotations

from html import escape
from urllib.parse import urlsplit


def marked(text: str, start: int, end: int) -> str:
    """Return `text` escaped, with its characters from `start` to `end` inside <mark>; unmarked when they lie outside."""
    if not 0 <= start < end <= len(text):
        return escape(text)
    return f"{escape(text[:start])}<mark>{escape(text[start:end])}</mark>{escape(text[end:])}"


def plain_label(text: str) -> str:
    """Return `text` so that a Streamlit label, which reads Markdown, shows it letter by letter."""
    return "".join(f"\\{letter}" if letter in "\\`*_{}[]()<>#+-.!|~:$&" else letter for letter in text)


def web_address(url: str | None) -> str | None:
    """Return an http or https address that is safe to link; None for anything else."""
    try:
        parts = urlsplit(url or "")
    except ValueError:
        return None
    return url if parts.scheme in ("http", "https") and parts.hostname else None
