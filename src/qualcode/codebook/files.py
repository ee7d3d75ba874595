"""Codebook files: .yaml, .csv and .xlsx, read and written without loss.

- **YAML**: the tree is nested under ``codes``; ``dimensions``, ``confusable``, ``rules`` and ``guide`` stand beside it.
- **CSV**: one table. The column ``soort`` says what a row is: ``codeboek``, ``code``, ``dimensie``, ``verwarpaar``, ``regel``
  or ``gespreksvraag``; without that column every row is a code. Lists stand one item a line inside the cell.
- **XLSX**: one sheet a kind: codes, dimensies, verwarparen, regels, gespreksleidraad, codeboek. All cells are text.
"""

from __future__ import annotations

import io
import warnings
from pathlib import Path
from typing import TYPE_CHECKING
from zipfile import BadZipFile

from qualcode.codebook.book import Codebook
from qualcode.errors import BadCodebook

if TYPE_CHECKING:
    from openpyxl import Workbook

SUFFIXES = (".yaml", ".yml", ".csv", ".xlsx")


def read(path: Path | str) -> Codebook:
    """Read a codebook file.

    Codes without a guid keep an empty one until they enter a study; other codes refer to them by id.

    Parameters
    ----------
    path
        A ``.yaml``, ``.yml``, ``.csv`` or ``.xlsx`` file.

    Raises
    ------
    BadCodebook
        When the file cannot be read or holds mistakes; the message names the file, and the line of every mistake.
    """
    from qualcode.codebook import table_form, yaml_form
    from qualcode.codebook.entries import Mistake, refusal

    path = Path(path)
    suffix = _known_suffix(path)
    held = _bytes(path)
    mistakes: list[Mistake] = []
    if suffix == ".xlsx":
        book = table_form.parse_xlsx(_workbook(path, held), mistakes)
    elif suffix == ".csv":
        book = table_form.parse_csv(_text_of_table(path, held), mistakes)
    else:
        book = yaml_form.parse(_text(path, held), mistakes)
    if mistakes:
        raise refusal(path, mistakes)
    return book


def write(book: Codebook, path: Path | str) -> None:
    """Write a codebook to a file that :func:`read` reads back without loss.

    A parent that is not in the codebook is left out; what ``check()`` names is written as it is.

    Parameters
    ----------
    book
        The codebook.
    path
        A ``.yaml``, ``.yml``, ``.csv`` or ``.xlsx`` file; overwritten if it is there.

    Raises
    ------
    BadCodebook
        When the name has another ending, or the file cannot be written there.
    """
    from qualcode.codebook import table_form, yaml_form

    path = Path(path)
    suffix = _known_suffix(path)
    form = {".csv": table_form.write_csv, ".xlsx": table_form.write_xlsx}.get(suffix, yaml_form.write)
    held = form(book)
    try:
        path.write_bytes(held)
    except OSError:
        raise BadCodebook("codebook.not_writable", file=str(path)) from None


def _known_suffix(path: Path) -> str:
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        raise BadCodebook("codebook.suffix", file=path.name, suffixes=", ".join(SUFFIXES))
    return suffix


def _bytes(path: Path) -> bytes:
    try:
        held = path.read_bytes()
    except OSError:
        raise BadCodebook("codebook.no_file", file=str(path)) from None
    if not held.strip():
        raise BadCodebook("codebook.empty", file=path.name)
    return held


def _text(path: Path, held: bytes) -> str:
    try:
        return held.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadCodebook("codebook.not_utf8", file=path.name, line=held.count(b"\n", 0, error.start) + 1) from None


def _text_of_table(path: Path, held: bytes) -> str:
    # what Dutch Excel saves as "CSV" is in the code page of Windows
    try:
        return held.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            return held.decode("cp1252")
        except UnicodeDecodeError:
            return _text(path, held)


def _workbook(path: Path, held: bytes) -> Workbook:
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        # openpyxl warns of styles and drop-down lists, which are no part of a codebook
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return load_workbook(io.BytesIO(held))
    except (BadZipFile, InvalidFileException, KeyError, ValueError):
        raise BadCodebook("codebook.not_xlsx", file=path.name) from None
