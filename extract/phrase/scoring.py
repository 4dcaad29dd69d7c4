"""The weights of a model laid out for look-up: a feature is a place in one array, found by adding up steps.

A template's features fill a block of figure part x token part x pair part. The parts of figures and tokens
are numbered once for each figure and token; only what depends on both is computed for every pair.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import prod

import numpy as np

from extract.phrase import relations, second_pass
from extract.phrase.atoms import Ints
from extract.phrase.features import FIGURE_ATOMS, SIZES, WORD_ATOMS, Floats, Pairs, Template, radix

PAIR_ATOMS = {**relations.SIZES, **second_pass.SIZES}

_AT_ONCE = 2048  # pairs that are scored together
_DIRECT = 1 << 18  # combinations that are looked up in a table; among more they are searched for

Names = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """The weights of one template: `codes` ascending, `weights` parallel."""

    template: Template
    codes: Ints
    weights: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """The combinations of values of some atoms that occur in features, numbered from 1."""

    atoms: Names
    sizes: tuple[int, ...]
    codes: Ints  # ascending
    table: Ints | None  # code → number

    def numbers(self, columns: Mapping[str, Ints]) -> Ints:
        """Return the number of the combination in every row of `columns`, 0 for one that does not occur."""
        if not self.atoms:
            return np.zeros_like(next(iter(columns.values())))
        code = _joined(self.sizes, [columns[atom] for atom in self.atoms])
        if self.table is not None:
            return self.table[code]
        at = np.minimum(np.searchsorted(self.codes, code), len(self.codes) - 1)
        return np.where(self.codes[at] == code, at + 1, 0)


@dataclass(frozen=True, slots=True)
class Block:
    """Where the features of one template lie: its parts, and the steps from number to number."""

    template: Template
    start: int
    figure: Names
    figure_step: int
    token: Names
    token_step: int
    pair: Names
    size: int


@dataclass(frozen=True, slots=True)
class Scorer:
    """The weights of the passes, all features in one array, and the blocks in which they lie."""

    parts: dict[Names, Part]
    blocks: tuple[Block, ...]
    used: tuple[int, ...]  # how many of the blocks each pass has
    weights: tuple[Floats, ...]  # by pass

    def chances(self, number: int, pair: Pairs) -> Floats:
        """Return for each pair the probability that pass `number` (0 or 1) gives it."""
        blocks, weights = self.blocks[: self.used[number]], self.weights[number]
        score = np.zeros(len(pair.token))
        if blocks:
            of_figure, of_token = self._of_figure(blocks, pair), self._of_token(blocks, pair)
            sets = list(dict.fromkeys(block.pair for block in blocks))
            own = [sets.index(block.pair) for block in blocks]
            codes = _codes(sets, pair)
            for start in range(0, len(score), _AT_ONCE):
                some = slice(start, start + _AT_ONCE)
                places = codes[own, some]
                places += of_figure.take(pair.figure[some], axis=1)
                places += of_token.take(pair.token[some], axis=1)
                score[some] = weights.take(places).sum(axis=0)
        chance: Floats = 1.0 / (1.0 + np.exp(-np.clip(score, -40.0, 40.0)))
        return chance

    def _of_figure(self, blocks: Sequence[Block], pair: Pairs) -> Ints:
        """Return the figures' share of the places, a row for each block."""
        numbers = {
            names: self.parts[names].numbers(pair.of_figure) for names in {each.figure for each in blocks}
        }
        shares = [numbers[each.figure] * each.figure_step + each.start for each in blocks]
        return np.array(shares)

    def _of_token(self, blocks: Sequence[Block], pair: Pairs) -> Ints:
        numbers = {
            names: self.parts[names].numbers(pair.of_token) for names in {each.token for each in blocks}
        }
        return np.array([numbers[each.token] * each.token_step for each in blocks])


def _codes(sets: Sequence[Names], pair: Pairs) -> Ints:
    """Return for each set of atoms of a pair one number for their values, a row for each set."""
    codes = np.zeros((len(sets), len(pair.token)), dtype=np.int64)
    for row, names in enumerate(sets):
        for atom in names:
            codes[row] *= PAIR_ATOMS[atom]
            codes[row] += pair.of_pair[atom]
    return codes


