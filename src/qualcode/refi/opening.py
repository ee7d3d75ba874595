"""Which program a file comes from, and what is in it."""

from __future__ import annotations

import zipfile
from pathlib import Path

from qualcode.codebook import Codebook
from qualcode.errors import BadFile
from qualcode.model import HasSnapshot
from qualcode.refi.books import book_of
from qualcode.refi.exchange import Exchange, Found
from qualcode.refi.finding import found_in

PROJECTS = frozenset({".qdpx", ".qde", ".qdc"})
BOOKS = frozenset({".qdc"})
DATABASES = frozenset({".qda", ".taguette", ".sqlite3", ".sqlite", ".db"})


def is_exchange(path: Path) -> bool:
    """Tell whether a file is a project or codebook of another program, or a table of codings."""
    from qualcode.refi.qualcoder import DATABASE
    from qualcode.refi.tables import is_coded

    suffix = path.suffix.lower()
    if path.is_dir():
        return (path / DATABASE).is_file() or suffix == ".qda"
    if suffix == ".zip":
        return zipfile.is_zipfile(path) and _holds(path, DATABASE)
    return suffix in PROJECTS | DATABASES or (suffix in {".csv", ".xlsx"} and path.is_file() and is_coded(path))


def _holds(path: Path, name: str) -> bool:
    try:
        with zipfile.ZipFile(path) as archive:
            return any(held.lower().endswith(name) for held in archive.namelist())
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return False


def found(path: Path, study: HasSnapshot) -> Found:
    """Read a project, codebook or table of codings of another program.

    Parameters
    ----------
    path
        A .qdpx, .qde or .qdc; a project of QualCoder (folder, zip or database) or of Taguette; a .csv or .xlsx of codings.
    study
        The study that it is for: only tables of codings look at it, to find documents and codes by their names.

    Raises
    ------
    BadFile
        When it is none of these, or damaged.
    """
    return found_in(_exchange(path, study))


def _exchange(path: Path, study: HasSnapshot) -> Exchange:
    suffix = path.suffix.lower()
    if suffix in PROJECTS and not path.is_dir():
        from qualcode.refi.reading import read_exchange

        return read_exchange(path)
    if suffix in {".csv", ".xlsx"}:
        from qualcode.refi.tables import read_table

        return read_table(path, study)
    from qualcode.refi import qualcoder, taguette
    from qualcode.refi.databases import tables_of

    data = qualcoder.project_bytes_of(path)
    with tables_of(data, path.name) as tables:
        held = tables.names
    if held >= taguette.NEEDED:
        return taguette.read_taguette(data, path.name)
    if held >= qualcoder.NEEDED:
        return qualcoder.read_qualcoder(data, path.name)
    raise BadFile("refi.other_database", file=path.name)


def read_book(path: Path) -> Codebook:
    """Read a .qdc.

    Raises
    ------
    BadFile
        When it is no codebook of the standard, or damaged.
    """
    from qualcode.refi.reading import read_exchange

    return book_of(found_in(read_exchange(path)).state)
