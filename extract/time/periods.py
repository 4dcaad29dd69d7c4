"""When a figure held, or that the text does not say.

Most figures state their period elsewhere or nowhere. The candidates are the times of the paragraph; a small
model trained on annotated articles chooses among them and no period, a rule does so where it is missing.
"""

from __future__ import annotations

from dataclasses import replace

from extract import linear
from extract.analysis import Analysis, Link
from extract.time import periods_model
from extract.time.period_scene import Article
from extract.time.timeline import Candidate, Timeline, by_rule, candidates, timeline

_RULE_CONFIDENCE = 0.7


def choose(analysis: Analysis) -> Analysis:
    """Return the analysis with `periods`: START/END in ISO dates, or None where no period is stated."""
    sums = periods_model.model()
    if sums is None:
        return choose_by_rule(analysis)
    article, known = Article(timeline(analysis)), periods_model.Known()
    links = tuple(_link(article, index, sums, known) for index in range(len(analysis.quantities)))
    return replace(analysis, periods=links)


def choose_by_rule(analysis: Analysis) -> Analysis:
    """Return the analysis with the periods that the rule picks, as without a model."""
    line = timeline(analysis)
    picked = (by_rule(line, index) for index in range(len(analysis.quantities)))
    return replace(
        analysis,
        periods=tuple(_as_link(line, choice, _RULE_CONFIDENCE, "period:rule") for choice in picked),
    )


def _link(article: Article, index: int, sums: linear.Sums, known: periods_model.Known) -> Link:
    choices = candidates(article.line, index)
    if len(choices) == 1:
        sure = "period:none_in_reach" if choices[0].time is None else "period:of_the_base"
        return _as_link(article.line, choices[0], 1.0, sure)
    choice, chance = periods_model.choose(article, index, choices, sums, known)
    return _as_link(article.line, choice, chance, "period:model")


def _as_link(line: Timeline, choice: Candidate, confidence: float, rule: str) -> Link:
    if choice.time is None or choice.reading is None:
        return Link(None, round(confidence, 3), (rule,))
    time = line.analysis.times[choice.time]
    rules = (rule, f"period:{choice.reading.way}", *((f"time:{time.rule}",) if time.rule else ()))
    return Link(choice.value, round(confidence, 3), rules, (time.start, time.end))
