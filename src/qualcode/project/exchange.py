"""The verbs at the border: codings in, tables and reports out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from qualcode.errors import Refused
from qualcode.labels import listed, say
from qualcode.model import Change
from qualcode.project.refi import EXCHANGE, TAGUETTE, Exported, export_exchange

if TYPE_CHECKING:
    from qualcode.project.study import Project
    from qualcode.report import Built


@dataclass(frozen=True, slots=True)
class ImportedCodings:
    """What an import of codings did: how many rows were placed, and each row that could not be, with the reason."""

    placed: int
    written: bool
    problems: pd.DataFrame

    def __str__(self) -> str:
        """Return the outcome as a sentence."""
        key = "imported_codings" if self.written else "refused_codings"
        return say(f"project.{key}", placed=self.placed, problems=int(self.problems["blocking"].sum()))


def import_codings(study: Project, source: str | Path | pd.DataFrame, *, partial: bool = False) -> ImportedCodings:
    """Bring in codings from a tidy table, one row a coding.

    Parameters
    ----------
    source
        CSV or XLSX, or a table, with the columns of :func:`qualcode.codings`; ``document`` and ``code`` and one of: ``start`` and ``end``,
        ``text`` (stands once in the document, or in the turns of ``speaker``), ``turn``. ``coder`` and ``layer`` when left out: you, ronde-1.
    partial
        Bring in the rows that can be placed even when others cannot. Otherwise one bad row keeps everything out.

    Returns
    -------
    ImportedCodings
        ``problems`` has one row a problem: row (line in the file), column, problem, blocking, sentence.
    """
    from qualcode.importers import place, read_codings

    frame = source if isinstance(source, pd.DataFrame) else read_codings(Path(source))
    placed = place(frame, study.snapshot(), study._codebook())
    rows, problems = placed.rows, placed.problems
    if len(rows) and (partial or not problems["blocking"].any()):
        with study.gesture():
            _keep(study, rows, Path(source).name if not isinstance(source, pd.DataFrame) else "")
        return ImportedCodings(len(rows), True, problems)
    return ImportedCodings(len(rows), False, problems)


def _keep(study: Project, rows: pd.DataFrame, source: str) -> None:
    coders = {name: study._coder_guid(name or None) for name in rows["coder"].fillna("").unique()}
    size = len(rows)
    now = study._store.clock()
    known = set(study._whole().codings["guid"])
    given = [guid if isinstance(guid, str) and guid else None for guid in rows["coding"]]
    guids = [guid or study._store.guids() for guid in given]
    again = sorted(set(guids) & known)
    if again:
        raise Refused("project.codings_again", n=len(again))
    study._commit(
        "import-codings",
        Change(
            "coding",
            guids,
            {
                "exists": [True] * size,
                "document": list(rows["document"]),
                "version": [int(v) for v in rows["version"]],
                "start": [int(v) for v in rows["start"]],
                "end": [int(v) for v in rows["end"]],
                "code": list(rows["code"]),
                "coder": [coders[name] for name in rows["coder"].fillna("")],
                "at": [at if isinstance(at, str) and at else now for at in rows["at"]],
                "layer": [layer if isinstance(layer, str) and layer else "ronde-1" for layer in rows["layer"]],
                "codebook": [study._codebook().fingerprint] * size,
                "memo": [memo if isinstance(memo, str) and memo else None for memo in rows["memo"]],
                "dimensions": list(rows["dimensions"]),
            },
        ),
        about={"source": source},
    )


def table(study: Project, name: str) -> pd.DataFrame:
    """Return a tidy table of the study as it would leave it; see :func:`qualcode.exports.table` for names and columns."""
    from qualcode.exports import table as tidy

    return tidy(study, name)


def export(
    study: Project,
    target: str | Path,
    *,
    table: str | None = None,
    excel: bool = False,
    nvivo: bool = False,
    progress: Callable[[str, int, int], None] | None = None,
) -> Path | Exported:
    """Write the study, or a table of it, to a file.

    Parameters
    ----------
    target
        ``.csv`` and ``.parquet``: one table, text verbatim; ``.xlsx``: every table a sheet, each cell typed as text or number so that
        nothing becomes a formula; ``.html``: the coded text. ``.qdpx`` and ``.qdc``: study or codebook for other programs (REFI-QDA 1.5);
        ``.taguette.csv``: the codebook as Taguette reads it.
    table
        For one table: ``codings`` (when left out), ``excerpts``, ``codebook``, ``documents``, ``turns``, ``participants``, ``memos``, or
        a register (``topic``, ``interaction`` …).
    excel
        Guard the CSV for opening in Excel: a quote before what Excel would take for a formula; import undoes it.
    nvivo
        Of a ``.qdpx``: as NVivo for Windows counts and keeps texts.
    progress
        Called with the table's name, its number and how many there are.

    Returns
    -------
    Path or Exported
        The file written; of an exchange file with its exchange report.

    Raises
    ------
    NotFound
        When there is no such table.
    Refused
        When there is no such kind of file, or a table is asked of one that holds the whole study.
    """
    from qualcode import exports

    target = Path(target)
    suffix = target.suffix.lower()
    if suffix in EXCHANGE or target.name.lower().endswith(TAGUETTE):
        if table is not None:
            raise Refused("exports.whole", file=target.name, known=listed([".csv", ".parquet"]))
        return export_exchange(study, target, nvivo=nvivo)
    flat: dict[str, Callable[[pd.DataFrame, Path], Path]] = {".csv": partial(exports.to_csv, excel=excel), ".parquet": exports.to_parquet}
    whole: dict[str, Callable[[], Path]] = {
        ".xlsx": lambda: exports.to_workbook(exports.tables(study), target, progress=progress),
        ".html": lambda: exports.to_page(study, target),
    }
    if suffix in flat:
        return flat[suffix](exports.table(study, table or "codings"), target)
    if suffix not in whole:
        raise Refused("exports.no_suffix", file=target.name, known=listed([*flat, *whole, *EXCHANGE]))
    if table is not None:
        raise Refused("exports.whole", file=target.name, known=listed(list(flat)))
    return whole[suffix]()


def report(study: Project, out: str | Path, **how: Any) -> Built:
    """Build the thematic report; see :func:`qualcode.report.build` for profile, formats and what is returned."""
    from qualcode.report import build

    return build(study, Path(out), **how)
