"""The forms of a word in a study, and words that look like it."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from qualcode.analysis.finding import steps_of
from qualcode.analysis.words import Words, folded
from qualcode.errors import Refused
from qualcode.labels import say

FORM_COLUMNS = ("form", "lemma", "times", "how")
_STEM = re.compile(r"(?<=\w{4})(?:en|e|s)$")


def word_forms(words: Words, word: str) -> pd.DataFrame:
    """Return the forms of a word in a study, and of words with its stem in them, as melding and meldpunt beside melden.

    Parameters
    ----------
    words
        The words of the study with their lemmas.
    word
        One word.

    Returns
    -------
    pandas.DataFrame
        ``form`` (as written, lower case), ``lemma``, ``times``, ``how`` (in words: a form of it, or related); its own forms first,
        then the most frequent.

    Raises
    ------
    Refused
        When it is not one word.
    """
    steps = steps_of(word)
    if len(steps) != 1 or len(steps[0]) != 1:
        raise Refused("search.one_word")
    own = words.with_lemma(steps[0][0])
    stems = {_STEM.sub("", folded(words.lemmas[at])) for at in np.flatnonzero(own)} or {_STEM.sub("", folded(steps[0][0]))}
    alike = np.array([any(stem in folded(lemma) for stem in stems if len(stem) > 3) for lemma in words.lemmas], dtype=np.bool_)  # noqa: PLR2004
    chosen = (own | alike)[words.lemma] if len(words) else np.empty(0, np.bool_)
    pairs = pd.DataFrame({"form": words.form[chosen], "lemma": words.lemma[chosen]}).value_counts().reset_index(name="times")
    pairs["own"] = own[pairs["lemma"]]
    frame = pd.DataFrame(
        {
            "form": pd.Series([words.forms[at] for at in pairs["form"]], dtype="str"),
            "lemma": pd.Series([words.lemmas[at] for at in pairs["lemma"]], dtype="str"),
            "times": pairs["times"].astype("int64"),
            "how": pd.Series([say("search.own_form") if own else say("search.related") for own in pairs["own"]], dtype="str"),
        }
    )
    order = np.lexsort((frame["form"], -frame["times"], ~pairs["own"].to_numpy(bool)))
    return frame.iloc[order].reset_index(drop=True)
