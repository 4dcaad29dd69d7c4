"""The whole way from an article to its figures: fourteen steps in one list, then the records."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from extract import checks, confidence, sentences, statuses
from extract.analysis import Analysis, Sentence
from extract.phrase import bases, indicators, restates
from extract.place import gazetteer, places, provinces
from extract.place.former import RULE as FORMER_UNIT
from extract.place.former import former_units
from extract.quantity import guards, quantities
from extract.table import cells
from extract.time import periods, times
from store.records import Article, Figure

EXTRACTOR_VERSION = "1"

Step = Callable[[Analysis], Analysis]

STEPS: tuple[Step, ...] = (
    sentences.segment,  # 1 lines, sentences and their zones
    times.find,  # 2 dates and periods
    guards.guard,  # 3 numbers that measure nothing
    quantities.read,  # 4 value, kind, unit, bound, level or difference
    cells.set_aside,  # 5 table rows are no sentences
    gazetteer.mark,  # 6 provinces, localities, agencies, programmes
    indicators.choose,  # 7 what is measured
    bases.find,  # 8 what the number is relative to
    restates.find,  # 9 one value said twice
    periods.choose,  # 10 when it held
    places.choose,  # 11 whose it is
    statuses.choose,  # 12 achieved or promised; negated
    cells.read,  # 13 the figures of tables, by their headings
    checks.flag,  # 14 what does not add up
)


@dataclass(frozen=True, slots=True)
class Said:
    """The words of a sentence: one string for all its figures, and the beginning of their ids."""

    sentence: Sentence
    words: str
    digest: Any  # of hashlib, fed with address and words

    @classmethod
    def of(cls, article: Article, sentence: Sentence) -> Said:
        words = article.text[sentence.start : sentence.end]
        return cls(sentence, words, hashlib.sha256(f"{article.url or article.id}\n{words}\n".encode()))

    def figure_id(self, surface: str, occurrence: int) -> str:
        """Return 16 hex digits that stay the same when the article is extracted again.

        `occurrence` counts from 1 and tells apart the same surface in one sentence, or in a repeated one.
        """
        digest = self.digest.copy()
        digest.update(f"{surface}\n{occurrence}".encode())
        return str(digest.hexdigest()[:16])


def analyse(article: Article, *, nlp: bool = True) -> Analysis:
    """Return all that the steps found in the article; without `nlp`, underthesea is left out."""
    analysis = Analysis(article=article, text=article.text, nlp=nlp)
    for step in STEPS:
        analysis = step(analysis)
    return analysis


def extract(article: Article, *, nlp: bool = True) -> list[Figure]:
    """Return the figures of an article in the order of its text; [] when it holds none."""
    return list(figures(analyse(article, nlp=nlp)))


def figures(analysis: Analysis) -> Iterator[Figure]:
    """Yield a record for every quantity of a finished analysis."""
    article = analysis.article
    seen: Counter[tuple[str, str]] = Counter()
    former = former_units(analysis)
    said: Said | None = None
    for index, quantity in enumerate(analysis.quantities):
        sentence = sentence_at(analysis.sentences, quantity.start)
        if said is None or said.sentence is not sentence:
            said = Said.of(article, sentence)
        words = said.words
        surface = article.text[quantity.start : quantity.end]
        seen[words, surface] += 1
        again = analysis.restates[index]
        links = (
            analysis.indicators[index],
            analysis.bases[index],
            analysis.places[index],
            analysis.localities[index],
            analysis.periods[index],
            analysis.statuses[index],
            analysis.negations[index],
        )
        indicator, base, place, locality, period, status, negation = links
        place_id, place_flags = provinces.unit_id(place.value, article.published, period.value)
        old_id = former[index]
        yield Figure(
            id=said.figure_id(surface, seen[words, surface]),
            article_id=article.id,
            start=quantity.start,
            end=quantity.end,
            surface=surface,
            kind=quantity.kind,
            value=quantity.value,
            value_max=quantity.value_max,
            denominator=quantity.denominator,
            comparator=quantity.comparator,
            unit=quantity.unit,
            measure=quantity.measure,
            status="target" if status.value == "target" else "actual",
            negated=negation.value is not None,
            place=place.value,
            locality=locality.value,
            period=period.value,
            indicator=indicator.value or "",
            base=base.value,
            restates=None if again is None else analysis.quantities[again].start,
            indicator_id=analysis.indicator_ids[index],
            place_id=old_id or place_id,
            sentence=words,
            sentence_start=sentence.start,
            sentence_end=sentence.end,
            confidence=confidence.of(analysis, index),
            flags=(*quantity.flags, *analysis.flags[index], *place_flags),
            rules=(
                *quantity.rules,
                *(rule for link in links for rule in link.rules),
                *([FORMER_UNIT] if old_id else []),
            ),
            extractor_version=EXTRACTOR_VERSION,
            page_number=page_at(article.page_starts, quantity.start),
        )


def sentence_at(found: tuple[Sentence, ...], offset: int) -> Sentence:
    """Return the sentence that holds `offset`; the last one before it when it lies between two."""
    low, high = 0, len(found) - 1
    while low < high:
        middle = (low + high + 1) // 2
        if found[middle].start <= offset:
            low = middle
        else:
            high = middle - 1
    return found[low]


def page_at(page_starts: tuple[int, ...], offset: int) -> int | None:
    """Return the 1-based page that holds `offset`; None for a text without pages."""
    return sum(start <= offset for start in page_starts) or None
