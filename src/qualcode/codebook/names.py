"""From what people type to the code they mean."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from qualcode.codebook.parts import Code
from qualcode.errors import Ambiguous, NotFound
from qualcode.labels import listed, say

STEP = " > "
_QUOTES = str.maketrans({"‘": "'", "’": "'", "“": '"', "”": '"'})


def folded(text: str) -> str:
    """Return a text as names are compared: without regard to capitals, blanks and curly quotes.

    Examples
    --------
    >>> folded("  ‘Grap’  over Herkomst>x ")
    "'grap' over herkomst > x"
    """
    plain = unicodedata.normalize("NFC", text).casefold().translate(_QUOTES)
    return re.sub(r"\s*>\s*", STEP, " ".join(plain.split()))


@dataclass(frozen=True, slots=True)
class Index:
    """The codes by everything they can be called; ``steps`` holds names and the last steps of paths."""

    guids: dict[str, Code]
    ids: dict[str, tuple[Code, ...]]
    paths: dict[str, tuple[Code, ...]]
    steps: dict[str, tuple[Code, ...]]
    path_of: dict[str, str]
    top: tuple[Code, ...]


def index(codes: Sequence[Code], paths: Sequence[str]) -> Index:
    """Return the index of codes and their paths, in the same order."""
    ids: dict[str, tuple[Code, ...]] = {}
    whole: dict[str, tuple[Code, ...]] = {}
    steps: dict[str, tuple[Code, ...]] = {}
    for code, path in zip(codes, paths, strict=True):
        if code.id:
            ids[folded(code.id)] = (*ids.get(folded(code.id), ()), code)
        plain = folded(path)
        whole[plain] = (*whole.get(plain, ()), code)
        parts = plain.split(STEP)
        for first in range(1, len(parts)):
            tail = STEP.join(parts[first:])
            steps[tail] = (*steps.get(tail, ()), code)
    guids = {code.guid.casefold(): code for code in codes if code.guid}
    top = tuple(code for code in codes if code.parent is None and not code.retired)
    return Index(guids, ids, whole, steps, {code.key: path for code, path in zip(codes, paths, strict=True)}, top)


def found(index: Index, name: str, *, book: str) -> Code:
    """Return the one code that ``name`` stands for, or say what there is."""
    wanted = folded(name)
    if wanted in index.guids:
        return index.guids[wanted]
    if wanted in index.ids:
        return _only(index, index.ids[wanted], name)
    for named in (index.paths, index.steps):
        if wanted in named:
            living = tuple(code for code in named[wanted] if not code.retired)
            return _only(index, living or named[wanted], name)
    raise NotFound("codebook.no_code", name=name, book=book, nearest=_nearest(index, wanted))


def _only(index: Index, codes: tuple[Code, ...], name: str) -> Code:
    if len(codes) == 1:
        return codes[0]
    both = listed([f"{code.id} '{index.path_of[code.key]}' ({code.key})".strip() for code in codes])
    raise Ambiguous("codebook.ambiguous", name=name, codes=both)


def _nearest(index: Index, wanted: str) -> str:
    """Return the names most like the one typed, as running text."""
    called: dict[str, Code] = {}
    for named in (index.paths, index.steps, index.ids):
        called |= {plain: codes[0] for plain, codes in named.items()}
    codes = {called[plain].key: called[plain] for plain in get_close_matches(wanted, called, n=6, cutoff=0.6)}
    near = listed([f"'{code}'" for code in codes.values()], most=3)
    if near:
        return say("codebook.nearest", names=near)
    top = [str(code) for code in index.top]
    return say("codebook.no_nearest", names=listed(top) or say("words.nothing"))
