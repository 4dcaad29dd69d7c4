"""The first four extraction steps on a bare text, for tests."""

from __future__ import annotations

from extract import sentences
from extract.analysis import Analysis
from extract.quantity import guards, quantities
from extract.time import times
from store.records import Article


def read_numbers(text: str) -> Analysis:
    """Return the analysis of `text` with sentences, times, guarded numbers and quantities."""
    article = Article(id="test", url="https://example.test/1", title="", text=text)
    analysis = Analysis(article=article, text="")
    for step in (sentences.segment, times.find, guards.guard, quantities.read):
        analysis = step(analysis)
    return analysis


def fired_rules(text: str) -> set[str]:
    """Return the names of the rules that found a time, guarded a number or made a quantity in `text`."""
    analysis = read_numbers(text)
    names = {time.rule for time in analysis.times} | {stretch.rule for stretch in analysis.guarded}
    return names.union(*(quantity.rules for quantity in analysis.quantities))
