"""Tidy codings from a file: one row a coding. Reads what the file says; where it belongs is for ``place``."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from qualcode.errors import BadFile
from qualcode.importers._grid import Grid, without_guard
from qualcode.importers._registers import frame_of, grids_of, no_columns

TIDY = ("coding", "document", "kind", "start", "end", "text", "speaker", "code", "code_path", "coder", "layer", "at", "memo")
_SYNONYMS = {
    "coding": ("coding", "codering"),
    "document": ("document", "sessie", "transcript", "bestand"),
    "kind": ("kind", "soort"),
    "start": ("start", "begin"),
    "end": ("end", "einde", "eind"),
    "text": ("text", "tekst", "fragment", "citaat"),
    "speaker": ("speaker", "spreker", "deelnemer"),
    "turn": ("turn", "spreekbeurt", "beurt"),
    "code": ("code",),
    "code_path": ("code_path", "codepad"),
    "coder": ("coder", "codeur"),
    "layer": ("layer", "laag", "codeerronde"),
    "at": ("at", "moment", "datum"),
    "memo": ("memo", "notitie"),
}
_NUMBERS = ("start", "end", "turn")
_TRIMMED = ("coding", "document", "speaker", "code", "code_path", "coder", "layer", "at")


def read_codings(path: Path) -> pd.DataFrame:
    """Read tidy codings: which words of which document have which code.

    Parameters
    ----------
    path
        A csv or xlsx file with the columns of ``qualcode codings export``, or fewer: ``document``, ``code`` (or ``code_path``), and
        a place: ``start`` and ``end``, or ``text``, or ``turn``. Quotes that protected cells against Excel are taken off.

    Returns
    -------
    DataFrame
        The tidy columns (``start``, ``end`` and ``turn`` as whole numbers, missing where empty; all else text, ``""`` where empty),
        then one column a dimension. The index is the line of each row in the file.

    Raises
    ------
    BadFile
        When the file has no column for the document or the code, or a place that is no whole number.
    """
    path = Path(path)
    grids = grids_of(path)
    if path.suffix.lower() == ".csv":
        grids = [Grid(without_guard(grids[0].rows), grids[0].lines)]
    frames = [frame_of(grid, _SYNONYMS) for grid in grids]
    frame = next((f for f in frames if "document" in f and ("code" in f or "code_path" in f)), None)
    if frame is None:
        raise no_columns(path, frames[0], ("document", "code"))
    for column in (*TIDY, "turn"):
        if column not in frame:
            frame[column] = pd.Series("", index=frame.index, dtype="str")
    for column in _TRIMMED:
        frame[column] = frame[column].str.strip()
    for column in _NUMBERS:
        frame[column] = _whole(frame[column], column, path)
    return frame[[*TIDY, "turn", *(column for column in frame if column not in TIDY and column != "turn")]]


def _whole(column: pd.Series[str], name: str, path: Path) -> pd.Series[int]:
    plain = column.str.strip().str.replace(r"\.0+$", "", regex=True)
    wrong = plain[(plain != "") & ~plain.str.fullmatch(r"\d{1,12}")]
    if len(wrong):
        raise BadFile("importers.no_number", file=path.name, line=wrong.index[0], column=name)
    return pd.to_numeric(plain.where(plain != ""), errors="coerce").astype("Int64")
