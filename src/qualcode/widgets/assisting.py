"""What the coding desk looks up and works out for a person: searching the study, likely codes for words in hand. Plain values, no page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from qualcode.model import rows_of
from qualcode.project import Project

if TYPE_CHECKING:
    import pandas as pd

MOST = 300
"""So many places are listed; who looks for more asks a narrower question."""

_LONGEST = 160
_SHOWN = ("document", "turn", "speaker", "start", "end", "left", "hit", "right", "codes")


def hits(study: Project, text: str, document: str | None) -> dict[str, Any]:
    """Return the places a query points at, as rows of the list: ``rows``, how many there are in ``all``, in how many ``documents``.

    Parameters
    ----------
    study
        The project.
    text
        The query, as :meth:`Project.find` takes it.
    document
        Only this document (name).
    """
    frame = study.find(text, document=document)
    rows = [{name: row[name] for name in _SHOWN} for row in rows_of(frame.head(MOST))]
    for row in rows:
        row["speaker"] = row["speaker"] if isinstance(row["speaker"], str) else ""
        if len(row["hit"]) > _LONGEST:
            row["hit"] = row["hit"][:_LONGEST].rsplit(" ", 1)[0] + " …"
    return {"rows": rows, "all": len(frame), "documents": int(frame["document"].nunique())}


class Guesses:
    """Likely codes for words; what was learned is kept until a coding, the codebook or a text changes."""

    def __init__(self, study: Project) -> None:
        self._study = study
        self._from: tuple[pd.DataFrame, ...] = ()
        self._taught: Any = None

    def of(self, document: str, span: tuple[int, int]) -> dict[str, Any]:
        """Return the codes likely for words of a document: ``codes`` (rows), and ``notes`` a reader must know."""
        from qualcode.project.discovery import suggester
        from qualcode.project.likely import likely_codes

        tables = self._study.snapshot().tables
        here = (tables["coding"], tables["code"], tables["document"])
        if not self._from or any(a is not b for a, b in zip(here, self._from, strict=True)):
            self._taught, self._from = suggester(self._study), here
        frame = likely_codes(self._study, document, span, taught=self._taught)
        return {"start": span[0], "end": span[1], "codes": rows_of(frame), "notes": frame.attrs["notes"]}
