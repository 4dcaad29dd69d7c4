"""The weights of a model laid out for look-up: a feature is a place in one array, found by adding up steps.

A template's features fill a block of figure part x token part x pair part. The parts of figures and tokens
are numbered once for each figure and token; only what depends on both is computed for every pair.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import prod
from typing import Any

import numpy as np
import numpy.typing as npt

from extract.phrase import relations, second_pass
from extract.phrase.columns import Ints
from extract.phrase.features import FIGURE_ATOMS, SIZES, WORD_ATOMS, Floats, Pairs, Template, radix

PAIR_ATOMS = {**relations.SIZES, **second_pass.SIZES}

_AT_ONCE = 256  # pairs that are scored together
_STRETCH = 16 * _AT_ONCE  # pairs or tokens whose codes are kept together: a dump of numbers has very many
_DIRECT = 1 << 21  # combinations that are looked up in a table; among more they are searched for

Places = npt.NDArray[np.int32]
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
    table: npt.NDArray[np.int16] | None  # code → number

    def numbers(self, columns: Mapping[str, Ints]) -> npt.NDArray[np.integer[Any]]:
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


@dataclass(frozen=True, slots=True, eq=False)
class Side:
    """The parts of figures or of tokens, laid out so that the numbers of all are found together."""

    atoms: Names
    radixes: Floats  # part x atom: what a value of the atom adds to the part's code
    tables: npt.NDArray[np.int16]  # code → number, of one part after the other
    starts: Ints  # where a part's table begins
    searched: tuple[tuple[int, Part], ...]  # the parts without a table, and their rows
    rows: Ints  # the part of each block
    steps: Places  # of each block, a column

    def share(self, columns: Mapping[str, Ints]) -> Places:
        """Return what each figure or token adds to the places of features, a column a block."""
        count = len(next(iter(columns.values())))
        found = np.empty((count, len(self.rows)), dtype=np.int32)
        for start in range(0, count, _STRETCH):
            some = slice(start, min(count, start + _STRETCH))
            found[some] = self._share({name: values[some] for name, values in columns.items()}).T
        return found

    def _share(self, columns: Mapping[str, Ints]) -> Places:
        """Return the shares of some of them, a row a block."""
        values = np.empty((len(self.atoms), len(next(iter(columns.values())))))
        for row, atom in enumerate(self.atoms):
            values[row] = columns[atom]
        codes = (self.radixes @ values).astype(np.int64)
        codes += self.starts
        numbers = self.tables.take(codes).astype(np.int32)
        for row, part in self.searched:
            numbers[row] = part.numbers(columns)
        share: Places = numbers.take(self.rows, axis=0)
        share *= self.steps
        return share


@dataclass(frozen=True, slots=True)
class Shares:
    """What every figure and every token adds to the place of a block's feature, a column a block."""

    of_figure: Places
    of_token: Places


@dataclass(frozen=True, slots=True)
class Pass:
    """The weights of one pass: the sets of pair atoms of its blocks, and which of them each block has."""

    sets: tuple[Names, ...]
    own: Places
    weights: Floats


@dataclass(frozen=True, slots=True)
class Scorer:
    """The weights of the passes, all features in one array, and the blocks in which they lie."""

    figures: Side
    tokens: Side
    starts: Places  # of the blocks
    blocks: tuple[Block, ...]
    passes: tuple[Pass, ...]

    def shares(self, pair: Pairs) -> Shares:
        """Return what figures and tokens add to the places of features, the same in both passes."""
        return Shares(self.figures.share(pair.of_figure) + self.starts, self.tokens.share(pair.of_token))

    def chances(self, number: int, pair: Pairs, shares: Shares) -> Floats:
        """Return for each pair the probability that pass `number` (0 or 1) gives it."""
        own, weights = self.passes[number].own, self.passes[number].weights
        score = np.zeros(len(pair.token))
        of_figure, of_token = (
            np.ascontiguousarray(each[:, : len(own)]) for each in (shares.of_figure, shares.of_token)
        )
        for stretch in range(0, len(score) if len(own) else 0, _STRETCH):
            codes = _codes(self.passes[number].sets, pair, slice(stretch, stretch + _STRETCH))
            for start in range(0, codes.shape[1], _AT_ONCE):
                some = slice(stretch + start, min(stretch + _STRETCH, stretch + start + _AT_ONCE))
                places = codes[:, start : start + _AT_ONCE].take(own, axis=0)
                sides = of_figure.take(pair.figure[some], axis=0)
                sides += of_token.take(pair.token[some], axis=0)
                places += sides.T
                score[some] = weights.take(places).sum(axis=0)
        chance: Floats = 1.0 / (1.0 + np.exp(-np.clip(score, -40.0, 40.0)))
        return chance


def _codes(sets: Sequence[Names], pair: Pairs, some: slice) -> Places:
    """Return for each set of atoms of some pairs one number for their values, a row for each set."""
    codes = np.zeros((len(sets), len(pair.token[some])), dtype=np.int32)
    narrow = {name: values[some].astype(np.int32) for name, values in pair.of_pair.items()}
    for row, names in enumerate(sets):
        for atom in names:
            codes[row] *= PAIR_ATOMS[atom]
            codes[row] += narrow[atom]
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
    return Scorer(
        _side(parts, [(block.figure, block.figure_step) for block in blocks]),
        _side(parts, [(block.token, block.token_step) for block in blocks]),
        np.array([block.start for block in blocks], dtype=np.int32),
        tuple(blocks),
        tuple(_pass(tables, parts, blocks, size) for tables in passes),
    )


def _side(parts: Mapping[Names, Part], steps: Sequence[tuple[Names, int]]) -> Side:
    """Return the parts of the blocks; `steps` are the atoms and the step of each block's."""
    own = [parts[names] for names in dict.fromkeys(names for names, _ in steps)]
    atoms = tuple(dict.fromkeys(atom for part in own for atom in part.atoms))
    radixes = np.zeros((len(own), len(atoms)))
    for row, part in enumerate(own):
        if part.table is not None:
            for place, atom in enumerate(part.atoms):
                radixes[row, atoms.index(atom)] = prod(part.sizes[place + 1 :])
    none = np.zeros(1, dtype=np.int16)
    tables = [none if part.table is None else part.table for part in own]
    ends = np.cumsum([len(table) for table in tables])
    names = [part.atoms for part in own]
    return Side(
        atoms,
        radixes,
        np.concatenate(tables) if tables else none,
        np.array([[end - len(table)] for end, table in zip(ends, tables, strict=True)], dtype=np.int64),
        tuple((row, part) for row, part in enumerate(own) if part.table is None),
        np.array([names.index(each) for each, _ in steps], dtype=np.int64),
        np.array([[step] for _, step in steps], dtype=np.int32),
    )


def _pass(tables: Sequence[Table], parts: Mapping[Names, Part], blocks: Sequence[Block], size: int) -> Pass:
    templates = [block.template for block in blocks]
    columns = [templates.index(table.template) for table in tables]
    used = blocks[: max(columns, default=-1) + 1]
    sets = tuple(dict.fromkeys(block.pair for block in used))
    weights = np.zeros(size)
    for table, column in zip(tables, columns, strict=True):
        _fill(weights, parts, blocks[column], table)
    return Pass(sets, np.array([sets.index(block.pair) for block in used], dtype=np.int32), weights)


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
    if prod(own) <= _DIRECT and len(codes) < 1 << 15:
        table = np.zeros(prod(own), dtype=np.int16)
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
