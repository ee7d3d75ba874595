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


def _segments(found: Any) -> list[dict[str, Any]] | None:
    """Return the pieces of a transcript: a list, or what Whisper, WhisperX, Amberscript, podcasts or whisper.cpp keep it under."""
    pieces = found if isinstance(found, list) else found.get("segments", found.get("transcription")) if isinstance(found, dict) else None
    good = isinstance(pieces, list) and pieces and all(isinstance(piece, dict) for piece in pieces)
    return pieces if good else None


def _dicts(found: Any) -> list[dict[str, Any]]:
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def _first(piece: dict[str, Any], *names: str) -> Any:
    return next((piece[name] for name in names if piece.get(name) is not None), None)


def _said(pieces: list[dict[str, Any]], names: dict[str, str]) -> Iterator[Row]:
    """Yield label, moment and words of every piece; a piece without words of its own has a list of them."""
    for piece in pieces:
        words = _dicts(piece.get("words"))
        text = _first(piece, "text", "body")
        if text is None:
            text = " ".join(str(_first(word, "text", "word") or "") for word in words)
        moments = {
            name: at for one in (*words[:1], *_dicts([piece.get("timestamps")]), piece) for name, at in one.items() if at is not None
        }
        begun = _first(moments, "start", "startTime", "from")
        speaker = str(_first(piece, "speaker", "speaker_label") or "")
        label = names.get(speaker, speaker) or None
        yield label, None if begun is None else str(begun), str(text)


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
    except (json.JSONDecodeError, RecursionError) as damage:
        raise BadFile("importers.broken_json", file=file, line=getattr(damage, "lineno", 1)) from None
    pieces = _segments(found)
    if pieces is not None:
        speakers = _dicts(found.get("speakers")) if isinstance(found, dict) else []
        names = {str(speaker.get("spkid")): str(speaker.get("name")) for speaker in speakers}
        text, turns = spoken(_said(pieces, names), together=True)
    elif isinstance(found, dict) and isinstance(found.get("text"), str):
        text, turns = spoken([(None, None, found["text"])])
    else:
        raise BadFile("importers.no_segments", file=file)
    return text, turns, list(doubts)
