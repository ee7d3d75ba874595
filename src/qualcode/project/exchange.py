"""The verbs at the border: codings in, tables and reports out, copies of the study together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from qualcode.errors import Refused
from qualcode.labels import listed, say
from qualcode.model import Change
from qualcode.writing import whole_or_not

if TYPE_CHECKING:
    from qualcode.project.study import Project
    from qualcode.report import Built
    from qualcode.store import Merged

_TIMELESS = datetime(1980, 1, 1, tzinfo=UTC)  # the same study gives the same bytes
_LONGEST_CELL = 32_767  # what Excel keeps in a cell


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
    known = set(study.snapshot().codings["guid"])
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


def _frames(study: Project) -> dict[str, pd.DataFrame]:
    """Return every table that leaves the study, tidy, with names in place of guids."""
    from qualcode.analysis import codings

    now = study.snapshot()
    documents = {guid: name for name, guid in now.document_names.items()}
    coders = dict(zip(now.coders["guid"], now.coders["name"], strict=True))
    codes = {code.guid: code.id for code in study._codebook().codes}
    people = now.participants
    attributes = pd.json_normalize([row or {} for row in people["attributes"]]) if len(people) else pd.DataFrame()
    frames = {
        "codings": codings(study),
        "codebook": study._codebook().table(),
        "documents": now.documents[["name", "kind", "source", "format", "version"]].assign(
            turns=[len(t["start"]) for t in now.documents["turns"]]
        ),
        "participants": pd.concat([people[["name"]].reset_index(drop=True), attributes], axis=1),
        "memos": now.memos[["on", "target", "document", "start", "end", "text", "coder", "at"]],
        "topics": now.topics[["document", "topic", "raised", "note", "coder", "at"]],
        "interactions": now.interactions[["document", "start", "end", "interaction", "code", "coder", "layer", "at"]],
    }
    for frame in frames.values():
        for column, names in (("document", documents), ("coder", coders), ("code", codes), ("topic", codes)):
            if column in frame and frame is not frames["codings"] and frame is not frames["codebook"]:
                frame[column] = frame[column].map(names)
    return frames


def export(study: Project, target: str | Path, *, excel: bool = False, progress: Callable[[str, int, int], None] | None = None) -> Path:
    """Write the study's tables to a file.

    Parameters
    ----------
    target
        ``.csv``: the tidy codings, text verbatim; ``.xlsx``: codings, codebook, documents, participants, memos, topics, interactions,
        one sheet each, every cell typed as text or number so that nothing becomes a formula.
    excel
        Guard the CSV for opening in Excel: a quote before what Excel would take for a formula; import undoes it.
    progress
        Called with the table's name, its number and how many there are.

    Returns
    -------
    Path
        The file written.
    """
    target = Path(target)
    if target.suffix.lower() not in {".csv", ".xlsx"}:
        raise Refused("project.no_format", file=target.name, known=listed([".csv", ".xlsx"]))
    frames = _frames(study)
    if target.suffix.lower() == ".xlsx":
        return whole_or_not(target, partial(_write_workbook, frames, progress=progress))
    codings = _guarded(frames["codings"]) if excel else frames["codings"]
    encoding = "utf-8-sig" if excel else "utf-8"  # Excel takes a file without a mark for another encoding
    return whole_or_not(target, partial(codings.to_csv, index=False, lineterminator="\n", encoding=encoding))


def _guarded(frame: pd.DataFrame) -> pd.DataFrame:
    guarded = frame.copy()
    for name in frame.select_dtypes(["object", "string"]):
        words = frame[name].astype("str")
        guarded[name] = frame[name].where(~words.str.match(r"[=+\-@\t\r']"), "'" + words)
    return guarded


def _write_workbook(frames: dict[str, pd.DataFrame], path: Path, *, progress: Callable[[str, int, int], None] | None) -> None:
    """Write one sheet a table; words stay words, also those that begin as a formula does."""
    from xlsxwriter import Workbook
    from xlsxwriter.exceptions import FileCreateError

    try:
        with Workbook(str(path), {"constant_memory": True}) as book:
            book.set_properties({"author": "qualcode", "created": _TIMELESS})
            bold = book.add_format({"bold": True})
            for number, (name, frame) in enumerate(frames.items(), 1):
                if progress:
                    progress(name, number, len(frames))
                sheet = book.add_worksheet(say(f"project.sheet_{name}"))
                sheet.freeze_panes(1, 0)
                for column, head in enumerate(frame.columns):
                    sheet.write_string(0, column, str(head), bold)
                rows = frame.astype(object).where(frame.notna(), None).itertuples(index=False, name=None)
                for row, values in enumerate(rows, 1):
                    _write_row(sheet, row, values)
    except FileCreateError as error:
        raise error.args[0] from error  # what the disk said


def _write_row(sheet: Any, row: int, values: tuple[Any, ...]) -> None:
    for column, value in enumerate(values):
        words = "|".join(map(str, value)) if isinstance(value, list | tuple) else value
        if isinstance(words, str):
            if len(words) > _LONGEST_CELL:
                raise Refused("project.cell_too_long", sheet=sheet.name, row=row + 1, most=_LONGEST_CELL)
            sheet.write_string(row, column, words)
        elif words is not None:
            sheet.write_number(row, column, words)


def report(study: Project, out: str | Path, **how: Any) -> Built:
    """Build the thematic report; see :func:`qualcode.report.build` for profile, formats and what is returned."""
    from qualcode.report import build

    return build(study, Path(out), **how)


def merge(study: Project, other: str | Path, *, dry_run: bool = False) -> Merged:
    """Bring in everything that another copy of this study holds and this one lacks: loss-free, in any order, as often as you like.

    Parameters
    ----------
    other
        The other copy.
    dry_run
        Tell what would come in, write nothing.
    """
    from qualcode.store import Store
    from qualcode.store import merge as union

    there = Store.open(other)
    try:
        done = union(study._store, there, dry_run=dry_run)
    finally:
        there.close()
    study._reload()
    return done
