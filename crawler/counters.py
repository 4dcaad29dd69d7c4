"""The fixed names under which a crawl counts what it did and left out: nothing disappears uncounted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

PREFIX = "chiso/"

COUNTERS: dict[str, str] = {
    "fetched": "pages stored",
    "revised": "new versions stored of pages that had changed",
    "unchanged": "pages that were fetched and found stored already",
    "known": "article links passed over because an earlier run has the page",
    "duplicate": "article links passed over because this run has met the article under another address",
    "waiting": "article links passed over because an earlier run has noted them to be asked",
    "quarantined": "article links passed over because they failed too often",
    "not_modified": "answers 304: nothing has changed since the last visit",
    "before_since": "article links passed over because feed, sitemap or address date them before --since",
    "after_until": "article links passed over because feed, sitemap or address date them after --until",
    "over_limit": "article answers dropped after --limit was reached",
    "listing_pages": "listing pages read",
    "listing_no_link": "listing pages on which the source's link_selector found no article",
    "listing_exhausted": "listings left at a page that showed no unseen article",
    "listing_loop": "listings left because their next page had been read",
    "listing_capped": "listings left at max_listing_pages",
    "feeds": "feeds read",
    "feed_unreadable": "feeds in which no link could be read",
    "feed_capped": "feeds found on pages and left out because enough were asked",
    "sitemaps": "sitemaps read",
    "sitemap_unreadable": "sitemaps that were no sitemap",
    "sitemap_capped": "sitemaps or their articles left out because enough were asked",
    "attachments": "PDF and Word files stored that hang on articles and listings",
    "attachment_known": "links to files that were asked for before",
    "attachment_foreign": "links to files on hosts that are not declared",
    "attachment_unsupported": "files of kinds that nobody here reads: .doc, .xls, archives",
    "attachment_capped": "links to files left out because their page has too many",
    "attachment_other": "addresses that promise a file and answer with none",
    "robots_denied": "requests that robots.txt forbids",
    "robots_unavailable": "requests not sent because robots.txt could not be read",
    "guard_scheme": "requests refused: neither http nor https",
    "guard_host": "requests refused: host not declared",
    "guard_port": "requests refused: port not a web server's",
    "guard_private": "requests refused: the host's address is private, loopback or link-local",
    "guard_unresolved": "requests refused: the host's name does not resolve",
    "captcha": "answers that ask for a captcha",
    "reload": "answers that set a cookie and reload",
    "blocked": "answers of a firewall",
    "forward": "answers that only forward to another page",
    "login": "answers that want a reader to log in",
    "server_error": "answers that report an error of the server with status 200",
    "no_article": "other answers that data/refusals.toml describes",
    "soft_404": "answers that say 'not found' with status 200",
    "empty": "answers without any text",
    "home": "article addresses that lead to a front page or section",
    "elsewhere": "article addresses that lead to a page that is no article",
    "other_article": "article addresses that answer with another article",
    "not_a_page": "article addresses that answer with neither HTML nor PDF",
    "denied": "answers 401, 403 or 451",
    "gone": "answers 404 or 410",
    "http_error": "other answers that are not 2xx",
    "redirect_loop": "requests left after too many redirects",
    "too_large": "answers cut off because they are too large",
    "timeout": "requests without an answer in time",
    "refused_connection": "requests whose connection was refused",
    "dropped": "answers that broke off",
    "damaged": "answers whose compression is broken or cut off",
    "tls": "requests without a secure connection: the certificate or the protocol was refused",
    "bad_answer": "answers that are no HTTP",
    "failed": "requests that failed otherwise",
    "tls_exception": "runs that used the TLS exception which the source declares",
    "not_asked": "requests dropped after the host was given up or the time was up",
    "retry_after": "pauses that a server asked for or overload called for",
    "not_stored": "pages that the database refused",
}

REFUSED = (
    "robots_denied",
    "robots_unavailable",
    "guard_scheme",
    "guard_host",
    "guard_port",
    "guard_private",
    "captcha",
    "reload",
    "blocked",
    "forward",
    "login",
    "server_error",
    "no_article",
    "soft_404",
    "empty",
    "home",
    "elsewhere",
    "other_article",
    "not_a_page",
    "attachment_other",
    "denied",
    "gone",
)
FAILED = (
    "guard_unresolved",
    "http_error",
    "redirect_loop",
    "too_large",
    "timeout",
    "refused_connection",
    "dropped",
    "damaged",
    "tls",
    "bad_answer",
    "failed",
    "not_stored",
)


class Stats(Protocol):
    """The part of Scrapy's stats collector that is used here."""

    def inc_value(self, key: str, count: int = 1) -> None:
        """Add to a value."""

    def get_stats(self) -> dict[str, Any]:
        """Return all values."""


def count(stats: Stats, name: str, by: int = 1) -> None:
    """Add to a counter; raises KeyError for a name that COUNTERS does not explain."""
    if name not in COUNTERS:
        raise KeyError(name)
    if by:
        stats.inc_value(PREFIX + name, by)


def counted(stats: Stats) -> dict[str, int]:
    """Return the counters that are not zero, without their prefix."""
    values = {name: stats.get_stats().get(PREFIX + name, 0) for name in COUNTERS}
    return {name: value for name, value in values.items() if value}


def total(counters: Mapping[str, int], names: tuple[str, ...]) -> int:
    """Return the sum of the named counters."""
    return sum(counters.get(name, 0) for name in names)
