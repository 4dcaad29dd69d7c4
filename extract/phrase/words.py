"""Vietnamese word boundaries by underthesea, for the sentences that hold figures.

Syllables are parted by blanks, words are not: "dịch vụ công trực tuyến" is three words. underthesea glues
numbers to nouns, so digits stand in the place of every figure, as long as the figure is.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from extract.phrase import segmenter

PARTS = ("unknown", "single", "begin", "inside", "end")  # of a word, that a token may be


def parts(
    text: str, spans: Sequence[tuple[int, int]], *, numbers: Iterable[tuple[int, int]] = ()
) -> list[str]:
    """Return for every token span which of PARTS it is; "unknown" where words and text do not align.

    `spans` are the tokens of one stretch of `text`, in order; `numbers` are the spans of its figures.
    """
    if not spans:
        return []
    low, high = spans[0][0], spans[-1][1]
    inside = [(start - low, end - low) for start, end in numbers if start < high and end > low]
    masked = mask(text[low:high], inside)
    bounds = align(masked, segmenter.tokens(masked))
    if bounds is None:
        return [PARTS[0]] * len(spans)
    found: list[str] = []
    word = 0
    for start, end in spans:
        while word < len(bounds) - 1 and bounds[word][1] <= start - low:
            word += 1
        opens, closes = start - low <= bounds[word][0], end - low >= bounds[word][1]
        found.append(
            PARTS[1] if opens and closes else PARTS[2] if opens else PARTS[4] if closes else PARTS[3]
        )
    return found


def mask(text: str, numbers: Iterable[tuple[int, int]]) -> str:
    """Return `text` with every number span filled by digits, of the same length."""
    letters = list(text)
    for start, end in numbers:
        low, high = max(0, start), min(len(letters), end)
        if low < high:
            letters[low:high] = "1" * (high - low)
    return "".join(letters)


def align(text: str, found: Iterable[tuple[str, bool]]) -> list[tuple[int, int]] | None:
    """Return the spans of the words in `text`; None when these are not its tokens in order.

    `found` are tokens, and whether each begins a word.
    """
    bounds: list[tuple[int, int]] = []
    first = offset = 0
    for token, begins in found:
        start = text.find(token, offset)
        if start < 0 or text[offset:start].strip():
            return None
        offset = start + len(token)
        if begins:
            first = start
            bounds.append((first, offset))
        else:
            bounds[-1] = (first, offset)
    return bounds or None
