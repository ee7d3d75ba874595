"""Files of answers (CSV, JSONL): one row a text, in order, empty and equal rows too."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator
from io import StringIO
from pathlib import Path

import pandas as pd

from qualcode.errors import BadFile
from qualcode.importers._files import content_of
from qualcode.importers._grid import delimiter
from qualcode.importers._text import decode
from qualcode.labels import listed

JSON_LINES = (".jsonl", ".ndjson")
_SUFFIXES = (".csv", ".tsv", ".txt", *JSON_LINES)
# the most that csv can be told on every system
_LONGEST_CELL = 2**31 - 1


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
    rows = list(csv_rows(StringIO(text, newline=""), file, delimiter(text)))
    return pd.DataFrame(
        {name: [row[place] if place < len(row) else "" for row in rows[1:]] for place, name in enumerate(rows[0])}, dtype="str"
    )


def csv_rows(lines: Iterable[str], file: str, delimiter: str) -> Iterator[list[str]]:
    """Yield the rows of a CSV file, first the names of its columns in lower case. A line without anything is no row.

    Raises
    ------
    BadFile
        When there is not even a first row, when a quotation mark is out of place, or when a row has more cells than there are columns.
    """
    before = csv.field_size_limit(_LONGEST_CELL)
    header: list[str] | None = None
    try:
        # a row whose only cell is empty is written as ""
        for number, row in enumerate((row for row in csv.reader(lines, delimiter=delimiter, strict=True) if row), 1):
            if header is None:
                header = [cell.strip().removeprefix("\ufeff").lower() for cell in row]
                yield header
                continue
            if len(row) > len(header):
                raise BadFile("discovery.long_row", file=file, row=number, columns=len(header), cells=len(row))
            yield row
    except csv.Error as error:
        raise BadFile("discovery.bad_csv", file=file, reason=str(error)) from error
    finally:
        csv.field_size_limit(before)
    if header is None:
        raise BadFile("discovery.no_rows", file=file)


def _of_lines(text: str, file: str) -> pd.DataFrame:
    return pd.DataFrame(list(json_objects(text.split("\n"), file)), dtype="str").fillna("")


def json_objects(lines: Iterable[str], file: str) -> Iterator[dict[str, str]]:
    """Yield the objects of a JSONL file, their values as text; a blank line is none.

    Raises
    ------
    BadFile
        When a line is no JSON object.
    """
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            read = json.loads(line)
        except json.JSONDecodeError as error:
            raise BadFile("discovery.bad_line", file=file, line=number) from error
        if not isinstance(read, dict):
            raise BadFile("discovery.bad_line", file=file, line=number)
        yield {str(name).lower(): _shown(value) for name, value in read.items()}


def _shown(value: object) -> str:
    if value is None:
        return ""
    return "|".join(map(str, value)) if isinstance(value, list) else str(value)
