"""Which hosts are of one domain, and so of one owner who is asked by turns."""

from __future__ import annotations

import functools

import tldextract


@functools.cache
def registrable_domain(host: str) -> str:
    """Return the domain that shares one request at a time, "baovinhlong.vn" for "travinh.baovinhlong.vn"."""
    return _extractor()(host).top_domain_under_public_suffix or host


@functools.cache
def _extractor() -> tldextract.TLDExtract:
    return tldextract.TLDExtract(cache_dir=None, suffix_list_urls=())  # the bundled list: no network
