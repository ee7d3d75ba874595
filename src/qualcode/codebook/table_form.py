"""The codebook as CSV and XLSX: tables that people fill in, sort and correct in a spreadsheet."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from qualcode.codebook.assemble import assembled
from qualcode.codebook.book import Codebook
from qualcode.codebook.columns import COLUMNS, DERIVED, column, rows, value_of_cell
from qualcode.codebook.entries import CodeEntry, Contents, DimensionEntry, HeadEntry, Mistake, PairEntry, Raw, entries
from qualcode.labels import say

if TYPE_CHECKING:
    from openpyxl import Workbook

SORT = "soort"
SHEETS = {
    "codes": "code",
    "dimensies": "dimensie",
    "verwarparen": "verwarpaar",
    "regels": "regel",
    "gespreksleidraad": "gespreksvraag",
    "codeboek": "codeboek",
}
_WIDE = frozenset({"definition", "include", "exclude", "examples", "rule", "text"})

# a row of a table: its line, its kind, its cells by column
Line = tuple[int, str, dict[str, str]]

_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0d\x0e-\x1f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")


def write_csv(book: Codebook) -> bytes:
    """Return the codebook as CSV: comma, UTF-8, every text as it is."""
    titles = list(dict.fromkeys([SORT, *COLUMNS["code"], *(name for names in COLUMNS.values() for name in names)]))
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, titles, restval="", lineterminator="\r\n")
    writer.writeheader()
    writer.writerows({SORT: kind, **cells} for kind, cells in rows(book))
    return out.getvalue().encode()


def write_xlsx(book: Codebook) -> bytes:
    """Return the codebook as a workbook with one sheet a kind; every cell is text, also one that starts with ``=``."""
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font

    written = list(rows(book))
    workbook = Workbook()
    workbook.remove(workbook.active)
    for title, kind in SHEETS.items():
        sheet = workbook.create_sheet(title)
        names = COLUMNS[kind]
        lines = [list(names), *([cells[name] for name in names] for of, cells in written if of == kind)]
        for row, line in enumerate(lines, start=1):
            for place, text in enumerate(line, start=1):
                if text:
                    cell = sheet.cell(row, place, _escaped(text))
                    cell.data_type, cell.number_format = "s", "@"
                    cell.alignment = Alignment(vertical="top", wrap_text=names[place - 1] in _WIDE)
                    cell.font = Font(bold=row == 1)
        for place, name in enumerate(names):
            sheet.column_dimensions[chr(ord("A") + place)].width = 48 if name in _WIDE else 16
        sheet.freeze_panes = "A2"
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


def _escaped(text: str) -> str:
    """Write what XML cannot hold, and what would be read as such a code, the way spreadsheets do: ``_x000D_``."""
    return _NOT_XML.sub(lambda found: f"_x{ord(found[0]):04X}_", text)


def _unescaped(text: str) -> str:
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)


def parse_csv(text: str, mistakes: list[Mistake]) -> Codebook:
    """Return the codebook of a CSV text; comma, semicolon and tab are understood."""
    first = text.split("\n", 1)[0]
    known = {SORT, *DERIVED, *(name for names in COLUMNS.values() for name in names)}
    comma = max(",;\t", key=lambda sign: sum(column(title.strip('"')) in known for title in first.strip("\r").split(sign)))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=comma, strict=True)
    lines: list[tuple[int, list[str]]] = []
    at = 1
    try:
        for cells in reader:
            lines.append((at, cells))
            at = reader.line_num + 1
    except csv.Error:
        mistakes.append(Mistake(at, "codebook.not_csv", {}))
        return Codebook()
    titles, found = _titled(lines, "code", mistakes)
    return _parsed(found, titles, mistakes)


def parse_xlsx(workbook: Workbook, mistakes: list[Mistake]) -> Codebook:
    """Return the codebook of a workbook; a workbook with one sheet of another name holds codes only."""
    sheets = [(SHEETS[sheet.title.casefold()], sheet) for sheet in workbook.worksheets if sheet.title.casefold() in SHEETS]
    found: list[Line] = []
    code_titles: set[str] = set()
    for kind, sheet in sheets or [("code", workbook.worksheets[0])]:
        lines = [(row, [_cell(cell, mistakes) for cell in cells]) for row, cells in enumerate(sheet.iter_rows(), start=1)]
        titles, of_sheet = _titled(lines, kind, mistakes)
        found += of_sheet
        code_titles |= titles if kind == "code" else set()
    return _parsed(found, code_titles, mistakes)


def _cell(cell: Any, mistakes: list[Mistake]) -> str:
    value = cell.value
    if cell.data_type in {"f", "e"}:
        mistakes.append(Mistake(cell.row, "codebook.formula", {"cell": cell.coordinate}))
        return ""
    if isinstance(value, bool):
        return "ja" if value else "nee"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else _unescaped(str(value))


def _titled(lines: Sequence[tuple[int, list[str]]], kind: str, mistakes: list[Mistake]) -> tuple[set[str], list[Line]]:
    """Return the columns of a table and its rows by column; ``kind`` is what a row is when no column says so."""
    if not lines:
        return set(), []
    (first, header), *body = lines
    titles = [column(title) for title in header]
    for title in {title for title in titles if title and titles.count(title) > 1}:
        mistakes.append(Mistake(first, "codebook.key_twice", {"name": title, "other": first}))
    found: list[Line] = []
    for line, cells in body:
        filled = {title: cell for title, cell in zip(titles, cells, strict=False) if cell and title not in DERIVED}
        if any(cells[len(titles) :]):
            mistakes.append(Mistake(line, "codebook.too_many_cells", {"n": len(titles)}))
        if filled:
            found.append((line, filled.pop(SORT, kind).strip().casefold(), filled))
    return set(titles), found


def _parsed(found: Sequence[Line], titles: set[str], mistakes: list[Mistake]) -> Codebook:
    by_kind: dict[str, list[Raw]] = {kind: [] for kind in COLUMNS}
    for line, kind, cells in found:
        if kind not in by_kind:
            mistakes.append(Mistake(line, "codebook.unknown_sort", {"name": kind, "sorts": ", ".join(COLUMNS)}))
            continue
        by_kind[kind].append(Raw({name: value_of_cell(name, cell) for name, cell in cells.items()}, line, {}))
    if len(by_kind["codeboek"]) > 1:
        mistakes.append(Mistake(by_kind["codeboek"][1].line, "codebook.two_heads", {}))
    texts = {"rules": list(_texts(by_kind["regel"], mistakes)), "guide": list(_texts(by_kind["gespreksvraag"], mistakes))}
    head = by_kind["codeboek"][0] if by_kind["codeboek"] else Raw({}, 1, {})
    heads = entries(HeadEntry, [Raw({**head.values, **texts}, head.line, {})], mistakes)
    codes = entries(CodeEntry, by_kind["code"], mistakes)
    dimensions = entries(DimensionEntry, by_kind["dimensie"], mistakes)
    pairs = entries(PairEntry, by_kind["verwarpaar"], mistakes)
    if mistakes:
        return Codebook()
    lacks = frozenset(COLUMNS["code"]) - titles - {"guid", "id", "name", "position"}
    return assembled(Contents(heads[0], tuple(codes), (None,) * len(codes), tuple(dimensions), tuple(pairs), lacks), mistakes)


def _texts(raws: Iterable[Raw], mistakes: list[Mistake]) -> Iterator[str]:
    for raw in raws:
        for name in raw.values.keys() - {"text"}:
            mistakes.append(Mistake(raw.line, "codebook.unknown_key", {"name": name, "hint": say("codebook.known_keys", names="text")}))
        yield raw.values.get("text", "")
