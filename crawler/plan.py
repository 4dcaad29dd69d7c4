"""What a crawl would ask at its beginning, without asking anything."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from crawler.addresses import listing_address
from crawler.run import choose
from store.domains import registrable_domain
from store.records import Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """One request that a crawl would send."""

    source: str
    domain: str  # whose turn it takes
    what: str  # "robots", "listing", "feed", "sitemap"
    url: str
    delay: float  # least seconds to the one before it; robots.txt may ask for more


def plan(source_ids: Iterable[str], *, sources: Mapping[str, Source]) -> list[Planned]:
    """Return the requests that crawling would begin with, in their order; raises CrawlError as crawling does.

    Articles, further pages of listings, and feeds and sitemaps that pages and robots.txt name come on top:
    which they are, only the answers tell.
    """
    return [request for source in choose(source_ids, sources) for request in _of(source)]


def _of(source: Source) -> Iterator[Planned]:
    asked: set[str] = set()
    for what, urls in (
        ("listing", source.start_urls),
        ("feed", source.feeds),
        ("sitemap", source.sitemaps),
    ):
        for url in urls:
            parts = urlsplit(url)
            robots = f"{parts.scheme}://{parts.netloc}/robots.txt"
            for kind, address in (("robots", robots), (what, listing_address(url) or url)):
                if address not in asked:
                    asked.add(address)
                    yield Planned(
                        source=source.id,
                        domain=registrable_domain(parts.hostname or ""),
                        what=kind,
                        url=address,
                        delay=source.delay,
                    )
