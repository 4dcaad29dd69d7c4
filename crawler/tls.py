"""TLS to servers that need an exception: one source at a time, as it declares, and never without verifying.

Some papers' servers renegotiate in the old way, have short keys, or forget to send the certificate between
their own and the root. Scrapy's settings are global or verify nothing at all.
"""

from __future__ import annotations

from typing import Any

from OpenSSL import SSL, crypto
from scrapy.core.downloader.contextfactory import _get_creator_context
from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.crawler import Crawler
from twisted.internet.ssl import optionsForClientTLS
from twisted.web.iweb import IPolicyForHTTPS
from zope.interface import implementer

from crawler.counters import count
from store.records import Source

HANDLER = "crawler.tls.ExceptionalHandler"
LEGACY_SERVER_CONNECT = 0x4  # SSL_OPLEGACY_SERVER_CONNECT, which pyOpenSSL does not name
_WEAK = b"DEFAULT@SECLEVEL=0"


def needs_exception(source: Source) -> bool:
    """Return whether a source declares anything that the usual connection does not do."""
    return bool(source.tls or source.intermediate_certificates)


def context_of(creator: Any) -> SSL.Context:
    """Return the OpenSSL context that a creator of connections uses."""
    return _get_creator_context(creator)


@implementer(IPolicyForHTTPS)
class ExceptionalPolicy:
    """Connects as a source's `tls` and `intermediate_certificates` ask, to whatever certificate verifies."""

    def __init__(self, source: Source):
        self.source = source

    def creatorForNetloc(self, hostname: bytes, port: int) -> Any:  # noqa: ARG002, N802 - Twisted's names
        """Return what makes the TLS connection to a host."""
        creator = optionsForClientTLS(hostname.decode("ascii"))
        context = context_of(creator)
        if "legacy" in self.source.tls:
            context.set_options(LEGACY_SERVER_CONNECT)
        if "weak" in self.source.tls:
            context.set_cipher_list(_WEAK)
            context.set_min_proto_version(SSL.TLS1_VERSION)
        store = context.get_cert_store()
        for pem in self.source.intermediate_certificates:
            if store is not None:  # only offered for the chain: the root must still be trusted
                store.add_cert(crypto.load_certificate(crypto.FILETYPE_PEM, pem.encode()))
        return creator


class ExceptionalHandler(HTTP11DownloadHandler):
    """Scrapy's handler of https for a source that needs an exception."""

    def __init__(self, crawler: Crawler):
        super().__init__(crawler)
        spider: Any = crawler.spider
        self._contextFactory = ExceptionalPolicy(spider.source)
        count(crawler.stats, "tls_exception")
