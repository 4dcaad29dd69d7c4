"""The learned choice of a figure's phrase among the words of its sentence and of two before.

A logistic regression gives every word the probability that it belongs to the phrase; it runs twice, and the
second time it sees what the first gave the neighbouring words and figures. The phrase is the set of words
with the highest expected overlap (F1) with what a reader would write, and that expectation is the confidence.
The weights can be added up by hand, from data/models/indicator.json.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from math import prod
from pathlib import Path

import numpy as np
import numpy.typing as npt

from extract.analysis import Analysis
from extract.linear import ModelError
from extract.phrase import features, second_pass
from extract.phrase.candidates import Candidates
from extract.phrase.columns import CLASSES, word_class
from extract.phrase.features import FEATURE_VERSION, NAMES, WORD_ATOMS, Floats, Pairs, Template
from extract.phrase.lines import Layout, Token
from extract.phrase.scoring import Scorer, Table, compiled

MODEL_FILE = Path(__file__).resolve().parents[2] / "data" / "models" / "indicator.json"
RANKED_CONFIDENCE = 0.85  # of the rule's pick for ranks and scores, which speak of an index named once

_NEGLIGIBLE = 0.02  # a token less probable than this is never picked
_BETWEEN = 0.2  # one between two picked ones joins them if it is likelier than this
_ALONE = 0.5  # one that stands alone beside longer pieces goes unless it is likelier than this
_NOT_LAST = tuple(CLASSES.index(name) for name in ("preposition", "connective", "base"))
_NOT_FIRST = (CLASSES.index("connective"),)
_SPECIAL = ("<rare>", "<edge>", "<number>")  # word numbers 0 to 2

Bools = npt.NDArray[np.bool_]
Names = dict[str, dict[str, float]]  # template → values of its atoms → weight, as in the file


@dataclass(frozen=True, slots=True)
class Model:
    """A trained chooser: its vocabulary and the weights of its two passes."""

    vocabulary: dict[str, int]
    passes: tuple[tuple[Table, ...], ...]
    scorer: Scorer


def choose(
    analysis: Analysis, layout: Layout, found: Sequence[Candidates], *, model: Model | None = None
) -> list[tuple[tuple[int, ...], float]] | None:
    """Return picked tokens and their expected overlap (0 to 1) for every quantity; None without a model."""
    model = model or shipped()
    if model is None:
        return None
    if not layout.places:
        return []
    pair = features.pairs(analysis, layout, found, model.vocabulary)
    if not len(pair.token):
        return pick(analysis, layout, found, pair, np.zeros(0))
    shares = model.scorer.shares(pair)
    first = model.scorer.chances(0, pair, shares)
    possible, kept = second_pass.possible(layout, pair, first)
    chances = final(pair, model.scorer.chances(1, possible, shares), kept)
    return pick(analysis, layout, found, pair, chances)


def pick(
    analysis: Analysis, layout: Layout, found: Sequence[Candidates], pair: Pairs, chances: Floats
) -> list[tuple[tuple[int, ...], float]]:
    """Return picked tokens and their expected overlap for every quantity, by the pairs' `chances`."""
    picks = []
    sizes = np.bincount(pair.figure, weights=chances, minlength=len(found)).tolist()
    likely = np.flatnonzero(chances >= _NEGLIGIBLE)
    begins = np.searchsorted(pair.figure[likely], np.arange(len(found) + 1)).tolist()
    numbers, likely_chances = pair.token[likely].tolist(), chances[likely].tolist()
    for index, quantity in enumerate(analysis.quantities):
        if quantity.kind in ("rank", "score") and found[index].pick:
            picks.append((found[index].pick, RANKED_CONFIDENCE))
            continue
        own = slice(begins[index], begins[index + 1])
        picked, sure = decode(layout.tokens, numbers[own], likely_chances[own], size=sizes[index])
        picked = coherent(picked, dict(zip(numbers[own], likely_chances[own], strict=True)))
        picks.append((tidy(layout.tokens, picked), sure))
    return picks


def final(pair: Pairs, second: Floats, kept: Bools) -> Floats:
    """Return the final probability of each pair: the mean of the second pass over each word, so that words
    stay whole; 0 where the first pass ruled the token out.

    `second` holds the probabilities of the pairs that are `kept`.
    """
    chances = np.zeros(len(kept))
    chances[kept] = second
    return second_pass.word_means(pair, chances)


