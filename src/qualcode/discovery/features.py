"""What passages are compared on: what they mean (vectors) and the words they use, side by side. Knows texts and vectors only."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from qualcode.discovery.embedding import Vectors, has, normed
from qualcode.errors import Missing

# how much the words count beside the meaning, found on data with known topics (benchmarks/discovery.py)
WORDS_WEIGHT = 0.7
# how much the passage before and the one after count in talk
CONTEXT_WEIGHT = 0.6
_TURNS = 4
_DIMENSIONS = 100
_FEWEST = 3
# in so many texts a word that half of them use still tells them apart
_MANY = 100
_MOST_FEATURES = 30_000


def needs_sklearn() -> None:
    """Refuse in plain words where scikit-learn is not installed."""
    if not has("sklearn"):
        raise Missing("discovery.no_sklearn")


@contextmanager
def one_thread() -> Iterator[None]:
    """Calculate on one processor: several wait for each other on a busy machine, and the bits of a result depend on how many there are."""
    needs_sklearn()
    from threadpoolctl import threadpool_limits

    with threadpool_limits(limits=1):
        yield


@dataclass(frozen=True)
class Space:
    """Where passages lie: learned once from some passages, then any passage finds its place in it.

    Parameters
    ----------
    middle
        Mean vector of the passages it was learned from.
    words, parts, axes
        TF-IDF of words and of parts of words, and the axes along which the passages use them alike; ``None`` where there were
        too few passages to learn any.
    """

    middle: Vectors
    words: Any = None
    parts: Any = None
    axes: Any = None

    def place(self, texts: Sequence[str], vectors: Vectors) -> Vectors:
        """Return where texts lie: ``(n, dimensions)``, of length one."""
        meaning = normed(vectors - self.middle)
        if self.axes is None:
            return meaning
        from scipy.sparse import hstack

        used = self.axes.transform(hstack([self.words.transform(texts), self.parts.transform(texts)]).tocsr())
        return normed(np.hstack([meaning, WORDS_WEIGHT * normed(used)]))


def space_of(texts: Sequence[str], vectors: Vectors, *, seed: int = 7) -> Space:
    """Learn the space in which these passages lie.

    Parameters
    ----------
    texts
        The passages, none of them empty.
    vectors
        Their vectors, ``(n, dimensions)``.
    seed
        Of the approximate decomposition.

    Notes
    -----
    Meaning: the vectors around their middle. Words: TF-IDF of words and of character 3- to 5-grams (Dutch hides words in compounds),
    brought back to 100 dimensions by a truncated singular value decomposition (latent semantic analysis: Deerwester et al., 1990).
    """
    from scipy.sparse import hstack
    from sklearn.decomposition import TruncatedSVD
    from sklearn.feature_extraction.text import TfidfVectorizer

    middle = cast("Vectors", vectors.mean(axis=0))
    many = len(texts) > _MANY
    how: dict[str, Any] = {"sublinear_tf": True, "min_df": 2, "dtype": np.float32, "max_features": _MOST_FEATURES}
    words = TfidfVectorizer(max_df=0.1 if many else 0.5, **how)
    parts = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), max_df=0.2 if many else 0.5, **how)
    try:
        used = hstack([words.fit_transform(texts), parts.fit_transform(texts)]).tocsr()
    except ValueError:
        # no two passages share a word or a part of one
        return Space(middle)
    size = min(_DIMENSIONS, len(texts) - 1, used.shape[1] - 1)
    if size < _FEWEST:
        return Space(middle)
    return Space(middle, words, parts, TruncatedSVD(size, random_state=seed).fit(used))


def among(places: Vectors, documents: Sequence[str], turns: Sequence[int], heard: NDArray[np.int64]) -> Vectors:
    """Return where passages of talk lie when what is said just before and after counts too.

    Parameters
    ----------
    places
        Where each passage lies on its own, in order of speaking.
    documents, turns
        Document and turn of each.
    heard
        Rows that count as context: back-channel does not.

    Notes
    -----
    A passage is 1, its neighbours 0.6 and the ones beyond 0.3, within its document and at most four turns away. On the sample this brings
    what passages are about (subthemes) from an NMI of 0.23 to 0.37 with 15 topics.
    """
    where, when = np.unique(np.asarray(documents), return_inverse=True)[1], np.asarray(turns)
    made = places.astype(np.float64)
    for far in (1, 2):
        for step in (-far, far):
            # the how-manieth heard passage before or after this one
            at = np.searchsorted(heard, np.arange(len(places)), side="left" if step < 0 else "right") + (step if step < 0 else step - 1)
            beside = heard[np.clip(at, 0, len(heard) - 1)]
            near = (at >= 0) & (at < len(heard)) & (where[beside] == where) & (np.abs(when[beside] - when) <= _TURNS)
            made += (CONTEXT_WEIGHT / far) * np.where(near[:, None], places[beside], 0)
    return normed(made)
