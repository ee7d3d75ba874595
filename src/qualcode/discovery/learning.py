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
from qualcode.discovery.likeness import Compared, Mapped, Table, mapped

__all__ = [
    "EVEN",
    "FIRST",
    "NAME_WEIGHT",
    "Compared",
    "Learned",
    "Mapped",
    "Table",
    "abstains",
    "best_temperature",
    "chances",
    "folds",
    "held_out",
    "learn",
    "mapped",
    "telling",
]

# how much the likeness to a code's own name counts beside what was learned, where names are words
NAME_WEIGHT = 0.3
# the probability that the right code is among the first three, below which there is no advice
EVEN = 0.5
FIRST = 3
_STRENGTH = 3.0
_FOLDS = 5
_NAME = re.compile(r"[^\W\d_]{4,}")
_TEMPERATURES = np.geomspace(0.1, 10.0, 41)


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
