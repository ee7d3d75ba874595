"""What coders said of units, as numbers: the distinct rows of a table of units by coders; knows no study and no file."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

MISSING = -1
_NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d+)?")


@dataclass(frozen=True)
class Ratings:
    """The rows of a table of units by coders.

    Parameters
    ----------
    codes
        Which category each coder gave (rows x coders, integers from 0), -1 where a coder gave none.
    size
        How many categories there are, those that occur in no row included.
    weights
        For how many units each row stands.
    numbers
        The categories as numbers, for scales; ``None`` when they are words or sets.
    distance
        How far the categories are apart (0 to 1), for sets; ``None`` otherwise.
    """

    codes: Ints
    size: int
    weights: Floats
    numbers: Floats | None = None
    distance: Floats | None = None

    @property
    def coders(self) -> int:
        """How many coders there are."""
        return int(self.codes.shape[1])

    @cached_property
    def given(self) -> Ints:
        """How many coders gave a category, by row."""
        return np.asarray((self.codes != MISSING).sum(axis=1), dtype=np.int64)

    @cached_property
    def paired(self) -> NDArray[np.bool_]:
        """Whether at least two coders gave a category, by row."""
        return np.asarray(self.given >= 2, dtype=bool)  # noqa: PLR2004

    @cached_property
    def counts(self) -> Floats:
        """How many coders gave each category (rows x categories)."""
        counts = np.zeros((len(self.codes), self.size))
        for column in self.codes.T:
            rows = np.flatnonzero(column != MISSING)
            counts[rows, column[rows]] += 1
        return counts

    @cached_property
    def alike(self) -> Floats:
        """The share of the pairs of coders that gave the same category, by row; 0 where there is no pair."""
        same = np.zeros(len(self.codes))
        for first in range(self.coders):
            for second in range(first + 1, self.coders):
                a, b = self.codes[:, first], self.codes[:, second]
                same += (a == b) & (a != MISSING)
        return same / np.maximum(self.given * (self.given - 1) / 2, 1)

    @property
    def units(self) -> int:
        """How many units at least two coders judged."""
        return int(self.weights[self.paired].sum())

    @cached_property
    def in_pairs(self) -> Ints:
        """The categories that occur in units which at least two coders judged."""
        used = self.codes[self.paired & (self.weights > 0)]
        return np.unique(used[used != MISSING])


def of_table(table: ArrayLike) -> Ratings:
    """Return the distinct rows of a table.

    Parameters
    ----------
    table
        Units x coders. Missing is ``None``, ``nan`` or an empty text. Where all values are numbers, also when written as text
        (``3``, ``2,5``), equal numbers are one category; otherwise equal texts are.

    Examples
    --------
    >>> of_table([["ja", "ja"], ["nee", ""], ["ja", "ja"]]).weights.tolist()
    [2.0, 1.0]
    """
    cells = np.asarray(table, dtype=object)
    if cells.ndim != 2:  # noqa: PLR2004
        raise ValueError("a table has rows (units) and columns (coders)")
    flat = pd.Series([cell.strip() if isinstance(cell, str) else cell for cell in cells.ravel()], dtype=object)
    known = ~(flat.isna() | (flat == "")).to_numpy(dtype=bool)
    numbers = _numbers(flat[known])
    codes = np.full(cells.size, MISSING, dtype=np.int64)
    values = flat[known].astype(str) if numbers is None else pd.Series(numbers)
    codes[known], kinds = pd.factorize(values, sort=True)
    return _distinct(codes.reshape(cells.shape), len(kinds), None if numbers is None else np.asarray(kinds, dtype=np.float64))


def _numbers(values: pd.Series[Any]) -> Floats | None:
    """Return the values as numbers, or ``None`` when one of them is no number."""
    plain = [str(value) if isinstance(value, str) else value for value in values]
    if not all(_NUMBER.fullmatch(v) if isinstance(v, str) else isinstance(v, (bool, int, float, np.number, np.bool_)) for v in plain):
        return None
    found = np.array([float(v.replace(",", ".")) if isinstance(v, str) else float(v) for v in plain], dtype=np.float64)
    return found if np.isfinite(found).all() else None


def of_sets(table: Sequence[Sequence[Iterable[str] | None]], *, masi: bool = False) -> Ratings:
    """Return the distinct rows of a table whose cells are sets of codes; ``None`` is missing, an empty set is a judgement."""
    width = len(table[0]) if len(table) else 0
    known: dict[frozenset[str], int] = {}
    codes = np.full((len(table), width), MISSING, dtype=np.int64)
    for row, cells in enumerate(table):
        for column, cell in enumerate(cells):
            if cell is not None:
                codes[row, column] = known.setdefault(frozenset(cell), len(known))
    words = sorted(set().union(*known))
    members = np.array([[word in held for word in words] for held in known], dtype=bool).reshape(len(known), len(words))
    return _distinct(codes, len(known), None, set_distance(members, masi=masi))


def set_distance(members: NDArray[np.bool_], *, masi: bool = False) -> Floats:
    """Return how far sets are apart: 1 minus Jaccard, or MASI of Passonneau (2006).

    Parameters
    ----------
    members
        Sets x codes: whether the code is in the set.
    masi
        Multiply Jaccard by 1 for equal sets, 2/3 where one holds the other, 1/3 where they overlap, 0 otherwise.

    Notes
    -----
    Two empty sets are equal: their distance is 0.
    """
    held = members.astype(np.float64)
    both, size = held @ held.T, held.sum(axis=1)
    jaccard, by_masi = apart_by(both, size[:, None], size[None, :], size[:, None] + size[None, :] - both)
    return np.asarray(by_masi if masi else jaccard, dtype=np.float64)


def apart_by(both: NDArray[Any], first: NDArray[Any], second: NDArray[Any], either: NDArray[Any]) -> NDArray[Any]:
    """Return 1 minus Jaccard, and MASI, from how many codes are in both sets, in each, and in either."""
    jaccard = np.divide(both, either, out=np.ones_like(both), where=either > 0)
    inside = (both == first) | (both == second)
    masi = jaccard * np.where(both == either, 1.0, np.where(inside, 2 / 3, 1 / 3)).astype(both.dtype)
    return 1.0 - np.stack([jaccard, masi])


def _distinct(codes: Ints, size: int, numbers: Floats | None, distance: Floats | None = None) -> Ratings:
    """Return each row once with how often it occurs; rows without any judgement are left out."""
    codes = codes[(codes != MISSING).any(axis=1)]
    if not len(codes):
        return Ratings(codes, size, np.zeros(0), numbers, distance)
    rows, often = np.unique(codes, axis=0, return_counts=True)
    return Ratings(rows, size, often.astype(np.float64), numbers, distance)


def of_states(states: Ints, coders: int) -> Ratings:
    """Return the rows for a code that each coder used or not: bit ``i`` of a state says whether coder ``i`` used it."""
    codes = (states[:, None] >> np.arange(coders)) & 1
    return Ratings(codes.astype(np.int64), 2, np.zeros(len(states)), np.array([0.0, 1.0]))
