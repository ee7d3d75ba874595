"""Notes that stand for something a study has a field for: the round of a coding, a value of a dimension."""

from __future__ import annotations

from functools import cache
from typing import Any

from qualcode.refi.exchange import Note, derived


@cache
def dimension_note(name: str, value: Any) -> str:
    """Return the guid of the note that stands for a value of a dimension."""
    return derived("dimension", name.strip(), str(value).strip())


@cache
def layer_note(layer: str) -> str:
    """Return the guid of the note that stands for a round of coding."""
    return derived("layer", layer.strip())


def meaning_of(note: Note) -> tuple[str, str] | None:
    """Return the dimension and value that a note stands for, or no name and a round; ``None`` for a note of a person."""
    if note.guid == dimension_note(note.name, note.text):
        return note.name, note.text
    return ("", note.text) if note.guid == layer_note(note.text) else None


def text_of(note: Note) -> str:
    """Return a note with its title on top."""
    return f"{note.name}\n\n{note.text}" if note.name and not note.text.startswith(note.name) else note.text
