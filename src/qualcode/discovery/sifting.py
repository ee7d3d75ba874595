"""Which texts topics are learned from, how much each counts, and which groups are no topic at all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from qualcode.discovery.embedding import Vectors
from qualcode.discovery.grouping import Groups, without

# fewer different texts than this say nothing about what people talk about
FEWEST_TEXTS = 12
# topics are learned from at most so many different texts; the others go to the nearest topic
MOST_TEXTS = 6000
# of texts shorter than this on average, in words, the graph tells so little that more topics are better than fewer (benchmarks/discovery.py)
SHORT = 12
# in a study topics are learned from passages of at least so many content words
FEWEST_CONTENT = 4
_SMALLEST = 3
FEWEST_VOICES = 3
_ENOUGH_VOICES = 6
_ONE_VOICE = 0.6


def is_short(texts: Sequence[str]) -> bool:
    """Tell whether texts are answers of a few words rather than passages."""
    return float(np.mean([len(text.split()) for text in texts])) < SHORT


def folded(text: str) -> str:
    """Return a text as it is compared with others: capitals and white space do not count."""
    return " ".join(text.casefold().split())


def learned_from(words: list[list[str]], seed: int, *, talk: bool) -> NDArray[np.int64]:
    """Return which texts topics are learned from: with enough content words when it is talk, and not too many."""
    rows = np.arange(len(words))
    if talk:
        long = np.array([len(line) >= FEWEST_CONTENT for line in words])
        rows = rows[long] if long.sum() >= FEWEST_TEXTS else rows
    if len(rows) > MOST_TEXTS:
        rows = np.sort(np.random.default_rng(seed).choice(rows, MOST_TEXTS, replace=False))
    return rows


def weights(voices: list[str] | None, amount: int) -> NDArray[np.float64]:
    """Return how much each text counts: a voice weighs no more than twice the average voice."""
    if voices is None:
        return np.ones(amount)
    said = Counter(voices)
    most = 2 * amount / len(said)
    return np.array([min(1.0, most / said[voice]) for voice in voices])


def of_many(places: Vectors, groups: Groups, voices: list[str] | None, weight: NDArray[np.float64], *, keep: bool) -> tuple[Groups, int]:
    """Dissolve topics of one person or of next to nobody, and return how many those were."""
    gone: set[int] = set()
    for number in range(int(groups.max(initial=-1)) + 1):
        rows = np.flatnonzero(groups == number)
        if voices is None or len(set(voices)) < _ENOUGH_VOICES:
            alone = len(rows) < _SMALLEST and not keep
        else:
            said = Counter(voices[row] for row in rows)
            alone = len(said) < FEWEST_VOICES or max(said.values()) > _ONE_VOICE * len(rows)
        if alone:
            gone.add(number)
    return (without(places, groups, gone, weight=weight), len(gone)) if gone else (groups, 0)
