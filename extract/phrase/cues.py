"""Finding which indicators' cues stand in a phrase.

Cues are short runs of syllables. Those of all indicators are looked up in one pass over the phrase, by their
first syllable, so that the time does not grow with the catalogue.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

_END_OF_PHRASE = "|"  # keeps a cue from running over into the unit

Syllables = tuple[str, ...]
Row = tuple[str, Sequence[Sequence[Syllables]], Sequence[Syllables]]  # id, groups of cues, anti-cues


@dataclass(frozen=True, slots=True)
class Cued:
    """An indicator whose cues a phrase holds."""

    id: str
    covered: int  # syllables of phrase and unit that its cues take up: the more, the more specific
    share: float  # of the phrase's telling syllables that its cues take up


@dataclass(frozen=True, slots=True)
class CueIndex:
    runs: frozenset[Syllables]  # all that are looked for
    sizes_by_first: dict[str, tuple[int, ...]]  # first syllable → how long its runs are, longest first
    groups: dict[Syllables, tuple[tuple[str, int], ...]]  # the indicators and groups that a run serves
    blocks: dict[Syllables, frozenset[str]]  # the indicators that a run rules out
    sizes: dict[str, int]  # groups of an indicator
    negations: frozenset[str]
    compounds: frozenset[Syllables]  # words of which no part is a cue or a negation
    fillers: frozenset[str]  # syllables that tell nothing


def index_cues(
    rows: Iterable[Row],
    *,
    negations: frozenset[str],
    compounds: Iterable[Syllables],
    fillers: frozenset[str],
) -> CueIndex:
    """Return the index of the cues and anti-cues of all rows."""
    groups: dict[Syllables, list[tuple[str, int]]] = defaultdict(list)
    blocks: dict[Syllables, set[str]] = defaultdict(set)
    sizes = {}
    for identifier, cues, anti in rows:
        sizes[identifier] = len(cues)
        for number, group in enumerate(cues):
            for cue in group:
                groups[cue].append((identifier, number))
        for cue in anti:
            blocks[cue].add(identifier)
    whole = frozenset(compounds)
    runs = groups.keys() | blocks.keys() | whole | {(word,) for word in negations}
    by_first: dict[str, set[int]] = defaultdict(set)
    for run in runs:
        by_first[run[0]].add(len(run))
    return CueIndex(
        runs=frozenset(runs),
        sizes_by_first={first: tuple(sorted(found, reverse=True)) for first, found in by_first.items()},
        groups={cue: tuple(served) for cue, served in groups.items()},
        blocks={cue: frozenset(blocked) for cue, blocked in blocks.items()},
        sizes=sizes,
        negations=negations,
        compounds=whole,
        fillers=fillers,
    )


def match_cues(phrase: Syllables, unit: Syllables, index: CueIndex) -> tuple[Cued, ...]:
    """Return the indicators of which every group has a cue in `phrase` or `unit`, and no anti-cue is.

    A negation outside the cues of an indicator rules it out: what is counted then is the opposite.
    """
    found = _runs((*phrase, _END_OF_PHRASE, *unit), index)
    blocked = set().union(*(index.blocks.get(run, ()) for run in found))
    served: dict[str, dict[int, list[Syllables]]] = defaultdict(lambda: defaultdict(list))
    for run in found:
        for identifier, group in index.groups.get(run, ()):
            if identifier not in blocked:
                served[identifier][group].append(run)
    denied = {at for run, at in found.items() if run[0] in index.negations and len(run) == 1}
    matched = []
    for identifier, groups in served.items():
        if len(groups) == index.sizes[identifier]:
            covered = _positions(found, (run for runs in groups.values() for run in runs))
            if denied <= covered:
                matched.append(Cued(identifier, len(covered), _share(phrase, covered, index)))
    return tuple(matched)


def _share(phrase: Syllables, covered: set[int], index: CueIndex) -> float:
    inside = {at for at in covered if at < len(phrase)}
    telling = {at for at, word in enumerate(phrase) if word not in index.fillers} | inside
    return len(inside) / len(telling) if telling else 1.0


def _runs(words: Syllables, index: CueIndex) -> dict[Syllables, int]:
    """Return every run of the index that stands in `words`, and where it first does."""
    every = [
        (at, run)
        for at, word in enumerate(words)
        for size in index.sizes_by_first.get(word, ())
        if (run := words[at : at + size]) in index.runs
    ]
    whole = [(at, at + len(run)) for at, run in every if run in index.compounds]
    found: dict[Syllables, int] = {}
    for at, run in every:
        end = at + len(run)
        if not any(first <= at and end <= last and len(run) < last - first for first, last in whole):
            found.setdefault(run, at)
    return found


def _positions(found: dict[Syllables, int], runs: Iterable[Syllables]) -> set[int]:
    return {at for run in runs for at in range(found[run], found[run] + len(run))}
