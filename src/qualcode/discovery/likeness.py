"""How alike texts are in what they mean, their words and parts of words, as numbers that a straight line can divide. Knows no codes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from qualcode.discovery.embedding import Vectors, normed
from qualcode.discovery.features import one_thread

Table = NDArray[np.float64]

# examples that new texts are compared with; more are drawn from by chance
LANDMARKS = 1500
# directions of the kernel that are kept: the rest is noise, and takes time
_DIRECTIONS = 600


@dataclass(frozen=True)
class Compared:
    """Likenesses between texts: one from meaning, one from words, one from parts of words, added up.

    Parameters
    ----------
    middle
        Mean vector of all texts at hand.
    words, parts
        TF-IDF of words, and of character 3- to 5-grams.
    seen, counted
        The texts it was learned from, with their row in the tables of their words and of their parts: cutting texts up takes most of the time.
    """

    middle: Vectors
    words: Any
    parts: Any
    seen: dict[str, int] = field(default_factory=dict, repr=False)
    counted: tuple[Any, Any] | None = field(default=None, repr=False)

    @classmethod
    def of(cls, texts: Sequence[str], vectors: Vectors) -> Compared:
        """Learn from all texts at hand, coded or not, which words are common."""
        from sklearn.feature_extraction.text import TfidfVectorizer

        words = TfidfVectorizer(sublinear_tf=True, token_pattern=r"(?u)\b\w+\b", dtype=np.float32)  # noqa: S106 - no password
        parts = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), sublinear_tf=True, dtype=np.float32)
        counted = (words.fit_transform([*texts, "woord"]), parts.fit_transform([*texts, "woord"]))
        return cls(cast("Vectors", vectors.mean(axis=0)), words, parts, {text: row for row, text in enumerate(texts)}, counted)

    def place(self, texts: Sequence[str], vectors: Vectors) -> tuple[Vectors, Any, Any]:
        """Return what texts are compared on."""
        meaning = normed(vectors - self.middle)
        if self.counted is not None and all(text in self.seen for text in texts):
            rows = [self.seen[text] for text in texts]
            return meaning, self.counted[0][rows], self.counted[1][rows]
        return meaning, self.words.transform(texts), self.parts.transform(texts)


def _alike(a: tuple[Vectors, Any, Any], b: tuple[Vectors, Any, Any]) -> Table:
    return np.asarray(a[0] @ b[0].T + (a[1] @ b[1].T).toarray() + (a[2] @ b[2].T).toarray(), dtype=np.float64)


@dataclass(frozen=True)
class Mapped:
    """Examples as numbers a straight line can divide: made from likenesses alone, so without a look at any code.

    Parameters
    ----------
    compared
        How texts are compared.
    landmarks
        What new texts are compared with.
    root
        From likenesses with the landmarks to numbers, ``(landmarks, numbers)``.
    rows
        The examples themselves, ``(examples, numbers)``.
    """

    compared: Compared
    landmarks: tuple[Vectors, Any, Any]
    root: Table
    rows: Table

    def place(self, texts: Sequence[str], vectors: Vectors) -> Table:
        """Return other texts as such numbers."""
        with one_thread():
            return _alike(self.compared.place(texts, vectors), self.landmarks) @ self.root


def mapped(texts: Sequence[str], vectors: Vectors, compared: Compared, *, seed: int = 7) -> Mapped:
    """Return examples as numbers that a straight line can divide.

    Parameters
    ----------
    texts, vectors
        The examples and their vectors.
    compared
        How texts are compared.
    seed
        For the draw of landmarks when there are more than 1,500 examples.

    Notes
    -----
    The kernel is the sum of the cosines of meaning, words and parts of words. With up to 1,500 examples it is exact but for its
    weakest directions (600 stay); with more it is Nyström's approximation (Williams & Seeger, 2001).
    """
    place = compared.place(texts, vectors)
    rows = np.arange(len(texts))
    if len(rows) > LANDMARKS:
        rows = np.sort(np.random.default_rng(seed).choice(rows, LANDMARKS, replace=False))
    landmarks = (place[0][rows], place[1][rows], place[2][rows])
    with one_thread():
        alike = _alike(place, landmarks)
        root = _inverse_root(alike[rows])
        return Mapped(compared, landmarks, root, alike @ root)


def _inverse_root(kernel: Table) -> Table:
    values, vectors = np.linalg.eigh(kernel)
    kept = values > 1e-6 * max(values[-1], 1e-12)
    kept[: max(0, len(values) - _DIRECTIONS)] = False
    return cast("Table", vectors[:, kept] / np.sqrt(values[kept]))
