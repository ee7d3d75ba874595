"""Where in a document: a turn, quoted words or positions become a segment."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass

from qualcode.errors import Ambiguous, NotFound, Refused
from qualcode.model import Snapshot
from qualcode.spans import trimmed


@dataclass(frozen=True, slots=True)
class Segment:
    """A span ``[start, end)`` of a version of a document, in code points."""

    document: str
    version: int
    start: int
    end: int


def located(
    snapshot: Snapshot,
    document: str,
    *,
    turn: int | None = None,
    text: str | None = None,
    span: tuple[int, int] | None = None,
) -> Segment:
    """Return the segment that a turn number, quoted words or positions point at.

    Parameters
    ----------
    snapshot
        The study.
    document
        Guid of the document.
    turn
        Number of a turn, from 1. Alone: the whole turn; with ``text``: where to look for the words.
    text
        Words that stand in the document (or the turn) exactly once; runs of white space count as one blank.
    span
        Positions ``(start, end)`` in code points, end exclusive.

    Raises
    ------
    NotFound
        When there is no such turn, or the words do not stand there.
    Ambiguous
        When the words stand there more than once.
    Refused
        When nothing, or an empty or impossible span, is pointed at.
    """
    row = snapshot.document_row(document)
    whole = snapshot.texts[row["text"]]
    name = row["name"]
    low, high = 0, len(whole)
    if turn is not None:
        starts = row["turns"]["start"]
        if not 1 <= turn <= len(starts):
            raise NotFound("project.no_turn", document=name, turn=turn, turns=len(starts))
        low, high = starts[turn - 1], row["turns"]["end"][turn - 1]
    if span is not None:
        start, end = span
        if not 0 <= start < end <= len(whole):
            raise Refused("project.bad_span", document=name, start=start, end=end, length=len(whole))
        start, end = trimmed(whole, start, end)
    elif text is not None and text.strip():
        start, end = _words(whole, text, low, high, name)
    elif turn is not None:
        start, end = low, high
    else:
        raise Refused("project.no_place", document=name)
    if start == end:
        raise Refused("project.empty_span", document=name)
    return Segment(document, int(row["version"]), int(start), int(end))


def _words(whole: str, text: str, low: int, high: int, name: str) -> tuple[int, int]:
    pattern = re.compile(r"\s+".join(map(re.escape, text.split())))
    found = [match.span() for match in pattern.finditer(whole, low, high)]
    if not found:
        raise NotFound("project.no_words", document=name)
    if len(found) > 1:
        raise Ambiguous("project.words_twice", document=name, n=len(found))
    return found[0]


def turn_at(snapshot: Snapshot, document: str, position: int) -> int | None:
    """Return the number (from 1) of the turn whose words hold a position, or ``None`` between turns."""
    turns = snapshot.document_row(document)["turns"]
    number = bisect_right(turns["start"], position)
    return number if number and position < turns["end"][number - 1] else None


def roles(snapshot: Snapshot, segment: Segment) -> set[str]:
    """Return the roles of those whose words a segment covers; empty without speakers."""
    turns = snapshot.document_row(segment.document)["turns"]
    first, last = bisect_right(turns["end"], segment.start), bisect_left(turns["start"], segment.end)
    spoken = snapshot.role_of_label(segment.document)
    return {spoken[label] for label in turns["label"][first:last] if label in spoken}
