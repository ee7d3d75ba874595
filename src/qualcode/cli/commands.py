"""What each command does: call one verb, say what came of it."""

from __future__ import annotations

import argparse
import getpass
import os
import shutil
from pathlib import Path
from typing import Any

from qualcode.cli import exchange
from qualcode.cli.output import note, out, out_json, progress, records, table
from qualcode.labels import say

Chosen = argparse.Namespace


def _open(chosen: Chosen, *, writes: bool = False) -> Any:
    from qualcode.project import Project

    study = Project.open(chosen.study, coder=getattr(chosen, "coder", None))
    if writes and not chosen.coder and not os.environ.get("QUALCODE_CODER"):
        note(say("cli.signed_by", coder=study.coder))
    return study


def demo(chosen: Chosen) -> int:
    """Make the sample study; run the whole job or open JupyterLab on it."""
    from qualcode.project import Project
    from qualcode.sample import lay_out, make_sample

    folder: Path = chosen.folder
    address = lay_out(folder)
    if not address.exists():
        with progress() as bar:
            make_sample(address, source=folder / "data" / "sample", progress=bar).close()
    out(say("cli.demo_made", study=str(address)))
    if not chosen.whole:
        return _lab(folder, folder / "notebooks" / "00-start.ipynb", browser=not chosen.no_browser)
    texts = folder / "rapport" / "teksten"
    for text in sorted((folder / "data" / "sample" / "teksten").glob("*.md")):
        texts.mkdir(parents=True, exist_ok=True)
        if not (texts / text.name).exists():
            shutil.copyfile(text, texts / text.name)
    with Project.open(address) as study:
        return _report(study, folder / "rapport", "onderzoeker", ("docx", "odt", "html", "pdf", "md"))


def new(chosen: Chosen) -> int:
    """Make a new study."""
    from qualcode.project import Project

    coder = chosen.coder or os.environ.get("QUALCODE_CODER") or getpass.getuser()
    if not chosen.coder and not os.environ.get("QUALCODE_CODER"):
        note(say("cli.signed_by", coder=coder))
    with Project.create(chosen.study, coder=coder, codebook=chosen.codebook) as study:
        out(say("cli.new_made", study=chosen.study, codes=len(study.snapshot().codes)))
    return 0


def bring(chosen: Chosen) -> int:
    """Import documents, or show what would be imported."""
    with _open(chosen, writes=not chosen.dry_run) as study, progress() as bar:
        if exchange.is_among(chosen.sources):
            return exchange.bring(study, chosen)
        frame = study.import_documents(
            chosen.sources,
            name=chosen.name,
            kind=chosen.kind,
            documents=chosen.documents,
            participants=chosen.participants,
            tiers=chosen.tiers,
            turns=chosen.turns,
            dry_run=chosen.dry_run,
            progress=bar,
        )
    rows = frame.to_dict("records")
    if chosen.json:
        out_json(rows)
        return 0
    for row in rows:
        out(say("cli.imported", **{key: row[key] for key in ("document", "kind", "source", "characters", "turns")}))
        for speaker in row["speakers"]:
            out(say("cli.imported_speaker", **speaker))
        for warning in row["warnings"]:
            note(say("cli.doubt", document=row["document"], sentence=warning))
    out(say("cli.imported_dry" if chosen.dry_run else "cli.imported_all", n=len(rows)))
    return 0


def record(chosen: Chosen) -> int:
    """Register topics, interactions and the like from a file."""
    with _open(chosen, writes=True) as study:
        out(say("cli.recorded", n=study.record(chosen.kind, chosen.file), kind=chosen.kind))
    return 0


def codebook_check(chosen: Chosen) -> int:
    """Read a codebook file and name its problems."""
    from qualcode.project.codebooks import read_book

    book = read_book(chosen.file)
    problems = book.check()
    for sentence in problems["sentence"]:
        out(sentence)
    out(repr(book) if problems.empty else say("cli.codebook_problems", n=len(problems)))
    return 0 if problems.empty else 1


def codebook_show(chosen: Chosen) -> int:
    """Show the codebook as a tree."""
    with _open(chosen) as study:
        book = study.codebook.book
        out(repr(book))
        for code in book.codes:
            out(f"{'  ' * len(book.ancestors(code.guid))}{code.id}  {code.name}" + (f"  ({say('cli.retired')})" if code.retired else ""))
    return 0


