"""Projects of other programs in and out, each with its exchange report."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from qualcode.cli.output import note, out, out_json, records
from qualcode.labels import say

if TYPE_CHECKING:
    from qualcode.project import Project


def is_among(sources: list[str]) -> bool:
    """Tell whether a project of another program is among the files to import."""
    from qualcode.project.documents import files_of
    from qualcode.refi import is_exchange

    return any(is_exchange(file) for file in files_of(sources))


def bring(study: Project, chosen: argparse.Namespace) -> int:
    """Import a project of another program and print what came of it."""
    from qualcode.project.documents import files_of
    from qualcode.project.refi import import_alone

    others = [chosen.name, chosen.documents, chosen.participants, chosen.tiers, chosen.turns]
    done = import_alone(study, files_of(chosen.sources), kind=chosen.kind, dry_run=chosen.dry_run, others=others)
    if chosen.json:
        out_json(done.as_json())
        return 0
    for row in done.documents.to_dict("records"):
        out(say("cli.imported", **{key: row[key] for key in ("document", "kind", "source", "characters", "turns")}))
        for warning in row["warnings"]:
            note(say("cli.doubt", document=row["document"], sentence=warning))
    out(str(done))
    if not done.written:
        out(say("refi.not_written"))
    return 0


def take_book(study: Project, chosen: argparse.Namespace) -> int:
    """Import a codebook, of qualcode or of another program."""
    from qualcode.project.refi import take_book as take
    from qualcode.refi import BOOKS

    if chosen.file.suffix.lower() in BOOKS:
        done = take(study, chosen.file)
        if chosen.json:
            out_json(done.as_json())
        else:
            out(str(done))
        return 0
    changed = study.codebook.take(chosen.file)
    if chosen.json:
        out_json(records(changed))
    else:
        out(say("cli.codebook_imported", n=changed["guid"].nunique()))
    return 0


def save_book(study: Project, chosen: argparse.Namespace) -> int:
    """Write the codebook to a file, of qualcode or for other programs."""
    from qualcode.refi import BOOKS

    made = study.export(chosen.file) if chosen.file.suffix.lower() in BOOKS else study.codebook.save(chosen.file)
    return exported(made, machine=False)


def exported(made: Any, *, machine: bool) -> int:
    """Print where a file is, and the exchange report of one for other programs."""
    from qualcode.project.refi import Exported

    if machine:
        out_json(made.as_json() if isinstance(made, Exported) else {"file": made.name})
        return 0
    if isinstance(made, Exported):
        out(str(made))
        made = made.path
    out(say("cli.written", file=str(made)))
    return 0
