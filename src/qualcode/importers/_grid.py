"""Tables in files (csv and xlsx) become rows of cells, with the line each row stands on. Knows no columns."""

from __future__ import annotations

import csv
import datetime as dt
from dataclasses import dataclass
from io import BytesIO, StringIO
from typing import Any

from qualcode.errors import BadFile
from qualcode.importers._reading import Doubt
from qualcode.importers._text import decode
from qualcode.importers._zipped import opened, part

_DELIMITERS = (",", ";", "\t", "|")
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Grid:
    """A table as it stands in a file.

    Parameters
    ----------
    rows
        The cells, as text; rows without any words are left out.
    lines
        For each row the line of the file (csv) or the row of the sheet (xlsx), from 1.
    sheet
        Name of the sheet; empty for csv.
    """

    rows: list[list[str]]
    lines: list[int]
    sheet: str = ""


def delimiter(text: str) -> str:
    """Return what separates the cells: what stands most outside quotes in the first line with any."""
    for line in text.split("\n", 20)[:20]:
        bare = "".join(line.split('"')[::2])
        counts = {mark: bare.count(mark) for mark in _DELIMITERS}
        best = max(counts, key=lambda mark: counts[mark])
        if counts[best]:
            return best
    return ","


def without_guard(rows: list[list[str]]) -> list[list[str]]:
    """Return the cells as they were before they were guarded against Excel.

    A guarded file has a quote before every cell that Excel would take for a formula, and before every cell that starts
    with a quote. So a file with one cell that should have been guarded and is not, is verbatim.

    Examples
    --------
    >>> without_guard([["'=1+1", "''t is"]])
    [['=1+1', "'t is"]]
    >>> without_guard([["'=1+1", "'t is"]])
    [["'=1+1", "'t is"]]
    """
    cells = [cell for row in rows for cell in row if cell]
    if any(cell.startswith(_DANGEROUS) or (cell[0] == "'" and not cell[1:].startswith((*_DANGEROUS, "'"))) for cell in cells):
        return rows
    return [[cell[1:] if cell[:1] == "'" else cell for cell in row] for row in rows]


def csv_grid(data: bytes, file: str) -> tuple[Grid, list[Doubt]]:
    """Return the rows of a csv file.

    Parameters
    ----------
    data
        The bytes of the file.
    file
        Its name, for messages.

    Raises
    ------
    BadFile
        When quotes do not match, or no row holds anything.
    """
    text, doubts = decode(data, file)
    mark = delimiter(text)
    if text[:4].lower() == "sep=" and len(text) > 4:  # noqa: PLR2004
        mark = text[4]
    reader = csv.reader(StringIO(text, newline=""), delimiter=mark, strict=True)
    rows: list[list[str]] = []
    lines: list[int] = []
    while True:
        line = reader.line_num + 1
        try:
            row = next(reader)
        except StopIteration:
            break
        except csv.Error:
            raise BadFile("importers.broken_csv", file=file, line=line) from None
        if any(cell.strip() for cell in row) and not (line == 1 and row[0].lower() == "sep="):
            rows.append(row)
            lines.append(line)
    if not rows:
        raise BadFile("importers.empty", file=file)
    return Grid(rows, lines), list(doubts)


def _as_text(cell: Any) -> str:
    """Return a cell of a sheet as it is meant: 3.0 is 3, a moment is ISO 8601, yes and no are Dutch."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "ja" if cell else "nee"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, dt.datetime | dt.date | dt.time):
        return cell.isoformat()
    if isinstance(cell, dt.timedelta):
        return str(cell)
    return str(cell)


def xlsx_grids(data: bytes, file: str) -> list[Grid]:
    """Return the sheets of a workbook that hold anything.

    Raises
    ------
    BadFile
        When the workbook is damaged.
    """
    import warnings

    import openpyxl

    with opened(data, file) as archive:
        for name in archive.namelist():
            part(archive, name, file=file)
    with warnings.catch_warnings():
        # openpyxl warns of styles and drop-down lists, which are no part of the table
        warnings.simplefilter("ignore", UserWarning)
        try:
            book = openpyxl.load_workbook(BytesIO(data), data_only=True)
        except (AttributeError, IndexError, KeyError, OSError, SyntaxError, TypeError, ValueError):
            raise BadFile("importers.damaged_zip", file=file) from None
    grids = []
    for sheet in book.worksheets:
        cells = [(i, [_as_text(cell) for cell in row]) for i, row in enumerate(sheet.iter_rows(values_only=True), start=1)]
        filled = [(i, row) for i, row in cells if any(cell.strip() for cell in row)]
        if filled:
            grids.append(Grid([row for _, row in filled], [i for i, _ in filled], sheet.title))
    if not grids:
        raise BadFile("importers.empty", file=file)
    return grids
