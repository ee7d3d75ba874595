"""Tables become files: CSV, Excel and Parquet; the same study gives the same bytes."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from io import BytesIO
from itertools import count
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile

import pandas as pd

from qualcode.errors import Refused
from qualcode.labels import say
from qualcode.writing import whole_or_not

Progress = Callable[[str, int, int], None]

_TIMELESS = datetime(1980, 1, 1, tzinfo=UTC)
_LONGEST_CELL = 32_767  # what Excel keeps in a cell
_ROOMY, _NARROW = 60, 8
_LOOKED_AT = 500  # rows, to see how wide a column is to be
_COLUMN_LOOKS = re.compile(r'<col min="(\d+)" max="(\d+)"[^>]* style="(\d+)"')
_SIZE = re.compile(r'<dimension ref="[^"]*"/>')
# an underscore counts where it would be read as such a number itself
_NUMBERED = re.compile(r"[\x00-\x08\x0b-\x1f\ufffe\uffff\ud800-\udfff]|_(?=x[0-9A-Fa-f]{4}_)")


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

    flat = {name: _flat(frame) for name, frame in frames.items()}
    shell = BytesIO()
    with Workbook(shell, {"in_memory": True}) as book:
        book.set_properties({"author": "qualcode", "created": _TIMELESS})
        bold = book.add_format({"bold": True, "bottom": 1})
        wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        top = book.add_format({"valign": "top"})
        for name, frame in flat.items():
            _sheet(book.add_worksheet(say(f"exports.sheet_{name}")), frame, bold=bold, wrapped=wrapped, top=top)
    sheets = dict(zip((f"xl/worksheets/sheet{n}.xml" for n in count(1)), flat.items(), strict=False))
    with ZipFile(shell) as made, ZipFile(path, "w", ZIP_DEFLATED) as whole:
        for info in made.infolist():
            data = made.read(info)
            if info.filename in sheets:
                name, frame = sheets[info.filename]
                if progress:
                    progress(name, list(flat).index(name) + 1, len(flat))
                data = _filled(data.decode(), frame).encode()
            whole.writestr(info, data, ZIP_DEFLATED)


def _sheet(sheet: Any, frame: pd.DataFrame, *, bold: Any, wrapped: Any, top: Any) -> None:
    """Make the sheet of a table: its heads stay in sight, its columns are as wide as what they hold, long words wrap."""
    sheet.freeze_panes(1, 0)
    for column, head in enumerate(frame.columns):
        lengths = frame[head].dropna().astype("str").str.len()
        if len(lengths) and lengths.max() > _LONGEST_CELL:
            row = list(frame.index).index(lengths.idxmax()) + 2
            raise Refused("exports.cell_too_long", sheet=sheet.name, row=row, most=_LONGEST_CELL)
        longest = max(len(str(head)), *lengths.head(_LOOKED_AT), 0)
        sheet.set_column(column, column, min(_ROOMY, max(_NARROW, longest + 2)), wrapped if longest > _ROOMY else top)
        sheet.write_string(0, column, str(head), bold)
    if len(frame):
        sheet.autofilter(0, 0, len(frame), max(0, len(frame.columns) - 1))


def _filled(sheet: str, frame: pd.DataFrame) -> str:
    """Return a sheet with the rows of its table; a column at a time, since cell by cell takes the library four times as long."""
    from xlsxwriter.utility import xl_col_to_name

    if frame.empty:
        return sheet
    looks = {int(n): style for first, last, style in _COLUMN_LOOKS.findall(sheet) for n in range(int(first) - 1, int(last))}
    columns = [_cells(frame[head], xl_col_to_name(n), looks[n]) for n, head in enumerate(frame.columns)]
    rows = "".join(f'<row r="{n}">{"".join(cells)}</row>' for n, cells in enumerate(zip(*columns, strict=True), 2))
    size = f'<dimension ref="A1:{xl_col_to_name(len(columns) - 1)}{len(frame) + 1}"/>'
    return _SIZE.sub(size, sheet, count=1).replace("</sheetData>", f"{rows}</sheetData>")


def _cells(values: pd.Series[Any], column: str, look: str) -> list[str]:
    held = values.astype(object).where(values.notna(), None).tolist()
    return [_cell(value, f'r="{column}{row}" s="{look}"') for row, value in enumerate(held, 2)]


def _cell(value: Any, where: str) -> str:
    """Return a cell: words as words, also where they begin as a formula does."""
    if value is None or value == "":
        return ""
    if isinstance(value, str):
        shown = value if value.isprintable() and "_x" not in value else _coded(value)
        return f'<c {where} t="inlineStr"><is><t xml:space="preserve">{escape(shown)}</t></is></c>'
    return f'<c {where} t="b"><v>{value:d}</v></c>' if isinstance(value, bool) else f"<c {where}><v>{value}</v></c>"


def _coded(value: str) -> str:
    """Return words with what XML cannot hold as Excel writes it: by its number."""
    return _NUMBERED.sub(lambda found: f"_x{ord(found[0]):04X}_", value)
