"""The words of texts as a tidy table: our tokens, the pipeline's tags, lemmas that hold for speech."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from qualcode.language.lemmas import lemmas
from qualcode.language.pipeline import loaded
from qualcode.language.reading import read_by, sentence_numbers
from qualcode.language.spoken import FILLERS, HESITATIONS, STOP_WORDS, remarks
from qualcode.language.tokens import folded, token_table
from qualcode.spans import spans, touching

WORD_COLUMNS = ("text", "start", "end", "word", "lower", "lemma", "pos", "filler", "stop", "sentence")

_TAGGERS = frozenset({"tok2vec", "transformer", "tagger", "morphologizer", "attribute_ruler", "trainable_lemmatizer", "lemmatizer"})
_HANGING = frozenset({"en", "of", "tot", "als", "dan", "noch", "/", ","})

Flags = NDArray[np.bool_]


def words(texts: Sequence[str]) -> pd.DataFrame:
    """Return every word of the texts with its lemma and its part of speech; punctuation marks are left out.

    Hesitations ("uh"), broken-off words ("ge- gediscrimineerd") and a transcriber's remarks ("[lacht]") are hidden from the pipeline,
    so that they do not spoil what it makes of the words around them. A word in other brackets, such as a pseudonym, is read as said.

    Parameters
    ----------
    texts
        One string a turn, or whatever belongs together.

    Returns
    -------
    pandas.DataFrame
        In the order of the texts: ``text`` (position in the input), ``start``, ``end`` (code points in that text, half-open), ``word``
        (as written), ``lower`` (lower case, straight apostrophes), ``lemma`` (lower case), ``pos`` (Universal Dependencies; ``X`` for
        what is broken off or remarked), ``filler`` (fillers, broken-off words, remarks), ``stop`` (stop words and fillers), ``sentence``
        (number within the text, from 0).

    Raises
    ------
    Missing
        When there is no Dutch pipeline.

    Examples
    --------
    >>> words(["Ik heb 't uh ge- gemeld [lacht]."])[["word", "lemma", "filler"]].to_numpy().tolist()
    [['Ik', 'ik', False], ['heb', 'hebben', False], ["'t", 'het', False], ['uh', 'uh', True], ['ge-', 'ge-', True],
     ['gemeld', 'melden', False], ['lacht', 'lacht', True]]
    """
    table = token_table(texts)
    table["lower"] = folded(table["word"])
    table["sentence"] = sentence_numbers(texts, table)
    said = table["word"].str.contains(r"[^\W_]", regex=True).to_numpy(dtype=bool)
    hesitation = table["lower"].isin(HESITATIONS).to_numpy(dtype=bool)
    aside = _remarked(texts, table) | _broken(table)
    comma = (table["word"] == ",").to_numpy(dtype=bool) & _after(hesitation)
    hidden = hesitation | aside | comma | table["word"].isin(["[", "]"]).to_numpy(dtype=bool)
    pos, tree = _tagged(table[~hidden])
    table["pos"] = "X"
    table["lemma"] = table["lower"]
    table.loc[hesitation, "pos"] = "INTJ"
    table.loc[~hidden, "pos"] = pos
    table.loc[~hidden, "lemma"] = lemmas(table.loc[~hidden, "lower"], pos=pos, tree=tree)
    table["filler"] = table["lower"].isin(FILLERS).to_numpy(dtype=bool) | aside
    table["stop"] = table["filler"] | table["lower"].isin(STOP_WORDS)
    return table.loc[said, list(WORD_COLUMNS)].reset_index(drop=True)


def _tagged(table: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    """Return part of speech and the pipeline's own lemma (lower case) of each token."""
    if table.empty:
        return pd.Series([], dtype="str"), pd.Series([], dtype="str")
    arrays = [doc.to_array(["POS", "LEMMA"]) for doc in read_by(table, _TAGGERS)]
    strings = loaded().vocab.strings
    numbers = np.concatenate(arrays)
    return _named(numbers[:, 0], strings, table.index), _named(numbers[:, 1], strings, table.index).str.lower()


def _named(numbers: NDArray[Any], strings: Any, index: pd.Index) -> pd.Series:
    kinds, place = np.unique(numbers, return_inverse=True)
    return pd.Series(np.array([strings[int(kind)] for kind in kinds], dtype=object)[place], index=index, dtype="str")


def _remarked(texts: Sequence[str], table: pd.DataFrame) -> Flags:
    """Say of each token whether it stands in a remark of who transcribed."""
    base = np.r_[0, np.cumsum([len(text) + 1 for text in texts])]
    noted = [(base[i] + start, base[i] + end) for i, text in enumerate(texts) for start, end in remarks(text)]
    within = np.zeros(len(table), dtype=bool)
    begins = base[table["text"].to_numpy()] + table["start"].to_numpy()
    length = (table["end"] - table["start"]).to_numpy()
    pairs = touching(spans([one for one, _ in noted], [one for _, one in noted]), spans(begins, begins + length))
    within[pairs[:, 1]] = True
    return within


def _broken(table: pd.DataFrame) -> Flags:
    """Say of each token whether it is a word broken off; the first half of "spraak- en taalles" is not."""
    lower, text = table["lower"], table["text"].to_numpy()
    cut = lower.str.fullmatch(r"\w[\w'-]*-").to_numpy(dtype=bool)
    hanging = lower.isin(_HANGING).to_numpy(dtype=bool)
    same = np.r_[text[1:] == text[:-1], False] if len(text) else np.zeros(0, dtype=bool)
    follows = np.r_[hanging[1:], False] & same
    return np.asarray(cut & ~follows & ~(_after(lower.isin(["en", "of"]).to_numpy(dtype=bool))), dtype=bool)


def _after(flags: Flags) -> Flags:
    """Say of each token whether the one before it has the flag."""
    return np.r_[False, flags[:-1]] if len(flags) else flags
