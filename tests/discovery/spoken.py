"""An encoder that is quick and exact: a text lies where its own words lie. And small talk about known things."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from qualcode.discovery.embedding import Vectors
from qualcode.discovery.words import surface

ABOUT = {
    "fietsen": "fiets band ketting stuur zadel pomp lekke remmen spaken bagagedrager".split(),
    "koken": "pan soep oven deeg kruiden lepel recept aardappel ui knoflook".split(),
    "zwemmen": "zwembad water badmuts duiken chloor handdoek slagen bassin duikplank zwemles".split(),
    "lezen": "boek bladzijde roman schrijver bibliotheek hoofdstuk gedicht verhaal boekenkast lezer".split(),
}


@dataclass
class WordEmbedder:
    """Deterministic, without a model; counts what it was asked."""

    name: str = "woorden 1"
    asked: list[str] = field(default_factory=list)

    def encode(self, texts: Sequence[str]) -> Vectors:
        self.asked += texts
        return np.array([self._of(text) for text in texts], dtype=np.float32)

    def _of(self, text: str) -> Vectors:
        total = np.full(64, 0.01)
        for word in surface([text])[0]:
            total += np.random.default_rng(int(hashlib.sha256(word.encode()).hexdigest()[:8], 16)).normal(size=64)
        return total.astype(np.float32)


def sentences(amount: int = 20, *, seed: int = 1) -> tuple[list[str], list[str]]:
    """Return texts, and what each is about: five words of its own subject in a row, shuffled."""
    rng = np.random.default_rng(seed)
    made = [(" ".join(rng.choice(words, 5, replace=False)), about) for about, words in ABOUT.items() for _ in range(amount)]
    order = rng.permutation(len(made))
    return [made[i][0] for i in order], [made[i][1] for i in order]
