"""Training of the indicator chooser: rows from annotated articles, folds by document, weights."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from extract.analysis import Analysis, Link
from extract.annotation import Annotated, annotated
from extract.linear import minimise
from extract.phrase import candidates, chooser, features, second_pass
from extract.phrase.alignment import align
from extract.phrase.columns import Ints
from extract.phrase.features import FIRST, SECOND, Floats, Pairs, Template
from extract.phrase.lines import Layout, lay_out, phrase

FOLDS = 5  # by document; the second pass learns from what the first says of documents it has not seen
LEAST_DOCUMENTS = 3  # a word or a feature of fewer is dropped: it would be a document's, not the language's
PULL = 30.0  # strength of the pull of weights to zero, in rows
STEPS = 45  # of the minimiser
OPTIONAL_WEIGHT = 0.5  # of figures that two readers might disagree about
LEAST_WEIGHT = 0.03  # smaller ones change no choice
DIGITS = 2  # of a stored weight

Rows = npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Sample:
    """One annotated document: its pairs of figure and token, and which belong to the annotated phrases."""

    number: int  # position of its article
    id: str
    layout: Layout
    pairs: Pairs
    labels: Floats
    weights: Floats  # 0 for figures that are not annotated


@dataclass(frozen=True, slots=True)
class Columns:
    """The features that a pass has seen often enough: per template ascending codes, and where they begin."""

    templates: tuple[Template, ...]
    codes: tuple[Ints, ...]
    offsets: tuple[int, ...]
    size: int


@dataclass(frozen=True, slots=True)
class Trained:
    """A trained chooser, and what choosers that had not seen an article say of it."""

    vocabulary: list[str]
    passes: list[chooser.Names]
    folds: list[list[tuple[int, tuple[Link, ...]]]]  # of articles, by position, with their indicators


def train(documents: Sequence[Annotated]) -> Trained:
    """Return the weights of both passes, and indicators by choosers trained without the article's fold."""
    vocabulary = vocabulary_of([document.analysis for document in documents])
    numbers = {word: number for number, word in enumerate(vocabulary, start=3)}
    samples = [
        sample(number, document, numbers)
        for number, document in enumerate(documents)
        if document.analysis.quantities
    ]
    folds = folds_of(samples)
    first = fit(FIRST, [each.pairs for each in samples], samples)
    apart = held_apart(folds)
    seen = {each.number: _possible(each, apart[each.number]) for each in samples}
    second = fit(SECOND, [each.pairs for each in seen.values()], list(seen.values()))
    chosen = [
        [
            (each.number, _links(documents[each.number].analysis, each, apart[each.number], chances))
            for each, chances in fold
        ]
        for fold in _second_apart(folds, seen)
    ]
    return Trained(vocabulary, [named(*each, vocabulary) for each in (first, second)], chosen)


def _possible(each: Sample, first: Floats) -> Sample:
    """Return the pairs that the first pass leaves possible, as the second one sees them."""
    pairs, kept = second_pass.possible(each.layout, each.pairs, first)
    return replace(each, pairs=pairs, labels=each.labels[kept], weights=each.weights[kept])


def _second_apart(
    folds: Sequence[Sequence[Sample]], seen: Mapping[int, Sample]
) -> Iterator[list[tuple[Sample, Floats]]]:
    for number, fold in enumerate(folds):
        rest = [seen[each.number] for other, them in enumerate(folds) if other != number for each in them]
        columns, weights = fit(SECOND, [each.pairs for each in rest], rest)
        yield [(each, probabilities(columns, weights, seen[each.number].pairs)) for each in fold]


def _links(analysis: Analysis, each: Sample, first: Floats, second: Floats) -> tuple[Link, ...]:
    chances = chooser.final(each.pairs, second, first >= second_pass.POSSIBLE)
    found = candidates.propose(analysis, each.layout)
    picked = chooser.pick(analysis, each.layout, found, each.pairs, chances)
    return tuple(Link(phrase(analysis.text, each.layout.tokens, tokens), sure) for tokens, sure in picked)


def vocabulary_of(analyses: Sequence[Analysis]) -> list[str]:
    """Return the words of at least LEAST_DOCUMENTS articles' contexts, sorted."""
    seen: Counter[str] = Counter()
    for analysis in analyses:
        seen.update({token.word for token in lay_out(analysis).tokens if not token.word[0].isdigit()})
    return sorted(word for word, documents in seen.items() if documents >= LEAST_DOCUMENTS)


