"""Hand tokens to the pipeline a few sentences at a time, so that no turn is too long for it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from qualcode.language.pipeline import loaded
from qualcode.language.sentences import sentences
from qualcode.language.tokens import straight

if TYPE_CHECKING:
    from spacy.tokens import Doc

_PIECE = 400


def read_by(table: pd.DataFrame, wanted: frozenset[str]) -> Iterator[Doc]:
    """Give the tokens to the pipeline, a few sentences at a time."""
    nlp = loaded()
    yield from nlp.pipe(_docs(table), batch_size=64, disable=[name for name in nlp.pipe_names if name not in wanted])


def _docs(table: pd.DataFrame) -> Iterator[Doc]:
    from spacy.tokens import Doc

    vocab = loaded().vocab
    spaced = (table["end"].to_numpy() != table["start"].shift(-1, fill_value=-1).to_numpy()).tolist()
    written = table["word"].map({word: straight(word) for word in table["word"].unique()}).tolist()
    bounds = _pieces(table)
    for start, end in pairwise(bounds):
        yield Doc(vocab, words=written[start:end], spaces=spaced[start:end])


def _pieces(table: pd.DataFrame) -> list[int]:
    """Return where to cut the tokens: at each text, at a sentence after 400 tokens, and within a longer sentence."""
    text, sentence = table["text"].to_numpy(), table["sentence"].to_numpy()
    if not len(text):
        return [0]
    cuts = [0]
    texts = np.r_[np.flatnonzero(np.r_[True, text[1:] != text[:-1]]), len(text)]
    begins = np.flatnonzero(np.r_[True, (sentence[1:] != sentence[:-1]) | (text[1:] != text[:-1])])
    for start, end in zip(texts[:-1].tolist(), texts[1:].tolist(), strict=True):
        at = start
        while end - at > _PIECE:
            near = begins[np.searchsorted(begins, at + _PIECE, side="right") - 1]
            at = int(near) if near > at else at + _PIECE
            cuts.append(at)
        cuts.append(end)
    return cuts


def sentence_numbers(texts: Sequence[str], table: pd.DataFrame) -> NDArray[np.int64]:
    """Return for each token the number of its sentence within its text."""
    cut = sentences(texts)
    # texts laid behind each other on one line, so that one search serves all
    base = np.r_[0, np.cumsum([len(text) + 1 for text in texts])]
    begins = base[cut["text"].to_numpy()] + cut["start"].to_numpy()
    place = np.searchsorted(begins, base[table["text"].to_numpy()] + table["start"].to_numpy(), side="right") - 1
    first = np.searchsorted(cut["text"].to_numpy(), table["text"].to_numpy(), side="left")
    return np.asarray(np.maximum(place - first, 0), dtype=np.int64)
