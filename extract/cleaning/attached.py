"""Reports that hang on an article: what they do not say themselves, the article says."""

from __future__ import annotations

from dataclasses import replace

import regex

from extract.cleaning.doubts import in_order
from store.records import Article

_YEAR = regex.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_YEARS_APART = 1  # a report on a year comes out in that year or the next


def completed(report: Article, article: Article) -> Article:
    """Return a report with the province of the article that links it and, where it bears none, the date.

    The date is left empty when the report's title is about earlier years: old reports are linked for
    reference, and a report read with a wrong year gives wrong figures.
    """
    doubts = set(report.doubts)
    if article.site_province:
        doubts.discard("province_unclear")
    published, raw = report.published, report.published_raw
    if published is None and article.published and not _is_older(report.title, article.published):
        published, raw = article.published, article.published_raw
        doubts.add("date_of_article")
    return replace(
        report,
        published=published,
        published_raw=raw,
        site_province=article.site_province or report.site_province,
        doubts=in_order(doubts),
    )


def _is_older(title: str, published: str) -> bool:
    years = [int(year) for year in _YEAR.findall(title)]
    return bool(years) and max(years) < int(published[:4]) - _YEARS_APART
