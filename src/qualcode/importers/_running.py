"""Turns of running text: a turn starts at a label, and what has no label continues it. Knows lines, not formats."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import accumulate

from qualcode.importers._heads import Plan, Sheet, plan
from qualcode.importers._lines import STAMP, Head, bare_stamp, trailing_stamp
from qualcode.importers._reading import Doubt, Turns, places
from qualcode.spans import trimmed

_LONG_PREAMBLE = 100


@dataclass(slots=True)
class _Draft:
    """Turns while they grow; the last one is open."""

    text: str
    start: list[int] = field(default_factory=list)
    end: list[int] = field(default_factory=list)
    label: list[str | None] = field(default_factory=list)
    time: list[str | None] = field(default_factory=list)
    gaps: list[tuple[int, int, int]] = field(default_factory=list)
    empty: list[int] = field(default_factory=list)
    opened: tuple[str | None, str | None, int] | None = None
    filled: bool = False
    gap: int | None = None

    def open(self, label: str | None, time: str | None, line: int) -> None:
        self.close()
        self.opened, self.filled, self.gap = (label, time, line), False, None

    def close(self) -> None:
        if self.opened and not self.filled:
            self.empty.append(self.opened[2] + 1)
        self.opened = None

    def skip(self, start: int) -> None:
        """Nobody's words start here; they become a gap if the turn goes on after them."""
        if self.filled and self.gap is None:
            self.gap = start

    def extend(self, start: int, end: int) -> None:
        start, end = trimmed(self.text, start, end)
        if start == end or self.opened is None:
            return
        words, stamp = trailing_stamp(self.text[start:end]) if self.text[end - 1] in "])>}#" else (end - start, None)
        if not self.filled:
            label, time, _ = self.opened
            self.start.append(start)
            self.end.append(start + words)
            self.label.append(label)
            self.time.append(time)
            self.filled = True
        else:
            if self.gap is not None:
                self.gaps.append((len(self.start) - 1, self.gap, start))
            self.end[-1] = start + words
        self.gap = start + words if stamp else None
        if stamp and self.time[-1] is None:
            self.time[-1] = stamp


def _as_pattern(h: Head) -> str:
    """Return what finds this label, and any other number where it has one."""
    escaped = re.escape(h.label)
    return re.sub(r"\d+$", lambda _: r"\d{1,2}", escaped) if h.shape.sort == "id" else escaped


def _splitter(judged: Plan) -> re.Pattern[str] | None:
    """Return what finds a known label with its mark after the end of a sentence."""
    ways_to_write = {
        (_as_pattern(h), h.mark) for h in judged.heads.values() if h.mark in {":", "[", "-"} and (h.mark != "-" or h.shape.sort == "id")
    }
    colon, dashed, cased = (sorted({label for label, m in ways_to_write if m == mark}, key=len, reverse=True) for mark in (":", "-", "["))
    ways = []
    if colon:
        ways.append(rf"(?P<colon>{'|'.join(colon)})[ \xa0]*:(?=\s)")
    if dashed:
        ways.append(rf"(?P<dash>{'|'.join(dashed)})[ \xa0]+[-–—](?=\s)")
    if cased:
        ways.append(rf"\[(?P<cased>{'|'.join(cased)})\](?=\s)")
    if not ways:
        return None
    return re.compile(rf"(?<=[.?!…\])\"”’'—-])[ \t\xa0]+(?P<time>[\[(]?{STAMP}[\])]?[ \t]*)?(?:{'|'.join(ways)})")


def _paragraphs(sheet: Sheet, judged: Plan, offsets: list[int]) -> Iterator[tuple[int, int, int]]:
    """Yield first line, start and end of each paragraph of a text without labels."""
    lines = sheet.lines
    filled = [i for i in range(judged.first, len(lines)) if i not in judged.blank]
    blocks = any(i - 1 in judged.blank for i in filled)
    joined = blocks and bool(filled) and max(len(lines[i]) for i in filled) <= 120  # noqa: PLR2004
    first: int | None = None
    for i in range(judged.first, len(lines) + 1):
        stops = i == len(lines) or i in judged.blank or i in judged.aside or i in judged.stamps
        if first is not None and (stops or not joined):
            yield first, offsets[first], offsets[i] - 1
            first = None
        if not stops and first is None:
            first = i


