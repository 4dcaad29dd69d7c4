"""How alike two texts are, by their shingles: runs of four words.

Texts that may be alike are found by MinHash signatures cut into bands (Broder 1997; Leskovec et al., Mining
of Massive Datasets, 3.4), then compared shingle by shingle.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import regex

from store.search import fold

Hashes = npt.NDArray[np.uint64]
Signature = npt.NDArray[np.uint32]

_TOKEN = regex.compile(r"[\p{L}\p{M}]++|\p{N}++(?:[.,/]\p{N}++)*+")
_RUN = 4  # words of a shingle
_SHORTEST = 50  # shingles; a shorter text is like no other
_CONTAINED = 0.75  # share of the shorter text's shingles: 3 in 5 of all, where both are of one length
_SAME_NUMBERS = 0.7  # share of the numbers of the text that has fewer, from three on
_BANDS, _ROWS = 24, 3  # of texts alike in 1 of 2 shingles 96 in 100 are found, in 3 of 5 all but 3 in 1000
_UNLIKE = 0.25  # estimated likeness below which texts are not compared


def _constants(name: str) -> Hashes:
    """Return the odd factors or the addends of the hash functions, the same on every machine."""
    digests = (hashlib.sha256(f"{name} {row}".encode()).digest()[:8] for row in range(_BANDS * _ROWS))
    return np.array([int.from_bytes(digest, "big") | 1 for digest in digests], dtype=np.uint64)


_FACTORS, _ADDENDS = _constants("factor")[:, None], _constants("addend")[:, None]
_BASE = np.uint64(0x9E3779B97F4A7C15)


@dataclass(frozen=True, slots=True)
class Words:
    """What is compared of a text: its shingles as sorted hashes, and its numbers as written."""

    shingles: Hashes
    numbers: frozenset[str]


def words_of_text(text: str) -> Words:
    """Return what is compared of a text; capitals, diacritics and punctuation do not matter."""
    tokens = _TOKEN.findall(fold(text))
    hashes = np.fromiter(map(_hash_of, tokens), dtype=np.uint64, count=len(tokens))
    count = max(0, len(tokens) - _RUN + 1)
    runs = np.zeros(count, dtype=np.uint64)
    for place in range(_RUN):
        runs = runs * _BASE + hashes[place : place + count]
    return Words(np.unique(runs), frozenset(token for token in tokens if token[0].isnumeric()))


@lru_cache(2**16)
def _hash_of(token: str) -> int:
    return zlib.crc32(token.encode())


def alike(one: Words, other: Words) -> bool:
    """Return whether one text is a near-copy of the other."""
    shorter = min(one.shingles.size, other.shingles.size)
    if shorter < _SHORTEST:
        return False
    fewer = min(len(one.numbers), len(other.numbers))
    if fewer >= 3 and len(one.numbers & other.numbers) < _SAME_NUMBERS * fewer:
        return False
    shared = np.intersect1d(one.shingles, other.shingles, assume_unique=True).size
    return bool(shared >= _CONTAINED * shorter)


def signature(words: Words) -> Signature:
    """Return the least hash of the shingles under each hash function; empty for a short text."""
    if words.shingles.size < _SHORTEST:
        return np.empty(0, dtype=np.uint32)
    mixed = (_FACTORS * words.shingles + _ADDENDS) >> np.uint64(32)
    least: Signature = mixed.min(axis=1).astype(np.uint32)
    return least


def bands(signatures: npt.NDArray[np.uint32]) -> npt.NDArray[np.uint64]:
    """Return for each signature, a row, a hash of each of its bands."""
    rows = signatures.reshape(len(signatures), _BANDS, _ROWS).astype(np.uint64)
    hashes = np.zeros((len(signatures), _BANDS), dtype=np.uint64)
    for row in range(_ROWS):
        hashes = (hashes + rows[:, :, row]) * _BASE
        hashes ^= hashes >> np.uint64(29)
    return hashes


def likely(some: npt.NDArray[np.uint32], others: npt.NDArray[np.uint32]) -> Iterator[tuple[int, int]]:
    """Yield the rows of `some` and `others` whose texts may be alike, each pair once, in no order."""
    own, known = bands(some), bands(others)
    found: set[tuple[int, int]] = set()
    for band in range(_BANDS):
        order = np.argsort(known[:, band])
        ranked = known[order, band]
        low, high = (np.searchsorted(ranked, own[:, band], side) for side in ("left", "right"))
        for row in np.flatnonzero(high > low).tolist():
            found.update((row, other) for other in order[low[row] : high[row]].tolist())
    for row, other in found:
        if np.mean(some[row] == others[other]) >= _UNLIKE:
            yield row, other
