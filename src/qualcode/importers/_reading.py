"""What reading a file gives: a text, its turns, who speaks, and what was doubtful. Knows no format and no study."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from qualcode.importers._vocabulary import MODERATORS, NOTE_TAKERS
from qualcode.labels import say

GROUP_SIZE = 3


@dataclass(frozen=True, slots=True)
class Turns:
    """The turns of one text, as columns: row ``i`` of each list belongs to turn ``i``.

    Parameters
    ----------
    start, end
        The words of each turn, in code points of the text: sorted, disjoint, never empty, no white space at the ends.
    label
        Who speaks, as the file says it; ``None`` where it does not say.
    time
        The time stamp as in the file; ``None`` where there is none.
    gaps
        ``(turn, start, end)``: page marks and headings inside the span of a turn (counted from 0) that are not its words.
    """

    start: list[int]
    end: list[int]
    label: list[str | None]
    time: list[str | None]
    gaps: list[tuple[int, int, int]]

    def as_json(self) -> dict[str, list[Any]]:
        """Return the columns as the log keeps them."""
        return {"start": self.start, "end": self.end, "label": self.label, "time": self.time, "gaps": [list(gap) for gap in self.gaps]}


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something a person should look at: the name of a sentence, and its facts.

    The facts hold line numbers, counts and labels; never words of the transcript.
    """

    key: str
    facts: dict[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        """Return the sentence in the language in use now."""
        return say(self.key, **self.facts)


@dataclass(frozen=True)
class Reading:
    r"""One file, read: nothing is asked and nothing is stored yet.

    Parameters
    ----------
    name
        Name of the document: the stem of the file unless told otherwise.
    source
        Name of the file, without its folder.
    format
        ``docx``, ``txt`` …
    kind
        ``focusgroep``, ``interview`` or ``document``, a guess from the roles, unless told otherwise.
    text
        Unicode NFC, line ends ``\n``; all offsets count its code points.
    turns
        Who speaks where.
    speakers
        Columns ``label``, ``role`` (deelnemer, moderator, notulist; a guess), ``turns``, ``words``; in order of first speaking.
    doubts
        What a person should look at.
    """

    name: str
    source: str
    format: str
    kind: str
    text: str = field(repr=False)
    turns: Turns = field(repr=False)
    speakers: pd.DataFrame = field(repr=False)
    doubts: tuple[Doubt, ...] = field(repr=False)

    def table(self) -> pd.DataFrame:
        """Return the turns as a table that can be corrected and read again: ``speaker``, ``time``, ``text``."""
        return turn_table(self.text, self.turns)

    def __repr__(self) -> str:
        """Return name, kind and size on one line."""
        return (
            f"<Reading {self.name!r} {self.kind} ({self.format}): {len(self.turns.start)} turns, "
            f"{len(self.speakers)} speakers, {len(self.doubts)} doubts>"
        )


def turn_table(text: str, turns: Turns) -> pd.DataFrame:
    """Return turns as a table that can be corrected and read again: ``speaker``, ``time``, ``text``, without page marks and headings."""
    cut: dict[int, list[tuple[int, int]]] = {}
    for turn, start, end in turns.gaps:
        cut.setdefault(turn, []).append((start, end))
    said = []
    for turn, (start, end) in enumerate(zip(turns.start, turns.end, strict=True)):
        edges = [start, *(edge for gap in cut.get(turn, []) for edge in gap), end]
        said.append("".join(text[first:last] for first, last in zip(edges[::2], edges[1::2], strict=True)))
    return pd.DataFrame({"speaker": turns.label, "time": turns.time, "text": said}, dtype="str")


_ARTICLE = re.compile(r"^(?:de|het|the|la|el)\s+", re.IGNORECASE)
_ASIDE = re.compile(r"\(([^()]*)\)")
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_NUMBERED = re.compile(r"^[^\W\d_]+(?:-[^\W\d_]+)*[.\s_-]*\d{0,3}[.\s]*$")


def role_of(label: str) -> str:
    """Guess the role of a speaker from the label: ``deelnemer``, ``moderator`` or ``notulist``.

    Examples
    --------
    >>> [role_of(label) for label in ("R1", "M1", "Interviewer 2", "De voorzitter", "Anna (moderator)", "Not.")]
    ['deelnemer', 'moderator', 'moderator', 'moderator', 'moderator', 'notulist']
    """
    bare = _ARTICLE.sub("", _ASIDE.sub("", label).strip())
    asides = [word.lower() for aside in _ASIDE.findall(label) for word in _WORD.findall(aside)]
    words = [word.lower() for word in _WORD.findall(bare)]
    # one letter counts as a role only where it is the whole label, so "M. de Vries" and "I. Bakker" stay participants
    named = words[:1] if _NUMBERED.match(bare) else [word for word in words[:1] if len(word) > 1 and word not in {"not", "int", "mod"}]
    for word in (*named, *(aside for aside in asides if len(aside) > 1)):
        if word in MODERATORS:
            return "moderator"
        if word in NOTE_TAKERS:
            return "notulist"
    return "deelnemer"


def speakers_of(text: str, turns: Turns) -> pd.DataFrame:
    """Return who speaks: ``label``, ``role``, ``turns``, ``words``, in order of first speaking."""
    spoken: Counter[str] = Counter()
    words: Counter[str] = Counter()
    for start, end, label in zip(turns.start, turns.end, turns.label, strict=True):
        if label is not None:
            spoken[label] += 1
            words[label] += len(text[start:end].split())
    for turn, start, end in turns.gaps:
        label = turns.label[turn]
        if label is not None:
            words[label] -= len(text[start:end].split())
    labels = list(spoken)
    return pd.DataFrame(
        {
            "label": pd.Series(labels, dtype="str"),
            "role": pd.Series([role_of(label) for label in labels], dtype="str"),
            "turns": pd.Series([spoken[label] for label in labels], dtype="int64"),
            "words": pd.Series([words[label] for label in labels], dtype="int64"),
        }
    )


def kind_of(speakers: pd.DataFrame) -> str:
    """Guess the kind of document: a group, an interview, or neither."""
    known = speakers[~speakers["label"].str.endswith("?")]
    participants = int((known["role"] == "deelnemer").sum())
    if participants >= GROUP_SIZE:
        return "focusgroep"
    return "interview" if participants == 1 and (known["role"] == "moderator").any() else "document"


def places(lines: list[int]) -> str:
    """Return line numbers as they stand in a sentence, the first eight only when there are many."""
    most = 8
    return ", ".join(str(line) for line in lines[:most]) + (", …" if len(lines) > most else "")