def turns_of(sheet: Sheet) -> tuple[Turns, list[Doubt]]:
    r"""Return the turns in the lines of a text, and what was doubtful.

    Parameters
    ----------
    sheet
        The lines; the text is those joined by ``\n``.
    """
    judged = plan(sheet)
    text = "\n".join(sheet.lines)
    offsets = [0, *accumulate(len(line) + 1 for line in sheet.lines)]
    draft = _Draft(text)
    doubts: list[Doubt] = []
    if judged.heads:
        split, preamble = _fill(draft, sheet, judged=judged, offsets=offsets)
        doubts += _doubts(judged, draft, split=split, preamble=preamble)
    else:
        for first, start, end in _paragraphs(sheet, judged, offsets):
            time = bare_stamp(sheet.lines[first - 1]) if first - 1 in judged.stamps else None
            draft.open(None, time, first)
            draft.extend(start, end)
        draft.close()
    return Turns(draft.start, draft.end, draft.label, draft.time, draft.gaps), doubts


def _fill(draft: _Draft, sheet: Sheet, *, judged: Plan, offsets: list[int]) -> tuple[list[int], int]:
    """Walk the lines once; return where a paragraph held two speakers, and how many words came before the first."""
    split: list[int] = []
    preamble = 0
    time: str | None = None
    splitter = _splitter(judged)
    for i in range(judged.first, len(sheet.lines)):
        if i in judged.blank:
            continue
        line, offset = sheet.lines[i], offsets[i]
        h = judged.heads.get(i)
        if i in judged.stamps:
            time = bare_stamp(line)
            if draft.opened and not draft.filled and draft.opened[1] is None:
                draft.opened, time = (draft.opened[0], time, draft.opened[2]), None
            draft.skip(offset)
        elif h is None and i in judged.aside:
            draft.skip(offset)
        else:
            if h is not None:
                draft.open(h.label, h.time or time, i)
            elif draft.opened is None:
                preamble += len(line.split())
            time = None
            start = h.words if h else 0
            if splitter is not None and draft.opened is not None:
                for found in splitter.finditer(line, start):
                    draft.extend(offset + start, offset + found.start())
                    draft.open(
                        found["colon"] if "colon" in found.re.groupindex and found["colon"] else _other(found), bare_stamp(found["time"]), i
                    )
                    start = found.end()
                    split.append(i + 1)
            draft.extend(offset + start, offset + len(line))
    draft.close()
    return split, preamble


def _other(found: re.Match[str]) -> str:
    return next(found[name] for name in ("dash", "cased") if name in found.re.groupindex and found[name])


def _doubts(judged: Plan, draft: _Draft, *, split: list[int], preamble: int) -> list[Doubt]:
    doubts: list[Doubt] = []
    if preamble >= _LONG_PREAMBLE:
        doubts.append(Doubt("importers.preamble", {"n": preamble, "line": min(judged.heads) + 1}))
    if judged.unsure:
        doubts.append(Doubt("importers.header", {"n": len(judged.unsure), "lines": places([i + 1 for i in judged.unsure])}))
    if judged.guessed:
        doubts.append(Doubt("importers.unmarked", {"n": len(judged.guessed), "lines": places([i + 1 for i in judged.guessed])}))
    if split:
        doubts.append(Doubt("importers.split", {"n": len(split), "lines": places(split)}))
    if draft.empty:
        doubts.append(Doubt("importers.empty_turn", {"n": len(draft.empty), "lines": places(draft.empty)}))
    if judged.repeated:
        doubts.append(Doubt("importers.repeated", {"n": judged.repeated}))
    return doubts
