"""Subtitles (WebVTT and SubRip) become turns: the cues of one speaker in a row are one turn."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape

from qualcode.errors import BadFile
from qualcode.importers._heads import Sheet, plan
from qualcode.importers._reading import Doubt, Turns
from qualcode.importers._rows import Row, spoken
from qualcode.importers._text import decode

_MOMENT = r"(?:\d+:)?(?:\d{1,2}:)?\d{1,3}(?:[.,]\d{1,6})?"
_TIMING = re.compile(rf"^\s*(?P<start>{_MOMENT})\s*-->\s*{_MOMENT}(?:\s.*)?$")
_VOICE = re.compile(r"<v(?:\.[^\s>]*)?[ \t]+(?P<name>[^>]+)>")
_TAG = re.compile(r"</?[a-zA-Z][^>]*>|<[\d:.]+>|\{\\[^}]*\}")


@dataclass(frozen=True, slots=True)
class Cue:
    """One cue: its start as written and its lines."""

    start: str
    lines: tuple[str, ...]


def cues(text: str) -> tuple[list[Cue], int]:
    """Return the cues of a subtitle file, and how many arrows it has.

    Hours and minutes may be missing, and so may the blank line between cues.
    """
    found: list[Cue] = []
    arrows = 0
    start: str | None = None
    payload: list[str] = []

    def close() -> None:
        if start is not None:
            found.append(Cue(start, tuple(payload)))

    for line in text.split("\n"):
        if "-->" in line:
            arrows += 1
            timing = _TIMING.match(line)
            if timing:
                # without a blank line the number of the next cue would be said by this one
                if payload and payload[-1].strip().isdigit():
                    payload.pop()
                close()
                start, payload = timing["start"], []
        elif start is not None and not line.strip():
            close()
            start, payload = None, []
        elif start is not None:
            payload.append(line)
    close()
    return found, arrows


def _plain(words: str) -> str:
    return " ".join(unescape(_TAG.sub("", words)).split())


def _voices(cue: Cue) -> Iterator[Row]:
    """Yield the voices of one cue: ``<v Name>`` with or without its closing tag."""
    payload = "\n".join(cue.lines)
    label: str | None = None
    at = 0
    for voice in _VOICE.finditer(payload):
        yield label, cue.start, _plain(payload[at : voice.start()])
        label, at = " ".join(unescape(voice["name"]).split()), voice.end()
    yield label, cue.start, _plain(payload[at:])


def _labelled(found: list[Cue]) -> Iterator[Row]:
    """Yield lines of cues with the label before their colon, where the whole file shows that it is one."""
    lines = [(cue.start, _plain(line)) for cue in found for line in cue.lines]
    heads = plan(Sheet([line for _, line in lines])).heads
    for i, (start, line) in enumerate(lines):
        head = heads.get(i)
        yield (head.label, start, line[head.words :]) if head else (None, start, line)


def _unlabelled(found: list[Cue]) -> Iterator[Row]:
    return ((None, cue.start, " ".join(_plain(line) for line in cue.lines)) for cue in found)


def read_cues(data: bytes, file: str) -> tuple[str, Turns, list[Doubt]]:
    """Return text and turns of a subtitle file.

    Raises
    ------
    BadFile
        When there is not one cue in it.
    """
    source, doubts = decode(data, file)
    found, arrows = cues(source)
    if not found:
        raise BadFile("importers.no_cues", file=file)
    rows: list[Row]
    if any("<v" in line for cue in found for line in cue.lines):
        rows = [row for cue in found for row in _voices(cue)]
    else:
        rows = list(_labelled(found))
        if all(label is None for label, _, _ in rows):
            rows = list(_unlabelled(found))
    text, turns = spoken(rows, together=True)
    missed = [Doubt("importers.cues", {"read": len(found), "n": arrows})] if arrows != len(found) else []
    return text, turns, [*doubts, *missed]
