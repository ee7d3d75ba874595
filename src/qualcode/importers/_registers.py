"""Registers beside the transcripts: who the participants are, what the documents are. Knows files, not the study."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from qualcode.errors import BadFile
from qualcode.importers._files import content_of
from qualcode.importers._grid import Grid, csv_grid, xlsx_grids
from qualcode.importers._reading import role_of
from qualcode.importers._text import tidy
from qualcode.labels import listed, say
from qualcode.model import DOCUMENT_KINDS, ROLES

_HEADER = 24
TABLE_SUFFIXES = (".csv", ".xlsx")
_PARTICIPANTS = {
    "document": ("document", "bestand", "sessie", "session", "transcript"),
    "label": ("label", "spreker", "speaker"),
    "participant": ("participant", "deelnemer", "pseudoniem", "pseudonym", "naam", "name"),
    "role": ("role", "rol"),
}
_DOCUMENTS = {
    "file": ("file", "bestand", "bestandsnaam"),
    "name": ("name", "naam", "document"),
    "kind": ("kind", "soort", "type"),
}
_ROLE_WORDS = {role: role for role in ROLES} | {
    "participant": "deelnemer",
    "respondent": "deelnemer",
    "note-taker": "notulist",
    "notetaker": "notulist",
    "gespreksleider": "moderator",
    "interviewer": "moderator",
    "facilitator": "moderator",
}
_KIND_WORDS = {kind: kind for kind in DOCUMENT_KINDS} | {
    "focus group": "focusgroep",
    "focusgroup": "focusgroep",
    "note": "notitie",
    "notes": "notitie",
    "open answers": "open_antwoorden",
    "open antwoorden": "open_antwoorden",
}


def column_name(cell: str) -> str:
    """Return a header as columns are named: ``"Soort organisatie "`` is ``soort_organisatie``."""
    return "_".join(tidy(cell).strip().lower().split())


def frame_of(grid: Grid, synonyms: Mapping[str, tuple[str, ...]]) -> pd.DataFrame:
    """Return a grid as a table of text, its index the line of each row in the file.

    Parameters
    ----------
    grid
        Rows of cells; the first is the header.
    synonyms
        For each column the headers it may have, the preferred one first.
    """
    header = [column_name(cell) for cell in grid.rows[0]]
    chosen = {
        next(name for name in names if name in header): column
        for column, names in synonyms.items()
        if any(name in header for name in names)
    }
    columns: dict[str, list[str]] = {}
    for i, name in enumerate(header):
        column = chosen.get(name, name)
        if column and column not in columns:
            columns[column] = [row[i] if i < len(row) else "" for row in grid.rows[1:]]
    return pd.DataFrame(columns, index=pd.Index(grid.lines[1:], name="line"), dtype="str")


def grids_of(path: Path) -> list[Grid]:
    """Return the tables of a csv or xlsx file.

    Raises
    ------
    BadFile
        When it cannot be read as a table.
    """
    data = content_of(path, TABLE_SUFFIXES)
    return [csv_grid(data, path.name)[0]] if path.suffix.lower() == ".csv" else xlsx_grids(data, path.name)


def _chosen(path: Path, synonyms: Mapping[str, tuple[str, ...]], needed: tuple[str, ...]) -> pd.DataFrame:
    """Return the first table that has the columns it needs."""
    path = Path(path)
    frames = [frame_of(grid, synonyms) for grid in grids_of(path)]
    for frame in frames:
        if all(column in frame for column in needed):
            return pd.DataFrame({column: frame[column].str.strip() for column in frame})
    raise no_columns(path, frames[0], needed)


def no_columns(path: Path, frame: pd.DataFrame, needed: tuple[str, ...]) -> BadFile:
    """Return the error that names what a table lacks and what it has; only what looks like a header is named."""
    lacking = [column for column in needed if column not in frame]
    there = [column for column in map(str, frame.columns) if len(column) <= _HEADER]
    return BadFile("importers.no_columns", file=path.name, lacking=listed(lacking), columns=listed(there) or say("words.nothing"))


def table(path: Path) -> pd.DataFrame:
    """Read a csv or xlsx file as a table of text; the columns are the headers in small letters, empty cells are ``""``.

    Raises
    ------
    BadFile
        When the file cannot be read as a table.
    """
    return _chosen(path, {}, ()).reset_index(drop=True)


def _translated(frame: pd.DataFrame, column: str, *, words: Mapping[str, str], path: Path, allowed: tuple[str, ...]) -> pd.Series[Any]:
    plain = frame[column].str.lower()
    strange = plain[(plain != "") & ~plain.isin(words)]
    if len(strange):
        raise BadFile(
            "importers.bad_word", file=path.name, line=strange.index[0], column=column, value=strange.iloc[0], known=listed(allowed)
        )
    return plain.map({**words, "": ""}).astype("str")


def participants(path: Path) -> pd.DataFrame:
    """Read who is behind which label in which document.

    Parameters
    ----------
    path
        A csv or xlsx file with the columns document, label (or spreker), deelnemer, rol, and any attributes.

    Returns
    -------
    DataFrame
        ``document``, ``label``, ``participant`` (``FG1-P3`` from document and label where the file names none), ``role`` (a guess
        from the label where the file does not say), then the attributes as in the file; empty cells are ``""``.

    Raises
    ------
    BadFile
        When a column is missing, a row has no document or label, or a role is unknown.
    """
    path = Path(path)
    frame = _chosen(path, _PARTICIPANTS, ("document", "label"))
    for column in ("document", "label"):
        if (frame[column] == "").any():
            raise BadFile("importers.empty_cell", file=path.name, line=frame.index[frame[column] == ""][0], column=column)
    blank = pd.Series("", index=frame.index, dtype="str")
    named = frame.get("participant", blank)
    frame["participant"] = named.where(named != "", frame["document"] + "-" + frame["label"])
    frame["role"] = _translated(frame.assign(role=frame.get("role", blank)), "role", words=_ROLE_WORDS, path=path, allowed=ROLES)
    frame["role"] = frame["role"].where(frame["role"] != "", frame["label"].map(role_of).astype("str"))
    first = ["document", "label", "participant", "role"]
    return frame[[*first, *(column for column in frame if column not in first)]].reset_index(drop=True)


def documents(path: Path) -> pd.DataFrame:
    """Read what the documents are called and are.

    Parameters
    ----------
    path
        A csv or xlsx file with the columns bestand, naam, soort, and any attributes.

    Returns
    -------
    DataFrame
        ``file`` as in the register, ``name`` (the stem of the file where the register names none), ``kind`` (``""`` where it does not
        say), then the attributes; empty cells are ``""``.

    Raises
    ------
    BadFile
        When a column is missing, a file is named twice or not at all, or a kind is unknown.
    """
    path = Path(path)
    frame = _chosen(path, _DOCUMENTS, ("file",))
    if (frame["file"] == "").any():
        raise BadFile("importers.empty_cell", file=path.name, line=frame.index[frame["file"] == ""][0], column="file")
    twice = frame["file"].duplicated()
    if twice.any():
        raise BadFile("importers.twice", file=path.name, line=frame.index[twice][0], value=frame.loc[twice, "file"].iloc[0])
    blank = pd.Series("", index=frame.index, dtype="str")
    named = frame.get("name", blank)
    frame["name"] = named.where(named != "", frame["file"].map(lambda file: Path(file).stem).astype("str"))
    frame["kind"] = _translated(frame.assign(kind=frame.get("kind", blank)), "kind", words=_KIND_WORDS, path=path, allowed=DOCUMENT_KINDS)
    first = ["file", "name", "kind"]
    return frame[[*first, *(column for column in frame if column not in first)]].reset_index(drop=True)
