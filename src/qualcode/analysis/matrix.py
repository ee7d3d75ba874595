"""The framework matrix: sessions by subthemes, each cell a person's summary with the fragments behind it."""

from __future__ import annotations

import pandas as pd

from qualcode.analysis import spreading, statuses
from qualcode.analysis.counter import section_of
from qualcode.analysis.counting import Counted, of_study
from qualcode.codebook import Level
from qualcode.model import HasSnapshot

MATRIX_COLUMNS = (
    "document",
    "kind",
    "code",
    "name",
    "text",
    "state",
    "words",
    "fragments",
    "working_number",
    "status",
    "raised",
    "open",
    "coder",
    "at",
    "guid",
)
EMPTY = "leeg"


def matrix(study: HasSnapshot, *, level: Level = "subtheme") -> pd.DataFrame:
    """Return the framework matrix, one row a cell, every session by every subtheme.

    Parameters
    ----------
    study
        A project or a snapshot.
    level
        What the columns are: ``subtheme`` or ``theme``.

    Returns
    -------
    pandas.DataFrame
        ``document``, ``kind``, ``code``, ``name``, ``text`` (the researcher's summary, at most 40 words; missing where none was written), ``state`` (``leeg``, ``concept``,
        ``gezien``, ``akkoord``), ``words``, ``fragments`` (list of references: those the writer chose, else all that are coded there), ``working_number``
        (codings there), ``status`` (of the group, see :func:`qualcode.analysis.status`), ``raised``, ``open`` (reviews of the cell that wait for a
        decision), ``coder``, ``at``, ``guid`` (of the cell; missing where empty).
    """
    from qualcode.analysis import origins

    base = of_study(study)
    cells = spreading.of_level(base, level).merge(
        statuses.of_base(base, level)[["code_guid", "document_guid", "status"]], on=["code_guid", "document_guid"]
    )
    written = base.snapshot.tables["cell"].drop_duplicates(["document", "code"], keep="last")
    written = written.rename(columns={"document": "document_guid", "code": "code_guid", "fragments": "chosen"})
    frame = cells.merge(written, on=["code_guid", "document_guid"], how="left")
    refs = _refs(base, origins.of_base(base))
    keys = zip(frame["document_guid"], frame["code_guid"], frame["chosen"], strict=True)
    frame["fragments"] = pd.Series(
        [c if isinstance(c, list) and c else refs.get((d, g), []) for d, g, c in keys], index=frame.index, dtype=object
    )
    frame["state"] = frame["state"].fillna(EMPTY)
    frame["words"] = frame["text"].fillna("").str.split().map(len)
    reviews = base.snapshot.tables["review"]
    waiting = reviews[(reviews["on"] == "cell") & (reviews["decision"].fillna("") == "")].groupby("target").size()
    frame["open"] = frame["guid"].map(waiting).fillna(0).astype("int64")
    frame["coder"] = frame["coder"].map(base.snapshot.tables["coder"].set_index("guid")["name"]).astype("str")
    return frame.assign(working_number=cells["fragments"].to_numpy())[list(MATRIX_COLUMNS)]


def _refs(base: Counted, segments: pd.DataFrame) -> dict[tuple[str, str], list[str]]:
    """Return the references of the coded segments of each cell."""
    section = {code.guid: section_of(base.book, code.guid) for code in base.book.codes}
    held: dict[tuple[str, str], list[str]] = {}
    for document, ref, codes in zip(segments["document_guid"], segments["ref"], segments["code_guids"], strict=True):
        for guid in dict.fromkeys(up for code in codes for up in (section[code], base.book.theme_of(code))):
            held.setdefault((document, guid), []).append(ref)
    return held


def wide(frame: pd.DataFrame, what: str = "text") -> pd.DataFrame:
    """Return the matrix as people read it: sessions down, subthemes across."""
    return frame.pivot_table(index="document", columns="code", values=what, aggfunc="first", observed=False).reindex(
        index=list(dict.fromkeys(frame["document"])), columns=list(dict.fromkeys(frame["code"]))
    )
