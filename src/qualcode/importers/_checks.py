"""What a person should look at in turns, whatever file they come from: spellings, unknown speakers, things said twice."""

from __future__ import annotations

import re
from bisect import bisect
from collections import Counter
from dataclasses import replace

from qualcode.importers._reading import Doubt, Turns, places
from qualcode.importers._shapes import one_spelling, shape_of

_DUPLICATE_WORDS = 5
_SHORT = 50
_DUTCH = frozenset("de het een en dat niet ik je van ook maar wat voor zijn met dan er naar heb".split())
_ENGLISH = frozenset("the and that not you of to this with have it but for are they what there".split())
_MIXED = 0.15


def checked(text: str, turns: Turns) -> tuple[Turns, list[Doubt]]:
    """Return the turns with one spelling a label, and what is doubtful about them."""
    ends = [found.start() for found in re.finditer("\n", text)]
    lines = [bisect(ends, start) + 1 for start in turns.start]
    labels = Counter(label for label in turns.label if label is not None)
    chosen = one_spelling(labels)
    doubts = [*_spellings(chosen, turns, lines), *_unknown(turns, lines), *_duplicates(text, turns, lines), *_languages(text)]
    if not labels:
        doubts.insert(0, Doubt("importers.no_speakers", {"n": len(turns.start)}))
    return replace(turns, label=[None if label is None else chosen[label] for label in turns.label]), doubts


def _spellings(chosen: dict[str, str], turns: Turns, lines: list[int]) -> list[Doubt]:
    written: dict[str, list[str]] = {}
    for label, spelling in chosen.items():
        if label != spelling:
            written.setdefault(spelling, []).append(label)
    doubts: list[Doubt] = []
    for spelling, others in written.items():
        there = [line for line, label in zip(lines, turns.label, strict=True) if label in others]
        facts = {"label": spelling, "written": ", ".join(others), "n": len(there), "lines": places(there)}
        doubts.append(Doubt("importers.spelling", facts))
    return doubts


def _unknown(turns: Turns, lines: list[int]) -> list[Doubt]:
    there: list[int] = []
    for line, label in zip(lines, turns.label, strict=True):
        shape = shape_of(label) if label is not None else None
        if shape is not None and shape.sort == "unknown":
            there.append(line)
    return [Doubt("importers.unknown_speaker", {"n": len(there), "lines": places(there)})] if there else []


def _duplicates(text: str, turns: Turns, lines: list[int]) -> list[Doubt]:
    """Return a doubt for turns that say the same as the turn before, speaker and words."""
    words = [text[start:end] for start, end in zip(turns.start, turns.end, strict=True)]
    twice = [
        lines[i]
        for i in range(1, len(words))
        if words[i] == words[i - 1] and turns.label[i] == turns.label[i - 1] and len(words[i].split()) >= _DUPLICATE_WORDS
    ]
    return [Doubt("importers.duplicate", {"n": len(twice), "lines": places(twice)})] if twice else []


def _languages(text: str) -> list[Doubt]:
    """Return doubts about the text as a whole: very short, or in two languages."""
    tokens = Counter(text.lower().split())
    total = tokens.total()
    if total < _SHORT:
        return [Doubt("importers.short", {"n": total})]
    dutch, english = (sum(tokens[word] for word in words) for words in (_DUTCH, _ENGLISH))
    share = english / (dutch + english) if dutch + english else 0.0
    mixed = _MIXED <= share <= 1 - _MIXED and min(dutch, english) >= _SHORT // 5
    return [Doubt("importers.mixed", {"percent": round(100 * share)})] if mixed else []