def codebook_import(chosen: Chosen) -> int:
    """Bring a codebook into a study."""
    with _open(chosen, writes=True) as study:
        return exchange.take_book(study, chosen)


def codebook_export(chosen: Chosen) -> int:
    """Write the study's codebook to a file."""
    with _open(chosen) as study:
        return exchange.save_book(study, chosen)


def codings_import(chosen: Chosen) -> int:
    """Bring codings into a study."""
    with _open(chosen, writes=True) as study:
        done = study.import_codings(chosen.file, partial=chosen.partial)
    if chosen.json:
        out_json({"placed": done.placed, "written": done.written, "problems": records(done.problems)})
    else:
        for problem in done.problems.to_dict("records"):
            note(say("cli.row", row=problem["row"], sentence=problem["sentence"]))
        (out if done.written else note)(str(done))
    return 0 if done.written else 1


def codings_export(chosen: Chosen) -> int:
    """Write the study's codings to a file."""
    with _open(chosen) as study:
        out(say("cli.written", file=str(study.export(chosen.file, excel=chosen.excel))))
    return 0


def export(chosen: Chosen) -> int:
    """Write the study's tables to a file."""
    with _open(chosen) as study, progress() as bar:
        made = study.export(chosen.target, table=chosen.table, excel=chosen.excel, nvivo=chosen.nvivo, progress=bar)
    return exchange.exported(made, machine=chosen.json)


def report(chosen: Chosen) -> int:
    """Build the report."""
    with _open(chosen) as study:
        return _report(study, chosen.out, chosen.profile, chosen.format, definitive=chosen.final)


def _report(study: Any, folder: Path, profile: str, formats: tuple[str, ...], *, definitive: bool = False) -> int:
    with progress() as bar:
        built = study.report(folder, profile=profile, formats=formats, definitive=definitive, progress=bar)
    for warning in built.warnings:
        note(str(warning))
    for path in built.paths:
        out(say("cli.written", file=str(path)))
    return 0


def trace(chosen: Chosen) -> int:
    """Take a reference of a report back to fragments, coder, date and codebook version."""
    from qualcode.analysis import trace as found

    with _open(chosen) as study:
        frame = found(study, chosen.reference)
    if chosen.json:
        out_json(records(frame))
        return 0
    heads = ["document", "turn", "code", "coder", "layer", "at", "codebook", "text"]
    table(records(frame), {name: say(f"cli.trace_{name}") for name in heads})
    return 0


def history(chosen: Chosen) -> int:
    """Show everything that was done."""
    with _open(chosen) as study:
        frame = study.history()
    if chosen.json:
        out_json(records(frame))
        return 0
    for row in frame.to_dict("records"):
        out(f"{row['at'][:19].replace('T', ' ')}  {row['coder']}  {row['what']}" + (f"  [{say('cli.undone')}]" if row["undone"] else ""))
    return 0


def undo(chosen: Chosen) -> int:
    """Take back the last gesture of this coder."""
    with _open(chosen, writes=True) as study:
        return _said(study.undo())


def redo(chosen: Chosen) -> int:
    """Do again what the last undo took back."""
    with _open(chosen, writes=True) as study:
        return _said(study.redo())


def _said(done: Any) -> int:
    if done is None:
        note(say("project.nothing_to_undo"))
        return 1
    out(str(done))
    return 0


def doctor(chosen: Chosen) -> int:
    """Examine a study and mend what can be mended."""
    from qualcode.project import Project

    with Project.open(chosen.study, upgrade=chosen.migrate) as study:
        findings = study.doctor(rebuild=chosen.rebuild)
    if chosen.json:
        out_json([{"check": f.check, "sound": f.sound, "repaired": f.repaired, "sentence": str(f)} for f in findings])
    else:
        for finding in findings:
            out(str(finding))
    return 0 if all(f.sound or f.repaired for f in findings) else 1


def lab(chosen: Chosen) -> int:
    """Open JupyterLab in the study's folder."""
    from qualcode.store import Store

    folder = Path.cwd()
    if chosen.study:
        Store.open(chosen.study).close()
        folder = Path(chosen.study).resolve().parent
    start = folder / "notebooks" / "00-start.ipynb"
    return _lab(folder, start if start.exists() else None, browser=not chosen.no_browser)


def _lab(folder: Path, notebook: Path | None, *, browser: bool) -> int:
    from qualcode.widgets.lab import open_lab

    return open_lab(folder, notebook=notebook, browser=browser, tell=lambda address: out(say("cli.lab_at", address=address)))
