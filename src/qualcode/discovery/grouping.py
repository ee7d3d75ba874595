"""Which passages belong together: a graph of neighbours, its main directions, and as many groups as the graph itself shows.

Knows places and numbers only.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from qualcode.discovery.embedding import Vectors, normed

Groups = NDArray[np.int64]

NEIGHBOURS = 15
MOST_GROUPS = 30
_PER_GROUP = 8
_DENSE = 600
_ROUNDS = 10
_NEARLY = 0.97


def graph_of(places: Vectors, neighbours: int = NEIGHBOURS) -> Any:
    """Return who are whose nearest neighbours, symmetric and weighted by cosine, as a sparse matrix."""
    from scipy.sparse import csr_matrix
    from sklearn.neighbors import NearestNeighbors

    amount = min(neighbours, len(places) - 1)
    near = NearestNeighbors(n_neighbors=amount + 1, metric="cosine", algorithm="brute").fit(places)
    distance, index = near.kneighbors(places)
    row = np.repeat(np.arange(len(places)), amount + 1)
    weight = np.maximum(1 - distance.ravel(), 1e-6)
    own = row == index.ravel()
    table = csr_matrix((weight[~own], (row[~own], index.ravel()[~own])), shape=(len(places), len(places)))
    return (table + table.T) / 2


def directions(graph: Any, amount: int, *, seed: int) -> NDArray[np.float64]:
    """Return the main directions of a graph, ``(n, amount)``: the leading eigenvectors of its normalised adjacency.

    References
    ----------
    Ng, Jordan & Weiss (2001), On spectral clustering.
    """
    from scipy.sparse import diags
    from scipy.sparse.linalg import ArpackNoConvergence, eigsh

    scale = 1 / np.sqrt(np.maximum(np.asarray(graph.sum(axis=1)).ravel(), 1e-9))
    even = diags(scale) @ graph @ diags(scale)
    amount = min(amount, graph.shape[0] - 1)
    if graph.shape[0] > _DENSE:
        try:
            start = np.random.default_rng(seed).uniform(-1, 1, graph.shape[0])
            values, vectors = eigsh(even, k=amount, which="LA", v0=start)
            return cast("NDArray[np.float64]", vectors[:, np.argsort(-values)] * scale[:, None])
        except ArpackNoConvergence:
            pass
    values, vectors = np.linalg.eigh(even.toarray())
    return cast("NDArray[np.float64]", vectors[:, ::-1][:, :amount] * scale[:, None])


def modularity(graph: Any, groups: Groups) -> float:
    """Return how much more neighbours fall within groups than chance would bring: Newman's modularity.

    References
    ----------
    Newman & Girvan (2004), Finding and evaluating community structure in networks.
    """
    whole = graph.sum()
    degree = np.asarray(graph.sum(axis=1)).ravel()
    edges = graph.tocoo()
    inside = edges.data[groups[edges.row] == groups[edges.col]].sum() / whole
    share = np.bincount(groups, weights=degree) / whole
    return float(inside - (share**2).sum())


def most_groups(passages: int) -> int:
    """Return how many groups so many passages can carry at most."""
    return max(2, min(MOST_GROUPS, passages // _PER_GROUP))


@dataclass(frozen=True)
class Grouped:
    """Groups of passages, and how the number of them came about: modularity by number tried."""

    groups: Groups
    tried: dict[int, float]


def group(
    places: Vectors, *, amount: int | None = None, seed: int = 7, weight: NDArray[np.float64] | None = None, finer: bool = False
) -> Grouped:
    """Divide passages over groups of neighbours.

    Parameters
    ----------
    places
        Where the passages lie, ``(n, dimensions)``, of length one.
    amount
        How many groups; when left out, the number (2 to 30, at least eight passages each on average) with the highest modularity.
    seed
        Of the eigenvectors' start and of k-means.
    weight
        How much each passage counts.
    finer
        Take the highest number whose modularity is within 3 % of the best: a person merges two topics at a glance, and sees
        a topic that hides in another one late.

    Returns
    -------
    Grouped
        ``groups``: a number a passage, the biggest group first; ``tried``: the modularity of each number of groups tried.

    Notes
    -----
    Spectral clustering (Ng, Jordan & Weiss, 2001) on the graph of 15 nearest neighbours; then every passage goes to the group whose
    middle is nearest, until nothing changes.
    """
    graph = graph_of(places)
    upmost = min(amount or most_groups(len(places)), len(places) - 1)
    axes = directions(graph, upmost, seed=seed)
    tried: dict[int, float] = {}
    if amount is None:
        for number in range(2, upmost + 1):
            tried[number] = modularity(graph, _divided(axes, number, seed=seed, weight=weight, tries=2))
        best = max(tried.values())
        amount = max(number for number, value in tried.items() if value >= (_NEARLY if finer else 1) * best)
    found = _divided(axes, min(amount, upmost), seed=seed, weight=weight, tries=5)
    return Grouped(by_size(nearest_middle(places, found, weight=weight)), tried)


def _divided(axes: NDArray[np.float64], amount: int, *, seed: int, weight: NDArray[np.float64] | None, tries: int) -> Groups:
    from sklearn.cluster import KMeans

    made = KMeans(amount, n_init=tries, random_state=seed).fit(normed(axes[:, :amount]).astype(np.float64), sample_weight=weight)
    return np.asarray(made.labels_, dtype=np.int64)


def divided_plainly(places: Vectors, amount: int, *, seed: int, weight: NDArray[np.float64] | None = None) -> Groups:
    """Divide passages by k-means on their places alone, without a graph."""
    from sklearn.cluster import KMeans

    made = KMeans(min(amount, len(places)), n_init=5, random_state=seed).fit(places, sample_weight=weight)
    return by_size(np.asarray(made.labels_, dtype=np.int64))


def middles(places: Vectors, groups: Groups, *, weight: NDArray[np.float64] | None = None) -> Vectors:
    """Return the middle of each group, of length one, in the order of their numbers; what is outside (-1) does not count."""
    inside = groups >= 0
    once = np.ones(len(groups)) if weight is None else weight
    total = np.zeros((int(groups.max(initial=-1)) + 1, places.shape[1]))
    np.add.at(total, groups[inside], places[inside] * once[inside, None])
    return normed(total)


def nearest_middle(places: Vectors, groups: Groups, *, weight: NDArray[np.float64] | None = None) -> Groups:
    """Bring every passage to the group whose middle is nearest, until nothing changes."""
    for _ in range(_ROUNDS):
        moved = np.argmax(places @ middles(places, groups, weight=weight).T, axis=1).astype(np.int64)
        if (moved == groups).all():
            break
        groups = np.unique(moved, return_inverse=True)[1].astype(np.int64)
    return groups


def by_size(groups: Groups) -> Groups:
    """Number the groups by size, the biggest 0; equal sizes in order of their first passage; -1 stays."""
    inside = groups >= 0
    numbers, first, amount = np.unique(groups[inside], return_index=True, return_counts=True)
    order = np.lexsort((first, -amount))
    place = np.full(int(groups.max(initial=-1)) + 2, -1, dtype=np.int64)
    place[numbers[order]] = np.arange(len(numbers))
    return cast("Groups", np.where(inside, place[groups], -1))


def without(places: Vectors, groups: Groups, gone: set[int], *, weight: NDArray[np.float64] | None = None) -> Groups:
    """Dissolve groups: their passages go to the nearest of the groups that stay; when none stays, outside."""
    stays = [number for number in range(int(groups.max(initial=-1)) + 1) if number not in gone]
    loose = np.isin(groups, list(gone))
    if not stays:
        return cast("Groups", np.where(loose, -1, groups))
    centre = middles(places, groups, weight=weight)[stays]
    nearest = np.asarray(stays)[np.argmax(places @ centre.T, axis=1)]
    return by_size(np.where(loose, nearest, groups))
