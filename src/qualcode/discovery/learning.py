"""Learn codes from examples: what they mean and the words they use, side by side; with probabilities that hold.

Knows texts, vectors and code names only.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from qualcode.discovery.embedding import Vectors, normed
from qualcode.discovery.features import one_thread

Table = NDArray[np.float64]

# examples that new texts are compared with; more are drawn from by chance
LANDMARKS = 1500
# how much the likeness to a code's own name counts beside what was learned, where names are words
NAME_WEIGHT = 0.3
# the probability that the right code is among the first three, below which there is no advice
EVEN = 0.5
FIRST = 3
_STRENGTH = 3.0
# directions of the kernel that are kept: the rest is noise, and takes time
_DIRECTIONS = 600
_FOLDS = 5
_NAME = re.compile(r"[^\W\d_]{4,}")
_TEMPERATURES = np.geomspace(0.1, 10.0, 41)


@dataclass(frozen=True)
class Compared:
    """Likenesses between texts: one from meaning, one from words, one from parts of words, added up.

    Parameters
    ----------
    middle
        Mean vector of all texts at hand.
    words, parts
        TF-IDF of words, and of character 3- to 5-grams.
    """

    middle: Vectors
    words: Any
    parts: Any

    @classmethod
    def of(cls, texts: Sequence[str], vectors: Vectors) -> Compared:
        """Learn from all texts at hand, coded or not, which words are common."""
        from sklearn.feature_extraction.text import TfidfVectorizer

        words = TfidfVectorizer(sublinear_tf=True, token_pattern=r"(?u)\b\w+\b", dtype=np.float32).fit([*texts, "woord"])  # noqa: S106 - no password
        parts = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), sublinear_tf=True, dtype=np.float32).fit([*texts, "woord"])
        return cls(cast("Vectors", vectors.mean(axis=0)), words, parts)

    def place(self, texts: Sequence[str], vectors: Vectors) -> tuple[Vectors, Any, Any]:
        """Return what texts are compared on."""
        return normed(vectors - self.middle), self.words.transform(texts), self.parts.transform(texts)


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


@dataclass(frozen=True)
class Learned:
    """What was learned of the codes.

    Parameters
    ----------
    codes
        The codes, in order; columns of :meth:`chances` stand in this order.
    mapping, model
        How texts become numbers, and what divides those.
    names
        Vectors of the codes' own names, where those are words.
    temperature
        How far probabilities are flattened so that they hold for texts that were not learned from; ``None`` when that was not measured.
    """

    codes: list[str]
    mapping: Mapped
    model: Any
    names: Vectors | None = None
    temperature: float | None = None

    def scores(self, texts: Sequence[str], vectors: Vectors) -> Table:
        """Return a score for each text and code, ``(texts, codes)``: the higher the likelier."""
        return self.scores_of(self.mapping.place(texts, vectors), vectors)

    def scores_of(self, rows: Table, vectors: Vectors) -> Table:
        """Return the scores of texts that were mapped before."""
        made = _scored(self.model, rows, len(self.codes))
        if self.names is None:
            return made
        return _even(made) + NAME_WEIGHT * _even(normed(vectors - self.mapping.compared.middle) @ self.names.T)

    def chances(self, texts: Sequence[str], vectors: Vectors) -> Table:
        """Return the probability of each code for each text, ``(texts, codes)``, each row together 1."""
        return chances(self.scores(texts, vectors), self.temperature)


def learn(
    mapping: Mapped,
    codes: Sequence[Sequence[str]],
    *,
    rows: NDArray[np.int64] | None = None,
    weight: NDArray[np.float64] | None = None,
    names: tuple[list[str], Vectors] | None = None,
) -> Learned:
    """Learn codes from coded examples.

    Parameters
    ----------
    mapping
        The examples, from :func:`mapped`.
    codes
        The codes each example has, one or more.
    rows
        Which examples to learn from; all when left out.
    weight
        How much each example counts.
    names
        Codes by name with the vectors of those names, to learn from a name as well; only where names are words.

    Notes
    -----
    Multinomial logistic regression with a ridge penalty (C = 3). An example with several codes counts as one example of each,
    divided by their number.
    """
    from sklearn.linear_model import LogisticRegression

    used = (np.arange(len(codes)) if rows is None else rows).tolist()
    known = sorted({code for i in used for code in codes[i]})
    place = {code: number for number, code in enumerate(known)}
    row = np.array([i for i in used for _ in codes[i]], dtype=np.int64)
    label = np.array([place[code] for i in used for code in codes[i]], dtype=np.int64)
    share = np.array([1 / len(codes[i]) for i in used for _ in codes[i]])
    each = share if weight is None else share * weight[row]
    model = None
    if len(known) > 1:
        with one_thread(), warnings.catch_warnings():
            # many codes with few examples each is what a codebook is
            warnings.filterwarnings("ignore", message="The number of unique classes")
            model = LogisticRegression(C=_STRENGTH, max_iter=500, tol=1e-3).fit(mapping.rows[row], label, sample_weight=each)
    named = None
    if names is not None and telling(names[0]):
        named = normed(names[1][[names[0].index(code) for code in known]] - mapping.compared.middle)
    return Learned(known, mapping, model, named)


def held_out(
    mapping: Mapped,
    codes: Sequence[Sequence[str]],
    known: list[str],
    fold: NDArray[np.int64],
    *,
    weight: NDArray[np.float64] | None = None,
    names: tuple[list[str], Vectors] | None = None,
    vectors: Vectors | None = None,
) -> Table | None:
    """Return scores of every example when its fold was held out, ``(examples, known)``; examples of fold -1 are always learned from.

    A code whose only examples were held out gets the lowest score there is. ``None`` when a fold leaves fewer than two codes to learn.
    """
    place = {code: i for i, code in enumerate(known)}
    scores = np.zeros((len(codes), len(known)))
    own = np.zeros((len(codes), 1), dtype=np.float32) if vectors is None else vectors
    for number in np.unique(fold[fold >= 0]):
        out = np.flatnonzero(fold == number)
        part = learn(mapping, codes, rows=np.flatnonzero(fold != number), weight=weight, names=names)
        if part.model is None:
            return None
        found = part.scores_of(mapping.rows[out], own[out])
        scores[out] = found.min(axis=1, keepdims=True)
        scores[out[:, None], np.array([place[code] for code in part.codes])] = found
    return scores


def telling(names: Iterable[str]) -> bool:
    """Tell whether codes have names that say something: words of four letters or more, not ids.

    Examples
    --------
    >>> telling(["parkeren", "zorg en welzijn"]), telling(["E07", "O12"])
    (True, False)
    """
    return all(_NAME.search(name) for name in names)


def _inverse_root(kernel: Table) -> Table:
    values, vectors = np.linalg.eigh(kernel)
    kept = values > 1e-6 * max(values[-1], 1e-12)
    kept[: max(0, len(values) - _DIRECTIONS)] = False
    return cast("Table", vectors[:, kept] / np.sqrt(values[kept]))


def _scored(model: Any, features: Table, codes: int) -> Table:
    if model is None:
        return np.zeros((len(features), codes))
    made = np.asarray(model.decision_function(features), dtype=np.float64)
    return np.column_stack([-made / 2, made / 2]) if made.ndim == 1 else made


def _even(scores: Any) -> Table:
    """Return scores with each row around 0 and of spread 1, so that two kinds can be added."""
    spread = scores.std(axis=1, keepdims=True)
    return np.asarray((scores - scores.mean(axis=1, keepdims=True)) / np.where(spread > 0, spread, 1), dtype=np.float64)


def chances(scores: Table, temperature: float | None) -> Table:
    """Return probabilities from scores, flattened (above 1) or sharpened (below 1) by a temperature."""
    scaled = scores / (temperature or 1.0)
    power = np.exp(scaled - scaled.max(axis=1, keepdims=True))
    return cast("Table", power / power.sum(axis=1, keepdims=True))


def folds(groups: Sequence[str] | None, amount: int, *, seed: int) -> NDArray[np.int64]:
    """Return for each of ``amount`` examples in which fold it is held out; what belongs to one group, such as a session, stays together."""
    names = list(groups) if groups is not None else [str(row) for row in range(amount)]
    different = sorted(set(names))
    shuffled = np.random.default_rng(seed).permutation(len(different))
    place = {name: int(shuffled[i]) % min(_FOLDS, len(different)) for i, name in enumerate(different)}
    return np.array([place[name] for name in names], dtype=np.int64)


def best_temperature(scores: Table, truth: Sequence[Sequence[int]]) -> float:
    """Return the temperature under which held-out examples are likeliest.

    Parameters
    ----------
    scores
        Scores of examples that were not learned from, ``(n, codes)``.
    truth
        The right codes of each, as column numbers; those without any are passed over.

    References
    ----------
    Guo, Pleiss, Sun & Weinberger (2017), On calibration of modern neural networks.
    """
    rows = np.array([i for i, line in enumerate(truth) if line], dtype=np.int64)
    right = np.zeros((len(truth), scores.shape[1]))
    for i in rows.tolist():
        right[i, list(truth[i])] = 1 / len(truth[i])
    found = [float((np.log(chances(scores[rows], t) + 1e-12) * right[rows]).sum()) for t in _TEMPERATURES]
    return float(_TEMPERATURES[int(np.argmax(found))])


def abstains(probabilities: Table) -> NDArray[np.bool_]:
    """Return for which texts there is no advice: the first three codes together are less likely than not."""
    first = np.sort(probabilities, axis=1)[:, ::-1][:, :FIRST].sum(axis=1)
    return cast("NDArray[np.bool_]", first < EVEN)
