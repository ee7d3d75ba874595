"""The names of persons, places and organisations in texts, as the pipeline sees them: hints for a person who looks."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from qualcode.language.lemmas import by_rule
from qualcode.language.reading import read_by, sentence_numbers
from qualcode.language.spoken import HESITATIONS, STOP_WORDS
from qualcode.language.tokens import folded, token_table

ENTITY_COLUMNS = ("text", "start", "end", "label")

_LABELS = {"PER": "PER", "PERSON": "PER", "LOC": "LOC", "GPE": "LOC", "FAC": "LOC", "ORG": "ORG"}

Found = list[tuple[int, int, str]]


def entities(texts: Sequence[str]) -> pd.DataFrame:
    """Return what the pipeline takes for names of persons, places and organisations.

    It is made to look twice, not to replace unseen: labels are hints, and lower-case machine transcripts hide more names. In a text with
    capitals a name has one, and a common word that begins a sentence is none; in a text without, a common word is none.

    Parameters
    ----------
    texts
        One string a turn, or whatever belongs together.

    Returns
    -------
    pandas.DataFrame
        ``text`` (position in the input), ``start``, ``end`` (code points in that text, half-open), ``label`` (PER, LOC or ORG), in the
        order of the texts.

    Raises
    ------
    Missing
        When there is no Dutch pipeline.

    Examples
    --------
    >>> turn = "Mijn zus Fatima werkt bij de Rabobank in Almelo."
    >>> [(turn[start:end], label) for start, end, label in entities([turn])[["start", "end", "label"]].to_numpy()]
    [('Fatima', 'PER'), ('Rabobank', 'ORG'), ('Almelo', 'LOC')]
    """
    table = _read_as_spoken(texts)
    place = 0
    found: list[tuple[int, int, str]] = []
    for doc in read_by(table, frozenset({"ner"})):
        found += [(place + each.start, place + each.end - 1, _LABELS[each.label_]) for each in doc.ents if each.label_ in _LABELS]
        place += len(doc)
    found = _likely(found, table)
    first, last = (np.array([each[side] for each in found], dtype=np.int64) for side in (0, 1))
    return pd.DataFrame(
        {
            "text": table["text"].to_numpy()[first],
            "start": table["start"].to_numpy()[first],
            "end": table["end"].to_numpy()[last],
            "label": pd.Series([each[2] for each in found], dtype="str"),
        }
    )


def _read_as_spoken(texts: Sequence[str]) -> pd.DataFrame:
    """Return the tokens without hesitations, each with its sentence and whether it can carry a name."""
    table = token_table(texts)
    table["lower"] = folded(table["word"])
    table["sentence"] = sentence_numbers(texts, table)
    table = table[~table["lower"].isin(HESITATIONS)].reset_index(drop=True)
    letters = table["word"].str.contains(r"[^\W\d_]", regex=True).to_numpy(dtype=bool)
    capital = (table["word"] != table["word"].str.lower()).to_numpy(dtype=bool)
    known = {word: _common(word) for word in table["lower"].unique()}
    common = table["lower"].map(known).to_numpy(dtype=bool)
    begins = np.zeros(len(table), dtype=bool)
    spoken = table[letters]
    begins[spoken.index[~spoken.duplicated(["text", "sentence"])]] = True
    cased = pd.Series(capital).groupby(table["text"]).transform("any").to_numpy(dtype=bool)
    table["carries"] = letters & np.where(cased, capital & ~(begins & common), ~common)
    return table


def _common(word: str) -> bool:
    return word in STOP_WORDS or by_rule(word, "verb") is not None or by_rule(word, "adj") is not None


def _likely(found: Found, table: pd.DataFrame) -> Found:
    """Leave out what holds no word that can carry a name."""
    carrying = np.r_[0, np.cumsum(table["carries"].to_numpy())]
    return [(first, last, label) for first, last, label in found if carrying[last + 1] > carrying[first]]
