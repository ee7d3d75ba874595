"""What any other program's project holds, before it is placed in a study: users, codes, people, texts and what was marked in them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid5

from qualcode.codebook import Code
from qualcode.importers import Doubt
from qualcode.model import State
from qualcode.refi.positions import Convention, Decision, Original
from qualcode.refi.schema import Breach

COUNTED = ("sources", "codes", "codings", "coders", "participants", "memos")
_AS_KEPT = re.compile(r"\d{4}-(0[1-9]|1[0-2])-([01]\d|2[0-8])T([01]\d|2[0-3]):[0-5]\d:[0-5]\d\.\d{3}Z")
NAMESPACE = UUID("5b1f6a0e-6a83-5d0c-9c7b-7a2c5d1e4f30")


def derived(*parts: object) -> str:
    """Return a guid that follows from these parts: the same ones give the same guid."""
    return str(uuid5(NAMESPACE, "\n".join(map(str, parts))))


def moment(written: str | None) -> str | None:
    """Return a moment as events keep it, in UTC; ``None`` for what is no moment.

    Examples
    --------
    >>> moment("2023-08-16T15:49:36+02:00")
    '2023-08-16T13:49:36.000Z'
    """
    if written and _AS_KEPT.fullmatch(written):
        return written
    try:
        at = datetime.fromisoformat((written or "").strip())
    except ValueError:
        return None
    at = at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


@dataclass(slots=True)
class Marked:
    """A code that a user put on a selection or on a whole source."""

    guid: str
    code: str
    user: str = ""
    at: str | None = None
    notes: list[str] = field(default_factory=list)
    memo: str = ""


@dataclass(slots=True)
class Selection:
    """A part of a text as the program counts it, with what was put on it."""

    guid: str
    start: int | None
    end: int | None
    name: str = ""
    user: str = ""
    at: str | None = None
    description: str = ""
    codings: list[Marked] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Source:
    """A text with its selections; ``codings`` and ``notes`` are those on the text as a whole."""

    guid: str
    name: str
    original: Original
    format: str = "txt"
    kind: str | None = None
    description: str = ""
    user: str = ""
    at: str | None = None
    selections: list[Selection] = field(default_factory=list)
    codings: list[Marked] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    attributes: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Note:
    """A note with its author and date; ``spans`` are places in the source that refers to it."""

    guid: str
    name: str
    text: str
    user: str = ""
    at: str | None = None
    spans: list[tuple[int, int]] = field(default_factory=list)


@dataclass(slots=True)
class Person:
    """A case: a participant with attributes, the selections that are theirs and the sources they speak in."""

    guid: str
    name: str
    description: str = ""
    attributes: dict[str, Any] = field(default_factory=dict)
    selections: list[str] = field(default_factory=list)
    sources: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Exchange:
    """A project of any program, read and not yet placed.

    ``notes_on`` names what the notes stand on besides selections and sources: pairs of a kind and a guid by guid of the note.
    ``foreign`` holds what has no place in a study, verbatim. ``extras`` is what qualcode itself wrote beside the standard.
    ``counting`` is how positions are counted, where that is known of the program for certain. ``breaches`` are the rules of the
    standard that the file does not keep.
    """

    origin: str
    name: str = ""
    description: str = ""
    users: dict[str, str] = field(default_factory=dict)
    codes: list[Code] = field(default_factory=list)
    people: list[Person] = field(default_factory=list)
    sources: list[Source] = field(default_factory=list)
    notes: dict[str, Note] = field(default_factory=dict)
    notes_on: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    foreign: dict[str, dict[str, Any]] = field(default_factory=dict)
    extras: list[dict[str, Any]] = field(default_factory=list)
    counting: Convention | None = None
    read: Counter[str] = field(default_factory=Counter)
    kept_as_is: Counter[str] = field(default_factory=Counter)
    dropped: Counter[str] = field(default_factory=Counter)
    doubts: list[Doubt] = field(default_factory=list)
    breaches: list[Breach] = field(default_factory=list)

    def drop(self, what: str, n: int = 1) -> None:
        """Note that something does not come along; ``what`` is a sentence ``refi.dropped_<what>``."""
        if n:
            self.dropped[what] += n


@dataclass(frozen=True)
class Found:
    """A project of another program as entities of a study.

    Parameters
    ----------
    origin
        The program that wrote it, as the file says.
    state
        Entities by kind and guid, with the fields that are known of them.
    texts
        The text of each document, by its guid.
    read, kept
        How many there were of each thing in the file, and how many have a place.
    dropped
        How often each thing that has no place occurred, by the name of its sentence.
    doubts
        What was decided while reading, and what wants a person's eye.
    warnings
        The same of single documents, by guid.
    decision
        How the positions were found to be counted; ``None`` when there were none to count.
    breaches
        Where the file does not keep the rules of the standard.
    """

    origin: str
    state: State
    texts: dict[str, str] = field(repr=False)
    read: dict[str, int]
    kept: dict[str, int]
    dropped: dict[str, int]
    doubts: Sequence[Doubt] = ()
    warnings: dict[str, list[Doubt]] = field(default_factory=dict)
    decision: Decision | None = None
    breaches: Sequence[Breach] = ()
