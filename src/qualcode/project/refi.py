"""The verbs of exchange: a project of another program in, in one transaction or not at all; the study out for other programs."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from qualcode import __version__
from qualcode.codebook import diff, importing
from qualcode.errors import Refused
from qualcode.labels import listed
from qualcode.model import DOCUMENT_KINDS
from qualcode.project.documents import IMPORT_COLUMNS
from qualcode.project.placing import Placing
from qualcode.refi import Report, book_bytes, book_of, found, is_exchange, project_bytes, report_of, report_of_written, tags_bytes
from qualcode.writing import whole_or_not

if TYPE_CHECKING:
    from qualcode.project.study import Project

EXCHANGE = (".qdpx", ".qdc")
TAGUETTE = ".taguette.csv"


@dataclass(frozen=True)
class Exchanged:
    """What an import of another program's project did.

    Parameters
    ----------
    report
        What the file held, what came along, what did not.
    documents
        One row a new document, as :meth:`Project.import_documents` returns them.
    codebook
        What changed in the codebook, as :func:`qualcode.codebook.diff`.
    written
        Whether it was written; not when it was only looked at.
    """

    report: Report
    documents: pd.DataFrame = field(repr=False)
    codebook: pd.DataFrame = field(repr=False)
    written: bool = True

    def __str__(self) -> str:
        """Return the exchange report as people read it."""
        return str(self.report)

    def as_json(self) -> dict[str, Any]:
        """Return report and documents as one JSON value."""
        return {"report": self.report.as_json(), "documents": self.documents.to_dict("records")}


@dataclass(frozen=True)
class Exported(os.PathLike[str]):
    """A file for other programs, with its exchange report."""

    path: Path
    report: Report

    def __fspath__(self) -> str:
        """Return where the file is."""
        return str(self.path)

    def __str__(self) -> str:
        """Return the exchange report as people read it."""
        return str(self.report)

    def as_json(self) -> dict[str, Any]:
        """Return report and file name as one JSON value."""
        return {"report": self.report.as_json(), "file": self.path.name}


def import_project(study: Project, source: str | Path, *, kind: str | None = None, dry_run: bool = False) -> Exchanged:
    """Bring in a project or codebook of another program, with an exchange report; all of it in one gesture, or nothing.

    Parameters
    ----------
    source
        A REFI-QDA project (``.qdpx``, ``.qde``) or codebook (``.qdc``) of any program; a project of Taguette (``.sqlite3``) or QualCoder
        (``.qda``, the folder or a zip of it); a table of codings (``.csv``, ``.xlsx``) with a document, words and codes, where ``a->b``
        is a path and ``x|y`` a list.
    kind
        What the documents are, as ``interview``; what the file says, else a guess from the speakers, when left out.
    dry_run
        Read and report, write nothing.

    Returns
    -------
    Exchanged
        With the ``report``. What the study has already (same guid) stays as it is, so importing a file twice changes nothing.

    Raises
    ------
    BadFile
        When the file is damaged or not what it should be; then nothing is changed.
    """
    path = Path(source)
    if kind is not None and kind not in DOCUMENT_KINDS:
        raise Refused("project.no_kind", kind=kind, known=listed(DOCUMENT_KINDS))
    there = study._whole()
    held = found(path, there)
    placing = Placing(study, there, held, path.name, kind)
    changes, texts, before = placing.changes(), placing.texts, study._codebook()
    if not dry_run and changes:
        study._commit("import-project", *changes, about={"source": path.name, "origin": held.origin}, texts=texts)
    after = placing.book if dry_run else study._codebook()
    documents = pd.DataFrame(placing.rows(), columns=IMPORT_COLUMNS)
    return Exchanged(report_of(held, placing.said), documents, diff(before, after), not dry_run)


def import_alone(study: Project, files: Sequence[Path], *, kind: str | None, dry_run: bool, others: Sequence[object]) -> Exchanged:
    """Import a project of another program that stands among files to import: by itself, because its report is about it alone.

    Raises
    ------
    Refused
        When there are other files, or options that the project itself answers.
    """
    if len(files) > 1:
        raise Refused("refi.alone", file=next(file for file in files if is_exchange(file)).name)
    if any(option is not None for option in others):
        raise Refused("refi.no_such_option", file=files[0].name)
    return import_project(study, files[0], kind=kind, dry_run=dry_run)


def export_exchange(study: Project, target: Path, *, nvivo: bool = False) -> Exported:
    """Write the study, or its codebook, for other programs; return the file with its exchange report.

    Parameters
    ----------
    target
        ``.qdpx``: the whole study; ``.qdc``: the codebook; ``.taguette.csv``: the codebook as Taguette reads it.
    nvivo
        As NVivo for Windows counts and keeps texts.
    """
    snapshot = study.snapshot()
    book = target.suffix.lower() != ".qdpx"
    if target.name.lower().endswith(TAGUETTE):
        written = tags_bytes(study._codebook())
    else:
        written = book_bytes(snapshot, __version__) if book else project_bytes(snapshot, __version__, nvivo=nvivo)
    whole_or_not(target, lambda path: path.write_bytes(written.data))
    return Exported(target, report_of_written(written, f"qualcode {__version__}", events=0 if book else snapshot.stamp.events))


def take_book(study: Project, source: Path) -> Exchanged:
    """Bring in a codebook file of the standard: new codes are added, known ones (same guid, else same id) take the new words."""
    before = study._codebook()
    held = found(source, study._whole())
    new = book_of(held.state)
    study._commit("codebook-import", *importing(before, new, study._store.guids), about={"version": new.version})
    empty = pd.DataFrame(columns=IMPORT_COLUMNS)
    return Exchanged(report_of(held), empty, diff(before, study._codebook()))
