"""The lists: names of all communities of the Netherlands, places, organisations, what is harmless, and what is plain Dutch."""

from __future__ import annotations

import lzma
import re
import unicodedata
from functools import cache
from importlib.resources import files

_UNDIVIDED = str.maketrans({"ı": "i", "ø": "o", "ł": "l", "Ł": "L", "’": "'", "ð": "d", "ß": "ss", "đ": "d", "Đ": "D"})
_SHORTEST_PART = 4
_SHORTEST_PLACE = 3


@cache
def folded(word: str) -> str:
    """Return the word in lower case without marks, as the lists hold it.

    Examples
    --------
    >>> folded("Öztürk")
    'ozturk'
    """
    plain = unicodedata.normalize("NFKD", word.translate(_UNDIVIDED))
    return "".join(c for c in plain if not unicodedata.combining(c)).casefold()


@cache
def entries(name: str) -> frozenset[str]:
    """Return one of the lists: given, surnames, places, organisations, harmless or words."""
    packed = (files(__name__.rpartition(".")[0]) / "lists" / f"{name}.txt.xz").read_bytes()
    return frozenset(lzma.decompress(packed).decode("utf-8").split("\n")[:-1])


@cache
def folded_entries(name: str) -> frozenset[str]:
    """Return a list that is kept as written, folded."""
    return frozenset(folded(entry) for entry in entries(name))


def _variants(word: str) -> tuple[str, ...]:
    """Return a folded name with and without its genitive."""
    bare = word.removesuffix("'s").removesuffix("'")
    return (word, bare) if bare != word else ((word, word[:-1]) if word.endswith("s") and len(word) > _SHORTEST_PART else (word,))


def is_given(word: str) -> bool:
    """Tell whether a folded word is a given name; both halves of a double name must be."""
    known = entries("given")
    if any(form in known for form in _variants(word)):
        return True
    parts = word.split("-")
    return len(parts) > 1 and all(part in known for part in parts)


def is_surname(word: str) -> bool:
    """Tell whether a folded word is a surname, or looks like one of a community whose surnames have a shape."""
    known = entries("surnames")
    return (
        any(form in known for form in _variants(word))
        or (any(p in known for p in word.split("-")) if "-" in word else False)
        or shaped(word)
    )


_SHAPES = re.compile(
    r"(?:[a-z]{3,}(?:oglu|ski|ska|cki|cka|dzki|wicz|czyk|enko|chuk|opoulos|dottir|escu|ovic|evic|stra|inga|huizen|sing|singh|dikromo|medjo"
    r"|mariam|selassie|zadeh|pour|ullah|khel|zai|yan|ian|shvili|wati|asamy|alingam)|[a-z]{4,}(?:sma|ema)|(?:el|al|ait|ould|abu|bou|ben)-[a-z]{3,})"
)


def shaped(word: str) -> bool:
    """Tell whether a folded word has the shape of a surname and is no plain word."""
    return _SHAPES.fullmatch(word) is not None and not is_word(word)


def is_place(name: str) -> bool:
    """Tell whether a folded name is a place on the list."""
    known = entries("places")
    return len(name) >= _SHORTEST_PLACE and any(form in known for form in _variants(name))


@cache
def is_word(word: str) -> bool:
    """Tell whether a folded word is plain Dutch: on the list, or joined of two that are.

    Examples
    --------
    >>> is_word("koffiekamer"), is_word("fatima")
    (True, False)
    """
    known = entries("words")
    if word in known:
        return True
    for cut in range(_SHORTEST_PART, len(word) - _SHORTEST_PART + 2):
        tail = word[cut:]
        if word[:cut] in known and (tail in known or (tail[0] == "s" and tail[1:] in known and len(tail) > _SHORTEST_PART)):
            return True
    return "-" in word and all(part in known for part in word.split("-"))
