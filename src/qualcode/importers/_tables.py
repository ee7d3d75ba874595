"""Tables with one turn a row, and transcripts as JSON, become turns."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from qualcode.errors import BadFile
from qualcode.importers._columns import Columns, columns_of
from qualcode.importers._grid import Grid, csv_grid, xlsx_grids
from qualcode.importers._reading import Doubt, Turns
from qualcode.importers._rows import Row, spoken
from qualcode.importers._text import decode, tidy
from qualcode.labels import listed


def _rows(grid: Grid, columns: Columns) -> Iterator[Row]:
    def cell(row: list[str], column: int | None) -> str | None:
        return (tidy(row[column]).strip() or None) if column is not None and column < len(row) else None

    for row in grid.rows[columns.first :]:
        label = cell(row, columns.speaker)
        yield (label.rstrip(":").strip() or None if label else None), cell(row, columns.time), cell(row, columns.text) or ""


def _spoken(grid: Grid, file: str) -> tuple[str, Turns, list[Doubt]]:
    columns = columns_of(grid.rows)
    if columns is None:
        raise BadFile("importers.no_text_column", file=file, n=len(grid.rows[0]))
    text, turns = spoken(_rows(grid, columns))
    if not columns.first:
        return text, turns, []
    header = grid.rows[columns.first - 1]
    used = {columns.text, columns.speaker, columns.time}
    left = [name.strip() for i, name in enumerate(header) if i not in used and name.strip()]
    return text, turns, [Doubt("importers.columns_left", {"columns": listed(left)})] if left else []


def read_csv(data: bytes, file: str) -> tuple[str, Turns, list[Doubt]]:
    """Return text and turns of a csv file with one turn a row.

    Raises
    ------
    BadFile
        When no column holds the words.
    """
    grid, doubts = csv_grid(data, file)
    text, turns, found = _spoken(grid, file)
    return text, turns, doubts + found


def read_xlsx(data: bytes, file: str) -> tuple[str, Turns, list[Doubt]]:
    """Return text and turns of the first sheet with turns, one a row.

    Raises
    ------
    BadFile
        When no sheet has a column that holds the words.
    """
    grids = xlsx_grids(data, file)
    chosen = next((grid for grid in grids if columns_of(grid.rows) is not None), grids[0])
    text, turns, doubts = _spoken(chosen, file)
    others = [grid.sheet for grid in grids if grid is not chosen]
    return text, turns, [*doubts, Doubt("importers.sheets_left", {"read": chosen.sheet, "sheets": listed(others)})] if others else doubts


def _segments(found: Any) -> Iterator[Row]:
    """Yield the segments of Whisper, WhisperX, Amberscript and podcast transcripts."""
    names = {str(s.get("spkid")): str(s.get("name")) for s in found.get("speakers") or [] if isinstance(s, dict)}
    for segment in found["segments"]:
        words = segment.get("text") or segment.get("body")
        if words is None:
            words = " ".join(str(word.get("text") or word.get("word") or "") for word in segment.get("words") or [])
        start = segment.get("start", segment.get("startTime"))
        speaker = segment.get("speaker")
        label = names.get(str(speaker), str(speaker)) if speaker not in {None, ""} else None
        yield label, None if start is None else str(start), str(words)


def read_json(data: bytes, file: str) -> tuple[str, Turns, list[Doubt]]:
    """Return text and turns of a transcript as speech recognition writes it.

    Raises
    ------
    BadFile
        When it is no JSON, or has no segments with words.
    """
    source, doubts = decode(data, file)
    try:
        found = json.loads(source)
    except json.JSONDecodeError as damage:
        raise BadFile("importers.broken_json", file=file, line=damage.lineno) from None
    segments = found.get("segments") if isinstance(found, dict) else None
    if isinstance(segments, list) and segments and all(isinstance(segment, dict) for segment in segments):
        text, turns = spoken(_segments(found), together=True)
    elif isinstance(found, dict) and isinstance(found.get("text"), str):
        text, turns = spoken([(None, None, found["text"])])
    else:
        raise BadFile("importers.no_segments", file=file)
    return text, turns, list(doubts)
