"""The province that an article is about, where its source serves several and does not say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable

from extract.analysis import Analysis, Mention
from extract.place import gazetteer, provinces

TITLE_WEIGHT = 4  # a headline names whom the article is about
OPENING_WEIGHT = 2  # and the lead says it again
OPENING = 400  # characters of title and lead
SHARE = 0.5  # of all that is named: below it the article is about several provinces, or about none


def home_province(analysis: Analysis, current: Callable[[str], str]) -> str | None:
    """Return the short name of the province that an article is mostly about.

    `current` gives the name that a province had on the day of publication.
    None when none is named, when several are named about as often, or when the country is named in the title
    and no province is.
    """
    weights: Counter[str] = Counter()
    for mention in analysis.mentions:
        name = province_behind(mention)
        if name is not None and mention.role != "oblique":
            weights[current(name)] += OPENING_WEIGHT if mention.start < OPENING else 1
    in_title = gazetteer.find(analysis.article.title)
    for name in filter(None, map(province_behind, in_title)):
        weights[current(name)] += TITLE_WEIGHT
    if not weights or (names_country(in_title) and not any(map(province_behind, in_title))):
        return None
    (first, weight), *others = weights.most_common(2)
    if others and others[0][1] == weight:
        return None
    return first if weight >= SHARE * weights.total() else None


def province_behind(mention: Mention) -> str | None:
    """Return the province that a mention names or that its district lies in; None for anything else."""
    if mention.label == "province":
        return mention.name
    return gazetteer.province_of(mention.name) if mention.label == "locality" else None


def names_country(mentions: Iterable[Mention]) -> bool:
    """Say whether one of the mentions is the country."""
    return any(mention.label == "country" or mention.name == provinces.COUNTRY for mention in mentions)
