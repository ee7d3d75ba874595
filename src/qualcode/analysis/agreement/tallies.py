"""In how many units a group of coders used each code, or each set of codes, and the same when the turns are drawn again."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from qualcode.analysis.agreement.compared import Compared, Marks
from qualcode.analysis.agreement.intervals import RESAMPLES
from qualcode.analysis.agreement.ratings import Floats, Ints, Ratings, of_states

# draws reckoned together: few enough to stay in the processor's own memory
_AT_ONCE = 50


@dataclass(frozen=True)
class Group:
    """Some coders, the documents all of them coded, and their marks there.

    Parameters
    ----------
    coders
        Places of the coders.
    documents
        Places of the documents among those compared.
    marks
        The units and all marks on them.
    document
        Of each turn the place of its document in ``documents``; -1 for the others.
    nodes
        How many codes there are.
    seed
        Where the drawing of turns begins.
    """

    coders: tuple[int, ...]
    documents: Ints
    marks: Marks
    document: Ints
    nodes: int
    seed: int

    @cached_property
    def of_unit(self) -> Ints:
        """The place in ``documents`` of the document of each unit; -1 for the others."""
        return self.document[self.marks.units.turn]

    @cached_property
    def in_turn(self) -> Ints:
        """How many units (for characters: code points) each turn has."""
        units = self.marks.units
        return np.bincount(units.turn, weights=units.weight, minlength=len(self.document)).astype(np.int64)

    @cached_property
    def totals(self) -> Ints:
        """How many units each document has."""
        return self._by_document(self.document, self.in_turn)

    @cached_property
    def coded(self) -> Ints:
        """How many units of each document at least one of the coders gave any code."""
        units = np.unique(self.unit)
        return self._by_document(self.of_unit[units], self.marks.units.weight[units])

    @cached_property
    def active(self) -> Ints:
        """The same, in turns where the units are characters: five characters are no five observations."""
        if self.marks.units.kind != "character":
            return self.coded
        turns = np.unique(self.marks.units.turn[self.unit])
        return self._by_document(self.document[turns], np.ones(len(turns), dtype=np.int64))

    def _by_document(self, where: Ints, weight: Ints) -> Ints:
        here = where >= 0
        return np.bincount(where[here], weights=weight[here], minlength=len(self.documents)).astype(np.int64)

    @cached_property
    def _kept(self) -> tuple[Ints, Ints]:
        """Which marks are of these coders in these documents, and their state: bit ``i`` for the ``i``-th coder."""
        state = np.zeros(len(self.marks.mask), dtype=np.int64)
        for place, coder in enumerate(self.coders):
            state |= ((self.marks.mask >> coder) & 1) << place
        kept = np.flatnonzero((state > 0) & (self.of_unit[self.marks.unit] >= 0))
        return kept, state[kept]

    @cached_property
    def unit(self) -> Ints:
        """The unit of each mark."""
        return self.marks.unit[self._kept[0]]

    @cached_property
    def node(self) -> Ints:
        """The code of each mark."""
        return self.marks.node[self._kept[0]]

    @property
    def state(self) -> Ints:
        """Which of these coders made each mark."""
        return self._kept[1]

    @cached_property
    def draws(self) -> list[tuple[Ints, Floats]]:
        """The turns of each document, and how often each comes up when they are drawn again (turns x draws)."""
        return [self._draw(place) for place in range(len(self.documents))]

    def _draw(self, place: int) -> tuple[Ints, Floats]:
        turns = np.flatnonzero(self.document == place)
        source = np.random.default_rng([self.seed, int(self.documents[place])])
        often = np.empty((len(turns), RESAMPLES))
        for first in range(0, RESAMPLES, _AT_ONCE):
            step = min(_AT_ONCE, RESAMPLES - first)
            which = source.integers(0, max(len(turns), 1), size=(len(turns), step), dtype=np.int32)
            which *= step
            which += np.arange(step, dtype=np.int32)
            often[:, first : first + step] = np.bincount(which.ravel(), minlength=which.size).reshape(which.shape)
        return turns, often


def group_of(what: Compared, found: Marks, coders: tuple[int, ...], *, seed: int) -> Group:
    """Return a group of coders with the documents all of them coded."""
    documents = np.flatnonzero(what.shared(coders))
    place = np.full(len(what.names), -1, dtype=np.int64)
    place[documents] = np.arange(len(documents))
    return Group(coders, documents, found, place[what.said.document], len(what.nodes), seed)


def added(row: Ints, column: Ints, weight: NDArray[np.generic], shape: tuple[int, int]) -> Floats:
    """Return weights added up by row and column."""
    return np.bincount(row * shape[1] + column, weights=weight, minlength=shape[0] * shape[1]).reshape(shape).astype(np.float64)


@dataclass(frozen=True)
class Cells:
    """Codes in documents.

    Parameters
    ----------
    rows
        The states: which of the coders used the code in a unit; the first is nobody.
    node, document
        Places of code and document; document -1 for all together.
    used
        In how many units anybody used the code (for characters: in how many turns).
    weights
        How many units are in each state (cells x states x tables); the first table is what was seen, the others are drawn.
    """

    rows: Ratings
    node: Ints
    document: Ints
    used: Ints
    weights: Floats


def cells(group: Group) -> Cells:
    """Return every code in every document where the group used it, then every code in all documents together."""
    units, size = group.marks.units, len(group.documents)
    place, turn = group.of_unit[group.unit], units.turn[group.unit]
    states, state = np.unique(np.r_[0, group.state], return_inverse=True)
    state = state[1:]
    keys, cell = np.unique(group.node * size + place, return_inverse=True)
    node, document = keys // size, keys % size
    weight = units.weight[group.unit]
    weights = np.zeros((len(keys), len(states), RESAMPLES + 1))
    weights[:, :, 0] = added(cell, state, weight, (len(keys), len(states)))
    totals = np.repeat(group.totals[:, None].astype(np.float64), RESAMPLES + 1, axis=1)
    for one, (turns, often) in enumerate(group.draws):
        totals[one, 1:] = group.in_turn[turns] @ often
        here = np.flatnonzero(place == one)
        local, of = np.unique(cell[here], return_inverse=True)
        sort, at = of * len(states) + state[here], np.searchsorted(turns, turn[here])
        each = added(sort, at, weight[here], (len(local) * len(states), len(turns)))
        weights[local, :, 1:] = (each @ often).reshape(len(local), len(states), RESAMPLES)
    seen = np.unique(np.stack([cell, turn if units.kind == "character" else group.unit]), axis=1)
    used = np.bincount(seen[0], minlength=len(keys))
    first = np.flatnonzero(np.r_[True, node[1:] != node[:-1]]) if len(node) else np.empty(0, dtype=np.int64)
    every = np.add.reduceat(weights, first, axis=0) if len(first) else weights
    # whoever used it is counted: all other units are those in which nobody did
    weights[:, 0] = totals[document] - weights[:, 1:].sum(axis=1)
    every[:, 0] = totals.sum(axis=0) - every[:, 1:].sum(axis=1)
    return Cells(
        of_states(states, len(group.coders)),
        np.r_[node, node[first]],
        np.r_[document, np.full(len(first), -1)],
        np.r_[used, np.add.reduceat(used, first) if len(first) else used],
        np.concatenate([weights, every]),
    )


@dataclass(frozen=True)
class Sets:
    """Sets of codes that a group gave units.

    Parameters
    ----------
    members
        Sets x codes: whether the code is in the set.
    codes
        Patterns x coders: which set each coder gave; the first pattern is that of units nobody coded.
    counts
        Documents x patterns: how many units of each.
    unit, pattern
        The units somebody coded, and the pattern of each.
    """

    members: NDArray[np.bool_]
    codes: Ints
    counts: Floats
    unit: Ints
    pattern: Ints


def sets(group: Group) -> Sets:
    """Return the sets of codes of a group."""
    coded, row = np.unique(group.unit, return_inverse=True)
    # the first row is that of a unit without any code
    held = np.zeros((len(group.coders), len(coded) + 1, max(group.nodes, 1)), dtype=bool)
    for place in range(len(group.coders)):
        own = ((group.state >> place) & 1).astype(bool)
        held[place, row[own] + 1, group.node[own]] = True
    flat = held.reshape(-1, held.shape[2])
    first, kind = _distinct(np.packbits(flat, axis=1))
    rows = kind.reshape(len(group.coders), -1).T
    start, pattern = _distinct(np.ascontiguousarray(rows).view(np.uint8))
    order = np.argsort(start, kind="stable")
    rank = np.argsort(order)
    pattern = rank[pattern][1:]
    counts = added(group.of_unit[coded], pattern, group.marks.units.weight[coded], (len(group.documents), len(start)))
    counts[:, 0] = group.totals - counts.sum(axis=1)
    return Sets(flat[first], rows[start[order]], counts, coded, pattern)


def _distinct(rows: NDArray[np.uint8]) -> tuple[Ints, Ints]:
    """Return where each distinct row of bytes stands first, and which of them each row is."""
    whole = np.ascontiguousarray(rows).view(np.dtype((np.void, rows.shape[1]))).ravel()
    _, first, kind = np.unique(whole, return_index=True, return_inverse=True)
    return first, kind.reshape(-1)