def compiled(passes: Sequence[Sequence[Table]], words: int) -> Scorer:
    """Return the scorer of a model's passes; `words` is the number of words that it tells apart."""
    templates = list(dict.fromkeys(table.template for tables in passes for table in tables))
    sizes = {**SIZES, **dict.fromkeys(WORD_ATOMS, words), **PAIR_ATOMS}
    parts = _parts([table for tables in passes for table in tables], sizes)
    blocks: list[Block] = []
    for template in templates:
        start = blocks[-1].start + blocks[-1].size if blocks else 0
        blocks.append(_block(template, start, parts))
    size = blocks[-1].start + blocks[-1].size if blocks else 1
    used = tuple(max((templates.index(each.template) + 1 for each in tables), default=0) for tables in passes)
    weights = tuple(np.zeros(size) for _ in passes)
    for tables, own in zip(passes, weights, strict=True):
        for table in tables:
            _fill(own, parts, blocks[templates.index(table.template)], table)
    return Scorer(parts, tuple(blocks), used, weights)


def _block(template: Template, start: int, parts: Mapping[Names, Part]) -> Block:
    figure, token = _figure_part(template), _token_part(template)
    pair = tuple(atom for atom in template if atom in PAIR_ATOMS)
    of_pair = prod(PAIR_ATOMS[atom] for atom in pair)
    of_token = of_pair * (len(parts[token].codes) + 1)
    return Block(
        template, start, figure, of_token, token, of_pair, pair, of_token * (len(parts[figure].codes) + 1)
    )


def _fill(weights: Floats, parts: Mapping[Names, Part], block: Block, table: Table) -> None:
    """Put the weights of a table in their places."""
    values = _values(table)
    code = np.zeros(len(table.codes), dtype=np.int64)
    for atom in block.pair:
        code = code * PAIR_ATOMS[atom] + values[atom]
    code += parts[block.figure].numbers(values) * block.figure_step
    code += parts[block.token].numbers(values) * block.token_step
    weights[block.start + code] = table.weights


def _parts(tables: Sequence[Table], sizes: Mapping[str, int]) -> dict[Names, Part]:
    """Return the parts of figures and tokens that the templates have, by their atoms."""
    known: dict[Names, list[Ints]] = {}
    for table in tables:
        values = _values(table)
        for names in (_figure_part(table.template), _token_part(table.template)):
            own = known.setdefault(names, [])
            if names:
                own.append(_joined([sizes[atom] for atom in names], [values[atom] for atom in names]))
    none = np.zeros(0, dtype=np.int64)
    return {
        names: _part(names, sizes, np.unique(np.concatenate([none, *codes])))
        for names, codes in known.items()
    }


def _part(names: Names, sizes: Mapping[str, int], codes: Ints) -> Part:
    own = tuple(sizes[atom] for atom in names)
    table = None
    if prod(own) <= _DIRECT:
        table = np.zeros(prod(own), dtype=np.int64)
        table[codes] = np.arange(1, len(codes) + 1)
    return Part(names, own, codes, table)


def _figure_part(template: Template) -> Names:
    return tuple(atom for atom in template if atom in FIGURE_ATOMS)


def _token_part(template: Template) -> Names:
    return tuple(atom for atom in template if atom not in FIGURE_ATOMS and atom not in PAIR_ATOMS)


def _joined(sizes: Sequence[int], columns: Sequence[Ints]) -> Ints:
    """Return one number for the values in every row of the columns."""
    code = columns[0]
    for size, column in zip(sizes[1:], columns[1:], strict=True):
        code = code * size + column
    return code


def _values(table: Table) -> dict[str, Ints]:
    """Return the values of the template's atoms, parallel to the codes."""
    values: dict[str, Ints] = {}
    rest = table.codes
    for atom in reversed(table.template):
        rest, values[atom] = np.divmod(rest, radix(atom))
    return values
