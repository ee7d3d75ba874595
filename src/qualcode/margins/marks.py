"""The marks by which a Word file finds its way back: hidden words in our comments, bookmarks around the turns."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

OURS = re.compile(r" ?qc:([0-9a-f]{12}):([0-9a-f]{8})")
_BOOKMARK = re.compile(r"qc_(\d+)_(\d+)")
# Word keeps forty characters of a name
_DOCUMENT = re.compile(r"qcd([0-9a-f]{32})v(\d{1,4})")


@dataclass(frozen=True, slots=True)
class Block:
    """Words that make one paragraph in Word: a turn, or a line of a text without turns."""

    start: int
    end: int
    label: str
    time: str


def sealed(coding: str, text: str) -> str:
    """Return the hidden words of a comment of ours: which coding it is of, and a seal on what it said."""
    return f" qc:{short(coding)}:{_seal(text)}"


def short(guid: str) -> str:
    """Return the beginning of a guid that tells codings of one study apart."""
    return guid.replace("-", "")[:12]


def _seal(text: str) -> str:
    return hashlib.sha256(" ".join(text.split()).encode()).hexdigest()[:8]


def unsealed(hidden: str, text: str) -> tuple[str, bool] | None:
    """Return which coding (:func:`short`) a comment is of and whether its words are still ours; ``None`` for a comment of somebody else."""
    found = OURS.search(hidden)
    return (found[1], found[2] == _seal(text)) if found else None


def turn_mark(block: Block) -> str:
    """Return the name of the bookmark around the words of a paragraph: where they stand in the document."""
    return f"qc_{block.start}_{block.end}"


def marked_turn(name: str) -> tuple[int, int] | None:
    """Return the place that the name of a bookmark gives, or ``None``."""
    found = _BOOKMARK.fullmatch(name)
    return (int(found[1]), int(found[2])) if found else None


def document_mark(guid: str, version: int) -> str:
    """Return the name of the bookmark that says which version of which document this is."""
    return f"qcd{guid.replace('-', '')}v{version}"


def marked_document(name: str) -> tuple[str, int] | None:
    """Return the document (guid without strokes) and version that the name of a bookmark gives, or ``None``."""
    found = _DOCUMENT.fullmatch(name)
    return (found[1], int(found[2])) if found else None
