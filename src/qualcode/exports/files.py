"""Tables become files: CSV, Excel and Parquet; the same study gives the same bytes."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd

from qualcode.errors import Refused
from qualcode.labels import say
from qualcode.writing import whole_or_not

Progress = Callable[[str, int, int], None]

_TIMELESS = datetime(1980, 1, 1, tzinfo=UTC)
_LONGEST_CELL = 32_767  # what Excel keeps in a cell
_ROOMY, _NARROW = 60, 8


def to_csv(frame: pd.DataFrame, target: Path, *, excel: bool = False) -> Path:
    """Write a table as CSV, its words verbatim.

    Parameters
    ----------
    frame
        The table.
    target
        The file.
    excel
        Guard it for opening in Excel: a quote before what Excel would take for a formula; import undoes it.
    """
    flat = _guarded(_flat(frame)) if excel else _flat(frame)
    encoding = "utf-8-sig" if excel else "utf-8"  # Excel takes a file without a mark for another encoding
    return whole_or_not(target, partial(flat.to_csv, index=False, lineterminator="\n", encoding=encoding))


def to_parquet(frame: pd.DataFrame, target: Path) -> Path:
    """Write a table as Parquet."""
    return whole_or_not(target, partial(_flat(frame).to_parquet, index=False, compression="zstd"))


def to_workbook(frames: dict[str, pd.DataFrame], target: Path, *, progress: Progress | None = None) -> Path:
    """Write one sheet a table; words stay words, also those that begin as a formula does.

    Raises
    ------
    Refused
        When a cell holds more than Excel keeps, or the file is open in another program.
    """
    return whole_or_not(target, partial(_workbook, frames, progress=progress))


def _flat(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the table with lists joined by ``|`` and other structures as JSON."""
    held = {name: frame[name].map(_plain) for name in frame.columns if frame[name].dtype == object}
    return frame.assign(**held)


def _plain(value: Any) -> Any:
    if isinstance(value, list | tuple) and all(isinstance(one, str | int | float) for one in value):
        return "|".join(map(str, value)) or None
    return json.dumps(value, ensure_ascii=False, sort_keys=True) if isinstance(value, dict | list | tuple) else value


def _guarded(frame: pd.DataFrame) -> pd.DataFrame:
    guarded = frame.copy()
    for name in frame.select_dtypes(["object", "string"]):
        words = frame[name].astype("str")
        guarded[name] = frame[name].where(~words.str.match(r"[=+\-@\t\r']"), "'" + words)
    return guarded


def _workbook(frames: dict[str, pd.DataFrame], path: Path, *, progress: Progress | None) -> None:
    from xlsxwriter import Workbook
    from xlsxwriter.exceptions import FileCreateError

    try:
        with Workbook(str(path), {"constant_memory": True}) as book:
            book.set_properties({"author": "qualcode", "created": _TIMELESS})
            bold = book.add_format({"bold": True, "bottom": 1})
            wrapped = book.add_format({"text_wrap": True, "valign": "top"})
            top = book.add_format({"valign": "top"})
            for number, (name, frame) in enumerate(frames.items(), 1):
                if progress:
                    progress(name, number, len(frames))
                sheet = book.add_worksheet(say(f"exports.sheet_{name}"))
                _sheet(sheet, _flat(frame), bold=bold, wrapped=wrapped, top=top)
    except FileCreateError as error:
        raise error.args[0] from error  # what the disk said


def _sheet(sheet: Any, frame: pd.DataFrame, *, bold: Any, wrapped: Any, top: Any) -> None:
    """Write one table: its heads stay in sight, its columns are as wide as what they hold, long words wrap."""
    sheet.freeze_panes(1, 0)
    rows = frame.astype(object).where(frame.notna(), None)
    for column, head in enumerate(frame.columns):
        longest = max([len(str(head)), *(len(str(value)) for value in rows[head].head(500) if value is not None)])
        sheet.set_column(column, column, min(_ROOMY, max(_NARROW, longest + 2)), wrapped if longest > _ROOMY else top)
        sheet.write_string(0, column, str(head), bold)
    if len(frame):
        sheet.autofilter(0, 0, len(frame), max(0, len(frame.columns) - 1))
    for row, values in enumerate(rows.itertuples(index=False, name=None), 1):
        for column, value in enumerate(values):
            if isinstance(value, str):
                if len(value) > _LONGEST_CELL:
                    raise Refused("exports.cell_too_long", sheet=sheet.name, row=row + 1, most=_LONGEST_CELL)
                sheet.write_string(row, column, value)
            elif isinstance(value, bool):
                sheet.write_boolean(row, column, value)
            elif value is not None:
                sheet.write_number(row, column, value)
