"""Code suggestions from two tables: learn from one, rank the codes for each row of the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from qualcode.discovery.embedding import Embedded, Embedder, VectorCache, embed
from qualcode.discovery.learning import Compared, Table, abstains, best_temperature, chances, folds, held_out, learn, mapped, telling
from qualcode.errors import Refused


@dataclass(frozen=True)
class Ranked:
    """Codes ranked for texts.

    Parameters
    ----------
    codes
        The codes of ``chances``' columns.
    chances
        Probability of each code for each text, ``(texts, codes)``.
    abstains
        For which texts there is no advice: no words, or the first three codes together less likely than not.
    model, seed
        Which model made the vectors, and the seed.
    hit
        Share of the examples whose code was among the first three when it was not learned from (cross-validated); ``None`` when there were too few.
    """

    codes: list[str]
    chances: Table
    abstains: list[bool]
    model: str
    seed: int
    hit: float | None

    def as_json(self) -> list[dict[str, Any]]:
        """Return what ``qualcode suggest --train … --predict … --json`` prints: one object a text, every code, the best first."""
        order = np.argsort(-self.chances, axis=1, kind="stable")
        return [
            {"ranking": [[self.codes[c], round(float(self.chances[i, c]), 4)] for c in line]}
            | ({"abstains": True} if self.abstains[i] else {})
            for i, line in enumerate(order.tolist())
        ]


def rank(
    train: Sequence[str],
    codes: Sequence[Sequence[str]],
    texts: Sequence[str],
    *,
    model: Embedder | None = None,
    cache: VectorCache | None = None,
    seed: int = 7,
) -> Ranked:
    """Rank the codes of coded texts for other texts.

    Parameters
    ----------
    train, codes
        Examples and the codes each has; an example without words or without a code is passed over.
    texts
        The texts to rank codes for.
    model, cache
        As for :func:`qualcode.discovery.embed`.
    seed
        Of the folds.

    Raises
    ------
    Refused
        When no example has both words and a code.
    """
    rows = [i for i, text in enumerate(train) if text.strip() and codes[i]]
    if not rows:
        raise Refused("discovery.no_examples")
    known, labels = [train[i] for i in rows], [list(dict.fromkeys(codes[i])) for i in rows]
    names = sorted({code for line in labels for code in line})
    made: Embedded = embed([*known, *texts, *names], model, cache=cache)
    size = len(known)
    vectors, asked, named = made.vectors[:size], made.vectors[size : size + len(texts)], made.vectors[size + len(texts) :]
    compared = Compared.of([*known, *texts], made.vectors[: size + len(texts)])
    titles = (names, named) if telling(names) else None
    mapping = mapped(known, vectors, compared, seed=seed)
    learned = learn(mapping, labels, names=titles)
    fold = folds(None, size, seed=seed)
    held = held_out(mapping, labels, learned.codes, fold, names=titles, vectors=vectors) if len(learned.codes) > 1 and size > 1 else None
    temperature, hit = _measured(held, labels, learned.codes)
    table = chances(learned.scores(texts, asked), temperature) if texts else np.empty((0, len(names)))
    blank = [not text.strip() for text in texts]
    doubt = abstains(table).tolist() if texts else []
    return Ranked(learned.codes, table, [a or b for a, b in zip(doubt, blank, strict=True)], made.model, seed, hit)


def _measured(held: Table | None, labels: list[list[str]], codes: list[str]) -> tuple[float | None, float | None]:
    """Return temperature and first-three share, measured on examples that were held out."""
    if held is None:
        return None, None
    place = {code: i for i, code in enumerate(codes)}
    truth = [[place[code] for code in line] for line in labels]
    first = np.argsort(-held, axis=1, kind="stable")[:, :3]
    hit = float(np.mean([bool(set(line) & set(best)) for line, best in zip(truth, first.tolist(), strict=True)]))
    return best_temperature(held, truth), hit
