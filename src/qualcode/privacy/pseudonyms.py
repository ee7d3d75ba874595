"""The same person gets the same replacement over the whole study; the words a proposal starts from are never kept."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from difflib import SequenceMatcher

import pandas as pd

from qualcode.labels import say
from qualcode.privacy.listed import folded, is_given
from qualcode.privacy.unseen import seen

_NEAR = 0.87
_LONG = 6
_PARTICLES = frozenset(
    {"van", "de", "der", "den", "het", "ter", "ten", "te", "el", "al", "ben", "von", "da", "dos", "di", "la", "in", "'t", "a"}
)


def _tokens(name: str) -> tuple[str, ...]:
    return tuple(
        folded(token).removesuffix("'s").removesuffix("'")
        for token in re.findall(r"[^\W\d_]+(?:['’-][^\W\d_]+)*", name)
        if folded(token) not in _PARTICLES
    )


def _near(one: str, other: str) -> bool:
    """Tell whether two names differ as a slip of the pen does."""
    if one == other:
        return True
    return min(len(one), len(other)) >= _LONG and one[0] == other[0] and SequenceMatcher(None, one, other).ratio() >= _NEAR


def same_person(one: str, other: str) -> bool:
    """Tell whether two names may well be one person's: equal, misspelt, or the one part of the other.

    Examples
    --------
    >>> same_person("Annelies", "Annelise"), same_person("Fatima El Khattabi", "Fatima"), same_person("Jan Smit", "Piet Smit")
    (True, True, False)
    """
    a, b = sorted((_tokens(one), _tokens(other)), key=len)
    if not a:
        return folded(one) == folded(other)
    if len(a) == len(b):
        return all(_near(x, y) for x, y in zip(a, b, strict=True))
    return all(any(_near(x, y) for y in b) for x in a)


def grouped(names: Iterable[str]) -> dict[str, str]:
    """Return for every name the fullest name of the same person; a short name that fits several people stays its own.

    Examples
    --------
    >>> grouped(["Annelies", "Annelise", "Jan Smit", "Jan de Boer", "Jan"])["Annelise"]
    'Annelies'
    """
    counts = Counter(names)
    people: list[str] = []
    of: dict[str, str] = {}
    for name in sorted(counts, key=lambda n: (-len(_tokens(n)), -counts[n], n)):
        fits = [person for person in people if same_person(name, person)]
        fits = fits if len(fits) < 2 or not is_given(folded(name)) else []  # noqa: PLR2004 - which Jan?
        of[name] = fits[0] if fits else name
        if not fits:
            people.append(name)
    return of


def replacements(found: pd.DataFrame, known: Mapping[str, str] | None = None) -> pd.Series[str]:
    """Return what to put instead of each finding: one person, one replacement; two people never the same.

    Parameters
    ----------
    found
        Findings of a whole study: columns ``text``, ``label``, ``advice`` at least, as :func:`qualcode.privacy.find` gives them.
    known
        What names were replaced with before, from the key.

    Returns
    -------
    Series
        Parallel to ``found``: for persons the role the words around any of their mentions give (``[collega]``, the next one
        ``[collega 2]``), else ``[naam]``; for all else the advice.
    """
    found = found.assign(text=found["text"].map(seen))
    persons = found[found["label"].isin(["person", "name"])]
    of = grouped([*(known or {}), *persons["text"]])
    bare = say("privacy.instead_person")
    chosen: dict[str, str] = {of[name]: words for name, words in (known or {}).items()}
    taken = set(chosen.values())
    for who, part in persons.assign(who=persons["text"].map(of)).groupby("who", sort=False):
        if who in chosen:
            continue
        roles = [advice for advice in part["advice"] if advice != bare]
        stem = Counter(roles).most_common(1)[0][0] if roles else bare
        words, number = stem, 1
        while words in taken:
            number += 1
            words = f"{stem[:-1]} {number}]"
        chosen[str(who)] = words
        taken.add(words)
    instead = [
        chosen[of[text]] if label in {"person", "name"} else advice
        for text, label, advice in zip(found["text"], found["label"], found["advice"], strict=True)
    ]
    return pd.Series(instead, index=found.index, dtype="str", name="replacement")