def sample(number: int, document: Annotated, numbers: Mapping[str, int]) -> Sample:
    """Return the pairs of a text with their labels."""
    analysis = document.analysis
    layout = lay_out(analysis)
    pairs = features.pairs(analysis, layout, candidates.propose(analysis, layout), numbers)
    labels = np.zeros(len(pairs.token))
    weights = np.zeros(len(pairs.token))
    for index, quantity in enumerate(analysis.quantities):
        figure = annotated(quantity.start, quantity.end, document.figures)
        if figure is None:
            continue
        own = pairs.figure == index
        meant = np.array(sorted(align(figure["indicator"], layout, layout.places[index])), dtype=np.int64)
        labels[own] = np.isin(pairs.token[own], meant)
        weights[own] = OPTIONAL_WEIGHT if figure.get("optional") else 1.0
    return Sample(number, analysis.article.id, layout, pairs, labels, weights)


def folds_of(samples: Sequence[Sample]) -> list[list[Sample]]:
    """Return the samples in FOLDS groups that do not depend on their order."""
    order = sorted(samples, key=lambda each: hashlib.sha256(each.id.encode()).hexdigest())
    return [order[fold::FOLDS] for fold in range(FOLDS)]


def held_apart(folds: Sequence[Sequence[Sample]]) -> dict[int, Floats]:
    """Return what the first pass says of each document when trained without its fold."""
    found: dict[int, Floats] = {}
    for number, fold in enumerate(folds):
        rest = [each for other, them in enumerate(folds) if other != number for each in them]
        columns, weights = fit(FIRST, [each.pairs for each in rest], rest)
        for each in fold:
            found[each.number] = probabilities(columns, weights, each.pairs)
    return found


def fit(
    templates: tuple[Template, ...], pairs: Sequence[Pairs], samples: Sequence[Sample]
) -> tuple[Columns, Floats]:
    """Return the columns and weights of a logistic regression on these pairs."""
    columns = columns_of(templates, pairs)
    rows = np.concatenate([rows_of(columns, each) for each in pairs])
    labels = np.concatenate([each.labels for each in samples])
    strength = np.concatenate([each.weights for each in samples])
    used = strength > 0
    labels, strength = labels[used], strength[used]
    held = [np.ascontiguousarray(column, dtype=np.intp) for column in rows[used].T]

    def loss(weights: Floats) -> tuple[float, Floats]:
        score = np.zeros(len(labels))
        for feature in held:
            score += weights[feature]
        chance = 1.0 / (1.0 + np.exp(-np.clip(score, -40, 40)))
        value = float(np.sum(strength * (np.logaddexp(0.0, score) - labels * score)))
        error = strength * (chance - labels)
        slope = PULL * weights
        for feature in held:
            slope += np.bincount(feature, weights=error, minlength=columns.size)
        slope[0] = 0.0  # stands for features that are not known
        return value + 0.5 * PULL * float(np.sum(weights**2)), slope

    return columns, minimise(loss, columns.size, STEPS)


def columns_of(templates: tuple[Template, ...], pairs: Sequence[Pairs]) -> Columns:
    """Return the features that stand in at least LEAST_DOCUMENTS documents."""
    kept: list[Ints] = []
    offsets: list[int] = []
    size = 1
    for template in templates:
        seen = np.concatenate([np.unique(features.codes(each, template)) for each in pairs])
        codes, documents = np.unique(seen, return_counts=True)
        kept.append(codes[documents >= LEAST_DOCUMENTS])
        offsets.append(size)
        size += len(kept[-1])
    return Columns(templates, tuple(kept), tuple(offsets), size)


def rows_of(columns: Columns, pairs: Pairs) -> Rows:
    """Return for every pair the columns of its features, 0 for those that are not known."""
    found = np.zeros((len(pairs.token), len(columns.templates)), dtype=np.int32)
    for position, (template, known, offset) in enumerate(
        zip(columns.templates, columns.codes, columns.offsets, strict=True)
    ):
        if len(known):
            codes = features.codes(pairs, template)
            at = np.minimum(np.searchsorted(known, codes), len(known) - 1)
            found[:, position] = np.where(known[at] == codes, offset + at, 0)
    return found


def probabilities(columns: Columns, weights: Floats, pairs: Pairs) -> Floats:
    """Return the probability of each pair under weights that are still unnamed."""
    score = weights[rows_of(columns, pairs)].sum(axis=1)
    chance: Floats = 1.0 / (1.0 + np.exp(-np.clip(score, -40.0, 40.0)))
    return chance


def named(columns: Columns, weights: Floats, vocabulary: Sequence[str]) -> chooser.Names:
    """Return the weights as the model file names them: by template and values; small ones are dropped."""
    names: chooser.Names = {}
    for template, codes, offset in zip(columns.templates, columns.codes, columns.offsets, strict=True):
        own = weights[offset : offset + len(codes)]
        kept = {
            chooser.value_names(template, int(code), vocabulary): round(float(weight), DIGITS)
            for code, weight in zip(codes, own, strict=True)
            if abs(weight) >= LEAST_WEIGHT
        }
        if kept:
            names[" ".join(template)] = dict(sorted(kept.items()))
    return names
