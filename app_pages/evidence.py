"""Scraped text as safe HTML: everything escaped, the number marked by its offsets."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from urllib.parse import urlsplit


def marked(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """Return `text` escaped, each span of it in <mark>; spans outside it or overlapping are left out."""
    parts, done = [], 0
    for start, end in sorted(spans):
        if done <= start < end <= len(text):
            parts += [escape(text[done:start]), f"<mark>{escape(text[start:end])}</mark>"]
            done = end
    return "".join(parts) + escape(text[done:])


def clipped(
    text: str, spans: Sequence[tuple[int, int]], most: int | None
) -> tuple[str, list[tuple[int, int]]]:
    """Return a long text as about `most` characters around its first span, and the spans within that.

    "…" stands where something was left out. A text that is short enough comes back as it is.
    """
    if most is None or len(text) <= most:
        return text, list(spans)
    first = min(spans, default=(0, 0))[0]
    start = max(0, min(first - most // 2, len(text) - most))
    end = start + most
    before = "…" if start else ""
    shift = len(before) - start
    kept = [(begin + shift, stop + shift) for begin, stop in spans if start <= begin and stop <= end]
    return f"{before}{text[start:end]}{'…' if end < len(text) else ''}", kept


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
