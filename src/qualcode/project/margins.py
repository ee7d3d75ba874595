"""The verbs of the margin: the coded text to Word for who reads there, and their remarks back as reviews."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from qualcode.labels import say
from qualcode.model import Change, rows_of

if TYPE_CHECKING:
    from qualcode.project.study import Project


@dataclass(frozen=True)
class TakenMargins:
    """What came out of a Word file: how many remarks were new, how many were there already, and all of them as a table."""

    document: str
    taken: int
    again: int
    remarks: pd.DataFrame

    def __str__(self) -> str:
        """Return the outcome as a sentence."""
        return say("margins.taken", n=self.taken, document=self.document, again=self.again)


def write_margins(study: Project, document: str, path: str | Path, *, layer: str | None = None) -> Path:
    """Write a document with its codes and memos as comments; see :func:`qualcode.margins.write`."""
    from qualcode.margins import write

    return write(study, document, path, layer=layer)


def take_margins(study: Project, path: str | Path) -> TakenMargins:
    """Read what was written in the margin of such a file, as reviews signed by who wrote them; a second time brings nothing new.

    Parameters
    ----------
    path
        The .docx that came back.

    Returns
    -------
    TakenMargins
        ``remarks`` has one row a remark; see :func:`qualcode.margins.read`.

    Raises
    ------
    BadFile
        When it is no such file; then nothing is taken.
    """
    from qualcode.margins import read

    remarks = read(study, path)
    name = str(remarks["document"].iloc[0]) if len(remarks) else Path(path).stem
    with study.gesture():
        new = _new(study, remarks)
        if new:
            guids = [study._store.guids() for _ in new]
            columns = list(dict.fromkeys(key for row in new for key in row))
            after: dict[str, list[Any]] = {"exists": [True] * len(new), **{key: [row.get(key) for row in new] for key in columns}}
            study._commit("margins", Change("review", guids, after), about={"document": name, "source": Path(path).name})
    return TakenMargins(name, len(new), len(remarks) - len(new), remarks)


def _new(study: Project, remarks: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the remarks that are not in the study yet, as reviews."""
    now = study.snapshot()
    codings = set(now.codings["guid"])
    coders = dict(zip(now.coders["guid"], now.coders["name"], strict=True))
    known = {(coders.get(row["coder"]), row["at"], row["target"], row["text"]) for row in rows_of(now.reviews)}
    made = []
    for row in rows_of(remarks):
        document = study._document(row["document"])
        coding = row["coding"] if row["coding"] in codings else None
        facts = {"on": "coding" if coding else "document", "target": coding or document, "verdict": row["verdict"], "text": row["text"]}
        if (row["author"], row["at"], facts["target"], row["text"]) in known:
            continue
        if not pd.isna(row["start"]) and row["end"] > row["start"]:
            version = int(now.document_row(document)["version"])
            facts |= {"document": document, "version": version, "start": int(row["start"]), "end": int(row["end"])}
        if isinstance(row["code"], str):
            facts["code"] = study._codebook().find(row["code"]).guid
        closed = say("margins.closed") if row["done"] else "accept" if row["verdict"] == "accept" else ""
        made.append({**facts, "decision": closed, "coder": study._coder_guid(row["author"]), "at": row["at"]})
    return made