def decode(
    tokens: Sequence[Token], numbers: Sequence[int], chances: Sequence[float], *, size: float
) -> tuple[tuple[int, ...], float]:
    """Return the tokens whose set has the highest expected F1 with the reader's phrase, and that F1.

    `size` is how many tokens the phrase is expected to have, those left out for small chances included.
    A word that stands several times counts once for the first copy that is picked: `gain` is what each copy
    adds to the expected overlap.
    """
    copies: dict[str, list[tuple[float, int]]] = {}
    for number, chance in zip(numbers, chances, strict=True):
        copies.setdefault(tokens[number].word, []).append((chance, number))
    gains: list[tuple[float, int]] = []
    for each in copies.values():
        if len(each) == 1:
            gains += each
            continue
        each.sort(key=lambda copy: (-copy[0], copy[1]))
        rest = sum(chance for chance, _ in each)
        gain = 1.0 - prod(1.0 - chance for chance, _ in each)
        for position, (chance, number) in enumerate(each):
            gain = gain if position == 0 else min(chance, rest)
            rest = max(0.0, rest - gain)
            gains.append((gain, number))
    gains.sort(key=lambda gain: (-gain[0], gain[1]))
    best, best_size, total = 0.0, 0, 0.0
    for position, (gain, _) in enumerate(gains, start=1):
        total += gain
        expected = 2.0 * total / (position + size)
        if expected > best:
            best, best_size = expected, position
    return tuple(sorted([number for _, number in gains[:best_size]])), min(1.0, best)


def coherent(picked: Sequence[int], chances: Mapping[int, float]) -> tuple[int, ...]:
    """Return the picked tokens with likely ones that stand between two, and without single stray ones.

    Phrases come out that can be read; the expected overlap hardly changes.
    """
    chosen = set(picked)
    chosen.update(
        number + 1 for number in picked if number + 2 in chosen and chances.get(number + 1, 0.0) >= _BETWEEN
    )
    kept = [
        number
        for number in chosen
        if number - 1 in chosen or number + 1 in chosen or chances.get(number, 0.0) >= _ALONE
    ]
    return tuple(sorted(kept or chosen))


def tidy(tokens: Sequence[Token], picked: tuple[int, ...]) -> tuple[int, ...]:
    """Return the picked tokens without function words that lead to nothing: "số hộ sinh sống tại"."""
    low, high = 0, len(picked)
    while high - low > 1 and word_class(tokens[picked[high - 1]].word) in _NOT_LAST:
        high -= 1
    while high - low > 1 and word_class(tokens[picked[low]].word) in _NOT_FIRST:
        low += 1
    return picked[low:high]


@cache
def shipped() -> Model | None:
    """Return the model in data/models, None when there is none. Raises ModelError when it does not fit."""
    return load(MODEL_FILE)


def save(path: Path, vocabulary: Sequence[str], passes: Sequence[Names], *, trained_on: str) -> None:
    """Write a model file; the same weights give the same bytes."""
    body = {"vocabulary": list(vocabulary), "passes": list(passes)}
    model = {
        "feature_version": FEATURE_VERSION,
        "trained_on": trained_on,
        "sha256": _digest(body),
        **body,
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(model, ensure_ascii=False, indent=0, separators=(",", ":")) + "\n", "utf-8")


def load(path: Path) -> Model | None:
    """Return the model in a file, None when there is no such file.

    Raises ModelError when the file is damaged or was trained on features of another version.
    """
    if not path.exists():
        return None
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
        body = {"vocabulary": stored["vocabulary"], "passes": stored["passes"]}
        version, digest = stored["feature_version"], stored["sha256"]
    except (KeyError, TypeError, ValueError) as error:
        raise ModelError(f"{path}: not a model file ({error})") from error
    if version != FEATURE_VERSION:
        raise ModelError(
            f"{path}: trained on features {version}, the program has {FEATURE_VERSION}; train it again"
        )
    if digest != _digest(body):
        raise ModelError(f"{path}: the weights do not have the digest that the file states")
    vocabulary = {word: number for number, word in enumerate(body["vocabulary"], start=len(_SPECIAL))}
    passes = tuple(tuple(_tables(names, vocabulary)) for names in body["passes"])
    return Model(vocabulary, passes, compiled(passes, len(_SPECIAL) + len(vocabulary)))


def _digest(body: Mapping[str, object]) -> str:
    text = json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _tables(names: Names, vocabulary: Mapping[str, int]) -> Iterator[Table]:
    words = {**{word: number for number, word in enumerate(_SPECIAL)}, **vocabulary}
    for key, weights in names.items():
        template = tuple(key.split())
        codes = []
        for values in weights:
            code = 0
            for atom, value in zip(template, values.split(" "), strict=True):
                code = code * features.radix(atom) + _value(atom, value, words)
            codes.append(code)
        order = np.argsort(np.array(codes, dtype=np.int64))
        yield Table(
            template,
            np.array(codes, dtype=np.int64)[order],
            np.array(list(weights.values()), np.float64)[order],
        )


def _value(atom: str, value: str, words: Mapping[str, int]) -> int:
    if atom in WORD_ATOMS:
        return words[value]
    return NAMES[atom].index(value) if atom in NAMES else int(value)


def value_names(template: Template, code: int, vocabulary: Sequence[str]) -> str:
    """Return what the file calls the feature of this code: the values of the template's atoms, in order."""
    names: list[str] = []
    for atom in reversed(template):
        code, value = divmod(code, features.radix(atom))
        if atom in WORD_ATOMS:
            names.append((*_SPECIAL, *vocabulary)[value])
        else:
            names.append(NAMES[atom][value] if atom in NAMES else str(value))
    return " ".join(reversed(names))
