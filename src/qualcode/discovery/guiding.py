"""Topics guided by a codebook: what is known about some texts draws together the passages that resemble them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from qualcode.codebook import Codebook
from qualcode.discovery.embedding import Embedded, Vectors, normed
from qualcode.discovery.learning import Compared, learn, mapped
from qualcode.errors import Refused

# how much resembling the same codes counts beside resembling each other (benchmarks/discovery.py)
GUIDE_WEIGHT = 0.5


@dataclass(frozen=True)
class Guide:
    """Texts of which it is known what they are about, with their codes and vectors. All as long."""

    texts: list[str]
    codes: list[list[str]]
    vectors: Vectors = field(repr=False)

    @property
    def amount(self) -> int:
        """How many codes guide."""
        return len({code for line in self.codes for code in line})


def seeds(book: Codebook) -> tuple[list[str], list[list[str]]]:
    """Return the texts a codebook gives to seed topics, and the code (guid) of each: name with definition, and every example, of the codes in use."""
    texts: list[str] = []
    codes: list[list[str]] = []
    for code in book.codes:
        if code.codable and not code.retired and not code.merged_into:
            said = [" ".join(filter(None, [f"{code.name}.", code.definition])), *(code.examples or ())]
            texts += said
            codes += [[code.guid]] * len(said)
    return texts, codes


def guide_of(texts: Sequence[str], codes: Sequence[Sequence[str]], embedded: Embedded) -> Guide:
    """Return a guide.

    Raises
    ------
    Refused
        When the texts do not have two different codes: then there is nothing to tell apart.
    """
    if len({code for line in codes for code in line}) < 2:  # noqa: PLR2004
        raise Refused("discovery.no_guide")
    return Guide(list(texts), [list(line) for line in codes], embedded.vectors)


def guided(places: Vectors, texts: Sequence[str], vectors: Vectors, guide: Guide, *, seed: int = 7) -> Vectors:
    """Return where passages lie when it counts too which codes they resemble.

    Parameters
    ----------
    places
        Where each passage lies, ``(n, dimensions)``.
    texts, vectors
        The passages and their vectors.
    guide
        From :func:`guide_of`.
    seed
        For the draw of landmarks, where the guide is long.

    Returns
    -------
    numpy.ndarray
        ``(n, dimensions + codes)``, of length one.

    Notes
    -----
    Logistic regression learns the codes from the guide (:func:`qualcode.discovery.learning.learn`). A passage's scores, each code in standard
    deviations over all passages, negative ones nought and the rest squared, are its profile; profiles of length one stand beside the places with weight 0.5.
    """
    if len(texts) < 2:  # noqa: PLR2004
        return places
    learned = learn(mapped(guide.texts, guide.vectors, Compared.of(texts, vectors), seed=seed), guide.codes)
    scores = learned.scores(texts, vectors)
    spread = scores.std(axis=0)
    profile = np.maximum((scores - scores.mean(axis=0)) / np.where(spread > 0, spread, 1), 0) ** 2
    return normed(np.hstack([places, GUIDE_WEIGHT * normed(profile)]))
