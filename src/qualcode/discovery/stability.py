"""How far topics hold: found again when other passages happen to be at hand?"""

from __future__ import annotations

import numpy as np
import pandas as pd

from qualcode.discovery.features import one_thread
from qualcode.discovery.grouping import Groups, divided_plainly, group
from qualcode.discovery.topics import Topics

DRAWS = 5
_SHARE = 0.8
STABLE, DOUBTFUL = 0.75, 0.5


def stability(found: Topics, *, draws: int = DRAWS) -> pd.Series:
    """Return for each topic how well it is found again without a fifth of the passages, 0 to 1.

    Parameters
    ----------
    found
        Topics.
    draws
        How often, each time with a seed of its own, counted from the seed of the topics.

    Returns
    -------
    pandas.Series
        By topic, the mean over the draws of the best Jaccard likeness: passages in both, divided by passages in either. From 0.75 a topic is
        stable, under 0.5 it may be chance.

    References
    ----------
    Hennig (2007), Cluster-wise assessment of cluster stability.
    """
    amount = len(found.topics)
    rows = np.flatnonzero(found.assignments >= 0)
    likeness = np.zeros((draws, amount))
    for draw in range(draws):
        seed = found.seed + 1 + draw
        drawn = np.sort(np.random.default_rng(seed).choice(rows, max(2, int(_SHARE * len(rows))), replace=False)) if amount else rows
        if amount < 2:  # noqa: PLR2004
            break
        with one_thread():
            places = found.places[drawn]
            again = (
                divided_plainly(places, amount, seed=seed) if found.engine == "kmeans" else group(places, amount=amount, seed=seed).groups
            )
        likeness[draw] = _best_jaccard(found.assignments[drawn], again, amount)
    return pd.Series(likeness.mean(axis=0), index=pd.RangeIndex(amount, name="id"), name="stability")


def _best_jaccard(first: Groups, second: Groups, amount: int) -> np.ndarray:
    both = np.zeros((amount, int(second.max(initial=0)) + 1))
    np.add.at(both, (first, second), 1)
    either = both.sum(axis=1, keepdims=True) + both.sum(axis=0, keepdims=True) - both
    return np.asarray((both / np.maximum(either, 1)).max(axis=1))


def tree(found: Topics) -> pd.DataFrame:
    """Return which topics lie near each other, as the joints of a tree.

    Returns
    -------
    pandas.DataFrame
        One row a joint, the nearest first: ``left`` and ``right`` (topics; numbers from the amount of topics on are earlier joints, in order),
        ``distance`` (1 - cosine of the middles, averaged over pairs), ``topics`` (how many are below).
    """
    from scipy.cluster.hierarchy import linkage

    from qualcode.discovery.grouping import middles

    if len(found.topics) < 2:  # noqa: PLR2004
        return pd.DataFrame({"left": [], "right": [], "distance": [], "topics": []})
    made = linkage(middles(found.places, found.assignments), method="average", metric="cosine")
    return pd.DataFrame(made, columns=["left", "right", "distance", "topics"]).astype({"left": int, "right": int, "topics": int})


def merged(found: Topics, first: int, second: int) -> Groups:
    """Return the assignments in which the second topic has gone into the first."""
    return np.where(found.assignments == second, first, found.assignments).astype(np.int64)


def split(found: Topics, topic: int, parts: int = 2) -> Groups:
    """Return the assignments in which a topic has fallen into parts; the new ones get the next free numbers."""
    rows = np.flatnonzero(found.assignments == topic)
    with one_thread():
        inside = divided_plainly(found.places[rows], min(parts, len(rows)), seed=found.seed)
    after = found.assignments.copy()
    after[rows[inside > 0]] = len(found.topics) - 1 + inside[inside > 0]
    return after
