"""Trains and reads the chooser among the candidate periods of a figure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from functools import cache
from itertools import chain
from pathlib import Path

from extract import linear
from extract.annotation import Annotated, annotated
from extract.time import period_features
from extract.time.period_features import FEATURE_VERSION
from extract.time.period_scene import Article, Scene, scene
from extract.time.timeline import Candidate, candidates, timeline

PATH = Path(__file__).resolve().parents[2] / "data" / "models" / "period.json"
_L2 = 20.0
_MIN_COUNT = 10
# Taken off the score of no period where the figure's own sentence holds no time: readers who annotate once,
# as most of the real articles were, carry periods less far than those who read again.
_CARRIED_BONUS = 0.6

Known = dict[tuple[int, str, str], float]  # the weight of a time (its number, meaning and side) by itself


def train(documents: Sequence[Annotated]) -> linear.Weights:
    """Return the weights learnt from annotated texts.

    A quantity without an annotated figure, or with an optional one, teaches nothing.
    """
    groups: list[list[dict[str, float]]] = []
    right: list[set[int]] = []
    strengths: list[float] = []
    for document in documents:
        article = Article(timeline(document.analysis))
        for index, quantity in enumerate(document.analysis.quantities):
            figure = annotated(quantity.start, quantity.end, document.figures)
            if figure is None or figure.get("optional"):
                continue
            choices = candidates(article.line, index)
            groups.append(_whole_rows(article, scene(article, index, choices), choices))
            right.append({i for i, choice in enumerate(choices) if choice.value == figure.get("period")})
            strengths.append(document.strength)
    return linear.train_ranking(groups, right, strengths=strengths, l2=_L2, min_count=_MIN_COUNT)


def _whole_rows(article: Article, found: Scene, choices: Sequence[Candidate]) -> list[dict[str, float]]:
    """Return the row of every candidate with the features of its time."""
    pairs = period_features.rows(article, found, choices)
    return [
        dict.fromkeys([*_of_time(article, found, choice), *chain.from_iterable(pair)], 1.0)
        for choice, pair in zip(choices, pairs, strict=True)
    ]


def _of_time(article: Article, found: Scene, choice: Candidate) -> list[str]:
    if choice.time is None or choice.reading is None:
        return []
    side = period_features.side(article, found, choice.time)
    return period_features.of_time(article, choice.time, choice.reading, side)


def save(weights: linear.Weights, *, trained_on: str, path: Path = PATH) -> None:
    """Write the model file."""
    linear.save(path, weights, feature_version=FEATURE_VERSION, trained_on=trained_on)


@cache
def model() -> linear.Sums | None:
    """Return the weights of the model file, None without one. Raises linear.ModelError for a wrong file."""
    weights = linear.load(PATH, feature_version=FEATURE_VERSION)
    return None if weights is None else linear.Sums(weights)


def choose(
    article: Article, index: int, choices: Sequence[Candidate], sums: linear.Sums, known: Known
) -> tuple[Candidate, float]:
    """Return the candidate whose period is likeliest, and how likely it is.

    `known` keeps what the times of the article weigh by themselves from one figure to the next.
    """
    found = scene(article, index, choices)
    chances = linear.softmax(_scores(article, found, choices, sums, known))
    values = [choice.value for choice in choices]
    of_value: dict[str | None, float] = defaultdict(float)
    for value, chance in zip(values, chances, strict=True):
        of_value[value] += chance
    best = max(of_value, key=lambda value: of_value[value])  # of two that are as likely the first: none
    likely = [(chance, i) for i, chance in enumerate(chances) if values[i] == best]
    return choices[max(likely)[1]], of_value[best]


def _scores(
    article: Article, found: Scene, choices: Sequence[Candidate], sums: linear.Sums, known: Known
) -> list[float]:
    """Return the score of every candidate."""
    scores: list[float] = []
    times = article.line.time_sentences
    stated = any(times[number] == found.own for number in (*found.before, *found.after))
    for choice, groups in zip(choices, period_features.rows(article, found, choices), strict=True):
        score = sums.score(groups)
        if choice.time is None or choice.reading is None:
            scores.append(score if stated else score - _CARRIED_BONUS)
            continue
        side = period_features.side(article, found, choice.time)
        key = choice.time, choice.reading.value, side
        if key not in known:
            names = period_features.of_time(article, choice.time, choice.reading, side)
            known[key] = linear.score_names(sums.weights, names)
        scores.append(score + known[key])
    return scores
