"""Files of answers (CSV, JSONL): one row a text, in order, empty and equal rows too."""

from __future__ import annotations

import csv
import json
from io import StringIO
from pathlib import Path

import pandas as pd

from qualcode.errors import BadFile
from qualcode.importers._files import content_of
from qualcode.importers._grid import _delimiter
from qualcode.importers._text import decode
from qualcode.labels import listed

JSON_LINES = (".jsonl", ".ndjson")
_SUFFIXES = (".csv", ".tsv", ".txt", *JSON_LINES)


def answers(path: Path, *, needs: tuple[str, ...] = ("text",)) -> pd.DataFrame:
    """Read a file with one answer a row.

    Parameters
    ----------
    path
        A CSV file whose first row names the columns, or a JSONL file with one object a line.
    needs
        Columns that must be there.

    Returns
    -------
    pandas.DataFrame
        The columns of the file, as text, missing cells empty; one row a row of the file.

    Raises
    ------
    BadFile
        When the file cannot be read, has no rows, or lacks a column.
    """
    text, _ = decode(content_of(path, _SUFFIXES), path.name)
    frame = _of_lines(text, path.name) if path.suffix.lower() in JSON_LINES else _of_csv(text, path.name)
    lacking = [name for name in needs if name not in frame]
    if lacking:
        raise BadFile("discovery.no_column", file=path.name, lacking=listed(lacking), there=listed([str(name) for name in frame]))
    if frame.empty:
        raise BadFile("discovery.no_rows", file=path.name)
    return frame


def _of_csv(text: str, file: str) -> pd.DataFrame:
    before = csv.field_size_limit(max(len(text), 131_072))
    try:
        # a line without anything is no row; a row whose only cell is empty is written as ""
        rows = [row for row in csv.reader(StringIO(text, newline=""), delimiter=_delimiter(text), strict=True) if row]
    except csv.Error as error:
        raise BadFile("discovery.bad_csv", file=file, reason=str(error)) from error
    finally:
        csv.field_size_limit(before)
    if not rows:
        raise BadFile("discovery.no_rows", file=file)
    header = [cell.strip().removeprefix("\ufeff").lower() for cell in rows[0]]
    long = next((number for number, row in enumerate(rows, 1) if len(row) > len(header)), None)
    if long is not None:
        raise BadFile("discovery.long_row", file=file, row=long, columns=len(header), cells=len(rows[long - 1]))
    return pd.DataFrame(
        {name: [row[place] if place < len(row) else "" for row in rows[1:]] for place, name in enumerate(header)}, dtype="str"
    )


def _of_lines(text: str, file: str) -> pd.DataFrame:
    rows: list[dict[str, str]] = []
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            read = json.loads(line)
        except json.JSONDecodeError as error:
            raise BadFile("discovery.bad_line", file=file, line=number) from error
        if not isinstance(read, dict):
            raise BadFile("discovery.bad_line", file=file, line=number)
        rows.append({str(name).lower(): _shown(value) for name, value in read.items()})
    return pd.DataFrame(rows, dtype="str").fillna("")


def _shown(value: object) -> str:
    if value is None:
        return ""
    return "|".join(map(str, value)) if isinstance(value, list) else str(value)
